package dev.raya.cli.pm.install;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.cli.pm.fetch.StagedRelease;
import dev.raya.cli.pm.trust.Evidence;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.cli.pm.trust.RegistryTrust;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.index.IndexSource.IndexAnswer;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.name.PackageName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The staged releases of one install (registry.md 1.3): those that the command line names, which
 * are asked for, and those that the lockfile holds, which somebody named before
 * (docs/decisions/0392).
 */
final class StagedReleases {
  private static final String NOT_LOGGED = "RAYA-SEC-005";
  private static final String MISMATCH = "RAYA-PKG-009";

  private final Map<String, StagedRelease.Open> named = new LinkedHashMap<>();
  private final List<LockedPackage> locked = new ArrayList<>();
  private final Map<PackageName, List<VersionLine>> lines = new TreeMap<>();
  private final Map<Digest, String> ids = new HashMap<>();
  private final Set<LockedPackage> promoted = new HashSet<>();

  private StagedReleases() {}

  /** None at all. */
  static StagedReleases none() {
    return new StagedReleases();
  }

  /** Whether a lockfile holds any. */
  static boolean anyIn(@Nullable Lockfile lockfile) {
    // A loop: this is on the way of every command that installs.
    if (lockfile != null) {
      for (LockedPackage each : lockfile.packages()) {
        if (each.stage() != null) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Reads what the command line names.
   *
   * @param wanted ids
   * @param current the lockfile, or null
   * @param looks whether the index is asked which of the locked ones were promoted
   * @throws CommandException as the registry refuses; offline RAYA-NET-003 for what is not locked
   * @throws InterruptedException if the thread was interrupted
   */
  static StagedReleases of(
      Session session, Collection<String> wanted, @Nullable Lockfile current, boolean looks)
      throws CommandException, InterruptedException {
    StagedReleases staged = new StagedReleases();
    if (wanted.isEmpty() && !anyIn(current)) {
      return staged;
    }
    for (LockedPackage each : current == null ? List.<LockedPackage>of() : current.packages()) {
      if (each.stage() != null) {
        staged.locked.add(each);
      }
    }
    for (String id : new TreeSet<>(wanted)) {
      if (session.settings().offline()) {
        if (staged.locked.stream().noneMatch(each -> id.equals(each.stage()))) {
          throw new CommandException(
              "RAYA-NET-003",
              "offline, and this is missing: the staged release " + id,
              "run the command once without --offline");
        }
        continue;
      }
      switch (StagedRelease.read(session.registry(), id)) {
        case StagedRelease.Open open -> staged.name(session, open);
        case StagedRelease.Promoted gone ->
            session
                .console()
                .status(
                    "the staged release "
                        + id
                        + " was promoted: "
                        + gone.label()
                        + " is published");
      }
    }
    if (looks && !session.settings().offline()) {
      staged.lookForPromotions(session);
    }
    return staged;
  }

  private void name(Session session, StagedRelease.Open open) throws UsageException {
    for (StagedRelease.Open other : named.values()) {
      if (other.name().equals(open.name())
          && other.line().version().precedence().equals(open.line().version().precedence())) {
        throw new UsageException(
            "--stage names two releases of "
                + open.label()
                + ": "
                + other.id()
                + " and "
                + open.id(),
            "a version is one release: name the one that is meant");
      }
    }
    named.put(open.id(), open);
    add(open.name(), open.id(), open.line());
    session
        .console()
        .status(
            "staged release "
                + open.label()
                + " of "
                + open.account()
                + ", signed by "
                + RegistryTrust.describe(open.publisher())
                + "; it is in no log yet");
  }

  private void add(PackageName name, String id, VersionLine line) {
    lines.computeIfAbsent(name, of -> new ArrayList<>()).add(line);
    ids.put(line.sha256(), id);
  }

  /**
   * Looks whether what is locked was promoted meanwhile.
   *
   * @throws CommandException RAYA-PKG-009 if the index has other bytes under that version, or as
   *     the registry fails
   * @throws InterruptedException if the thread was interrupted
   */
  private void lookForPromotions(Session session) throws CommandException, InterruptedException {
    for (LockedPackage each : locked) {
      if (each.source() instanceof LockSource.Registry(String origin)) {
        IndexDocument document =
            IndexAnswers.document(session.index(session.registryOf(origin)), each.name());
        VersionLine line = document == null ? null : document.version(each.version());
        if (line != null) {
          requireSame(each.name(), each.checksum(), line);
          promoted.add(each);
        }
      }
    }
  }

  private static void requireSame(PackageName name, @Nullable Digest staged, VersionLine published)
      throws CommandException {
    if (!published.sha256().equals(staged)) {
      throw new CommandException(
          MISMATCH,
          name + "@" + published.version() + " is published with other bytes than were staged",
          "expected: " + staged + ", the staged release",
          "found: " + published.sha256() + ", as the index has it",
          "`raya-pm update "
              + name
              + "` takes what is published, once its publisher has explained"
              + " it");
    }
  }

  /** Whether the lockfile has to change for them. */
  boolean moveLock() {
    return !promoted.isEmpty() || !unlocked().isEmpty();
  }

  /** Names that leave their locked version: what is named and not locked takes its place. */
  Set<PackageName> unlocked() {
    Set<PackageName> names = new TreeSet<>();
    for (StagedRelease.Open open : named.values()) {
      if (locked.stream().noneMatch(each -> open.id().equals(each.stage()))) {
        names.add(open.name());
      }
    }
    return names;
  }

  /** What a frozen lockfile would have to change for, in words; null if for nothing. */
  @Nullable String change() {
    for (StagedRelease.Open open : named.values()) {
      if (locked.stream().noneMatch(each -> open.id().equals(each.stage()))) {
        return "raya.lock does not hold the staged release " + open.label();
      }
    }
    return null;
  }

  /** Whether there is nothing to heed. */
  boolean isEmpty() {
    return named.isEmpty() && locked.isEmpty();
  }

  /** Whether what the command line names takes the place of a locked release. */
  private boolean isReplaced(LockedPackage each) {
    return named.values().stream()
        .anyMatch(
            open ->
                open.name().equals(each.name())
                    && open.line().version().line().equals(each.version().line()));
  }

  /**
   * Keeps what is locked as a candidate, described by its archive: unless it was promoted, and the
   * index has it, or what the command line names takes its place.
   *
   * @param update names that leave their locked version
   * @param metadata the {@code metadata.json} of a locked package, or null
   * @throws CommandException RAYA-SEC-005 if one is not at hand and nobody named it
   */
  void keep(Set<PackageName> update, Function<LockedPackage, @Nullable PackageMetadata> metadata)
      throws CommandException {
    for (LockedPackage each : locked) {
      String id = each.stage();
      if (id == null
          || promoted.contains(each)
          || isReplaced(each)
          || update.contains(each.name())) {
        continue;
      }
      PackageMetadata described = metadata.apply(each);
      Digest checksum = each.checksum();
      Digest tree = each.tree();
      if (described == null || checksum == null || tree == null) {
        throw untaken(each.name() + "@" + each.version(), id);
      }
      add(each.name(), id, VersionLine.staged(described, checksum, each.size(), tree));
    }
  }

  /** The same index with these releases in it. */
  IndexSource over(IndexSource index) {
    return lines.isEmpty()
        ? index
        : name -> index.document(name).thenApply(answer -> with(name, answer));
  }

  private IndexAnswer with(PackageName name, IndexAnswer answer) {
    List<VersionLine> staged = lines.get(name);
    if (staged == null) {
      return answer;
    }
    IndexDocument published =
        answer instanceof IndexAnswer.Found(IndexDocument document)
            ? document
            : new IndexDocument(name, List.of());
    List<IndexLine> all = new ArrayList<>(published.lines());
    for (VersionLine each : staged) {
      VersionLine line = published.version(each.version());
      if (line != null) {
        try {
          requireSame(name, each.sha256(), line);
        } catch (CommandException refused) {
          throw new CompletionException(refused);
        }
      } else {
        if (named.containsKey(ids.get(each.sha256()))) {
          // It was asked for: nothing else of its line is what the command means.
          all.removeIf(
              other ->
                  other instanceof VersionLine version
                      && version.version().line().equals(each.version().line()));
        }
        all.add(each);
      }
    }
    return all.isEmpty() ? answer : new IndexAnswer.Found(new IndexDocument(name, all));
  }

  /** The id of the release that a line is of, or null. */
  @Nullable String stage(VersionLine line) {
    return line.isStaged() ? ids.get(line.sha256()) : null;
  }

  /**
   * What was named must have been taken.
   *
   * @throws CommandException RAYA-RES-003 if a resolution has no use for one
   */
  void requireTaken(Lockfile resolved) throws CommandException {
    for (StagedRelease.Open open : named.values()) {
      if (resolved.packages().stream()
          .noneMatch(
              each -> each.checksum() != null && open.line().sha256().equals(each.checksum()))) {
        throw new CommandException(
            "RAYA-RES-003",
            "nothing here takes the staged release " + open.label(),
            "raya.toml and the packages it leads to have to ask for a version that it fits",
            "`raya-pm why " + open.name() + "` shows who asks for it");
      }
    }
  }

  /** What the registry shows for those that were named, by id. */
  Map<String, Evidence> evidence() {
    Map<String, Evidence> evidence = new LinkedHashMap<>();
    named.forEach((id, open) -> evidence.put(id, open.evidence()));
    return evidence;
  }

  /** Whether a release may be fetched. */
  boolean isNamed(PackageClaim claim) {
    return named.containsKey(claim.stage());
  }

  /**
   * Of what would have to be fetched, takes what was promoted for what it is now: the record of it
   * that the index names has to say what the lockfile says, and all that is asked of a published
   * version is asked of it.
   *
   * @param documents what the signed index says of them
   * @throws CommandException RAYA-PKG-009 if other bytes are published under that version
   */
  List<PackageClaim> published(
      Collection<PackageClaim> missing, Map<PackageName, IndexDocument> documents)
      throws CommandException {
    List<PackageClaim> claims = new ArrayList<>();
    for (PackageClaim claim : missing) {
      IndexDocument document = documents.get(claim.name());
      VersionLine line =
          !claim.isStaged() || isNamed(claim) || document == null
              ? null
              : document.version(claim.version());
      if (line != null) {
        requireSame(claim.name(), claim.checksum(), line);
      }
      claims.add(line == null ? claim : claim.published(line));
    }
    return claims;
  }

  /**
   * Of what would have to be fetched, staged releases must have been named.
   *
   * @throws CommandException RAYA-SEC-005 if one was not
   */
  void requireNamed(Collection<PackageClaim> missing) throws CommandException {
    for (PackageClaim claim : missing) {
      String id = claim.stage();
      if (id != null && !named.containsKey(id)) {
        throw untaken(claim.label(), id);
      }
    }
  }

  private static CommandException untaken(String label, String id) {
    return new CommandException(
        NOT_LOGGED,
        label
            + " is locked as a staged release, in no log, and is taken only where the command"
            + " line names it",
        "`raya-pm install --stage " + id + "` takes it while it is staged, with a token that reads",
        "`raya-pm install` locks the published version once it is promoted; `raya-pm update` takes"
            + " another one");
  }
}
