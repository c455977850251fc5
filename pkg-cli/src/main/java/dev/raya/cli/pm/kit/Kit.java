package dev.raya.cli.pm.kit;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.PackageFetcher;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A kit in a folder. Nothing in it is believed: archives are held against the digests of the
 * lockfile and against their publishers' statements exactly like those that a registry gives, and
 * all of what is wanted is checked before any of it enters the cache.
 */
public final class Kit {
  /** The folder of a project that {@code raya-pm vendor} writes and installs read. */
  public static final String FOLDER = "vendor";

  private static final String REFUSED = "RAYA-PKG-008";
  private static final String MISMATCH = "RAYA-PKG-009";
  private static final int MAX_HEAD = 1 << 20;
  private static final int MAX_LOCKFILE = 64 << 20;
  private static final int MAX_ROOT = 1 << 20;
  private static final int MAX_PROOF = 16 << 20;

  private final Path folder;
  private final KitHead head;
  private final Lockfile lockfile;

  private Kit(Path folder, KitHead head, Lockfile lockfile) {
    this.folder = folder;
    this.head = head;
    this.lockfile = lockfile;
  }

  /**
   * Reads head and lockfile of a kit.
   *
   * @throws CommandException RAYA-PKG-008 if it is none
   * @throws IOException if it cannot be read
   */
  public static Kit open(Path folder) throws CommandException, IOException {
    try {
      KitHead head = KitHead.read(read(folder, KitLayout.HEAD, MAX_HEAD));
      Lockfile lockfile =
          LockfileCodec.read(KitLayout.LOCKFILE, read(folder, KitLayout.LOCKFILE, MAX_LOCKFILE));
      requirePublished(lockfile);
      return new Kit(folder, head, lockfile);
    } catch (JsonException | LockfileException malformed) {
      throw new CommandException(
          REFUSED,
          folder.getFileName() + " is no kit: " + malformed.getMessage(),
          "make it anew with `raya-pm cache export` or `raya-pm vendor`");
    }
  }

