package dev.raya.cli.pm.project;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.Failure;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.manifest.SourcePosition;
import dev.raya.resolver.project.ForeignSources;
import dev.raya.resolver.project.ProjectManifests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A project's manifest with those that it leads to: of its workspace, and of all path dependencies,
 * theirs included.
 */
public final class ManifestTree {
  private final ProjectFolder project;
  private final Map<String, Manifest> paths = new LinkedHashMap<>();
  private final Deque<Map.Entry<Path, Manifest>> open = new ArrayDeque<>();

  /** By file, relative to the lockfile's folder: the manifests beside the project's own. */
  private final SortedMap<String, Digest> others = new TreeMap<>();

  private Set<String> members = Set.of();
  private List<Finding> unmatched = List.of();
  private Manifest root;

  private ManifestTree(ProjectFolder project, Manifest own) {
    this.project = project;
    this.root = own;
  }

  /**
   * Reads what a manifest leads to.
   *
   * @param own the project's manifest; in a member of a workspace the member's
   * @throws CommandException if one is missing or malformed
   */
  public static ManifestTree read(ProjectFolder project, Manifest own, Console console)
      throws CommandException {
    ManifestTree tree = new ManifestTree(project, own);
    tree.walk(own);
    console.detail("manifests read: " + (1 + tree.paths.size()));
    return tree;
  }

  /**
   * Reports what is odd in the manifests of the project: its own, the workspace's and those of the
   * members.
   */
  public void warn(Manifest own, Console console) {
    Manifests.warn(own, console);
    Manifests.warn(root, console);
    unmatched.forEach(console::reportOnce);
    for (String member : members) {
      Manifest manifest = paths.get(member);
      if (manifest != null) {
        Manifests.warn(manifest, console);
      }
    }
  }

  /** The manifests. */
  public ProjectManifests manifests() {
    return new ProjectManifests(root, paths, ForeignSources.NONE, members);
  }

  /**
   * One digest of all manifests as they were read. Another manifest, one more and one less give
   * another digest.
   *
   * @param own digest of the project's own manifest; the result, if there is no other
   */
  public Digest digest(Digest own) {
    if (others.isEmpty()) {
      return own;
    }
    StringBuilder all = new StringBuilder(own.hex());
    others.forEach(
        (file, digest) -> all.append('\n').append(digest.hex()).append(' ').append(file));
    return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void walk(Manifest own) throws CommandException {
    if (project.isMember()) {
      root = readOrRefuse(project.workspace(), ProjectFolder.MANIFEST);
    }
    open.add(Map.entry(project.workspace(), root));
    if (root.workspace() != null) {
      WorkspaceMembers workspace = new WorkspaceMembers(project.workspace(), root);
      Map<String, Manifest> found = workspace.read(project.root(), own, this::read);
      unmatched = workspace.unmatched();
      members = found.keySet();
      paths.putAll(found);
      found.forEach(
          (folder, manifest) -> open.add(Map.entry(project.workspace().resolve(folder), manifest)));
    }
    while (!open.isEmpty()) {
      Map.Entry<Path, Manifest> next = open.remove();
      for (Dependency dependency : next.getValue().dependencies().values()) {
        follow(next.getKey(), dependency);
      }
      String folder = relative(next.getKey());
      if (folder.isEmpty() || members.contains(folder)) {
        for (Dependency dependency : next.getValue().devDependencies().values()) {
          follow(next.getKey(), dependency);
        }
      }
    }
  }

  private String relative(Path folder) {
    return project.workspace().relativize(folder).toString().replace('\\', '/');
  }

  private void follow(Path from, Dependency dependency) throws CommandException {
    if (!(dependency.source() instanceof Dependency.Source.Path(String path))) {
      return;
    }
    Path folder = from.resolve(path).normalize();
    String relative = relative(folder);
    if (paths.containsKey(relative)) {
      return;
    }
    if (!Files.exists(folder.resolve(ProjectFolder.MANIFEST))) {
      throw at(
          dependency.position(),
          dependency.alias() + ": there is no package in " + path,
          folder.resolve(ProjectFolder.MANIFEST) + " is looked for",
          "correct the path, which is relative to the folder of this file");
    }
    Manifest manifest = readOrRefuse(folder, relative + "/" + ProjectFolder.MANIFEST);
    if (!dependency.name().equals(manifest.name())) {
      throw at(
          dependency.position(),
          path + " holds the package " + manifest.name() + ", not " + dependency.name(),
          "write " + manifest.name() + " as the key, or package = \"" + manifest.name() + "\"");
    }
    paths.put(relative, manifest);
    open.add(Map.entry(folder, manifest));
  }

  private Manifest readOrRefuse(Path folder, String file) throws CommandException {
    try {
      return read(folder.resolve(ProjectFolder.MANIFEST), file);
    } catch (ManifestException malformed) {
      throw Manifests.refused(malformed);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private Manifest read(Path path, String file) throws ManifestException, IOException {
    byte[] document = ManifestReader.bytes(path, file);
    others.put(file, Digest.of(document));
    return ManifestReader.read(file, document);
  }

  private static CommandException at(SourcePosition position, String message, String... notes) {
    return new CommandException(
        Finding.error("RAYA-PKG-001", message, notes).at(Manifests.span(position)));
  }
}
