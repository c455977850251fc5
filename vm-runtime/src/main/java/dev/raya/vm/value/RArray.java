package dev.raya.vm.value;

import org.jspecify.annotations.Nullable;

/**
 * A Raya array: a length, an element type and storage of one of five kinds (vm.md 2). The accessors
 * here serve code that does not know the storage; the interpreter uses the storage of the final
 * classes directly.
 */
public abstract sealed class RArray permits IntArr, NumArr, BoolArr, RefArr, AnyArr {
  /** The greatest number of elements (stdlib.md 19). */
  public static final int MAX_LENGTH = 1 << 28;

  /** The array type; its element type decides the storage. */
  public final LinkedType type;

  /** The number of elements. */
  public int length;

  RArray(LinkedType type, int length) {
    this.type = type;
    this.length = length;
  }

  /** Makes an array of zero values (unset elements where the type has none) of an array type. */
  public static RArray make(LinkedType type, int length) {
    LinkedType element = type.element();
    switch (element.kind) {
      case Kind.I:
        RArray ints = element.isBool() ? new BoolArr(type, length) : new IntArr(type, length);
        if (element.zeroWord != 0) {
          ints.fill(0, length, element.zeroWord, null);
        }
        return ints;
      case Kind.F:
        return new NumArr(type, length);
      case Kind.V:
        AnyArr any = new AnyArr(type, length);
        if (element.zeroRef != null) {
          any.fill(0, length, element.zeroWord, element.zeroRef);
        }
        return any;
      default:
        RefArr refs = new RefArr(type, length);
        if (element.zeroRef != null) {
          refs.fill(0, length, 0, element.zeroRef);
        }
        return refs;
    }
  }

  /** Returns the physical kind of the elements. */
  public abstract byte kind();

  /** Returns the word of an element in range; 0 for references. */
  public abstract long word(int i);

  /** Returns the reference of an element in range; null for words. */
  public abstract @Nullable Object ref(int i);

  /** Stores both cells of an element in range of the storage. */
  public abstract void set(int i, long word, @Nullable Object ref);

  /** Returns how many elements the storage has room for. */
  public abstract int capacity();

  abstract void grow(int capacity);

  /** Stores one value in a range of elements. */
  public abstract void fill(int from, int to, long word, @Nullable Object ref);

  /** Copies elements of an array of the same storage, possibly this one. */
  public abstract void copy(RArray source, int from, int to, int count);

  /** Makes an array of the same type with {@code count} elements of the Java default. */
  public abstract RArray like(int count);

  /**
   * Makes room for {@code needed} elements; growth is geometric, so that pushing is amortised
   * constant.
   */
  public final void reserve(int needed) {
    int capacity = capacity();
    if (needed > capacity) {
      grow(Math.max(needed, Math.min(MAX_LENGTH, capacity + (capacity >> 1) + 8)));
    }
  }

  /** Appends an element; the caller has checked {@link #MAX_LENGTH}. */
  public final void push(long word, @Nullable Object ref) {
    reserve(length + 1);
    set(length, word, ref);
    length++;
  }

  /** Shortens the array and clears the references that fell off. */
  public final void truncate(int newLength) {
    fill(newLength, length, 0, null);
    length = newLength;
  }
}
