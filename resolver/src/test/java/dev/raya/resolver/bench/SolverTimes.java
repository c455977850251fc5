package dev.raya.resolver.bench;

import dev.raya.resolver.solve.Catalog;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemFile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Times the solver in this process: median CPU time of N solves, for each problem beside that of
 * SAT4J with the plain translation (encoding and search), the two in turn.
 */
public final class SolverTimes {
  private static final int PEER_REPETITIONS = 3;

  private SolverTimes() {}

  /** {@code args}: N and files. */
  public static void main(String[] args) throws Exception {
    int repetitions = Integer.parseInt(args[0]);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    System.out.printf(
        Locale.ROOT,
        "%d processors, Java %s, medians of %d, CPU milliseconds%n%n",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        repetitions);
    System.out.println("| problem | answer | Raya | first | SAT4J | conflicts |");
    System.out.println("| --- | --- | ---: | ---: | ---: | ---: |");
    for (int i = 1; i < args.length; i++) {
      for (Problem problem : ProblemFile.read(Path.of(args[i]))) {
        Catalog catalog = new Catalog(problem.request(), problem.source());
        double[] ours = new double[repetitions];
        double[] theirs = new double[PEER_REPETITIONS];
        double first = 0;
        SolverResult result = new SolverResult.GaveUp(new SolverResult.Statistics(0, 0));
        for (int k = 0; k < repetitions; k++) {
          long start = threads.getCurrentThreadCpuTime();
          result = new Solver(catalog).solve();
          ours[k] = (threads.getCurrentThreadCpuTime() - start) / 1e6;
          first = k == 0 ? ours[0] : first;
          if (k < PEER_REPETITIONS) {
            start = threads.getCurrentThreadCpuTime();
            Sat4jPeer.isSatisfiable(problem);
            theirs[k] = (threads.getCurrentThreadCpuTime() - start) / 1e6;
          }
        }
        System.out.printf(
            Locale.ROOT,
            "| %s | %s | %.2f | %.1f | %.1f | %d |%n",
            problem.name(),
            answer(result),
            median(ours),
            first,
            median(theirs),
            result.statistics().conflicts());
      }
    }
  }

  private static String answer(SolverResult result) {
    return switch (result) {
      case SolverResult.Solved solved -> "sat";
      case SolverResult.Unsolvable unsolvable -> "unsat";
      case SolverResult.GaveUp gaveUp -> "gave up";
    };
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
