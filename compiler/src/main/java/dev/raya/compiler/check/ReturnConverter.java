package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts the values that a function with inferred result returns to the common type. */
final class ReturnConverter {
  private final Conversions checker;
  private final Type type;
  private final Map<Span, Expr> empty;

  /**
   * @param empty the empty arrays that were checked after the body, by the span of the statement
   *     that returns them and that has no value yet
   */
  ReturnConverter(Conversions checker, Type type, Map<Span, Expr> empty) {
    this.checker = checker;
    this.type = type;
    this.empty = empty;
  }

  List<Stmt> convertAll(List<Stmt> statements) {
    List<Stmt> out = new ArrayList<>();
    for (Stmt s : statements) {
      out.add(convert(s));
    }
    return out;
  }

  private @Nullable Stmt optional(@Nullable Stmt s) {
    return s == null ? null : convert(s);
  }

  private Stmt convert(Stmt s) {
    return switch (s) {
      case Stmt.Return r -> returned(r);
      case Stmt.Block b -> block(b);
      case Stmt.If i ->
          new Stmt.If(i.span(), i.condition(), convert(i.then()), optional(i.otherwise()));
      case Stmt.While w -> new Stmt.While(w.span(), w.condition(), convert(w.body()), w.label());
      case Stmt.DoWhile w ->
          new Stmt.DoWhile(w.span(), convert(w.body()), w.condition(), w.label());
      case Stmt.For f ->
          new Stmt.For(
              f.span(),
              f.init(),
              f.perIteration(),
              f.condition(),
              f.update(),
              convert(f.body()),
              f.label());
      case Stmt.ForOf f ->
          new Stmt.ForOf(
              f.span(), f.variable(), f.iteration(), f.subject(), convert(f.body()), f.label());
      case Stmt.Switch w -> {
        List<Stmt.Case> cases = new ArrayList<>();
        for (Stmt.Case c : w.cases()) {
          cases.add(new Stmt.Case(c.span(), c.test(), c.constant(), convertAll(c.body())));
        }
        yield new Stmt.Switch(w.span(), w.variable(), w.subject(), cases, w.label());
      }
      case Stmt.Try t -> {
        Stmt.Catch handler = t.handler();
        yield new Stmt.Try(
            t.span(),
            block(t.block()),
            handler == null
                ? null
                : new Stmt.Catch(
                    handler.span(), handler.variable(), handler.filter(), block(handler.body())),
            t.finalizer() == null ? null : block(t.finalizer()));
      }
      case Stmt.Evaluate _,
          Stmt.Declare _,
          Stmt.DeclareClass _,
          Stmt.Throw _,
          Stmt.Break _,
          Stmt.Continue _,
          Stmt.Debugger _,
          Stmt.DeclareFunction _ ->
          s;
    };
  }

  private Stmt.Block block(Stmt.Block b) {
    return new Stmt.Block(b.span(), convertAll(b.statements()), b.label());
  }

  private Stmt returned(Stmt.Return r) {
    Expr value = r.value() == null ? empty.get(r.span()) : r.value();
    if (value == null || type == Type.Primitive.VOID) {
      return r;
    }
    return new Stmt.Return(
        r.span(), checker.convert(value, type, value.span(), DiagnosticCode.E0301));
  }
}
