package dev.raya.compiler.build;

import dev.raya.compiler.lower.CoreFunctions;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ClassSymbol;
import java.util.List;

/**
 * The functions of {@code raya:core} of a library. Apart from it, so that commands that make no
 * code do not load the lowering.
 *
 * @param library where their source is, and what remembers them checked
 */
record LibraryFunctions(StandardLibrary library) implements CoreFunctions {
  @Override
  public boolean declares(String name) {
    String declaration = "export function " + name;
    String text = library.coreSource().text();
    return text.contains(declaration + '(') || text.contains(declaration + '<');
  }

  @Override
  public List<CheckedModule> modules() {
    return library.coreFunctions();
  }

  @Override
  public ClassSymbol builtinClass(String name) {
    return library.builtinClasses().named(name);
  }
}
