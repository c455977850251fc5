package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Substitution;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.Unions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of the checker for generic functions as values. No value is generic (language.md 11): a
 * name of such a function means the instance that fits the function type that is expected.
 */
abstract sealed class GenericValues extends Names permits Expressions {
  GenericValues(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** The generic function, or conversion function of the library, that an expression names. */
  final @Nullable FunctionSymbol genericNamed(Expression e) {
    Symbol named =
        switch (strip(e)) {
          case Expression.Identifier i -> scope.find(i.name().text());
          case Expression.Member m when strip(m.object()) instanceof Expression.Identifier i ->
              memberNamed(scope.find(i.name().text()), m.name().text());
          default -> null;
        };
    if (named instanceof ClassSymbol c) {
      return conversion(c);
    }
    return named instanceof FunctionSymbol f
            && !f.isTypeRunning()
            && !Matches.isMatch(f)
            && !f.type().typeParameters().isEmpty()
        ? f
        : null;
  }

  private static @Nullable Symbol memberNamed(@Nullable Symbol owner, String name) {
    return switch (owner) {
      case ModuleSymbol m -> m.export(name);
      case ClassSymbol c ->
          Members.findStatic(c, name) instanceof Members.Member found
                  && found.origin() instanceof Members.Method m
              ? m.method()
              : null;
      case null, default -> null;
    };
  }

  /** The function that a class of the library is when it is called: {@code String}. */
  private @Nullable FunctionSymbol conversion(ClassSymbol c) {
    return c.module() == library.module()
            && Members.findStatic(c, "call") instanceof Members.Member call
            && call.origin() instanceof Members.Method m
        ? m.method()
        : null;
  }

  /** The value of a name; of a generic function, the instance that is expected. */
  final Expr identifier(Expression.Identifier i, @Nullable Type expected) {
    Type.Function wanted = functionIn(expected);
    FunctionSymbol f = wanted == null ? null : genericNamed(i);
    Symbol symbol = f == null ? null : scope.find(i.name().text());
    if (f == null || wanted == null || symbol == null) {
      return identifier(i);
    }
    markUsed(symbol);
    noteUse(symbol, i.name().span());
    return instance(f, i.span(), wanted);
  }

  /** The function that is expected, or null if it is none. */
  static Type.@Nullable Function functionIn(@Nullable Type expected) {
    return expected != null && Unions.withoutNull(expected) instanceof Type.Function f ? f : null;
  }

  /** The instance of a named function that fits what is expected. */
  final Expr instance(FunctionSymbol f, Span span, Type.Function expected) {
    Type.Function type = f.type();
    List<Type> typeArguments = instanceArguments(type, expected);
    if (typeArguments == null) {
      error(
          DiagnosticCode.E0310,
          span,
          "which instance of the generic function '"
              + f.name()
              + "' is meant does not follow from the '"
              + show(expected)
              + "' that is expected; wrap it in a function");
      return invalid(span);
    }
    if (!checkConstraints(type.typeParameters(), typeArguments, span)) {
      return invalid(span);
    }
    useFunction(f);
    return new Expr.FunctionValue(
        span,
        f.owner() == null ? direct(f, typeArguments) : staticCallee(f, typeArguments),
        instantiate(type, typeArguments));
  }

  /** A function type with its type parameters replaced. */
  static Type.Function instantiate(Type.Function type, List<Type> typeArguments) {
    Type.Function open =
        new Type.Function(List.of(), type.parameters(), type.result(), type.predicate());
    return Substitution.of(type.typeParameters(), typeArguments).apply(open);
  }

  private static @Nullable List<Type> instanceArguments(
      Type.Function type, Type.Function expected) {
    Inference inference = new Inference(type.typeParameters(), Map.of());
    for (int i = 0; i < Math.min(type.parameters().size(), expected.parameters().size()); i++) {
      Type.Parameter given = expected.parameters().get(i);
      boolean fits =
          (type.parameters().get(i).kind() == Type.ParameterKind.REST)
              == (given.kind() == Type.ParameterKind.REST);
      if (fits) {
        inference.learn(type.parameters().get(i).type(), given.type());
      }
    }
    Inference fromResult = new Inference(type.typeParameters(), Map.of());
    if (expected.result() != Type.Primitive.VOID) {
      fromResult.learn(type.result(), expected.result());
    }
    List<Type> typeArguments = new ArrayList<>();
    for (TypeParameterSymbol p : type.typeParameters()) {
      Type found = inference.resolve(p);
      if (found == null) {
        found = fromResult.resolve(p);
      }
      if (found == null) {
        found = p.defaultType();
      }
      if (found == null || isInvalid(found)) {
        return null;
      }
      typeArguments.add(found);
    }
    return typeArguments;
  }
}
