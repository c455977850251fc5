package dev.raya.compiler.tree;

/** The arithmetic and comparison operators after overloads are resolved. */
public enum Operator {
  /** Sum or concatenation. */
  ADD,
  /** Difference. */
  SUBTRACT,
  /** Product. */
  MULTIPLY,
  /** Quotient. */
  DIVIDE,
  /** Remainder. */
  REMAINDER,
  /** Power; numbers only. */
  POWER,
  /** Bitwise and. */
  BIT_AND,
  /** Bitwise or. */
  BIT_OR,
  /** Bitwise exclusive or. */
  BIT_XOR,
  /** Left shift. */
  SHIFT_LEFT,
  /** Arithmetic right shift. */
  SHIFT_RIGHT,
  /** Logical right shift; the result type tells whether it is an int or an unsigned number. */
  SHIFT_RIGHT_UNSIGNED,
  /** Less. */
  LESS,
  /** Less or equal. */
  LESS_EQUAL,
  /** Greater. */
  GREATER,
  /** Greater or equal. */
  GREATER_EQUAL,
  /** Same value or identity. */
  EQUAL,
  /** Not EQUAL. */
  NOT_EQUAL;

  /** Whether the result is a boolean. */
  public boolean isComparison() {
    return ordinal() >= LESS.ordinal();
  }
}
