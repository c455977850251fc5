package dev.raya.compiler.tree;

/**
 * The target of {@code break} and {@code continue}: a loop, a switch or a labelled block. Has
 * identity; the name is for people.
 */
public final class Label {
  private final String name;

  /** A label; the name is empty if the source gives none. */
  public Label(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
