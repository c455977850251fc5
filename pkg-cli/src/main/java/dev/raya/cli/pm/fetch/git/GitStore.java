package dev.raya.cli.pm.fetch.git;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.ProxySettings;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.resolver.manifest.Dependency.GitReference;
import dev.raya.resolver.manifest.Dependency.Source;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * {@code git/} of the home: per repository a mirror, and the files of each commit that was used.
 *
 * <pre>
 * git/ID/mirror/          bare
 * git/ID/COMMIT/files/    the commit's files, read-only
 * git/ID/COMMIT/tree.json their digest
 * </pre>
 *
 * A commit's folder appears by one rename; once it is there, neither JGit nor the network is needed
 * for that commit again. For one thread; processes exclude each other by a lock per repository.
 */
public final class GitStore {
  private static final String NO_SUCH = "RAYA-RES-003";
  private static final int MAX_RECORD = 4096;

  private final Session session;

  /** The store of a session's home. */
  public GitStore(Session session) {
    this.session = session;
  }

  /**
   * The files of the commit that a dependency means.
   *
   * @param source what the manifest says
   * @param address its address, checked
   * @param locked the commit that the lockfile holds for it, or null
   * @param certain whether the lockfile follows from the manifest as it stands, so that the locked
   *     commit is the one to use; else it is kept if tag, branch or rev still lead to it
   * @throws CommandException RAYA-NET-001 or 003 if it cannot be had, RAYA-RES-003 if there is no
   *     such tag, branch or commit, RAYA-PKG-008 if it cannot be a package
   * @throws InterruptedException if the thread was interrupted
   */
  public GitCheckout checkout(
      Source.Git source, GitAddress address, @Nullable String locked, boolean certain)
      throws CommandException, InterruptedException {
    try {
      if (locked != null && certain) {
        GitCheckout present = present(address, locked);
        if (present != null) {
          return present;
        }
      }
      return underLock(source, address, locked, certain);
    } catch (IOException failed) {
      throw Failure.of(failed);
    }
  }

  private GitCheckout underLock(
      Source.Git source, GitAddress address, @Nullable String locked, boolean certain)
      throws CommandException, IOException, InterruptedException {
    RayaHome home = session.home();
    RayaHome.makePrivate(home.git());
    Path folder = RayaHome.makePrivate(home.git().resolve(address.id()));
    Path lockFile = RayaHome.makePrivate(home.locks()).resolve("git-" + address.id() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock();
        GitMirror mirror = GitMirror.open(address, folder.resolve("mirror"))) {
      assert lock.isValid();
      String commit =
          locked != null && certain
              ? lockedCommit(mirror, address, locked)
              : commit(mirror, source, address, locked);
      GitCheckout present = present(address, commit);
      return present != null ? present : export(mirror, folder, commit);
    }
  }

  /** The commit that the lockfile names; fetched by its id where no branch leads to it any more. */
  private String lockedCommit(GitMirror mirror, GitAddress address, String locked)
      throws CommandException, IOException, InterruptedException {
    if (mirror.has(locked)) {
      return locked;
    }
    requireNetwork(address, "the commit " + locked);
    fetch(mirror, address, null);
    // A repository of this machine gives what its branches lead to, and a stack trace for more.
    if (!mirror.has(locked) && !"file".equals(address.uri().getScheme())) {
      try {
        fetch(mirror, address, locked);
      } catch (CommandException refused) {
        throw gone(address, locked);
      }
    }
    if (mirror.has(locked)) {
      return locked;
    }
    throw gone(address, locked);
  }

  private static CommandException gone(GitAddress address, String locked) {
    return new CommandException(
        NO_SUCH,
        address + " has no commit " + locked + " any more, which raya.lock names",
        "the branch was rewritten and the server gives the old commit to nobody",
        "`raya-pm update` with the package's name takes what there is now; look at it first");
  }

