package dev.raya.cli.raya;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.ByteSize;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.CommonOptions;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.Program;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.console.Streams;
import dev.raya.cli.console.UsageException;
import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.context.VmOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code raya FILE.rbin [ARGS]}. A call without options goes straight to the VM; the
 * argument parser is loaded only for the others and for failures.
 */
public final class Raya {
  /** Its name. */
  public static final String NAME = "raya";

  private static final List<String> NOT_HERE =
      List.of("--snapshot-on", "--restore", "--trace", "--inspect", "--inspect-brk");

  private Raya() {}

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
   * @return the exit code: the started program's own, or one of cli.md 1
   */
  public static int run(List<String> words, Streams streams, Environment environment) {
    if (words.equals(List.of("--version"))) {
      streams.out().print(NAME + " " + ProgramVersion.CURRENT + "\n");
      streams.out().flush();
      return ExitCode.OK;
    }
    if (!words.isEmpty() && !words.getFirst().startsWith("-")) {
      try {
        return execute(
            environment.directory().resolve(words.getFirst()),
            words.subList(1, words.size()),
            VmOptions.defaults(),
            false,
            streams,
            environment);
      } catch (CommandException failure) {
        return new Program(spec((arguments, console) -> raise(failure)), Program.UserOutput.NONE)
            .run(List.of(words.getFirst()), streams, environment);
      }
    }
    return new Program(
            spec((arguments, console) -> run(arguments, console, streams)), Program.UserOutput.NONE)
        .run(words, streams, environment);
  }

  private static int raise(CommandException failure) throws CommandException {
    throw failure;
  }

  /** The declaration of the program, for help and documentation. */
  public static CommandSpec spec() {
    return spec(null);
  }

  private static CommandSpec spec(dev.raya.cli.console.@Nullable Command command) {
    CommandSpec.Builder spec =
        CommandSpec.named(NAME, "run a bytecode file")
            .description(
                "Runs FILE with the Raya VM and ends with the program's exit code. Packages are found through the"
                    + " nearest raya.lock above FILE; nothing is downloaded.")
            .positional("FILE", PositionalSpec.Arity.ONE, "the .rbin file")
            .restAfterFirst("ARGS")
            .options(
                OptionSpec.list(
                    "--grant", "NAME", "give the program only the grants named (stdlib.md 1.1)"),
                OptionSpec.list("--deny", "NAME", "take a grant from the program"),
                OptionSpec.value(
                    "--package", "PKG", "run a program of this package; FILE is the raya.toml"),
                OptionSpec.value("--program", "MODULE", "the program's module, with --package"),
                OptionSpec.value("--max-steps", "N", "end the program after N steps"),
                OptionSpec.value("--max-heap", "SIZE", "limit the modelled heap, e.g. 64MiB"),
                OptionSpec.value("--max-tasks", "N", "limit the live tasks"),
                OptionSpec.value("--jit", "MODE", "off: this VM interprets"),
                OptionSpec.flag("--stats", "print what the program used to standard error"),
                CommonOptions.OUTPUT,
                CommonOptions.LLM,
                CommonOptions.LLM_BUDGET,
                CommonOptions.COLOR,
                CommonOptions.QUIET,
                CommonOptions.CWD,
                CommonOptions.HELP)
            .example("raya app.rbin --name Ada", "run app.rbin with two arguments")
            .example(
                "raya --deny net --max-steps 1000000 app.rbin",
                "without network, and not for ever");
    for (String option : NOT_HERE) {
      spec.options(OptionSpec.list(option, "VALUE", "not in this version"));
    }
    if (command != null) {
      spec.runs(command);
    }
    return spec.build();
  }

  private static int run(Arguments arguments, Console console, Streams streams)
      throws CommandException {
    for (String option : NOT_HERE) {
      if (arguments.given(option)) {
        throw new UsageException(option + " is not available in this version of raya");
      }
    }
    String jit = arguments.value("--jit");
    if (jit != null && !jit.equals("off")) {
      throw new UsageException(
          "--jit " + jit + " is not available in this version of raya; it has only: off");
    }
    String heap = arguments.value("--max-heap");
    VmOptions options =
        VmOptions.defaults()
            .withGrants(grants(arguments))
            .withLimits(
                heap == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(ByteSize.parse("--max-heap", heap)),
                arguments.value("--max-tasks") == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(
                        (int) arguments.number("--max-tasks", 1, Integer.MAX_VALUE, 1)),
                arguments.value("--max-steps") == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(arguments.number("--max-steps", 1, Long.MAX_VALUE, 1)));
    Environment environment = arguments.environment();
    Path file = environment.directory().resolve(arguments.required("FILE"));
    boolean stats = arguments.flag("--stats");
    String name = arguments.value("--package");
    String program = arguments.value("--program");
    if (name == null && program != null) {
      throw new UsageException("--program goes with --package");
    }
    int code =
        name == null
            ? execute(file, arguments.rest(), options, stats, streams, environment)
            : new ProgramRun(streams, environment)
                .runPackage(
                    file, name, program == null ? "" : program, arguments.rest(), options, stats);
    // Standard output is the program's own, whatever the format.
    console.finishBare();
    return code;
  }

  private static Set<String> grants(Arguments arguments) throws UsageException {
    Set<String> grants =
        new TreeSet<>(
            arguments.given("--grant") ? names(arguments, "--grant") : Capabilities.NAMES);
    grants.removeAll(names(arguments, "--deny"));
    return grants;
  }

  /**
   * Names that an option gives, one by one or with commas as {@code raya-pm --grant} takes them.
   */
  private static List<String> names(Arguments arguments, String option) throws UsageException {
    List<String> names = new ArrayList<>();
    for (String value : arguments.values(option)) {
      for (String name : value.split(",", -1)) {
        known(name);
        names.add(name);
      }
    }
    return names;
  }

  private static void known(String name) throws UsageException {
    if (Capabilities.bit(name) == 0 && !name.startsWith("native:")) {
      throw new UsageException(
          "no grant is called " + name, "the grants are " + String.join(", ", Capabilities.NAMES));
    }
  }

  private static int execute(
      Path file,
      List<String> words,
      VmOptions options,
      boolean stats,
      Streams streams,
      Environment environment)
      throws CommandException {
    return new ProgramRun(streams, environment).run(file, words, options, stats);
  }
}
