package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Iteration;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of the checker for arguments and the parameters they go to: how many there are, what a
 * rest parameter takes, what is spread into it, and how each is converted (language.md 5.5, 9).
 */
abstract sealed class ArgumentPassing extends JsonValues permits Parts {
  /** Arguments fitted to parameters. */
  record Arguments(List<Expr> given, @Nullable Expr rest, List<Type> typeArguments, Type result) {}

  ArgumentPassing(
      ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  final Expr refused(Expression.Call c) {
    checkAnyway(c.arguments());
    return invalid(c.span());
  }

  /** Checks arguments of a call that was refused, for their own errors. */
  final void checkAnyway(List<Expression.Element> arguments) {
    boolean outer = targetUnknown;
    targetUnknown = true;
    for (Expression.Element e : arguments) {
      int errors = diagnostics.size();
      Expr tree = check(e.value(), null);
      boolean one = !(strip(e.value()) instanceof Expression.Function);
      if (one && isInvalid(tree.type()) && diagnostics.size() > errors + 1) {
        diagnostics.truncate(errors + 1);
      }
    }
    targetUnknown = outer;
  }

  final boolean hasRightCount(Type.Function type, List<Expression.Element> arguments, Span span) {
    int fixed = type.parameters().size() - (type.hasRest() ? 1 : 0);
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).spread() && (!type.hasRest() || i < fixed)) {
        error(
            DiagnosticCode.E0302,
            arguments.get(i).value().span(),
            "a spread argument can only fill a rest parameter");
        return false;
      }
    }
    int required = type.required();
    if (arguments.size() < required || arguments.size() > fixed && !type.hasRest()) {
      String wanted =
          type.hasRest()
              ? "at least " + count(required, required, "argument")
              : count(required, fixed, "argument");
      error(DiagnosticCode.E0302, span, "expected " + wanted + ", found " + arguments.size());
      return false;
    }
    return true;
  }

  /** The type a parameter wants of the argument at an index; of a rest parameter its element's. */
  static Type wanted(Type.Function type, int index, boolean spread) {
    int last = type.parameters().size() - 1;
    if (type.hasRest() && index >= last) {
      Type rest = type.parameters().get(last).type();
      return !spread && rest instanceof Type.Array a ? a.element() : rest;
    }
    return type.parameters().get(index).type();
  }

  /** Converts arguments to the parameters of a function without type parameters. */
  final @Nullable Arguments fitAll(
      Type.Function type,
      List<Expression.Element> arguments,
      @Nullable Expr[] trees,
      List<Type> typeArguments,
      Span span) {
    int fixed = type.parameters().size() - (type.hasRest() ? 1 : 0);
    List<Expr> given = new ArrayList<>();
    List<Expr.Element> rest = new ArrayList<>();
    boolean failed = false;
    for (int i = 0; i < arguments.size(); i++) {
      Expression.Element e = arguments.get(i);
      Type wanted = wanted(type, i, e.spread());
      Expr tree =
          e.spread() ? iterated(argument(e, trees[i], wanted)) : argument(e, trees[i], wanted);
      if (isInvalid(tree.type())) {
        failed = true;
      } else if (e.spread()) {
        Iteration iteration = iteration(tree.type());
        rest.add(new Expr.Element(tree, iteration == null ? Iteration.ARRAY : iteration));
      } else if (i < fixed) {
        given.add(tree);
      } else {
        rest.add(new Expr.Element(tree, null));
      }
    }
    if (failed) {
      return null;
    }
    Expr restArray = null;
    if (type.hasRest()) {
      Type last = type.parameters().getLast().type();
      Type element = last instanceof Type.Array a ? a.element() : Type.Primitive.INVALID;
      restArray = new Expr.ArrayLiteral(span, rest, new Type.Array(element, false));
    }
    return new Arguments(given, restArray, typeArguments, type.result());
  }

  private Expr argument(Expression.Element e, @Nullable Expr known, Type wanted) {
    Expr tree = known;
    if (tree != null && isContextSensitive(e.value()) && !Relations.isSubtype(tree.type(), wanted)
        || tree != null && fit(tree, wanted) == null && followsExpected(e.value())) {
      tree = null;
    }
    if (tree == null) {
      tree = value(e.value(), wanted);
    }
    if (e.spread() && wanted instanceof Type.Array a) {
      Type element = Members.elementOfIterated(tree.type());
      if (element != null && mayBeSpread(element, a.element())) {
        return tree;
      }
    }
    if (e.spread() && wanted instanceof Type.Array a) {
      return convert(
          tree, new Type.Array(a.element(), true), e.value().span(), DiagnosticCode.E0303);
    }
    return convert(tree, wanted, e.value().span(), DiagnosticCode.E0303);
  }

  /** Whether an expression would do where a type is expected; nothing is reported. */
  final boolean fits(Expression e, Type expected) {
    int errors = diagnostics.size();
    Flow start = flow;
    Expr tree = value(e, expected);
    boolean fits =
        diagnostics.size() == errors && !isInvalid(tree.type()) && fit(tree, expected) != null;
    diagnostics.truncate(errors);
    flow = start;
    return fits;
  }

  /** Whether an argument is a function whose parameters, or instance, need types from outside. */
  final boolean isContextSensitive(Expression e) {
    return switch (strip(e)) {
      case Expression.Function _ -> true;
      case Expression.Identifier _, Expression.Member _ -> genericNamed(e) != null;
      default -> false;
    };
  }

  /** Whether an expression may have another type where another is expected. */
  static boolean followsExpected(Expression e) {
    return isCall(e) || isLiteralSyntax(e);
  }

  static boolean isCall(Expression e) {
    return switch (strip(e)) {
      case Expression.Call _, Expression.New _ -> true;
      default -> false;
    };
  }

  static boolean isLiteralSyntax(Expression e) {
    return switch (strip(e)) {
      case Expression.ArrayLiteral _, Expression.ObjectLiteral _ -> true;
      default -> false;
    };
  }
}
