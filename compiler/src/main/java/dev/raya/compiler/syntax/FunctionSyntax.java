package dev.raya.compiler.syntax;

import dev.raya.compiler.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signature and body of any function, method, accessor, constructor or arrow function.
 *
 * @param arrow whether it takes {@code this} from outside
 * @param body null for abstract and ambient functions
 */
public record FunctionSyntax(
    Span span,
    boolean async,
    boolean arrow,
    List<TypeNode.Parameter> typeParameters,
    List<Parameter> parameters,
    @Nullable TypeNode result,
    @Nullable Body body) {

  /** Copies the lists. */
  public FunctionSyntax {
    typeParameters = List.copyOf(typeParameters);
    parameters = List.copyOf(parameters);
  }

  /** A parameter; modifiers make it a parameter property. */
  public record Parameter(
      Span span,
      List<Modifier> modifiers,
      Pattern target,
      boolean optional,
      boolean rest,
      @Nullable TypeNode annotation,
      @Nullable Expression defaultValue) {
    /** Copies the list. */
    public Parameter {
      modifiers = List.copyOf(modifiers);
    }
  }

  /** What a function does. */
  public sealed interface Body {}

  /** A block of statements. */
  public record BlockBody(Statement.Block block) implements Body {}

  /** The expression of an arrow function. */
  public record ExpressionBody(Expression expression) implements Body {}
}
