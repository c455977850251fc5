package dev.raya.cli.pm.command;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.RegistryApi;
import java.util.List;

/** {@code search Q}: packages of the registry by name, keyword and description. */
final class SearchCommand {
  private static final String QUERY = "Q";
  private static final String LIMIT = "--limit";
  private static final int MAX_WIDTH = 32;

  private SearchCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("search", "find packages of the registry")
        .calledElsewhere("find")
        .positional(QUERY, PositionalSpec.Arity.SOME, "words of name, keywords or description")
        .options(OptionSpec.value(LIMIT, "N", "how many, at most 100 (20)"))
        .example("raya-pm search http", "packages with http in name, keywords or description")
        .runs(RegistryCommand.online("searching", SearchCommand::search))
        .build();
  }

  private static void search(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    String query = String.join(" ", arguments.all(QUERY));
    long limit = arguments.number(LIMIT, 1, 100, 20);
    JsonFields document = api.read("search?q=" + RegistryApi.query(query) + "&limit=" + limit);
    List<JsonFields> found = RegistryCommand.listed(document, "packages");
    Console console = session.console();
    int width = 0;
    for (JsonFields each : found) {
      width = Math.max(width, label(each).length());
    }
    for (JsonFields each : found) {
      String label = label(each);
      String padding = " ".repeat(Math.max(0, Math.min(width, MAX_WIDTH) - label.length()));
      console.line((label + padding + "  " + each.string("description")).stripTrailing());
    }
    if (found.isEmpty()) {
      console.status("nothing found for \"" + query + "\"");
    } else if (document.has("next")) {
      console.status("there are more: --limit, or a narrower search");
    }
    console.result(document.object());
  }

  private static String label(JsonFields each) throws JsonException {
    return each.string("name") + " " + each.string("version");
  }
}
