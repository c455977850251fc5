package dev.raya.cli.pm.publish;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.project.ResolveOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Before publishing: the package's own direct dependencies must load with the grants that it lists
 * for them, since whoever uses it gets no others (packages.md 8).
 */
public final class GrantCheck {
  private GrantCheck() {}

  /**
   * Checks the locked versions of the direct dependencies.
   *
   * @throws CommandException RAYA-SEC-020 if one needs more than it is granted
   */
  public static void ofDirectDependencies(ProjectFolder project, Manifest manifest)
      throws CommandException {
    Lockfile lockfile = LockedFiles.read(project);
    List<Finding> findings = new ArrayList<>();
    for (Dependency dependency : manifest.dependencies().values()) {
      if (lockfile != null && !dependency.optional()) {
        for (LockedPackage locked : lockfile.versionsOf(dependency.name())) {
          List<Capability> lacking = new ArrayList<>(locked.capabilities());
          lacking.removeAll(dependency.grant());
          lacking.removeAll(ResolveOptions.EVERYBODY);
          if (!lacking.isEmpty() && dependency.rangeOrAny().contains(locked.version())) {
            findings.add(
                Finding.error(
                        "RAYA-SEC-020",
                        dependency.alias() + " needs " + lacking + ", and raya.toml grants it less",
                        "whoever uses this package could not load it; add grant = "
                            + lacking.stream()
                                .map(each -> '"' + each.text() + '"')
                                .collect(Collectors.joining(", ", "[", "]")))
                    .at(Manifests.span(dependency.position())));
          }
        }
      }
    }
    if (!findings.isEmpty()) {
      throw new CommandException(findings);
    }
  }
}
