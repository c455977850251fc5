package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The login keychain of macOS, through its {@code security} program. The token is given to it in a
 * command on its standard input ({@code -i}), so that it stands on no command line.
 *
 * @param program the tool
 */
record MacKeychain(KeyStoreProgram program) implements CredentialStore {
  static final String NAME = "keychain";
  private static final Path TOOL = Path.of("/usr/bin/security");
  private static final String ACCOUNT = "raya";

  /** {@code errSecItemNotFound}, as the program's exit code. */
  private static final int NOT_FOUND = 44;

  /** The keychain, where the system has its program. */
  static Optional<CredentialStore> of(Environment environment) {
    return Files.isExecutable(TOOL)
        ? Optional.of(new MacKeychain(new KeyStoreProgram(TOOL, environment)))
        : Optional.empty();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable String token(String origin) throws CommandException, InterruptedException {
    KeyStoreProgram.Outcome outcome =
        program.run(
            "", List.of("find-generic-password", "-a", ACCOUNT, "-s", service(origin), "-w"));
    if (outcome.exit() == NOT_FOUND) {
      return null;
    }
    check(outcome);
    return outcome.out().strip();
  }

  @Override
  public void keep(String origin, String token) throws CommandException, InterruptedException {
    // Tokens are of letters, digits and _, origins of URL characters: nothing needs quoting.
    check(
        program.run(
            "add-generic-password -U -a "
                + ACCOUNT
                + " -s "
                + service(origin)
                + " -w "
                + token
                + "\n",
            List.of("-i")));
  }

  @Override
  public void forget(String origin) throws CommandException, InterruptedException {
    KeyStoreProgram.Outcome outcome =
        program.run("", List.of("delete-generic-password", "-a", ACCOUNT, "-s", service(origin)));
    if (outcome.exit() != NOT_FOUND) {
      check(outcome);
    }
  }

  private static String service(String origin) {
    return "raya:" + origin;
  }

  private static void check(KeyStoreProgram.Outcome outcome) throws CommandException {
    if (outcome.exit() != 0) {
      throw new CommandException(
          "RAYA-PKG-017",
          "the keychain refused: "
              + (outcome.err().isBlank() ? "exit code " + outcome.exit() : outcome.err().strip()),
          "unlock the keychain, or `raya-pm login --store file`");
    }
  }
}
