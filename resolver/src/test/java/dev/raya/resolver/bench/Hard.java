package dev.raya.resolver.bench;

import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemException;
import dev.raya.resolver.solve.problem.ProblemFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  static Problem read(ProblemText text) {
    try {
      byte[] bytes = text.json().getBytes(StandardCharsets.UTF_8);
      return ProblemFile.read(new ByteArrayInputStream(bytes), "p.json").getFirst();
    } catch (IOException | ProblemException e) {
      throw new IllegalStateException(text.name(), e);
    }
  }
}
