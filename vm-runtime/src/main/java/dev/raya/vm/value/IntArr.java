package dev.raya.vm.value;

import java.util.Arrays;

/** An array of int. */
public final class IntArr extends RArray {
  /** The elements; cells from {@code length} on are spare. */
  public int[] a;

  /** Makes an array of {@code length} elements that have the Java default value. */
  public IntArr(LinkedType type, int length) {
    super(type, length);
    a = new int[length];
  }

  @Override
  public byte kind() {
    return Kind.I;
  }

  @Override
  public long word(int i) {
    return a[i];
  }

  @Override
  public @org.jspecify.annotations.Nullable Object ref(int i) {
    return null;
  }

  @Override
  public void set(int i, long word, @org.jspecify.annotations.Nullable Object ref) {
    a[i] = (int) word;
  }

  @Override
  public int capacity() {
    return a.length;
  }

  @Override
  void grow(int capacity) {
    a = Arrays.copyOf(a, capacity);
  }

  @Override
  public void fill(int from, int to, long word, @org.jspecify.annotations.Nullable Object ref) {
    Arrays.fill(a, from, to, (int) word);
  }

  @Override
  public void copy(RArray source, int from, int to, int count) {
    System.arraycopy(((IntArr) source).a, from, a, to, count);
  }

  @Override
  public IntArr like(int count) {
    return new IntArr(type, count);
  }
}
