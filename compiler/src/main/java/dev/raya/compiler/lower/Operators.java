package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Operator;
import dev.raya.vm.bytecode.Opcode;

/** Which instruction an operator is on operands of one kind. */
final class Operators {
  private Operators() {}

  static IrType result(Operator operator, IrType operands) {
    return operator.isComparison() ? Basic.BOOL : operands;
  }

  static Opcode onInts(Operator operator) {
    return switch (operator) {
      case ADD -> Opcode.IADD;
      case SUBTRACT -> Opcode.ISUB;
      case MULTIPLY -> Opcode.IMUL;
      case DIVIDE -> Opcode.IDIV;
      case REMAINDER -> Opcode.IMOD;
      case BIT_AND -> Opcode.IAND;
      case BIT_OR -> Opcode.IOR;
      case BIT_XOR -> Opcode.IXOR;
      case SHIFT_LEFT -> Opcode.ISHL;
      case SHIFT_RIGHT -> Opcode.ISHR;
      case LESS -> Opcode.ILT;
      case LESS_EQUAL -> Opcode.ILE;
      case GREATER -> Opcode.IGT;
      case GREATER_EQUAL -> Opcode.IGE;
      case EQUAL -> Opcode.IEQ;
      case NOT_EQUAL -> Opcode.INE;
      case POWER, SHIFT_RIGHT_UNSIGNED -> throw new IllegalStateException(operator + " on ints");
    };
  }

  /** F where fractions are likely, N where whole values are. */
  static Opcode onNumbers(Operator operator, boolean fraction) {
    return switch (operator) {
      case ADD -> fraction ? Opcode.FADD : Opcode.NADD;
      case SUBTRACT -> fraction ? Opcode.FSUB : Opcode.NSUB;
      case MULTIPLY -> fraction ? Opcode.FMUL : Opcode.NMUL;
      case DIVIDE -> fraction ? Opcode.FDIV : Opcode.NDIV;
      case REMAINDER -> fraction ? Opcode.FMOD : Opcode.NMOD;
      case LESS -> fraction ? Opcode.FLT : Opcode.NLT;
      case LESS_EQUAL -> fraction ? Opcode.FLE : Opcode.NLE;
      case GREATER -> fraction ? Opcode.FGT : Opcode.NGT;
      case GREATER_EQUAL -> fraction ? Opcode.FGE : Opcode.NGE;
      case EQUAL -> fraction ? Opcode.FEQ : Opcode.NEQ;
      case NOT_EQUAL -> fraction ? Opcode.FNE : Opcode.NNE;
      case POWER, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED ->
          throw new IllegalStateException(operator + " on numbers");
    };
  }

  static Opcode onStrings(Operator operator) {
    return switch (operator) {
      case LESS -> Opcode.SLT;
      case LESS_EQUAL -> Opcode.SLE;
      case GREATER -> Opcode.SGT;
      case GREATER_EQUAL -> Opcode.SGE;
      case EQUAL -> Opcode.SEQ;
      case NOT_EQUAL -> Opcode.SNE;
      default -> throw new IllegalStateException(operator + " on strings");
    };
  }

  /** Whether a value is probably not whole ({@code rbin.md} 4, "N and F"). */
  static boolean isFraction(Expr expr) {
    return switch (expr) {
      case Expr.Num e -> e.value() != Math.rint(e.value()) || Double.isInfinite(e.value());
      case Expr.Binary e ->
          e.operator() == Operator.DIVIDE || isFraction(e.left()) || isFraction(e.right());
      case Expr.Negate e -> isFraction(e.operand());
      case Expr.Convert e -> e.conversion() != Conversion.INT_TO_NUMBER && isFraction(e.operand());
      default -> false;
    };
  }
}
