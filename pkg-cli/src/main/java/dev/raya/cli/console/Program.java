package dev.raya.cli.console;

import dev.raya.cache.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program: parses the words, prints help and version, gives the command its console, and
 * turns whatever ends it into findings, an envelope and an exit code. A {@code main} method is
 *
 * <pre>{@code
 * int code = new Program(spec(), UserOutput.NONE).run(List.of(args), Streams.ofProcess(), environment);
 * }</pre>
 *
 * <p>Answers that must be quick ({@code --version}, starting a program) are better routed before
 * this class is loaded.
 */
public final class Program {
  /** The option that prints the version, of the program alone. */
  static final String VERSION = "--version";

  private final CommandSpec spec;
  private final UserOutput userOutput;

  /** Where the user's output settings come from, if the program reads {@code config.toml}. */
  @FunctionalInterface
  public interface UserOutput {
    /** No user settings. */
    UserOutput NONE = arguments -> Map.of();

    /**
     * Values of {@code [output]} and {@code [llm]} by dotted name, e.g. {@code output.color}.
     *
     * @throws CommandException if the file is malformed
     */
    Map<String, String> read(Arguments arguments) throws CommandException;
  }

  /** A program of this declaration; its subcommand {@code help} and {@code --version} are added. */
  public Program(CommandSpec spec, UserOutput userOutput) {
    this.spec = spec;
    this.userOutput = userOutput;
  }

  /**
   * Runs the program.
   *
   * @param words the arguments
   * @return the exit code
   */
  public int run(List<String> words, Streams streams, Environment environment) {
    Console early =
        new Console(
            named(words),
            streams,
            environment,
            OutputSettings.fromWords(words, streams, environment));
    try {
      if (asksVersion(words)) {
        early.line(spec.name() + " " + ProgramVersion.CURRENT);
        early.result(
            Json.object()
                .put("program", spec.name())
                .put("version", ProgramVersion.CURRENT)
                .build());
        early.finish(ExitCode.OK);
        return ExitCode.OK;
      }
      if (!spec.subcommands().isEmpty() && (words.isEmpty() || isHelp(words))) {
        return help(words, early);
      }
      Arguments arguments = ArgumentParser.parse(spec, words, environment);
      arguments = inDirectory(arguments);
      Command command = arguments.command().command();
      if (arguments.given(CommonOptions.HELP.name())) {
        return help(arguments.command(), arguments.path(), early);
      }
      if (command == null) {
        return unfinished(arguments.command(), arguments.path(), early);
      }
      return run(command, arguments, words, streams);
    } catch (CommandException failure) {
      return fail(early, failure);
    } catch (RuntimeException | Error fault) {
      return fault(early, words, fault);
    }
  }

