package dev.raya.cli.pm.verify;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.EntrySteps;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HttpIndexSource;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.StagedIndex;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.cli.pm.trust.PackageContent;
import dev.raya.cli.pm.trust.Proven;
import dev.raya.cli.pm.trust.RegistryLog;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.StatusLine;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.name.PackageName;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Verifies every package of a lockfile again from what this home holds (security.md, Offline, step
 * by step): the files against the digests, the record against the log, the statement against its
 * publisher. With a network, metadata and index documents are brought up to date before. It fails
 * with every damaged entry and the first failure of another kind.
 */
public final class LockVerification {
  private final Session session;
  private final Lockfile lockfile;
  private final Map<String, RegistryState> registries = new TreeMap<>();
  private final List<Chain> chains = new ArrayList<>();
  private final List<LockedPackage> others = new ArrayList<>();

  /** Verifies this lockfile; it was found to follow from its manifest. */
  public LockVerification(Session session, Lockfile lockfile) {
    this.session = session;
    this.lockfile = lockfile;
  }

  /**
   * Verifies.
   *
   * @param chosen the packages to look at; none means all
   * @throws CommandException the first thing that does not hold, with what was expected and found
   * @throws IOException if a file cannot be read
   * @throws InterruptedException if the thread was interrupted
   */
  public void run(Set<PackageName> chosen)
      throws CommandException, IOException, InterruptedException {
    List<LockedPackage> wanted = new ArrayList<>();
    Map<String, Set<PackageName>> names = new TreeMap<>();
    for (LockedPackage locked : lockfile.packages()) {
      if (!chosen.isEmpty() && !chosen.contains(locked.name())) {
        continue;
      }
      wanted.add(locked);
      Optional<PackageClaim> claim = PackageClaim.of(locked);
      if (claim.isPresent()) {
        names
            .computeIfAbsent(claim.get().origin(), origin -> new TreeSet<>())
            .add(claim.get().name());
      } else {
        others.add(locked);
      }
    }
    for (Map.Entry<String, Set<PackageName>> each : names.entrySet()) {
      registry(each.getKey(), each.getValue());
    }
    List<EntrySteps.Outcome<Optional<Chain>>> outcomes =
        EntrySteps.each(session.cache(), wanted, this::verified);
    requireSound(outcomes);
    for (EntrySteps.Outcome<Optional<Chain>> each : outcomes) {
      Optional<Chain> chain = each.result();
      if (chain != null) {
        chain.ifPresent(chains::add);
      }
    }
  }

  /** Fails with every damaged entry, and with the first failure of another kind in its place. */
  private static void requireSound(List<EntrySteps.Outcome<Optional<Chain>>> outcomes)
      throws CommandException, IOException {
    if (outcomes.stream().allMatch(each -> each.damaged().isEmpty())) {
      for (EntrySteps.Outcome<Optional<Chain>> each : outcomes) {
        each.requireDone();
      }
      return;
    }
    List<Finding> findings = new ArrayList<>();
    boolean isFailed = false;
    for (EntrySteps.Outcome<Optional<Chain>> each : outcomes) {
      each.damaged().forEach(damaged -> findings.addAll(Failure.of(damaged).findings()));
      if (!isFailed && each.failure() != null) {
        isFailed = true;
        findings.addAll(failure(each).findings());
      }
    }
    throw new CommandException(findings);
  }

  private static CommandException failure(EntrySteps.Outcome<?> outcome) {
    try {
      outcome.requireDone();
      throw new IllegalStateException("it has not failed");
    } catch (CommandException known) {
      return known;
    } catch (IOException unreadable) {
      return Failure.of(unreadable);
    }
  }

  /** The chains of packages from registries, in the lockfile's order. */
  public List<Chain> chains() {
    return List.copyOf(chains);
  }

  /** The registries they come from. */
  public List<RegistryState> registries() {
    return List.copyOf(registries.values());
  }

  /** Packages of folders, repositories and archives, which only their digests vouch for. */
  public List<LockedPackage> others() {
    return List.copyOf(others);
  }

  /** All of it as an object. */
  public Json json() {
    return Json.object()
        .put("level", session.settings().trustLevel().word())
        .put(
            "registries",
            Json.array(registries.values().stream().map(RegistryState::json).toList()))
        .put("packages", Json.array(chains.stream().map(Chain::json).toList()))
        .put(
            "byDigestAlone",
            Json.strings(
                others.stream().map(each -> each.id() + " " + each.source().text()).toList()))
        .build();
  }

