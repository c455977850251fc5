package dev.raya.cli.pm.command;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Failures;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.RegistryApi;
import java.util.List;

/** The frame of commands that do nothing but talk to the registry. */
final class RegistryCommand {
  private RegistryCommand() {}

  /** The package that a command is about. */
  static final String PACKAGE = "PKG";

  /** What a command does with the registry. */
  @FunctionalInterface
  interface Action {
    /**
     * Does it.
     *
     * @throws CommandException as the registry refuses
     * @throws JsonException if an answer has not the form it should have
     * @throws InterruptedException if the thread was interrupted
     */
    void run(Arguments arguments, Session session, RegistryApi api)
        throws CommandException, JsonException, InterruptedException;
  }

  /**
   * A command that needs the registry and fails offline.
   *
   * @param what the action, as a noun phrase
   */
  static Command online(String what, Action action) {
    return (arguments, console) -> run(arguments, console, what, action);
  }

  /** Shows a document. */
  @FunctionalInterface
  interface Show {
    /**
     * Does it.
     *
     * @throws JsonException if it has not the form it should have
     */
    void run(Session session, JsonFields document) throws JsonException;
  }

  /**
   * The subcommand {@code list PKG}, which shows one of the documents of a package.
   *
   * @param what the things listed, in the plural
   * @param path of the document, below the package's
   */
  static CommandSpec list(String what, String path, Show show) {
    return CommandSpec.named("list", "list the " + what + " of a package")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
        .example(
            "raya-pm " + what.substring(0, what.length() - 1) + " list logging",
            "the " + what + " of logging")
        .runs(
            online(
                "looking up " + what,
                (arguments, session, api) ->
                    show.run(
                        session,
                        api.read(
                            PackageArgument.parse(arguments.required(PACKAGE)).path() + path))))
        .build();
  }

  /**
   * The objects of a list that a document must have.
   *
   * @throws JsonException if it has none of that name
   */
  static List<JsonFields> listed(JsonFields document, String member) throws JsonException {
    if (!document.has(member)) {
      throw document.fault(member, "expected a list");
    }
    return document.list(member);
  }

  private static int run(Arguments arguments, Console console, String what, Action action)
      throws CommandException, InterruptedException {
    try (Session session = Offline.refused(Session.of(arguments, console), what)) {
      session.prepareHome();
      Registry registry = session.registry();
      try {
        action.run(arguments, session, registry.api());
      } catch (JsonException malformed) {
        throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
      }
      return ExitCode.OK;
    }
  }
}
