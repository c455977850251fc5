package dev.raya.compiler.diagnostic;

/**
 * A line of source as a terminal shows it, in cells of one letter's width: tabs reach to the next
 * stop, East Asian letters and emoji take two cells, combining marks none.
 */
final class TextCells {
  private static final int TAB = 4;

  /** First and last code points of the blocks whose letters take two cells. */
  private static final int[] WIDE = {
    0x1100, 0x115F, 0x2E80, 0x303E, 0x3041, 0x33FF, 0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xA000, 0xA4CF,
    0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30, 0xFE6F, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6,
    0x20000, 0x3FFFD
  };

  private final String shown;
  private final int[] cells;

  private TextCells(String shown, int[] cells) {
    this.shown = shown;
    this.cells = cells;
  }

  static TextCells of(String line) {
    StringBuilder shown = new StringBuilder(line.length());
    int[] cells = new int[line.length() + 1];
    int cell = 0;
    for (int i = 0; i < line.length(); ) {
      int point = line.codePointAt(i);
      int length = Character.charCount(point);
      cells[i] = cell;
      if (length == 2) {
        cells[i + 1] = cell;
      }
      if (point == '\t') {
        int width = TAB - cell % TAB;
        shown.repeat(' ', width);
        cell += width;
      } else {
        shown.appendCodePoint(point);
        cell += width(point);
      }
      i += length;
    }
    cells[line.length()] = cell;
    return new TextCells(shown.toString(), cells);
  }

  /** The line without tabs. */
  String shown() {
    return shown;
  }

  /** The cell at which a UTF-16 index of the line starts; its length is an index too. */
  int cell(int index) {
    return cells[index];
  }

  /** The cells that a character takes. */
  private static int width(int point) {
    if (point < 0x300) {
      return 1;
    }
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || isJoiner(point)) {
      return 0;
    }
    if (Character.isEmojiPresentation(point)) {
      return 2;
    }
    for (int i = 0; i < WIDE.length; i += 2) {
      if (point >= WIDE[i] && point <= WIDE[i + 1]) {
        return 2;
      }
    }
    return 1;
  }

  private static boolean isJoiner(int point) {
    return point >= 0x200B && point <= 0x200D || point == 0x2060 || point == 0xFEFF;
  }
}
