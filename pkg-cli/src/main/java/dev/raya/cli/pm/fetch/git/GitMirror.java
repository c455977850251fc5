package dev.raya.cli.pm.fetch.git;

import dev.raya.cache.archive.ArchiveException;
import dev.raya.cache.archive.CheckedTree;
import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Progress;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.jgit.api.FetchCommand;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * A bare mirror of a repository. Commits are read from the object store itself: nothing is checked
 * out, so no hook, filter or attribute of the repository has a say. Objects are checked as they
 * arrive, redirections are not followed, and what a branch left behind stays, so that a locked
 * commit outlives a rewritten branch. For one process at a time; the caller holds the lock.
 */
final class GitMirror implements AutoCloseable {
  /** Most bytes of a mirror. */
  static final long MAX_BYTES = 1L << 30;

  /** The remote's HEAD as it was last seen: what no tag, branch or rev means. */
  private static final String HEAD = "refs/raya/HEAD";

  private static final int HEX = 40;
  private static final int SHORTEST = 7;

  private final GitAddress address;
  private final Path folder;
  private final Repository repository;

  private GitMirror(GitAddress address, Path folder, Repository repository) {
    this.address = address;
    this.folder = folder;
    this.repository = repository;
  }

  /**
   * Opens a mirror, an empty one if it is not there yet.
   *
   * @param folder where it lies; its parent exists
   * @throws IOException if it cannot be read or made
   */
  static GitMirror open(GitAddress address, Path folder) throws IOException {
    QuietSystem.install();
    if (!Files.isDirectory(folder.resolve("objects"))) {
      create(folder);
    }
    return new GitMirror(
        address,
        folder,
        new FileRepositoryBuilder()
            .setGitDir(folder.toFile())
            .setBare()
            .setMustExist(true)
            .build());
  }

  /** Made beside its place and renamed, so that a kill leaves no half of one. */
  private static void create(Path folder) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    Path made = Files.createTempDirectory(parent, ".new-");
    File location = made.toFile();
    try (Repository repository =
        new FileRepositoryBuilder().setGitDir(location).setBare().build()) {
      repository.create(true);
      StoredConfig config = repository.getConfig();
      config.setBoolean("fetch", null, "fsckObjects", true);
      config.setString("http", null, "followRedirects", "false");
      config.setInt("gc", null, "auto", 0);
      config.save();
    }
    Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Brings branches, tags and HEAD of the remote here.
   *
   * @param commit a commit that is needed besides, or null; a server may refuse to name it
   * @param network how the remote is reached
   * @throws CommandException RAYA-NET-001 if it cannot be reached, RAYA-PKG-008 if it is too large
   */
  void fetch(@Nullable String commit, GitNetwork network, Progress progress)
      throws CommandException {
    List<RefSpec> refs = new ArrayList<>();
    if (commit == null) {
      refs.add(new RefSpec("+refs/heads/*:refs/heads/*"));
      refs.add(new RefSpec("+refs/tags/*:refs/tags/*"));
      refs.add(new RefSpec("+HEAD:" + HEAD));
    } else {
      refs.add(new RefSpec(commit + ":refs/raya/commits/" + commit));
    }
    FetchWatch watch =
        new FetchWatch(folder.resolve("objects").resolve("pack"), MAX_BYTES, progress);
    try (Git git = Git.wrap(repository)) {
      FetchCommand fetch =
          git.fetch()
              .setRemote(address.toString())
              .setRefSpecs(refs)
              .setTagOpt(TagOpt.NO_TAGS)
              .setCheckFetchedObjects(true)
              .setRemoveDeletedRefs(commit == null)
              .setProgressMonitor(watch)
              .setTimeout(network.seconds())
              .setTransportConfigCallback(network);
      String token = network.token();
      if (token != null) {
        fetch.setCredentialsProvider(new UsernamePasswordCredentialsProvider("token", token));
      }
      fetch.call();
      watch.look();
    } catch (GitAPIException failed) {
      throw watch.tooLarge() ? tooLarge() : unreachable(failed, network);
    }
    if (watch.tooLarge()) {
      throw tooLarge();
    }
  }

  private CommandException tooLarge() {
    return new CommandException(
        "RAYA-PKG-008",
        address + " is larger than a git dependency can be",
        "a mirror holds at most "
            + Progress.bytes(MAX_BYTES)
            + " and a transfer "
            + FetchWatch.MAX_OBJECTS
            + " objects");
  }

