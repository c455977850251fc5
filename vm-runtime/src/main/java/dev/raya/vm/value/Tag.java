package dev.raya.vm.value;

/**
 * What stands in the reference cell of a value of physical kind V when it is no object (vm.md 2):
 * the payload of {@link #INT}, {@link #NUM} and {@link #BOOL} is in the word cell beside it. An
 * unset cell is Java null.
 */
public final class Tag {
  /** The word holds an int, sign-extended. */
  public static final Tag INT = new Tag("int");

  /** The word holds the bits of a binary64. */
  public static final Tag NUM = new Tag("number");

  /** The word holds 0 or 1. */
  public static final Tag BOOL = new Tag("boolean");

  /** The value null; the word is not used. */
  public static final Tag NULL = new Tag("null");

  private final String name;

  private Tag(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
