package dev.raya.compiler.syntax;

import dev.raya.compiler.source.Span;

/** A modifier of a class member or parameter property, where it stands. */
public record Modifier(Span span, Kind kind) {
  /** The words. */
  public enum Kind {
    /** Visible everywhere; the default. */
    PUBLIC,
    /** Visible in the class and its subclasses. */
    PROTECTED,
    /** Visible in the class only. */
    PRIVATE,
    /** Belongs to the class, not to an instance. */
    STATIC,
    /** Without body. */
    ABSTRACT,
    /** Assigned once. */
    READONLY,
    /** Replaces an inherited member. */
    OVERRIDE;

    /** The word as written. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
