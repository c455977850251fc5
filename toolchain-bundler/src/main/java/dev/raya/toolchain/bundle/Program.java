package dev.raya.toolchain.bundle;

import java.util.List;

/**
 * A program of the toolchain and how its launcher starts it.
 *
 * @param name file name in {@code bin/}
 * @param mainClass the class whose {@code main} it runs
 * @param options JVM options of this program alone
 */
public record Program(String name, String mainClass, List<String> options) {

  /**
   * The three programs of a toolchain. Commands of the package manager are short, so C2 never pays
   * there; programs and compilations may run long. A small nursery is collected often, and costs
   * less than touching memory that a short command never needs again: without it the JVM would take
   * a sixty-fourth of the machine's.
   */
  public static final List<Program> ALL =
      List.of(
          new Program(
              "raya-pm",
              "dev.raya.cli.pm.RayaPm",
              List.of("-XX:TieredStopAtLevel=1", "-Xms32m", "-Xmn24m")),
          new Program("rayac", "dev.raya.cli.rayac.Rayac", List.of("-Xss8m")),
          new Program("raya", "dev.raya.cli.raya.Raya", List.of("-XX:-DontCompileHugeMethods")));

  /** Copies the options in. */
  public Program {
    options = List.copyOf(options);
  }
}
