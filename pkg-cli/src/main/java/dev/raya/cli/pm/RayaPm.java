package dev.raya.cli.pm;

import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.Program;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.console.Streams;
import dev.raya.cli.pm.command.Commands;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.cli.pm.settings.UserConfig;
import java.util.List;
import java.util.Map;

/** The program {@code raya-pm}. */
public final class RayaPm {
  /** Its name. */
  public static final String NAME = "raya-pm";

  private RayaPm() {}

  /** Runs the program and ends the process with its exit code. */
  public static void main(String[] args) {
    Environment environment = Environment.ofProcess(System.getenv(), System.getProperties());
    Streams streams = Streams.ofProcess();
    streams.end(run(List.of(args), streams, environment));
  }

  /**
   * Runs the program.
   *
   * @param words the arguments
   * @return the exit code
   */
  public static int run(List<String> words, Streams streams, Environment environment) {
    if (words.size() == 1 && words.getFirst().equals("--version")) {
      // Answered before anything else is loaded: scripts ask this often.
      streams.out().print(NAME + " " + ProgramVersion.CURRENT + "\n");
      streams.out().flush();
      return ExitCode.OK;
    }
    return new Program(Commands.forLine(words), new ConfiguredOutput())
        .run(words, streams, environment);
  }

  /** What {@code config.toml} says of output; a class, since a lambda's is made at each start. */
  private static final class ConfiguredOutput implements Program.UserOutput {
    @Override
    public Map<String, String> read(Arguments arguments) throws CommandException {
      return UserConfig.read(
              Settings.configFile(arguments, new RayaHome(arguments.environment().rayaHome())))
          .values();
    }
  }

  /** The declaration of the program, for help and documentation. */
  public static CommandSpec spec() {
    return Commands.spec();
  }
}
