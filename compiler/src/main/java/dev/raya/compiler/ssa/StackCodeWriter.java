package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a function from SSA form into stack code: operations scheduled so that most values stay on
 * the stack ({@link StackScheduler}), the others in locals ({@link LocalAllocator}), parameters of
 * blocks as moves at the end of the blocks before.
 */
final class StackCodeWriter {
  /** The most locals a function may have ({@code rbin.md} 7). */
  private static final int MOST_LOCALS = 4_096;

  private final SsaFunction function;
  private final ValueTypes types;
  private final List<List<Instruction>> code = new ArrayList<>();

  /** By block: the parameter that lies on the stack when the block is entered. */
  private @Nullable Value[] passed = new Value[0];

  private StackCodeWriter(SsaFunction function, ValueTypes types) {
    this.function = function;
    this.types = types;
  }

  /**
   * The stack code.
   *
   * @return null if the function is too large to be allocated
   * @throws UnknownTypeException if the type of a value cannot be told
   */
  static IrFunction.@Nullable Local write(SsaFunction function, ValueTypes types) {
    types.enter(function.source);
    return new StackCodeWriter(function, types).run();
  }

  private IrFunction.@Nullable Local run() {
    EdgeSplitting.run(function);
    Uses.count(function);
    schedule();
    StackReuse.improve(types.program(), function, code, widened());
    LocalAllocator allocator = new LocalAllocator(function, types, code, passed);
    allocator.index();
    if (!allocator.run()) {
      return null;
    }
    int[] renumbered = new int[allocator.locals.size()];
    Arrays.fill(renumbered, -1);
    List<IrType> locals = new ArrayList<>();
    for (int i = allocator.used.nextSetBit(0); i >= 0; i = allocator.used.nextSetBit(i + 1)) {
      renumbered[i] = locals.size();
      locals.add(allocator.locals.get(i));
    }
    if (locals.size() > MOST_LOCALS) {
      return null;
    }
    int[] regions = regionNumbers();
    List<Block> blocks = new ArrayList<>();
    for (SsaBlock block : function.blocks) {
      blocks.add(
          new Block(
              block.number,
              block.region < 0 ? block.region : regions[block.region],
              located(block, allocator, renumbered),
              terminator(block.end)));
    }
    List<IrFunction.Variable> variables = new ArrayList<>();
    for (IrFunction.Variable variable : function.source.variables()) {
      if (renumbered[variable.local()] >= 0) {
        variables.add(new IrFunction.Variable(renumbered[variable.local()], variable.name()));
      }
    }
    IrFunction.Local source = function.source;
    return new IrFunction.Local(
        source.name(),
        source.type(),
        source.module(),
        source.traits(),
        source.ownerClass(),
        source.container(),
        locals,
        source.captures(),
        JumpCleaning.clean(blocks),
        regions(regions),
        variables);
  }

  // --- regions: those without blocks are left out

  private int[] regionNumbers() {
    boolean[] lives = new boolean[function.regions.size()];
    for (SsaBlock block : function.blocks) {
      for (int r = block.region; r >= 0; r = function.regions.get(r).parent()) {
        lives[r] = true;
      }
    }
    int[] numbers = new int[lives.length];
    int next = 0;
    for (int r = 0; r < lives.length; r++) {
      numbers[r] = lives[r] ? next++ : -1;
    }
    return numbers;
  }

  private List<IrFunction.Region> regions(int[] numbers) {
    List<IrFunction.Region> regions = new ArrayList<>();
    for (int r = 0; r < numbers.length; r++) {
      if (numbers[r] >= 0) {
        SsaFunction.Region region = function.regions.get(r);
        regions.add(
            new IrFunction.Region(
                region.parent() < 0 ? -1 : numbers[region.parent()],
                region.handler().number,
                region.catchClass()));
      }
    }
    return regions;
  }

  // --- scheduling

