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
import dev.raya.cli.console.Style;
import dev.raya.cli.console.StyledText;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Failures;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code docs PKG[@V] [NAME]}: what a version's authors say of what it exports, out of its {@code
 * docs.json}; its README where it has none. No browser is opened: the address can be, where there
 * is one.
 */
final class DocsCommand {
  private static final String PACKAGE = "PKG[@V]";
  private static final String NAME = "NAME";
  private static final String README = "--readme";
  private static final String API = "--api";
  private static final String ADDRESS = "--address";
  private static final String NOT_THERE = "RAYA-REG-004";

  private DocsCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("docs", "print the documentation of a package")
        .description(
            """
            Lists what the package exports, with the first words that its authors say of each; a
            NAME shows all of one. A package without such documentation shows its README. With
            --offline it comes from the cache, if the version was installed.""")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package, or a version of it")
        .positional(NAME, PositionalSpec.Arity.OPTIONAL, "a declaration, or Class.member")
        .options(
            OptionSpec.flag(README, "its README"),
            OptionSpec.flag(API, "its exported interface with the comments, as compiled"),
            OptionSpec.flag(ADDRESS, "only the address of its page"))
        .example("raya-pm docs logging", "what it exports")
        .example("raya-pm docs logging@1.2.3 Logger.write", "one method of that version")
        .runs(DocsCommand::run)
        .build();
  }

  private static int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    PackageArgument wanted = PackageArgument.parse(arguments.required(PACKAGE));
    boolean named = arguments.positional(NAME) != null;
    long views =
        Stream.of(named, arguments.flag(README), arguments.flag(API), arguments.flag(ADDRESS))
            .filter(each -> each)
            .count();
    if (views > 1) {
      throw new UsageException(
          "a NAME, " + README + ", " + API + " and " + ADDRESS + " exclude each other");
    }
    try (Session session = Session.of(arguments, console)) {
      if (session.settings().offline()) {
        held(session, wanted, arguments);
        return ExitCode.OK;
      }
      session.prepareHome();
      Registry registry = session.registry();
      try {
        online(session, wanted, registry.api(), arguments);
        return ExitCode.OK;
      } catch (JsonException malformed) {
        throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
      }
    }
  }

  /** Where the files of a version come from. */
  private interface Files {
    /**
     * The text of one.
     *
     * @throws CommandException RAYA-REG-004 if the version has none
     */
    String read(Part part) throws CommandException, InterruptedException;
  }

  /** The parts of a version that can be shown: the registry's name for it, and the file. */
  private enum Part {
    DOCS("docs", PackageDocs.FILE),
    README("readme", "README.md"),
    INTERFACE("symbols", "module.rdef");

    private final String path;
    private final String file;

    Part(String path, String file) {
      this.path = path;
      this.file = file;
    }
  }

  private static void online(
      Session session, PackageArgument wanted, RegistryApi api, Arguments arguments)
      throws CommandException, JsonException, InterruptedException {
    String version = PublishedPackage.of(api.read(wanted.path())).select(wanted.selector());
    String address = api.address("p/" + wanted.name() + "/v/" + version).toString();
    Console console = session.console();
    Json.ObjectBuilder result = about(wanted, version).put("address", address);
    if (arguments.flag(ADDRESS)) {
      console.line(address);
    } else {
      show(
          console,
          wanted.name() + " " + version,
          part -> api.readText(wanted.path() + "/" + version + "/" + part.path),
          arguments,
          result);
      console.status("page: " + address);
    }
    console.result(result.build());
  }

  private static void held(Session session, PackageArgument wanted, Arguments arguments)
      throws CommandException, InterruptedException {
    if (arguments.flag(ADDRESS)) {
      throw new UsageException(ADDRESS + " asks the registry, and --offline forbids it");
    }
    HeldPackages held = new HeldPackages(session);
    IndexDocument document = held.document(wanted.name());
    String version = HeldPackages.published(document).select(wanted.selector());
    Version parsed = Version.tryParse(version);
    IndexLine.VersionLine line = parsed == null ? null : document.version(parsed);
    if (line == null) {
      throw new CommandException("RAYA-RES-003", wanted.name() + " has no version yet");
    }
    Json.ObjectBuilder result = about(wanted, version);
    show(
        session.console(),
        wanted.name() + " " + version,
        part -> held.text(line, wanted.name(), part.file),
        arguments,
        result);
    session.console().result(result.build());
  }

  private static Json.ObjectBuilder about(PackageArgument wanted, String version) {
    return Json.object().put("name", wanted.name().text()).put("version", version);
  }

  private static void show(
      Console console, String title, Files files, Arguments arguments, Json.ObjectBuilder result)
      throws CommandException, InterruptedException {
    String name = arguments.positional(NAME);
    boolean text = arguments.flag(API) || arguments.flag(README);
    PackageDocs docs = text ? null : docs(files, console);
    if (docs == null) {
      if (name != null) {
        throw new CommandException(
            NOT_THERE,
            title + " was published without documentation of " + name,
            "--api shows its interface, --readme its README");
      }
      String said = files.read(arguments.flag(API) ? Part.INTERFACE : Part.README);
      said.lines().forEach(console::line);
      result.put("text", said);
    } else if (name == null) {
      console.line(StyledText.of(Style.CYAN, title));
      docs.overview().forEach(console::line);
      result.put("modules", docs.json());
    } else {
      boolean first = true;
      List<Json> found = new ArrayList<>();
      for (PackageDocs.Item item : docs.find(name)) {
        if (!first) {
          console.line("");
        }
        first = false;
        PackageDocs.whole(item).forEach(console::line);
        found.add(item.document());
      }
      result.put("items", Json.array(found));
    }
  }

  /** The documentation, or null where a version has none, or none that is understood. */
  private static @Nullable PackageDocs docs(Files files, Console console)
      throws CommandException, InterruptedException {
    try {
      PackageDocs docs = PackageDocs.read(files.read(Part.DOCS));
      return docs.isEmpty() ? null : docs;
    } catch (JsonException malformed) {
      console.detail("its docs.json is not understood: " + malformed.getMessage());
      return null;
    } catch (CommandException refused) {
      if (refused.findings().getFirst().code().equals(NOT_THERE)) {
        return null;
      }
      throw refused;
    }
  }
}
