package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.StackEffect;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PhysicalKind;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks that a function in SSA form is one: every value is made once and on every way to its uses,
 * every end has the edges and the value of its kind, every edge brings a value of the right
 * physical kind for each parameter, operands of arithmetic have its types, regions are entered
 * where they say. Runs after every pass where assertions are enabled, as they are in all tests.
 */
final class IrVerifier {
  private final SsaFunction function;
  private final ValueTypes types;
  private final Dominators dominators;

  /** Where each value is made: the block, and the place in it (0 for parameters). */
  private final Map<Value, SsaBlock> home = new HashMap<>();

  private final Map<Value, Integer> place = new HashMap<>();

  private IrVerifier(SsaFunction function, ValueTypes types) {
    this.function = function;
    this.types = types;
    for (int i = 0; i < function.blocks.size(); i++) {
      if (function.blocks.get(i).number != i) {
        throw new IllegalStateException(
            function.source.name() + ": " + function.blocks.get(i) + " stands at " + i);
      }
    }
    this.dominators = Dominators.of(function);
  }

  /**
   * Checks a function; always true, so that it can stand in an assertion.
   *
   * @param after the pass that was run last, for the message
   * @throws IllegalStateException at the first fault, which is one of the compiler
   */
  static boolean verify(SsaFunction function, ValueTypes types, String after) {
    try {
      types.enter(function.source);
      new IrVerifier(function, types).run();
    } catch (IllegalStateException | UnknownTypeException e) {
      throw new IllegalStateException(
          "after " + after + ": " + e.getMessage() + "\n" + shown(function, types), e);
    }
    return true;
  }

  /** The text of a function that may be broken in any way. */
  private static String shown(SsaFunction function, ValueTypes types) {
    try {
      return SsaText.of(function, types);
    } catch (RuntimeException e) {
      return "(it cannot be shown: " + e + ")";
    }
  }

  private void run() {
    SsaBlock first = function.blocks.getFirst();
    require(first.region == SsaBlock.NO_REGION && !first.handler, first, "the entry is protected");
    require(first.params.size() == function.parameterCount(), first, "parameters of the function");
    for (SsaBlock block : function.blocks) {
      values(block);
    }
    for (SsaBlock block : function.blocks) {
      if (dominators.isReached(block)) {
        block(block);
      }
    }
    regions();
  }

  private void values(SsaBlock block) {
    for (Value param : block.params) {
      require(param.isParameter() && param.block == block, block, param + " is no parameter of it");
      define(param, block, 0);
    }
    for (int i = 0; i < block.ops.size(); i++) {
      Op op = block.ops.get(i);
      if (op.result != null) {
        require(op.result.op == op, block, op.result + " is another operation's");
        define(op.result, block, i + 1);
      }
    }
  }

  private void define(Value value, SsaBlock block, int at) {
    require(!value.isReplaced(), block, value + " was replaced");
    require(home.put(value, block) == null, block, value + " is made twice");
    place.put(value, at);
  }

  private void block(SsaBlock block) {
    require(
        block.region >= SsaBlock.NO_REGION && block.region < function.regions.size(),
        block,
        "region " + block.region);
    for (int i = 0; i < block.ops.size(); i++) {
      Op op = block.ops.get(i);
      for (Value arg : op.args) {
        use(arg, block, i + 1);
      }
      operands(block, op);
    }
    end(block);
  }

  private void use(Value value, SsaBlock block, int at) {
    SsaBlock made = home.get(value);
    if (made == null) {
      throw new IllegalStateException(
          function.source.name() + ", " + block + ": " + value + " is made nowhere");
    }
    boolean there =
        made == block
            ? place.getOrDefault(value, 0) < at
            : dominators.isReached(made) && dominators.dominates(made, block);
    require(there, block, value + " is not made on every way here");
  }

