package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrType;

/** A value that is no object was to become a value of a structural type. */
final class NoObjectException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient IrType from;
  private final transient IrType to;

  NoObjectException(IrType from, IrType to) {
    super(from + " as " + to);
    this.from = from;
    this.to = to;
  }

  IrType from() {
    return from;
  }

  IrType to() {
    return to;
  }
}
