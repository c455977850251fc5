package dev.raya.compiler.check;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Checks that must wait until all declarations of the program are known: well-formed unions,
 * constraints of type arguments. Once they are, checks run at once.
 */
final class Deferred {
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int declaring;

  /** While declarations are read nothing runs. */
  void begin() {
    declaring++;
  }

  /** Ends what {@link #begin} began; the outermost end runs what waits. */
  void end() {
    // What runs here may itself declare anonymous types, whose members must wait as well.
    while (declaring == 1 && !waiting.isEmpty()) {
      waiting.poll().run();
    }
    declaring--;
  }

  void run(Runnable check) {
    if (declaring == 0) {
      check.run();
    } else {
      waiting.add(check);
    }
  }
}
