package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.TypeParameterSymbol;
import java.util.List;
import java.util.Set;

/**
 * The outcome of checking a program.
 *
 * @param modules the local modules in initialisation order (dependencies first, the entry last);
 *     empty if there is an error
 * @param templates the generic code of other packages' modules that were loaded
 * @param externals the interfaces of other packages' modules that were loaded, in order of first
 *     import
 * @param diagnostics in order of file, line, column, code
 * @param sources how many local modules there were, with errors or without
 * @param decoded the type parameters that casts of json depend on; found if code is to be made
 */
public record CheckResult(
    List<CheckedModule> modules,
    List<CheckedModule> templates,
    List<ModuleSymbol> externals,
    List<Diagnostic> diagnostics,
    int sources,
    Set<TypeParameterSymbol> decoded) {
  /** Copies the lists. */
  public CheckResult {
    modules = List.copyOf(modules);
    templates = List.copyOf(templates);
    externals = List.copyOf(externals);
    diagnostics = List.copyOf(diagnostics);
    decoded = Set.copyOf(decoded);
  }

  /** Whether a diagnostic stops code generation. */
  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }
}
