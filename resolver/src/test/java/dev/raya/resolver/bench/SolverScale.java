package dev.raya.resolver.bench;

import dev.raya.resolver.solve.Catalog;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemFile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * How the cost of reading and of solving grows with the candidates that can be reached: one family,
 * each problem twice as large as the one before.
 */
public final class SolverScale {
  private static final int VERSIONS = 20;
  private static final int SMALLEST = 150;
  private static final int DOUBLINGS = 6;
  private static final int REPETITIONS = 7;

  private SolverScale() {}

  /** {@code args}: a folder for the problems. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    System.out.println("| candidates | reading | growth | solving | growth |");
    System.out.println("| ---: | ---: | ---: | ---: | ---: |");
    double[] before = {0, 0};
    // The smallest one twice: the first time is for the compiler.
    for (int step = -1; step <= DOUBLINGS; step++) {
      int packages = SMALLEST << Math.max(0, step);
      ProblemText text = Families.breadth(packages, VERSIONS, 1);
      Path file = folder.resolve(text.name() + ".json");
      Files.writeString(file, text.json());
      double[] reading = new double[REPETITIONS];
      double[] solving = new double[REPETITIONS];
      for (int k = 0; k < REPETITIONS; k++) {
        long start = threads.getCurrentThreadCpuTime();
        Problem problem = ProblemFile.read(file).getFirst();
        Catalog catalog = new Catalog(problem.request(), problem.source());
        long read = threads.getCurrentThreadCpuTime();
        if (!(new Solver(catalog).solve() instanceof SolverResult.Solved)) {
          throw new IllegalStateException(text.name() + " has a solution");
        }
        reading[k] = (read - start) / 1e6;
        solving[k] = (threads.getCurrentThreadCpuTime() - read) / 1e6;
      }
      double[] now = {median(reading), median(solving)};
      if (step >= 0) {
        System.out.printf(
            Locale.ROOT,
            "| %d | %.1f | %s | %.1f | %s |%n",
            text.candidates(),
            now[0],
            growth(before[0], now[0], step),
            now[1],
            growth(before[1], now[1], step));
      }
      before = now;
    }
  }

  private static String growth(double before, double now, int step) {
    return step == 0 ? "" : String.format(Locale.ROOT, "%.2f", now / before);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
