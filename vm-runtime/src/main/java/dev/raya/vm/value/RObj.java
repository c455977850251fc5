package dev.raya.vm.value;

import org.jspecify.annotations.Nullable;

/**
 * An object: an instance of a class, an object literal or a tuple (vm.md 2). The fields lie in two
 * arrays as its {@link RClass}'s layout says; generated layout classes may take their place without
 * a change outside this class and {@link RClass}, since {@link RClass#wordIndex} and {@link
 * RClass#refIndex} are the only way to a field.
 */
public sealed class RObj permits RError, RMap, RNative {
  private static final long[] NO_WORDS = {};
  private static final @Nullable Object[] NO_REFS = {};

  /** The epoch in which the accounting mark last reached the object (vm.md 9.3). */
  public int mark;

  /** The class, object shape or tuple shape. */
  public final RClass cls;

  /** The words of the fields of kind I, F and V. */
  public final long[] w;

  /** The references of the fields of kind R and V. */
  public final @Nullable Object[] r;

  /** Makes an object whose fields have the zero values of their types. */
  public RObj(RClass cls) {
    this.cls = cls;
    this.w = cls.zeroWords.length == 0 ? NO_WORDS : cls.zeroWords.clone();
    this.r = cls.zeroRefs.length == 0 ? NO_REFS : cls.zeroRefs.clone();
  }

  /** Returns the word of a field, 0 if it has none. */
  public final long word(int field) {
    int i = cls.wordIndex[field];
    return i < 0 ? 0 : w[i];
  }

  /** Returns the reference of a field, null if it has none. */
  public final @Nullable Object ref(int field) {
    int i = cls.refIndex[field];
    return i < 0 ? null : r[i];
  }

  /** Stores a value in a field, in the cells that the field has. */
  public final void set(int field, long word, @Nullable Object ref) {
    int i = cls.wordIndex[field];
    if (i >= 0) {
      w[i] = word;
    }
    i = cls.refIndex[field];
    if (i >= 0) {
      r[i] = ref;
    }
  }
}
