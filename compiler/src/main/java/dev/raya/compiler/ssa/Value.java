package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrType;
import org.jspecify.annotations.Nullable;

/** A value of a function: the result of one operation, or a parameter of a block. */
final class Value {
  /** No variable of the source. */
  static final int UNNAMED = -1;

  /** Unique in its function. */
  final int id;

  /** The operation whose result it is; null for a parameter. */
  final @Nullable Op op;

  /** The local of the stack code that the value was stored in first, or {@link #UNNAMED}. */
  int variable = UNNAMED;

  /** How often operations, ends and edges name it; kept by {@link Uses}. */
  int uses;

  /** The block whose parameter it is; null for a result. */
  @Nullable SsaBlock block;

  private @Nullable IrType type;
  private @Nullable Value replacement;

  Value(int id, @Nullable Op op) {
    this.id = id;
    this.op = op;
  }

  /** Its type if that is known already; see {@link ValueTypes#of}. */
  @Nullable IrType knownType() {
    return type;
  }

  void type(IrType known) {
    type = known;
  }

  boolean isParameter() {
    return op == null;
  }

  /** Whether every use of it may simply make it anew. */
  boolean isConstant() {
    return op != null && Effects.isConstant(op);
  }

  /** The value that stands for this one now. */
  Value current() {
    Value at = this;
    while (at.replacement != null) {
      at = at.replacement;
    }
    return at;
  }

  /** Makes another value stand for this one from now on. */
  void replaceBy(Value other) {
    Value target = other.current();
    if (target != this) {
      replacement = target;
    }
  }

  boolean isReplaced() {
    return replacement != null;
  }

  @Override
  public String toString() {
    return "v" + id;
  }
}
