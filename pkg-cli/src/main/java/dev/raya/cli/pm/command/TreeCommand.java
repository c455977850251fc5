package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.project.LockedGraph;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code tree} and {@code why PKG}: the graph of the lockfile, without a network. */
final class TreeCommand {
  private static final String PACKAGE = "PKG";
  private static final String DEPTH = "--depth";
  private static final String INVERT = "--invert";
  private static final String DUPLICATES = "--duplicates";
  private static final String LIMIT = "--limit";
  private static final int MAX_DEPTH = 1_000;
  private static final int DEFAULT_PATHS = 1_000;
  private static final int MAX_PATHS = 1_000_000;

  private TreeCommand() {}

  static CommandSpec tree() {
    return CommandSpec.named("tree", "print the locked dependency graph")
        .calledElsewhere("ls", "list")
        .description(
            "A package that stands further up with what it depends on is marked \"see above\".")
        .options(
            OptionSpec.value(DEPTH, "N", "no more than N levels below the project"),
            OptionSpec.value(INVERT, "PKG", "who depends on this package, upwards"),
            OptionSpec.flag(DUPLICATES, "only packages with several versions, and who wants them"))
        .example("raya-pm tree --depth 1", "the direct dependencies")
        .example("raya-pm tree --invert fmt", "everything that depends on fmt")
        .runs(TreeCommand::printTree)
        .build();
  }

  static CommandSpec why() {
    return CommandSpec.named("why", "print every path that leads to a package")
        .positional(
            PACKAGE, PositionalSpec.Arity.ONE, "the package, with \"NAME VERSION\" just that one")
        .options(
            OptionSpec.value(LIMIT, "N", "print at most N paths (1000); all are counted anyway"))
        .example("raya-pm why fmt", "each chain from this project to fmt")
        .runs(TreeCommand::printPaths)
        .build();
  }

  private static int printTree(Arguments arguments, Console console) throws CommandException {
    LockedGraph graph = LockedGraph.read(arguments.environment().directory(), console);
    int depth = (int) arguments.number(DEPTH, 0, MAX_DEPTH, MAX_DEPTH);
    String inverted = arguments.value(INVERT);
    boolean duplicates = arguments.flag(DUPLICATES);
    if (duplicates && inverted != null) {
      throw new UsageException("--invert and --duplicates exclude each other");
    }
    Collection<String> roots = graph.direct();
    Map<String, List<String>> edges = graph.dependencies();
    if (inverted != null) {
      roots = ids(graph, inverted);
      edges = graph.dependents();
    } else if (duplicates) {
      roots = graph.duplicates();
      edges = graph.dependents();
    }
    if (duplicates && roots.isEmpty()) {
      console.line("no package is here in more than one version");
    }
    Set<String> shown = new LinkedHashSet<>();
    for (String id : roots) {
      node(edges, id, 0, depth, shown, console);
    }
    Json.ObjectBuilder packages = Json.object();
    edges.forEach((id, next) -> packages.put(id, Json.strings(next)));
    console.result(
        Json.object()
            .put("roots", Json.strings(roots))
            .put("inverted", inverted != null || duplicates)
            .put("graph", packages.build())
            .build());
    return ExitCode.OK;
  }

  private static void node(
      Map<String, List<String>> edges,
      String id,
      int level,
      int depth,
      Set<String> shown,
      Console console) {
    List<String> next = edges.getOrDefault(id, List.of());
    boolean again = !shown.add(id) && !next.isEmpty();
    console.line("  ".repeat(level) + id + (again ? " (see above)" : ""));
    if (!again && level + 1 < depth) {
      for (String each : next) {
        node(edges, each, level + 1, depth, shown, console);
      }
    }
  }

  private static List<String> ids(LockedGraph graph, String word) throws CommandException {
    List<String> ids = graph.idsOf(word);
    if (ids.isEmpty()) {
      throw LockedNames.unknown(word, graph.names());
    }
    return ids;
  }

  private static int printPaths(Arguments arguments, Console console) throws CommandException {
    LockedGraph graph = LockedGraph.read(arguments.environment().directory(), console);
    int limit = (int) arguments.number(LIMIT, 1, MAX_PATHS, DEFAULT_PATHS);
    Set<String> wanted = new LinkedHashSet<>(ids(graph, arguments.required(PACKAGE)));
    BigInteger all = graph.countPaths(wanted);
    List<List<String>> paths = graph.paths(wanted, limit);
    List<Json> items = new ArrayList<>();
    for (List<String> path : paths) {
      console.line(LockedGraph.PROJECT + " -> " + String.join(" -> ", path));
      items.add(Json.strings(path));
    }
    if (all.compareTo(BigInteger.valueOf(paths.size())) > 0) {
      console.status(
          "and "
              + all.subtract(BigInteger.valueOf(paths.size()))
              + " more; --limit N prints more of them");
    }
    console.result(
        Json.object().put("paths", new Json.Array(items)).put("count", all.toString()).build());
    return ExitCode.OK;
  }
}
