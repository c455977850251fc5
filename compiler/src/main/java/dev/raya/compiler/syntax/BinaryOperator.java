package dev.raya.compiler.syntax;

/**
 * A binary operator, language.md 5.1; {@code ==} and {@code !=} are read as {@code ===}, {@code
 * !==}.
 */
public enum BinaryOperator {
  /** {@code +}. */
  ADD("+"),
  /** {@code -}. */
  SUBTRACT("-"),
  /** {@code *}. */
  MULTIPLY("*"),
  /** {@code /}. */
  DIVIDE("/"),
  /** {@code %}. */
  REMAINDER("%"),
  /** {@code **}. */
  POWER("**"),
  /** {@code <}. */
  LESS("<"),
  /** {@code <=}. */
  LESS_EQUAL("<="),
  /** {@code >}. */
  GREATER(">"),
  /** {@code >=}. */
  GREATER_EQUAL(">="),
  /** {@code ===} or {@code ==}. */
  EQUAL("==="),
  /** {@code !==} or {@code !=}. */
  NOT_EQUAL("!=="),
  /** {@code &}. */
  BIT_AND("&"),
  /** {@code |}. */
  BIT_OR("|"),
  /** {@code ^}. */
  BIT_XOR("^"),
  /** {@code <<}. */
  SHIFT_LEFT("<<"),
  /** {@code >>}. */
  SHIFT_RIGHT(">>"),
  /** {@code >>>}. */
  SHIFT_RIGHT_UNSIGNED(">>>"),
  /** {@code &&}. */
  AND("&&"),
  /** {@code ||}. */
  OR("||"),
  /** {@code ??}. */
  COALESCE("??");

  private final String text;

  BinaryOperator(String text) {
    this.text = text;
  }

  /** As written. */
  public String text() {
    return text;
  }
}
