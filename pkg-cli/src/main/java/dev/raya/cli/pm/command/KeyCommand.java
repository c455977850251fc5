package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.publish.SigningKeys;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import java.util.ArrayList;
import java.util.List;

/** {@code key generate|list|register}: the keys that sign what is published. */
final class KeyCommand {
  private KeyCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("key", "manage the keys that sign what is published")
        .subcommand(
            CommandSpec.named("generate", "make an Ed25519 key")
                .description("Encrypted if RAYA_KEY_PASSPHRASE is set.")
                .runs(KeyCommand::generate)
                .build())
        .subcommand(
            CommandSpec.named("list", "list the keys of this home").runs(KeyCommand::list).build())
        .subcommand(
            CommandSpec.named("register", "register the key to the account of the token")
                .description("The key: RAYA_KEY, [keys] default, or the only one there is.")
                .runs(KeyCommand::register)
                .build())
        .build();
  }

  private static int generate(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      session.prepareHome();
      VerificationKey key = new SigningKeys(session).generate().verificationKey();
      console.line(key.keyId().hex());
      console.status("next: raya-pm key register");
      console.result(json(key));
      return ExitCode.OK;
    }
  }

  private static int list(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      List<Json> keys = new ArrayList<>();
      for (VerificationKey key : new SigningKeys(session).list()) {
        console.line(key.keyId().hex());
        keys.add(json(key));
      }
      console.result(Json.object().put("keys", new Json.Array(keys)).build());
      return ExitCode.OK;
    }
  }

  private static int register(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try (Session session = Session.of(arguments, console)) {
      session.prepareHome();
      SigningKey key = new SigningKeys(session).chosen();
      if (key == null) {
        throw new CommandException(
            "RAYA-SEC-022", "there is no key to register", "`raya-pm key generate` makes one");
      }
      SigningKeys.register(Offline.refused(session, "registering a key").registry(), key);
      console.line("registered " + key.verificationKey().keyId().hex());
      console.result(json(key.verificationKey()));
      return ExitCode.OK;
    }
  }

  private static Json json(VerificationKey key) {
    return Json.object().put("keyId", key.keyId().hex()).put("publicKey", key.base64()).build();
  }
}
