package dev.raya.cli.pm.kit;

import dev.raya.cache.archive.Content;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HttpIndexSource;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.cli.pm.fetch.IndexStore;
import dev.raya.cli.pm.install.Quarantine;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.cli.pm.trust.HeldProofs;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.LogStore;
import dev.raya.cli.pm.trust.RegistryLog;
import dev.raya.cli.pm.trust.SignedMetadata;
import dev.raya.resolver.audit.OsvReader;
import dev.raya.resolver.audit.QuarantineList;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.SigningException;
import dev.raya.tuf.TufException;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a kit carries of a registry besides its packages: the metadata that names them, the policy
 * and the newest state of its log, tiles, index documents. Nothing of it is believed: a client
 * takes it over by the rules under which it would take it from the registry, and only if it is
 * newer than what it holds.
 */
final class KitState {
  private static final String REFUSED = "RAYA-PKG-008";
  private static final String TUF = "tuf/";
  private static final String LOG = "log/";
  private static final String INDEX = "index/";
  private static final String POLICY = "log.policy";
  private static final String SIGSTORE = "sigstore.json";
  private static final int MAX_DOCUMENT = 16 << 20;

  private final Session session;
  private final KnownRegistries.Known registry;
  private final Path home;

  KitState(Session session, KnownRegistries.Known registry) {
    this.session = session;
    this.registry = registry;
    this.home = session.known().folder(registry);
  }

  /**
   * Gathers what these packages need to be verified elsewhere.
   *
   * @param work an empty folder; the contents lie there
   */
  void gather(Collection<PackageName> names, Path work, SortedMap<String, Content> files)
      throws CommandException, IOException, InterruptedException {
    String prefix = KitLayout.registry(registry.root());
    Path from = HeldMetadata.tufFolder(home);
    if (!Files.exists(from.resolve("timestamp.json"))) {
      return;
    }
    complete(names);
    HeldMetadata held = new HeldMetadata(registry, home);
    SortedSet<PackageName> named = new TreeSet<>();
    for (PackageName name : names) {
      if (isHeld(held, name)) {
        named.add(name);
      }
    }
    Path only = work.resolve("tuf-" + registry.id());
    try {
      // A client that takes over what these packages need holds exactly that afterwards.
      take(only, from, named);
    } catch (TufException refused) {
      throw new CommandException(refused.code(), String.valueOf(refused.getMessage()));
    }
    for (Path root : TufClient.numberedRoots(only).values()) {
      Files.delete(root);
    }
    files(only, prefix + TUF, files);
    // A kit's format did not change with the home's: every release reads this name of a root.
    for (Map.Entry<Long, Path> root : TufClient.numberedRoots(from).entrySet()) {
      if (root.getKey() > 1) {
        files.put(prefix + TUF + root.getKey() + ".root.json", Content.of(root.getValue()));
      }
    }
    held.logPolicy();
    files.put(prefix + POLICY, Content.of(HeldMetadata.trustFolder(home).resolve(policyFile())));
    Path sigstore = sigstoreFile();
    // One that the registry no longer names is of no use, and would make the kit be refused.
    if (Files.exists(sigstore) && held.sigstore().isPresent()) {
      files.put(prefix + SIGSTORE, Content.of(sigstore));
    }
    for (PackageName name : named) {
      files.put(prefix + INDEX + name.indexPath(), Content.of(new IndexStore(home).held(name)));
      Path claim = claimFile(name);
      if (Files.exists(claim)) {
        files.put(prefix + SignedMetadata.claimPath(name), Content.of(claim));
      }
    }
    for (String list : HeldMetadata.LISTS) {
      Optional<TufClient.LastSeen> seen = held.seenFiles(list);
      if (seen.isPresent()) {
        files.put(prefix + list, Content.of(seen.get().file()));
        files.put(prefix + naming(list), Content.of(seen.get().roleFile()));
      }
    }
    files(new LogStore(home).folder(), prefix + LOG, files);
  }

  /** Where the role lies that names a list; it need not be the one that the snapshot names. */
  private static String naming(String list) {
    return list + ".role";
  }

