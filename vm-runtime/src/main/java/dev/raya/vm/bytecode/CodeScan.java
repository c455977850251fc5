package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import java.util.BitSet;

/**
 * The first half of the code check ({@code rbin.md} 5.2, 1 and 2): opcodes, operand bounds,
 * instruction boundaries, jump targets and leaders.
 */
final class CodeScan {
  final BitSet boundaries = new BitSet();
  final BitSet leaders = new BitSet();
  final BitSet jumpTargets = new BitSet();
  int count;

  private final Code code;
  private final int function;

  private CodeScan(Code code, int function) {
    this.code = code;
    this.function = function;
  }

  /**
   * Scans a function.
   *
   * @param function its local index, for messages
   */
  static CodeScan of(FunctionDef definition, int function) throws RbinException {
    CodeScan scan = new CodeScan(definition.code(), function);
    scan.decode();
    for (Handler handler : definition.handlers()) {
      if (handler.target() >= 0 && handler.target() < scan.code.length()) {
        scan.leaders.set(handler.target());
      }
    }
    return scan;
  }

  private void decode() throws RbinException {
    int length = code.length();
    int at = 0;
    boolean ended = false;
    leaders.set(0);
    while (at < length) {
      boundaries.set(at);
      count++;
      Opcode opcode = Opcode.of(code.u8(at));
      if (opcode == null || opcode == Opcode.EXT || opcode == Opcode.BREAKPOINT) {
        throw fail(RbinErrorKind.BAD_OPCODE, at, "no opcode 0x" + Integer.toHexString(code.u8(at)));
      }
      int next = next(opcode, at);
      if (next > length) {
        throw fail(RbinErrorKind.BAD_OPERAND, at, opcode + ": operands cut off");
      }
      collectTargets(opcode, at, next);
      ended = opcode.endsBlock();
      if (ended && next < length) {
        leaders.set(next);
      }
      at = next;
    }
    if (!ended) {
      throw fail(RbinErrorKind.FALL_THROUGH, at, "the last instruction does not end a block");
    }
    for (int t = jumpTargets.nextSetBit(0); t >= 0; t = jumpTargets.nextSetBit(t + 1)) {
      if (!boundaries.get(t)) {
        throw fail(RbinErrorKind.BAD_JUMP, t, "jump into an instruction");
      }
    }
    leaders.or(jumpTargets);
  }

  private int next(Opcode opcode, int at) throws RbinException {
    if (opcode.length() > 0) {
      return at + opcode.length();
    }
    boolean table = opcode == Opcode.TABLE_SWITCH;
    int header = at + (table ? 11 : 7);
    if (header > code.length()) {
      throw fail(RbinErrorKind.BAD_OPERAND, at, opcode + ": operands cut off");
    }
    return header + code.u16(header - 2) * (table ? 4 : 8);
  }

  private void collectTargets(Opcode opcode, int at, int next) throws RbinException {
    switch (opcode) {
      case JMP, JMP_IF_TRUE, JMP_IF_FALSE, JMP_IF_NULL, JMP_IF_NOT_NULL -> target(at, next, at + 1);
      case JMP_IF_ARG -> target(at, next, at + 2);
      case TABLE_SWITCH -> {
        target(at, next, at + 1);
        for (int entry = at + 11; entry < next; entry += 4) {
          target(at, next, entry);
        }
      }
      case SWITCH, SWITCH_STR -> {
        target(at, next, at + 1);
        for (int entry = at + 7; entry < next; entry += 8) {
          target(at, next, entry + 4);
          if (entry > at + 7) {
            boolean ascending =
                opcode == Opcode.SWITCH
                    ? code.i32(entry - 8) < code.i32(entry)
                    : Integer.compareUnsigned(code.i32(entry - 8), code.i32(entry)) < 0;
            if (!ascending) {
              throw fail(RbinErrorKind.BAD_OPERAND, at, opcode + ": keys are not ascending");
            }
          }
        }
      }
      default -> {}
    }
  }

  private void target(int at, int next, int operand) throws RbinException {
    long target = (long) next + code.i32(operand);
    if (target < 0 || target >= code.length()) {
      throw fail(RbinErrorKind.BAD_JUMP, at, "jump to " + target + ", outside the function");
    }
    jumpTargets.set((int) target);
  }

  private RbinException fail(RbinErrorKind kind, int at, String detail) {
    return new RbinException(kind, "CODE", function, at, detail);
  }
}
