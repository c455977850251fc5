package dev.raya.compiler.types;

/** Relations between types (language.md 3.2). */
public final class Relations {
  /** How deep classes may derive and types may nest before a comparison gives up. */
  public static final int MAX_DEPTH = 256;

  private Relations() {}
}