  private void end(SsaBlock block) {
    End end = block.end;
    int at = block.ops.size() + 1;
    require(
        (end.value() != null) == (StackEffect.of(end.how()).pops() == 1),
        block,
        "value of its end");
    require(end.edges().size() == end.how().targets().size(), block, "edges of its end");
    if (end.value() != null) {
      use(end.value(), block, at);
      tested(block, end, end.value());
    }
    for (Edge edge : end.edges()) {
      SsaBlock target = edge.target;
      require(
          target.number < function.blocks.size() && function.blocks.get(target.number) == target,
          block,
          "an edge out of the function");
      require(!target.handler, block, "an edge to a handler");
      require(target != function.blocks.getFirst(), block, "an edge to the entry");
      require(edge.args.size() == target.params.size(), block, "values for " + target);
      for (int i = 0; i < edge.args.size(); i++) {
        use(edge.args.get(i), block, at);
        IrType from = types.of(edge.args.get(i));
        IrType to = types.of(target.params.get(i));
        require(from.kind() == to.kind(), block, from + " for " + to + " of " + target);
      }
      entered(block, target);
    }
  }

  private void tested(SsaBlock block, End end, Value value) {
    IrType type = types.of(value);
    boolean fits =
        switch (end.how()) {
          case Terminator.Branch b ->
              b.test() == Opcode.JMP_IF_NULL || b.test() == Opcode.JMP_IF_NOT_NULL
                  ? type.kind() == PhysicalKind.R || type.kind() == PhysicalKind.V
                  : type.base() == IrType.Basic.BOOL;
          case Terminator.IntSwitch _ -> type.base() == IrType.Basic.INT;
          case Terminator.StringSwitch _ -> type.base() == IrType.Basic.STRING;
          case Terminator.Leave l ->
              l.opcode() != Opcode.RETURN || type.kind() == function.source.type().result().kind();
          case Terminator.Jump _, Terminator.ArgumentBranch _, Terminator.Raise _ -> true;
        };
    require(fits, block, type + " at its end");
  }

  private void operands(SsaBlock block, Op op) {
    if (op.plain() != null) {
      Opcode opcode = op.plain();
      if (opcode.isFixed()) {
        require(op.args.length == opcode.popCount(), block, "operands of " + opcode);
        for (int i = 0; i < op.args.length; i++) {
          IrType wanted = ValueTypes.predefined(opcode.pop(i));
          IrType found = types.of(op.args[i]).base();
          require(
              wanted.kind() == found.kind()
                  && (wanted.kind() == PhysicalKind.R || wanted.equals(found)),
              block,
              found + " for " + opcode);
        }
      }
    }
    if (op.isCopy()) {
      require(
          types.of(op.args[0]).kind() == ((Instruction.Typed) op.code).type().kind(),
          block,
          "a copy changes the kind");
    }
    if (op.result != null) {
      types.of(op.result);
    }
  }

  /** A region is entered from the block before it only. */
  private void entered(SsaBlock from, SsaBlock to) {
    for (int r = to.region; r >= 0; r = function.regions.get(r).parent()) {
      if (!liesIn(from, r)) {
        SsaBlock before = function.regions.get(r).before();
        require(
            before == from || before == function.blocks.getFirst(),
            from,
            "enters region " + r + " beside " + before);
      }
    }
  }

  private boolean liesIn(SsaBlock block, int region) {
    for (int at = block.region; at >= 0; at = function.regions.get(at).parent()) {
      if (at == region) {
        return true;
      }
    }
    return false;
  }

  private void regions() {
    for (SsaBlock block : function.blocks) {
      for (int r = block.region; r >= 0; r = function.regions.get(r).parent()) {
        SsaFunction.Region region = function.regions.get(r);
        SsaBlock handler = region.handler();
        require(handler.handler, handler, "handler of region " + r);
        require(handler.params.size() == 1, handler, "parameters of a handler");
        require(
            handler.number < function.blocks.size()
                && function.blocks.get(handler.number) == handler,
            block,
            "a handler out of the function");
        require(!liesIn(handler, r), handler, "lies in its own region");
      }
    }
  }

  private void require(boolean holds, SsaBlock block, String fault) {
    if (!holds) {
      throw new IllegalStateException(function.source.name() + ", " + block + ": " + fault);
    }
  }
}
