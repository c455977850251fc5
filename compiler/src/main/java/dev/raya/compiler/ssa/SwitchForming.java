package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes one switch of a row of comparisons of one value with constants, as {@code match}, chains of
 * {@code if} and switches over unions of literals give them. The file's switches are a table where
 * ints lie close together, a search or a hash table else.
 */
final class SwitchForming implements Pass {
  /** Rows shorter than this stay comparisons. */
  private static final int FEW = 3;

  /**
   * One comparison.
   *
   * @param key what the value is compared with
   * @param equal where it goes if it is that
   * @param other where it goes if not
   */
  private record Test(Value value, Object key, Edge equal, Edge other) {}

  @Override
  public String name() {
    return "switches";
  }

  @Override
  public boolean run(SsaFunction function, ValueTypes types) {
    if (function.blocks.size() <= FEW) {
      return false; // every comparison of a row ends a block
    }
    Uses.count(function);
    List<List<Edge>> incoming = function.incoming();
    @Nullable Test[] arriving = new Test[function.blocks.size()];
    for (SsaBlock block : function.blocks) {
      Test test = test(block);
      if (test != null && test.other().target.region == block.region) {
        arriving[test.other().target.number] = test;
      }
    }
    boolean changed = false;
    for (SsaBlock block : function.blocks) {
      Test first = test(block);
      Test earlier = arriving[block.number];
      boolean continues =
          first != null
              && earlier != null
              && earlier.value() == first.value()
              && incoming.get(block.number).size() == 1
              && isOnlyATest(block);
      if (first != null && !continues) {
        changed |= row(block, first, incoming);
      }
    }
    return changed;
  }

  private static boolean row(SsaBlock block, Test first, List<List<Edge>> incoming) {
    List<Test> tests = new ArrayList<>(List.of(first));
    Set<SsaBlock> seen = new HashSet<>(Set.of(block));
    Edge rest = first.other();
    while (true) {
      SsaBlock next = rest.target;
      Test test = test(next);
      if (test == null
          || test.value() != first.value()
          || test.key().getClass() != first.key().getClass()
          || incoming.get(next.number).size() != 1
          || next.region != block.region
          || !isOnlyATest(next)
          || !seen.add(next)) {
        break;
      }
      tests.add(test);
      rest = test.other();
    }
    if (tests.size() < FEW) {
      return false;
    }
    block.end =
        first.key() instanceof Integer
            ? ints(first.value(), tests, rest)
            : strings(first.value(), tests, rest);
    return true;
  }

  private static End ints(Value value, List<Test> tests, Edge rest) {
    SortedMap<Integer, Integer> keys = new TreeMap<>();
    SortedMap<Integer, Edge> edges = new TreeMap<>();
    for (Test test : tests) {
      edges.putIfAbsent((Integer) test.key(), copy(test.equal()));
      keys.put((Integer) test.key(), 0);
    }
    List<Edge> all = new ArrayList<>(edges.values());
    all.add(copy(rest));
    return new End(new Terminator.IntSwitch(keys, 0), value, all);
  }

  private static End strings(Value value, List<Test> tests, Edge rest) {
    SortedMap<String, Integer> keys = new TreeMap<>();
    SortedMap<String, Edge> edges = new TreeMap<>();
    for (Test test : tests) {
      edges.putIfAbsent((String) test.key(), copy(test.equal()));
      keys.put((String) test.key(), 0);
    }
    List<Edge> all = new ArrayList<>(edges.values());
    all.add(copy(rest));
    return new End(new Terminator.StringSwitch(keys, 0), value, all);
  }

  /** The blocks that are passed over keep their edges until they are dropped. */
  private static Edge copy(Edge edge) {
    return new Edge(edge.target, new ArrayList<>(edge.args));
  }

  /** The comparison that a block ends with; null if it ends otherwise. */
  private static @Nullable Test test(SsaBlock block) {
    if (!(block.end.how() instanceof Terminator.Branch branch)
        || block.end.value() == null
        || block.end.value().op == null) {
      return null;
    }
    Op op = block.end.value().op;
    Opcode opcode = op.plain();
    boolean equal = opcode == Opcode.IEQ || opcode == Opcode.SEQ;
    boolean unequal = opcode == Opcode.INE || opcode == Opcode.SNE;
    boolean onTrue = branch.test() == Opcode.JMP_IF_TRUE;
    if (!(equal || unequal) || !(onTrue || branch.test() == Opcode.JMP_IF_FALSE)) {
      return null;
    }
    Object right = Constants.of(op.args[1]);
    Object left = Constants.of(op.args[0]);
    Object key = right == null ? left : right;
    Value value = right == null ? op.args[1] : op.args[0];
    if (key == null || value.isConstant()) {
      return null;
    }
    boolean takenIfEqual = equal == onTrue;
    Edge taken = block.end.edges().get(0);
    Edge otherwise = block.end.edges().get(1);
    return new Test(value, key, takenIfEqual ? taken : otherwise, takenIfEqual ? otherwise : taken);
  }

  /** Whether a block does nothing but one comparison that nobody else looks at. */
  private static boolean isOnlyATest(SsaBlock block) {
    Value tested = block.end.value();
    if (!block.params.isEmpty() || tested == null || tested.uses != 1) {
      return false;
    }
    for (Op op : block.ops) {
      boolean constant =
          op.result != null
              && op.result.uses <= 1
              && (op.code instanceof Instruction.IntConstant
                  || op.code instanceof Instruction.StringConstant);
      if (op.result != tested && !constant && !op.isStatement()) {
        return false;
      }
    }
    return true;
  }
}
