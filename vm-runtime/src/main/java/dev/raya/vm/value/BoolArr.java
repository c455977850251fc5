package dev.raya.vm.value;

import java.util.Arrays;

/** An array of boolean. */
public final class BoolArr extends RArray {
  /** The elements; cells from {@code length} on are spare. */
  public byte[] a;

  /** Makes an array of {@code length} elements that have the Java default value. */
  public BoolArr(LinkedType type, int length) {
    super(type, length);
    a = new byte[length];
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
    a[i] = (byte) word;
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
    Arrays.fill(a, from, to, (byte) word);
  }

  @Override
  public void copy(RArray source, int from, int to, int count) {
    System.arraycopy(((BoolArr) source).a, from, a, to, count);
  }

  @Override
  public BoolArr like(int count) {
    return new BoolArr(type, count);
  }
}
