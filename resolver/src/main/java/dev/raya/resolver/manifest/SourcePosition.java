package dev.raya.resolver.manifest;

/**
 * A place in a file that the user wrote.
 *
 * @param file the file's name as the user knows it, for example {@code packages/a/raya.toml}
 * @param line line, from 1
 * @param column column in characters, from 1
 */
public record SourcePosition(String file, int line, int column) {

  /** {@code file:line:column}. */
  @Override
  public String toString() {
    return file + ':' + line + ':' + column;
  }
}
