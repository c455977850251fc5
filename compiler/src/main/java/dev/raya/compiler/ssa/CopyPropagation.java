package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import java.util.List;

/**
 * Uses values instead of copies of them and of parameters that all edges bring the same. A copy
 * changes the static type, so only those uses take what was copied to which the type means nothing:
 * values of edges, tests, conversions that name their result's type, what goes to fields, elements,
 * parameters. Not the object whose member is looked up: its type decides which one that is.
 */
final class CopyPropagation implements Pass {
  @Override
  public String name() {
    return "copy propagation";
  }

  @Override
  public boolean run(SsaFunction function, ValueTypes types) {
    boolean changed = parameters(function);
    for (SsaBlock block : function.blocks) {
      for (Op op : block.ops) {
        for (int i = 0; i < op.args.length; i++) {
          Value source = source(op.args[i]);
          if (source != op.args[i] && takesAny(op, i, types.of(source), types)) {
            op.args[i] = source;
            changed = true;
          }
        }
      }
      Value tested = block.end.value();
      if (tested != null && takesAny(block.end)) {
        Value source = source(tested);
        if (source != tested
            && (!(block.end.how() instanceof Terminator.Branch)
                || TypeRelation.nullable(types.of(source)))) {
          block.end = block.end.withValue(source);
          changed = true;
        }
      }
      for (Edge edge : block.end.edges()) {
        for (int i = 0; i < edge.args.size(); i++) {
          Value source = source(edge.args.get(i));
          if (source != edge.args.get(i)
              && (source.isConstant()
                  || types
                      .relation()
                      .assignable(types.of(source), types.of(edge.target.params.get(i))))) {
            edge.args.set(i, source);
            changed = true;
          }
        }
      }
    }
    return changed;
  }

  private static boolean parameters(SsaFunction function) {
    List<List<Edge>> incoming = function.bringing();
    boolean any = false;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (SsaBlock block : function.blocks) {
        List<Edge> edges = incoming.get(block.number);
        for (int i = block.params.size() - 1; i >= 0 && !edges.isEmpty(); i--) {
          Value same = Parameters.only(block.params.get(i), edges, i);
          if (same != null && !same.isReplaced() && sameType(block.params.get(i), same)) {
            block.params.get(i).replaceBy(same);
            Parameters.remove(block, edges, i);
            changed = true;
          }
        }
      }
      any |= changed;
    }
    if (any) {
      function.resolve();
    }
    return any;
  }

  private static boolean sameType(Value parameter, Value value) {
    IrType known = value.knownType();
    return known != null && known.equals(parameter.knownType());
  }

  private static Value source(Value value) {
    Value at = value.current();
    while (at.op != null && at.op.isCopy()) {
      at = at.op.args[0].current();
    }
    return at;
  }

  /**
   * Whether the static type of an operand decides nothing: it is tested, or goes to a place of a
   * declared type that what it is a copy of is assignable to just as well.
   */
  private static boolean takesAny(Op op, int index, IrType type, ValueTypes types) {
    return switch (op.code) {
      case Instruction.Plain p ->
          switch (p.opcode()) {
            case EQ, NE, STRICT_EQ, STRICT_NE, IS_NULL, TO_BOOL -> true;
            case STORE_ELEM -> index == 2;
            case ARRAY_PUSH, STORE_CELL, CHAN_SEND -> index == 1;
            default -> p.opcode().isFixed();
          };
      case Instruction.Typed t ->
          t.opcode() == Opcode.WIDEN
              || (t.opcode() == Opcode.NOP && types.relation().assignable(type, t.type()));
      case Instruction.Field f ->
          index == 1 || (f.opcode() != Opcode.OPTIONAL_FIELD && isClass(op.args[0], type, types));
      case Instruction.Counted c ->
          switch (c.opcode()) {
            case SCONCAT_N, INIT_ARRAY, INIT_TUPLE, INIT_OBJECT -> true;
            default -> false;
          };
      case Instruction.Call _, Instruction.Global _, Instruction.MakeClosure _ -> true;
      case Instruction.CallMethod _, Instruction.CallInterface _, Instruction.CallValue _ ->
          index > 0;
      default -> false;
    };
  }

  private static boolean isClass(Value copy, IrType type, ValueTypes types) {
    return type instanceof IrType.ClassType && types.of(copy) instanceof IrType.ClassType;
  }

  private static boolean takesAny(End end) {
    return switch (end.how()) {
      case Terminator.Branch b ->
          b.test() == Opcode.JMP_IF_NULL || b.test() == Opcode.JMP_IF_NOT_NULL;
      case Terminator.Leave l -> l.opcode() == Opcode.RETURN;
      case Terminator.IntSwitch _, Terminator.StringSwitch _ -> true;
      default -> false;
    };
  }
}
