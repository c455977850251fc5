package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.lock.LinkPlan;
import dev.raya.resolver.lock.Lockfile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code tree} and {@code why PKG}: the graph of the lockfile, without a network. */
final class TreeCommand {
  private static final String PACKAGE = "PKG";
  private static final int MOST_PATHS = 100;

  private TreeCommand() {}

  static CommandSpec tree() {
    return CommandSpec.named("tree", "print the locked dependency graph")
        .runs(TreeCommand::printTree)
        .build();
  }

  static CommandSpec why() {
    return CommandSpec.named("why", "print the paths that lead to a package")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
        .runs(TreeCommand::printPaths)
        .build();
  }

  private static LinkPlan plan(Arguments arguments, Console console) throws CommandException {
    ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
    Lockfile lockfile = LockedFiles.read(project);
    if (lockfile == null) {
      throw new CommandException(
          "RAYA-PKG-005", "there is no raya.lock", "`raya-pm install` writes it");
    }
    return LinkPlan.of(lockfile, Manifests.read(project, console));
  }

  private static int printTree(Arguments arguments, Console console) throws CommandException {
    LinkPlan plan = plan(arguments, console);
    Set<String> shown = new LinkedHashSet<>();
    for (String id : plan.project().values()) {
      node(plan, id, 0, shown, console);
    }
    console.result(json(plan));
    return ExitCode.OK;
  }

  private static void node(
      LinkPlan plan, String id, int depth, Set<String> shown, Console console) {
    LinkPlan.LinkedPackage linked = plan.packages().get(id);
    boolean again = !shown.add(id) && linked != null && !linked.imports().isEmpty();
    console.line("  ".repeat(depth) + id + (again ? " (see above)" : ""));
    if (linked != null && !again) {
      for (String next : linked.imports().values()) {
        node(plan, next, depth + 1, shown, console);
      }
    }
  }

  private static Json json(LinkPlan plan) {
    Json.ObjectBuilder packages = Json.object();
    for (Map.Entry<String, LinkPlan.LinkedPackage> each : plan.packages().entrySet()) {
      packages.put(each.getKey(), Json.strings(each.getValue().imports().values()));
    }
    return Json.object()
        .put("project", Json.strings(plan.project().values()))
        .put("graph", packages.build())
        .build();
  }

  private static int printPaths(Arguments arguments, Console console) throws CommandException {
    LinkPlan plan = plan(arguments, console);
    String name = arguments.required(PACKAGE);
    List<String> paths = new ArrayList<>();
    for (String id : plan.project().values()) {
      follow(plan, id, name, new ArrayList<>(List.of("this project")), paths);
    }
    if (paths.isEmpty()) {
      throw new CommandException(
          "RAYA-RES-002", name + " is not in raya.lock", "`raya-pm tree` shows what is");
    }
    for (String path : paths) {
      console.line(path);
    }
    console.result(Json.object().put("paths", Json.strings(paths)).build());
    return ExitCode.OK;
  }

  private static void follow(
      LinkPlan plan, String id, String name, List<String> path, List<String> found) {
    LinkPlan.LinkedPackage linked = plan.packages().get(id);
    if (linked == null || path.contains(id) || found.size() >= MOST_PATHS) {
      return;
    }
    path.add(id);
    if (linked.name().equals(name) || id.equals(name)) {
      found.add(String.join(" -> ", path));
    }
    for (String next : linked.imports().values()) {
      follow(plan, next, name, path, found);
    }
    path.removeLast();
  }
}
