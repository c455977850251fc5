package dev.raya.cli.console;

/** What a command does. */
@FunctionalInterface
public interface Command {
  /**
   * Runs the command.
   *
   * @param arguments the parsed arguments
   * @param console output and surroundings
   * @return the exit code, usually {@link ExitCode#OK}
   * @throws CommandException if it fails for a reason the user can act on
   * @throws InterruptedException if it was interrupted
   */
  int run(Arguments arguments, Console console) throws CommandException, InterruptedException;
}