  /**
   * The kit that a project has, if it has one.
   *
   * @throws CommandException if there is one and it is malformed
   * @throws IOException if it cannot be read
   */
  public static Optional<Kit> of(ProjectFolder project) throws CommandException, IOException {
    Path folder = project.root().resolve(FOLDER);
    return Files.isRegularFile(folder.resolve(KitLayout.HEAD), LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(open(folder))
        : Optional.empty();
  }

  /**
   * A kit is good without asking a registry, and nothing else shows that a staged release is.
   *
   * @throws CommandException RAYA-SEC-005 if a lockfile names one
   */
  static void requirePublished(Lockfile lockfile) throws CommandException {
    for (LockedPackage locked : lockfile.packages()) {
      if (locked.stage() != null) {
        throw new CommandException(
            "RAYA-SEC-005",
            locked.id()
                + " is a staged release, in no log: nothing in a kit shows where it is from",
            "once it is promoted, `raya-pm install` locks the published version; then try again");
      }
    }
  }

  /** The registry packages of its lockfile. */
  public List<PackageClaim> claims() {
    List<PackageClaim> claims = new ArrayList<>();
    for (LockedPackage locked : lockfile.packages()) {
      PackageClaim.of(locked).ifPresent(claims::add);
    }
    return claims;
  }

  /** Digest of the {@code toolchain.json} of the toolchain inside, or null. */
  public @Nullable Digest toolchain() {
    return head.toolchain();
  }

  /** Its folder. */
  Path folder() {
    return folder;
  }

  /**
   * Makes its registries known to this home, by the rules of a first contact.
   *
   * @param pin digest of the root that the user expects, or null
   * @param namedByUser whether the user named the kit; a project's own is not enough
   * @throws CommandException if one is known with another root, or not confirmed, or what the kit
   *     holds of it is not what its signatures say
   * @throws IOException if it cannot be read
   * @throws InterruptedException if the thread was interrupted
   */
  public void admit(Session session, @Nullable Digest pin, boolean namedByUser)
      throws CommandException, IOException, InterruptedException {
    for (KitHead.Registry registry : head.registries()) {
      byte[] root = read(folder, KitLayout.root(registry.root()), MAX_ROOT);
      if (!Digest.of(root).equals(registry.root())) {
        throw mismatch("the root of " + registry.origin(), registry.root(), Digest.of(root));
      }
      Optional<KnownRegistries.Known> known = session.known().byOrigin(registry.origin());
      if (known.isPresent() && known.get().root().equals(registry.root())) {
        if (!Files.exists(
            HeldMetadata.tufFolder(session.known().folder(known.get()))
                .resolve("timestamp.json"))) {
          adopt(session, known.get());
        }
        continue; // known already: nothing is asked
      }
      URI base = Settings.base(registry.origin());
      RegistryAddress set = session.settings().registry();
      boolean isSet = set != null && set.base().equals(base);
      Digest pinned = pin != null ? pin : isSet && set != null ? set.root() : null;
      adopt(
          session,
          session
              .trust()
              .admit(
                  new RegistryAddress(base, pinned, namedByUser || isSet),
                  registry.origin(),
                  root));
    }
  }

  /**
   * Metadata, log and index documents of a registry, as far as they are newer than what is held.
   */
  private void adopt(Session session, KnownRegistries.Known registry)
      throws CommandException, IOException, InterruptedException {
    Set<PackageName> names = new TreeSet<>();
    for (PackageClaim claim : claims()) {
      if (claim.origin().equals(registry.origin())) {
        names.add(claim.name());
      }
    }
    new KitState(session, registry).adopt(names, folder);
  }

  /** Those of these packages that the kit holds, by its own lockfile. */
  public List<PackageClaim> holding(List<PackageClaim> wanted) {
    Map<Digest, PackageClaim> held = new TreeMap<>();
    for (PackageClaim claim : claims()) {
      held.put(claim.checksum(), claim);
    }
    return wanted.stream()
        .filter(
            claim ->
                held.containsKey(claim.checksum())
                    && Files.isRegularFile(
                        folder.resolve(KitLayout.archive(claim)), LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  /**
   * Puts packages into the cache, all of them or none. Those that are there already are passed
   * over.
   *
   * @param wanted what lockfile or kit say of them
   * @return how many were put
   * @throws CommandException if one is refused
   * @throws IOException if reading or writing fails
   * @throws InterruptedException if the thread was interrupted
   */
  public int load(Session session, List<PackageClaim> wanted)
      throws CommandException, IOException, InterruptedException {
    for (KitHead.Registry registry :
        wanted.isEmpty() ? List.<KitHead.Registry>of() : head.registries()) {
      Optional<KnownRegistries.Known> known = session.known().byOrigin(registry.origin());
      if (known.isPresent() && known.get().root().equals(registry.root())) {
        adopt(session, known.get());
      }
    }
    List<PackageClaim> missing = new ArrayList<>();
    try (Progress progress =
        session.console().progress("verifying", wanted.size(), Progress.Unit.ITEMS)) {
      for (PackageClaim claim : wanted) {
        if (session.cache().get(claim.checksum()).isEmpty()) {
          check(session, claim);
          missing.add(claim);
        }
        progress.advance(1);
      }
    }
    for (PackageClaim claim : missing) {
      CacheEntry entry =
          PackageFetcher.putArchive(session.cache(), claim, file(KitLayout.archive(claim)));
      byte[] proof = proof(claim);
      if (proof != null && session.cache().proof(entry).isEmpty()) {
        session.cache().putProof(entry, proof);
      }
    }
    return missing.size();
  }

  private void check(Session session, PackageClaim claim)
      throws CommandException, IOException, InterruptedException {
    Path archive = file(KitLayout.archive(claim));
    Digest found = Digest.ofFile(archive);
    if (!found.equals(claim.checksum())) {
      throw mismatch(claim.label(), claim.checksum(), found);
    }
    IndexDocument document = held(session, claim);
    session.trust().cached(claim, document, proof(claim), session.heldLog(claim.origin()));
    PackageFetcher.check(claim, archive, session.trust(), document);
  }

  /** The index document that this home holds of a package: who may publish. */
  private static @Nullable IndexDocument held(Session session, PackageClaim claim)
      throws CommandException {
    Optional<KnownRegistries.Known> registry = session.known().byOrigin(claim.origin());
    return registry.isEmpty()
        ? null
        : session.heldIndex(registry.get()).held(claim.name()).orElse(null);
  }

  private byte @Nullable [] proof(PackageClaim claim) throws CommandException, IOException {
    String path = KitLayout.proof(claim);
    return Files.exists(folder.resolve(path), LinkOption.NOFOLLOW_LINKS)
        ? read(folder, path, MAX_PROOF)
        : null;
  }

  /**
   * Puts the native libraries inside into the cache.
   *
   * @return how many were put
   * @throws CommandException if one is refused
   * @throws IOException if reading or writing fails
   */
  public int loadLibraries(Session session) throws CommandException, IOException {
    int put = 0;
    for (LockedPackage locked : lockfile.packages()) {
      for (Map<String, Digest> targets : locked.natives().values()) {
        for (Digest checksum : targets.values()) {
          Path library = folder.resolve(KitLayout.library(checksum));
          if (Files.isDirectory(library, LinkOption.NOFOLLOW_LINKS)
              && session.cache().get(checksum).isEmpty()) {
            loadLibrary(session, checksum, library, locked.source().text());
            put++;
          }
        }
      }
    }
    return put;
  }

  private static void loadLibrary(Session session, Digest checksum, Path library, String source)
      throws CommandException, IOException {
    List<Path> files;
    try (Stream<Path> children = Files.list(library)) {
      files = children.sorted().toList();
    }
    if (files.size() != 1) {
      throw refused("the folder of the library " + checksum + " holds other than one file");
    }
    Path file = files.getFirst();
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      session
          .cache()
          .putLibrary(in, checksum, Files.size(file), String.valueOf(file.getFileName()), source);
    } catch (IOException refused) {
      throw Failure.of(refused);
    }
  }

  private Path file(String path) throws CommandException {
    Path file = folder.resolve(path);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw refused("it lacks the file " + path);
    }
    return file;
  }

  private static byte[] read(Path folder, String path, int limit)
      throws CommandException, IOException {
    Path file = folder.resolve(path);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw refused("it lacks the file " + path);
    }
    if (Files.size(file) > limit) {
      throw refused(path + " is larger than " + limit + " bytes");
    }
    return Files.readAllBytes(file);
  }

  static CommandException refused(String why) {
    return new CommandException(
        REFUSED,
        "the kit is refused: " + why,
        "nothing was taken from it; make it anew with `raya-pm cache export` or `raya-pm vendor`");
  }

  private static CommandException mismatch(String what, Digest expected, Digest found) {
    return new CommandException(
        MISMATCH,
        what + " in the kit has another digest",
        "expected: " + expected,
        "found: " + found,
        "nothing was taken from it; get the kit anew from where it was made");
  }
}
