package dev.raya.compiler.syntax;

import dev.raya.compiler.source.SourceFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One parsed file.
 *
 * @param items module items and statements in source order
 * @param doc the module's doc comment (language.md 17.1)
 */
public record ModuleSyntax(SourceFile file, List<Statement> items, @Nullable String doc) {
  /** Copies the list. */
  public ModuleSyntax {
    items = List.copyOf(items);
  }
}
