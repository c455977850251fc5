package dev.raya.compiler.build;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.vm.bytecode.RbinModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a compilation.
 *
 * @param diagnostics in order of file, line, column, code
 * @param ir what code was made from, null if there is an error
 * @param module the package's file, null if there is an error
 */
public record Compilation(
    List<Diagnostic> diagnostics, @Nullable IrPackage ir, @Nullable RbinModule module) {
  /** Copies the list. */
  public Compilation {
    diagnostics = List.copyOf(diagnostics);
  }

  /** Whether there is a file. */
  public boolean succeeded() {
    return module != null;
  }
}
