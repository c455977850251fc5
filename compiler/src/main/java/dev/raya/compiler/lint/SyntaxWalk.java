package dev.raya.compiler.lint;

import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Visits every statement, expression and name of a file in source order, with its scopes. */
abstract class SyntaxWalk {
  /** How a name comes into being. */
  enum Binding {
    LET,
    CONST,
    PARAMETER,
    DECLARATION,
    IMPORT
  }

  /** Before what is inside of a statement. */
  void before(Statement statement) {}

  /** After what is inside of a statement. */
  void after(Statement statement) {}

  /** Before what is inside of an expression. */
  void before(Expression expression) {}

  /** A scope begins; names are declared in it until it ends. */
  abstract void open(List<? extends Statement> statements);

  abstract void close();

  /** A name is declared; {@code owner} is the declaration it stands in, if that is a variable's. */
  abstract void declare(Name name, Binding binding, Statement.@Nullable Variables owner);

  /** A name is read. */
  abstract void read(Name name);

  /** A name is assigned. */
  abstract void write(Name name);

  final void module(List<Statement> items) {
    open(items);
    items.forEach(this::statement);
    close();
  }

  private void block(List<Statement> statements) {
    open(statements);
    statements.forEach(this::statement);
    close();
  }

  private void nested(@Nullable Statement statement) {
    if (statement != null) {
      statement(statement);
    }
  }

  private void optional(@Nullable Expression expression) {
    if (expression != null) {
      expression(expression);
    }
  }

  final void statement(Statement statement) {
    before(statement);
    switch (statement) {
      case Statement.Block s -> block(s.statements());
      case Statement.Evaluate s -> expression(s.expression());
      case Statement.If s -> {
        expression(s.condition());
        statement(s.then());
        nested(s.otherwise());
      }
      case Statement.While s -> {
        expression(s.condition());
        statement(s.body());
      }
      case Statement.DoWhile s -> {
        statement(s.body());
        expression(s.condition());
      }
      case Statement.For s -> {
        open(List.of());
        nested(s.init());
        optional(s.condition());
        optional(s.update());
        statement(s.body());
        close();
      }
      case Statement.ForOf s -> {
        expression(s.subject());
        open(List.of());
        pattern(s.target(), s.constant() ? Binding.CONST : Binding.PARAMETER, null);
        statement(s.body());
        close();
      }
      case Statement.Switch s -> {
        expression(s.subject());
        open(List.of());
        for (Statement.Case c : s.cases()) {
          optional(c.test());
          c.body().forEach(this::statement);
        }
        close();
      }
      case Statement.Try s -> {
        statement(s.block());
        Statement.Catch handler = s.handler();
        if (handler != null) {
          open(List.of());
          if (handler.parameter() != null) {
            pattern(handler.parameter(), Binding.PARAMETER, null);
          }
          statement(handler.body());
          close();
        }
        nested(s.finalizer());
      }
      case Statement.Return s -> optional(s.value());
      case Statement.Throw s -> expression(s.value());
      case Statement.Labeled s -> statement(s.body());
      case Statement.Variables s -> {
        for (Statement.Binding b : s.bindings()) {
          optional(b.init());
          pattern(b.target(), s.constant() ? Binding.CONST : Binding.LET, s);
        }
      }
      case Statement.Function s -> {
        declare(s.name(), Binding.DECLARATION, null);
        function(s.function());
      }
      case Statement.Class s -> {
        declare(s.name(), Binding.DECLARATION, null);
        members(s);
      }
      case Statement.Interface _ -> {}
      case Statement.Alias _ -> {}
      case Statement.Import s -> {
        for (Statement.ImportName name : s.names()) {
          declare(name.local(), Binding.IMPORT, null);
        }
        if (s.namespace() != null) {
          declare(s.namespace(), Binding.IMPORT, null);
        }
      }
      case Statement.ExportDeclaration s -> statement(s.declaration());
      case Statement.ExportNames s -> {
        if (s.from() == null) {
          s.names().forEach(name -> read(name.local()));
        }
      }
      case Statement.ExportAll _ -> {}
      case Statement.Ambient _ -> {}
      case Statement.AmbientModule _ -> {}
      case Statement.Empty _ -> {}
      case Statement.Break _ -> {}
      case Statement.Continue _ -> {}
      case Statement.Debugger _ -> {}
    }
    after(statement);
  }

