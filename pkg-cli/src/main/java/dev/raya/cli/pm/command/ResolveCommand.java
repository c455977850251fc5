package dev.raya.cli.pm.command;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemAnswer;
import dev.raya.resolver.solve.problem.ProblemException;
import dev.raya.resolver.solve.problem.ProblemFile;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * {@code resolve --problem FILE}: the solver alone, on a problem file. Prints one bare document for
 * each problem of the file, a line each; neither a project nor a registry is looked at.
 */
final class ResolveCommand implements Command {
  private static final String PROBLEM = "--problem";
  private static final String REPEAT = "--repeat";
  private static final int MOST_REPETITIONS = 100_000;

  static CommandSpec spec() {
    return CommandSpec.named("resolve", "solve a problem file of the format raya-resolve/1")
        .options(
            OptionSpec.value(PROBLEM, "FILE", "the problem: .json or .jsonl, also with .gz"),
            OptionSpec.value(REPEAT, "N", "solve it N times and tell the median time"))
        .example(
            "raya-pm resolve --problem clash.json", "say what is chosen, or why nothing can be")
        .example(
            "raya-pm resolve --problem clash.json --output json --repeat 20",
            "the same as JSON, with times")
        .runs(new ResolveCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    String file = arguments.value(PROBLEM);
    if (file == null) {
      throw new UsageException(PROBLEM + " is missing", "raya-pm resolve --problem FILE");
    }
    int repetitions = (int) arguments.number(REPEAT, 1, MOST_REPETITIONS, 1);
    List<Problem> problems = read(arguments.environment().directory().resolve(file), file);
    PrintStream out = console.streams().out();
    boolean answered = true;
    LongSupplier cpuClock = cpuClock();
    for (Problem problem : problems) {
      ProblemAnswer answer = ProblemAnswer.solve(problem, repetitions, cpuClock);
      answered &= answer.isAnswered();
      Json.Obj json = answer.json();
      if (console.isText()) {
        answer.lines(json).forEach(console::line);
      } else {
        out.print(CanonicalJson.text(json) + "\n");
      }
    }
    console.finishBare();
    return answered ? ExitCode.OK : ExitCode.PROBLEM;
  }

  private static List<Problem> read(Path path, String shown) throws CommandException {
    try {
      return ProblemFile.read(path);
    } catch (ProblemException malformed) {
      throw new CommandException(
          "RAYA-RES-007",
          String.valueOf(malformed.getMessage()),
          "FORMAT.md of the problem collection says how one is written");
    } catch (IOException unreadable) {
      throw new UsageException(PROBLEM + ": " + shown + " cannot be read");
    }
  }

  /** CPU time of this thread, or the running time where the platform does not count it. */
  private static LongSupplier cpuClock() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported()
        ? threads::getCurrentThreadCpuTime
        : System::nanoTime;
  }
}
