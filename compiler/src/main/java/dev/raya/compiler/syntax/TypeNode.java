package dev.raya.compiler.syntax;

import dev.raya.compiler.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type as written, language.md 2 "types". */
public sealed interface TypeNode {
  /** The source. */
  Span span();

  /**
   * A name with type arguments. Predefined type names ({@code int}, {@code string}, …) are
   * references too; only {@code null} and {@code void}, being reserved words, have their own form.
   */
  record Reference(Span span, List<Name> path, List<TypeNode> arguments) implements TypeNode {
    /** Copies the lists. */
    public Reference {
      path = List.copyOf(path);
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code null}. */
  record NullForm(Span span) implements TypeNode {}

  /** {@code void}. */
  record VoidForm(Span span) implements TypeNode {}

  /** A literal type; the value is a String, an Integer, a Double (refused) or a Boolean. */
  record LiteralForm(Span span, Object value) implements TypeNode {}

  /** {@code T[]} or {@code readonly T[]}. */
  record ArrayForm(Span span, TypeNode element, boolean readonly) implements TypeNode {}

  /** {@code [A, b: B]}. */
  record TupleForm(Span span, List<TypeNode> elements, boolean readonly) implements TypeNode {
    /** Copies the list. */
    public TupleForm {
      elements = List.copyOf(elements);
    }
  }

  /** {@code A | B}. */
  record UnionForm(Span span, List<TypeNode> members) implements TypeNode {
    /** Copies the list. */
    public UnionForm {
      members = List.copyOf(members);
    }
  }

  /** {@code A & B}. */
  record IntersectionForm(Span span, List<TypeNode> members) implements TypeNode {
    /** Copies the list. */
    public IntersectionForm {
      members = List.copyOf(members);
    }
  }

  /** {@code (a: A) => R}. */
  record FunctionForm(Span span, FunctionSyntax signature) implements TypeNode {}

  /** {@code { a: A; m(): R }}. */
  record ObjectForm(Span span, List<Member> members) implements TypeNode {
    /** Copies the list. */
    public ObjectForm {
      members = List.copyOf(members);
    }
  }

  /** {@code x is T}, as the result of a function. */
  record PredicateForm(Span span, Name parameter, TypeNode type) implements TypeNode {}

  /** A form that was refused with a diagnostic already. */
  record Invalid(Span span) implements TypeNode {}

  /** A member of an object type; for a method the type is a {@link FunctionForm}. */
  record Member(
      Span span,
      Name name,
      boolean readonly,
      boolean optional,
      boolean method,
      TypeNode type,
      @Nullable String doc) {}

  /** A type parameter. */
  record Parameter(
      Span span, Name name, @Nullable TypeNode constraint, @Nullable TypeNode defaultType) {}
}
