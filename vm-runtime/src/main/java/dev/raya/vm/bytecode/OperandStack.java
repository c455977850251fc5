package dev.raya.vm.bytecode;

import java.util.Arrays;

/**
 * The abstract operand stack of one function: a type per value, and beside it what must be known of
 * the value itself: the literal a constant is, or how far an unfilled literal or closure has got.
 */
final class OperandStack {
  static final int UNFILLED = RbinModule.StackMap.UNFILLED;

  /** Note on an unfilled literal whose length is not known here. */
  static final long UNKNOWN = -1;

  private static final long LITERAL = 1L << 62;
  private static final long CLOSURE = 1L << 61;

  int[] types = new int[16];
  long[] notes = new long[16];
  int depth;
  int deepest;
  int offset;

  private final ModuleSymbols symbols;
  private final TypeSpace space;
  private final Assignability assignability;
  private final int function;
  private final int limit;

  OperandStack(ModuleSymbols symbols, Assignability assignability, int function, int limit) {
    this.symbols = symbols;
    this.space = symbols.types();
    this.assignability = assignability;
    this.function = function;
    this.limit = limit;
  }

  static long literal(int bits) {
    return LITERAL | (bits & 0xFFFF_FFFFL);
  }

  static long closure(int function, int filled) {
    return CLOSURE | (long) function << 16 | filled;
  }

  static boolean isClosure(long note) {
    return note > 0 && (note & CLOSURE) != 0;
  }

  static int closureFunction(long note) {
    return (int) ((note & ~CLOSURE) >>> 16);
  }

  static int closureFilled(long note) {
    return (int) (note & 0xFFFF);
  }

  void push(int type) throws RbinException {
    push(type, 0);
  }

  void push(int type, long note) throws RbinException {
    if (depth >= limit) {
      throw fail(RbinErrorKind.STACK_OVERFLOW, "deeper than " + limit + " values");
    }
    if (depth == types.length) {
      types = Arrays.copyOf(types, 2 * depth);
      notes = Arrays.copyOf(notes, 2 * depth);
    }
    types[depth] = type;
    notes[depth] = note;
    depth++;
    deepest = Math.max(deepest, depth);
  }

  /** Pops a value and gives its type. */
  int pop() throws RbinException {
    if (depth == 0) {
      throw fail(RbinErrorKind.STACK_UNDERFLOW, "pop from an empty stack");
    }
    int type = types[--depth];
    if (type < 0) {
      throw fail(RbinErrorKind.TYPE_MISMATCH, "an unfilled value is used");
    }
    return type;
  }

  /** The note of the value popped last. */
  long poppedNote() {
    return notes[depth];
  }

  /** Pops an unfilled value and gives its type without the mark. */
  int popUnfilled() throws RbinException {
    if (depth == 0) {
      throw fail(RbinErrorKind.STACK_UNDERFLOW, "pop from an empty stack");
    }
    int type = types[--depth];
    if (type >= 0) {
      throw fail(RbinErrorKind.TYPE_MISMATCH, "an unfilled value is wanted, not " + show(type));
    }
    return type & ~UNFILLED;
  }

  /** Pops a value that must be assignable to a type. */
  void pop(int wanted) throws RbinException {
    int type = pop();
    if (!fits(type, poppedNote(), wanted)) {
      throw mismatch(wanted, type);
    }
  }

  /** Whether a value may stand where a type is wanted. */
  boolean fits(int type, long note, int wanted) throws RbinException {
    return assignability.assignable(type, wanted)
        || (isLiteralOf(type, note, wanted) && space.kind(type) == space.kind(wanted));
  }

  /** Whether the value is a constant that a literal type among the members of a type allows. */
  boolean isLiteralOf(int type, long note, int wanted) {
    if (note <= 0 || (note & LITERAL) == 0) {
      return false;
    }
    int bits = (int) note;
    for (int member : space.members(wanted)) {
      boolean match =
          switch (space.type(member)) {
            case RType.NumericLiteral literal -> literal.base() == type && literal.value() == bits;
            case RType.StringLiteral literal ->
                type == PredefinedType.STRING
                    && symbols.module().constants().get(bits) instanceof Constant.Str text
                    && text.value().equals(literal.value());
            default -> false;
          };
      if (match) {
        return true;
      }
    }
    return false;
  }

  RbinException mismatch(int wanted, int found) {
    return fail(RbinErrorKind.TYPE_MISMATCH, "expected " + show(wanted) + ", found " + show(found));
  }

  RbinException mismatch(String wanted, int found) {
    return fail(RbinErrorKind.TYPE_MISMATCH, "expected " + wanted + ", found " + show(found));
  }

  String show(int type) {
    return (type < 0 ? "unfilled " : "") + space.display(type & ~UNFILLED, symbols);
  }

  RbinException fail(RbinErrorKind kind, String detail) {
    return new RbinException(kind, "CODE", function, offset, detail);
  }
}
