package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives locals to the values that need one. Values that live at the same time interfere; the values
 * that edges bring a parameter share its local where they do not interfere with it and have its
 * type, so that no move is left. Values of a variable of the source get that variable's local if
 * they can, which keeps the names that a debugger shows; the rest takes the first free local of its
 * type.
 */
final class LocalAllocator {
  private static final int NONE = -1;

  /** Bits of liveness over which a function stays as it was lowered. */
  private static final long MOST_BITS = 400_000_000L;

  private final SsaFunction function;
  private final ValueTypes types;
  private final List<List<Instruction>> code;
  private final @Nullable Value[] passed;

  /** Values with a local, by their dense number; and the number of each by its id. */
  private final List<Value> homes = new ArrayList<>();

  private final int[] number;
  private BitSet[] liveIn = new BitSet[0];
  private BitSet[] neighbours = new BitSet[0];
  private int[] leader = new int[0];
  private int[] fixed = new int[0];

  /** The local of each value by its id. */
  final int[] local;

  /** Types of all locals: those of the source, then new ones. */
  final List<IrType> locals;

  /** Which locals are used. */
  final BitSet used = new BitSet();

  /**
   * Allocates.
   *
   * @param code the scheduled code of each block
   * @param passed the parameter that each block gets on the stack, or null
   */
  LocalAllocator(
      SsaFunction function,
      ValueTypes types,
      List<List<Instruction>> code,
      @Nullable Value[] passed) {
    this.function = function;
    this.types = types;
    this.code = code;
    this.passed = passed;
    this.number = new int[function.valueCount()];
    this.local = new int[function.valueCount()];
    this.locals = new ArrayList<>(function.source.locals());
    Arrays.fill(number, NONE);
    Arrays.fill(local, NONE);
  }

  /** Whether a value lies in a local. */
  boolean hasHome(Value value) {
    return value.id >= 0 && number[value.id] != NONE;
  }

  /** Does it; false if the function is too large. */
  boolean run() {
    collect();
    if ((long) homes.size() * (homes.size() + function.blocks.size()) > MOST_BITS) {
      return false;
    }
    liveness();
    interference();
    coalesce();
    colour();
    return true;
  }

  private void collect() {
    for (Value param : function.blocks.getFirst().params) {
      home(param);
    }
    for (SsaBlock block : function.blocks) {
      for (Value param : block.params) {
        if (param.uses > 0 && param != passed[block.number] && !block.handler) {
          home(param);
        }
      }
      for (Instruction instruction : code.get(block.number)) {
        if (instruction instanceof Instruction.StoreLocal store && store.local() < 0) {
          home(byId[StackScheduler.idOf(store.local())]);
        }
      }
    }
  }

  private @Nullable Value[] byId = new Value[0];

  /** Lets values be found by their ids. */
  void index() {
    byId = new Value[function.valueCount()];
    for (SsaBlock block : function.blocks) {
      for (Value param : block.params) {
        byId[param.id] = param;
      }
      for (Op op : block.ops) {
        if (op.result != null) {
          byId[op.result.id] = op.result;
        }
      }
    }
  }

  private void home(@Nullable Value value) {
    if (value == null) {
      throw new IllegalStateException(function.source.name() + ": a value without operation");
    }
    if (number[value.id] == NONE) {
      number[value.id] = homes.size();
      homes.add(value);
    }
  }

  private int numberOf(Value value) {
    return value.id < 0 ? NONE : number[value.id];
  }

  /** What an edge brings in a local to a parameter in a local. */
  private boolean moves(Edge edge, int index) {
    return hasHome(edge.target.params.get(index));
  }

  // --- liveness

