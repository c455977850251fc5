package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.Trap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The code of one function while it is written. Blocks are named before they are begun and come out
 * in the order in which they were begun. What is added after a block ended and before the next is
 * begun cannot be reached and is dropped.
 */
final class CodeDraft {
  private static final int NO_REGION = -1;

  private record Draft(int name, int region, List<Instruction> code) {}

  private record Ended(int name, int region, List<Instruction> code, Terminator end) {}

  private final List<IrType> locals = new ArrayList<>();
  private final List<IrFunction.Variable> variables = new ArrayList<>();
  private final List<IrFunction.Region> regions = new ArrayList<>();
  private final List<Ended> ended = new ArrayList<>();
  private int names;
  private int region = NO_REGION;
  private @Nullable Draft open;

  CodeDraft() {
    begin(block());
  }

  /** A new block, to be begun later. */
  int block() {
    return names++;
  }

  /** Begins a block; if the one before it has not ended, control flows on into this one. */
  void begin(int block) {
    if (open != null) {
      end(new Terminator.Jump(block));
    }
    open = new Draft(block, region, new ArrayList<>());
  }

  /** Whether what is added next can be reached. */
  boolean reachable() {
    return open != null;
  }

  void add(Instruction instruction) {
    if (open != null) {
      open.code().add(instruction);
    }
  }

  void plain(Opcode opcode) {
    add(new Instruction.Plain(opcode));
  }

  void typed(Opcode opcode, IrType type) {
    add(new Instruction.Typed(opcode, type));
  }

  void load(int local) {
    add(new Instruction.LoadLocal(local));
  }

  void store(int local) {
    add(new Instruction.StoreLocal(local));
  }

  void constant(int value) {
    add(new Instruction.IntConstant(value));
  }

  void builtin(String name, int argc) {
    add(new Instruction.CallBuiltin(name, argc));
  }

  void end(Terminator terminator) {
    if (open != null) {
      ended.add(new Ended(open.name(), open.region(), open.code(), terminator));
      open = null;
    }
  }

  void jump(int block) {
    end(new Terminator.Jump(block));
  }

  void branch(Opcode test, int taken, int otherwise) {
    end(new Terminator.Branch(test, taken, otherwise));
  }

  void leave(Opcode opcode) {
    end(new Terminator.Leave(opcode));
  }

  void raise(Trap trap) {
    end(new Terminator.Raise(trap));
  }

  int local(IrType type) {
    locals.add(type);
    return locals.size() - 1;
  }

  /** A local that the debugger shows. */
  int local(IrType type, String name) {
    int local = local(type);
    if (!name.isEmpty()) {
      variables.add(new IrFunction.Variable(local, name));
    }
    return local;
  }

  IrType typeOf(int local) {
    return locals.get(local);
  }

  /** The region that blocks begun from now on lie in. */
  int region() {
    return region;
  }

  /** Puts the blocks begun from now on into another region. The open block must have ended. */
  void enter(int newRegion) {
    if (open != null && newRegion != region) {
      int next = block();
      jump(next);
      region = newRegion;
      begin(next);
    }
    region = newRegion;
  }

  /** A new region inside another one. */
  int newRegion(int parent, int handler, int catchClass) {
    regions.add(new IrFunction.Region(parent, handler, catchClass));
    return regions.size() - 1;
  }

  List<IrType> locals() {
    return locals;
  }

  List<IrFunction.Variable> variables() {
    return variables;
  }

  /** The blocks, numbered in their order. */
  List<Block> blocks() {
    int[] numbers = numbers();
    List<Block> blocks = new ArrayList<>();
    for (Ended e : ended) {
      blocks.add(new Block(numbers[e.name()], e.region(), e.code(), renamed(e.end(), numbers)));
    }
    return blocks;
  }

  /** The regions whose handlers were written, which are all of them. */
  List<IrFunction.Region> regions() {
    int[] numbers = numbers();
    return regions.stream()
        .map(r -> new IrFunction.Region(r.parent(), numbers[r.handler()], r.catchClass()))
        .toList();
  }

  private int[] numbers() {
    int[] numbers = new int[names];
    Arrays.fill(numbers, -1);
    for (int i = 0; i < ended.size(); i++) {
      numbers[ended.get(i).name()] = i;
    }
    return numbers;
  }

  private static Terminator renamed(Terminator end, int[] numbers) {
    return switch (end) {
      case Terminator.Jump e -> new Terminator.Jump(numbers[e.target()]);
      case Terminator.Branch e ->
          new Terminator.Branch(e.test(), numbers[e.taken()], numbers[e.otherwise()]);
      case Terminator.ArgumentBranch e ->
          new Terminator.ArgumentBranch(e.parameter(), numbers[e.given()], numbers[e.missing()]);
      case Terminator.IntSwitch e ->
          new Terminator.IntSwitch(renamed(e.cases(), numbers), numbers[e.otherwise()]);
      case Terminator.StringSwitch e ->
          new Terminator.StringSwitch(renamed(e.cases(), numbers), numbers[e.otherwise()]);
      case Terminator.Leave _, Terminator.Raise _ -> end;
    };
  }

  private static <K> SortedMap<K, Integer> renamed(SortedMap<K, Integer> cases, int[] numbers) {
    SortedMap<K, Integer> renamed = new TreeMap<>(cases);
    renamed.replaceAll((_, target) -> numbers[target]);
    return renamed;
  }
}
