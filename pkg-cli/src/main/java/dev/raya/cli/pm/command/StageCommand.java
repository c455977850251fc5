package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.Style;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.cli.pm.publish.Publisher;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code stage list|drop} and {@code promote}: what becomes of staged releases. */
final class StageCommand {
  private static final String VERSION = "PKG@VERSION|ID";
  private static final String STAGE = "--stage";

  private StageCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("stage", "list staged releases, or drop one")
        .description(
            """
            `publish --stage` uploads a version that is in no log and no index, reserved for 7 days.
            Who has its id and a token that reads takes it with `install --stage ID`.""")
        .subcommand(
            CommandSpec.named("list", "list the releases that you may promote or drop")
                .example("raya-pm stage list", "ids, versions, and until when they are reserved")
                .runs(RegistryCommand.online("looking up staged releases", StageCommand::list))
                .build())
        .subcommand(
            CommandSpec.named("drop", "give a staged release up; its version is free again")
                .positional(VERSION, PositionalSpec.Arity.ONE, "the version, or the release's id")
                .example("raya-pm stage drop logging@1.3.0", "the tests of CI said no")
                .runs(RegistryCommand.online("dropping a staged release", StageCommand::drop))
                .build())
        .build();
  }

  static CommandSpec promote() {
    return CommandSpec.named("promote", "publish a staged release, the same bytes")
        .description(
            """
            The token needs the scope publish, its account owns the package; where the package asks
            for it (`raya-pm publisher promotion`), another owner staged it. Doing it again changes
            nothing. With --stage, nothing but the release of that id is published, and the token
            need not read.""")
        .positional(VERSION, PositionalSpec.Arity.ONE, "the version, or the release's id")
        .options(OptionSpec.value(STAGE, "ID", "the release that was tried; no other is published"))
        .example("raya-pm promote logging@1.3.0", "everybody can install it now")
        .runs(RegistryCommand.online("promoting", StageCommand::promote))
        .build();
  }

  private static void list(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    JsonFields document = api.readOwn("stages");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("version", "id", "staged by", "reserved until"));
    for (JsonFields each : RegistryCommand.listed(document, "stages")) {
      rows.add(
          List.of(
              each.string("name") + "@" + each.string("version"),
              each.string("id"),
              each.string("account"),
              each.string("expires")));
    }
    if (rows.size() == 1) {
      session.console().status("nothing is staged that you may promote or drop");
    } else {
      TextTable.print(session.console(), rows, Style.BOLD);
    }
    session.console().result(document.object());
  }

  private static void drop(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    String named = arguments.required(VERSION);
    PackageArgument wanted = wanted(api, named);
    String staged = wanted.path() + "/" + wanted.version() + "/stage";
    JsonFields dropped =
        api.change("DELETE", LockedPackage.isStage(named) ? staged + "/" + named : staged, null)
            .document();
    session.console().line("dropped " + dropped.string("name") + "@" + dropped.string("version"));
    session.console().result(dropped.object());
  }

  private static void promote(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    String named = arguments.required(VERSION);
    String given = LockedPackage.isStage(named) ? named : null;
    if (arguments.value(STAGE) != null) {
      String stage = InstallOptions.stage(arguments.value(STAGE));
      if (given != null && !given.equals(stage)) {
        throw new UsageException("two releases are named, " + given + " and " + stage);
      }
      given = stage;
    }
    PackageArgument wanted = wanted(api, named);
    Console console = session.console();
    Publisher.Release release;
    if (given != null) {
      release = new Publisher.Release(given, null);
    } else {
      release = listed(api, wanted);
      if (release != null) {
        console.status("promoting the staged release " + release.id() + ", " + release.archive());
      }
    }
    Publisher.Promoted promoted =
        new Publisher(session).promote(wanted.name(), wanted.version(), release);
    for (String check : promoted.checks()) {
      console.status("registry: " + check);
    }
    console.line(
        "published " + wanted.name() + " " + wanted.version() + " (log " + promoted.log() + ")");
    if (given != null) {
      console.status("the staged release " + given + " was " + promoted.archive());
    }
    Json.ObjectBuilder result =
        Json.object()
            .put("name", wanted.name().text())
            .put("version", wanted.version().text())
            .put("sha256", promoted.archive().hex())
            .put("registry", session.registry().config().origin())
            .put("log", promoted.log());
    if (release != null) {
      result.put("stage", release.id());
    }
    console.result(result.build());
  }

  /** The version named, or the one that a release's id stands for. */
  private static PackageArgument wanted(RegistryApi api, String named)
      throws CommandException, JsonException, InterruptedException {
    if (!LockedPackage.isStage(named)) {
      return PackageArgument.withVersion(named);
    }
    JsonFields release = api.readOwn("stages/" + named);
    return PackageArgument.withVersion(release.string("name") + "@" + release.string("version"));
  }

  /** The release of that version that the account may promote; null where none is staged. */
  private static Publisher.@Nullable Release listed(RegistryApi api, PackageArgument wanted)
      throws CommandException, JsonException, InterruptedException {
    for (JsonFields each : RegistryCommand.listed(api.readOwn("stages"), "stages")) {
      Version version = Version.tryParse(each.string("version"));
      if (each.string("name").equals(wanted.name().text())
          && version != null
          && version.precedence().equals(wanted.version().precedence())) {
        String id = each.string("id");
        String sha256 = each.string("sha256");
        if (!LockedPackage.isStage(id) || !Digest.isHex(sha256)) {
          throw each.fault("id", "expected 40 hexadecimal digits, and a digest as sha256");
        }
        return new Publisher.Release(id, new Digest(sha256));
      }
    }
    return null;
  }
}
