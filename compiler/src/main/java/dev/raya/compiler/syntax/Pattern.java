package dev.raya.compiler.syntax;

import dev.raya.compiler.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a declaration binds: a name or a destructuring pattern (language.md 8.4). */
public sealed interface Pattern {
  /** The source. */
  Span span();

  /** A single name. */
  record Identifier(Name name) implements Pattern {
    @Override
    public Span span() {
      return name.span();
    }
  }

  /** {@code [a, , b = 1, ...rest]}; a null element is a hole. */
  record ArrayPattern(Span span, List<@Nullable Element> elements, @Nullable Pattern rest)
      implements Pattern {
    /** Keeps an unmodifiable view (elements may be null). */
    public ArrayPattern {
      elements = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(elements));
    }
  }

  /** {@code { a, b: c = 1, ...rest }}. */
  record ObjectPattern(Span span, List<Property> properties, @Nullable Name rest)
      implements Pattern {
    /** Copies the list. */
    public ObjectPattern {
      properties = List.copyOf(properties);
    }
  }

  /** A target with its default. */
  record Element(Span span, Pattern target, @Nullable Expression defaultValue) {}

  /** A property name with the element it is bound to. */
  record Property(Span span, Name name, Element element) {}
}
