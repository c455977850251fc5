package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.StackEffect;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the stack code of a function into SSA form, after Braun, Buchwald, Hack, Leißa, Mallon,
 * Zwinkau, "Simple and Efficient Construction of Static Single Assignment Form" (2013): blocks in
 * reverse postorder, a variable's value looked up in the blocks before when it is first read,
 * parameters made where several ways meet and dropped again where all bring the same value.
 * Operands on the stack where blocks meet are variables like any other.
 *
 * <p>Two kinds of locals keep their place in memory and their loads and stores: those that a
 * protected region writes and code outside of it reads, because a handler sees them as they were at
 * the moment of the error; and those that may be read before they are written.
 */
final class SsaBuilder {
  /** Functions with more blocks or instructions stay as they were lowered. */
  private static final int MOST_BLOCKS = 4_000;

  private static final int MOST_INSTRUCTIONS = 60_000;

  /** A block of the stack code on its way. */
  private static final class State {
    final SsaBlock block;
    final Value[] locals;
    final List<State> sources = new ArrayList<>();

    /** The edges that the sources come by, in their order; a handler's source has none. */
    final List<Edge> incoming = new ArrayList<>();

    final List<Edge> edges = new ArrayList<>();
    final List<Value> incompleteValues = new ArrayList<>();
    final List<Integer> incompleteLocals = new ArrayList<>();
    final List<Integer> incompleteIndices = new ArrayList<>();

    /** Operands at the head of a loop, by their depth; null where the way back changes nothing. */
    final List<@Nullable Value> loopOperands = new ArrayList<>();

    List<Value> stack = new ArrayList<>();
    int pending;
    boolean done;

    State(SsaBlock block, int locals) {
      this.block = block;
      this.locals = new Value[locals];
    }
  }

  private final IrPackage program;
  private final ValueTypes types;
  private final IrFunction.Local source;
  private final SsaFunction function;
  private final @Nullable State[] states;

  /** The same, by the number of the block made for each. */
  private final List<State> byBlock = new ArrayList<>();

  /** Locals found to be read before they are written. */
  private final BitSet unset = new BitSet();

  private final BitSet named = new BitSet();
  private State here;

  private SsaBuilder(IrPackage program, ValueTypes types, IrFunction.Local source, BitSet memory) {
    this.program = program;
    this.types = types;
    this.source = source;
    this.function = new SsaFunction(source);
    this.function.memory.or(memory);
    this.states = new State[source.blocks().size()];
    this.here = new State(function.newBlock(SsaBlock.NO_REGION), source.locals().size());
    source.variables().forEach(v -> named.set(v.local()));
  }

  /** Whether a function is small enough to be worked on. */
  static boolean accepts(IrFunction.Local source) {
    if (source.blocks().size() > MOST_BLOCKS) {
      return false;
    }
    int instructions = 0;
    for (Block block : source.blocks()) {
      instructions += block.instructions().size();
    }
    return instructions <= MOST_INSTRUCTIONS;
  }

  /**
   * The SSA form of a function.
   *
   * @throws UnknownTypeException if the type of a value cannot be told
   */
  static SsaFunction build(IrPackage program, ValueTypes types, IrFunction.Local source) {
    types.enter(source);
    BitSet memory = new BitSet();
    int[] before = Regions.entries(source, memory);
    SsaBuilder builder = new SsaBuilder(program, types, source, memory);
    SsaFunction function = builder.run(before);
    if (builder.unset.isEmpty()) {
      return function;
    }
    memory.or(builder.unset);
    return new SsaBuilder(program, types, source, memory).run(before);
  }

