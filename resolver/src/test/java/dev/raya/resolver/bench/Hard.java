package dev.raya.resolver.bench;

import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemException;
import dev.raya.resolver.solve.problem.ProblemFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Generated problems that take hundreds of conflicts. */
public final class Hard {
  private Hard() {}

  /** Those that have a solution. */
  public static List<Problem> solvable() {
    return List.of(
        read(Families.diamonds(50, 6, 8, 3)),
        read(Families.sat3(100, 4.26, 1)),
        read(Families.sudoku("sudoku-hard", WriteFamilies.HARD)));
  }

  /** Every family at sizes that take milliseconds, some with several seeds. */
  public static List<Problem> small() {
    List<ProblemText> texts = new ArrayList<>();
    texts.add(Families.lockstep(5, 8));
    texts.add(Families.lockstepPin(6, 6));
    texts.add(Families.deepBacktrack(5, 6));
    texts.add(Families.falling(4, 12));
    texts.add(Families.pigeons(4));
    texts.add(Families.pigeons(5));
    texts.add(Families.pigeons(7));
    for (long seed = 1; seed <= 3; seed++) {
      texts.add(Families.manyVersions(4, 70, seed));
      texts.add(Families.diamonds(12, 4, 5, seed));
      texts.add(Families.monorepo(8, 8, seed));
      texts.add(Families.oldLeaf(8, 8, seed));
      texts.add(Families.ecosystem(60, seed, "majors", false));
      texts.add(Families.ecosystem(60, seed, "single", false));
      texts.add(Families.ecosystem(60, seed, "majors", true));
    }
    for (long seed = 1; seed <= 8; seed++) {
      texts.add(Families.sat3(50, 4.26, seed));
    }
    return texts.stream().map(Hard::read).toList();
  }

  /**
   * Random formulas of three literals a clause.
   *
   * @param ratio clauses for each variable
   */
  public static List<Problem> formulas(int variables, double ratio, int count) {
    List<Problem> problems = new ArrayList<>();
    for (long seed = 1; seed <= count; seed++) {
      problems.add(read(Families.sat3(variables, ratio, seed)));
    }
    return problems;
  }

  static Problem read(ProblemText text) {
    try {
      byte[] bytes = text.json().getBytes(StandardCharsets.UTF_8);
      return ProblemFile.read(new ByteArrayInputStream(bytes), "p.json").getFirst();
    } catch (IOException | ProblemException e) {
      throw new IllegalStateException(text.name(), e);
    }
  }
}
