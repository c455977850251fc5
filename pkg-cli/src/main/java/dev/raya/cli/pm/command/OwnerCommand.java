package dev.raya.cli.pm.command;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.RegistryApi;

/** {@code owner list|add|remove}: the accounts that may publish and change a package. */
final class OwnerCommand {
  private static final String PACKAGE = RegistryCommand.PACKAGE;
  private static final String ACCOUNT = "ACCOUNT";

  private OwnerCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("owner", "manage who owns a package")
        .subcommand(RegistryCommand.list("owners", "/owners", OwnerCommand::show))
        .subcommand(
            CommandSpec.named("add", "let accounts publish and change a package")
                .description(
                    "Their registered keys may sign its next versions. An owner may remove others.")
                .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
                .positional(ACCOUNT, PositionalSpec.Arity.SOME, "names as `raya-pm whoami` says")
                .example("raya-pm owner add logging ann", "ann may publish it too")
                .runs(
                    RegistryCommand.online(
                        "changing owners",
                        (arguments, session, api) -> change(arguments, session, api, "PUT")))
                .build())
        .subcommand(
            CommandSpec.named("remove", "take accounts' rights on a package away")
                .description("What they published stays valid. The last owner stays.")
                .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
                .positional(ACCOUNT, PositionalSpec.Arity.SOME, "names of owners")
                .example("raya-pm owner remove logging bob", "bob may no longer")
                .runs(
                    RegistryCommand.online(
                        "changing owners",
                        (arguments, session, api) -> change(arguments, session, api, "DELETE")))
                .build())
        .build();
  }

  private static void change(Arguments arguments, Session session, RegistryApi api, String method)
      throws CommandException, JsonException, InterruptedException {
    PackageArgument wanted = PackageArgument.parse(arguments.required(PACKAGE));
    for (String account : arguments.all(ACCOUNT)) {
      if (!account.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
        throw new UsageException(
            "\"" + account + "\" is no account's name", "`raya-pm whoami` shows one's own");
      }
    }
    JsonFields document = null;
    for (String account : arguments.all(ACCOUNT)) {
      RegistryApi.Change change = api.change(method, wanted.path() + "/owners/" + account, null);
      document = change.document();
      session
          .console()
          .status(
              account
                  + (method.equals("PUT") ? " owns " : " does not own ")
                  + wanted.name()
                  + (change.changed() ? "" : " already"));
    }
    if (document != null) {
      show(session, document);
    }
  }

  private static void show(Session session, JsonFields document) throws JsonException {
    for (JsonFields owner : RegistryCommand.listed(document, "owners")) {
      session.console().line(owner.string("name"));
    }
    session.console().result(document.object());
  }
}