  private SsaFunction run(int[] before) {
    State start = here;
    for (int i = 0; i < function.parameterCount(); i++) {
      Value value = function.newParameter(start.block, source.locals().get(i));
      value.variable = i;
      start.locals[i] = value;
    }
    List<Integer> order = order(before);
    BitSet reached = new BitSet();
    order.forEach(reached::set);
    byBlock.add(start);
    for (Block block : source.blocks()) {
      if (reached.get(block.number())) {
        State state = new State(function.newBlock(block.region()), source.locals().size());
        states[block.number()] = state;
        byBlock.add(state);
      }
    }
    connect(start, order, before);
    start.done = true;
    start.block.end = End.jump(start.edges.getFirst());
    finished(start.edges.getFirst());
    for (int number : order) {
      here = state(number);
      enter();
      Block block = source.blocks().get(number);
      for (Instruction instruction : block.instructions()) {
        instruction(instruction);
      }
      end(block.end());
      here.done = true;
      for (Edge edge : here.edges) {
        finished(edge);
      }
    }
    removeTrivialParameters();
    function.resolve();
    return function;
  }

  // --- the graph

  /** The blocks that can be reached, in reverse postorder; handlers after what is before them. */
  private List<Integer> order(int[] before) {
    int count = source.blocks().size();
    if (source.regions().isEmpty()) {
      List<List<Integer>> ways = new ArrayList<>(count);
      for (Block block : source.blocks()) {
        ways.add(block.end().targets());
      }
      return reversePostorder(List.of(0), ways);
    }
    List<List<Integer>> handlers = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      handlers.add(new ArrayList<>());
    }
    boolean[] seen = new boolean[count];
    int[] next = new int[count];
    List<Integer> open = new ArrayList<>();
    BitSet regions = new BitSet();
    List<Integer> roots = new ArrayList<>(List.of(0));
    // A handler is entered from the block before its region; it counts once the region does.
    while (!roots.isEmpty()) {
      int root = roots.removeFirst();
      if (seen[root]) {
        continue;
      }
      seen[root] = true;
      open.add(root);
      while (!open.isEmpty()) {
        int at = open.getLast();
        List<Integer> targets = source.blocks().get(at).end().targets();
        if (next[at] < targets.size()) {
          int target = targets.get(next[at]++);
          if (!seen[target]) {
            seen[target] = true;
            open.add(target);
          }
        } else {
          open.removeLast();
          for (int r = source.blocks().get(at).region(); r >= 0 && !regions.get(r); ) {
            regions.set(r);
            IrFunction.Region region = source.regions().get(r);
            roots.add(region.handler());
            handlers.get(before[r] + 1).add(region.handler());
            r = region.parent();
          }
        }
      }
    }
    return withHandlers(handlers);
  }

  /** Reverse postorder over all edges, those from the block before a region to its handler too. */
  private List<Integer> withHandlers(List<List<Integer>> handlers) {
    List<List<Integer>> ways = new ArrayList<>();
    for (int i = 0; i < source.blocks().size(); i++) {
      List<Integer> targets = new ArrayList<>(handlers.get(i + 1));
      targets.addAll(source.blocks().get(i).end().targets());
      ways.add(targets);
    }
    List<Integer> starts = new ArrayList<>(handlers.getFirst());
    starts.add(0);
    return reversePostorder(starts, ways);
  }

  /** The numbers that can be reached from some, where each leads to others. */
  private static List<Integer> reversePostorder(List<Integer> starts, List<List<Integer>> ways) {
    boolean[] seen = new boolean[ways.size()];
    int[] next = new int[ways.size()];
    List<Integer> postorder = new ArrayList<>(ways.size());
    List<Integer> open = new ArrayList<>();
    for (int start : starts) {
      if (seen[start]) {
        continue;
      }
      seen[start] = true;
      open.add(start);
      while (!open.isEmpty()) {
        int at = open.getLast();
        if (next[at] < ways.get(at).size()) {
          int target = ways.get(at).get(next[at]++);
          if (!seen[target]) {
            seen[target] = true;
            open.add(target);
          }
        } else {
          open.removeLast();
          postorder.add(at);
        }
      }
    }
    return postorder.reversed();
  }

  private State state(int number) {
    State state = states[number];
    if (state == null) {
      throw new IllegalStateException(source.name() + ": block " + number + " is not reached");
    }
    return state;
  }

  private void connect(State start, List<Integer> order, int[] before) {
    edge(start, state(0));
    BitSet regions = new BitSet();
    for (int number : order) {
      State from = state(number);
      for (int target : source.blocks().get(number).end().targets()) {
        edge(from, state(target));
      }
      for (int r = source.blocks().get(number).region(); r >= 0; ) {
        regions.set(r);
        r = source.regions().get(r).parent();
      }
    }
    for (int r = 0; r < source.regions().size(); r++) {
      IrFunction.Region region = source.regions().get(r);
      State entered = before[r] < 0 ? start : states[before[r]];
      State handler = states[region.handler()];
      if (regions.get(r) && entered != null && handler != null) {
        if (handler.sources.isEmpty()) {
          handler.block.handler = true;
          handler.sources.add(entered);
        } else if (handler.sources.getFirst() != entered) {
          throw new UnknownTypeException("a handler of two regions");
        }
        function.regions.add(
            new SsaFunction.Region(
                region.parent(), handler.block, region.catchClass(), entered.block));
      } else {
        // Nothing lies in it any more; the number has to stay.
        function.regions.add(
            new SsaFunction.Region(region.parent(), start.block, region.catchClass(), start.block));
      }
    }
  }

  private static void edge(State from, State to) {
    Edge edge = new Edge(to.block);
    from.edges.add(edge);
    to.sources.add(from);
    to.incoming.add(edge);
    to.pending++;
  }

  // --- variables

  private Value read(int local, State state) {
    Value known = state.locals[local];
    if (known != null) {
      return known.current();
    }
    Value value;
    if (state.sources.isEmpty()) {
      unset.set(local);
      value = new Value(-1, Op.of(new Instruction.Plain(Opcode.CONST_NULL)));
      value.type(source.locals().get(local));
    } else if (state.pending > 0) {
      state.incompleteIndices.add(state.block.params.size());
      value = parameter(local, state);
      state.incompleteValues.add(value);
      state.incompleteLocals.add(local);
    } else if (state.sources.size() == 1) {
      value = read(local, state.sources.getFirst());
    } else {
      int index = state.block.params.size();
      value = parameter(local, state);
      state.locals[local] = value;
      value = complete(value, index, local, state);
    }
    state.locals[local] = value;
    return value;
  }

  private Value parameter(int local, State state) {
    Value value = function.newParameter(state.block, source.locals().get(local));
    if (named.get(local)) {
      value.variable = local;
    }
    return value;
  }

  /**
   * Gives a parameter its values.
   *
   * @param index of the parameter: only the last parameter of a block is ever taken back
   */
  private Value complete(Value parameter, int index, int local, State state) {
    Value same = null;
    boolean trivial = true;
    List<Value> args = new ArrayList<>(state.sources.size());
    for (State from : state.sources) {
      args.add(read(local, from));
    }
    for (Value arg : args) {
      Value now = arg.current();
      if (now != parameter) {
        trivial &= same == null || same == now;
        same = now;
      }
    }
    if (trivial && same != null && index == state.block.params.size() - 1) {
      state.block.params.removeLast();
      parameter.replaceBy(same);
      return same;
    }
    bring(parameter, index, args, state);
    return parameter;
  }

  /** Makes the edges from all sources bring a parameter its values. */
  private static void bring(Value parameter, int index, List<Value> args, State state) {
    for (int i = 0; i < args.size(); i++) {
      Edge edge = state.incoming.get(i);
      while (edge.args.size() <= index) {
        edge.args.add(parameter);
      }
      edge.args.set(index, args.get(i));
    }
  }

  /** An edge's block has ended: what waits at its target for all of its sources goes on. */
  private void finished(Edge edge) {
    State state = byBlock.get(edge.target.number);
    state.pending--;
    if (state.pending == 0) {
      for (int i = 0; i < state.incompleteValues.size(); i++) {
        complete(
            state.incompleteValues.get(i),
            state.incompleteIndices.get(i),
            state.incompleteLocals.get(i),
            state);
      }
      for (int slot = 0; slot < state.loopOperands.size(); slot++) {
        Value operand = state.loopOperands.get(slot);
        if (operand != null) {
          List<Value> args = new ArrayList<>();
          for (State from : state.sources) {
            args.add(from.stack.get(slot).current());
          }
          bring(operand, state.block.params.indexOf(operand), args, state);
        }
      }
    }
  }

  private void removeTrivialParameters() {
    List<List<Edge>> incoming = function.bringing();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (SsaBlock block : function.blocks) {
        List<Edge> edges = incoming.get(block.number);
        if (block.handler || edges.isEmpty()) {
          continue;
        }
        for (int i = block.params.size() - 1; i >= 0; i--) {
          Value parameter = block.params.get(i);
          Value same = Parameters.only(parameter, edges, i);
          if (same != null) {
            Parameters.remove(block, edges, i);
            parameter.replaceBy(same);
            changed = true;
          }
        }
      }
    }
  }

  // --- the operand stack

  private void enter() {
    State state = here;
    if (state.block.handler) {
      IrType error = Regions.caught(function, state.block);
      state.stack = new ArrayList<>(List.of(function.newParameter(state.block, error)));
      return;
    }
    List<List<Value>> stacks = new ArrayList<>();
    for (State from : state.sources) {
      if (from.done) {
        stacks.add(from.stack);
      }
    }
    if (stacks.isEmpty() || stacks.getFirst().isEmpty()) {
      state.stack = new ArrayList<>();
      return;
    }
    if (state.sources.size() == 1) {
      state.stack = new ArrayList<>(stacks.getFirst());
      return;
    }
    List<Value> stack = new ArrayList<>();
    if (stacks.size() != state.sources.size()) {
      for (Value first : stacks.getFirst()) {
        boolean half = first.id < 0;
        Value operand =
            half ? first : function.newParameter(state.block, types.of(first.current()));
        state.loopOperands.add(half ? null : operand);
        stack.add(operand);
      }
      state.stack = stack;
      return;
    }
    for (int slot = 0; slot < stacks.getFirst().size(); slot++) {
      stack.add(merged(state, stacks, slot));
    }
    state.stack = stack;
  }

  private Value merged(State state, List<List<Value>> stacks, int slot) {
    Value first = stacks.getFirst().get(slot).current();
    boolean same = true;
    List<IrType> all = new ArrayList<>();
    for (List<Value> stack : stacks) {
      same &= stack.get(slot).current() == first;
    }
    if (same) {
      return first;
    }
    for (List<Value> stack : stacks) {
      all.add(types.of(stack.get(slot).current()));
    }
    IrType type = types.relation().join(all);
    if (type == null) {
      throw new UnknownTypeException("values of unlike types meet");
    }
    int index = state.block.params.size();
    Value parameter = function.newParameter(state.block, type);
    List<Value> args = new ArrayList<>();
    for (List<Value> from : stacks) {
      args.add(from.get(slot).current());
    }
    bring(parameter, index, args, state);
    return parameter;
  }

  private Value pop() {
    return here.stack.removeLast().current();
  }

  private void push(Value value) {
    here.stack.add(value);
  }

  private Value[] pop(int count) {
    Value[] args = new Value[count];
    for (int i = count - 1; i >= 0; i--) {
      args[i] = pop();
    }
    return args;
  }

  private Value emit(Op op) {
    here.block.ops.add(op);
    return function.newResult(op);
  }

  // --- instructions

  private void instruction(Instruction instruction) {
    switch (instruction) {
      case Instruction.LoadLocal i -> {
        if (function.memory.get(i.local())) {
          push(emit(Op.of(i)));
        } else {
          push(read(i.local(), here));
        }
      }
      case Instruction.StoreLocal i -> {
        if (function.memory.get(i.local())) {
          here.block.ops.add(Op.of(i, pop()));
        } else {
          store(i.local(), pop());
        }
      }
      case Instruction.Increment i -> {
        if (function.memory.get(i.local())) {
          here.block.ops.add(Op.of(i));
        } else {
          Value by = emit(Op.of(new Instruction.IntConstant(i.by())));
          Value sum = emit(Op.of(new Instruction.Plain(Opcode.IADD), read(i.local(), here), by));
          store(i.local(), sum);
        }
      }
      case Instruction.Plain i -> plain(i);
      case Instruction.Literal i -> push(new Value(-1, Op.of(i)));
      case Instruction.Typed i when i.opcode() == Opcode.TUPLE_LITERAL ->
          push(new Value(-1, Op.of(i)));
      case Instruction.Counted i when isFill(i) -> {
        Value[] args = pop(i.count());
        Op begin = pop().op;
        if (begin == null) {
          throw new IllegalStateException(source.name() + ": nothing to fill");
        }
        push(emit(Op.literal(begin.code, i, args)));
      }
      case Instruction.MakeClosure i -> {
        if (captures(i) == 0) {
          push(emit(Op.of(i)));
        } else {
          push(new Value(-1, Op.of(i)));
        }
      }
      case Instruction.Capture i when i.opcode() == Opcode.CLOSE_VAR -> capture();
      default -> {
        StackEffect effect = StackEffect.of(instruction, program);
        Op op = Op.of(instruction, pop(effect.pops()));
        if (effect.pushes() > 0) {
          push(emit(op));
        } else {
          here.block.ops.add(op);
        }
      }
    }
  }

  private static boolean isFill(Instruction.Counted i) {
    return switch (i.opcode()) {
      case INIT_ARRAY, INIT_TUPLE, INIT_OBJECT -> true;
      default -> false;
    };
  }

  private int captures(Instruction.MakeClosure i) {
    return program.functions().get(i.function()) instanceof IrFunction.Local local
        ? local.captures().size()
        : 0;
  }

  /** A closure on its way is a value without number whose operation collects what it captures. */
  private void capture() {
    Value captured = pop();
    Op closure = pop().op;
    if (closure == null || !(closure.code instanceof Instruction.MakeClosure make)) {
      throw new IllegalStateException(source.name() + ": no closure to fill");
    }
    Value[] args = Arrays.copyOf(closure.args, closure.args.length + 1);
    args[closure.args.length] = captured;
    Op more = closure.with(args);
    push(args.length == captures(make) ? emit(more) : new Value(-1, more));
  }

  private void plain(Instruction.Plain i) {
    switch (i.opcode()) {
      case NOP -> {}
      case POP -> pop();
      case DUP -> {
        Value top = pop();
        push(top);
        push(top);
      }
      case SWAP -> {
        Value[] two = pop(2);
        push(two[1]);
        push(two[0]);
      }
      case OVER -> {
        Value[] two = pop(2);
        push(two[0]);
        push(two[1]);
        push(two[0]);
      }
      case DUP2 -> {
        Value[] two = pop(2);
        push(two[0]);
        push(two[1]);
        push(two[0]);
        push(two[1]);
      }
      case ROT -> {
        Value[] three = pop(3);
        push(three[1]);
        push(three[2]);
        push(three[0]);
      }
      default -> {
        StackEffect effect = StackEffect.of(i, program);
        Op op = Op.of(i, pop(effect.pops()));
        if (effect.pushes() > 0) {
          push(emit(op));
        } else {
          here.block.ops.add(op);
        }
      }
    }
  }

  /** A local holds values of its own type: others that are assignable to it become a copy. */
  private void store(int local, Value value) {
    IrType type = source.locals().get(local);
    Value held = value;
    if (!types.of(value).equals(type)) {
      held = emit(Op.copy(type, value));
      held.type(type);
    }
    if (held.variable < 0 && named.get(local) && !held.isConstant()) {
      held.variable = local;
    }
    here.locals[local] = held;
  }

  private void end(Terminator end) {
    StackEffect effect = StackEffect.of(end);
    Value value = effect.pops() == 1 ? pop() : null;
    here.block.end = new End(end, value, here.edges);
  }
}
