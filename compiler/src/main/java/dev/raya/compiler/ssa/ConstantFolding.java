package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Terminator;
import dev.raya.compiler.ir.Unions;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replaces operations by constants and by simpler operations, and ends with one outcome by jumps.
 * Nothing that raises an error is folded away: a division by the constant zero stays. Of numbers
 * only what holds for NaN, infinities and −0 too is used.
 */
final class ConstantFolding implements Pass {
  @Override
  public String name() {
    return "constant folding";
  }

  @Override
  public boolean run(SsaFunction function, ValueTypes types) {
    return new Run(function, types).run();
  }

  /** The work on one function. */
  private static final class Run {
    private final SsaFunction function;
    private final ValueTypes types;
    private List<Op> out = new ArrayList<>();
    private boolean changed;

    Run(SsaFunction function, ValueTypes types) {
      this.function = function;
      this.types = types;
    }

    boolean run() {
      boolean any = false;
      do {
        changed = false;
        for (SsaBlock block : function.blocks) {
          block(block);
        }
        if (changed) {
          function.resolve();
        }
        any |= changed;
      } while (changed);
      return any;
    }

    private void block(SsaBlock block) {
      List<Op> before = block.ops;
      out = new ArrayList<>(before.size());
      for (Op op : before) {
        for (int i = 0; i < op.args.length; i++) {
          op.args[i] = op.args[i].current();
        }
        Value result = op.result;
        if (result != null && !Effects.isConstant(op)) {
          Value simpler = simpler(op, result);
          if (simpler != null && simpler != result) {
            if (result.variable >= 0 && simpler.variable < 0 && !simpler.isConstant()) {
              simpler.variable = result.variable;
            }
            result.replaceBy(simpler);
            changed = true;
            continue;
          }
        }
        out.add(op);
      }
      end(block);
      block.ops = out;
    }

    // --- new operations

    private Value constant(Object value) {
      return emit(Op.of(Constants.instruction(value)));
    }

    private Value emit(Opcode opcode, Value... args) {
      return emit(Op.of(new Instruction.Plain(opcode), args));
    }

    private Value emit(Op op) {
      out.add(op);
      return function.newResult(op);
    }

    // --- operations

    /** A value that is the same as the result of an operation, or null. */
    private @Nullable Value simpler(Op op, Value result) {
      return switch (op.code) {
        case Instruction.Plain p ->
            switch (op.args.length) {
              case 1 -> unary(p.opcode(), op.args[0]);
              case 2 -> binary(p.opcode(), op.args[0], op.args[1]);
              default -> null;
            };
        case Instruction.Typed t -> typed(t, op.args);
        case Instruction.Counted c -> counted(c, op, result);
        default -> null;
      };
    }

    private @Nullable Value unary(Opcode opcode, Value a) {
      Object known = Constants.of(a);
      if (known != null) {
        Object folded = Arithmetic.unary(opcode, known);
        return folded == null ? null : constant(folded);
      }
      Op made = a.op;
      return switch (opcode) {
        case NOT -> negated(a);
        case IINC -> emit(Opcode.IADD, a, constant(1));
        case IDEC -> emit(Opcode.IADD, a, constant(-1));
        case FFLOOR, FCEIL, FROUND, FTRUNC -> is(made, Opcode.I2N) ? a : null;
        case F2I, N2I -> toInt(made);
        case TO_BOOL -> types.of(a).base() == Basic.BOOL ? a : null;
        case TO_STRING -> types.of(a).base() == Basic.STRING ? a : null;
        case IS_NULL -> TypeRelation.nullable(types.of(unwidened(a))) ? null : constant(false);
        case NON_NULL -> {
          IrType type = types.of(a);
          if (!TypeRelation.nullable(type)) {
            yield a;
          }
          Value inner = unwidened(a);
          yield types.of(inner).equals(Unions.withoutNull(type)) ? inner : null;
        }
        case TYPEOF -> typeName(types.of(unwidened(a)));
        default -> null;
      };
    }

    private @Nullable Value typeName(IrType type) {
      return switch (type.base()) {
        case Basic.INT -> constant("int");
        case Basic.NUMBER -> constant("number");
        case Basic.BOOL -> constant("boolean");
        case Basic.STRING -> constant("string");
        case Basic.NULL -> constant("null");
        default -> null;
      };
    }

    private @Nullable Value negated(Value a) {
      if (a.op == null || a.op.plain() == null) {
        return null;
      }
      if (a.op.plain() == Opcode.NOT) {
        return a.op.args[0].current();
      }
      Opcode other = Arithmetic.negated(a.op.plain());
      return other == null ? null : emit(Op.of(new Instruction.Plain(other), a.op.args.clone()));
    }

    /** What F2I and N2I give for an int made a number, and for its quotient by a constant. */
    private @Nullable Value toInt(@Nullable Op number) {
      return is(number, Opcode.I2N) && number != null ? number.args[0].current() : null;
    }

