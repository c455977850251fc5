package dev.raya.vm.value;

import java.util.List;

/**
 * The trace of an error (vm.md 6): functions and original offsets, innermost first, made text only
 * on demand.
 *
 * @param functions at most {@link #MAX} functions
 * @param offsets the offset in bytes of the instruction in each function
 * @param omitted how many frames below those were left out
 * @param awaited traces appended when an await rethrew the error
 */
public record StackTrace(
    RFunction[] functions, int[] offsets, int omitted, List<StackTrace> awaited) {
  /** The most frames kept. */
  public static final int MAX = 256;

  /** The most awaits kept. */
  private static final int MAX_AWAITED = 16;

  /** A trace without frames. */
  public static final StackTrace EMPTY = new StackTrace(new RFunction[0], new int[0], 0, List.of());

  /**
   * Appends the frames, one line each, as language.md 15.1 lays them out; each line begins with LF.
   */
  public void appendTo(StringBuilder out) {
    append(out, "\n    at ");
  }

  private void append(StringBuilder out, String lead) {
    for (int i = 0; i < functions.length; i++) {
      out.append(lead)
          .append(functions[i].name)
          .append(" (")
          .append(functions[i].position(offsets[i]))
          .append(')');
    }
    if (omitted > 0) {
      out.append("\n    ... ").append(omitted).append(" more");
    }
    for (StackTrace outer : awaited) {
      outer.append(out, "\n    at async ");
    }
  }

  /** Returns this trace with the frames of a task that awaited the failed one. */
  public StackTrace awaitedFrom(StackTrace outer) {
    if (awaited.size() == MAX_AWAITED) {
      return this;
    }
    List<StackTrace> all = new java.util.ArrayList<>(awaited);
    all.add(outer);
    return new StackTrace(functions, offsets, omitted, List.copyOf(all));
  }
}
