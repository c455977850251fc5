package dev.raya.cli.pm.project;

import dev.raya.cli.console.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A project's folder and the files in it.
 *
 * @param root absolute path of the folder that holds {@code raya.toml}
 */
public record ProjectFolder(Path root) {
  /** Name of the manifest. */
  public static final String MANIFEST = "raya.toml";

  /** Name of the lockfile. */
  public static final String LOCKFILE = "raya.lock";

  /** Name of the folder of outputs. */
  public static final String OUTPUTS = ".raya";

  /**
   * The project that a directory belongs to: the nearest {@code raya.toml} upwards.
   *
   * @throws CommandException RAYA-PKG-001 if there is none
   */
  public static ProjectFolder find(Path directory) throws CommandException {
    for (Path at = directory; at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(MANIFEST))) {
        return new ProjectFolder(at);
      }
    }
    throw new CommandException(
        "RAYA-PKG-001",
        "there is no raya.toml in " + directory + " or above it",
        "`raya-pm init` makes a project here");
  }

  /** The manifest. */
  public Path manifest() {
    return root.resolve(MANIFEST);
  }

  /** The lockfile. */
  public Path lockfile() {
    return root.resolve(LOCKFILE);
  }

  /** The folder of outputs. */
  public Path outputs() {
    return root.resolve(OUTPUTS);
  }
}
