package dev.raya.resolver.manifest;

/**
 * A file's text in UTF-8, for the places in it: the reader of TOML counts lines and characters,
 * people's editors UTF-16 units, and programs want bytes (cli.md section 1). Not thread-safe.
 */
public final class SourceText {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String file;
  private final String text;
  private final int mark;

  /** Where each line begins, in UTF-16 units and in bytes; made when the first place is asked. */
  private int[] starts = {};

  private int[] bytes = {};

  /**
   * Takes a text as it was read.
   *
   * @param file its name as messages shall show it
   * @param document all of it; a byte-order mark before it is no part of its first line
   */
  public SourceText(String file, String document) {
    this.file = file;
    boolean marked = document.startsWith(BYTE_ORDER_MARK);
    this.text = marked ? document.substring(1) : document;
    this.mark = marked ? 3 : 0;
  }

  /** Its name as messages show it. */
  public String file() {
    return file;
  }

  /** The text without a byte-order mark. */
  public String text() {
    return text;
  }

  /**
   * A place.
   *
   * @param line from 1
   * @param column in characters (code points), from 1
   */
  public SourcePosition at(int line, int column) {
    if (starts.length == 0) {
      findLines();
    }
    int row = Math.clamp(line, 1, starts.length) - 1;
    int at = starts[row];
    int offset = bytes[row];
    for (int i = 1; i < column && at < text.length() && text.charAt(at) != '\n'; i++) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      offset += length(character);
    }
    return new SourcePosition(file, row + 1, at - starts[row] + 1, offset);
  }

  /**
   * A place with the extent of what begins there, read as TOML: a key with its value, a value, or a
   * table's name in brackets.
   *
   * @param line from 1
   * @param column in characters (code points), from 1
   */
  public SourcePosition extent(int line, int column) {
    SourcePosition start = at(line, column);
    int at = starts[start.line() - 1] + start.column() - 1;
    int end = new TomlExtent(text).end(at);
    int row = start.line() - 1;
    int offset = start.offset();
    while (at < end) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      offset += length(character);
      row += character == '\n' ? 1 : 0;
    }
    return new SourcePosition(
        file,
        start.line(),
        start.column(),
        start.offset(),
        new SourcePosition.End(row + 1, at - starts[row] + 1, offset));
  }

  private void findLines() {
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        count++;
      }
    }
    int[] units = new int[count];
    int[] encoded = new int[count];
    encoded[0] = mark;
    int row = 0;
    int offset = mark;
    for (int at = 0; at < text.length(); ) {
      int character = text.codePointAt(at);
      at += Character.charCount(character);
      offset += length(character);
      if (character == '\n') {
        row++;
        units[row] = at;
        encoded[row] = offset;
      }
    }
    starts = units;
    bytes = encoded;
  }

  /** Bytes of a character in UTF-8. */
  private static int length(int character) {
    if (character < 0x80) {
      return 1;
    }
    if (character < 0x800) {
      return 2;
    }
    return character < 0x10000 ? 3 : 4;
  }
}
