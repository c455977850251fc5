package dev.raya.compiler.types;

/** Who may use a class member, from narrow to wide. */
public enum Access {
  /** The class. */
  PRIVATE,
  /** The class and its subclasses. */
  PROTECTED,
  /** Everyone. */
  PUBLIC
}
