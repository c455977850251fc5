package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Substitution;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The part of the checker for what calls of type predicates tell (language.md 4.5). */
abstract sealed class Predicates extends Narrowing permits Names {
  Predicates(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  @Override
  final Condition conditionOf(Expr tree, Expression.Call c) {
    Type.Predicate declared = predicateOf(tree);
    Type.Predicate predicate = declared == null ? null : instantiated(declared, tree);
    if (declared == null
        || predicate == null
        || predicate.parameter() >= c.arguments().size()
        || c.arguments().get(predicate.parameter()).spread()) {
      return truthOf(tree, c);
    }
    Expression argument = strip(c.arguments().get(predicate.parameter()).value());
    Flow.Path path = path(argument);
    Type type = path == null ? null : typeAt(path);
    if (path == null || type == null) {
      return new Condition(truthy(tree), flow, flow);
    }
    Type proved = predicate.type();
    Predicate<Type> isProved = m -> Relations.isSubtype(m, proved);
    Flow yes = narrow(flow, path, type, isProved);
    if (keep(type, isProved) == Type.Primitive.NEVER) {
      yes = flow.narrow(path, proved);
    }
    // For a T that may be null itself, what is not proved to be a T is null all the same.
    boolean mayBeNull = declared.type() instanceof Type.Variable && Unions.hasNull(proved);
    Flow no =
        narrow(flow, path, type, m -> !isProved.test(m) || mayBeNull && m == Type.Primitive.NULL);
    return new Condition(truthy(tree), yes, no);
  }

  private static Type.@Nullable Predicate predicateOf(Expr tree) {
    if (!(tree instanceof Expr.Call call)) {
      return null;
    }
    return switch (call.callee()) {
      case Callee.Direct d -> d.function().type().predicate();
      case Callee.Method m -> m.function().type().predicate();
      case Callee.Value v -> v.type().predicate();
      case Callee.Structural s -> s.type().predicate();
      case Callee.Builtin _, Callee.Construct _, Callee.SuperConstructor _ -> null;
    };
  }

  /** What a call proves with the type arguments that it has. */
  private static Type.Predicate instantiated(Type.Predicate p, Expr tree) {
    if (!(tree instanceof Expr.Call call)) {
      return p;
    }
    return switch (call.callee()) {
      case Callee.Direct d -> instantiated(p, d.function(), List.of(), d.typeArguments());
      case Callee.Method m -> instantiated(p, m.function(), m.classArguments(), m.typeArguments());
      default -> p;
    };
  }

  private static Type.Predicate instantiated(
      Type.Predicate p, FunctionSymbol f, List<Type> classArguments, List<Type> typeArguments) {
    Type type = p.type();
    if (f.owner() != null && !classArguments.isEmpty()) {
      type = Substitution.of(f.owner().typeParameters(), classArguments).apply(type);
    }
    type = Substitution.of(f.type().typeParameters(), typeArguments).apply(type);
    return new Type.Predicate(p.parameter(), type);
  }
}
