package dev.raya.compiler.bind;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.types.ModuleId;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** The modules that export a name, as an importer writes them; the nearest first. */
  default List<Exporter> exporters(ModuleId importer, String name) {
    return List.of();
  }

  /**
   * A module to import a name from.
   *
   * @param specifier what the importer writes
   * @param whole whether the name is the module's own, for {@code import * as name}
   */
  record Exporter(String specifier, boolean whole) {}

  /** The answer. */
  sealed interface Resolution {
    /** A file to compile. */
    record Source(ModuleId id, SourceFile file) implements Resolution {}

    /** A module of another package, known by its interface. */
    record Interface(ModuleInterface module) implements Resolution {}

    /**
     * The import is refused: E0501, E0505 to E0510, E0514 to E0516.
     *
     * @param similar the specifier that was probably meant, or null
     */
    record Refused(DiagnosticCode code, String message, @Nullable String similar)
        implements Resolution {
      /** Refused, and nothing is like it. */
      public Refused(DiagnosticCode code, String message) {
        this(code, message, null);
      }
    }
  }
}
