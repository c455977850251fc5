package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrFunction.Trait;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts the bodies of small functions in the place of calls, and calls methods that cannot be
 * overridden directly.
 *
 * <p>Only functions in which nothing can fail, wait or call are taken in: they are in no stack
 * trace, so traces stay what they were. Only functions of the caller's own module: a module's code
 * depends on the interfaces of others, not on their bodies.
 */
final class Inlining implements Pass {
  /** Operations that a function taken in may have, constants and marks of statements aside. */
  private static final int SMALL = 12;

  private static final int FEW_BLOCKS = 8;

  /** Instructions of stack code over which a function is not looked at. */
  private static final int SHORT = 60;

  /** By how many operations one function may grow. */
  private static final int GROWTH = 600;

  private static final int DEEP = 4;

  private final IrPackage program;
  private final ClosedClasses classes;
  private final Function<IrFunction.Local, @Nullable SsaFunction> improved;
  private final Map<Integer, Template> templates = new HashMap<>();
  private int depth;

  /** A function that was looked at; its body is null if it cannot be taken in. */
  private record Template(@Nullable SsaFunction body, int size) {
    static final Template NONE = new Template(null, 0);
  }

  /**
   * For a package.
   *
   * @param classes of that package
   * @param improved gives a function in SSA form after the other passes; null if it has none
   */
  Inlining(
      IrPackage program,
      ClosedClasses classes,
      Function<IrFunction.Local, @Nullable SsaFunction> improved) {
    this.program = program;
    this.classes = classes;
    this.improved = improved;
  }

  @Override
  public String name() {
    return "inlining";
  }

  @Override
  public boolean run(SsaFunction function, ValueTypes types) {
    boolean changed = false;
    int grown = 0;
    List<SsaBlock> blocks = new ArrayList<>();
    for (SsaBlock original : function.blocks) {
      SsaBlock block = original;
      blocks.add(block);
      if (!calls(block)) {
        continue;
      }
      List<Op> ops = block.ops;
      block.ops = new ArrayList<>(ops.size());
      for (Op op : ops) {
        Op direct = direct(function, op, types);
        changed |= direct != op;
        Template template = grown < GROWTH ? template(function, direct) : Template.NONE;
        types.enter(function.source);
        if (template.body() == null) {
          block.ops.add(direct);
        } else {
          block = new Insertion(function, types, template.body()).at(block, direct, blocks);
          grown += template.size();
          changed = true;
        }
      }
    }
    if (changed) {
      function.blocks.clear();
      function.blocks.addAll(blocks);
      function.renumber();
      function.resolve();
    }
    return changed;
  }

  private static boolean calls(SsaBlock block) {
    for (Op op : block.ops) {
      if (op.code instanceof Instruction.Call || op.code instanceof Instruction.CallMethod) {
        return true;
      }
    }
    return false;
  }

  /** A call through the vtable that can reach one function only, as a call of that function. */
  private Op direct(SsaFunction caller, Op op, ValueTypes types) {
    if (!(op.code instanceof Instruction.CallMethod call)) {
      return op;
    }
    int function = classes.only(types.of(op.args[0].current()), call.slot());
    if (function < 0 || !program.functions().get(function).type().equals(call.type())) {
      return op;
    }
    Op direct = Op.of(new Instruction.Call(Opcode.CALL, function, call.argc()), op.args);
    if (op.result != null) {
      Value result = caller.newResult(direct);
      result.variable = op.result.variable;
      op.result.replaceBy(result);
    }
    return direct;
  }

  private Template template(SsaFunction caller, Op op) {
    if (!(op.code instanceof Instruction.Call call)
        || call.opcode() == Opcode.SPAWN
        || call.opcode() == Opcode.CALL_SUPER
        || !(program.functions().get(call.function()) instanceof IrFunction.Local callee)
        || callee.module() != caller.source.module()
        || call.argc() != callee.type().params().size()
        || callee == caller.source) {
      return Template.NONE;
    }
    Template known = templates.get(call.function());
    if (known == null) {
      templates.put(call.function(), Template.NONE);
      known = depth < DEEP ? look(callee) : Template.NONE;
      templates.put(call.function(), known);
    }
    return known;
  }

  private Template look(IrFunction.Local callee) {
    if (callee.is(Trait.ASYNC)
        || !callee.captures().isEmpty()
        || !callee.regions().isEmpty()
        || callee.blocks().stream().mapToInt(b -> b.instructions().size()).sum() > SHORT) {
      return Template.NONE;
    }
    depth++;
    SsaFunction body = improved.apply(callee);
    depth--;
    if (body == null || body.blocks.size() > FEW_BLOCKS || !body.memory.isEmpty()) {
      return Template.NONE;
    }
    int size = 0;
    ValueTypes types = new ValueTypes(program);
    types.enter(callee);
    for (SsaBlock block : body.blocks) {
      for (Op op : block.ops) {
        if (!op.isStatement() && !Effects.isConstant(op)) {
          size++;
          if (!cannotFail(op, types)) {
            return Template.NONE;
          }
        }
      }
      for (Edge edge : block.end.edges()) {
        if (edge.target.number <= block.number) {
          return Template.NONE;
        }
      }
      switch (block.end.how()) {
        case Terminator.Raise _ -> {
          return Template.NONE;
        }
        case Terminator.Leave l
            when l.opcode() != Opcode.RETURN && l.opcode() != Opcode.RETURN_VOID -> {
          return Template.NONE;
        }
        default -> {}
      }
    }
    return size <= SMALL ? new Template(body, size) : Template.NONE;
  }

