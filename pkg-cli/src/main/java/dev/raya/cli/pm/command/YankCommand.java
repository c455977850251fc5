package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code yank}, {@code unyank} and {@code deprecate}: the status of published versions. */
final class YankCommand {
  private static final String PACKAGE = "PKG@VERSION";
  private static final String PACKAGES = "PKG[@RANGE]";
  private static final String UNDO = "--undo";

  private static final OptionSpec REASON =
      OptionSpec.value(
          "--reason", "WORD", "why: broken, security, mistake, malware, legal or other");
  private static final OptionSpec USE =
      OptionSpec.value("--use", "VERSION", "the version to use instead");
  private static final OptionSpec MESSAGE =
      OptionSpec.value("--message", "TEXT", "why, in words; may be changed, is not in the log");

  private YankCommand() {}

  static CommandSpec yank() {
    return CommandSpec.named("yank", "hide a published version from new resolutions")
        .description(
            """
            Projects that have it in their lockfile keep it and are warned. Nothing is deleted, and
            `unyank` takes it back. The token needs the scope yank, its account owns the package.""")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the version")
        .options(REASON, USE, MESSAGE)
        .example("raya-pm yank logging@1.2.3 --reason broken --use 1.2.4", "point to the successor")
        .runs(
            RegistryCommand.online(
                "yanking", (arguments, session, api) -> one(arguments, session, api, "yank")))
        .build();
  }

  static CommandSpec unyank() {
    return CommandSpec.named("unyank", "show a yanked version to resolutions again")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the version")
        .example("raya-pm unyank logging@1.2.3", "take the yank back")
        .runs(
            RegistryCommand.online(
                "unyanking", (arguments, session, api) -> one(arguments, session, api, "unyank")))
        .build();
  }

  static CommandSpec deprecate() {
    return CommandSpec.named("deprecate", "advise against published versions")
        .description("Without a range all versions are meant. They stay installable.")
        .positional(PACKAGES, PositionalSpec.Arity.ONE, "the versions")
        .options(REASON, USE, MESSAGE, OptionSpec.flag(UNDO, "no longer advise against them"))
        .example("raya-pm deprecate logging@<2 --message \"use 2.x\"", "the whole old line")
        .runs(RegistryCommand.online("deprecating", YankCommand::many))
        .build();
  }

  private static void one(Arguments arguments, Session session, RegistryApi api, String action)
      throws CommandException, InterruptedException {
    PackageArgument wanted = PackageArgument.withVersion(arguments.required(PACKAGE));
    Version version = wanted.version();
    RegistryApi.Change change =
        api.change(
            "POST",
            wanted.path() + "/" + version + "/" + action,
            action.equals("yank") ? body(arguments) : null);
    Console console = session.console();
    String done = action.equals("yank") ? " is yanked" : " is not yanked";
    console.line(wanted.name() + " " + version + done + suffix(change.changed()));
    console.result(change.document().object());
  }

  private static void many(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    PackageArgument wanted = PackageArgument.parse(arguments.required(PACKAGES));
    boolean undo = arguments.flag(UNDO);
    Json body = undo ? null : body(arguments);
    List<String> versions = matching(PublishedPackage.of(api.read(wanted.path())), wanted);
    List<Json> documents = new ArrayList<>();
    for (String version : versions) {
      RegistryApi.Change change =
          api.change(
              "POST", wanted.path() + "/" + version + (undo ? "/undeprecate" : "/deprecate"), body);
      session
          .console()
          .line(
              wanted.name()
                  + " "
                  + version
                  + (undo ? " is not deprecated" : " is deprecated")
                  + suffix(change.changed()));
      documents.add(change.document().object());
    }
    session.console().result(Json.object().put("versions", Json.array(documents)).build());
  }

  private static List<String> matching(PublishedPackage known, PackageArgument wanted)
      throws CommandException {
    String selector = wanted.selector();
    VersionRange range = selector == null ? null : range(selector);
    if (selector != null && range == null) {
      return List.of(known.select(selector));
    }
    List<String> versions = new ArrayList<>();
    for (PublishedPackage.Listed each : known.versions()) {
      Version version = Version.tryParse(each.version());
      if (range == null || (version != null && range.matches(version, true))) {
        versions.add(each.version());
      }
    }
    return versions.isEmpty() ? List.of(known.select(selector)) : versions;
  }

  private static @Nullable VersionRange range(String selector) {
    return Version.tryParse(selector) != null ? null : VersionRange.tryParse(selector);
  }

  private static String suffix(boolean changed) {
    return changed ? "" : " already";
  }

  private static Json body(Arguments arguments) throws UsageException {
    String reason = arguments.value(REASON.name());
    if (reason != null && IndexLine.Reason.of(reason) == null) {
      List<String> words =
          Arrays.stream(IndexLine.Reason.values()).map(IndexLine.Reason::text).toList();
      String near = Nearest.of(reason, words);
      throw new UsageException(
          "--reason is \"" + reason + "\"",
          (near == null ? "" : "did you mean " + near + "? ")
              + "It takes "
              + String.join(", ", words));
    }
    String use = arguments.value(USE.name());
    if (use != null && Version.tryParse(use) == null) {
      throw new UsageException("--use is \"" + use + "\"", "it takes a version, such as 1.2.4");
    }
    return Json.object()
        .putUnlessEmpty("reason", reason)
        .putUnlessEmpty("use", use)
        .putUnlessEmpty("message", arguments.value(MESSAGE.name()))
        .build();
  }
}
