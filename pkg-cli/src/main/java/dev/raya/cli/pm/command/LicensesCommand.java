package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.Policies;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.LockedMetadata;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.policy.LicensePolicy;
import dev.raya.resolver.project.ProjectManifests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code licenses}: the licence of each locked package, and which of them the policies of user and
 * project do not take. Ends with 1 if there is one. Needs no network.
 */
final class LicensesCommand implements Command {
  private static final String NONE = "none stated";
  private static final String UNKNOWN = "not installed";

  static CommandSpec spec() {
    return CommandSpec.named("licenses", "list the licences of all packages and check the policy")
        .example("raya-pm licenses", "by licence; exit code 1 if the policy does not take one")
        .runs(new LicensesCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      Manifest own = Manifests.read(project, console);
      ProjectManifests manifests = LockedFiles.manifests(project, own, console);
      Lockfile lockfile = LockedFiles.require(project);
      LicensePolicy policy = new Policies(session, manifests.root()).licenses();
      LockedMetadata metadata = new LockedMetadata(session.cache());
      Map<String, List<String>> byLicense = new TreeMap<>();
      List<Json> rows = new ArrayList<>();
      List<Finding> refused = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (LockedPackage locked : lockfile.packages()) {
        String license = license(locked, manifests, metadata);
        String shown = license == null ? UNKNOWN : license.isEmpty() ? NONE : license;
        byLicense.computeIfAbsent(shown, l -> new ArrayList<>()).add(locked.id());
        // The project's own members are not what a policy on others is for.
        boolean other = !(locked.source() instanceof LockSource.Path);
        String refusal = license == null || !other ? null : policy.refusal(license);
        if (license == null) {
          missing.add(locked.id());
        }
        if (refusal != null) {
          refused.add(Finding.error("RAYA-RES-006", locked.id() + ": " + refusal));
        }
        rows.add(row(locked, license, refusal));
      }
      byLicense.forEach((license, ids) -> console.line(license + ": " + String.join(", ", ids)));
      console.result(Json.object().put("packages", new Json.Array(rows)).build());
      if (!missing.isEmpty()) {
        console.report(
            Finding.warning(
                "RAYA-PKG-015",
                "the licence of " + String.join(", ", missing) + " is not known here",
                "`raya-pm install` fetches what is missing"));
      }
      refused.forEach(console::report);
      return refused.isEmpty() ? ExitCode.OK : ExitCode.PROBLEM;
    }
  }

  private static @Nullable String license(
      LockedPackage locked, ProjectManifests manifests, LockedMetadata metadata) {
    if (locked.source() instanceof LockSource.Path(String path)) {
      Manifest manifest = manifests.paths().get(path);
      return manifest == null || manifest.about() == null ? "" : manifest.about().license();
    }
    PackageMetadata found = metadata.of(locked);
    return found == null ? null : found.license();
  }

  private static Json row(
      LockedPackage locked, @Nullable String license, @Nullable String refusal) {
    return Json.object()
        .put("name", locked.name().text())
        .put("version", locked.version().text())
        .putIfPresent("license", license == null ? null : Json.of(license))
        .put("allowed", refusal == null)
        .putUnlessEmpty("refusal", refusal)
        .build();
  }
}
