package dev.raya.vm.regexp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The syntax tree of a pattern. */
sealed interface Node {
  /** One character. */
  record Char(int c) implements Node {}

  /** Any character; line ends too with flag {@code s}. */
  record Any() implements Node {}

  /** One character of a set. */
  record OneOf(CharSet set) implements Node {}

  /** One after the other. */
  record Sequence(List<Node> parts) implements Node {}

  /** The first that leads to a match. */
  record Choice(List<Node> options) implements Node {}

  /** A capturing group. */
  record Group(int number, Node body) implements Node {}

  /** Repetition; {@code max} is −1 without limit; groups {@code from} to {@code to} lie inside. */
  record Repeat(Node body, int min, int max, boolean greedy, int from, int to) implements Node {}

  /** What a group matched. */
  record BackReference(int group, @Nullable String name) implements Node {}

  /** A condition on the place. */
  record Assertion(Kind kind) implements Node {
    enum Kind {
      START,
      END,
      BOUNDARY,
      NO_BOUNDARY
    }
  }

  /** A look at what follows or precedes. */
  record Look(Node body, boolean ahead, boolean negative) implements Node {}
}
