package dev.raya.cli.pm.fetch.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * A repository with packages.
 *
 * @param git the repository, with a work tree
 */
public record TestRepository(Git git) implements AutoCloseable {
  /** An empty one in a new folder. */
  public static TestRepository in(Path folder) throws IOException, GitAPIException {
    QuietSystem.install();
    return new TestRepository(
        Git.init()
            .setDirectory(Files.createDirectory(folder).toFile())
            .setInitialBranch("main")
            .call());
  }

  /** Its work tree. */
  public Path work() {
    return git.getRepository().getWorkTree().toPath();
  }

  /** Its address on this machine. */
  public String url() {
    return "file://" + work();
  }

  /** Writes a file of the work tree. */
  public void write(String path, String text) throws IOException {
    Path file = work().resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Writes a package into a folder, {@code .} for the root, with more lines of its manifest. */
  public void write(String folder, String name, String version, String more) throws IOException {
    write(
        folder + "/raya.toml",
        "[package]\nname = \""
            + name
            + "\"\nversion = \""
            + version
            + "\"\nmain = \"src/index.raya\"\n"
            + more);
    write(folder + "/src/index.raya", "export const v = 1;\n");
  }

  /** Commits all that was written. */
  public RevCommit commitAll() throws GitAPIException {
    git.add().addFilepattern(".").call();
    return commit();
  }

  /** Commits the index. */
  public RevCommit commit() throws GitAPIException {
    return git.commit()
        .setAuthor("A", "a@example.com")
        .setCommitter("A", "a@example.com")
        .setMessage("c")
        .setSign(false)
        .call();
  }

  /** Tags the head. */
  public void tag(String name) throws GitAPIException {
    git.tag().setName(name).setAnnotated(true).setMessage("first").setSigned(false).call();
  }

  /** What a revision means. */
  public ObjectId resolved(String revision) throws IOException {
    return Objects.requireNonNull(git.getRepository().resolve(revision), revision);
  }

  @Override
  public void close() {
    git.close();
  }
}
