package dev.raya.compiler.bind;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.types.ModuleId;

/**
 * Finds what an import names (language.md 16.2). The implementation knows files, manifest, lock and
 * cache; the checker knows none of them.
 */
public interface ModuleResolver {
  /**
   * What a specifier means in a module. Equal modules must have equal ids; the checker asks for
   * each import declaration and loads each id once.
   */
  Resolution resolve(ModuleId importer, String specifier);

  /**
   * Whether a module is one of the standard library's, whose functions without body are built-ins.
   * A program that could declare these would reach what only the library may.
   */
  default boolean mayDeclareBuiltins(ModuleId module) {
    return false;
  }

  /** The answer. */
  sealed interface Resolution {
    /** A file to compile. */
    record Source(ModuleId id, SourceFile file) implements Resolution {}

    /** A module of another package, known by its interface. */
    record Interface(ModuleInterface module) implements Resolution {}

    /** The import is refused: E0501, E0505 to E0510, E0514 to E0516. */
    record Refused(DiagnosticCode code, String message) implements Resolution {}
  }
}
