package dev.raya.compiler.syntax;

import dev.raya.compiler.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member of a class declaration. */
public sealed interface ClassMember {
  /** The source. */
  Span span();

  /** The modifiers as written. */
  List<Modifier> modifiers();

  /** The doc comment before it. */
  @Nullable String doc();

  /** A field. */
  record Field(
      Span span,
      List<Modifier> modifiers,
      Name name,
      boolean optional,
      @Nullable TypeNode annotation,
      @Nullable Expression init,
      @Nullable String doc)
      implements ClassMember {
    /** Copies the list. */
    public Field {
      modifiers = List.copyOf(modifiers);
    }
  }

  /** A method. */
  record Method(
      Span span, List<Modifier> modifiers, Name name, FunctionSyntax function, @Nullable String doc)
      implements ClassMember {
    /** Copies the list. */
    public Method {
      modifiers = List.copyOf(modifiers);
    }
  }

  /** A getter or a setter. */
  record Accessor(
      Span span,
      List<Modifier> modifiers,
      boolean getter,
      Name name,
      FunctionSyntax function,
      @Nullable String doc)
      implements ClassMember {
    /** Copies the list. */
    public Accessor {
      modifiers = List.copyOf(modifiers);
    }
  }

  /** The constructor. */
  record Constructor(
      Span span, List<Modifier> modifiers, FunctionSyntax function, @Nullable String doc)
      implements ClassMember {
    /** Copies the list. */
    public Constructor {
      modifiers = List.copyOf(modifiers);
    }
  }
}
