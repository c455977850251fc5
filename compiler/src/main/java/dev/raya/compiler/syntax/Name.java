package dev.raya.compiler.syntax;

import dev.raya.compiler.source.Span;

/** An identifier or member name as written. */
public record Name(Span span, String text) {}
