package dev.raya.compiler.syntax;

/** A prefix operator. */
public enum UnaryOperator {
  /** {@code !}. */
  NOT("!"),
  /** {@code ~}. */
  COMPLEMENT("~"),
  /** {@code +}. */
  PLUS("+"),
  /** {@code -}. */
  MINUS("-"),
  /** {@code typeof}. */
  TYPEOF("typeof"),
  /** {@code await}. */
  AWAIT("await");

  private final String text;

  UnaryOperator(String text) {
    this.text = text;
  }

  /** As written. */
  public String text() {
    return text;
  }
}
