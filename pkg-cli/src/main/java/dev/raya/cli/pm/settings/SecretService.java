package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The freedesktop Secret Service (GNOME Keyring, KWallet and others), through {@code secret-tool}
 * of libsecret.
 *
 * @param program the tool
 */
record SecretService(KeyStoreProgram program) implements CredentialStore {
  static final String NAME = "secret-service";

  /** The service, where the tool is on the path and a session answers it. */
  static Optional<CredentialStore> of(Environment environment)
      throws CommandException, InterruptedException {
    // Without a session bus the tool would try to start one, and hang or fail.
    if (!environment.has("DBUS_SESSION_BUS_ADDRESS")) {
      return Optional.empty();
    }
    Optional<KeyStoreProgram> program = KeyStoreProgram.onPath("secret-tool", environment);
    if (program.isEmpty()) {
      return Optional.empty();
    }
    SecretService service = new SecretService(program.get());
    KeyStoreProgram.Outcome probe = service.run("", "lookup", "https://probe.invalid");
    return isAbsent(probe) || probe.exit() == 0 ? Optional.of(service) : Optional.empty();
  }

  /** The tool ends with 1 and says nothing where there is no such secret. */
  private static boolean isAbsent(KeyStoreProgram.Outcome outcome) {
    return outcome.exit() == 1 && outcome.err().isBlank();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable String token(String origin) throws CommandException, InterruptedException {
    KeyStoreProgram.Outcome outcome = run("", "lookup", origin);
    if (isAbsent(outcome)) {
      return null;
    }
    check(outcome);
    return outcome.out().strip();
  }

  @Override
  public void keep(String origin, String token) throws CommandException, InterruptedException {
    check(
        program.run(
            token,
            List.of(
                "store",
                "--label=Raya registry " + origin,
                "service",
                "raya",
                "registry",
                origin)));
  }

  @Override
  public void forget(String origin) throws CommandException, InterruptedException {
    KeyStoreProgram.Outcome outcome = run("", "clear", origin);
    if (!isAbsent(outcome)) {
      check(outcome);
    }
  }

  private KeyStoreProgram.Outcome run(String input, String verb, String origin)
      throws CommandException, InterruptedException {
    return program.run(input, List.of(verb, "service", "raya", "registry", origin));
  }

  private static void check(KeyStoreProgram.Outcome outcome) throws CommandException {
    if (outcome.exit() != 0) {
      throw new CommandException(
          "RAYA-PKG-017",
          "the Secret Service refused: "
              + (outcome.err().isBlank() ? "exit code " + outcome.exit() : outcome.err().strip()),
          "unlock the key ring, or `raya-pm login --store file`");
    }
  }
}
