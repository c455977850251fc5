package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Unions;

/**
 * Where a variable lives in a function.
 *
 * @param index of the local, capture or field
 * @param type of the variable
 * @param mayBeUnset whether the cell's content may be null because the declaration has not run yet
 */
record Place(Kind kind, int index, IrType type, boolean mayBeUnset) {
  enum Kind {
    /** In a local. */
    LOCAL,
    /** In a cell that a local holds. */
    CELL,
    /** In a capture. */
    CAPTURE,
    /** In a cell that a capture holds. */
    CAPTURED_CELL,
    /** In a field of {@code this}. */
    HELD,
    /** In a cell that a field of {@code this} holds. */
    HELD_CELL
  }

  boolean inCell() {
    return switch (kind) {
      case CELL, CAPTURED_CELL, HELD_CELL -> true;
      case LOCAL, CAPTURE, HELD -> false;
    };
  }

  /** What the local, capture or field holds. */
  IrType heldType() {
    return inCell() ? new IrType.Cell(content()) : type;
  }

  /** What the cell holds. */
  IrType content() {
    return mayBeUnset ? Unions.nullable(type) : type;
  }

  /** The same variable seen from a closure that captured it. */
  Place captured(int capture) {
    return new Place(inCell() ? Kind.CAPTURED_CELL : Kind.CAPTURE, capture, type, mayBeUnset);
  }
}