  /** A frozen install reads no index documents; with a network they are read for the kit. */
  private void complete(Collection<PackageName> names)
      throws CommandException, IOException, InterruptedException {
    HeldMetadata held = new HeldMetadata(registry, home);
    SortedSet<PackageName> open = new TreeSet<>();
    for (PackageName name : names) {
      if (!isHeld(held, name)) {
        open.add(name);
      }
    }
    if (open.isEmpty() || session.settings().offline()) {
      return;
    }
    HttpIndexSource index = session.index(session.registryOf(registry.origin()));
    index.expect(open);
    for (PackageName name : open) {
      IndexAnswers.document(index, name);
    }
  }

  private boolean isHeld(HeldMetadata held, PackageName name) throws IOException {
    try {
      return isNamed(held, name, new IndexStore(home).held(name));
    } catch (CommandException notHeld) {
      return false;
    }
  }

  private static String policyFile() {
    return HeldMetadata.LOG_POLICY.replace("/", "%2F");
  }

  private Path sigstoreFile() {
    return HeldMetadata.trustFolder(home).resolve(HeldMetadata.SIGSTORE.replace("/", "%2F"));
  }

  private Path claimFile(PackageName name) {
    return HeldMetadata.trustFolder(home)
        .resolve(SignedMetadata.claimPath(name).replace("/", "%2F"));
  }

