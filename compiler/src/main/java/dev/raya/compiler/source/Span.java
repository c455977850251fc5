package dev.raya.compiler.source;

/**
 * A part of a file.
 *
 * @param start first UTF-16 offset
 * @param end the UTF-16 offset after the last
 */
public record Span(SourceFile file, int start, int end) {
  /** Checks that the bounds lie in the file, in order. */
  public Span {
    if (start < 0 || end < start || end > file.text().length()) {
      throw new IllegalArgumentException("span " + start + ".." + end + " outside " + file);
    }
  }

  /** The span from this one's start to the other's end, which must not lie before it. */
  public Span to(Span other) {
    return new Span(file, start, Math.max(end, other.end));
  }

  /** The empty span at the end of this one. */
  public Span atEnd() {
    return new Span(file, end, end);
  }

  /** Where the span starts. */
  public Position from() {
    return file.position(start);
  }

  /** Where the span ends, exclusive. */
  public Position until() {
    return file.position(end);
  }

  /** The text covered. */
  public String text() {
    return file.text().substring(start, end);
  }
}
