package dev.raya.compiler.ssa;

import java.util.ArrayList;
import java.util.List;

/** A way from the end of a block to another block, with the values of that block's parameters. */
final class Edge {
  SsaBlock target;
  final List<Value> args;

  Edge(SsaBlock target) {
    this(target, new ArrayList<>());
  }

  Edge(SsaBlock target, List<Value> args) {
    this.target = target;
    this.args = args;
  }
}
