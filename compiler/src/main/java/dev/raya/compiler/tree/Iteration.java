package dev.raya.compiler.tree;

/** How {@code for…of} or a spread walks its subject. */
public enum Iteration {
  /** By index, the length read each round; arrays and tuples of one element type. */
  ARRAY,
  /** By code point. */
  STRING,
  /** Insertion order, {@code [K, V]} tuples. */
  MAP,
  /** Insertion order. */
  SET,
  /** Receives until closed. */
  CHANNEL,
  /** A json array. */
  JSON,
  /** By {@code iterator()} and {@code next()}. */
  ITERABLE
}