  /** Brings what is known of a registry up to date, or reads what is held of it. */
  private void registry(String origin, Set<PackageName> names)
      throws CommandException, IOException, InterruptedException {
    if (!session.settings().offline()) {
      Registry reached = session.registryOf(origin);
      HttpIndexSource index = session.index(reached);
      index.expect(names);
      for (PackageName name : names) {
        IndexAnswers.document(index, name);
      }
    }
    RegistryLog log = session.heldLog(origin);
    KnownRegistries.Known known = log.registry();
    registries.put(
        origin,
        new RegistryState(
            known, log.metadata().roles(), log.origin(), log.newest(), session.now()));
  }

  /** Empty if there is no chain, or an entry is damaged; several threads at once. */
  private Optional<Chain> verified(LockedPackage locked, EntrySteps.Check check)
      throws CommandException, IOException, InterruptedException {
    Optional<PackageClaim> claim = PackageClaim.of(locked);
    if (claim.isPresent()) {
      return chain(claim.get(), check);
    }
    archive(locked, check);
    return Optional.empty();
  }

  private Optional<Chain> chain(PackageClaim claim, EntrySteps.Check check)
      throws CommandException, IOException, InterruptedException {
    CacheEntry entry =
        session
            .cache()
            .get(claim.checksum())
            .orElseThrow(
                () ->
                    new CommandException(
                        "RAYA-SEC-013",
                        claim.label() + " is not in the cache, so there is nothing to verify",
                        "expected: an entry " + claim.checksum(),
                        "found: none",
                        "`raya-pm install` fetches it"));
    boolean isSound = check.isSound(entry);
    if (isSound && !entry.tree().equals(claim.tree())) {
      throw new CommandException(
          "RAYA-PKG-009",
          claim.label() + ": the files are not those that raya.lock names",
          "expected: tree " + claim.tree(),
          "found: tree " + entry.tree());
    }
    int libraries = 0;
    for (Digest library : claim.natives().values()) {
      Optional<CacheEntry> held = session.cache().get(library);
      if (held.isPresent()) {
        isSound &= check.isSound(held.get());
        libraries++;
      }
    }
    if (!isSound) {
      return Optional.empty();
    }
    IndexDocument document = document(claim);
    session.trust().content(claim, document, content(claim, entry));
    Proven proven =
        session
            .trust()
            .cached(
                claim,
                document,
                session.cache().proof(entry).orElse(null),
                session.heldLog(claim.origin()));
    StatusLine status = document == null ? null : document.status(claim.version());
    boolean yanked = status != null && status.yanked();
    if (yanked && session.settings().trustLevel() == TrustLevel.STRICT) {
      throw new CommandException(
          "RAYA-RES-004",
          claim.label() + " was yanked, and the trust level is strict",
          "`raya-pm update " + claim.name() + "` takes another version");
    }
    return Optional.of(new Chain(claim, proven, yanked, libraries));
  }

  private @Nullable IndexDocument document(PackageClaim claim) throws CommandException {
    if (claim.isStaged()) {
      return StagedIndex.held(session, claim);
    }
    KnownRegistries.Known known = session.heldLog(claim.origin()).registry();
    return session.heldIndex(known).held(claim.name()).orElse(null);
  }

  private static PackageContent content(PackageClaim claim, CacheEntry entry)
      throws CommandException, IOException {
    try {
      return new PackageContent(
          PackageMetadataCodec.read(Files.readAllBytes(entry.file(PackageMetadata.FILE_NAME))),
          // The file's digest is in the tree's, which was compared (docs/decisions/0160).
          RbinReader.capabilities(Files.readAllBytes(entry.file("module.rbin"))));
    } catch (JsonException | RbinException malformed) {
      throw new CommandException(
          "RAYA-PKG-008", claim.label() + " is refused: " + malformed.getMessage());
    }
  }

  /** An archive on the web is what its digest says, and nobody vouches for more. */
  private void archive(LockedPackage locked, EntrySteps.Check check)
      throws CommandException, IOException {
    Digest checksum = locked.checksum();
    if (!(locked.source() instanceof LockSource.Url) || checksum == null) {
      return;
    }
    Optional<CacheEntry> entry = session.cache().get(checksum);
    if (entry.isEmpty()) {
      throw new CommandException(
          "RAYA-SEC-013",
          locked.id() + " is not in the cache, so there is nothing to verify",
          "`raya-pm install` fetches it");
    }
    check.isSound(entry.get());
  }
}
