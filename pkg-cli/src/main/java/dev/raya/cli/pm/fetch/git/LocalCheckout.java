package dev.raya.cli.pm.fetch.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.Status;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * The git checkout that a folder of this machine lies in.
 *
 * @param top its uppermost folder
 * @param commit that is checked out; empty if there is none yet
 * @param changed tracked files that are not as the commit has them, sorted
 */
public record LocalCheckout(Path top, String commit, List<String> changed) {
  /** Copies the list. */
  public LocalCheckout {
    changed = List.copyOf(changed);
  }

  /**
   * Looks from a folder upwards.
   *
   * @throws IOException if there is one that cannot be read
   */
  public static Optional<LocalCheckout> around(Path folder) throws IOException {
    QuietSystem.install();
    FileRepositoryBuilder builder = new FileRepositoryBuilder().findGitDir(folder.toFile());
    File found = builder.getGitDir();
    if (found == null) {
      return Optional.empty();
    }
    try (Repository repository = builder.setMustExist(true).build();
        Git git = new Git(repository)) {
      if (repository.isBare()) {
        return Optional.empty();
      }
      ObjectId head = repository.resolve("HEAD");
      Status status = git.status().call();
      TreeSet<String> changed = new TreeSet<>(status.getUncommittedChanges());
      return Optional.of(
          new LocalCheckout(
              repository.getWorkTree().toPath(),
              head == null ? "" : head.name(),
              List.copyOf(changed)));
    } catch (RepositoryNotFoundException none) {
      return Optional.empty();
    } catch (GitAPIException unreadable) {
      throw new IOException("the git checkout " + found + " cannot be read", unreadable);
    }
  }
}
