package dev.raya.cli.pm.project;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.Failure;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.manifest.WorkspaceInheritance;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds and reads the members of a workspace: the folders that {@code [workspace] members} name and
 * that hold a {@code raya.toml}.
 */
public final class WorkspaceMembers {
  /** Most members of a workspace. */
  public static final int MAX_MEMBERS = 10_000;

  /** How a manifest is read from disk. */
  interface Reader {
    /**
     * Reads a manifest.
     *
     * @param path the file
     * @param file its name as messages shall show it
     * @throws ManifestException if it is missing or malformed
     * @throws IOException if it cannot be read
     */
    Manifest read(Path path, String file) throws ManifestException, IOException;
  }

  private final Path root;
  private final Manifest manifest;
  private final Manifest.WorkspaceSection section;

  /**
   * The members of a workspace.
   *
   * @param root its folder
   * @param manifest its manifest
   * @throws IllegalArgumentException if the manifest has no {@code [workspace]}
   */
  public WorkspaceMembers(Path root, Manifest manifest) {
    Manifest.WorkspaceSection found = manifest.workspace();
    if (found == null) {
      throw new IllegalArgumentException(root + " is no workspace");
    }
    this.root = root;
    this.manifest = manifest;
    this.section = found;
  }

  /**
   * The members' manifests, inherited dependencies filled in, by folder.
   *
   * @param edited the folder of a member whose manifest is at hand
   * @param edit that manifest
   * @param reader reads the others
   * @throws CommandException if one is missing or malformed, or two have one name
   */
  SortedMap<String, Manifest> read(Path edited, Manifest edit, Reader reader)
      throws CommandException {
    SortedMap<String, Manifest> members = new TreeMap<>();
    Map<PackageName, String> folders = new HashMap<>();
    for (String folder : folders()) {
      Path path = root.resolve(folder);
      try {
        Manifest member =
            path.equals(edited)
                ? edit
                : reader.read(
                    path.resolve(ProjectFolder.MANIFEST), folder + "/" + ProjectFolder.MANIFEST);
        members.put(folder, new WorkspaceInheritance(manifest, folder).of(member));
        PackageName name = member.name();
        String other = name == null ? folder : folders.put(name, folder);
        if (other != null) {
          throw refused(
              name == null
                  ? folder + "/raya.toml has no [package]"
                  : folder + " and " + other + " both hold the package " + name,
              "each member of a workspace is a package with a name of its own");
        }
      } catch (ManifestException malformed) {
        throw Manifests.refused(malformed);
      } catch (IOException unreadable) {
        throw Failure.of(unreadable);
      }
    }
    return members;
  }

  /**
   * The members' folders, relative to the root with {@code /}.
   *
   * @throws CommandException if a folder named without a star is no package, or they are too many
   */
  public SortedSet<String> folders() throws CommandException {
    SortedSet<String> folders = new TreeSet<>();
    for (String pattern : section.members()) {
      if (pattern.indexOf('*') < 0 && !isPackage(root.resolve(pattern))) {
        throw refused(
            "[workspace] names " + pattern + ", which holds no raya.toml",
            "make it with `raya-pm init " + pattern + "`, or take it out of members");
      }
      String[] names = pattern.split("/", -1);
      expand(root, names, 0, folders);
    }
    return folders;
  }

  /**
   * A warning for each pattern with a star that names no package: members that are meant and not
   * found would silently be left out.
   *
   * @throws CommandException as {@link #folders}
   */
  List<Finding> unmatched() throws CommandException {
    List<Finding> warnings = new ArrayList<>();
    for (String pattern : section.members()) {
      SortedSet<String> folders = new TreeSet<>();
      expand(root, pattern.split("/", -1), 0, folders);
      if (pattern.indexOf('*') >= 0 && folders.isEmpty()) {
        warnings.add(
            Finding.warning(
                "RAYA-PKG-001",
                "[workspace] names " + pattern + ", and no folder like that holds a raya.toml",
                "make a member with `raya-pm init "
                    + pattern.replace("**", "*").replace("*", "app")
                    + "`, or take the pattern out of members"));
      }
    }
    return warnings;
  }

  /** As deep as the pattern has names. */
  private void expand(Path at, String[] names, int depth, SortedSet<String> folders)
      throws CommandException {
    if (depth == names.length) {
      String folder = root.relativize(at).toString().replace('\\', '/');
      if (!folder.isEmpty() && isPackage(at)) {
        folders.add(folder);
      }
      if (folders.size() > MAX_MEMBERS) {
        throw refused("a workspace has at most " + MAX_MEMBERS + " members", "narrow its patterns");
      }
      return;
    }
    String name = names[depth];
    if (name.isEmpty() || name.equals(".")) {
      expand(at, names, depth + 1, folders);
    } else if (name.indexOf('*') < 0) {
      expand(at.resolve(name), names, depth + 1, folders);
    } else {
      for (Path folder : subfolders(at)) {
        String relative = root.relativize(folder).toString().replace('\\', '/');
        if (new Manifest.WorkspaceSection(List.of(prefix(names, depth)), Map.of())
            .contains(relative)) {
          expand(folder, names, depth + 1, folders);
        }
      }
    }
  }

  private static String prefix(String[] names, int depth) {
    return String.join(
        "/",
        List.of(names).subList(0, depth + 1).stream()
            .filter(name -> !name.isEmpty() && !name.equals("."))
            .toList());
  }

  private static List<Path> subfolders(Path at) throws CommandException {
    if (!Files.isDirectory(at)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(at)) {
      return all.filter(Files::isDirectory).sorted().toList();
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static boolean isPackage(Path folder) {
    return Files.isRegularFile(folder.resolve(ProjectFolder.MANIFEST));
  }

  private static CommandException refused(String message, String note) {
    return new CommandException(Finding.error("RAYA-PKG-001", message, note));
  }
}