  private void liveness() {
    int blocks = function.blocks.size();
    BitSet[] needed = new BitSet[blocks];
    BitSet[] made = new BitSet[blocks];
    liveIn = new BitSet[blocks];
    for (SsaBlock block : function.blocks) {
      BitSet use = new BitSet();
      BitSet def = new BitSet();
      for (Value param : block.params) {
        if (hasHome(param)) {
          def.set(numberOf(param));
        }
      }
      for (Instruction instruction : code.get(block.number)) {
        if (instruction instanceof Instruction.LoadLocal load && load.local() < 0) {
          int n = number[StackScheduler.idOf(load.local())];
          if (!def.get(n)) {
            use.set(n);
          }
        } else if (instruction instanceof Instruction.StoreLocal store && store.local() < 0) {
          def.set(number[StackScheduler.idOf(store.local())]);
        }
      }
      for (Edge edge : block.end.edges()) {
        for (int i = 0; i < edge.args.size(); i++) {
          int n = numberOf(edge.args.get(i));
          if (n != NONE && moves(edge, i) && !def.get(n)) {
            use.set(n);
          }
        }
      }
      needed[block.number] = use;
      made[block.number] = def;
      liveIn[block.number] = (BitSet) use.clone();
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = blocks - 1; i >= 0; i--) {
        SsaBlock block = function.blocks.get(i);
        BitSet live = new BitSet();
        for (Edge edge : block.end.edges()) {
          live.or(liveIn[edge.target.number]);
        }
        handlersOf(block, live);
        live.andNot(made[i]);
        live.or(needed[i]);
        if (!live.equals(liveIn[i])) {
          liveIn[i] = live;
          changed = true;
        }
      }
    }
  }

  private void handlersOf(SsaBlock block, BitSet live) {
    for (int r = block.region; r >= 0; r = function.regions.get(r).parent()) {
      live.or(liveIn[function.regions.get(r).handler().number]);
    }
  }

  private void interference() {
    int count = homes.size();
    neighbours = new BitSet[count];
    for (int i = 0; i < count; i++) {
      neighbours[i] = new BitSet();
    }
    for (SsaBlock block : function.blocks) {
      BitSet live = new BitSet();
      for (Edge edge : block.end.edges()) {
        live.or(liveIn[edge.target.number]);
      }
      handlersOf(block, live);
      for (Edge edge : block.end.edges()) {
        for (int i = 0; i < edge.args.size(); i++) {
          int n = numberOf(edge.args.get(i));
          if (n != NONE && moves(edge, i)) {
            live.set(n);
          }
        }
      }
      List<Instruction> list = code.get(block.number);
      for (int i = list.size() - 1; i >= 0; i--) {
        switch (list.get(i)) {
          case Instruction.LoadLocal load when load.local() < 0 ->
              live.set(number[StackScheduler.idOf(load.local())]);
          case Instruction.StoreLocal store when store.local() < 0 -> {
            int n = number[StackScheduler.idOf(store.local())];
            live.clear(n);
            meet(n, live);
          }
          default -> {}
        }
      }
      for (Value param : block.params) {
        if (hasHome(param)) {
          live.set(numberOf(param));
        }
      }
      for (Value param : block.params) {
        if (hasHome(param)) {
          meet(numberOf(param), live);
        }
      }
    }
  }

  private void meet(int value, BitSet live) {
    neighbours[value].or(live);
    neighbours[value].clear(value);
    for (int other = live.nextSetBit(0); other >= 0; other = live.nextSetBit(other + 1)) {
      if (other != value) {
        neighbours[other].set(value);
      }
    }
  }

  // --- sharing

  private void coalesce() {
    int count = homes.size();
    leader = new int[count];
    fixed = new int[count];
    Arrays.fill(fixed, NONE);
    for (int i = 0; i < count; i++) {
      leader[i] = i;
    }
    for (int i = 0; i < function.parameterCount(); i++) {
      fixed[numberOf(function.blocks.getFirst().params.get(i))] = i;
    }
    List<List<Edge>> incoming = function.bringing();
    for (SsaBlock block : function.blocks) {
      List<Edge> edges = incoming.get(block.number);
      for (int i = 0; i < block.params.size(); i++) {
        Value param = block.params.get(i);
        if (!hasHome(param)) {
          continue;
        }
        for (int e = edges.size() - 1; e >= 0; e--) {
          Value arg = edges.get(e).args.get(i);
          if (hasHome(arg)) {
            join(numberOf(param), numberOf(arg));
          }
        }
      }
    }
  }

  private int find(int value) {
    int at = value;
    while (leader[at] != at) {
      leader[at] = leader[leader[at]];
      at = leader[at];
    }
    return at;
  }

  private void join(int first, int second) {
    int a = find(first);
    int b = find(second);
    if (a == b
        || neighbours[a].get(b)
        || (fixed[a] != NONE && fixed[b] != NONE)
        || !types.of(homes.get(a)).equals(types.of(homes.get(b)))) {
      return;
    }
    int keep = Math.min(a, b);
    int gone = Math.max(a, b);
    leader[gone] = keep;
    fixed[keep] = Math.max(fixed[keep], fixed[gone]);
    Value kept = homes.get(keep);
    if (kept.variable < 0) {
      kept.variable = homes.get(gone).variable;
    }
    BitSet others = neighbours[gone];
    for (int other = others.nextSetBit(0); other >= 0; other = others.nextSetBit(other + 1)) {
      neighbours[other].set(keep);
    }
    neighbours[keep].or(others);
  }

  private void colour() {
    int[] colour = new int[homes.size()];
    Arrays.fill(colour, NONE);
    for (int i = 0; i < homes.size(); i++) {
      if (find(i) == i && fixed[i] != NONE) {
        colour[i] = fixed[i];
        used.set(fixed[i]);
      }
    }
    used.or(function.memory);
    for (int i = 0; i < function.parameterCount(); i++) {
      used.set(i);
    }
    int own = function.source.locals().size();
    for (int i = 0; i < homes.size(); i++) {
      if (find(i) != i || colour[i] != NONE) {
        continue;
      }
      BitSet taken = new BitSet();
      for (int n = neighbours[i].nextSetBit(0); n >= 0; n = neighbours[i].nextSetBit(n + 1)) {
        int c = colour[find(n)];
        if (c != NONE) {
          taken.set(c);
        }
      }
      IrType type = types.of(homes.get(i));
      int wish = homes.get(i).variable;
      if (wish < 0
          || taken.get(wish)
          || function.memory.get(wish)
          || !locals.get(wish).equals(type)) {
        wish = own;
        while (wish < locals.size() && (taken.get(wish) || !locals.get(wish).equals(type))) {
          wish++;
        }
        if (wish == locals.size()) {
          locals.add(type);
        }
      }
      colour[i] = wish;
      used.set(wish);
    }
    for (int i = 0; i < homes.size(); i++) {
      local[homes.get(i).id] = colour[find(i)];
    }
  }
}
