package dev.raya.compiler.check;

import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names a piece of source assigns, found before it is checked: loops forget the narrowings of
 * what they assign, and closures those of what anybody assigns. By name, so shadowed variables may
 * be forgotten needlessly, never the other way round.
 */
final class Assignments {
  /** Variables assigned. */
  final Set<String> variables = new HashSet<>();

  /** Variables assigned by an inner function. */
  final Set<String> byClosures = new HashSet<>();

  /** Properties assigned. */
  final Set<String> properties = new HashSet<>();

  private int functions;

  static Assignments of(@Nullable Object... nodes) {
    Assignments a = new Assignments();
    for (Object node : nodes) {
      switch (node) {
        case null -> {}
        case Statement s -> a.statement(s);
        case Expression e -> a.expression(e);
        case FunctionSyntax f -> a.function(f);
        default -> throw new IllegalStateException("not a node: " + node.getClass());
      }
    }
    return a;
  }

  /** Adds what statements assign. */
  void addAll(List<Statement> statements) {
    statements(statements);
  }

  private void statements(List<Statement> list) {
    for (Statement s : list) {
      statement(s);
    }
  }

  private void optional(@Nullable Statement s) {
    if (s != null) {
      statement(s);
    }
  }

  private void value(@Nullable Expression e) {
    if (e != null) {
      expression(e);
    }
  }

  private void statement(Statement s) {
    switch (s) {
      case Statement.Block b -> statements(b.statements());
      case Statement.Evaluate e -> expression(e.expression());
      case Statement.If i -> {
        expression(i.condition());
        statement(i.then());
        optional(i.otherwise());
      }
      case Statement.While w -> {
        expression(w.condition());
        statement(w.body());
      }
      case Statement.DoWhile w -> {
        statement(w.body());
        expression(w.condition());
      }
      case Statement.For f -> {
        optional(f.init());
        value(f.condition());
        value(f.update());
        statement(f.body());
      }
      case Statement.ForOf f -> {
        expression(f.subject());
        statement(f.body());
      }
      case Statement.Switch w -> {
        expression(w.subject());
        for (Statement.Case c : w.cases()) {
          value(c.test());
          statements(c.body());
        }
      }
      case Statement.Try t -> {
        statement(t.block());
        if (t.handler() != null) {
          statement(t.handler().body());
        }
        optional(t.finalizer());
      }
      case Statement.Return r -> value(r.value());
      case Statement.Throw t -> expression(t.value());
      case Statement.Labeled l -> statement(l.body());
      case Statement.Variables v -> {
        for (Statement.Binding b : v.bindings()) {
          pattern(b.target());
          value(b.init());
        }
      }
      case Statement.Function f -> inner(f.function());
      case Statement.Class c -> members(c);
      case Statement.ExportDeclaration e -> statement(e.declaration());
      case Statement.Empty _,
          Statement.Break _,
          Statement.Continue _,
          Statement.Debugger _,
          Statement.Interface _,
          Statement.Alias _,
          Statement.Import _,
          Statement.ExportNames _,
          Statement.ExportAll _,
          Statement.Ambient _,
          Statement.AmbientModule _ -> {}
    }
  }

  private void members(Statement.Class c) {
    for (ClassMember m : c.members()) {
      switch (m) {
        case ClassMember.Field f -> {
          if (f.init() != null) {
            functions++;
            expression(f.init());
            functions--;
          }
        }
        case ClassMember.Method x -> inner(x.function());
        case ClassMember.Accessor x -> inner(x.function());
        case ClassMember.Constructor x -> inner(x.function());
      }
    }
  }

  private void pattern(Pattern p) {
    switch (p) {
      case Pattern.Identifier _ -> {}
      case Pattern.ArrayPattern a -> {
        for (Pattern.Element e : a.elements()) {
          if (e != null) {
            pattern(e.target());
            value(e.defaultValue());
          }
        }
      }
      case Pattern.ObjectPattern o -> {
        for (Pattern.Property q : o.properties()) {
          pattern(q.element().target());
          value(q.element().defaultValue());
        }
      }
    }
  }

  private void inner(FunctionSyntax f) {
    functions++;
    function(f);
    functions--;
  }

  private void function(FunctionSyntax f) {
    for (FunctionSyntax.Parameter p : f.parameters()) {
      value(p.defaultValue());
    }
    switch (f.body()) {
      case null -> {}
      case FunctionSyntax.BlockBody b -> statement(b.block());
      case FunctionSyntax.ExpressionBody e -> expression(e.expression());
    }
  }

  private void elements(List<Expression.Element> list) {
    for (Expression.Element e : list) {
      expression(e.value());
    }
  }

  private void expression(Expression start) {
    Expression e = start;
    while (true) {
      switch (e) {
        case Expression.Binary b -> {
          // Long chains lean to the left: walk them without recursion.
          expression(b.right());
          e = b.left();
          continue;
        }
        case Expression.Call c -> {
          elements(c.arguments());
          e = c.callee();
          continue;
        }
        case Expression.Member m -> {
          e = m.object();
          continue;
        }
        default -> {
          single(e);
          return;
        }
      }
    }
  }

  private void single(Expression e) {
    switch (e) {
      case Expression.Assign a -> {
        target(a.target());
        expression(a.target());
        expression(a.value());
      }
      case Expression.Step s -> {
        target(s.target());
        expression(s.target());
      }
      case Expression.Template t -> t.values().forEach(this::expression);
      case Expression.ArrayLiteral a -> elements(a.elements());
      case Expression.ObjectLiteral o -> {
        for (Expression.Property p : o.properties()) {
          switch (p) {
            case Expression.ValueProperty v -> expression(v.value());
            case Expression.MethodProperty m -> inner(m.function());
            case Expression.SpreadProperty s -> expression(s.value());
          }
        }
      }
      case Expression.Function f -> inner(f.function());
      case Expression.ClassExpression c -> members(c.declaration());
      case Expression.New n -> elements(n.arguments());
      case Expression.Index i -> {
        expression(i.object());
        expression(i.index());
      }
      case Expression.Unary u -> expression(u.operand());
      case Expression.Conditional c -> {
        expression(c.condition());
        expression(c.then());
        expression(c.otherwise());
      }
      case Expression.As a -> expression(a.value());
      case Expression.Parenthesized p -> expression(p.inner());
      case Expression.Comma c -> c.expressions().forEach(this::expression);
      case Expression.Binary _, Expression.Call _, Expression.Member _ -> expression(e);
      case Expression.Identifier _,
          Expression.This _,
          Expression.Super _,
          Expression.NullLiteral _,
          Expression.BooleanLiteral _,
          Expression.NumberLiteral _,
          Expression.StringLiteral _,
          Expression.RegExp _,
          Expression.Invalid _ -> {}
    }
  }

  private void target(Expression e) {
    switch (e) {
      case Expression.Identifier i -> {
        variables.add(i.name().text());
        if (functions > 0) {
          byClosures.add(i.name().text());
        }
      }
      case Expression.Member m -> properties.add(m.name().text());
      case Expression.Parenthesized p -> target(p.inner());
      case Expression.ArrayLiteral a -> a.elements().forEach(x -> target(x.value()));
      case Expression.ObjectLiteral o -> {
        for (Expression.Property p : o.properties()) {
          if (p instanceof Expression.ValueProperty v) {
            target(v.value());
          } else if (p instanceof Expression.SpreadProperty s) {
            target(s.value());
          }
        }
      }
      case Expression.Assign a -> target(a.target());
      default -> {}
    }
  }
}
