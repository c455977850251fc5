package dev.raya.resolver.manifest;

/**
 * A place in a file that the user wrote, and what stands there.
 *
 * @param file the file's name as the user knows it, for example {@code packages/a/raya.toml}
 * @param line line, from 1
 * @param column column in UTF-16 units, from 1
 * @param offset bytes of the file before it
 * @param end where the text that stands there ends; the place itself where that is not known
 */
public record SourcePosition(String file, int line, int column, int offset, End end) {
  /**
   * The place behind the last character of a text.
   *
   * @param line line, from 1
   * @param column column in UTF-16 units, from 1
   * @param offset bytes of the file before it
   */
  public record End(int line, int column, int offset) {}

  /** A place of no extent. */
  public SourcePosition(String file, int line, int column, int offset) {
    this(file, line, column, offset, new End(line, column, offset));
  }

  /** The beginning of a file. */
  public static SourcePosition beginning(String file) {
    return new SourcePosition(file, 1, 1, 0);
  }

  /** {@code file:line:column}. */
  @Override
  public String toString() {
    return file + ':' + line + ':' + column;
  }
}
