package dev.raya.compiler.tree;

import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.List;
import java.util.Map;

/**
 * A module without errors.
 *
 * @param functions the functions declared at module level, in source order
 * @param classes the classes declared at module level, in source order
 * @param globals the module-level variables in source order
 * @param body the initialiser: everything at module level that runs, in order (function
 *     declarations excluded, class declarations included as {@link Stmt.DeclareClass})
 * @param docs doc comments of declarations by declared name
 */
public record CheckedModule(
    ModuleSymbol symbol,
    List<FunctionTree> functions,
    List<ClassTree> classes,
    List<VariableSymbol> globals,
    List<Stmt> body,
    Map<String, String> docs) {
  /** Copies the lists. */
  public CheckedModule {
    functions = List.copyOf(functions);
    classes = List.copyOf(classes);
    globals = List.copyOf(globals);
    body = List.copyOf(body);
    docs = Map.copyOf(docs);
  }
}
