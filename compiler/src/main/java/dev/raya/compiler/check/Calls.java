package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The part of the checker for what a call calls (language.md 5.5, 9). */
abstract sealed class Calls extends Construction permits Doubles {
  Calls(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** A call of {@code match}, which is a branch. */
  abstract Expr matchCall(Expression.Call c, @Nullable Type expected);

  /**
   * A call of {@code mock}, {@code spy} or {@code stub} of {@code raya:test}; null if it is none.
   */
  abstract @Nullable Expr doubleCall(Expression.Call c, FunctionSymbol f, @Nullable Type expected);

  @Override
  final Expr checkCall(Expression.Call c, @Nullable Type expected) {
    Expression callee = strip(c.callee());
    switch (callee) {
      case Expression.Super s -> {
        return superCall(c, s.span());
      }
      case Expression.Identifier i -> {
        Symbol symbol = scope.find(i.name().text());
        if (symbol instanceof FunctionSymbol f) {
          markUsed(f);
          return callFunction(c, f, expected);
        }
        if (symbol instanceof ClassSymbol k && !c.optional()) {
          return callClass(c, k, expected);
        }
      }
      case Expression.Member m when !c.optional() -> {
        return callMember(c, m, expected);
      }
      default -> {}
    }
    Expr function =
        !c.optional()
                && callee instanceof Expression.Function f
                && f.function().parameters().isEmpty()
            ? check(callee, expected == null ? null : new Type.Function(List.of(), expected))
            : spine(c.callee(), c.optional());
    return callValue(c, function, expected);
  }

  private Expr callFunction(Expression.Call c, FunctionSymbol f, @Nullable Type expected) {
    noteUse(f, c.callee().span());
    if (f.isTypeRunning()) {
      error(
          DiagnosticCode.E0310,
          c.callee().span(),
          "the result of the recursive function '"
              + f.name()
              + "' cannot be inferred; annotate it");
      return refused(c);
    }
    if (Matches.isMatch(f)) {
      return matchCall(c, expected);
    }
    Expr made = doubleCall(c, f, expected);
    if (made != null) {
      return made;
    }
    useFunction(f);
    if (f.module() == library.module()) {
      return callBuiltin(
          c,
          library.builtinName(f),
          f.type(),
          expected,
          a ->
              new Expr.Call(
                  c.span(), direct(f, a.typeArguments()), null, a.given(), a.rest(), a.result()));
    }
    VariableSymbol nested = nestedFunctions.get(f);
    if (nested != null) {
      use(nested, c.callee().span());
      return callValue(c, new Expr.Read(c.callee().span(), nested), expected);
    }
    int errors = diagnostics.size();
    Flow start = flow;
    holdsVoid = false;
    Arguments a = arguments(f.type(), c, expected);
    if (a == null && holdsVoid && TaskTwins.ofNothing(f) instanceof FunctionSymbol ofNothing) {
      diagnostics.truncate(errors);
      flow = start;
      holdsVoid = false;
      return callFunction(c, ofNothing, expected);
    }
    if (a == null) {
      return invalid(c.span());
    }
    Callee.Direct twin = TaskTwins.of(f, a.typeArguments(), library);
    if (twin != null) {
      useFunction(twin.function());
    }
    Callee callee = twin == null ? direct(f, a.typeArguments()) : twin;
    return new Expr.Call(c.span(), callee, null, a.given(), a.rest(), a.result());
  }

  /** A conversion function written like a class: {@code String(x)}, {@code Number(s)}. */
  private Expr callClass(Expression.Call c, ClassSymbol k, @Nullable Type expected) {
    markUsed(k);
    Members.Member call = k.module() == library.module() ? Members.findStatic(k, "call") : null;
    if (call == null || !(call.origin() instanceof Members.Method m)) {
      error(
          DiagnosticCode.E0305,
          c.callee().span(),
          "a class is not called; write 'new " + k.name() + "(…)'");
      return refused(c);
    }
    FunctionSymbol f = m.method();
    return callBuiltin(
        c,
        library.builtinName(f),
        f.type(),
        expected,
        a ->
            new Expr.Call(
                c.span(),
                staticCallee(f, a.typeArguments()),
                null,
                a.given(),
                a.rest(),
                a.result()));
  }

  private Expr callMember(Expression.Call c, Expression.Member m, @Nullable Type expected) {
    Found found = find(m);
    if (found == null) {
      return refused(c);
    }
    switch (found) {
      case Found.Exported e when e.symbol() instanceof FunctionSymbol f -> {
        return callFunction(c, f, expected);
      }
      case Found.Static s when s.member().origin() instanceof Members.Method f -> {
        return callStatic(c, f.method(), expected);
      }
      case Found.OfSuper s when s.member().origin() instanceof Members.Method f -> {
        return callMethod(c, s.receiver(), f.method(), s.member(), false, expected);
      }
      case Found.Instance i when i.member().origin() instanceof Members.Method f -> {
        return callMethod(c, i.receiver(), f.method(), i.member(), true, expected);
      }
      case Found.Instance i when i.member().isMethod() -> {
        return callStructural(c, m.name(), i.receiver(), i.member().type(), expected);
      }
      case Found.Common k when k.method() -> {
        return callStructural(c, m.name(), k.receiver(), k.type(), expected);
      }
      default -> {
        Expr read = read(found, m.name(), m.span());
        return callValue(c, narrowed(read, path(m), false), expected);
      }
    }
  }

  private Expr callStatic(Expression.Call c, FunctionSymbol f, @Nullable Type expected) {
    if (f.isTypeRunning()) {
      return recursive(c, f);
    }
    Function<Arguments, Expr> make =
        a ->
            new Expr.Call(
                c.span(),
                staticCallee(f, a.typeArguments()),
                null,
                a.given(),
                a.rest(),
                a.result());
    String name = library.builtinName(f);
    boolean ofHttp = f.module().id().packageName().equals("raya:http");
    return callBuiltin(
        c, ofHttp && name.equals("Response.json") ? RESPONSE_JSON : name, f.type(), expected, make);
  }

  private Expr recursive(Expression.Call c, FunctionSymbol f) {
    error(
        DiagnosticCode.E0310,
        c.callee().span(),
        "the result of the recursive method '" + f.name() + "' cannot be inferred; annotate it");
    return refused(c);
  }

  private Expr callMethod(
      Expression.Call c,
      Expr receiver,
      FunctionSymbol method,
      Members.Member member,
      boolean virtual,
      @Nullable Type expected) {
    if (method.isTypeRunning()) {
      return recursive(c, method);
    }
    if (!(member.type() instanceof Type.Function type)) {
      return refused(c);
    }
    if (method.module() == library.module()) {
      Members.Member form = overload(c, member, receiver.type(), expected);
      if (form != null && form.origin() instanceof Members.Method m) {
        return callMethod(c, receiver, m.method(), form, virtual, expected);
      }
      checkSort(c, method, receiver.type());
      Type flat = flattened(method, receiver.type());
      if (flat != null) {
        type = new Type.Function(type.parameters(), flat);
      }
    }
    Type.Function called = type;
    return callBuiltin(
        c,
        library.builtinName(method),
        called,
        expected,
        a ->
            new Expr.Call(
                c.span(),
                methodCallee(method, member, a.typeArguments(), virtual),
                receiver,
                a.given(),
                a.rest(),
                a.result()));
  }

  private Expr callStructural(
      Expression.Call c, Name name, Expr receiver, Type type, @Nullable Type expected) {
    if (!(type instanceof Type.Function f)) {
      return notCallable(c, type);
    }
    Arguments a = arguments(f, c, expected);
    return a == null
        ? invalid(c.span())
        : new Expr.Call(
            c.span(),
            new Callee.Structural(name.text(), f),
            receiver,
            a.given(),
            a.rest(),
            a.result());
  }

  private Expr callValue(Expression.Call c, Expr function, @Nullable Type expected) {
    Type type = Relations.constraintOf(function.type());
    if (isInvalid(type)) {
      return refused(c);
    }
    if (!(type instanceof Type.Function f)) {
      return notCallable(c, type);
    }
    Arguments a = arguments(f, c, expected);
    return a == null
        ? invalid(c.span())
        : new Expr.Call(c.span(), new Callee.Value(f), function, a.given(), a.rest(), a.result());
  }

  private Expr notCallable(Expression.Call c, Type type) {
    if (type == Type.Primitive.JSON) {
      error(DiagnosticCode.E0335, c.callee().span(), "a 'json' value cannot be called");
    } else if (Unions.hasNull(type)) {
      error(
          DiagnosticCode.E0317,
          c.callee().span(),
          "the function may be null; narrow it, or call it with '?.('");
    } else if (strip(c.callee()) instanceof Expression.Member m && c.arguments().isEmpty()) {
      Span read = c.callee().span();
      diagnostics.add(
          new Diagnostic(
              DiagnosticCode.E0305,
              read,
              "'" + m.name().text() + "' is no method: its type is '" + show(type) + "'",
              List.of(),
              List.of(
                  new Diagnostic.Fix(
                      new Span(read.file(), read.end(), c.span().end()), "", "leave out '()'"))));
    } else {
      error(
          DiagnosticCode.E0305,
          c.callee().span(),
          "a value of type '" + show(type) + "' cannot be called");
    }
    return refused(c);
  }
}
