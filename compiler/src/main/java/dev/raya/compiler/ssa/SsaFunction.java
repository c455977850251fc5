package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function in SSA form. The first block is entered at the start; its parameters are the receiver
 * and the parameters of the function, it lies in no region and no edge leads to it.
 */
final class SsaFunction {
  /**
   * A protected region.
   *
   * @param parent the region around it, or -1
   * @param handler where its errors go
   * @param catchClass number of the class to catch, or -1 for all
   * @param before the block from which alone it is entered: what is known at its end, the handler
   *     knows too
   */
  record Region(int parent, SsaBlock handler, int catchClass, SsaBlock before) {}

  /** What was lowered: name, type, traits, names of locals. */
  final IrFunction.Local source;

  final List<SsaBlock> blocks = new ArrayList<>();
  final List<Region> regions = new ArrayList<>();

  /** Locals that stay in memory: read by a handler, or perhaps before they are written. */
  final BitSet memory = new BitSet();

  private int values;

  SsaFunction(IrFunction.Local source) {
    this.source = source;
  }

  /** How many locals hold what the caller gives. */
  int parameterCount() {
    return source.type().params().size() + (source.hasReceiver() ? 1 : 0);
  }

  /** One more than the greatest id of a value. */
  int valueCount() {
    return values;
  }

  /** A new block at the end of the list. */
  SsaBlock newBlock(int region) {
    SsaBlock block = new SsaBlock(blocks.size(), region);
    blocks.add(block);
    return block;
  }

  /** A new parameter of a block. */
  Value newParameter(SsaBlock block, @Nullable IrType type) {
    Value value = new Value(values++, null);
    value.block = block;
    if (type != null) {
      value.type(type);
    }
    block.params.add(value);
    return value;
  }

  /** Gives an operation a result. */
  Value newResult(Op op) {
    Value value = new Value(values++, op);
    op.result = value;
    return value;
  }

  /** Numbers the blocks by their place. */
  void renumber() {
    for (int i = 0; i < blocks.size(); i++) {
      blocks.get(i).number = i;
    }
  }

  /** Writes the values that stand for replaced ones into all operands. */
  void resolve() {
    for (SsaBlock block : blocks) {
      for (Op op : block.ops) {
        resolve(op.args);
      }
      Value value = block.end.value();
      if (value != null && value.isReplaced()) {
        block.end = block.end.withValue(value.current());
      }
      for (Edge edge : block.end.edges()) {
        edge.args.replaceAll(Value::current);
      }
    }
  }

  private static void resolve(Value[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].isReplaced()) {
        args[i] = args[i].current();
      }
    }
  }

  /**
   * The edges that bring each block's parameters, by the block's number: none for blocks without
   * parameters, and none for the first block and handlers, whose parameters come from elsewhere.
   */
  List<List<Edge>> bringing() {
    List<List<Edge>> bringing = new ArrayList<>(blocks.size());
    for (SsaBlock block : blocks) {
      boolean none = block.params.isEmpty() || block.handler || bringing.isEmpty();
      bringing.add(none ? List.of() : new ArrayList<>(2));
    }
    for (SsaBlock block : blocks) {
      for (Edge edge : block.end.edges()) {
        if (!edge.target.params.isEmpty()) {
          bringing.get(edge.target.number).add(edge);
        }
      }
    }
    return bringing;
  }

  /** The edges into each block, by the block's number. */
  List<List<Edge>> incoming() {
    List<List<Edge>> incoming = new ArrayList<>(blocks.size());
    for (int i = 0; i < blocks.size(); i++) {
      incoming.add(new ArrayList<>(2));
    }
    for (SsaBlock block : blocks) {
      for (Edge edge : block.end.edges()) {
        incoming.get(edge.target.number).add(edge);
      }
    }
    return incoming;
  }
}