  private static void files(Path folder, String prefix, SortedMap<String, Content> files)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith(".")) {
          files.put(
              prefix + folder.relativize(file).toString().replace('\\', '/'), Content.of(file));
        }
      }
    }
  }

  private static boolean isNamed(HeldMetadata held, PackageName name, byte[] document)
      throws CommandException {
    Optional<Role.TargetFile> target = held.index(name);
    return document.length > 0
        && target.isPresent()
        && target.get().length() == document.length
        && Digest.of(document).hex().equals(target.get().hashes().get("sha256"));
  }

  private void take(Path to, Path from, Collection<PackageName> names)
      throws TufException, IOException, InterruptedException {
    if (!Files.exists(to.resolve("root.json"))) {
      TufClient.init(to, Files.readAllBytes(HeldMetadata.tufFolder(home).resolve("1.root.json")));
    }
    TufClient client = TufClient.taking(to, from);
    client.refresh();
    for (PackageName name : names) {
      client.find(INDEX + name.indexPath());
      if (SignedMetadata.hasClaims(client.trusted())) {
        client.find(SignedMetadata.claimPath(name));
      }
    }
  }

  /**
   * Takes over what a kit holds of the registry.
   *
   * @param kit folder of the kit
   * @throws CommandException if something in it is not what its signatures say
   */
  void adopt(Collection<PackageName> names, Path kit)
      throws CommandException, IOException, InterruptedException {
    Path state = kit.resolve(KitLayout.registry(registry.root()));
    if (!Files.isRegularFile(state.resolve(TUF + "timestamp.json"), LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    SortedSet<PackageName> carried = new TreeSet<>();
    for (PackageName name : names) {
      if (Files.exists(state.resolve(INDEX + name.indexPath()), LinkOption.NOFOLLOW_LINKS)) {
        carried.add(name);
      }
    }
    if (!adoptMetadata(carried, state)) {
      // Each list has its own version, and may be news even so.
      adoptLists(new HeldMetadata(registry, home), state);
      return;
    }
    HeldMetadata held = new HeldMetadata(registry, home);
    for (PackageName name : carried) {
      adoptClaim(held, name, state);
    }
    adoptPolicy(held, state);
    for (PackageName name : carried) {
      adoptDocument(held, name, state);
    }
    adoptLog(held, state);
    adoptLists(held, state);
  }

  /** What the kit's maker saw last, unless this home saw newer lists. */
  private void adoptLists(HeldMetadata held, Path state) throws CommandException, IOException {
    for (String list : HeldMetadata.LISTS) {
      Path file = state.resolve(list);
      Path role = state.resolve(naming(list));
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.isRegularFile(role, LinkOption.NOFOLLOW_LINKS)) {
        byte[] content = bounded(file, OsvReader.MAX_BYTES);
        held.takeSeen(list, content, bounded(role, HeldMetadata.MAX_TRUST_BYTES));
        if (list.equals(QuarantineList.PATH)) {
          tellQuarantine(held);
        }
      }
    }
  }

  /** Also of a list that was taken before: a kill may have come before anybody was told. */
  private void tellQuarantine(HeldMetadata held) throws CommandException, IOException {
    Optional<HeldMetadata.Listed> seen;
    try {
      seen = held.lastSeen(QuarantineList.PATH);
    } catch (CommandException damaged) {
      // Of a list that nobody vouches for there is no news; `verify` refuses it.
      session.console().detail("the quarantine list held of " + registry.origin() + " is damaged");
      return;
    }
    if (seen.isPresent()) {
      Quarantine.taken(session, registry.origin(), seen.get().bytes());
    }
  }

  /** Whether the kit's metadata is at least as new as what is held. */
  private boolean adoptMetadata(Collection<PackageName> names, Path state)
      throws CommandException, IOException, InterruptedException {
    Path own = HeldMetadata.tufFolder(home);
    Path tried = Files.createTempDirectory(session.home().tmp(), "kit-tuf-");
    try {
      take(tried, state.resolve(TUF), names);
      if (Files.exists(own.resolve("timestamp.json"))) {
        long here = TufClient.held(own).trusted().timestamp().version();
        if (TufClient.held(tried).trusted().timestamp().version() < here) {
          return false;
        }
      }
      try {
        take(own, state.resolve(TUF), names);
      } finally {
        session.forgetHeld(registry); // what was read of it before is older
      }
      return true;
    } catch (TufException refused) {
      throw new CommandException(
          refused.code(),
          "the kit is refused: metadata of " + registry.origin() + ": " + refused.getMessage());
    } finally {
      Directories.delete(tried);
    }
  }

  private void adoptClaim(HeldMetadata held, PackageName name, Path state)
      throws CommandException, IOException {
    Path claim = state.resolve(SignedMetadata.claimPath(name));
    if (Files.isRegularFile(claim, LinkOption.NOFOLLOW_LINKS)) {
      held.keep(SignedMetadata.claimPath(name), bounded(claim, HeldMetadata.MAX_TRUST_BYTES));
    }
  }

  private void adoptPolicy(HeldMetadata held, Path state) throws CommandException, IOException {
    Path policy = state.resolve(POLICY);
    if (Files.isRegularFile(policy, LinkOption.NOFOLLOW_LINKS)) {
      held.keep(HeldMetadata.LOG_POLICY, bounded(policy, HeldMetadata.MAX_TRUST_BYTES));
      held.logPolicy();
    }
    Path sigstore = state.resolve(SIGSTORE);
    if (Files.isRegularFile(sigstore, LinkOption.NOFOLLOW_LINKS)) {
      held.keep(HeldMetadata.SIGSTORE, bounded(sigstore, HeldMetadata.MAX_TRUST_BYTES));
    }
  }

  private void adoptDocument(HeldMetadata held, PackageName name, Path state)
      throws CommandException, IOException {
    Path file = state.resolve(INDEX + name.indexPath());
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    byte[] document = bounded(file, MAX_DOCUMENT);
    if (!isNamed(held, name, document)) {
      throw refused("the index document of " + name + " is not the one that its metadata names");
    }
    IndexStore store = new IndexStore(home);
    byte[] before = store.intact(name);
    session.trust().extend(registry, name, before, document);
    store.keep(name, before, document);
  }

  private void adoptLog(HeldMetadata held, Path state)
      throws CommandException, IOException, InterruptedException {
    LogStore carried = new LogStore(state);
    byte[] note = carried.newestNote();
    if (note == null) {
      return;
    }
    RegistryLog log =
        RegistryLog.held(registry, home, held, carried, new HeldProofs(session.cache()));
    try {
      log.believed(new String(note, StandardCharsets.UTF_8));
      log.recall(carried.seen());
    } catch (SigningException refused) {
      throw Failure.of(refused);
    }
  }

  private static byte[] bounded(Path file, int limit) throws CommandException, IOException {
    if (Files.size(file) > limit) {
      throw refused(file.getFileName() + " is larger than " + limit + " bytes");
    }
    return Files.readAllBytes(file);
  }

  private static CommandException refused(String why) {
    return new CommandException(
        REFUSED, "the kit is refused: " + why, "make it anew with `raya-pm cache export`");
  }
}
