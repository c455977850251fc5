package dev.raya.compiler.syntax;

import dev.raya.compiler.source.SourceFile;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One parsed file.
 *
 * @param items module items and statements in source order
 * @param doc the module's doc comment (language.md 17.1)
 * @param lost names declared in what could not be read: nothing is known of them
 */
public record ModuleSyntax(
    SourceFile file, List<Statement> items, @Nullable String doc, Set<String> lost) {
  /** Copies the collections. */
  public ModuleSyntax {
    items = List.copyOf(items);
    lost = Set.copyOf(lost);
  }
}
