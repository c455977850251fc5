package dev.raya.cli.pm.command;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Failures;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.cli.pm.publish.SigningKeys;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.PublisherKey;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code key generate|list|show|register|revoke|export|import}: the keys that sign what is
 * published.
 */
final class KeyCommand {
  private static final String ID = "KEYID";
  private static final String HYBRID = "--hybrid";
  private static final String REGISTERED = "--registered";

  private KeyCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("key", "manage the keys that sign what is published")
        .subcommand(
            CommandSpec.named("generate", "make an Ed25519 key")
                .description(
                    """
                    Encrypted if RAYA_KEY_PASSPHRASE is set. A hybrid key signs twice, and both
                    signatures are needed: what it publishes stays safe even where one of the two
                    algorithms is broken.""")
                .options(OptionSpec.flag(HYBRID, "with an ML-DSA-65 half (post-quantum)"))
                .example("raya-pm key generate", "its id; the private half stays in the home")
                .runs(KeyCommand::generate)
                .build())
        .subcommand(
            CommandSpec.named("list", "list the keys of this home")
                .options(OptionSpec.flag(REGISTERED, "those registered to the token's account"))
                .example("raya-pm key list --registered", "those that the registry knows")
                .runs(KeyCommand::list)
                .build())
        .subcommand(KeyFilesCommand.show())
        .subcommand(KeyFilesCommand.export())
        .subcommand(KeyFilesCommand.take())
        .subcommand(
            CommandSpec.named("register", "register the key to the account of the token")
                .description("The key: RAYA_KEY, [keys] default, or the only one there is.")
                .example("raya-pm key register", "the home's only key, or the one of RAYA_KEY")
                .runs(KeyCommand::register)
                .build())
        .subcommand(
            CommandSpec.named("revoke", "let a registered key sign nothing from now on")
                .description(
                    """
                    What it signed before stays valid. The key's file stays where it is. A further
                    key is registered with a token that an operator made.""")
                .positional(ID, PositionalSpec.Arity.ONE, "the key's id, 64 hex digits")
                .example(
                    "raya-pm key revoke abababababababababababababababababababababababababababababababab",
                    "when its file was lost or stolen")
                .runs(RegistryCommand.online("revoking a key", KeyCommand::revoke))
                .build())
        .build();
  }

  private static int generate(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      session.prepareHome();
      PublisherKey.Public key =
          new SigningKeys(session).generate(arguments.flag(HYBRID)).publicHalf();
      console.line(key.keyId().hex());
      console.status("next: raya-pm key register");
      console.result(json(key));
      return ExitCode.OK;
    }
  }

  private static void revoke(Arguments arguments, Session session, RegistryApi api)
      throws CommandException, InterruptedException {
    String id = arguments.required(ID);
    if (!Digest.isHex(id)) {
      throw new UsageException(
          "\"" + id + "\" is no key's id", "`raya-pm key list --registered` shows them");
    }
    api.remove("keys/" + id);
    session.console().line("revoked " + id);
    session.console().result(Json.object().put("keyId", id).put("revoked", true).build());
  }

  private static void registered(Session session) throws CommandException, InterruptedException {
    Registry registry = Offline.refused(session, "listing registered keys").registry();
    JsonFields document = registry.api().readOwn("keys");
    try {
      for (JsonFields key : RegistryCommand.listed(document, "keys")) {
        session.console().line(key.string("keyId") + " since " + key.string("createdAt"));
      }
    } catch (JsonException malformed) {
      throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
    }
    session.console().result(document.object());
  }

  private static int list(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      if (arguments.flag(REGISTERED)) {
        session.prepareHome();
        registered(session);
        return ExitCode.OK;
      }
      List<Json> keys = new ArrayList<>();
      for (PublisherKey.Public key : new SigningKeys(session).list()) {
        console.line(key.keyId().hex() + (key.mlDsa() == null ? "" : "  hybrid"));
        keys.add(json(key));
      }
      if (keys.isEmpty()) {
        console.status("there are none; `raya-pm key generate` makes one");
      }
      console.result(Json.object().put("keys", new Json.Array(keys)).build());
      return ExitCode.OK;
    }
  }

  private static int register(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      session.prepareHome();
      PublisherKey key = new SigningKeys(session).chosen();
      if (key == null) {
        throw new CommandException(
            "RAYA-SEC-022", "there is no key to register", "`raya-pm key generate` makes one");
      }
      SigningKeys.register(Offline.refused(session, "registering a key").registry(), key);
      console.line("registered " + key.keyId().hex());
      console.result(json(key.publicHalf()));
      return ExitCode.OK;
    }
  }

  static Json.Obj json(PublisherKey.Public key) {
    return Json.object()
        .put("keyId", key.keyId().hex())
        .put("publicKey", key.ed25519().base64())
        .putUnlessEmpty(Identity.ML_DSA, key.mlDsa() == null ? null : key.mlDsa().keyId().hex())
        .build();
  }
}
