package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Substitution;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.Unions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of the checker for the type arguments of calls: as written, or found from the arguments
 * and from what is expected of the result (language.md 4.4).
 */
abstract sealed class TypeArguments extends Parts permits Overloads {
  /** Whether type arguments were refused because the result would hold values of type void. */
  boolean holdsVoid;

  TypeArguments(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  final @Nullable Arguments arguments(
      Type.Function type, Expression.Call c, @Nullable Type expected) {
    return arguments(type, c.arguments(), c.typeArguments(), "this function", c.span(), expected);
  }

  /** Fits arguments to a function's parameters; null if something was refused. */
  final @Nullable Arguments arguments(
      Type.Function type,
      List<Expression.Element> arguments,
      List<TypeNode> typeNodes,
      String what,
      Span span,
      @Nullable Type expected) {
    if (!hasRightCount(type, arguments, span)) {
      checkAnyway(arguments);
      return null;
    }
    List<TypeParameterSymbol> parameters = type.typeParameters();
    if (parameters.isEmpty()) {
      if (!typeNodes.isEmpty()) {
        error(DiagnosticCode.E0327, typeNodes.getFirst().span(), what + " takes no type arguments");
      }
      return fitAll(type, arguments, new Expr[arguments.size()], List.of(), span);
    }
    if (!typeNodes.isEmpty()) {
      List<Type> explicit = typeArguments(parameters, typeNodes, span, what);
      if (explicit == null) {
        checkAnyway(arguments);
        return null;
      }
      return fitAll(
          instantiate(type, explicit), arguments, new Expr[arguments.size()], explicit, span);
    }
    return infer(type, arguments, span, expected);
  }

  private @Nullable Arguments infer(
      Type.Function type, List<Expression.Element> arguments, Span span, @Nullable Type expected) {
    Trials trials = context.trials;
    trials.begin();
    try {
      int errors = diagnostics.size();
      Flow start = flow;
      Map<TypeParameterSymbol, Type> bounds = new LinkedHashMap<>();
      Arguments found = inferred(type, arguments, span, expected, Map.of(), bounds);
      if (found != null
          || bounds.isEmpty()
          || arguments.stream()
              .noneMatch(e -> followsExpected(e.value()) || isFreshInteger(e.value()))) {
        return found;
      }
      // What a literal is by itself does not satisfy the constraint; what it asks for may.
      List<Diagnostic> told = diagnostics.since(errors);
      Flow end = flow;
      diagnostics.truncate(errors);
      flow = start;
      Arguments bounded = inferred(type, arguments, span, expected, bounds, new LinkedHashMap<>());
      if (bounded == null || diagnostics.hasErrorsFrom(errors)) {
        diagnostics.truncate(errors);
        told.forEach(diagnostics::add);
        flow = end;
        return null;
      }
      return bounded;
    } finally {
      trials.end();
    }
  }

  /**
   * Infers type arguments and fits the arguments to the parameters.
   *
   * @param bounds what literals are told to be in the places of some type parameters
   * @param violated takes the constraints that what was found does not satisfy
   */
  private @Nullable Arguments inferred(
      Type.Function type,
      List<Expression.Element> arguments,
      Span span,
      @Nullable Type expected,
      Map<TypeParameterSymbol, Type> bounds,
      Map<TypeParameterSymbol, Type> violated) {
    int errors = diagnostics.size();
    List<List<Part>> functions = new ArrayList<>();
    Inference inference = new Inference(type.typeParameters(), bounds);
    Expr[] trees = new Expr[arguments.size()];
    Type.Function open =
        new Type.Function(List.of(), type.parameters(), type.result(), type.predicate());
    Inference fromResult = new Inference(type.typeParameters(), Map.of());
    if (expected != null && expected != Type.Primitive.VOID) {
      Type result = open.result();
      boolean mayBeNull = result instanceof Type.Variable || Unions.hasNull(result);
      fromResult.learn(result, mayBeNull ? expected : Unions.withoutNull(expected));
    }
    for (int i = 0; i < arguments.size(); i++) {
      Expression.Element e = arguments.get(i);
      functions.add(new ArrayList<>());
      if (isContextSensitive(e.value())) {
        continue;
      }
      Type parameter = wanted(open, i, e.spread());
      if (!e.spread() && holdsOpenFunction(e.value())) {
        learnParts(inference, parameter, e.value(), functions.getLast());
        continue;
      }
      Substitution known = isCall(e.value()) ? inference.soFar(fromResult) : inference.soFar();
      trees[i] = value(e.value(), Inference.hint(known.apply(parameter)));
      if (isInvalid(trees[i].type())) {
        return null;
      }
      learn(
          inference, parameter, e.value(), e.spread() ? spread(trees[i].type()) : trees[i].type());
    }
    preferResult(inference, fromResult, open, arguments, trees);
    for (int i = 0; i < arguments.size(); i++) {
      Expression.Element e = arguments.get(i);
      if (trees[i] != null) {
        continue;
      }
      Type parameter = wanted(open, i, e.spread());
      if (!isContextSensitive(e.value())) {
        for (Part part : functions.get(i)) {
          preferExpected(type, part.parameter(), inference, fromResult);
          learnFrom(inference, part);
        }
        continue;
      }
      preferExpected(type, parameter, inference, fromResult);
      TypeParameterSymbol given = resultOf(parameter, inference);
      Type hint = Inference.hint(inference.soFar().apply(parameter));
      trees[i] = value(e.value(), given == null ? hint : giving(hint, fromResult.form(given)));
      if (isInvalid(trees[i].type())) {
        return null;
      }
      inference.learn(parameter, trees[i].type());
      if (given != null) {
        preferResult(given, trees[i].type(), inference, fromResult);
      }
    }
    if (diagnostics.hasErrorsFrom(errors) && functions.stream().anyMatch(f -> !f.isEmpty())) {
      return null;
    }
    if (isRefusedAsNoArray(open, arguments, trees)) {
      return null;
    }
    List<Type> typeArguments = resolve(type, inference, fromResult, span);
    if (typeArguments == null) {
      return null;
    }
    if (!checkConstraints(type.typeParameters(), typeArguments, span)) {
      violated.putAll(violated(type.typeParameters(), typeArguments));
      return null;
    }
    return fitAll(instantiate(type, typeArguments), arguments, trees, typeArguments, span);
  }

  /** What is spread, as the array that a rest parameter gets of it. */
  private static Type spread(Type given) {
    Type element = given instanceof Type.Array ? null : Members.elementOfIterated(given);
    return element == null ? given : new Type.Array(element, false);
  }

  /** Reports what is given for an array and is none: it says nothing of the array's elements. */
  private boolean isRefusedAsNoArray(
      Type.Function open, List<Expression.Element> arguments, @Nullable Expr[] trees) {
    for (int i = 0; i < trees.length; i++) {
      Expr tree = trees[i];
      if (tree == null || arguments.get(i).spread()) {
        continue;
      }
      Type wanted = Unions.withoutNull(wanted(open, i, false));
      Type given = Relations.constraintOf(tree.type());
      if (wanted instanceof Type.Array && Unions.isBare(given) && !Unions.hasNull(given)) {
        convert(tree, wanted, arguments.get(i).value().span(), DiagnosticCode.E0303);
        return true;
      }
    }
    return false;
  }

  /** The type parameter of which nothing is known yet but what a function will give. */
  private static @Nullable TypeParameterSymbol resultOf(Type parameter, Inference inference) {
    return parameter instanceof Type.Function f
            && f.result() instanceof Type.Variable v
            && !inference.isKnown(v.symbol())
        ? v.symbol()
        : null;
  }

  /** A function as it is expected, with what its result should look like if that is known. */
  private static @Nullable Type giving(@Nullable Type function, @Nullable Type form) {
    return function instanceof Type.Function f && isInvalid(f.result()) && form != null
        ? new Type.Function(f.typeParameters(), f.parameters(), form, f.predicate())
        : function;
  }

  /** A result that fits what is expected of the call is as wide as that. */
  private static void preferResult(
      TypeParameterSymbol p, Type function, Inference inference, Inference fromResult) {
    Type expected = fromResult.resolve(p);
    if (expected != null
        && !isInvalid(expected)
        && function instanceof Type.Function f
        && f.result() != Type.Primitive.VOID
        && Relations.isAssignable(f.result(), expected)) {
      inference.fix(p, expected);
    }
  }

  /** What only the result is known to be is what a function is told that takes it. */
  private static void preferExpected(
      Type.Function type, Type parameter, Inference inference, Inference fromResult) {
    for (TypeParameterSymbol p : type.typeParameters()) {
      Type preferredType = fromResult.resolve(p);
      if (!inference.isKnown(p)
          && preferredType != null
          && !isInvalid(preferredType)
          && parameter instanceof Type.Function pf
          && !pf.result().equals(new Type.Variable(p))) {
        inference.fix(p, preferredType);
      }
    }
  }

  private void preferResult(
      Inference inference,
      Inference fromResult,
      Type.Function open,
      List<Expression.Element> arguments,
      @Nullable Expr[] trees) {
    Substitution wanted = fromResult.soFar();
    for (int i = 0; i < trees.length; i++) {
      Expr tree = trees[i];
      if (tree != null) {
        Type parameter = wanted.apply(wanted(open, i, arguments.get(i).spread()));
        if (!isInvalid(parameter)
            && fit(tree, parameter) == null
            && !(followsExpected(arguments.get(i).value())
                && fits(arguments.get(i).value(), parameter))) {
          return;
        }
      }
    }
    fromResult.fixInto(inference);
  }

  /** Whether void, or never, stands in a type elsewhere than as a result. */
  private boolean holds(Type.Primitive what, Type type, boolean result) {
    return switch (type) {
      case Type.Primitive p -> p == what && !result;
      case Type.Array a -> holds(what, a.element(), false);
      case Type.Tuple t -> t.elements().stream().anyMatch(e -> holds(what, e, false));
      case Type.ClassInstance c ->
          c.arguments().stream().anyMatch(a -> holds(what, a, library.isTask(c)));
      case Type.Structure s -> s.arguments().stream().anyMatch(a -> holds(what, a, false));
      case Type.Union u -> u.members().stream().anyMatch(m -> holds(what, m, false));
      case Type.Function f ->
          holds(what, f.result(), true)
              || f.parameters().stream().anyMatch(p -> holds(what, p.type(), false));
      case Type.StringLiteral _, Type.IntLiteral _, Type.BooleanLiteral _, Type.Variable _ -> false;
    };
  }

  private @Nullable List<Type> resolve(
      Type.Function type, Inference inference, Inference fromResult, Span span) {
    List<Type> resolved = new ArrayList<>();
    for (TypeParameterSymbol p : type.typeParameters()) {
      Type found = inference.resolve(p);
      if (found == null || isInvalid(found)) {
        found = fromResult.resolve(p);
      }
      if (found == null && p.defaultType() != null) {
        found = Substitution.of(type.typeParameters(), resolved).apply(p.defaultType());
      }
      if (found == null || isInvalid(found)) {
        cannotInfer(span, "the type argument '" + p.name() + "' cannot be inferred; write it");
        return null;
      }
      resolved.add(found);
    }
    // What never ends may stand for a value of any type, and no container can be of type never.
    if (resolved.contains(Type.Primitive.NEVER)
        && holds(Type.Primitive.NEVER, instantiate(type, resolved).result(), true)) {
      resolved.replaceAll(t -> t == Type.Primitive.NEVER ? Type.Primitive.NULL : t);
    }
    if (resolved.contains(Type.Primitive.VOID)
        && holds(Type.Primitive.VOID, instantiate(type, resolved).result(), true)) {
      error(
          DiagnosticCode.E0310,
          span,
          "the result would hold 'void', which is no value; give null, and await Tasks without result"
              + " one by one");
      holdsVoid = true;
      return null;
    }
    return resolved;
  }
}
