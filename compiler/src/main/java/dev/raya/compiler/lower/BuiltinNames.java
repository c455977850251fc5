package dev.raya.compiler.lower;

import java.util.Set;

/** Built-ins of {@code raya:core} that are lowered in ways of their own. */
final class BuiltinNames {
  /** Functions of numbers that have a form for {@code int} too. */
  static final Set<String> BY_INT_TOO =
      Set.of("Math.abs", "Math.sign", "Math.min", "Math.max", "Math.clamp");

  /** Members that an instruction or a row of the table stands for under this very name. */
  static final Set<String> INSTRUCTIONS =
      Set.of(
          "task.sleep",
          "task.yield",
          "task.all",
          "task.race",
          "task.awaitTimeout",
          "task.cancelRequested",
          "any.of",
          "any.as");

  private BuiltinNames() {}
}
