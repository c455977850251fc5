package dev.raya.compiler.tree;

import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A module without errors.
 *
 * @param functions the functions declared at module level, in source order
 * @param classes the classes declared at module level, in source order
 * @param localClasses classes declared in functions and blocks
 * @param globals the module-level variables in source order
 * @param body the initialiser: everything at module level that runs, in order (function
 *     declarations excluded, class declarations included as {@link Stmt.DeclareClass})
 * @param docs doc comments of declarations by declared name
 * @param templates the sources of what importers compile for themselves: generic declarations, and
 *     generic methods of classes that are not generic
 */
public record CheckedModule(
    ModuleSymbol symbol,
    List<FunctionTree> functions,
    List<ClassTree> classes,
    List<ClassTree> localClasses,
    List<VariableSymbol> globals,
    List<Stmt> body,
    Map<String, String> docs,
    Map<Symbol, Template> templates) {
  /**
   * A generic declaration.
   *
   * @param text its tokens
   * @param names names in the text that may mean something declared or imported at module level
   */
  public record Template(String text, Map<String, Symbol> names) {
    /** Copies the map. */
    public Template {
      names = Collections.unmodifiableMap(new TreeMap<>(names));
    }
  }

  /** Copies the lists. */
  public CheckedModule {
    functions = List.copyOf(functions);
    classes = List.copyOf(classes);
    localClasses = List.copyOf(localClasses);
    globals = List.copyOf(globals);
    body = List.copyOf(body);
    docs = Map.copyOf(docs);
    templates = Collections.unmodifiableMap(templates);
  }
}
