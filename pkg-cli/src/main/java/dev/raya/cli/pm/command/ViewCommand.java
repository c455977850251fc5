package dev.raya.cli.pm.command;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.RegistryApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code view PKG[@V] [FIELD…]}: the registry's documents of a package as fields, for scripts. With
 * a version its document and status, without one the package's.
 */
final class ViewCommand {
  private static final String PACKAGE = "PKG[@V]";
  private static final String FIELD = "FIELD";

  private ViewCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("view", "print fields of a package's or version's document")
        .description("One field prints its value alone. Dots go down: metadata.license.")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package, or a version of it")
        .positional(FIELD, PositionalSpec.Arity.ANY, "which fields; all, unless given")
        .example("raya-pm view logging latest", "the newest version")
        .example("raya-pm view logging@1.2.3 sha256 status.yanked", "two facts of a version")
        .runs(RegistryCommand.online("looking up a package", ViewCommand::view))
        .build();
  }

  private static void view(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    PackageArgument wanted = PackageArgument.parse(arguments.required(PACKAGE));
    Json.Obj document = api.read(wanted.path()).object();
    if (wanted.selector() != null) {
      PublishedPackage known = PublishedPackage.of(JsonFields.root(document));
      String path = wanted.path() + "/" + known.select(wanted.selector());
      Map<String, Json> members = new LinkedHashMap<>(api.read(path).object().members());
      members.put("status", api.read(path + "/status").object());
      document = new Json.Obj(members);
    }
    Console console = session.console();
    List<String> fields = arguments.all(FIELD);
    Map<String, Json> shown = new LinkedHashMap<>();
    if (fields.isEmpty()) {
      flatten("", document, shown);
    }
    for (String field : fields) {
      shown.put(field, value(document, field));
    }
    for (Map.Entry<String, Json> each : shown.entrySet()) {
      String text =
          each.getValue() instanceof Json.Str(String value)
              ? value
              : CanonicalJson.text(each.getValue());
      console.line(shown.size() == 1 ? text : each.getKey() + ": " + text);
    }
    console.result(document);
  }

  /** Objects are taken apart; lists stay whole. */
  private static void flatten(String prefix, Json.Obj object, Map<String, Json> out) {
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      String name = prefix + member.getKey();
      if (member.getValue() instanceof Json.Obj inner) {
        flatten(name + '.', inner, out);
      } else {
        out.put(name, member.getValue());
      }
    }
  }

  private static Json value(Json.Obj document, String field) throws UsageException {
    Json at = document;
    for (String part : field.split("\\.", -1)) {
      Json next = at instanceof Json.Obj object ? object.get(part) : null;
      if (next == null) {
        Map<String, Json> all = new LinkedHashMap<>();
        flatten("", document, all);
        String near = Nearest.of(field, new ArrayList<>(all.keySet()));
        throw new UsageException(
            "there is no field \"" + field + "\"",
            near == null ? "without a field all are printed" : "did you mean \"" + near + "\"?");
      }
      at = next;
    }
    return at;
  }
}
