package dev.raya.compiler.ssa;

import dev.raya.vm.bytecode.Opcode;
import org.jspecify.annotations.Nullable;

/** What instructions give for constants: exactly what the VM would compute ({@code rbin.md} 4). */
final class Arithmetic {
  /** Longer strings are not put together at compile time. */
  private static final int LONGEST = 4_096;

  private Arithmetic() {}

  /** The result for one operand; null if it raises an error or is not known. */
  static @Nullable Object unary(Opcode opcode, Object a) {
    return switch (a) {
      case Integer i ->
          switch (opcode) {
            case INEG -> -i;
            case INOT -> ~i;
            case IINC -> i + 1;
            case IDEC -> i - 1;
            case I2N -> (double) i;
            case TO_BOOL -> i != 0;
            case TO_STRING -> Integer.toString(i);
            default -> null;
          };
      case Double d -> number(opcode, d);
      case String s ->
          switch (opcode) {
            case SLEN -> s.length();
            case TO_BOOL -> !s.isEmpty();
            case TO_STRING -> s;
            default -> null;
          };
      case Boolean b ->
          switch (opcode) {
            case NOT -> !b;
            case TO_BOOL -> b;
            case TO_STRING -> b.toString();
            default -> null;
          };
      default ->
          switch (opcode) {
            case TO_BOOL -> Boolean.FALSE;
            case IS_NULL -> Boolean.TRUE;
            case TO_STRING -> "null";
            default -> null;
          };
    };
  }

  private static @Nullable Object number(Opcode opcode, double d) {
    return switch (opcode) {
      case FNEG, NNEG -> -d;
      case NINC -> d + 1;
      case NDEC -> d - 1;
      case FABS -> Math.abs(d);
      case FSQRT -> Math.sqrt(d);
      case FFLOOR -> Math.floor(d);
      case FCEIL -> Math.ceil(d);
      case FTRUNC -> d < 0 ? Math.ceil(d) : Math.floor(d);
      case TO_BOOL -> d != 0 && !Double.isNaN(d);
      case F2I -> d > Integer.MIN_VALUE - 1.0 && d < Integer.MAX_VALUE + 1.0 ? (int) d : null;
      case N2I -> d == (int) d ? (int) d : null;
      default -> null;
    };
  }

  /** The result for two operands; null if it raises an error or is not known. */
  static @Nullable Object binary(Opcode opcode, Object a, Object b) {
    if (a instanceof Integer x && b instanceof Integer y) {
      return ints(opcode, x, y);
    }
    if (a instanceof Double x && b instanceof Double y) {
      return numbers(opcode, x, y);
    }
    if (a instanceof String x && b instanceof String y) {
      return strings(opcode, x, y);
    }
    if (a instanceof Boolean x && b instanceof Boolean y) {
      return switch (opcode) {
        case BEQ, STRICT_EQ -> x.equals(y);
        case BNE, STRICT_NE -> !x.equals(y);
        default -> null;
      };
    }
    return null;
  }

  private static @Nullable Object ints(Opcode opcode, int a, int b) {
    return switch (opcode) {
      case IADD -> a + b;
      case ISUB -> a - b;
      case IMUL -> a * b;
      case IDIV -> b == 0 ? null : (Object) (a / b);
      case IMOD -> b == 0 ? null : (Object) (a % b);
      case IAND -> a & b;
      case IOR -> a | b;
      case IXOR -> a ^ b;
      case ISHL -> a << b;
      case ISHR -> a >> b;
      case IUSHR -> a >>> b;
      case IUSHR_N -> (double) ((a >>> b) & 0xFFFF_FFFFL);
      case IEQ, STRICT_EQ -> a == b;
      case INE, STRICT_NE -> a != b;
      case ILT -> a < b;
      case ILE -> a <= b;
      case IGT -> a > b;
      case IGE -> a >= b;
      default -> null;
    };
  }

  private static @Nullable Object numbers(Opcode opcode, double a, double b) {
    return switch (opcode) {
      case FADD, NADD -> a + b;
      case FSUB, NSUB -> a - b;
      case FMUL, NMUL -> a * b;
      case FDIV, NDIV -> a / b;
      case FMOD, NMOD -> a % b;
      case FEQ, NEQ -> a == b;
      case FNE, NNE -> a != b;
      case FLT, NLT -> a < b;
      case FLE, NLE -> a <= b;
      case FGT, NGT -> a > b;
      case FGE, NGE -> a >= b;
      default -> null;
    };
  }

  private static @Nullable Object strings(Opcode opcode, String a, String b) {
    return switch (opcode) {
      case SEQ, STRICT_EQ -> a.equals(b);
      case SNE, STRICT_NE -> !a.equals(b);
      case SLT -> a.compareTo(b) < 0;
      case SLE -> a.compareTo(b) <= 0;
      case SGT -> a.compareTo(b) > 0;
      case SGE -> a.compareTo(b) >= 0;
      case SCONCAT -> a.length() + b.length() <= LONGEST ? a + b : null;
      default -> null;
    };
  }

  /** The comparison of ints that a comparison of numbers is for ints made numbers. */
  static @Nullable Opcode onInts(Opcode comparison) {
    return switch (comparison) {
      case FEQ, NEQ -> Opcode.IEQ;
      case FNE, NNE -> Opcode.INE;
      case FLT, NLT -> Opcode.ILT;
      case FLE, NLE -> Opcode.ILE;
      case FGT, NGT -> Opcode.IGT;
      case FGE, NGE -> Opcode.IGE;
      default -> null;
    };
  }

  /** The comparison that holds exactly where another one does not; null for ordered numbers. */
  static @Nullable Opcode negated(Opcode comparison) {
    return switch (comparison) {
      case IEQ -> Opcode.INE;
      case INE -> Opcode.IEQ;
      case ILT -> Opcode.IGE;
      case ILE -> Opcode.IGT;
      case IGT -> Opcode.ILE;
      case IGE -> Opcode.ILT;
      case FEQ -> Opcode.FNE;
      case FNE -> Opcode.FEQ;
      case NEQ -> Opcode.NNE;
      case NNE -> Opcode.NEQ;
      case BEQ -> Opcode.BNE;
      case BNE -> Opcode.BEQ;
      case SEQ -> Opcode.SNE;
      case SNE -> Opcode.SEQ;
      case SLT -> Opcode.SGE;
      case SLE -> Opcode.SGT;
      case SGT -> Opcode.SLE;
      case SGE -> Opcode.SLT;
      case EQ -> Opcode.NE;
      case NE -> Opcode.EQ;
      case STRICT_EQ -> Opcode.STRICT_NE;
      case STRICT_NE -> Opcode.STRICT_EQ;
      default -> null;
    };
  }
}
