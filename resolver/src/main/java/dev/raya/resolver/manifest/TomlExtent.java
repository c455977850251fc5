package dev.raya.resolver.manifest;

/**
 * How far what stands at a place of a TOML file goes: a key with its value, a value, or the name of
 * a table in its brackets. By the look of it alone, since the reader of TOML tells only where
 * things begin; never beyond the text, whatever it holds, and without recursion.
 */
final class TomlExtent {
  private final String text;

  TomlExtent(String text) {
    this.text = text;
  }

  /** The index behind what begins at an index. */
  int end(int from) {
    int key = key(from);
    int equals = blank(key);
    return key > from && is(equals, '=') ? value(blank(equals + 1)) : value(from);
  }

  private boolean is(int at, char character) {
    return at < text.length() && text.charAt(at) == character;
  }

  private int blank(int from) {
    int at = from;
    while (is(at, ' ') || is(at, '\t')) {
      at++;
    }
    return at;
  }

  /** Behind a key of parts with dots between; the index itself if there is none. */
  private int key(int from) {
    int end = from;
    int at = from;
    while (true) {
      int part = is(at, '"') || is(at, '\'') ? string(at) : bare(at);
      if (part == at) {
        return end;
      }
      end = part;
      int dot = blank(part);
      if (!is(dot, '.')) {
        return end;
      }
      at = blank(dot + 1);
    }
  }

  private int bare(int from) {
    int at = from;
    while (at < text.length() && isBare(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBare(char c) {
    return c == '-' || c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
  }

  private int value(int from) {
    if (is(from, '"') || is(from, '\'')) {
      return string(from);
    }
    if (is(from, '[') || is(from, '{')) {
      return brackets(from);
    }
    int at = from;
    int end = from;
    while (at < text.length() && ",]}#\r\n".indexOf(text.charAt(at)) < 0) {
      boolean blank = text.charAt(at) == ' ' || text.charAt(at) == '\t';
      at++;
      end = blank ? end : at;
    }
    return end;
  }

  /** Behind the bracket that closes the one at an index. */
  private int brackets(int from) {
    int depth = 0;
    int at = from;
    while (at < text.length()) {
      switch (text.charAt(at)) {
        case '"', '\'' -> at = string(at);
        case '#' -> at = line(at);
        case '[', '{' -> {
          depth++;
          at++;
        }
        case ']', '}' -> {
          depth--;
          at++;
          if (depth == 0) {
            return at;
          }
        }
        default -> at++;
      }
    }
    return at;
  }

  private int line(int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  /** Behind a string; one that is not closed ends with its line, or with the text. */
  private int string(int from) {
    char quote = text.charAt(from);
    boolean escapes = quote == '"';
    boolean several = is(from + 1, quote) && is(from + 2, quote);
    int at = several ? from + 3 : from + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\' && escapes) {
        at = Math.min(at + 2, text.length());
      } else if (c != quote) {
        if (c == '\n' && !several) {
          return at;
        }
        at++;
      } else if (!several) {
        return at + 1;
      } else if (is(at + 1, quote) && is(at + 2, quote)) {
        at += 3;
        // Up to two quotation marks may stand before the three that close.
        while (is(at, quote)) {
          at++;
        }
        return at;
      } else {
        at++;
      }
    }
    return at;
  }
}