  private int run(Command command, Arguments arguments, List<String> words, Streams streams)
      throws CommandException {
    OutputSettings settings = OutputSettings.of(arguments, streams, userOutput.read(arguments));
    String name = String.join(" ", arguments.path().subList(1, arguments.path().size()));
    Console console = new Console(name, streams, arguments.environment(), settings);
    Interruption interruption = Interruption.watch(console);
    try {
      int code = command.run(arguments, console);
      console.finish(code);
      return code;
    } catch (CommandException failure) {
      return fail(console, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      console.report(Finding.error(Interruption.CODE, "interrupted"));
      console.finish(ExitCode.INTERRUPTED);
      return ExitCode.INTERRUPTED;
    } catch (RuntimeException | Error fault) {
      return fault(console, words, fault);
    } finally {
      interruption.over();
    }
  }

  private static Arguments inDirectory(Arguments arguments) throws UsageException {
    String directory = arguments.value(CommonOptions.CWD.name());
    if (directory == null) {
      return arguments;
    }
    Path path = arguments.environment().directory().resolve(directory);
    if (!Files.isDirectory(path)) {
      throw new UsageException("--cwd: " + directory + " is not a directory");
    }
    return new Arguments(
        arguments.command(),
        arguments.path(),
        arguments.options(),
        arguments.positionals(),
        arguments.rest(),
        arguments.environment().in(path));
  }

  /** The command that words name, as far as they can be understood, for the envelope. */
  private String named(List<String> words) {
    List<String> path = new ArrayList<>();
    CommandSpec command = spec;
    for (int i = 0; i < words.size() && !command.subcommands().isEmpty(); i++) {
      String word = words.get(i);
      CommandSpec sub = command.subcommand(word);
      if (sub != null) {
        command = sub;
        path.add(word);
      } else if (!word.startsWith("-")) {
        break;
      } else if (takesNext(command, word)) {
        i++;
      }
    }
    return String.join(" ", path);
  }

  private static boolean takesNext(CommandSpec command, String word) {
    List<OptionSpec> options = new ArrayList<>(command.options());
    options.addAll(CommonOptions.ALL);
    return options.stream()
        .anyMatch(option -> option.names().contains(word) && option.kind() != OptionSpec.Kind.FLAG);
  }

  private static boolean isHelp(List<String> words) {
    return words.getFirst().equals("help")
        || (words.size() == 1
            && (words.getFirst().equals("--help") || words.getFirst().equals("-h")));
  }

  /** {@code --version} or {@code -V}, after common options or before them. */
  private static boolean asksVersion(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals(VERSION) || word.equals("-V")) {
        return true;
      }
      OptionSpec option = null;
      for (OptionSpec each : CommonOptions.ALL) {
        if (each.names().contains(word) || word.startsWith(each.name() + "=")) {
          option = each;
        }
      }
      if (option == null) {
        return false;
      }
      if (option.kind() != OptionSpec.Kind.FLAG && word.indexOf('=') < 0) {
        i++;
      }
    }
    return false;
  }

  private int help(List<String> words, Console console) throws UsageException {
    if (words.isEmpty()) {
      return unfinished(spec, List.of(spec.name()), console);
    }
    List<String> line = new ArrayList<>(words);
    if (line.getFirst().equals("help")) {
      line.removeFirst();
    }
    line.add(CommonOptions.HELP.name());
    Arguments arguments = ArgumentParser.parse(spec, line, console.environment());
    return help(arguments.command(), arguments.path(), console);
  }

  private static int help(CommandSpec command, List<String> path, Console console) {
    console.text(HelpText.of(command, path));
    console.result(HelpText.json(command, path));
    console.finish(ExitCode.OK);
    return ExitCode.OK;
  }

  /** A command was named that has only subcommands: people get its help, programs an error. */
  private static int unfinished(CommandSpec command, List<String> path, Console console)
      throws UsageException {
    String line = String.join(" ", path);
    if (!console.isText()) {
      List<String> names = new ArrayList<>();
      for (CommandSpec each : command.subcommands()) {
        if (!each.hidden()) {
          names.add(each.name());
        }
      }
      throw new UsageException(
          "`" + line + "` needs a command",
          "it has " + String.join(", ", names),
          "see `" + line + " --help`");
    }
    console.streams().err().print(HelpText.of(command, path));
    console.streams().err().flush();
    return ExitCode.USAGE;
  }

  private static int fail(Console console, CommandException failure) {
    int exit = ExitCode.OK;
    for (Finding finding : failure.findings()) {
      console.report(finding);
      if (exit == ExitCode.OK && finding.severity() == Finding.Severity.ERROR) {
        exit = Console.exitCode(finding.code());
      }
    }
    int code = exit == ExitCode.OK ? ExitCode.PROBLEM : exit;
    console.finish(code);
    return code;
  }

  private int fault(Console console, List<String> words, Throwable fault) {
    @Nullable Path report = FaultReport.write(spec.name(), words, console.environment(), fault);
    Finding finding =
        Finding.error(
            "RAYA-CLI-002",
            "internal fault: " + fault,
            report == null ? "no report could be written" : "report: " + report,
            "this is a bug of " + spec.name() + "; please pass the report on");
    console.report(finding);
    console.finish(ExitCode.INTERNAL);
    return ExitCode.INTERNAL;
  }
}
