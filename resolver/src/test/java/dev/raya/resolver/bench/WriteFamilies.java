package dev.raya.resolver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the problems of the benchmark into a folder. */
public final class WriteFamilies {
  /** 17 givens, for which plain search needs long. */
  static final String HARD =
      "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4..";

  private static final String EASY =
      "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79";

  private WriteFamilies() {}

  /** Writes each problem to {@code args[0]/NAME.json}. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (ProblemText problem : all()) {
      Files.writeString(folder.resolve(problem.name() + ".json"), problem.json());
    }
  }

  /** The families at the sizes of the goals. */
  static List<ProblemText> all() {
    return List.of(
        Families.lockstep(100, 500),
        Families.lockstepPin(300, 200),
        Families.manyVersions(30, 3000, 3),
        Families.manyVersions(10, 500, 4),
        Families.deepBacktrack(40, 20),
        Families.diamonds(50, 6, 8, 3),
        Families.falling(5, 200),
        Families.monorepo(80, 60, 3),
        Families.oldLeaf(60, 60, 3),
        Families.pigeons(7),
        Families.pigeons(8),
        Families.sat3(50, 4.26, 1),
        Families.sat3(75, 4.26, 1),
        Families.sat3(100, 4.26, 1),
        Families.sat3(100, 4.26, 2),
        Families.sat3(150, 4.26, 1),
        Families.sat3(150, 4.26, 2),
        Families.sat3(150, 4.26, 3),
        Families.sudoku("sudoku", EASY),
        Families.sudoku("sudoku-hard", HARD),
        Families.breadth(300, 20, 1),
        Families.ecosystem(5000, 1, "majors", false),
        Families.ecosystem(5000, 2, "majors", false),
        Families.ecosystem(5000, 1, "single", false),
        Families.ecosystem(5000, 1, "majors", true));
  }
}
