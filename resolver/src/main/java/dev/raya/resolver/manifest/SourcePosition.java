package dev.raya.resolver.manifest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a file that the user wrote.
 *
 * @param file the file's name as the user knows it, for example {@code packages/a/raya.toml}
 * @param line line, from 1
 * @param column column in characters, from 1
 */
public record SourcePosition(String file, int line, int column) {
  private static final Pattern WRITTEN = Pattern.compile("(.+):([1-9]\\d{0,8}):([1-9]\\d{0,8})");

  /** The place that a text names as {@link #toString} writes it; null if it names none. */
  public static @Nullable SourcePosition tryParse(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    return matcher.matches()
        ? new SourcePosition(
            matcher.group(1),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3)))
        : null;
  }

  /** {@code file:line:column}. */
  @Override
  public String toString() {
    return file + ':' + line + ':' + column;
  }
}
