package dev.raya.vm.bytecode;

import java.util.Objects;

/** Steps through the instructions of code whose opcodes and operand bounds are known to be good. */
public final class InstructionCursor {
  private final Code code;
  private Opcode opcode = Opcode.NOP;
  private int offset = -1;
  private int next;

  /** A cursor before the first instruction. */
  public InstructionCursor(Code code) {
    this.code = code;
  }

  /** Moves to the next instruction; false at the end. */
  public boolean next() {
    if (next >= code.length()) {
      return false;
    }
    offset = next;
    opcode = Objects.requireNonNull(Opcode.of(code.u8(offset)));
    next = offset + lengthAt(code, opcode, offset);
    return true;
  }

  private static int lengthAt(Code code, Opcode opcode, int at) {
    return switch (opcode) {
      case SWITCH, SWITCH_STR -> 7 + 8 * code.u16(at + 5);
      case TABLE_SWITCH -> 11 + 4 * code.u16(at + 9);
      default -> opcode.length();
    };
  }

  /** The current instruction's opcode. */
  public Opcode opcode() {
    return opcode;
  }

  /** Its offset. */
  public int offset() {
    return offset;
  }

  /** The offset after it, which jumps are relative to. */
  public int end() {
    return next;
  }

  /**
   * The values of an operand, as {@link Operand} describes them: one, or for a switch table all of
   * them, jumps as absolute targets.
   *
   * @param operand which operand, from 0
   */
  public long[] values(int operand) {
    int at = offset + 1;
    for (int i = 0; i < operand; i++) {
      at += opcode.operands().get(i).width();
    }
    return switch (opcode.operands().get(operand)) {
      case I8 -> one(code.i8(at));
      case I16 -> one(code.i16(at));
      case I32, COUNT32, COUNTER, CONST32, NAME, FUNC, GLOBAL, STATIC, TYPE -> one(code.i32(at));
      case F64 -> one(code.i64(at));
      case CONST16, LOCAL, FIELD16, SLOT, NATIVE, BUILTIN, COUNT16 -> one(code.u16(at));
      case PARAM, CAPTURE, FIELD8, ARGC, COUNT8, INDEX, TRAP, FLAGS, EXTENSION -> one(code.u8(at));
      case JUMP -> one(next + code.i32(at));
      case SWITCH, SWITCH_STR -> {
        long[] values = new long[1 + 2 * code.u16(at + 4)];
        values[0] = next + code.i32(at);
        for (int i = 1; i < values.length; i += 2) {
          int entry = at + 6 + 4 * (i - 1);
          values[i] = code.i32(entry);
          values[i + 1] = next + code.i32(entry + 4);
        }
        yield values;
      }
      case TABLE_SWITCH -> {
        long[] values = new long[2 + code.u16(at + 8)];
        values[0] = next + code.i32(at);
        values[1] = code.i32(at + 4);
        for (int i = 2; i < values.length; i++) {
          values[i] = next + code.i32(at + 10 + 4 * (i - 2));
        }
        yield values;
      }
    };
  }

  private static long[] one(long value) {
    return new long[] {value};
  }
}
