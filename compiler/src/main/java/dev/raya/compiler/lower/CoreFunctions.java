package dev.raya.compiler.lower;

import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ClassSymbol;
import java.util.List;

/**
 * The functions of {@code raya:core} that are written in Raya. Most programs use none of them, so
 * what they are called is known without checking them.
 */
public interface CoreFunctions {
  /** Whether there is a function of this name, as its source declares it. */
  boolean declares(String name);

  /** The functions, checked. */
  List<CheckedModule> modules();

  /** The class whose members the values of a built-in type have. */
  ClassSymbol builtinClass(String name);
}
