package dev.raya.compiler.build;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.emit.PackageParts;
import dev.raya.compiler.emit.PartLinker;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.vm.bytecode.RbinModule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a compilation.
 *
 * @param diagnostics in order of file, line, column, code
 * @param parts what code was made from, null if there is an error or not all of it was lowered
 * @param module the package's file, null if there is an error
 */
public record Compilation(
    List<Diagnostic> diagnostics, @Nullable PackageParts parts, @Nullable RbinModule module) {
  /** Copies the list. */
  public Compilation {
    diagnostics = List.copyOf(diagnostics);
  }

  /** What code was made from, before any pass; null if there is an error. */
  public @Nullable IrPackage ir() {
    return parts == null ? null : PartLinker.link(parts);
  }

  /** Whether there is a file. */
  public boolean succeeded() {
    return module != null;
  }
}
