package dev.raya.cli.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of which parts have a style. Control characters of its words never reach the terminal;
 * only the styles' own do, and those only where the console is coloured. Immutable.
 */
public final class StyledText {
  private record Part(@Nullable Style style, String text) {}

  private final List<Part> parts;

  private StyledText(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /** A text without a style. */
  public static StyledText plain(String text) {
    return new StyledText(List.of(new Part(null, text)));
  }

  /** A text in a style. */
  public static StyledText of(Style style, String text) {
    return new StyledText(List.of(new Part(style, text)));
  }

  /** This text and another behind it, without a style. */
  public StyledText and(String text) {
    return with(new Part(null, text));
  }

  /** This text and another behind it, in a style. */
  public StyledText and(Style style, String text) {
    return with(new Part(style, text));
  }

  private StyledText with(Part more) {
    List<Part> all = new ArrayList<>(parts);
    all.add(more);
    return new StyledText(all);
  }

  /** The text as it is printed. */
  String render(boolean color) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      String safe = FindingText.printable(part.text());
      text.append(part.style() == null ? safe : part.style().paint(safe, color));
    }
    return text.toString();
  }
}
