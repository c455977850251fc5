package dev.raya.vm.value;

import java.util.Arrays;

/** An array of number. */
public final class NumArr extends RArray {
  /** The elements; cells from {@code length} on are spare. */
  public double[] a;

  /** Makes an array of {@code length} elements that have the Java default value. */
  public NumArr(LinkedType type, int length) {
    super(type, length);
    a = new double[length];
  }

  @Override
  public byte kind() {
    return Kind.F;
  }

  @Override
  public long word(int i) {
    return Double.doubleToRawLongBits(a[i]);
  }

  @Override
  public @org.jspecify.annotations.Nullable Object ref(int i) {
    return null;
  }

  @Override
  public void set(int i, long word, @org.jspecify.annotations.Nullable Object ref) {
    a[i] = Double.longBitsToDouble(word);
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
    Arrays.fill(a, from, to, Double.longBitsToDouble(word));
  }

  @Override
  public void copy(RArray source, int from, int to, int count) {
    System.arraycopy(((NumArr) source).a, from, a, to, count);
  }

  @Override
  public NumArr like(int count) {
    return new NumArr(type, count);
  }
}
