package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import java.util.List;

/**
 * Uses values instead of copies of them and of parameters that all edges bring the same. A copy
 * changes the static type, so only those uses take what was copied to which the type means nothing:
 * values of edges, tests, comparisons with null, conversions that name their result's type.
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
        if (source != tested && TypeRelation.nullable(types.of(source))) {
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
    List<List<Edge>> incoming = function.incoming();
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

  /** Whether the static type of an operand decides nothing. */
  private static boolean takesAny(Op op, int index, IrType type, ValueTypes types) {
    return switch (op.code) {
      case Instruction.Plain p ->
          switch (p.opcode()) {
            case EQ, NE, STRICT_EQ, STRICT_NE, IS_NULL, TO_BOOL -> true;
            default -> p.opcode().isFixed();
          };
      case Instruction.Typed t ->
          t.opcode() == Opcode.WIDEN
              || (t.opcode() == Opcode.NOP && types.relation().assignable(type, t.type()));
      case Instruction.Call _ -> true;
      case Instruction.Counted c -> c.opcode() == Opcode.SCONCAT_N;
      default -> false;
    };
  }

  private static boolean takesAny(End end) {
    return end.how() instanceof Terminator.Branch b
        && (b.test() == Opcode.JMP_IF_NULL || b.test() == Opcode.JMP_IF_NOT_NULL);
  }
}
