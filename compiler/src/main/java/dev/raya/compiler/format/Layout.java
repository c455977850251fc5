package dev.raya.compiler.format;

import java.util.ArrayList;
import java.util.List;

/** Lays a document out in lines of at most {@link #WIDTH} columns where that is possible. */
final class Layout {
  /** Columns of a line. */
  static final int WIDTH = 100;

  private static final int STEP = 2;

  private record Item(int indent, boolean flat, Doc doc) {}

  private final StringBuilder out = new StringBuilder();
  private final List<String> suffixes = new ArrayList<>();
  private final List<Item> stack = new ArrayList<>();
  private int column;

  private Layout() {}

  /** The text of a document; lines end with LF and never with blanks. */
  static String of(Doc doc) {
    Layout layout = new Layout();
    layout.stack.add(new Item(0, false, doc));
    while (!layout.stack.isEmpty()) {
      layout.print(layout.stack.removeLast());
    }
    layout.flushSuffixes(0);
    layout.trim();
    return layout.out.toString();
  }

  private void print(Item item) {
    switch (item.doc) {
      case Doc.Text text -> write(text.text());
      case Doc.Comment comment -> {
        if (suffixes.isEmpty()) {
          write(comment.before() + comment.text() + comment.after());
        } else {
          suffixes.add(comment.text());
        }
      }
      case Doc.Sequence sequence -> {
        for (int i = sequence.parts().size() - 1; i >= 0; i--) {
          stack.add(new Item(item.indent, item.flat, sequence.parts().get(i)));
        }
      }
      case Doc.Indented indented ->
          stack.add(new Item(item.indent + STEP, item.flat, indented.body()));
      case Doc.Group group -> {
        boolean flat = !group.breaks() && (item.flat || fits(item.indent, true, group.body()));
        stack.add(new Item(item.indent, flat, group.body()));
      }
      case Doc.Choice choice -> stack.add(new Item(item.indent, item.flat, chosen(item, choice)));
      case Doc.IfBroken either ->
          stack.add(new Item(item.indent, item.flat, item.flat ? either.flat() : either.broken()));
      case Doc.Body body -> stack.add(new Item(item.indent, false, body.body()));
      case Doc.OneLine line -> stack.add(new Item(item.indent, true, line.body()));
      case Doc.Suffix suffix -> suffixes.add(suffix.text());
      case Doc.Line line -> line(line, item);
    }
  }

  private Doc chosen(Item item, Doc.Choice choice) {
    List<Doc> states = choice.states();
    if (item.flat) {
      return states.getFirst();
    }
    for (int i = 0; i < states.size() - 1; i++) {
      if (fits(item.indent, false, states.get(i))) {
        return states.get(i);
      }
    }
    return states.getLast();
  }

  private void line(Doc.Line line, Item item) {
    switch (line) {
      case SOFT -> {
        if (!item.flat) {
          newLine(item.indent);
        }
      }
      case SPACE -> {
        if (item.flat) {
          write(" ");
        } else {
          newLine(item.indent);
        }
      }
      case HARD -> newLine(item.indent);
      case FRESH -> fresh(item.indent);
      case EMPTY -> {
        fresh(item.indent);
        trim();
        if (!out.isEmpty() && !endsWith("\n\n")) {
          out.append('\n');
        }
        pad(item.indent);
      }
    }
  }

  private void fresh(int indent) {
    trim();
    if (!out.isEmpty() && !endsWith("\n") || !suffixes.isEmpty()) {
      newLine(indent);
    } else {
      pad(indent);
    }
  }

  private boolean endsWith(String end) {
    return out.length() >= end.length() && out.substring(out.length() - end.length()).equals(end);
  }

  private void newLine(int indent) {
    flushSuffixes(indent);
    trim();
    out.append('\n');
    pad(indent);
  }

  private void pad(int indent) {
    out.repeat(' ', indent);
    column = indent;
  }

  /**
   * After a comment that ends its line the next one stands on a line of its own, which belongs to
   * what it is deeper in: the line that ends or the next.
   *
   * @param indent of the next line
   */
  private void flushSuffixes(int indent) {
    int deeper = suffixes.size() > 1 ? Math.max(indent, indentOfLine()) : indent;
    boolean lineEnded = false;
    for (String suffix : suffixes) {
      trim();
      if (lineEnded) {
        out.append('\n').repeat(' ', deeper);
      } else {
        out.append(' ');
      }
      out.append(suffix);
      lineEnded = suffix.startsWith("//");
    }
    suffixes.clear();
  }

  private int indentOfLine() {
    int start = out.lastIndexOf("\n") + 1;
    int end = start;
    while (end < out.length() && out.charAt(end) == ' ') {
      end++;
    }
    return end - start;
  }

  private void trim() {
    int end = out.length();
    while (end > 0 && out.charAt(end - 1) == ' ') {
      end--;
    }
    out.setLength(end);
  }

  private void write(String text) {
    out.append(text);
    int lineStart = text.lastIndexOf('\n');
    column = lineStart < 0 ? column + width(text) : width(text.substring(lineStart + 1));
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * Whether the rest of the line fits if a document follows now: up to the first line that surely
   * ends, in what follows it too.
   */
  private boolean fits(int indent, boolean flat, Doc doc) {
    int left = WIDTH - column;
    List<Item> work = new ArrayList<>();
    work.add(new Item(indent, flat, doc));
    int rest = stack.size();
    boolean after = false;
    while (left >= 0) {
      Item item;
      if (!work.isEmpty()) {
        item = work.removeLast();
      } else if (rest > 0) {
        item = stack.get(--rest);
        after = true;
      } else {
        return true;
      }
      switch (item.doc) {
        case Doc.Text text -> {
          int end = text.text().indexOf('\n');
          if (end >= 0) {
            return width(text.text().substring(0, end)) <= left;
          }
          left -= width(text.text());
        }
        case Doc.Comment comment ->
            left -= width(comment.before() + comment.text() + comment.after());
        case Doc.Sequence sequence -> {
          for (int i = sequence.parts().size() - 1; i >= 0; i--) {
            work.add(new Item(0, item.flat, sequence.parts().get(i)));
          }
        }
        case Doc.Indented indented -> work.add(new Item(0, item.flat, indented.body()));
        // What comes after may itself be broken where it first can.
        case Doc.Group group ->
            work.add(new Item(0, !group.breaks() && (item.flat || !after), group.body()));
        case Doc.Choice choice -> work.add(new Item(0, item.flat, choice.states().getFirst()));
        case Doc.IfBroken either ->
            work.add(new Item(0, item.flat, item.flat ? either.flat() : either.broken()));
        case Doc.Body body -> work.add(new Item(0, false, body.body()));
        case Doc.OneLine line -> work.add(new Item(0, true, line.body()));
        case Doc.Suffix suffix -> {}
        case Doc.Line line -> {
          if (!item.flat || line.breaks()) {
            return true;
          }
          left -= line == Doc.Line.SPACE ? 1 : 0;
        }
      }
    }
    return false;
  }
}