  /** From the last block to the first: what a block takes from the stack, those before leave. */
  private void schedule() {
    int count = function.blocks.size();
    passed = new Value[count];
    List<List<Integer>> sources = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      code.add(List.of());
      sources.add(new ArrayList<>());
    }
    for (SsaBlock block : function.blocks) {
      for (Edge edge : block.end.edges()) {
        sources.get(edge.target.number).add(block.number);
      }
    }
    for (int i = count - 1; i >= 0; i--) {
      SsaBlock block = function.blocks.get(i);
      List<Instruction> scheduled =
          StackScheduler.schedule(block, block.end.isJump() ? given(block) : null, types);
      if (block.handler) {
        scheduled = caught(block, scheduled);
      } else if (!scheduled.isEmpty() && comesFromAbove(block, sources.get(i))) {
        Value first = firstParameter(block, scheduled.getFirst());
        if (first != null) {
          passed[i] = first;
          scheduled = scheduled.subList(1, scheduled.size());
        }
      }
      code.set(i, scheduled);
    }
  }

  /** What a block that jumps leaves on the stack. */
  private @Nullable Value given(SsaBlock block) {
    Edge edge = block.end.edges().getFirst();
    Value wanted = passed[edge.target.number];
    return wanted == null ? null : edge.args.get(edge.target.params.indexOf(wanted));
  }

  /**
   * Copies that blocks leave on the stack. Only their local has the wider type, and what several
   * blocks leave there must have one type.
   */
  private BitSet widened() {
    BitSet widened = new BitSet();
    for (SsaBlock block : function.blocks) {
      Value given = block.end.isJump() ? given(block) : null;
      if (given != null && given.op != null && given.op.isCopy()) {
        widened.set(given.id);
      }
    }
    return widened;
  }

  /** Whether all ways to a block are jumps from blocks that stand before it. */
  private boolean comesFromAbove(SsaBlock block, List<Integer> sources) {
    for (int source : sources) {
      if (source >= block.number || !function.blocks.get(source).end.isJump()) {
        return false;
      }
    }
    return !sources.isEmpty() && block.number > 0;
  }

  /** The parameter that an instruction loads, if all edges bring it in its very type. */
  private @Nullable Value firstParameter(SsaBlock block, Instruction first) {
    if (!(first instanceof Instruction.LoadLocal load) || load.local() >= 0) {
      return null;
    }
    for (int i = 0; i < block.params.size(); i++) {
      Value param = block.params.get(i);
      if (StackScheduler.virtual(param) == load.local()) {
        if (param.uses != 1 || param.variable >= 0) {
          return null;
        }
        IrType type = types.of(param);
        for (SsaBlock source : function.blocks) {
          for (Edge edge : source.end.edges()) {
            if (edge.target == block && !types.of(edge.args.get(i)).equals(type)) {
              return null;
            }
          }
        }
        return param;
      }
    }
    return null;
  }

  /** A handler begins with the error on the stack. */
  private static List<Instruction> caught(SsaBlock block, List<Instruction> scheduled) {
    Value error = block.params.getFirst();
    int virtual = StackScheduler.virtual(error);
    if (error.uses == 1
        && !scheduled.isEmpty()
        && scheduled.getFirst().equals(new Instruction.LoadLocal(virtual))) {
      return scheduled.subList(1, scheduled.size());
    }
    List<Instruction> with = new ArrayList<>();
    with.add(
        error.uses == 0 ? new Instruction.Plain(Opcode.POP) : new Instruction.StoreLocal(virtual));
    with.addAll(scheduled);
    return with;
  }

  // --- writing

  private List<Instruction> located(SsaBlock block, LocalAllocator allocator, int[] renumbered) {
    List<Instruction> list = new ArrayList<>();
    for (Instruction instruction : code.get(block.number)) {
      switch (instruction) {
        case Instruction.LoadLocal i ->
            list.add(new Instruction.LoadLocal(place(i.local(), allocator, renumbered)));
        case Instruction.StoreLocal i ->
            list.add(new Instruction.StoreLocal(place(i.local(), allocator, renumbered)));
        case Instruction.Increment i ->
            list.add(new Instruction.Increment(renumbered[i.local()], i.by()));
        default -> list.add(instruction);
      }
    }
    moves(block, allocator, renumbered, list);
    return Increments.form(list);
  }

  private static int place(int local, LocalAllocator allocator, int[] renumbered) {
    return renumbered[local >= 0 ? local : allocator.local[StackScheduler.idOf(local)]];
  }

  /** All values are pushed before the first is stored: the moves happen at once. */
  private void moves(
      SsaBlock block, LocalAllocator allocator, int[] renumbered, List<Instruction> list) {
    for (Edge edge : block.end.edges()) {
      List<Instruction> stores = new ArrayList<>();
      for (int i = 0; i < edge.args.size(); i++) {
        Value param = edge.target.params.get(i);
        Value arg = edge.args.get(i);
        if (!allocator.hasHome(param)) {
          continue;
        }
        int to = renumbered[allocator.local[param.id]];
        if (arg.op != null && Effects.isConstant(arg.op)) {
          list.add(arg.op.code);
        } else {
          int from = renumbered[allocator.local[arg.id]];
          if (from == to) {
            continue;
          }
          list.add(new Instruction.LoadLocal(from));
        }
        stores.add(new Instruction.StoreLocal(to));
      }
      list.addAll(stores.reversed());
    }
  }

  private static Terminator terminator(End end) {
    List<Integer> to = new ArrayList<>();
    end.edges().forEach(edge -> to.add(edge.target.number));
    return switch (end.how()) {
      case Terminator.Jump _ -> new Terminator.Jump(to.getFirst());
      case Terminator.Branch b -> new Terminator.Branch(b.test(), to.get(0), to.get(1));
      case Terminator.ArgumentBranch b ->
          new Terminator.ArgumentBranch(b.parameter(), to.get(0), to.get(1));
      case Terminator.IntSwitch s -> new Terminator.IntSwitch(cases(s.cases(), to), to.getLast());
      case Terminator.StringSwitch s ->
          new Terminator.StringSwitch(cases(s.cases(), to), to.getLast());
      case Terminator.Leave _, Terminator.Raise _ -> end.how();
    };
  }

  private static <K> SortedMap<K, Integer> cases(SortedMap<K, Integer> keys, List<Integer> to) {
    SortedMap<K, Integer> cases = new TreeMap<>();
    int at = 0;
    for (K key : keys.keySet()) {
      cases.put(key, to.get(at++));
    }
    return cases;
  }
}
