package dev.raya.cli.console;

import dev.raya.cache.json.Json;

/**
 * A place in a file as the JSON output writes it (cli.md 1); {@code end} is exclusive.
 *
 * @param file the path as shown to the user
 * @param start first position
 * @param end position after the last
 */
public record Span(String file, Position start, Position end) {

  /**
   * A position.
   *
   * @param line from 1
   * @param column from 1, in UTF-16 units
   * @param offset in bytes from 0
   */
  public record Position(int line, int column, long offset) {
    Json json() {
      return Json.object().put("line", line).put("column", column).put("offset", offset).build();
    }
  }

  /** A span of no length, where only a line and a column are known. */
  public static Span at(String file, int line, int column, long offset) {
    Position position = new Position(line, column, offset);
    return new Span(file, position, position);
  }

  Json json() {
    return Json.object()
        .put("file", file)
        .put("start", start.json())
        .put("end", end.json())
        .build();
  }
}