  private void members(Statement.Class declaration) {
    for (ClassMember member : declaration.members()) {
      switch (member) {
        case ClassMember.Field f -> optional(f.init());
        case ClassMember.Method m -> function(m.function());
        case ClassMember.Accessor a -> function(a.function());
        case ClassMember.Constructor c -> function(c.function());
      }
    }
  }

  private void function(FunctionSyntax function) {
    open(List.of());
    for (FunctionSyntax.Parameter parameter : function.parameters()) {
      optional(parameter.defaultValue());
      pattern(parameter.target(), Binding.PARAMETER, null);
    }
    switch (function.body()) {
      case FunctionSyntax.BlockBody b -> b.block().statements().forEach(this::statement);
      case FunctionSyntax.ExpressionBody e -> expression(e.expression());
      case null -> {}
    }
    close();
  }

  private void pattern(Pattern pattern, Binding binding, Statement.@Nullable Variables owner) {
    switch (pattern) {
      case Pattern.Identifier p -> declare(p.name(), binding, owner);
      case Pattern.ArrayPattern p -> {
        for (Pattern.@Nullable Element element : p.elements()) {
          if (element != null) {
            optional(element.defaultValue());
            pattern(element.target(), binding, owner);
          }
        }
        if (p.rest() != null) {
          pattern(p.rest(), binding, owner);
        }
      }
      case Pattern.ObjectPattern p -> {
        for (Pattern.Property property : p.properties()) {
          optional(property.element().defaultValue());
          pattern(property.element().target(), binding, owner);
        }
        if (p.rest() != null) {
          declare(p.rest(), binding, owner);
        }
      }
    }
  }

  final void expression(Expression expression) {
    before(expression);
    switch (expression) {
      case Expression.Identifier e -> read(e.name());
      case Expression.Template e -> e.values().forEach(this::expression);
      case Expression.ArrayLiteral e -> e.elements().forEach(x -> expression(x.value()));
      case Expression.ObjectLiteral e -> {
        for (Expression.Property property : e.properties()) {
          switch (property) {
            case Expression.ValueProperty p -> expression(p.value());
            case Expression.MethodProperty p -> function(p.function());
            case Expression.SpreadProperty p -> expression(p.value());
          }
        }
      }
      case Expression.Function e -> {
        open(List.of());
        if (e.name() != null) {
          declare(e.name(), Binding.DECLARATION, null);
        }
        function(e.function());
        close();
      }
      case Expression.ClassExpression e -> members(e.declaration());
      case Expression.New e -> {
        read(e.path().getFirst());
        e.arguments().forEach(x -> expression(x.value()));
      }
      case Expression.Member e -> expression(e.object());
      case Expression.Index e -> {
        expression(e.object());
        expression(e.index());
      }
      case Expression.Call e -> {
        expression(e.callee());
        e.arguments().forEach(x -> expression(x.value()));
      }
      case Expression.Unary e -> expression(e.operand());
      case Expression.Step e -> {
        target(e.target());
        expression(e.target());
      }
      case Expression.Binary e -> {
        expression(e.left());
        expression(e.right());
      }
      case Expression.Conditional e -> {
        expression(e.condition());
        expression(e.then());
        expression(e.otherwise());
      }
      case Expression.Assign e -> {
        target(e.target());
        expression(e.target());
        expression(e.value());
      }
      case Expression.As e -> expression(e.value());
      case Expression.Parenthesized e -> expression(e.inner());
      case Expression.Comma e -> e.expressions().forEach(this::expression);
      case Expression.This _ -> {}
      case Expression.Super _ -> {}
      case Expression.NullLiteral _ -> {}
      case Expression.BooleanLiteral _ -> {}
      case Expression.NumberLiteral _ -> {}
      case Expression.StringLiteral _ -> {}
      case Expression.RegExp _ -> {}
      case Expression.Invalid _ -> {}
    }
  }

  /** The names that an assignment to a place assigns. */
  private void target(Expression place) {
    switch (place) {
      case Expression.Identifier e -> write(e.name());
      case Expression.Parenthesized e -> target(e.inner());
      case Expression.Assign e -> target(e.target());
      case Expression.ArrayLiteral e -> e.elements().forEach(x -> target(x.value()));
      case Expression.ObjectLiteral e -> {
        for (Expression.Property property : e.properties()) {
          switch (property) {
            case Expression.ValueProperty p -> target(p.value());
            case Expression.SpreadProperty p -> target(p.value());
            case Expression.MethodProperty _ -> {}
          }
        }
      }
      default -> {}
    }
  }
}
