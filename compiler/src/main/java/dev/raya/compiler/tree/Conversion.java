package dev.raya.compiler.tree;

/** Why and how a value changes its static type; see {@link Expr.Convert}. */
public enum Conversion {
  /** int to number. With a type parameter as source it depends on the instance. */
  INT_TO_NUMBER,
  /** number to int by truncation modulo 2^32, for bitwise operators (language.md 6.4). */
  NUMBER_TO_INT32,
  /** To a supertype: literal to base, member to union, class to base class or structure. */
  WIDEN,
  /** To a subtype that control flow proves; no check at run time, but perhaps an unpacking. */
  NARROW,
  /**
   * As NARROW for a mutable path: checked, throws TypeError if the value has changed (language.md
   * 4.5).
   */
  CHECKED_NARROW,
  /**
   * A function to a function type whose calls need conversions; the value stays the same object.
   */
  ADAPT_FUNCTION,
  /** A primitive to json. */
  TO_JSON,
  /** {@code json as T}: checked and copied. */
  JSON_CAST,
  /** An array, string, Map or Set to Iterable. */
  TO_ITERABLE,
  /** A tuple to a new array of its elements, for the members that arrays have. */
  TUPLE_TO_ARRAY
}