    private static boolean is(@Nullable Op op, Opcode opcode) {
      return op != null && op.plain() == opcode;
    }

    private @Nullable Value binary(Opcode opcode, Value a, Value b) {
      Object x = Constants.of(a);
      Object y = Constants.of(b);
      if (x != null && y != null) {
        Object folded = Arithmetic.binary(opcode, x, y);
        return folded == null ? null : constant(folded);
      }
      Opcode ints = Arithmetic.onInts(opcode);
      if (ints != null) {
        Value left = integer(a, x);
        Value right = integer(b, y);
        return left == null || right == null ? null : emit(ints, left, right);
      }
      return switch (opcode) {
        case IADD, ISUB, IMUL, IDIV, IMOD, IAND, IOR, IXOR, ISHL, ISHR, IUSHR ->
            intOperation(opcode, a, b, x, y);
        case IEQ, ILE, IGE -> a == b ? constant(true) : null;
        case INE, ILT, IGT -> a == b ? constant(false) : null;
        case SEQ, BEQ -> a == b ? constant(true) : bool(opcode == Opcode.BEQ, true, a, b, x, y);
        case SNE, BNE -> a == b ? constant(false) : bool(opcode == Opcode.BNE, false, a, b, x, y);
        case SCONCAT -> "".equals(y) ? a : "".equals(x) ? b : null;
        default -> null;
      };
    }

    /** The int that a number is made from, or is as a constant. */
    private @Nullable Value integer(Value number, @Nullable Object constant) {
      if (is(number.op, Opcode.I2N) && number.op != null) {
        return number.op.args[0].current();
      }
      if (constant instanceof Double d && d == Math.rint(d) && Math.abs(d) <= Integer.MAX_VALUE) {
        return constant((int) (double) d);
      }
      return null;
    }

    /** A bool compared with a constant is itself or its opposite. */
    private @Nullable Value bool(
        boolean bools, boolean equal, Value a, Value b, @Nullable Object x, @Nullable Object y) {
      Object known = x == null ? y : x;
      if (!bools || !(known instanceof Boolean wanted)) {
        return null;
      }
      Value other = x == null ? a : b;
      return wanted == equal ? other : emit(Opcode.NOT, other);
    }

    private @Nullable Value intOperation(
        Opcode opcode, Value a, Value b, @Nullable Object x, @Nullable Object y) {
      if (x instanceof Integer left && y == null) {
        return switch (opcode) {
          case IADD -> left == 0 ? b : emit(Opcode.IADD, b, a);
          case IMUL -> left == 1 ? b : left == 0 ? a : emit(Opcode.IMUL, b, a);
          case ISUB -> left == 0 ? emit(Opcode.INEG, b) : null;
          case IAND -> left == 0 ? a : left == -1 ? b : null;
          case IOR, IXOR -> left == 0 ? b : null;
          default -> null;
        };
      }
      if (!(y instanceof Integer right)) {
        return null;
      }
      return switch (opcode) {
        case IADD -> {
          if (right == 0) {
            yield a;
          }
          Integer inner = addend(a);
          yield inner == null || a.op == null
              ? null
              : emit(Opcode.IADD, a.op.args[0].current(), constant(inner + right));
        }
        case ISUB -> emit(Opcode.IADD, a, constant(-right));
        case IMUL -> right == 1 ? a : right == 0 ? b : null;
        case IDIV -> right == 1 ? a : null;
        case IMOD -> right == 1 || right == -1 ? constant(0) : null;
        case IAND -> right == 0 ? b : right == -1 ? a : null;
        case IOR, IXOR -> right == 0 ? a : null;
        case ISHL, ISHR, IUSHR -> (right & 31) == 0 ? a : null;
        default -> null;
      };
    }

    private static @Nullable Integer addend(Value a) {
      return a.op != null && a.op.plain() == Opcode.IADD
          ? Constants.integer(a.op.args[1].current())
          : null;
    }

    private @Nullable Value typed(Instruction.Typed t, Value[] args) {
      return switch (t.opcode()) {
        case NOP, WIDEN -> {
          IrType type = types.of(args[0]);
          yield type.equals(t.type()) ? args[0] : null;
        }
        case CHECK_CAST -> {
          if (types.of(args[0]).equals(t.type())) {
            yield args[0];
          }
          Value inner = unwidened(args[0]);
          yield types.of(inner).equals(t.type()) ? inner : null;
        }
        default -> null;
      };
    }

    /** What was widened to a value without a change of it: the value itself if nothing was. */
    private Value unwidened(Value value) {
      Value at = value;
      while (at.op != null && (at.op.isCopy() || isPlainWidening(at.op))) {
        at = at.op.args[0].current();
      }
      return at;
    }