  /** Whether an operation never raises an error, calls or waits. */
  private boolean cannotFail(Op op, ValueTypes types) {
    Effects effects = Effects.of(op, types);
    if (effects == Effects.NONE || effects == Effects.READS) {
      return !(op.code instanceof Instruction.Capture);
    }
    return switch (op.code) {
      case Instruction.Field f ->
          f.opcode() == Opcode.STORE_FIELD && classes.isWritable(types.of(op.args[0]), f.field());
      case Instruction.Global g ->
          g.opcode() == Opcode.STORE_STATIC
              || (g.opcode() == Opcode.STORE_GLOBAL
                  && program.globals().get(g.global()) instanceof IrPackage.LocalGlobal global
                  && !global.constant());
      case Instruction.Plain p -> p.opcode() == Opcode.STORE_CELL;
      default -> false;
    };
  }

  /** The copy of one body at one call. */
  private static final class Insertion {
    private final SsaFunction function;
    private final ValueTypes types;
    private final SsaFunction body;
    private final Map<Value, Value> values = new HashMap<>();

    Insertion(SsaFunction function, ValueTypes types, SsaFunction body) {
      this.function = function;
      this.types = types;
      this.body = body;
    }

    /**
     * After the operations of a block that come before a call.
     *
     * @param blocks gets the blocks that come with the body
     * @return the block that the operations after the call go to
     */
    SsaBlock at(SsaBlock block, Op call, List<SsaBlock> blocks) {
      List<Value> params = body.blocks.getFirst().params;
      for (int i = 0; i < params.size(); i++) {
        values.put(params.get(i), seenAs(types.of(params.get(i)), call.args[i].current(), block));
      }
      if (body.blocks.size() == 1) {
        straight(block, call);
        return block;
      }
      SsaBlock rest = new SsaBlock(0, block.region);
      rest.end = block.end;
      if (call.result != null) {
        IrType type = body.source.type().result();
        Value joined = function.newParameter(rest, type);
        joined.variable = call.result.variable;
        call.result.replaceBy(joined);
      }
      List<SsaBlock> copies = new ArrayList<>();
      copies.add(block);
      for (SsaBlock original : body.blocks.subList(1, body.blocks.size())) {
        SsaBlock copy = new SsaBlock(0, block.region);
        for (Value param : original.params) {
          values.put(param, function.newParameter(copy, types.of(param)));
        }
        copies.add(copy);
      }
      for (int i = 0; i < copies.size(); i++) {
        SsaBlock original = body.blocks.get(i);
        operations(original, copies.get(i));
        copies.get(i).end = end(original.end, copies, rest);
      }
      blocks.addAll(copies.subList(1, copies.size()));
      blocks.add(rest);
      for (int r = 0; r < function.regions.size(); r++) {
        SsaFunction.Region region = function.regions.get(r);
        if (region.before() == block) {
          function.regions.set(
              r,
              new SsaFunction.Region(region.parent(), region.handler(), region.catchClass(), rest));
        }
      }
      return rest;
    }

    private void straight(SsaBlock block, Op call) {
      SsaBlock only = body.blocks.getFirst();
      operations(only, block);
      Value given = only.end.value();
      if (call.result != null && given != null) {
        Value value = seenAs(body.source.type().result(), mapped(given), block);
        if (value.variable < 0 && !value.isConstant() && value.op != null) {
          value.variable = call.result.variable;
        }
        call.result.replaceBy(value);
      }
    }

    /** A value as one of a type: itself, or a copy. */
    private Value seenAs(IrType type, Value value, SsaBlock block) {
      IrType own = types.of(value);
      if (own.equals(type)
          || (own instanceof IrType.ClassType
              && type instanceof IrType.ClassType
              && types.relation().assignable(own, type))) {
        return value;
      }
      Op copy = Op.copy(type, value);
      block.ops.add(copy);
      Value seen = function.newResult(copy);
      seen.type(type);
      return seen;
    }

    private Value mapped(Value value) {
      Value mapped = values.get(value);
      if (mapped == null) {
        throw new IllegalStateException(body.source.name() + ": " + value + " was not copied");
      }
      return mapped.current();
    }

    private void operations(SsaBlock original, SsaBlock copy) {
      for (Op op : original.ops) {
        if (!op.isStatement()) {
          Value[] args = new Value[op.args.length];
          for (int i = 0; i < args.length; i++) {
            args[i] = mapped(op.args[i]);
          }
          Op same = op.with(args);
          copy.ops.add(same);
          if (op.result != null) {
            values.put(op.result, function.newResult(same));
          }
        }
      }
    }

    private End end(End original, List<SsaBlock> copies, SsaBlock rest) {
      switch (original.how()) {
        case Terminator.Leave _ -> {
          Edge back = new Edge(rest);
          if (!rest.params.isEmpty() && original.value() != null) {
            back.args.add(mapped(original.value()));
          }
          return End.jump(back);
        }
        case Terminator.ArgumentBranch _ -> {
          return End.jump(copied(original.edges().getFirst(), copies));
        }
        default -> {
          List<Edge> edges = new ArrayList<>();
          original.edges().forEach(edge -> edges.add(copied(edge, copies)));
          return new End(
              original.how(), original.value() == null ? null : mapped(original.value()), edges);
        }
      }
    }

    private Edge copied(Edge edge, List<SsaBlock> copies) {
      Edge copy = new Edge(copies.get(edge.target.number));
      edge.args.forEach(arg -> copy.args.add(mapped(arg)));
      return copy;
    }
  }
}
