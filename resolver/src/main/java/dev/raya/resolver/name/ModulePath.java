package dev.raya.resolver.name;

/**
 * The place of a module inside a package as others write it: {@code sinks} in {@code
 * "@acme/logging/sinks"}; empty for the main module.
 *
 * @param text segments {@code [A-Za-z0-9_][A-Za-z0-9_.-]*} joined by {@code /}, at most {@value
 *     #MAX_LENGTH} characters; no segment ends with a dot
 */
public record ModulePath(String text) implements Comparable<ModulePath> {
  /** Longest path, in characters. */
  public static final int MAX_LENGTH = 255;

  /** The main module. */
  public static final ModulePath MAIN = new ModulePath("");

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException if the text is no module path
   */
  public ModulePath {
    if (!isPath(text)) {
      throw new IllegalArgumentException("not a module path: " + NameException.quote(text));
    }
  }

  /**
   * Reads a path without {@code ./}.
   *
   * @throws NameException if the text is no module path
   */
  public static ModulePath parse(String text) throws NameException {
    if (!isPath(text)) {
      throw new NameException(
          "expected a module path such as sinks or http/router, found "
              + NameException.quote(text));
    }
    return new ModulePath(text);
  }

  /**
   * Reads a key of {@code [exports]}: {@code ./sinks}.
   *
   * @throws NameException if it does not start with {@code ./} or the rest is no module path
   */
  public static ModulePath parseExport(String text) throws NameException {
    if (!text.startsWith("./") || text.length() == 2) {
      throw new NameException(
          "expected an export such as \"./sinks\", found " + NameException.quote(text));
    }
    return parse(text.substring(2));
  }

  private static boolean isPath(String text) {
    if (text.length() > MAX_LENGTH) {
      return false;
    }
    if (text.isEmpty()) {
      return true;
    }
    boolean start = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '/') {
        if (start || text.charAt(i - 1) == '.') {
          return false;
        }
        start = true;
      } else if (isWord(c) || (!start && (c == '.' || c == '-'))) {
        start = false;
      } else {
        return false;
      }
    }
    return !start && !text.endsWith(".");
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  /** Whether it is the main module. */
  public boolean isMain() {
    return text.isEmpty();
  }

  /** The form of {@code [exports]}: {@code ./sinks}. */
  public String exportForm() {
    return "./" + text;
  }

  @Override
  public int compareTo(ModulePath other) {
    return text.compareTo(other.text);
  }

  /** {@link #text()}. */
  @Override
  public String toString() {
    return text;
  }
}
