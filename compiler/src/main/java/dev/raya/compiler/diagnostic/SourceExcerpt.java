package dev.raya.compiler.diagnostic;

import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lines of one file with marks below them, and what is to be said of a mark beside it:
 *
 * <pre>
 *   |
 * 2 | let total = 1;
 *   |     ----- declared here first
 * ...
 * 9 | let total = 2;
 *   |     ^^^^^
 * </pre>
 *
 * Where several marks of a line have something to say, the last one says it beside itself and the
 * others below. Of a long line the part around its first mark is shown.
 */
public final class SourceExcerpt {
  /** Longest line that is shown whole, and how much of a longer one is shown. */
  private static final int MAX_LINE = 160;

  private static final int WINDOW = 100;
  private static final int BEFORE = 40;
  private static final String CUT = "…";

  /** What stands between lines that are not neighbours. */
  private static final String GAP = "...";

  private final SourceFile file;
  private final Map<Integer, List<Mark>> lines = new TreeMap<>();

  /**
   * A marked part of a line.
   *
   * @param start UTF-16 index in the line
   * @param end index after the last
   */
  private record Mark(int start, int end, char sign, @Nullable String label) {}

  /** A mark where it is shown, in cells of the terminal. */
  private record Placed(int from, int to, char sign, @Nullable String label) {}

  private SourceExcerpt(SourceFile file) {
    this.file = file;
  }

  /** The line of a place, marked as the place that a diagnostic is about. */
  static String of(Span place) {
    return of(place, List.of());
  }

  /**
   * The lines of a place and of notes beside it.
   *
   * @param place what the diagnostic is about
   * @param notes facts about places of the same file, of one line each
   */
  public static String of(Span place, List<Diagnostic.Note> notes) {
    SourceExcerpt excerpt = new SourceExcerpt(place.file());
    excerpt.mark(place, '^', null);
    for (Diagnostic.Note note : notes) {
      excerpt.mark(note.span(), '-', note.message());
    }
    return excerpt.text(0);
  }

  /** The line of a place that is not what the diagnostic is about. */
  public static String secondary(Span place) {
    return marked(place, '-', 0);
  }

  /** The line of a place, its number in at least so many columns. */
  static String marked(Span place, char sign, int margin) {
    SourceExcerpt excerpt = new SourceExcerpt(place.file());
    excerpt.mark(place, sign, null);
    return excerpt.text(margin);
  }

  private void mark(Span place, char sign, @Nullable String label) {
    int line = place.from().line();
    int length = file.lineText(line).length();
    int start = Math.min(place.from().column() - 1, length);
    int end = place.until().line() == line ? place.until().column() - 1 : length;
    lines
        .computeIfAbsent(line, none -> new ArrayList<>())
        .add(new Mark(start, Math.max(start, Math.min(end, length)), sign, label));
  }

  private String text(int leastMargin) {
    int margin = leastMargin;
    for (int line : lines.keySet()) {
      margin = Math.max(margin, Integer.toString(line).length());
    }
    StringBuilder out = new StringBuilder();
    out.repeat(' ', margin).append(" |\n");
    int before = 0;
    for (Map.Entry<Integer, List<Mark>> entry : lines.entrySet()) {
      int line = entry.getKey();
      if (before > 0 && line == before + 2) {
        plain(before + 1, margin, out);
      } else if (before > 0 && line > before + 2) {
        out.append(GAP).append('\n');
      }
      marked(line, entry.getValue(), margin, out);
      before = line;
    }
    return out.toString();
  }

  private void plain(int line, int margin, StringBuilder out) {
    source(line, window(file.lineText(line), List.of(new Mark(0, 0, ' ', null))), margin, out);
  }

  private static void source(int line, Window window, int margin, StringBuilder out) {
    String number = Integer.toString(line);
    out.repeat(' ', margin - number.length()).append(number).append(" | ");
    out.append(window.cells.shown()).append('\n');
  }

  /**
   * The part of a line that is shown.
   *
   * @param first index in the whole line of what stands after {@code lead}
   * @param lead units that stand before it
   */
  private record Window(TextCells cells, int first, int last, int lead) {
    int cell(int index) {
      return cells.cell(Math.clamp(index, first, last) - first + lead);
    }
  }

  private static Window window(String line, List<Mark> marks) {
    if (line.length() <= MAX_LINE) {
      return new Window(TextCells.of(line), 0, line.length(), 0);
    }
    Mark shown = marks.getFirst();
    for (Mark mark : marks) {
      shown = mark.sign == '^' ? mark : shown;
    }
    int first = boundary(line, Math.max(0, shown.start - BEFORE));
    int last = boundary(line, Math.min(line.length(), first + WINDOW));
    String lead = first > 0 ? CUT : "";
    String part = lead + line.substring(first, last) + (last < line.length() ? CUT : "");
    return new Window(TextCells.of(part), first, last, lead.length());
  }

  private void marked(int line, List<Mark> marks, int margin, StringBuilder out) {
    Window window = window(file.lineText(line), marks);
    source(line, window, margin, out);
    List<Placed> placed = new ArrayList<>();
    for (Mark mark : marks) {
      int from = window.cell(mark.start);
      int to = Math.max(from + 1, window.cell(mark.end));
      placed.add(new Placed(from, to, mark.sign, mark.label));
    }
    // Marks of what the diagnostic is about stand over the others.
    placed.sort(Comparator.comparing((Placed each) -> each.sign == '^'));
    StringBuilder signs = new StringBuilder();
    for (Placed each : placed) {
      signs.repeat(' ', Math.max(0, each.to - signs.length()));
      for (int cell = each.from; cell < each.to; cell++) {
        signs.setCharAt(cell, each.sign);
      }
    }
    List<Placed> labelled = new ArrayList<>(placed);
    labelled.removeIf(each -> each.label == null);
    labelled.sort(Comparator.comparingInt(Placed::from));
    Placed beside =
        !labelled.isEmpty() && labelled.getLast().to == signs.length() ? labelled.getLast() : null;
    if (beside != null) {
      signs.append(' ').append(beside.label);
      labelled.removeLast();
    }
    below(signs, margin, out);
    if (!labelled.isEmpty()) {
      below(bars(labelled), margin, out);
    }
    while (!labelled.isEmpty()) {
      Placed last = labelled.removeLast();
      StringBuilder text = bars(labelled);
      text.setLength(Math.min(text.length(), last.from));
      text.repeat(' ', last.from - text.length()).append(last.label);
      below(text, margin, out);
    }
  }

  private static void below(CharSequence text, int margin, StringBuilder out) {
    out.repeat(' ', margin).append(" | ").append(text).append('\n');
  }

  /** Lines down from marks that have something to say. */
  private static StringBuilder bars(List<Placed> marks) {
    StringBuilder text = new StringBuilder();
    for (Placed each : marks) {
      text.repeat(' ', Math.max(0, each.from + 1 - text.length()));
      text.setCharAt(each.from, '|');
    }
    return text;
  }

  /** The nearest place at or before an index that does not part a character. */
  private static int boundary(String line, int at) {
    return at > 0 && at < line.length() && Character.isLowSurrogate(line.charAt(at)) ? at - 1 : at;
  }
}
