package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.AdvisorySource;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.audit.Advisory;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code audit [--fix]}: which locked versions the registry's advisories hit. Ends with 1 if there
 * are any; {@code --fix} resolves anew without the versions that are hit, and ends with 0 if that
 * leaves none.
 */
final class AuditCommand implements Command {
  private static final String FIX = "--fix";

  static CommandSpec spec() {
    return CommandSpec.named("audit", "list locked versions that advisories hit")
        .options(
            OptionSpec.flag(FIX, "move to versions that no advisory hits, as far as ranges allow"))
        .example("raya-pm audit --output json", "for programs; exit code 1 if there are hits")
        .runs(new AuditCommand())
        .build();
  }

  /** A locked version and the advisories that hit it. */
  private record Hit(LockedPackage locked, List<Advisory> advisories) {}

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      session.prepareHome();
      Advisories advisories = new AdvisorySource(session).read();
      Lockfile before = LockedFiles.require(project);
      List<Hit> hits = hits(before, advisories);
      if (arguments.flag(FIX) && !hits.isEmpty()) {
        fix(session, project, hits);
        Lockfile after = LockedFiles.require(project);
        tellMoves(console, before, after, hits);
        hits = hits(after, advisories);
      }
      tell(console, hits, LockedFiles.require(project).packages().size(), advisories.size());
      return hits.isEmpty() ? ExitCode.OK : ExitCode.PROBLEM;
    }
  }

  private static List<Hit> hits(Lockfile lockfile, Advisories advisories) {
    List<Hit> hits = new ArrayList<>();
    for (LockedPackage locked : lockfile.packages()) {
      if (locked.source() instanceof LockSource.Registry) {
        List<Advisory> found = advisories.hitting(locked.name(), locked.version());
        if (!found.isEmpty()) {
          hits.add(new Hit(locked, found));
        }
      }
    }
    return hits;
  }

  private static void fix(Session session, ProjectFolder project, List<Hit> hits)
      throws CommandException, InterruptedException {
    Set<PackageName> names = new TreeSet<>();
    hits.forEach(hit -> names.add(hit.locked().name()));
    InstallRequest.Rules plain = InstallRequest.Rules.NONE;
    new Installer(session, project)
        .install(
            InstallRequest.PLAIN
                .withUpdate(names)
                .withRules(
                    new InstallRequest.Rules(
                        plain.preReleases(), plain.preference(), plain.excludeNewer(), true)));
  }

  private static void tellMoves(Console console, Lockfile before, Lockfile after, List<Hit> hits) {
    for (Hit hit : hits) {
      if (after.find(hit.locked().name(), hit.locked().version()) == null) {
        List<String> versions = new ArrayList<>();
        for (LockedPackage now : after.versionsOf(hit.locked().name())) {
          if (before.find(now.name(), now.version()) == null) {
            versions.add(now.version().text());
          }
        }
        console.line(
            hit.locked().id()
                + " -> "
                + (versions.isEmpty() ? "not needed any more" : String.join(", ", versions)));
      }
    }
  }

  private static void tell(Console console, List<Hit> hits, int packages, int advisories) {
    for (Hit hit : hits) {
      for (Advisory advisory : hit.advisories()) {
        console.line(
            hit.locked().id()
                + "  "
                + advisory.id()
                + (advisory.severity().isEmpty() ? "" : "  " + advisory.severity())
                + (advisory.summary().isEmpty() ? "" : "  " + advisory.summary()));
        console.line("  " + remedy(hit.locked(), advisory));
      }
    }
    console.line(
        packages
            + (packages == 1 ? " package" : " packages")
            + " checked against "
            + advisories
            + (advisories == 1 ? " advisory" : " advisories")
            + ": "
            + (hits.isEmpty() ? "no hits" : hits.size() + " hit"));
    console.result(
        Json.object()
            .put("packages", packages)
            .put("advisories", advisories)
            .put("hits", new Json.Array(hits.stream().map(AuditCommand::json).toList()))
            .build());
  }

  private static String remedy(LockedPackage locked, Advisory advisory) {
    List<String> fixes = new ArrayList<>();
    for (Version fix : advisory.fixesOf(locked.name())) {
      if (fix.compareTo(locked.version()) > 0) {
        fixes.add(fix.text());
      }
    }
    String url = advisory.url().isEmpty() ? "" : "; " + advisory.url();
    return (fixes.isEmpty()
            ? "no fixed version is known"
            : "fixed in " + String.join(", ", fixes) + ": `raya-pm audit --fix`")
        + url;
  }

  private static Json json(Hit hit) {
    List<Json> advisories = new ArrayList<>();
    for (Advisory advisory : hit.advisories()) {
      advisories.add(
          Json.object()
              .put("id", advisory.id())
              .put("aliases", Json.strings(advisory.aliases()))
              .put("summary", advisory.summary())
              .put("severity", advisory.severity())
              .put("url", advisory.url())
              .put(
                  "fixed",
                  Json.strings(
                      advisory.fixesOf(hit.locked().name()).stream().map(Version::text).toList()))
              .build());
    }
    return Json.object()
        .put("name", hit.locked().name().text())
        .put("version", hit.locked().version().text())
        .put("advisories", new Json.Array(advisories))
        .build();
  }
}
