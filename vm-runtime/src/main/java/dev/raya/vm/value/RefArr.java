package dev.raya.vm.value;

import java.util.Arrays;

/** An array of references; Java null is null, or unset where the element type has no null. */
public final class RefArr extends RArray {
  /** The elements; cells from {@code length} on are spare. */
  public @org.jspecify.annotations.Nullable Object[] a;

  /** Makes an array of {@code length} elements that have the Java default value. */
  public RefArr(LinkedType type, int length) {
    super(type, length);
    a = new Object[length];
  }

  @Override
  public byte kind() {
    return Kind.R;
  }

  @Override
  public long word(int i) {
    return 0;
  }

  @Override
  public @org.jspecify.annotations.Nullable Object ref(int i) {
    return a[i];
  }

  @Override
  public void set(int i, long word, @org.jspecify.annotations.Nullable Object ref) {
    a[i] = ref;
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
    Arrays.fill(a, from, to, ref);
  }

  @Override
  public void copy(RArray source, int from, int to, int count) {
    System.arraycopy(((RefArr) source).a, from, a, to, count);
  }

  @Override
  public RefArr like(int count) {
    return new RefArr(type, count);
  }
}
