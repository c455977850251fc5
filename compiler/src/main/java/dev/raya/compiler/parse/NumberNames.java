package dev.raya.compiler.parse;

/** The property name that a numeric key stands for. */
final class NumberNames {
  private NumberNames() {}

  static String name(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
