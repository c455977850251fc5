package dev.raya.resolver.bench;

import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemAnswer;
import dev.raya.resolver.solve.problem.ProblemFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;

/** Times the solver in this process: median CPU time of N solves. */
public final class SolverTimes {
  private SolverTimes() {}

  /** {@code args}: N and files. */
  public static void main(String[] args) throws Exception {
    int repetitions = Integer.parseInt(args[0]);
    for (int i = 1; i < args.length; i++) {
      Path file = Path.of(args[i]);
      long start = System.nanoTime();
      for (Problem problem : ProblemFile.read(file)) {
        double read = (System.nanoTime() - start) / 1e6;
        ProblemAnswer answer =
            ProblemAnswer.solve(
                problem, repetitions, ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
        SolverResult result = answer.result();
        System.out.printf(
            Locale.ROOT,
            "%-36s %-10s median %9.2f first %9.2f read %8.1f decisions %8d conflicts %7d%n",
            problem.name(),
            result.getClass().getSimpleName(),
            answer.medianNanos() / 1e6,
            answer.firstNanos() / 1e6,
            read,
            result.statistics().decisions(),
            result.statistics().conflicts());
      }
    }
  }
}