  private String commit(
      GitMirror mirror, Source.Git source, GitAddress address, @Nullable String locked)
      throws CommandException, IOException, InterruptedException {
    String known = find(mirror, source);
    if (locked != null && known != null && leads(mirror, source, locked, known)) {
      return locked;
    }
    boolean settled = source.kind() == GitReference.REV && known != null;
    if (!settled && !session.settings().offline()) {
      fetch(mirror, address, null);
      known = find(mirror, source);
      String reference = source.reference();
      if (known == null
          && source.kind() == GitReference.REV
          && reference != null
          && reference.length() == 40) {
        try {
          fetch(mirror, address, reference);
          known = find(mirror, source);
        } catch (CommandException unnamed) {
          throw missing(source, address);
        }
      }
    }
    if (known == null) {
      if (session.settings().offline()) {
        requireNetwork(address, describe(source));
      }
      throw missing(source, address);
    }
    return locked != null && leads(mirror, source, locked, known) ? locked : known;
  }

  /** Whether a locked commit is what a reference means, or, of a branch, what it once meant. */
  private static boolean leads(GitMirror mirror, Source.Git source, String locked, String known)
      throws IOException {
    boolean fixed = source.kind() == GitReference.TAG || source.kind() == GitReference.REV;
    return fixed ? locked.equals(known) : mirror.isBefore(locked, known);
  }

  private static @Nullable String find(GitMirror mirror, Source.Git source)
      throws CommandException, IOException {
    String reference = source.reference();
    GitReference kind = source.kind();
    if (kind == null || reference == null) {
      return mirror.head();
    }
    return switch (kind) {
      case TAG -> mirror.tag(reference);
      case BRANCH -> mirror.branch(reference);
      case REV -> mirror.revision(reference);
    };
  }

  private static String describe(Source.Git source) {
    GitReference kind = source.kind();
    return kind == null ? "the default branch" : kind.key() + " " + source.reference();
  }

  private static CommandException missing(Source.Git source, GitAddress address) {
    return new CommandException(
        NO_SUCH,
        address + " has no " + describe(source),
        "check tag, branch or rev of the dependency");
  }

  private void requireNetwork(GitAddress address, String what) throws CommandException {
    if (session.settings().offline()) {
      throw new CommandException(
          "RAYA-NET-003",
          "offline, and this is missing: " + what + " of the git repository " + address,
          "run the command once without --offline");
    }
  }

  private void fetch(GitMirror mirror, GitAddress address, @Nullable String commit)
      throws CommandException, InterruptedException {
    String token = null;
    if ("https".equals(address.uri().getScheme())) {
      token = session.signedIn().token(RegistryAddress.originOf(address.uri()), session.now());
    }
    Settings settings = session.settings();
    GitNetwork network =
        new GitNetwork(
            token,
            settings.network().timeout(),
            ProxySettings.of(settings.environment(), settings.user()),
            settings.environment());
    try (Progress progress =
        session.console().progress("fetching " + address, 0, Progress.Unit.ITEMS)) {
      mirror.fetch(commit, network, progress);
    }
  }

  private @Nullable GitCheckout present(GitAddress address, String commit) throws IOException {
    Path folder = session.home().git().resolve(address.id()).resolve(commit);
    Path record = folder.resolve("tree.json");
    Path files = folder.resolve("files");
    if (!Files.isRegularFile(record) || Files.size(record) > MAX_RECORD) {
      return null;
    }
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(Files.readAllBytes(record)));
      return new GitCheckout(commit, files, Digest.parse(fields.string("tree")));
    } catch (JsonException | IllegalArgumentException damaged) {
      return null;
    }
  }

  private GitCheckout export(GitMirror mirror, Path folder, String commit)
      throws CommandException, IOException {
    Path work = Files.createTempDirectory(session.home().tmp(), "git-");
    try {
      Path files = Files.createDirectory(work.resolve("files"));
      Digest tree = mirror.export(commit, files);
      Files.write(
          work.resolve("tree.json"),
          CanonicalJson.bytes(Json.object().put("tree", tree.toString()).build()));
      Path target = folder.resolve(commit);
      // Under the lock; what lies there has no readable record, or it would have been taken.
      Directories.delete(target);
      Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
      return new GitCheckout(commit, target.resolve("files"), tree);
    } finally {
      Directories.delete(work);
    }
  }
}
