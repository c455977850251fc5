package dev.raya.cli.pm.command;

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
import dev.raya.cli.pm.publish.SigningKeys;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.KeyFile;
import dev.raya.signing.key.MlDsaPublicKey;
import dev.raya.signing.key.PublisherKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code key show|export|import}: one key of the home, and its way to another home. A key leaves
 * the home only encrypted, and no file is ever replaced.
 */
final class KeyFilesCommand {
  private static final String ID = "KEYID";
  private static final String FILE = "FILE";
  private static final String WHICH = "its id or the first 8 digits; else the chosen key";

  /** Longest passphrase in bytes. */
  private static final int MAX_PASSPHRASE = 1024;

  private KeyFilesCommand() {}

  static CommandSpec show() {
    return CommandSpec.named("show", "show the public half of a key, and where it lies")
        .description("No passphrase is needed.")
        .positional(ID, PositionalSpec.Arity.OPTIONAL, WHICH)
        .example("raya-pm key show", "where it lies, and whether it is encrypted")
        .runs(KeyFilesCommand::show)
        .build();
  }

  static CommandSpec export() {
    return CommandSpec.named("export", "write an encrypted copy of a key")
        .description(
            """
            The copy's passphrase is asked for on a terminal, else it is standard input.
            RAYA_KEY_PASSPHRASE opens the key itself where that is encrypted. A file that is there
            already is left as it is.""")
        .positional(FILE, PositionalSpec.Arity.ONE, "the file to write")
        .positional(ID, PositionalSpec.Arity.OPTIONAL, WHICH)
        .example("raya-pm key export backup.json < passphrase.txt", "without a question")
        .runs(KeyFilesCommand::export)
        .build();
  }

  static CommandSpec take() {
    return CommandSpec.named("import", "take a key from a file")
        .description(
            """
            The file's passphrase is asked for on a terminal, else it is standard input. The key is
            kept encrypted under RAYA_KEY_PASSPHRASE, else under the file's own passphrase. A key
            that is here already is left as it is.""")
        .positional(FILE, PositionalSpec.Arity.ONE, "a file that `key export` wrote")
        .example("raya-pm key import key.json", "a copy that `key export` wrote")
        .runs(KeyFilesCommand::take)
        .build();
  }

  private static int show(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      SigningKeys.Held held = new SigningKeys(session).find(arguments.positional(ID));
      PublisherKey.Public key = held.key();
      MlDsaPublicKey second = key.mlDsa();
      console.line("id          " + key.keyId().hex());
      console.line("kind        " + (second == null ? "ed25519" : "hybrid"));
      console.line("public key  " + key.ed25519().base64());
      if (second != null) {
        console.line("ml-dsa-65   " + second.keyId());
      }
      console.line("file        " + held.file() + (held.encrypted() ? ", encrypted" : ""));
      Map<String, Json> members = new LinkedHashMap<>(KeyCommand.json(key).members());
      members.put("kind", Json.of(second == null ? "ed25519" : "hybrid"));
      members.put("file", Json.of(held.file().toString()));
      members.put("encrypted", Json.of(held.encrypted()));
      console.result(new Json.Obj(members));
      return ExitCode.OK;
    }
  }

  private static int export(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      SigningKeys keys = new SigningKeys(session);
      SigningKeys.Held held = keys.find(arguments.positional(ID));
      Path file = file(session, arguments);
      if (Files.exists(file)) {
        // Before the passphrase is asked for; the write itself would find it too.
        throw new UsageException(
            "there is a file " + file + " already; it was left as it is", "name another one");
      }
      keys.export(held, file, passphrase(console, "passphrase for " + file));
      console.line("exported " + held.key().keyId().hex() + " to " + file);
      console.result(
          Json.object()
              .put("keyId", held.key().keyId().hex())
              .put("file", file.toString())
              .build());
      return ExitCode.OK;
    }
  }

  private static int take(Arguments arguments, Console console) throws CommandException {
    try (Session session = Session.of(arguments, console)) {
      session.prepareHome();
      Path file = file(session, arguments);
      byte[] document = read(file);
      boolean encrypted = KeyFile.isEncrypted(document);
      PublisherKey.Public key =
          new SigningKeys(session)
              .take(document, encrypted ? passphrase(console, "passphrase of " + file) : null);
      console.line("imported " + key.keyId().hex());
      console.status("next: raya-pm key register");
      console.result(KeyCommand.json(key));
      return ExitCode.OK;
    } catch (SigningException malformed) {
      throw Failure.of(malformed);
    }
  }

  private static Path file(Session session, Arguments arguments) {
    return session.settings().environment().directory().resolve(arguments.required(FILE));
  }

  private static byte[] read(Path file) throws CommandException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(KeyFile.MAX_BYTES + 1);
    } catch (IOException unreadable) {
      throw new UsageException(
          file + " cannot be read: " + unreadable.getMessage(), "name a file of `key export`");
    }
  }

  private static char[] passphrase(Console console, String prompt) throws CommandException {
    String text = console.secret(prompt, MAX_PASSPHRASE);
    if (text.isEmpty()) {
      throw new UsageException(
          "no passphrase was given",
          "pipe it into standard input, or run this on a terminal, where it is asked for");
    }
    return text.toCharArray();
  }
}
