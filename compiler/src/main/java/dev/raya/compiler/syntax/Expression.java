package dev.raya.compiler.syntax;

import dev.raya.compiler.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression, language.md 2 "expressions". */
public sealed interface Expression {
  /** The source. */
  Span span();

  /** A name used as a value. */
  record Identifier(Name name) implements Expression {
    @Override
    public Span span() {
      return name.span();
    }
  }

  /** {@code this}. */
  record This(Span span) implements Expression {}

  /** {@code super}, as the object of a member or the callee of a call. */
  record Super(Span span) implements Expression {}

  /** {@code null}. */
  record NullLiteral(Span span) implements Expression {}

  /** {@code true} or {@code false}. */
  record BooleanLiteral(Span span, boolean value) implements Expression {}

  /**
   * A numeric literal; {@code integral} if it is written as an integer and its value is at most
   * 2^31, the bound a minus sign may reach.
   */
  record NumberLiteral(Span span, double value, boolean integral) implements Expression {}

  /** A string literal, escapes resolved. */
  record StringLiteral(Span span, String value) implements Expression {}

  /** A template: {@code chunks.size() == values.size() + 1}. */
  record Template(Span span, List<String> chunks, List<Expression> values) implements Expression {
    /** Copies the lists. */
    public Template {
      chunks = List.copyOf(chunks);
      values = List.copyOf(values);
    }
  }

  /** A regular expression literal. */
  record RegExp(Span span, String pattern, String flags) implements Expression {}

  /** {@code [a, ...b]}. */
  record ArrayLiteral(Span span, List<Element> elements) implements Expression {
    /** Copies the list. */
    public ArrayLiteral {
      elements = List.copyOf(elements);
    }
  }

  /** An element or argument, perhaps spread. */
  record Element(Expression value, boolean spread) {}

  /** {@code { a: 1, b, m() {}, ...c }}. */
  record ObjectLiteral(Span span, List<Property> properties) implements Expression {
    /** Copies the list. */
    public ObjectLiteral {
      properties = List.copyOf(properties);
    }
  }

  /** What stands in an object literal. */
  sealed interface Property {
    /** The source. */
    Span span();
  }

  /** {@code name: value}, or {@code name} alone. */
  record ValueProperty(Span span, Name name, Expression value) implements Property {}

  /** {@code name(…) { … }}. */
  record MethodProperty(Span span, Name name, FunctionSyntax function) implements Property {}

  /** {@code ...value}. */
  record SpreadProperty(Span span, Expression value) implements Property {}

  /** A function expression or an arrow function. */
  record Function(Span span, @Nullable Name name, FunctionSyntax function) implements Expression {}

  /** A class expression; legal only as the initialiser of a const. */
  record ClassExpression(Span span, Statement.Class declaration) implements Expression {}

  /** {@code new C<T>(…)}; the path names the class. */
  record New(Span span, List<Name> path, List<TypeNode> typeArguments, List<Element> arguments)
      implements Expression {
    /** Copies the lists. */
    public New {
      path = List.copyOf(path);
      typeArguments = List.copyOf(typeArguments);
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code object.name} or {@code object?.name}. */
  record Member(Span span, Expression object, Name name, boolean optional) implements Expression {}

  /** {@code object[index]} or {@code object?.[index]}. */
  record Index(Span span, Expression object, Expression index, boolean optional)
      implements Expression {}

  /** {@code callee<T>(…)} or {@code callee?.(…)}. */
  record Call(
      Span span,
      Expression callee,
      List<TypeNode> typeArguments,
      List<Element> arguments,
      boolean optional)
      implements Expression {
    /** Copies the lists. */
    public Call {
      typeArguments = List.copyOf(typeArguments);
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code ! ~ + - typeof await}. */
  record Unary(Span span, UnaryOperator operator, Expression operand) implements Expression {}

  /** {@code ++} and {@code --}, before or after. */
  record Step(Span span, Expression target, boolean increment, boolean prefix)
      implements Expression {}

  /** A binary operator, the logical ones included. */
  record Binary(
      Span span, BinaryOperator operator, Span operatorSpan, Expression left, Expression right)
      implements Expression {}

  /** {@code condition ? then : otherwise}. */
  record Conditional(Span span, Expression condition, Expression then, Expression otherwise)
      implements Expression {}

  /**
   * An assignment; without operator it is {@code =}. An array or object literal on the left is read
   * as a pattern.
   */
  record Assign(Span span, Expression target, @Nullable BinaryOperator operator, Expression value)
      implements Expression {}

  /** {@code value as T}; without type it is {@code as const}. */
  record As(Span span, Expression value, @Nullable TypeNode type) implements Expression {}

  /** {@code ( … )}; kept because parentheses end an optional chain and allow mixed operators. */
  record Parenthesized(Span span, Expression inner) implements Expression {}

  /** {@code a, b}, in the header of a for loop. */
  record Comma(Span span, List<Expression> expressions) implements Expression {
    /** Copies the list. */
    public Comma {
      expressions = List.copyOf(expressions);
    }
  }

  /** What could not be parsed or is banned; a diagnostic was reported. */
  record Invalid(Span span) implements Expression {}
}
