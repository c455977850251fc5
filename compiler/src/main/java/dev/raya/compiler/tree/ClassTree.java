package dev.raya.compiler.tree;

import dev.raya.compiler.source.Span;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import java.util.List;

/**
 * A checked class: constructor, methods, accessors, static methods in source order (the constructor
 * first, made by the checker if the source has none).
 *
 * @param staticInits run in order when the declaration is executed
 */
public record ClassTree(
    Span span, ClassSymbol symbol, List<FunctionTree> functions, List<StaticInit> staticInits) {
  /** Copies the lists. */
  public ClassTree {
    functions = List.copyOf(functions);
    staticInits = List.copyOf(staticInits);
  }

  /** The initialiser of a static field. */
  public record StaticInit(FieldSymbol field, Expr value) {}
}
