package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Iteration;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of the checker for what the compiler knows of the library's functions beyond their
 * declared types: console takes values of any type, some functions of {@code Math} keep ints, JSON
 * wants types that have a form in it (stdlib.md 2 to 4).
 */
abstract sealed class LibraryCalls extends Overloads permits Construction {
  private static final Set<String> INT_PRESERVING =
      Set.of("Math.abs", "Math.sign", "Math.min", "Math.max", "Math.clamp");

  /** A generic function of the library that takes what can be encoded (stdlib.md 12). */
  static final String RESPONSE_JSON = "raya:http Response.json";

  LibraryCalls(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  final Expr callBuiltin(
      Expression.Call c,
      String name,
      Type.Function type,
      @Nullable Type expected,
      Function<Arguments, Expr> make) {
    context.locks |= MutexRule.locks(name);
    if (name.startsWith("console.")) {
      return callConsole(c, make);
    }
    if (name.equals("String") && c.arguments().size() == 1 && !c.arguments().getFirst().spread()) {
      return display(value(c.arguments().getFirst().value(), null));
    }
    if (INT_PRESERVING.contains(name)) {
      return callIntPreserving(c, type, make);
    }
    Arguments a = arguments(type, c, expected);
    return a == null || !isJsonable(name, a, c) ? invalid(c.span()) : make.apply(a);
  }

  /** The functions of JSON whose type argument must have a JSON form. */
  private boolean isJsonable(String name, Arguments a, Expression.Call c) {
    return switch (name) {
      case "JSON.encode", "JSON.stringify", "JSON.toJson", RESPONSE_JSON ->
          encodable(a.typeArguments().getFirst(), c.span());
      case "JSON.decode" -> decodable(a.typeArguments().getFirst(), c.span());
      default -> true;
    };
  }

  private Expr callConsole(Expression.Call c, Function<Arguments, Expr> make) {
    List<Expr.Element> values = new ArrayList<>();
    for (Expression.Element e : c.arguments()) {
      Expr value = e.spread() ? spreadValues(e.value()) : value(e.value(), null);
      if (isInvalid(value.type())) {
        checkRest(c, e);
        return value;
      }
      // What is text already stays so: String(error) is no error, of which the stack is shown.
      boolean text =
          e.spread() || value.type() == Type.Primitive.STRING && !(value instanceof Expr.Display);
      values.add(
          new Expr.Element(
              text ? value : new Expr.Display(value.span(), value),
              e.spread() ? Iteration.ARRAY : null));
    }
    Type.Array strings = new Type.Array(Type.Primitive.STRING, false);
    Expr rest = new Expr.ArrayLiteral(c.span(), values, strings);
    return make.apply(new Arguments(List.of(), rest, List.of(), Type.Primitive.VOID));
  }

  /** What is spread into console, as an array. */
  private Expr spreadValues(Expression e) {
    Expr subject = value(e, null);
    Iteration iteration = iteration(subject.type());
    Type element = Members.elementOfIterated(subject.type());
    if (iteration == null || element == null) {
      notIterable(subject, e.span());
      return invalid(e.span());
    }
    return new Expr.ArrayLiteral(
        e.span(),
        List.of(new Expr.Element(iterated(subject), iteration)),
        new Type.Array(element, false));
  }

  private void checkRest(Expression.Call c, Expression.Element failed) {
    int from = c.arguments().indexOf(failed) + 1;
    for (Expression.Element e : c.arguments().subList(from, c.arguments().size())) {
      check(e.value(), null);
    }
  }

  private Expr callIntPreserving(
      Expression.Call c, Type.Function type, Function<Arguments, Expr> make) {
    context.trials.begin();
    try {
      return callIntPreserved(c, type, make);
    } finally {
      context.trials.end();
    }
  }

  private Expr callIntPreserved(
      Expression.Call c, Type.Function type, Function<Arguments, Expr> make) {
    int errors = diagnostics.size();
    Flow start = flow;
    // Of an empty spread alone the result is infinite, which no int is.
    boolean ints = c.arguments().stream().anyMatch(e -> !e.spread());
    for (Expression.Element e : c.arguments()) {
      Type given = Relations.constraintOf(check(e.value(), null).type());
      Type each = e.spread() ? Members.elementOfIterated(given) : given;
      ints &= each != null && Unions.isInt(Relations.constraintOf(each));
    }
    diagnostics.truncate(errors);
    flow = start;
    Type.Function called = type;
    if (ints) {
      List<Type.Parameter> parameters = new ArrayList<>();
      for (Type.Parameter p : type.parameters()) {
        Type t =
            p.kind() == Type.ParameterKind.REST
                ? new Type.Array(Type.Primitive.INT, false)
                : Type.Primitive.INT;
        parameters.add(new Type.Parameter(p.name(), t, p.kind()));
      }
      called = new Type.Function(parameters, Type.Primitive.INT);
    }
    Arguments a = arguments(called, c, null);
    return a == null ? invalid(c.span()) : make.apply(a);
  }

  /** {@code flat()} of an array of arrays gives the inner array type. */
  static @Nullable Type flattened(FunctionSymbol method, Type receiver) {
    return method.name().equals("flat")
            && receiver instanceof Type.Array a
            && a.element() instanceof Type.Array inner
        ? new Type.Array(inner.element(), false)
        : null;
  }

  final void checkSort(Expression.Call c, FunctionSymbol method, Type receiver) {
    boolean sorts = method.name().equals("sort") || method.name().equals("toSorted");
    if (sorts
        && c.arguments().isEmpty()
        && receiver instanceof Type.Array a
        && !Unions.isNumeric(Relations.constraintOf(a.element()))
        && !Unions.isString(Relations.constraintOf(a.element()))) {
      error(
          DiagnosticCode.E0342,
          c.span(),
          "elements of type '" + show(a.element()) + "' have no order; pass a comparator");
    }
  }
}
