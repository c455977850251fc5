package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.resolver.version.VersionTag;

/** {@code tag list|set|remove}: names that point to versions. */
final class TagCommand {
  private static final String PACKAGE = RegistryCommand.PACKAGE;
  private static final String VERSION = "PKG@VERSION";
  private static final String TAG = "TAG";

  private TagCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("tag", "manage names that point to versions")
        .subcommand(RegistryCommand.list("tags", "/tags", TagCommand::show))
        .subcommand(
            CommandSpec.named("set", "point a tag to a version")
                .description("latest, unless set, is the highest version that is no pre-release.")
                .positional(VERSION, PositionalSpec.Arity.ONE, "the version")
                .positional(TAG, PositionalSpec.Arity.ONE, "the tag, such as next")
                .example("raya-pm tag set logging@2.0.0-rc.1 next", "`add logging@next` takes it")
                .runs(RegistryCommand.online("setting a tag", TagCommand::set))
                .build())
        .subcommand(
            CommandSpec.named("remove", "take a tag away")
                .positional(PACKAGE, PositionalSpec.Arity.ONE, "the package")
                .positional(TAG, PositionalSpec.Arity.ONE, "the tag")
                .example(
                    "raya-pm tag remove logging next", "`add logging@next` is refused afterwards")
                .runs(RegistryCommand.online("removing a tag", TagCommand::remove))
                .build())
        .build();
  }

  private static void set(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    PackageArgument wanted = PackageArgument.withVersion(arguments.required(VERSION));
    String path = wanted.path() + "/tags/" + tag(arguments);
    Json body = Json.object().put("version", wanted.version().text()).build();
    show(session, api.change("PUT", path, body).document());
  }

  private static void remove(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    PackageArgument wanted = PackageArgument.parse(arguments.required(PACKAGE));
    String tag = tag(arguments);
    RegistryApi.Change change = api.change("DELETE", wanted.path() + "/tags/" + tag, null);
    session
        .console()
        .status(
            change.changed()
                ? wanted.name() + " has no tag " + tag + " any more"
                : wanted.name() + " has no tag " + tag);
    show(session, change.document());
  }

  private static String tag(Arguments arguments) throws UsageException {
    return require(arguments.required(TAG));
  }

  /** The word, if it is a tag. */
  static String require(String tag) throws UsageException {
    if (!VersionTag.isTag(tag)) {
      throw new UsageException(
          "\"" + tag + "\" is no tag",
          "a tag has 1 to 32 of a-z 0-9 -, starts with a letter and reads unlike a range");
    }
    return tag;
  }

  private static void show(Session session, JsonFields document) throws JsonException {
    JsonFields tags = document.fields("tags");
    if (tags.names().isEmpty()) {
      session.console().status("there are no tags but latest, which every package has");
    }
    for (String tag : tags.names()) {
      session.console().line(tag + " " + tags.string(tag));
    }
    session.console().result(document.object());
  }
}
