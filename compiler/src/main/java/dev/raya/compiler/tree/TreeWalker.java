package dev.raya.compiler.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Visits every statement and expression of a body in order of evaluation. */
public abstract class TreeWalker {
  /** A closure or nested function; its body is visited if this is called through. */
  protected void function(FunctionTree function) {
    for (FunctionTree.Parameter parameter : function.parameters()) {
      if (parameter.defaultValue() != null) {
        expr(parameter.defaultValue());
      }
    }
    statements(function.body());
  }

  /** Visits a list of statements. */
  public final void statements(List<Stmt> body) {
    body.forEach(this::stmt);
  }

  /** Visits a statement and what is in it. */
  protected void stmt(Stmt stmt) {
    switch (stmt) {
      case Stmt.Evaluate s -> expr(s.expression());
      case Stmt.Declare s -> optional(s.init());
      case Stmt.DeclareFunction s -> function(s.function());
      case Stmt.DeclareClass s -> s.declaration().staticInits().forEach(i -> expr(i.value()));
      case Stmt.Block s -> statements(s.statements());
      case Stmt.If s -> {
        expr(s.condition());
        stmt(s.then());
        if (s.otherwise() != null) {
          stmt(s.otherwise());
        }
      }
      case Stmt.While s -> {
        expr(s.condition());
        stmt(s.body());
      }
      case Stmt.DoWhile s -> {
        stmt(s.body());
        expr(s.condition());
      }
      case Stmt.For s -> {
        statements(s.init());
        optional(s.condition());
        stmt(s.body());
        optional(s.update());
      }
      case Stmt.ForOf s -> {
        expr(s.subject());
        stmt(s.body());
      }
      case Stmt.Switch s -> {
        expr(s.subject());
        for (Stmt.Case c : s.cases()) {
          optional(c.test());
          statements(c.body());
        }
      }
      case Stmt.Try s -> {
        stmt(s.block());
        if (s.handler() != null) {
          stmt(s.handler().body());
        }
        if (s.finalizer() != null) {
          stmt(s.finalizer());
        }
      }
      case Stmt.Return s -> optional(s.value());
      case Stmt.Throw s -> expr(s.value());
      case Stmt.Break _, Stmt.Continue _, Stmt.Debugger _ -> {}
    }
  }

  private void optional(@Nullable Expr e) {
    if (e != null) {
      expr(e);
    }
  }

  /** Visits an expression and what is in it. */
  protected void expr(Expr expr) {
    switch (expr) {
      case Expr.Null _, Expr.Bool _, Expr.Int _, Expr.Num _, Expr.Str _ -> {}
      case Expr.Read _, Expr.FunctionValue _, Expr.StaticGet _ -> {}
      case Expr.Template e -> e.values().forEach(this::expr);
      case Expr.Display e -> expr(e.value());
      case Expr.Write e -> expr(e.value());
      case Expr.BoundMethod e -> expr(e.receiver());
      case Expr.Closure e -> function(e.function());
      case Expr.FieldGet e -> expr(e.receiver());
      case Expr.FieldSet e -> both(e.receiver(), e.value());
      case Expr.StaticSet e -> expr(e.value());
      case Expr.PropertyGet e -> expr(e.receiver());
      case Expr.PropertySet e -> both(e.receiver(), e.value());
      case Expr.IndexGet e -> both(e.object(), e.index());
      case Expr.IndexSet e -> {
        both(e.object(), e.index());
        expr(e.value());
      }
      case Expr.TupleGet e -> expr(e.tuple());
      case Expr.ArrayLiteral e -> e.elements().forEach(element -> expr(element.value()));
      case Expr.TupleLiteral e -> e.elements().forEach(this::expr);
      case Expr.ObjectLiteral e -> e.properties().forEach(property -> expr(property.value()));
      case Expr.Call e -> {
        optional(e.receiver());
        e.arguments().forEach(this::expr);
        optional(e.rest());
      }
      case Expr.Await e -> expr(e.task());
      case Expr.Negate e -> expr(e.operand());
      case Expr.Complement e -> expr(e.operand());
      case Expr.Not e -> expr(e.operand());
      case Expr.Truthy e -> expr(e.operand());
      case Expr.IsNull e -> expr(e.operand());
      case Expr.IsKind e -> expr(e.operand());
      case Expr.TypeOf e -> expr(e.operand());
      case Expr.Binary e -> both(e.left(), e.right());
      case Expr.Logical e -> both(e.left(), e.right());
      case Expr.Conditional e -> {
        expr(e.condition());
        both(e.then(), e.otherwise());
      }
      case Expr.Select e -> {
        for (Expr.Arm arm : e.arms()) {
          both(arm.test(), arm.body());
        }
      }
      case Expr.Convert e -> expr(e.operand());
      case Expr.Let e -> both(e.value(), e.body());
      case Expr.Sequence e -> {
        e.effects().forEach(this::expr);
        expr(e.result());
      }
    }
  }

  private void both(Expr first, Expr second) {
    expr(first);
    expr(second);
  }
}
