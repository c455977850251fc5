package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.Style;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.RegistryApi;
import java.util.ArrayList;
import java.util.List;

/** {@code token list|create|revoke}: the tokens of the account. */
final class TokenCommand {
  private static final String ID = "ID";
  private static final List<String> SCOPES = List.of("publish", "yank", "owner", "key", "read");

  private static final OptionSpec SCOPE =
      OptionSpec.list("--scope", "SCOPE", "what it may: publish, yank, owner, key, read");
  private static final OptionSpec PACKAGE =
      OptionSpec.list("--package", "NAME", "for which packages; NAME* for all that begin so");
  private static final OptionSpec DAYS =
      OptionSpec.value("--days", "N", "how long it is valid, at most 90 (default)");
  private static final OptionSpec DESCRIPTION =
      OptionSpec.value("--description", "TEXT", "what it is for");

  private TokenCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("token", "manage the tokens of your account")
        .subcommand(
            CommandSpec.named("list", "list them; the tokens themselves are not known any more")
                .example("raya-pm token list", "numbers, scopes, when they end")
                .runs(RegistryCommand.online("listing tokens", TokenCommand::list))
                .build())
        .subcommand(
            CommandSpec.named("create", "make one that can do no more than the one you use")
                .description("Prints the token, this once, and nothing else on standard output.")
                .options(SCOPE, PACKAGE, DAYS, DESCRIPTION)
                .example(
                    "raya-pm token create --scope publish --package @acme/* --days 30",
                    "for a build server")
                .runs(RegistryCommand.online("making a token", TokenCommand::create))
                .build())
        .subcommand(
            CommandSpec.named("revoke", "end a token")
                .positional(ID, PositionalSpec.Arity.ONE, "its number, or current")
                .example("raya-pm token revoke 2", "number 2 of `token list`")
                .runs(RegistryCommand.online("ending a token", TokenCommand::revoke))
                .build())
        .build();
  }

  private static void list(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    JsonFields document = api.readOwn("tokens");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("token", "scopes", "packages", "until", "last used", "what for"));
    for (JsonFields token : RegistryCommand.listed(document, "tokens")) {
      rows.add(
          List.of(
              Long.toString(token.integer("id")),
              String.join(",", token.strings("scopes")),
              String.join(",", token.strings("packages")),
              time(token, "expiresAt", "for ever"),
              time(token, "lastUsedAt", "never"),
              token.string("description")));
    }
    TextTable.print(session.console(), rows, Style.BOLD);
    session.console().result(document.object());
  }

  private static String time(JsonFields token, String member, String otherwise)
      throws JsonException {
    return token.value(member) instanceof Json.Str(String time) ? time : otherwise;
  }

  private static void create(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    List<String> scopes = arguments.values(SCOPE.name());
    if (scopes.isEmpty()) {
      throw new UsageException(
          "no scope is given", "--scope publish, for example; the fewer the better");
    }
    for (String scope : scopes) {
      if (!SCOPES.contains(scope)) {
        String near = Nearest.of(scope, SCOPES);
        throw new UsageException(
            "there is no scope \"" + scope + "\"",
            near == null
                ? "there are " + String.join(", ", SCOPES)
                : "did you mean \"" + near + "\"?");
      }
    }
    Json.ObjectBuilder request = Json.object().put("scopes", Json.strings(scopes));
    List<String> packages = arguments.values(PACKAGE.name());
    if (!packages.isEmpty()) {
      request.put("packages", Json.strings(packages));
    }
    request.put("days", arguments.number(DAYS.name(), 1, 90, 90));
    request.putUnlessEmpty("description", arguments.value(DESCRIPTION.name()));
    JsonFields made = api.create("tokens", request.build());
    session.console().line(made.string("token"));
    session
        .console()
        .status(
            "token "
                + made.integer("id")
                + ", until "
                + made.string("expiresAt")
                + "; it is not shown again");
    session.console().result(made.object());
  }

  private static void revoke(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, InterruptedException {
    String id = arguments.required(ID);
    if (!id.equals("current") && !id.matches("[0-9]{1,18}")) {
      throw new UsageException(
          "\"" + id + "\" is no token's number", "`raya-pm token list` shows them");
    }
    api.remove("tokens/" + id);
    session.console().line("token " + id + " has ended");
    session.console().result(Json.object().put("id", id).put("revoked", true).build());
  }
}
