package dev.raya.vm.value;

import org.jspecify.annotations.Nullable;

/** A variable that several closures share (rbin.md NEW_CELL). */
public final class Cell {
  /** The content's type. */
  public final LinkedType content;

  /** The word, for kinds I, F and V. */
  public long w;

  /** The reference, for kinds R and V; Java null may be unset. */
  public @Nullable Object r;

  /** Makes a cell with its first content. */
  public Cell(LinkedType content, long w, @Nullable Object r) {
    this.content = content;
    this.w = w;
    this.r = r;
  }
}
