package dev.raya.compiler.types;

import dev.raya.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/** A type parameter of a function, class, interface or alias. */
public final class TypeParameterSymbol implements Symbol {
  private final String name;
  private final Span span;
  private @Nullable Type constraint;
  private @Nullable Type defaultType;

  /** A parameter whose constraint and default are not known yet. */
  public TypeParameterSymbol(String name, Span span) {
    this.name = name;
    this.span = span;
  }

  /** Sets what follows {@code extends} and {@code =}. */
  public void complete(@Nullable Type constraint, @Nullable Type defaultType) {
    this.constraint = constraint;
    this.defaultType = defaultType;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Span span() {
    return span;
  }

  /** The type after {@code extends}, or null. */
  public @Nullable Type constraint() {
    return constraint;
  }

  /** The type after {@code =}, or null. */
  public @Nullable Type defaultType() {
    return defaultType;
  }
}