    /** Whether a WIDEN makes no number of an int inside a union. */
    private boolean isPlainWidening(Op op) {
      if (!(op.code instanceof Instruction.Typed t) || t.opcode() != Opcode.WIDEN) {
        return false;
      }
      return hasInt(t.type()) || !hasInt(types.of(op.args[0].current()));
    }

    private static boolean hasInt(IrType type) {
      return Unions.members(type.base()).stream().anyMatch(m -> m.base() == Basic.INT);
    }

    private @Nullable Value counted(Instruction.Counted c, Op op, Value result) {
      if (c.opcode() == Opcode.TUPLE_GET) {
        Op tuple = op.args[0].op;
        if (tuple != null
            && tuple.code instanceof Instruction.Counted fill
            && fill.opcode() == Opcode.INIT_TUPLE) {
          Value element = tuple.args[c.count()].current();
          return types.of(element).equals(types.of(result))
              ? element
              : element.isConstant() ? null : emit(Op.copy(types.of(result), element));
        }
      }
      return c.opcode() == Opcode.SCONCAT_N ? joined(op) : null;
    }

    /** Constant pieces of a text beside each other are one. */
    private @Nullable Value joined(Op op) {
      List<Value> pieces = new ArrayList<>();
      for (Value piece : op.args) {
        Object last = pieces.isEmpty() ? null : Constants.of(pieces.getLast());
        if (Constants.of(piece) instanceof String s) {
          if (s.isEmpty()) {
            continue;
          }
          Object both = last == null ? null : Arithmetic.binary(Opcode.SCONCAT, last, s);
          if (both != null) {
            pieces.set(pieces.size() - 1, constant(both));
            continue;
          }
        }
        pieces.add(piece);
      }
      if (pieces.size() == op.args.length) {
        return null;
      }
      return switch (pieces.size()) {
        case 0 -> constant("");
        case 1 -> pieces.getFirst();
        case 2 -> emit(Opcode.SCONCAT, pieces.get(0), pieces.get(1));
        default ->
            emit(
                Op.of(
                    new Instruction.Counted(Opcode.SCONCAT_N, pieces.size()),
                    pieces.toArray(new Value[0])));
      };
    }

    // --- ends

    private void end(SsaBlock block) {
      Value value = block.end.value();
      if (value == null || block.end.edges().isEmpty()) {
        return;
      }
      Value tested = value.current();
      Integer taken =
          switch (block.end.how()) {
            case Terminator.Branch b -> outcome(block, b.test(), tested);
            case Terminator.IntSwitch s ->
                Constants.of(tested) instanceof Integer i
                    ? List.copyOf(s.cases().keySet()).indexOf(i)
                    : null;
            case Terminator.StringSwitch s ->
                Constants.of(tested) instanceof String i
                    ? List.copyOf(s.cases().keySet()).indexOf(i)
                    : null;
            default -> null;
          };
      if (taken != null) {
        int at = taken < 0 ? block.end.edges().size() - 1 : taken;
        block.end = End.jump(block.end.edges().get(at));
        changed = true;
      }
    }

    /** Which edge a test takes: 0 or 1, or null if that is not known. */
    private @Nullable Integer outcome(SsaBlock block, Opcode test, Value tested) {
      if (test == Opcode.JMP_IF_NULL || test == Opcode.JMP_IF_NOT_NULL) {
        Value inner = unwidened(tested);
        boolean isNull = Constants.of(inner) == Constants.NULL;
        if (isNull || !TypeRelation.nullable(types.of(inner))) {
          return isNull == (test == Opcode.JMP_IF_NULL) ? 0 : 1;
        }
        return null;
      }
      if (Constants.of(tested) instanceof Boolean known) {
        return known == (test == Opcode.JMP_IF_TRUE) ? 0 : 1;
      }
      if (tested.op != null && (tested.op.plain() == Opcode.NOT)) {
        turned(block, test, tested.op.args[0].current(), false);
      } else if (tested.op != null && tested.op.plain() == Opcode.IS_NULL) {
        Opcode onNull = test == Opcode.JMP_IF_TRUE ? Opcode.JMP_IF_NULL : Opcode.JMP_IF_NOT_NULL;
        IrType type = types.of(tested.op.args[0].current());
        if (type.kind() == dev.raya.vm.bytecode.PhysicalKind.R
            || type.kind() == dev.raya.vm.bytecode.PhysicalKind.V) {
          block.end =
              new End(
                  new Terminator.Branch(onNull, 0, 0),
                  tested.op.args[0].current(),
                  block.end.edges());
          changed = true;
        }
      }
      return null;
    }

    /** Tests the opposite of a value the other way round. */
    private void turned(SsaBlock block, Opcode test, Value opposite, boolean same) {
      Opcode other =
          (test == Opcode.JMP_IF_TRUE) == same ? Opcode.JMP_IF_TRUE : Opcode.JMP_IF_FALSE;
      block.end = new End(new Terminator.Branch(other, 0, 0), opposite, block.end.edges());
      changed = true;
    }
  }
}
