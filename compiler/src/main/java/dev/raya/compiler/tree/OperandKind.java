package dev.raya.compiler.tree;

/** The common kind of both operands of a {@link Expr.Binary}. */
public enum OperandKind {
  /** 32-bit integers. */
  INT,
  /** binary64. */
  NUMBER,
  /** Strings. */
  STRING,
  /** Booleans (equality only). */
  BOOLEAN,
  /** Objects compared by identity, null allowed (equality only). */
  REFERENCE,
  /** Values of unions and type parameters, compared by value or identity (equality only). */
  VALUE
}
