package dev.raya.vm.regexp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the matches of a program in one text by backtracking with an explicit stack. For programs
 * without back-references and looks, places that have failed are remembered once the search takes
 * long, so that the time is at most proportional to the product of text and pattern; the others are
 * held by the bound on steps (stdlib.md 2.9).
 */
public final class Matcher {
  /** The greatest number of steps of one search. */
  public static final long MAX_STEPS = 100_000_000;

  /** Steps after which failed places are remembered. */
  private static final int REMEMBER_AFTER = 4_096;

  /** The greatest number of longs for remembered places. */
  private static final int MAX_MEMORY = 1 << 22;

  private static final int REPORT = 50_000;

  /** Hears of the work done. */
  public interface Work {
    /** Takes note of steps; may throw to end the search. */
    void steps(int count);
  }

  /** The search needed more than {@link #MAX_STEPS}. */
  public static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManySteps() {
      super("the regular expression needs too many steps", null, false, false);
    }
  }

  private final int[] code;
  private final CharSet[] sets;
  private final Program program;
  private final Regex.Flags flags;
  private final String text;
  private final Work work;
  private final int[] slots;

  /** Choices and what to restore: triples of kind or pc, place or slot, old value. */
  private int[] stack = new int[96];

  private int top;
  private long steps;
  private int unreported;
  private long @Nullable [] failed;
  private int[] touched = new int[0];
  private int touchedCount;

  Matcher(Program program, String text, Work work) {
    this.program = program;
    this.code = program.code();
    this.sets = program.sets();
    this.flags = program.flags();
    this.text = text;
    this.work = work;
    this.slots = new int[2 * program.groups() + program.marks()];
  }

  /**
   * Finds the first match that starts at or after an index.
   *
   * @return start and end of each group, −1 where a group took no part; null if there is none
   * @throws TooManySteps if the bound on steps is exceeded
   */
  public int @Nullable [] find(int from) {
    steps = 0;
    forget();
    for (int start = from; start <= text.length(); start++) {
      if (program.prefix() >= 0) {
        start = text.indexOf((char) program.prefix(), start);
        if (start < 0) {
          break;
        }
      } else if (flags.unicode() && insidePair(start)) {
        continue;
      }
      Arrays.fill(slots, -1);
      top = 0;
      if (run(0, start)) {
        report();
        return Arrays.copyOf(slots, 2 * program.groups());
      }
    }
    report();
    return null;
  }

  private boolean insidePair(int at) {
    return at > 0
        && at < text.length()
        && Character.isLowSurrogate(text.charAt(at))
        && Character.isHighSurrogate(text.charAt(at - 1));
  }

  private void report() {
    if (unreported > 0) {
      int count = unreported;
      unreported = 0;
      work.steps(count);
    }
  }

  private void forget() {
    long[] known = failed;
    if (known != null) {
      for (int i = 0; i < touchedCount; i++) {
        known[touched[i]] = 0;
      }
    }
    touchedCount = 0;
  }

  /** Runs from an instruction to MATCH; restores and returns false if there is no way. */
  private boolean run(int start, int position) {
    int bottom = top;
    int pc = start;
    int at = position;
    for (; ; ) {
      if (++unreported >= REPORT) {
        steps += unreported;
        report();
        if (steps > MAX_STEPS) {
          throw new TooManySteps();
        }
      }
      boolean ok = true;
      switch (code[pc]) {
        case Op.CHAR -> {
          int c = at < text.length() ? here(at) : -1;
          ok = c >= 0 && same(c, code[pc + 1]);
          at += ok ? Character.charCount(c) : 0;
          pc += 2;
        }
        case Op.CHAR_BACK -> {
          int c = at > 0 ? before(at) : -1;
          ok = c >= 0 && same(c, code[pc + 1]);
          at -= ok ? Character.charCount(c) : 0;
          pc += 2;
        }
        case Op.ANY -> {
          int c = at < text.length() ? here(at) : -1;
          ok = c >= 0 && (flags.dotAll() || !CharSet.isLineEnd(c));
          at += ok ? Character.charCount(c) : 0;
          pc++;
        }
        case Op.ANY_BACK -> {
          int c = at > 0 ? before(at) : -1;
          ok = c >= 0 && (flags.dotAll() || !CharSet.isLineEnd(c));
          at -= ok ? Character.charCount(c) : 0;
          pc++;
        }
        case Op.SET -> {
          int c = at < text.length() ? here(at) : -1;
          ok = c >= 0 && sets[code[pc + 1]].contains(c, flags.ignoreCase());
          at += ok ? Character.charCount(c) : 0;
          pc += 2;
        }
        case Op.SET_BACK -> {
          int c = at > 0 ? before(at) : -1;
          ok = c >= 0 && sets[code[pc + 1]].contains(c, flags.ignoreCase());
          at -= ok ? Character.charCount(c) : 0;
          pc += 2;
        }
        case Op.SAVE -> {
          assign(code[pc + 1], at);
          pc += 2;
        }
        case Op.SPLIT -> {
          if (seen(code[pc + 3], at)) {
            ok = false;
          } else {
            push(code[pc + 2], at, 0);
            pc = code[pc + 1];
          }
        }
        case Op.JUMP -> pc = code[pc + 1];
        case Op.RESET -> {
          for (int slot = 2 * code[pc + 1]; slot < 2 * code[pc + 2]; slot++) {
            if (slots[slot] >= 0) {
              assign(slot, -1);
            }
          }
          pc += 3;
        }
        case Op.MARK -> {
          assign(2 * program.groups() + code[pc + 1], at);
          pc += 2;
        }
        case Op.MOVED -> {
          ok = slots[2 * program.groups() + code[pc + 1]] != at;
          pc += 2;
        }
        case Op.REFERENCE -> {
          int length = referred(code[pc + 1], at);
          ok = length >= 0;
          at += Math.max(length, 0);
          pc += 2;
        }
        case Op.START -> {
          ok = at == 0 || flags.multiline() && CharSet.isLineEnd(text.charAt(at - 1));
          pc++;
        }
        case Op.END -> {
          ok = at == text.length() || flags.multiline() && CharSet.isLineEnd(text.charAt(at));
          pc++;
        }
        case Op.BOUNDARY, Op.NO_BOUNDARY -> {
          ok = (word(at - 1) != word(at)) == (code[pc] == Op.BOUNDARY);
          pc++;
        }
        case Op.LOOK -> {
          int below = top;
          ok = run(pc + 2, at);
          if (ok) {
            dropChoices(below);
          }
          pc = code[pc + 1];
        }
        case Op.LOOK_NOT -> {
          int below = top;
          ok = !run(pc + 2, at);
          if (!ok) {
            unwind(below);
          }
          pc = code[pc + 1];
        }
        case Op.MATCH -> {
          return true;
        }
        default -> throw new IllegalStateException("unknown instruction " + code[pc]);
      }
      if (!ok) {
        // Back to the last choice, restoring what was assigned since.
        for (; ; ) {
          if (top == bottom) {
            return false;
          }
          top -= 3;
          if (stack[top] >= 0) {
            pc = stack[top];
            at = stack[top + 1];
            break;
          }
          slots[stack[top + 1]] = stack[top + 2];
        }
      }
    }
  }

  private void push(int pc, int at, int old) {
    if (top + 3 > stack.length) {
      if (stack.length > 1 << 26) {
        throw new TooManySteps();
      }
      stack = Arrays.copyOf(stack, stack.length * 2);
    }
    stack[top] = pc;
    stack[top + 1] = at;
    stack[top + 2] = old;
    top += 3;
  }

  private void assign(int slot, int value) {
    push(-1, slot, slots[slot]);
    slots[slot] = value;
  }

  private void unwind(int below) {
    while (top > below) {
      top -= 3;
      if (stack[top] < 0) {
        slots[stack[top + 1]] = stack[top + 2];
      }
    }
  }

  /** A look that succeeded is not tried another way; what it captured can still be undone. */
  private void dropChoices(int below) {
    int to = below;
    for (int from = below; from < top; from += 3) {
      if (stack[from] < 0) {
        System.arraycopy(stack, from, stack, to, 3);
        to += 3;
      }
    }
    top = to;
  }

  /** Whether a choice at a place was tried before in this search, and so has failed. */
  private boolean seen(int split, int at) {
    if (!program.pure()) {
      return false;
    }
    long[] known = failed;
    if (known == null) {
      long longs = ((long) program.splits() * (text.length() + 1) + 63) >> 6;
      if (steps + unreported < REMEMBER_AFTER || longs > MAX_MEMORY) {
        return false;
      }
      known = new long[(int) longs];
      failed = known;
    }
    long bit = (long) split * (text.length() + 1) + at;
    int word = (int) (bit >> 6);
    long mask = 1L << (bit & 63);
    if ((known[word] & mask) != 0) {
      return true;
    }
    if (known[word] == 0) {
      if (touchedCount == touched.length) {
        touched = Arrays.copyOf(touched, Math.max(64, touchedCount * 2));
      }
      touched[touchedCount++] = word;
    }
    known[word] |= mask;
    return false;
  }

  private int here(int at) {
    return flags.unicode() ? text.codePointAt(at) : text.charAt(at);
  }

  private int before(int at) {
    return flags.unicode() ? text.codePointBefore(at) : text.charAt(at - 1);
  }

  private boolean same(int found, int wanted) {
    return found == wanted || flags.ignoreCase() && fold(found) == fold(wanted);
  }

  /** The case folding of the flags {@code i} and {@code u}. */
  private int fold(int c) {
    if (flags.unicode()) {
      return Character.toLowerCase(Character.toUpperCase(c));
    }
    int upper = Character.toUpperCase(c);
    return c >= 128 && upper < 128 ? c : upper;
  }

  private boolean word(int at) {
    return at >= 0 && at < text.length() && CharSet.isWord(text.charAt(at));
  }

  /** The length of what a group matched, if it stands at a place too, else −1. */
  private int referred(int group, int at) {
    int from = slots[2 * group];
    int to = slots[2 * group + 1];
    if (from < 0 || to < 0) {
      return 0;
    }
    int length = to - from;
    if (at + length > text.length()) {
      return -1;
    }
    unreported += length;
    for (int i = 0; i < length; i++) {
      if (!same(text.charAt(at + i), text.charAt(from + i))) {
        return -1;
      }
    }
    return length;
  }
}
