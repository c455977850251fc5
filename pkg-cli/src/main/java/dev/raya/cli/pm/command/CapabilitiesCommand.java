package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Preview;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.GrantPaths;
import dev.raya.resolver.project.ProjectManifests;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code capabilities [--diff]}: what each locked package's bytecode needs, what it may do and by
 * whose word. {@code --diff} resolves an update of everything, writes nothing, and shows what would
 * need more or less than now.
 */
final class CapabilitiesCommand implements Command {
  private static final String DIFF = "--diff";

  static CommandSpec spec() {
    return CommandSpec.named("capabilities", "what each dependency needs, may do, and why")
        .options(OptionSpec.flag(DIFF, "what an update would change; nothing is written"))
        .example("raya-pm capabilities", "read from raya.lock and the manifests alone")
        .runs(new CapabilitiesCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
      Lockfile lockfile = LockedFiles.require(project);
      if (arguments.flag(DIFF)) {
        diff(session, project, lockfile, console);
        return ExitCode.OK;
      }
      ProjectManifests manifests =
          LockedFiles.manifests(project, Manifests.read(project, console), console);
      GrantPaths paths = new GrantPaths(manifests, lockfile);
      List<Json> rows = new ArrayList<>();
      for (LockedPackage locked : lockfile.packages()) {
        console.line(
            locked.id()
                + ": needs "
                + words(locked.capabilities())
                + "; may "
                + words(locked.granted()));
        List<Capability> lacking = new ArrayList<>(locked.capabilities());
        lacking.removeAll(locked.granted());
        if (!locked.capabilities().isEmpty()) {
          console.line("  by way of " + paths.shortest(locked));
        }
        if (!lacking.isEmpty()) {
          console.line("  not granted: " + words(lacking));
        }
        rows.add(
            Json.object()
                .put("name", locked.name().text())
                .put("version", locked.version().text())
                .put("needs", Json.strings(texts(locked.capabilities())))
                .put("granted", Json.strings(texts(locked.granted())))
                .put("missing", Json.strings(texts(lacking)))
                .put("path", paths.shortest(locked))
                .build());
      }
      console.result(Json.object().put("packages", new Json.Array(rows)).build());
      return ExitCode.OK;
    }
  }

  private static void diff(Session session, ProjectFolder project, Lockfile before, Console console)
      throws CommandException, InterruptedException {
    Set<PackageName> all = new HashSet<>();
    before.packages().forEach(locked -> all.add(locked.name()));
    session.prepareHome();
    Lockfile after =
        new Preview(session, project)
            .of(text(project), InstallRequest.PLAIN.withUpdate(all))
            .lockfile();
    List<Json> rows = new ArrayList<>();
    for (LockedPackage now : after.packages()) {
      List<LockedPackage> former = before.versionsOf(now.name());
      List<Capability> more = new ArrayList<>(now.capabilities());
      List<Capability> less = new ArrayList<>();
      for (LockedPackage each : former) {
        more.removeAll(each.capabilities());
        less.addAll(each.capabilities());
      }
      less.removeAll(now.capabilities());
      if (more.isEmpty() && less.isEmpty()) {
        continue;
      }
      String from =
          former.isEmpty()
              ? "new"
              : String.join(", ", former.stream().map(p -> p.version().text()).toList());
      console.line(
          now.name()
              + " "
              + from
              + " -> "
              + now.version()
              + (more.isEmpty() ? "" : ": needs more: " + words(more))
              + (less.isEmpty() ? "" : ": needs no more: " + words(less)));
      rows.add(
          Json.object()
              .put("name", now.name().text())
              .put("from", from)
              .put("to", now.version().text())
              .put("more", Json.strings(texts(more)))
              .put("less", Json.strings(texts(less)))
              .build());
    }
    if (rows.isEmpty()) {
      console.line("an update changes no package's capabilities");
    }
    console.result(Json.object().put("changes", new Json.Array(rows)).build());
  }

  private static String text(ProjectFolder project) throws CommandException {
    try {
      return Files.readString(project.manifest());
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static String words(List<Capability> capabilities) {
    return capabilities.isEmpty() ? "nothing" : String.join(", ", texts(capabilities));
  }

  private static List<String> texts(List<Capability> capabilities) {
    return capabilities.stream().map(Capability::text).toList();
  }
}
