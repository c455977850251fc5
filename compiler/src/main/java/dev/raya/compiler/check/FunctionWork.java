package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function on its way through the checker: first its signature is read, then its body checked.
 */
final class FunctionWork {
  final FunctionSymbol symbol;
  final FunctionSyntax syntax;
  final Scope outer;
  final FunctionContext context;
  final @Nullable ClassSymbol owner;

  /** What control flow says where a closure is made. */
  final Flow flow;

  /** The type a function expression is expected to have. */
  Type.@Nullable Function expected;

  /** Stands where nobody knows which type is wanted, nor what its parameters would be. */
  boolean targetUnknown;

  /**
   * What was reported of the signature and of the body when they were checked. Who asked first may
   * have been a trial, of which nothing is told; who asks next reports it again.
   */
  List<Diagnostic> toldOfSignature = List.of();

  List<Diagnostic> toldOfBody = List.of();

  /** The variable {@code this} of an object-literal method. */
  @Nullable VariableSymbol self;

  /** A constructor that the source does not have, with the base constructor's type. */
  boolean implicit;

  Type.@Nullable Function inherited;
  List<VariableSymbol> implicitParameters = List.of();

  @Nullable Scope inner;
  List<TypeParameterSymbol> typeParameters = List.of();
  final List<Type.Parameter> parameters = new ArrayList<>();

  /** The declared result, or null if it is inferred. */
  @Nullable Type result;

  Type.@Nullable Predicate predicate;
  @Nullable FunctionTree tree;
  @Nullable Type inferred;
  boolean running;

  FunctionWork(
      FunctionSymbol symbol,
      FunctionSyntax syntax,
      Scope outer,
      FunctionContext context,
      @Nullable ClassSymbol owner,
      Flow flow) {
    this.symbol = symbol;
    this.syntax = syntax;
    this.outer = outer;
    this.context = context;
    this.owner = owner;
    this.flow = flow;
  }

  /** Forgets the checked body, so that it is checked again with other types around it. */
  void reset() {
    tree = null;
    inferred = null;
    inner = null;
    parameters.clear();
  }

  Type.Function type(Type resultType) {
    return new Type.Function(typeParameters, parameters, resultType, predicate);
  }
}
