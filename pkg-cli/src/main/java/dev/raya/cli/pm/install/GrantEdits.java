package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.DependencyEdit;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestEditor;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes grants into a manifest: {@code grant} of a direct dependency, {@code [grants]} for a
 * package further down (packages.md 8).
 *
 * @param project the project
 * @param text its manifest
 */
record GrantEdits(ProjectFolder project, String text) {
  /**
   * The manifest with grants.
   *
   * @throws CommandException if the manifest is malformed, or {@code [grants]} would have to be
   *     written in a member of a workspace, where they do not count
   */
  String with(Map<PackageName, List<Capability>> grants) throws CommandException {
    if (grants.isEmpty()) {
      return text;
    }
    Manifest manifest = Manifests.parse(project, text);
    ManifestEditor editor;
    try {
      editor = ManifestEditor.open(project.manifestName(), text.getBytes(StandardCharsets.UTF_8));
    } catch (ManifestException malformed) {
      throw Manifests.refused(malformed);
    }
    for (Map.Entry<PackageName, List<Capability>> grant : grants.entrySet()) {
      boolean used =
          grant(editor, ManifestEditor.Table.DEPENDENCIES, manifest.dependencies(), grant);
      boolean developed =
          grant(editor, ManifestEditor.Table.DEV_DEPENDENCIES, manifest.devDependencies(), grant);
      if (!used && !developed && project.isMember()) {
        throw new UsageException(
            grant.getKey() + " is no dependency of this member of the workspace",
            "run the command in " + project.workspace() + ", whose [grants] count for all");
      }
      if (!used && !developed) {
        editor.addGrants(grant.getKey(), grant.getValue());
      }
    }
    return editor.text();
  }

  private static boolean grant(
      ManifestEditor editor,
      ManifestEditor.Table table,
      Map<PackageName, Dependency> dependencies,
      Map.Entry<PackageName, List<Capability>> grant) {
    boolean found = false;
    for (Dependency dependency : dependencies.values()) {
      if (dependency.name().equals(grant.getKey())) {
        editor.setDependency(
            table,
            dependency.alias(),
            new DependencyEdit(
                null, null, null, List.of(), null, null, List.of(), grant.getValue()));
        found = true;
      }
    }
    return found;
  }
}
