package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Failures;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.version.Version;

/**
 * {@code docs PKG[@V]}: a version's README, or with {@code --api} its interface with the comments,
 * as text, and where the pages are. No browser is opened: the address can be, where there is one.
 */
final class DocsCommand {
  private static final String PACKAGE = "PKG[@V]";
  private static final String API = "--api";
  private static final String ADDRESS = "--address";

  private DocsCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("docs", "print the documentation of a package")
        .description("With --offline it comes from the cache, if the version was installed.")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package, or a version of it")
        .options(
            OptionSpec.flag(API, "its exported interface with the comments"),
            OptionSpec.flag(ADDRESS, "only the address of its page"))
        .runs(DocsCommand::run)
        .build();
  }

  private static int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    PackageArgument wanted = PackageArgument.parse(arguments.required(PACKAGE));
    boolean interfaceOnly = arguments.flag(API);
    try (Session session = Session.of(arguments, console)) {
      if (session.settings().offline()) {
        held(session, wanted, interfaceOnly);
        return ExitCode.OK;
      }
      session.prepareHome();
      Registry registry = session.registry();
      try {
        online(session, wanted, registry.api(), interfaceOnly, arguments.flag(ADDRESS));
        return ExitCode.OK;
      } catch (JsonException malformed) {
        throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
      }
    }
  }

  private static void online(
      Session session,
      PackageArgument wanted,
      RegistryApi api,
      boolean interfaceOnly,
      boolean addressOnly)
      throws CommandException, JsonException, InterruptedException {
    String version = PublishedPackage.of(api.read(wanted.path())).select(wanted.selector());
    String address = api.address("p/" + wanted.name() + "/v/" + version).toString();
    Console console = session.console();
    Json.ObjectBuilder result =
        Json.object()
            .put("name", wanted.name().text())
            .put("version", version)
            .put("address", address);
    if (addressOnly) {
      console.line(address);
    } else {
      String text =
          api.readText(wanted.path() + "/" + version + (interfaceOnly ? "/symbols" : "/readme"));
      print(console, text);
      console.status("page: " + address);
      result.put("text", text);
    }
    console.result(result.build());
  }

  private static void held(Session session, PackageArgument wanted, boolean interfaceOnly)
      throws CommandException {
    HeldPackages held = new HeldPackages(session);
    IndexDocument document = held.document(wanted.name());
    String version = HeldPackages.published(document).select(wanted.selector());
    Version parsed = Version.tryParse(version);
    IndexLine.VersionLine line = parsed == null ? null : document.version(parsed);
    if (line == null) {
      throw new CommandException("RAYA-RES-003", wanted.name() + " has no version yet");
    }
    String text = held.text(line, wanted.name(), interfaceOnly ? "module.rdef" : "README.md");
    print(session.console(), text);
    session
        .console()
        .result(
            Json.object()
                .put("name", wanted.name().text())
                .put("version", version)
                .put("text", text)
                .build());
  }

  private static void print(Console console, String text) {
    text.lines().forEach(console::line);
  }
}
