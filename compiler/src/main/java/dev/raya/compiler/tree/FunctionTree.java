package dev.raya.compiler.tree;

import dev.raya.compiler.source.Span;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checked function with body. Expression bodies are a Return (or an Evaluate, if the result is
 * void). A constructor's body is complete: super call, parameter properties, field initialisers,
 * then the rest.
 *
 * @param receiver {@code this}, for methods, accessors and constructors
 * @param abstractBody whether there is no body (abstract methods)
 */
public record FunctionTree(
    Span span,
    FunctionSymbol symbol,
    @Nullable VariableSymbol receiver,
    List<Parameter> parameters,
    List<Stmt> body,
    boolean abstractBody) {
  /** Copies the lists. */
  public FunctionTree {
    parameters = List.copyOf(parameters);
    body = List.copyOf(body);
  }

  /**
   * A parameter; a pattern is a temporary that the body takes apart.
   *
   * @param defaultValue evaluated at the call if the argument was not given
   */
  public record Parameter(VariableSymbol variable, @Nullable Expr defaultValue) {}
}
