package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Failures;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.cli.pm.settings.CredentialStore;
import dev.raya.cli.pm.settings.Credentials;
import dev.raya.cli.pm.settings.RegistryAddress;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code login}, {@code logout} and {@code whoami}. */
final class AccountCommand {
  private static final String STORE = "--store";
  private static final String REVOKE = "--revoke";
  private static final int MAX_INPUT = 4096;

  private AccountCommand() {}

  static CommandSpec login() {
    return CommandSpec.named("login", "keep a token of a registry")
        .description(
            """
            The token is asked for, or read from standard input; it is never an argument. It is
            checked with the registry and kept in the system's key store where one answers, else in
            credentials.toml, which only you may read. Each registry has its own.""")
        .options(OptionSpec.value(STORE, "WHERE", "auto (default), system or file"))
        .example("raya-pm login --registry https://raya.example", "asks for the token")
        .example("raya-pm login < token.txt", "where nobody can be asked")
        .runs(AccountCommand::login)
        .build();
  }

  static CommandSpec logout() {
    return CommandSpec.named("logout", "forget the token of a registry")
        .options(OptionSpec.flag(REVOKE, "also let the registry end it"))
        .example("raya-pm logout --revoke", "forget the token, and let the registry end it")
        .runs(AccountCommand::logout)
        .build();
  }

  static CommandSpec whoami() {
    return CommandSpec.named("whoami", "print the account that the token belongs to")
        .example("raya-pm whoami", "the account, or that you are not signed in")
        .runs(RegistryCommand.online("asking who you are", AccountCommand::whoami))
        .build();
  }

  private static int login(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Offline.refused(Session.of(arguments, console), "signing in")) {
      RegistryAddress address = session.settings().requireRegistry();
      session.prepareHome();
      String token = console.secret("token for " + address.base(), MAX_INPUT);
      if (token.isEmpty()) {
        throw new UsageException(
            "no token was given",
            "pipe it into standard input, or run this on a terminal, where it is asked for");
      }
      if (!Credentials.isToken(token)) {
        throw new UsageException(
            "what was given is no token", "a token is one word, such as raya_…; nothing else");
      }
      Registry registry = session.registryWith(token);
      JsonFields account = registry.api().readOwn("account");
      try {
        keep(session, arguments, address, token, account);
      } catch (JsonException malformed) {
        throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
      }
      return ExitCode.OK;
    }
  }

  private static void keep(
      Session session,
      Arguments arguments,
      RegistryAddress address,
      String token,
      JsonFields account)
      throws CommandException, JsonException, InterruptedException {
    String origin = RegistryAddress.originOf(address.base());
    String choice = arguments.value(STORE);
    String name = account.string("name");
    Instant expires = time(account.optionalString("expiresAt"));
    CredentialStore store =
        session.signedIn().keep(origin, token, expires, name, choice == null ? "auto" : choice);
    Console console = session.console();
    console.line("signed in to " + address.base() + " as " + name);
    console.status(
        "scopes "
            + String.join(", ", account.strings("scopes"))
            + "; "
            + (expires == null ? "does not expire" : "until " + expires)
            + "; kept in the "
            + (store.name().equals("file")
                ? "file " + session.home().credentials()
                : store.name()));
    if (session.settings().token() != null) {
      console.status("RAYA_TOKEN is set and wins over it");
    }
    console.result(
        Json.object()
            .put("registry", origin)
            .put("account", account.value("account"))
            .put("name", name)
            .put("scopes", Json.strings(account.strings("scopes")))
            .putUnlessEmpty("expiresAt", account.optionalString("expiresAt"))
            .put("store", store.name())
            .build());
  }

  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException malformed) {
      // Only a courtesy: the registry itself refuses a token that has ended.
      return null;
    }
  }

  private static int logout(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      RegistryAddress address = session.settings().requireRegistry();
      String origin = RegistryAddress.originOf(address.base());
      session.prepareHome();
      Credentials.Entry entry = session.signedIn().entry(origin);
      if (arguments.flag(REVOKE) && entry != null) {
        String token = session.signedIn().token(origin, session.now());
        if (token != null) {
          Offline.refused(session, "ending a token")
              .registryWith(token)
              .api()
              .remove("tokens/current");
        }
      }
      boolean forgotten = session.signedIn().forget(origin);
      console.line(
          forgotten
              ? "signed out of " + address.base()
              : "you were not signed in to " + address.base());
      if (session.settings().token() != null) {
        console.status("RAYA_TOKEN is still set");
      }
      console.result(Json.object().put("registry", origin).put("signedOut", forgotten).build());
      return ExitCode.OK;
    }
  }

  private static void whoami(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, JsonException, InterruptedException {
    JsonFields account = api.readOwn("account");
    session.console().line(account.string("name"));
    session
        .console()
        .detail(
            "account "
                + account.integer("account")
                + "; scopes "
                + String.join(", ", account.strings("scopes"))
                + "; packages "
                + String.join(", ", account.strings("packages")));
    session.console().result(account.object());
  }
}
