package dev.raya.compiler.format;

import java.util.ArrayList;
import java.util.List;

/**
 * Text with places where lines may break, after Wadler, "A prettier printer". {@link #breaks} says
 * whether a line surely ends inside; a group with such a part is laid out broken.
 */
sealed interface Doc {
  /** Nothing. */
  Doc NOTHING = new Text("");

  /** Whether a line surely ends inside. */
  boolean breaks();

  /** Whether it takes several lines however it is laid out, bodies of functions included. */
  default boolean spans() {
    return breaks();
  }

  /** Literal text; line feeds inside (templates, comments) are printed as they are. */
  record Text(String text) implements Doc {
    @Override
    public boolean breaks() {
      return false;
    }
  }

  /**
   * A comment of one line between tokens. Where comments before it wait for the end of the line it
   * waits with them, so that their order stays; what is before and after it goes then.
   */
  record Comment(String before, String text, String after) implements Doc {
    @Override
    public boolean breaks() {
      return false;
    }
  }

  /** One after the other. */
  record Sequence(List<Doc> parts, boolean breaks, boolean spans) implements Doc {}

  /** Lines inside are indented one step more. */
  record Indented(Doc body) implements Doc {
    @Override
    public boolean breaks() {
      return body.breaks();
    }

    @Override
    public boolean spans() {
      return body.spans();
    }
  }

  /** Its own line breaks are all taken or none is. */
  record Group(Doc body, boolean breaks) implements Doc {
    @Override
    public boolean spans() {
      return breaks || body.spans();
    }
  }

  /** The first that fits up to its first line end, else the last. */
  record Choice(List<Doc> states) implements Doc {
    @Override
    public boolean breaks() {
      return false; // the states were made for being put on one line with what is around
    }

    @Override
    public boolean spans() {
      return states.getFirst().spans();
    }
  }

  /** One of two, by whether the group around is broken. */
  record IfBroken(Doc broken, Doc flat) implements Doc {
    @Override
    public boolean breaks() {
      return false;
    }
  }

  /** Always laid out in lines of its own and never a reason for the group around to break. */
  record Body(Doc body) implements Doc {
    @Override
    public boolean breaks() {
      return false;
    }

    @Override
    public boolean spans() {
      return true;
    }
  }

  /** Laid out on one line however long it gets. */
  record OneLine(Doc body) implements Doc {
    @Override
    public boolean breaks() {
      return false;
    }
  }

  /** A comment put before the next line end. */
  record Suffix(String text, boolean breaks) implements Doc {}

  /** A place where a line may or must end. */
  enum Line implements Doc {
    /** Nothing, or a line end. */
    SOFT,
    /** A space, or a line end. */
    SPACE,
    /** A line end. */
    HARD,
    /** A line end unless the line is still empty. */
    FRESH,
    /** A line end and an empty line, unless it is there already. */
    EMPTY;

    @Override
    public boolean breaks() {
      return this == HARD || this == FRESH || this == EMPTY;
    }
  }

  /** Whether nothing but a line end can come after it. */
  static boolean endsInComment(Doc doc) {
    return switch (doc) {
      case Suffix suffix -> suffix.breaks();
      case Sequence sequence -> endsInComment(sequence.parts().getLast());
      default -> false;
    };
  }

  static Doc text(String text) {
    return new Text(text);
  }

  static Doc all(Doc... parts) {
    return all(List.of(parts));
  }

  static Doc all(List<Doc> parts) {
    boolean breaks = false;
    boolean spans = false;
    List<Doc> kept = new ArrayList<>(parts.size());
    for (Doc part : parts) {
      if (!part.equals(NOTHING)) {
        kept.add(part);
        breaks |= part.breaks();
        spans |= part.spans();
      }
    }
    return switch (kept.size()) {
      case 0 -> NOTHING;
      case 1 -> kept.getFirst();
      default -> new Sequence(kept, breaks, spans);
    };
  }

  static Doc indented(Doc... parts) {
    return new Indented(all(parts));
  }

  /** Comments at the end come after the group: that they end a line is no reason to break it. */
  static Doc group(Doc... parts) {
    List<Doc> after = new ArrayList<>();
    Doc body = quietEnd(withoutSuffixes(all(parts), after));
    Doc group = new Group(body, body.breaks());
    return after.isEmpty() ? group : all(group, all(after.reversed()));
  }

  /** The document without the comments at its end, which are collected from the last on. */
  private static Doc withoutSuffixes(Doc doc, List<Doc> after) {
    return switch (doc) {
      case Suffix suffix -> {
        after.add(suffix);
        yield NOTHING;
      }
      case Sequence sequence -> {
        List<Doc> kept = new ArrayList<>(sequence.parts());
        while (!kept.isEmpty()) {
          Doc last = withoutSuffixes(kept.removeLast(), after);
          if (!last.equals(NOTHING)) {
            kept.add(last);
            break;
          }
        }
        yield all(kept);
      }
      case Indented indented -> new Indented(withoutSuffixes(indented.body(), after));
      default -> doc;
    };
  }

  /** The document where comments after the last place for a line end are no reason to break it. */
  static Doc quietEnd(Doc doc) {
    return switch (doc) {
      case Suffix suffix -> new Suffix(suffix.text(), false);
      case Indented indented -> new Indented(quietEnd(indented.body()));
      case Sequence sequence -> {
        List<Doc> parts = new ArrayList<>(sequence.parts());
        int i = parts.size();
        do {
          i--;
          parts.set(i, quietEnd(parts.get(i)));
        } while (i > 0 && !mayBreak(parts.get(i)));
        yield all(parts);
      }
      default -> doc;
    };
  }

  /** Whether a line may end inside by the choice of the group around. */
  private static boolean mayBreak(Doc doc) {
    return switch (doc) {
      case Text _, Comment _, Suffix _, Group _, Choice _, Body _, OneLine _ -> false;
      case Indented indented -> mayBreak(indented.body());
      case Sequence sequence -> sequence.parts().stream().anyMatch(Doc::mayBreak);
      case IfBroken _, Line _ -> true;
    };
  }

  /** A group that is broken whether it fits or not. */
  static Doc broken(Doc... parts) {
    return new Group(all(parts), true);
  }
}
