package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Code;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Handler;

/**
 * The basic blocks of a function: which offsets are jump targets, and how many steps the block at
 * an offset costs (vm.md 9.6). A block starts at offset 0, at a target, and after every branch.
 */
final class Blocks {
  private final Code code;
  private final boolean[] target;
  private final boolean[] start;
  private final int[] cost;

  Blocks(FunctionDef function) {
    code = function.code();
    int n = code.length();
    target = new boolean[n + 1];
    start = new boolean[n + 1];
    cost = new int[n + 1];
    start[0] = true;
    for (Handler handler : function.handlers()) {
      target[handler.target()] = true;
    }
    for (int at = 0; at < n; at = next(code, at)) {
      mark(at);
    }
    int block = 0;
    for (int at = 0; at < n; at = next(code, at)) {
      if (start[at] || target[at]) {
        block = at;
      }
      cost[block]++;
    }
  }

  /** Returns the offset after the instruction at an offset. */
  static int next(Code code, int at) {
    int op = code.u8(at);
    return switch (op) {
      case 0x6A -> at + 7 + 8 * code.u16(at + 5);
      case 0x6B -> at + 11 + 4 * code.u16(at + 9);
      case 0x6F -> at + 7 + 8 * code.u16(at + 5);
      default -> at + opcode(op).length();
    };
  }

  static Opcode opcode(int number) {
    Opcode opcode = Opcode.of(number);
    if (opcode == null) {
      throw new IllegalStateException("unverified opcode " + number);
    }
    return opcode;
  }

  private void mark(int at) {
    int after = next(code, at);
    switch (opcode(code.u8(at))) {
      case JMP -> {
        target[after + code.i32(at + 1)] = true;
        start[after] = true;
      }
      case JMP_IF_TRUE, JMP_IF_FALSE, JMP_IF_NULL, JMP_IF_NOT_NULL -> {
        target[after + code.i32(at + 1)] = true;
        start[after] = true;
      }
      case JMP_IF_ARG -> {
        target[after + code.i32(at + 2)] = true;
        start[after] = true;
      }
      case SWITCH, SWITCH_STR -> {
        target[after + code.i32(at + 1)] = true;
        for (int i = 0; i < code.u16(at + 5); i++) {
          target[after + code.i32(at + 11 + 8 * i)] = true;
        }
        start[after] = true;
      }
      case TABLE_SWITCH -> {
        target[after + code.i32(at + 1)] = true;
        for (int i = 0; i < code.u16(at + 9); i++) {
          target[after + code.i32(at + 11 + 4 * i)] = true;
        }
        start[after] = true;
      }
      case RETURN, RETURN_VOID, TAIL_CALL, THROW, RETHROW, TRAP, HALT -> start[after] = true;
      default -> {}
    }
  }

  /** Says whether a jump, switch or handler leads to an offset. */
  boolean isTarget(int offset) {
    return target[offset];
  }

  /** Says whether a block starts at an offset. */
  boolean isStart(int offset) {
    return start[offset] || target[offset];
  }

  /** Returns the steps of the block that starts at an offset. */
  int cost(int offset) {
    return cost[offset];
  }
}
