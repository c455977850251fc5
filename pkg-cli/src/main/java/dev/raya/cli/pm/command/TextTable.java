package dev.raya.cli.pm.command;

import dev.raya.cli.console.Console;
import dev.raya.cli.console.Style;
import dev.raya.cli.console.StyledText;
import java.util.List;

/** Rows of words in columns that are as wide as their longest word. */
final class TextTable {
  private TextTable() {}

  /**
   * Prints a table.
   *
   * @param rows rows of equally many cells, the heading first
   * @param heading the heading's style
   */
  static void print(Console console, List<List<String>> rows, Style heading) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = rows.get(r).get(i);
        line.append(cell);
        if (i < columns - 1) {
          line.append(" ".repeat(widths[i] - cell.length() + 2));
        }
      }
      String text = line.toString();
      console.line(r == 0 ? StyledText.of(heading, text) : StyledText.plain(text));
    }
  }
}
