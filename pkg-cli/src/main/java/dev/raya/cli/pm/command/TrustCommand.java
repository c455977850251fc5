package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.settings.ConfigEditor;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.Setting;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.cli.pm.settings.UserRegistries;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.RegistryLog;
import dev.raya.cli.pm.verify.Chain;
import dev.raya.cli.pm.verify.RegistryState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code trust show|level|pin|evidence}: what this home trusts, how much it asks, what it caught.
 */
final class TrustCommand {
  private static final String LEVEL = "LEVEL";
  private static final String REGISTRY = "NAME|URL";
  private static final String ROOT = "ROOT";

  private TrustCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("trust", "show and set what is trusted")
        .subcommand(
            CommandSpec.named("show", "the level, and each known registry's root, metadata and log")
                .description("Reads what this home holds; nobody is asked.")
                .example("raya-pm trust show", "what is trusted, and why")
                .runs(TrustCommand::show)
                .build())
        .subcommand(
            CommandSpec.named("level", "set how much is asked of a version")
                .description(
                    """
                    permissive: digests, metadata, grants. normal: also the log and the publisher's
                    statement. strict: also provenance, an outside witness, nothing yanked.""")
                .positional(LEVEL, PositionalSpec.Arity.ONE, "permissive, normal or strict")
                .example("raya-pm trust level strict", "for all projects of this user")
                .runs(TrustCommand::level)
                .build())
        .subcommand(
            CommandSpec.named("pin", "write a registry's root into config.toml; nobody is asked")
                .description(
                    """
                    Another root than the pinned one is refused from then on (RAYA-SEC-002). Without
                    a root, that of the registry as it is known here is pinned. `raya-registry root`
                    prints it at the registry.""")
                .positional(REGISTRY, PositionalSpec.Arity.ONE, "a registry's name, or its URL")
                .positional(ROOT, PositionalSpec.Arity.OPTIONAL, "sha256: and 64 hex digits")
                .example("raya-pm trust pin acme", "what is known of acme stays as it is")
                .runs(TrustCommand::pin)
                .build())
        .subcommand(
            CommandSpec.named("evidence", "list what shows that a registry told two stories")
                .example("raya-pm trust evidence", "nothing, if all is well")
                .runs(TrustCommand::evidence)
                .build())
        .build();
  }

  private static int show(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      console.line("level " + session.settings().trustLevel().word());
      List<Json> registries = new ArrayList<>();
      for (KnownRegistries.Known known : session.known().all()) {
        console.line(known.origin());
        Json.ObjectBuilder object =
            Json.object().put("origin", known.origin()).put("root", known.root().toString());
        if (Files.exists(
            HeldMetadata.tufFolder(session.known().folder(known)).resolve("timestamp.json"))) {
          RegistryLog log = session.heldLog(known);
          RegistryState state =
              new RegistryState(
                  known, log.metadata().roles(), log.origin(), log.newest(), session.now());
          lines(console, state.links());
          object.put("state", state.json());
        } else {
          lines(console, List.of(new Chain.Link("root", known.root().toString())));
        }
        registries.add(object.build());
      }
      console.result(
          Json.object()
              .put("level", session.settings().trustLevel().word())
              .put("registries", Json.array(registries))
              .build());
      return ExitCode.OK;
    }
  }

  static void lines(Console console, List<Chain.Link> links) {
    for (Chain.Link link : links) {
      console.line(
          "  " + link.what() + " ".repeat(Math.max(1, 12 - link.what().length())) + link.text());
    }
  }

  private static int level(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      String word = arguments.required(LEVEL);
      if (TrustLevel.parse(word).isEmpty()) {
        throw new UsageException(
            "\"" + word + "\" is no trust level", "it is permissive, normal or strict");
      }
      session.prepareHome();
      ConfigEditor editor = ConfigEditor.open(Settings.configFile(arguments, session.home()));
      editor.set(Setting.of("trust.level"), word);
      editor.save();
      console.line("level " + word);
      console.result(Json.object().put("level", word).build());
      return ExitCode.OK;
    }
  }

  private static int pin(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      session.prepareHome();
      String what = arguments.required(REGISTRY);
      Map<String, RegistryAddress> named = session.settings().registries();
      RegistryAddress address =
          what.contains("://")
              ? new RegistryAddress(Settings.base(what), null, true)
              : named.get(what);
      if (address == null) {
        throw new UsageException(
            "there is no registry \"" + what + "\"", "`raya-pm registry list` shows them");
      }
      Digest root = root(session, address, arguments.positional(ROOT));
      session.known().requireNoOther(address.base(), root);
      UserRegistries file = UserRegistries.open(Settings.configFile(arguments, session.home()));
      String name = null;
      for (Map.Entry<String, RegistryAddress> each : named.entrySet()) {
        if (each.getValue().base().equals(address.base())) {
          name = each.getKey();
          file.pin(name, root);
        }
      }
      if (name == null) {
        name = RegistriesCommand.nameOf(address);
        if (named.containsKey(name)) {
          throw new UsageException(
              "the name " + name + " is taken by " + named.get(name).base(),
              "give this one a name: raya-pm registry add NAME URL --trust-root " + root);
        }
        file.put(name, address, root);
      }
      AtomicFiles.writeIfChanged(file.file(), file.bytes());
      console.line("pinned " + name + ": " + address.base() + ", root " + root);
      console.result(
          Json.object()
              .put("name", name)
              .put("url", address.base().toString())
              .put("root", root.toString())
              .build());
      return ExitCode.OK;
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  private static Digest root(Session session, RegistryAddress address, @Nullable String given)
      throws CommandException {
    if (given != null) {
      return Settings.pin(given);
    }
    return session
        .known()
        .byUrl(address.base())
        .map(KnownRegistries.Known::root)
        .orElseThrow(
            () ->
                new UsageException(
                    "nothing is known here of " + address.base(),
                    "say which root: raya-pm trust pin " + address.base() + " sha256:HEX"));
  }

  private static int evidence(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      List<Json> found = new ArrayList<>();
      for (KnownRegistries.Known known : session.known().all()) {
        Path folder = session.known().folder(known).resolve("evidence");
        if (!Files.isDirectory(folder)) {
          continue;
        }
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.sorted().toList()) {
            console.line(known.origin() + "  " + file);
            found.add(
                Json.object().put("origin", known.origin()).put("file", file.toString()).build());
          }
        }
      }
      if (found.isEmpty()) {
        console.line("no evidence");
      }
      console.result(Json.object().put("evidence", Json.array(found)).build());
      return ExitCode.OK;
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }
}
