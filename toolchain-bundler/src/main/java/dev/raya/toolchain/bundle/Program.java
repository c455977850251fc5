package dev.raya.toolchain.bundle;

import java.util.List;

/**
 * A program of the toolchain and how its launcher starts it.
 *
 * @param name file name in {@code bin/}
 * @param mainClass the class whose {@code main} it runs
 * @param options JVM options of this program alone
 * @param brief JVM options of its commands that soon end
 * @param lasting commands that may run for as long as the user's program does, without {@code
 *     brief}
 */
public record Program(
    String name, String mainClass, List<String> options, List<String> brief, List<String> lasting) {

  /**
   * The three programs of a toolchain. Commands of the package manager are short, so C2 never pays
   * there, and neither does it where 100 000 lines are compiled: it takes twice the processor time.
   * Programs may run long. A small nursery is collected often, and costs less than touching memory
   * that a short command never needs again: without it the JVM would take a sixty-fourth of the
   * machine's. A compilation touches much memory once, in large pages where the system has them on
   * demand.
   */
  public static final List<Program> ALL =
      List.of(
          new Program(
              "raya-pm",
              "dev.raya.cli.pm.RayaPm",
              List.of("-XX:TieredStopAtLevel=1", "-Xms32m", "-Xmn24m"),
              List.of(),
              List.of()),
          new Program(
              "rayac",
              "dev.raya.cli.rayac.Rayac",
              List.of("-Xss8m"),
              List.of("-XX:TieredStopAtLevel=1", "-XX:+UseTransparentHugePages"),
              List.of("run", "test")),
          new Program(
              "raya",
              "dev.raya.cli.raya.Raya",
              List.of("-XX:-DontCompileHugeMethods"),
              List.of(),
              List.of()));

  /** Copies the lists. */
  public Program {
    options = List.copyOf(options);
    brief = List.copyOf(brief);
    lasting = List.copyOf(lasting);
  }
}
