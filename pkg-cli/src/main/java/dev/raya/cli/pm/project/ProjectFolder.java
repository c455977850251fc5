package dev.raya.cli.pm.project;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.manifest.ManifestReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A project's folder and the files in it. A member of a workspace has its manifest in its own
 * folder, and its lockfile at the workspace's root.
 *
 * @param root absolute path of the folder that holds {@code raya.toml}
 * @param workspace absolute path of the folder that holds {@code raya.lock}: the workspace's root,
 *     or the project itself
 */
public record ProjectFolder(Path root, Path workspace) {
  /** Name of the manifest. */
  public static final String MANIFEST = "raya.toml";

  /** Name of the lockfile. */
  public static final String LOCKFILE = "raya.lock";

  /** Name of the folder of outputs. */
  public static final String OUTPUTS = ".raya";

  /** A project that is no member of a workspace. */
  public ProjectFolder(Path root) {
    this(root, root);
  }

  /**
   * The project that a directory belongs to: the nearest {@code raya.toml} upwards, and the
   * workspace that it is a member of.
   *
   * @throws CommandException RAYA-PKG-001 if there is none, or the root's manifest is malformed
   */
  public static ProjectFolder find(Path directory) throws CommandException {
    for (Path at = directory; at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(MANIFEST))) {
        return inWorkspace(at);
      }
    }
    throw new CommandException(
        "RAYA-PKG-001",
        "there is no raya.toml in " + directory + " or above it",
        "`raya-pm init` makes a project here");
  }

  private static ProjectFolder inWorkspace(Path project) throws CommandException {
    for (Path at = project.getParent(); at != null; at = at.getParent()) {
      Manifest.WorkspaceSection section = workspaceOf(at);
      if (section != null) {
        String folder = at.relativize(project).toString().replace('\\', '/');
        return section.contains(folder)
            ? new ProjectFolder(project, at)
            : new ProjectFolder(project);
      }
    }
    return new ProjectFolder(project);
  }

  /** The {@code [workspace]} of a folder's manifest; only a file that names one is parsed. */
  private static Manifest.@Nullable WorkspaceSection workspaceOf(Path folder)
      throws CommandException {
    Path file = folder.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      byte[] document = Files.readAllBytes(file);
      boolean named =
          new String(document, StandardCharsets.UTF_8)
              .lines()
              .anyMatch(line -> line.strip().startsWith("[workspace"));
      return named ? ManifestReader.read(file.toString(), document).workspace() : null;
    } catch (ManifestException malformed) {
      throw Manifests.refused(malformed);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /** Whether it is a member of a workspace whose root is another folder. */
  public boolean isMember() {
    return !root.equals(workspace);
  }

  /** The manifest. */
  public Path manifest() {
    return root.resolve(MANIFEST);
  }

  /** The manifest's name as messages show it: relative to the workspace's root. */
  public String manifestName() {
    return isMember() ? workspace.relativize(manifest()).toString().replace('\\', '/') : MANIFEST;
  }

  /** The lockfile. */
  public Path lockfile() {
    return workspace.resolve(LOCKFILE);
  }

  /** The folder of outputs. */
  public Path outputs() {
    return root.resolve(OUTPUTS);
  }
}
