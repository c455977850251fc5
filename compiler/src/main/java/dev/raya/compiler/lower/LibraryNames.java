package dev.raya.compiler.lower;

/** Names in the sources of the standard library that mean something to the lowering. */
final class LibraryNames {
  private LibraryNames() {}

  /**
   * A function declared without body in a library module is a built-in: {@code process$args} is
   * {@code process.args}.
   */
  static String builtin(String declared) {
    return declared.replace('$', '.');
  }
}
