package dev.raya.resolver.manifest;

import dev.raya.resolver.manifest.Dependency.Source;
import dev.raya.resolver.manifest.Manifest.RegistryEntry;
import dev.raya.resolver.manifest.Manifest.WorkspaceSection;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.ResolverCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Gives a member of a workspace what {@code workspace = true} stands for: the entry of {@code
 * [workspace.dependencies]}, to which the member adds features and grants, and says whether it is
 * optional. The registries of the root are the member's too.
 */
public final class WorkspaceInheritance {
  private final WorkspaceSection workspace;
  private final Map<String, RegistryEntry> registries;
  private final String toRoot;

  /**
   * Takes the root and where the member is.
   *
   * @param root the manifest of the workspace's root
   * @param folder the member's folder, relative to the root with {@code /}
   * @throws IllegalArgumentException if the root has no {@code [workspace]}
   */
  public WorkspaceInheritance(Manifest root, String folder) {
    WorkspaceSection section = root.workspace();
    if (section == null) {
      throw new IllegalArgumentException(root.file() + " has no [workspace]");
    }
    this.workspace = section;
    this.registries = root.registries();
    this.toRoot = "../".repeat(folder.split("/", -1).length);
  }

  /**
   * The member's manifest with its inherited dependencies filled in.
   *
   * @throws ManifestException if one of them is not in {@code [workspace.dependencies]}
   */
  public Manifest of(Manifest member) throws ManifestException {
    ManifestFaults faults = new ManifestFaults(new SourceText(member.file(), ""));
    Map<String, RegistryEntry> all = new LinkedHashMap<>(registries);
    all.putAll(member.registries());
    Manifest filled =
        member.withDependencies(
            filled(member.dependencies(), faults), filled(member.devDependencies(), faults), all);
    faults.throwIfAny();
    return filled;
  }

  private Map<PackageName, Dependency> filled(
      Map<PackageName, Dependency> dependencies, ManifestFaults faults) {
    Map<PackageName, Dependency> filled = new LinkedHashMap<>();
    dependencies.forEach(
        (alias, dependency) -> {
          Dependency shared = workspace.dependencies().get(alias);
          if (!(dependency.source() instanceof Source.Workspace)) {
            filled.put(alias, dependency);
          } else if (shared != null) {
            filled.put(alias, merged(dependency, shared));
          } else {
            faults.add(
                ResolverCode.MANIFEST_MALFORMED,
                dependency.position(),
                alias + " is not in [workspace.dependencies] of the workspace's root",
                Spelling.nearest(
                    alias.text(),
                    workspace.dependencies().keySet().stream().map(PackageName::text).toList()));
          }
        });
    return filled;
  }

  private Dependency merged(Dependency member, Dependency shared) {
    List<String> features =
        new ArrayList<>(new TreeSet<>(union(shared.features(), member.features())));
    List<Capability> grant = union(shared.grant(), member.grant());
    return new Dependency(
        member.alias(),
        shared.name(),
        shared.source() instanceof Source.Path(String path)
            ? new Source.Path(toRoot + path)
            : shared.source(),
        shared.range(),
        features,
        shared.defaultFeatures() && member.defaultFeatures(),
        member.optional(),
        member.targets().isEmpty() ? shared.targets() : member.targets(),
        grant,
        member.position());
  }

  private static <T> List<T> union(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
