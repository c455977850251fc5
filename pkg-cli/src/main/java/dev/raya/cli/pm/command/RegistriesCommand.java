package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.CommonOptions;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.cli.pm.settings.UserRegistries;
import dev.raya.cli.pm.trust.KnownRegistries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code registry add|list|remove|ping}: the registries of the user's file. */
final class RegistriesCommand {
  private static final String NAME = "NAME";
  private static final String NAME_OR_URL = "NAME|URL";
  private static final String URL = "URL";

  private RegistriesCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("registry", "manage the registries that you know")
        .subcommand(
            CommandSpec.named("add", "reach a registry, pin its root and give it a name")
                .description("--trust-root sha256:HEX pins it without a question.")
                .positional(NAME_OR_URL, PositionalSpec.Arity.ONE, "its name, or its URL")
                .positional(URL, PositionalSpec.Arity.OPTIONAL, "its URL, after a name")
                .example("raya-pm registry add acme https://registry.acme.example", "by a name")
                .runs(RegistriesCommand::add)
                .build())
        .subcommand(
            CommandSpec.named("list", "list registries, with their origins and roots")
                .example("raya-pm registry list", "names, addresses, origins and roots")
                .runs(RegistriesCommand::list)
                .build())
        .subcommand(
            CommandSpec.named("remove", "forget a name; what is known of its root stays")
                .positional(NAME, PositionalSpec.Arity.ONE, "the name")
                .example("raya-pm registry remove work", "work is no name any more")
                .runs(RegistriesCommand::remove)
                .build())
        .subcommand(
            CommandSpec.named("ping", "ask a registry, the default one if none is named")
                .positional(NAME_OR_URL, PositionalSpec.Arity.OPTIONAL, "a name, or a URL")
                .example("raya-pm registry ping work", "whether it answers, and with which root")
                .runs(RegistriesCommand::ping)
                .build())
        .build();
  }

  private static int add(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      session.prepareHome();
      String first = String.valueOf(arguments.positional(NAME_OR_URL));
      String second = arguments.positional(URL);
      String url = second == null ? first : second;
      if (!url.contains("://")) {
        throw new UsageException("\"" + url + "\" is no URL", "registry add NAME https://…");
      }
      RegistryAddress address = address(session, url, arguments);
      String name = second == null ? nameOf(address) : named(first);
      refuseOffline(session, "adding a registry");
      Registry registry = session.reach(address);
      Digest root = registry.known().root();
      UserRegistries file = UserRegistries.open(Settings.configFile(arguments, session.home()));
      file.put(name, address, root);
      try {
        AtomicFiles.writeIfChanged(file.file(), file.bytes());
      } catch (IOException unwritable) {
        throw Failure.of(unwritable);
      }
      console.line("added " + name + ": " + registry.config().origin() + ", root " + root);
      console.result(json(name, address.base().toString(), registry.known()));
      return ExitCode.OK;
    }
  }

  /** The name that a registry gets where the user gives none: its host's. */
  static String nameOf(RegistryAddress address) throws UsageException {
    return named(address.base().getHost().replace('.', '-'));
  }

  private static String named(String name) throws UsageException {
    if (!name.matches("[a-z][a-z0-9-]{0,63}")) {
      throw new UsageException(
          "\"" + name + "\" is no name for a registry",
          "it takes a-z, 0-9 and -; `raya-pm registry add NAME URL` gives one");
    }
    return name;
  }

  private static RegistryAddress address(Session session, String url, Arguments arguments)
      throws CommandException {
    String pinned = arguments.value(CommonOptions.TRUST_ROOT.name());
    RegistryAddress named = session.settings().named(url, pinned);
    return new RegistryAddress(named.base(), named.root(), true);
  }

  private static void refuseOffline(Session session, String what) throws CommandException {
    if (session.settings().offline()) {
      throw new CommandException(
          "RAYA-NET-003", "offline, and " + what + " needs the network", "leave out --offline");
    }
  }

  private static int list(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      Map<String, RegistryAddress> all = new LinkedHashMap<>();
      RegistryAddress first = session.settings().registry();
      if (first != null) {
        all.put("(default)", first);
      }
      all.putAll(session.settings().registries());
      TreeSet<String> listed = new TreeSet<>();
      List<Json> rows = new ArrayList<>();
      for (Map.Entry<String, RegistryAddress> each : all.entrySet()) {
        String url = each.getValue().base().toString();
        KnownRegistries.Known known = session.known().byUrl(each.getValue().base()).orElse(null);
        row(console, each.getKey(), url, known);
        rows.add(json(each.getKey(), url, known));
        if (known != null) {
          listed.add(known.origin());
        }
      }
      for (KnownRegistries.Known known : session.known().all()) {
        if (listed.add(known.origin())) {
          String url = known.urls().isEmpty() ? "" : known.urls().getLast();
          row(console, "(known)", url, known);
          rows.add(json("", url, known));
        }
      }
      console.result(Json.object().put("registries", new Json.Array(rows)).build());
      return ExitCode.OK;
    }
  }

  private static void row(
      Console console, String name, String url, KnownRegistries.@Nullable Known known) {
    console.line(
        name
            + "  "
            + url
            + (known == null
                ? "  never reached"
                : "  " + known.origin() + "  root " + known.root()));
  }

  private static int remove(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      String name = String.valueOf(arguments.positional(NAME));
      UserRegistries file = UserRegistries.open(Settings.configFile(arguments, session.home()));
      if (!file.remove(name)) {
        throw new UsageException(
            "there is no registry \"" + name + "\" in " + file.file(),
            "`raya-pm registry list` shows them");
      }
      try {
        AtomicFiles.writeIfChanged(file.file(), file.bytes());
      } catch (IOException unwritable) {
        throw Failure.of(unwritable);
      }
      console.line("removed " + name);
      console.result(Json.object().put("removed", name).build());
      return ExitCode.OK;
    }
  }

  private static int ping(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      session.prepareHome();
      refuseOffline(session, "asking a registry");
      String what = arguments.positional(NAME_OR_URL);
      Registry registry;
      if (what == null) {
        registry = session.registry();
      } else if (what.contains("://")) {
        registry = session.reach(address(session, what, arguments));
      } else {
        RegistryAddress named = session.settings().registries().get(what);
        if (named == null) {
          throw new UsageException(
              "there is no registry \"" + what + "\"", "`raya-pm registry list` shows them");
        }
        registry = session.reach(named);
      }
      console.line(
          registry.config().origin()
              + " answers at "
              + registry.base()
              + ", root "
              + registry.known().root());
      console.result(json("", registry.base().toString(), registry.known()));
      return ExitCode.OK;
    }
  }

  private static Json json(String name, String url, KnownRegistries.@Nullable Known known) {
    Json.ObjectBuilder row = Json.object().put("url", url);
    if (!name.isEmpty()) {
      row.put("name", name);
    }
    if (known != null) {
      row.put("origin", known.origin()).put("root", known.root().toString());
    }
    return row.build();
  }
}
