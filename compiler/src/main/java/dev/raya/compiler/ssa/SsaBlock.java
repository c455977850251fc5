package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Trap;
import java.util.ArrayList;
import java.util.List;

/** A block: parameters, operations in order, an end. */
final class SsaBlock {
  /** Not in a protected region. */
  static final int NO_REGION = -1;

  /** Its place in {@link SsaFunction#blocks}; renewed when blocks go. */
  int number;

  /** The innermost protected region it lies in. */
  int region;

  /** Whether errors arrive here; the first parameter is the error then, and no edge leads here. */
  boolean handler;

  final List<Value> params = new ArrayList<>();
  List<Op> ops = new ArrayList<>();
  End end = new End(new Terminator.Raise(Trap.UNREACHABLE), null, List.of());

  SsaBlock(int number, int region) {
    this.number = number;
    this.region = region;
  }

  @Override
  public String toString() {
    return "b" + number;
  }
}
