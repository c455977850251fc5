package dev.raya.compiler.lower;

import dev.raya.compiler.types.FunctionSymbol;

/** Names in exports and in the library's sources that mean something to the lowering. */
final class LibraryNames {
  private LibraryNames() {}

  /**
   * Whether a function without body is a built-in of the VM: declared in a module of the library at
   * hand, or reached by a template of such a module.
   */
  static boolean isBuiltin(FunctionSymbol symbol) {
    return symbol.ambient()
        && symbol.owner() == null
        && (!symbol.module().external()
            || (symbol.name().indexOf('$') > 0
                && symbol.module().id().packageName().startsWith("raya:")));
  }

  /** What the function is exported as that assigns a variable for code in other files. */
  static String setter(String variable) {
    return variable + "=";
  }

  /**
   * A function declared without body in a library module is a built-in: {@code process$args} is
   * {@code process.args}.
   */
  static String builtin(String declared) {
    return declared.replace('$', '.');
  }

  /** The function of a capability that {@code host$query} stands for. */
  static String member(String declared) {
    return declared.substring(declared.indexOf('$') + 1);
  }

  /** What the function is declared as that takes the place of a built-in. */
  static String declared(String builtin) {
    return builtin.replace('.', '$');
  }
}
