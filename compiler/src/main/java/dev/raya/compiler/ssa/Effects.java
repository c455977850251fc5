package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.vm.bytecode.Opcode;

/**
 * What an operation does besides giving a result. Traps of exhausted memory are left out: they end
 * the task and no program sees where ({@code rbin.md} 6.2).
 */
enum Effects {
  /** Nothing: it can go, wait or be left out if nobody uses its result. */
  NONE,
  /** Reads what other operations change. */
  READS,
  /** May raise an error; does not look at memory. */
  TRAPS,
  /** Both. */
  READS_OR_TRAPS,
  /** Anything: changes memory, calls, waits, marks a place in the source. */
  ANY;

  /** The effect of an operation, the types of what it reads taken into account. */
  static Effects of(Op op, ValueTypes types) {
    Effects effects = of(op);
    if (effects != READS_OR_TRAPS || op.result == null) {
      return effects;
    }
    if (op.plain() == Opcode.TO_STRING) {
      return switch (types.of(op.args[0]).base()) {
        case IrType.Basic.INT,
            IrType.Basic.NUMBER,
            IrType.Basic.BOOL,
            IrType.Basic.STRING,
            IrType.Basic.NULL ->
            NONE;
        default -> effects;
      };
    }
    boolean checksItself =
        op.plain() == Opcode.LOAD_ELEM
            || (op.code instanceof Instruction.Field f && f.opcode() == Opcode.OPTIONAL_FIELD);
    return !checksItself && ValueTypes.hasZero(types.of(op.result)) ? READS : effects;
  }

  /** The effect of an operation, whatever its operands. */
  static Effects of(Op op) {
    Effects known = op.effects;
    if (known != null) {
      return known;
    }
    Effects effects = made(op);
    Opcode plain = op.plain();
    if (plain != Opcode.IDIV && plain != Opcode.IMOD) { // their divisor may become a constant
      op.effects = effects;
    }
    return effects;
  }

  private static Effects made(Op op) {
    return switch (op.code) {
      case Instruction.IntConstant _,
          Instruction.NumberConstant _,
          Instruction.StringConstant _,
          Instruction.MakeClosure _,
          Instruction.Literal _ ->
          NONE;
      case Instruction.Plain i -> ofPlain(i.opcode(), op);
      case Instruction.LoadLocal _ -> READS_OR_TRAPS;
      case Instruction.Capture i -> i.opcode() == Opcode.LOAD_CAPTURED ? READS : ANY;
      case Instruction.Global i ->
          i.opcode() == Opcode.LOAD_GLOBAL || i.opcode() == Opcode.LOAD_STATIC
              ? READS_OR_TRAPS
              : ANY;
      case Instruction.Typed i ->
          switch (i.opcode()) {
            case NOP, WIDEN, INSTANCEOF, NEW, NEW_CELL -> NONE;
            case CHECK_CAST, NEW_ARRAY -> TRAPS;
            default -> ANY;
          };
      case Instruction.Counted i ->
          switch (i.opcode()) {
            case TUPLE_GET, INIT_ARRAY, INIT_TUPLE, INIT_OBJECT -> NONE;
            case SCONCAT_N -> TRAPS;
            default -> ANY;
          };
      case Instruction.Field i -> i.opcode() == Opcode.STORE_FIELD ? ANY : READS_OR_TRAPS;
      case Instruction.Named i -> i.opcode() == Opcode.JSON_GET ? READS : ANY;
      case Instruction.StoreLocal _,
          Instruction.Increment _,
          Instruction.Call _,
          Instruction.CallMethod _,
          Instruction.CallInterface _,
          Instruction.CallValue _,
          Instruction.CallBuiltin _,
          Instruction.CallNative _,
          Instruction.Await _,
          Instruction.Statement _ ->
          ANY;
    };
  }

  private static Effects ofPlain(Opcode opcode, Op op) {
    return switch (opcode) {
      case CONST_NULL, CONST_TRUE, CONST_FALSE, CONST_UNDEF -> NONE;
      case TO_BOOL, NOT, TYPEOF, BEQ, BNE, EQ, NE, STRICT_EQ, STRICT_NE -> NONE;
      case IADD, ISUB, IMUL, INEG, IINC, IDEC, IAND, IOR, IXOR, INOT, ISHL, ISHR, IUSHR -> NONE;
      case IEQ, INE, ILT, ILE, IGT, IGE, IUSHR_N, I2N, F2I_BITS -> NONE;
      case FADD, FSUB, FMUL, FDIV, FMOD, FNEG, FABS, FSQRT, FFLOOR, FCEIL, FROUND, FTRUNC -> NONE;
      case NADD, NSUB, NMUL, NDIV, NMOD, NNEG, NINC, NDEC -> NONE;
      case FEQ, FNE, FLT, FLE, FGT, FGE, NEQ, NNE, NLT, NLE, NGT, NGE -> NONE;
      case SEQ, SNE, SLT, SLE, SGT, SGE, SLEN, SLEN_BYTES -> NONE;
      case IS_NULL, IS_INT, IS_NUMBER, IS_STRING, IS_BOOL, IS_OBJECT, IS_ARRAY -> NONE;
      case NEW_MUTEX -> NONE;
      case IDIV, IMOD -> divides(op) ? NONE : TRAPS;
      case F2I, N2I, NON_NULL, SCONCAT -> TRAPS;
      case ARRAY_LEN, JSON_INDEX, CANCEL_REQUESTED -> READS;
      case LOAD_ELEM, LOAD_CELL, TO_STRING -> READS_OR_TRAPS;
      default -> ANY;
    };
  }

  /** Whether the divisor is a constant other than zero. */
  private static boolean divides(Op op) {
    return op.args.length == 2
        && op.args[1].op != null
        && op.args[1].op.code instanceof Instruction.IntConstant c
        && c.value() != 0;
  }

  /** Whether an operation only pushes a constant. */
  static boolean isConstant(Op op) {
    return op.constant;
  }

  /** Whether an instruction only pushes a constant. */
  static boolean isConstant(Instruction code) {
    return switch (code) {
      case Instruction.IntConstant _, Instruction.NumberConstant _, Instruction.StringConstant _ ->
          true;
      case Instruction.Plain i ->
          switch (i.opcode()) {
            case CONST_NULL, CONST_TRUE, CONST_FALSE, CONST_UNDEF -> true;
            default -> false;
          };
      default -> false;
    };
  }

  boolean reads() {
    return this == READS || this == READS_OR_TRAPS;
  }

  boolean traps() {
    return this == TRAPS || this == READS_OR_TRAPS;
  }

  /** Whether an operation with this effect may be done after one with another, though before it. */
  boolean mayFollow(Effects other) {
    return switch (this) {
      case NONE -> true;
      case READS -> other != ANY;
      case TRAPS, READS_OR_TRAPS -> other == NONE || other == READS;
      case ANY -> other == NONE;
    };
  }
}