  private CommandException unreachable(GitAPIException failed, GitNetwork network) {
    if (network.wasSilent()) {
      return SshFailure.silent(address, network.seconds());
    }
    if ("ssh".equals(address.uri().getScheme())) {
      String said = network.said();
      if (!said.isEmpty()) {
        return SshFailure.of(address, said);
      }
    }
    Throwable cause = failed;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    String text = String.valueOf(failed.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("not authorized") || text.contains("authentication is required")) {
      return new CommandException(
          "RAYA-NET-001",
          "the git repository " + address + " asks for an account",
          "write [\""
              + address.uri().resolve("/").toString().replaceAll("/$", "")
              + "\"] token = \"…\" into credentials.toml of RAYA_HOME");
    }
    return new CommandException(
        "RAYA-NET-001",
        "the git repository " + address + " cannot be read: " + why,
        "check the address and the network",
        "--offline works with what the mirror holds");
  }

  /** Whether a commit is here. */
  boolean has(String commit) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      walk.parseCommit(ObjectId.fromString(commit));
      return true;
    } catch (MissingObjectException missing) {
      return false;
    }
  }

  /** The commit of a tag as it was last seen, or null. */
  @Nullable String tag(String name) throws IOException {
    return commitOf("refs/tags/" + name);
  }

  /** The commit of a branch as it was last seen, or null. */
  @Nullable String branch(String name) throws IOException {
    return commitOf("refs/heads/" + name);
  }

  /** The commit of the default branch as it was last seen, or null. */
  @Nullable String head() throws IOException {
    return commitOf(HEAD);
  }

  private @Nullable String commitOf(String reference) throws IOException {
    if (!Repository.isValidRefName(reference)) {
      return null;
    }
    org.eclipse.jgit.lib.Ref found = repository.exactRef(reference);
    ObjectId id = found == null ? null : found.getObjectId();
    if (id == null) {
      return null;
    }
    try (RevWalk walk = new RevWalk(repository)) {
      return walk.parseCommit(id).name();
    }
  }

  /**
   * The commit that a full or shortened id means, or null.
   *
   * @throws CommandException RAYA-PKG-001 if it is no id, or means several
   */
  @Nullable String revision(String id) throws CommandException, IOException {
    boolean hex = id.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (!hex || id.length() < SHORTEST || id.length() > HEX) {
      throw new CommandException(
          "RAYA-PKG-001",
          "rev = \"" + id + "\" is no commit",
          "write 7 to 40 lower-case hexadecimal digits");
    }
    if (id.length() == HEX) {
      return has(id) ? id : null;
    }
    try {
      ObjectId found = repository.resolve(id + "^{commit}");
      return found == null ? null : found.name();
    } catch (AmbiguousObjectException several) {
      throw new CommandException(
          "RAYA-PKG-001",
          "rev = \"" + id + "\" means several objects of " + address,
          "write all 40 digits of the commit");
    } catch (RevisionSyntaxException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  /** Whether a commit is another one or one of those before it. */
  boolean isBefore(String commit, String later) throws IOException {
    if (!has(commit)) {
      return false;
    }
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit first = walk.parseCommit(ObjectId.fromString(commit));
      return walk.isMergedInto(first, walk.parseCommit(ObjectId.fromString(later)));
    }
  }

  /**
   * Writes the files of a commit.
   *
   * @param into an empty folder
   * @return the digest of the files
   * @throws CommandException RAYA-PKG-008 if it holds submodules, links, or names or sizes that no
   *     package can have
   * @throws IOException if it cannot be read or written
   */
  Digest export(String commit, Path into) throws CommandException, IOException {
    CheckedTree tree = new CheckedTree(into);
    try (RevWalk commits = new RevWalk(repository);
        TreeWalk files = new TreeWalk(repository)) {
      files.addTree(commits.parseCommit(ObjectId.fromString(commit)).getTree());
      files.setRecursive(true);
      while (files.next()) {
        String path = files.getPathString();
        FileMode mode = files.getFileMode();
        if (mode.equals(FileMode.GITLINK)) {
          throw refused(commit, path + " is a submodule; git dependencies have none");
        }
        if (mode.equals(FileMode.SYMLINK)) {
          throw refused(commit, path + " is a symbolic link; packages have none");
        }
        ObjectLoader file = files.getObjectReader().open(files.getObjectId(0));
        try (InputStream content = file.openStream()) {
          tree.file(path, file.getSize(), content);
        }
      }
      return tree.finish();
    } catch (ArchiveException broken) {
      throw refused(commit, String.valueOf(broken.getMessage()));
    }
  }

  private CommandException refused(String commit, String why) {
    return new CommandException(
        "RAYA-PKG-008", address + " at " + commit + " cannot be a package: " + why);
  }

  @Override
  public void close() {
    repository.close();
  }
}
