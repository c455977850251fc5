package dev.raya.vm.value;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An array of elements of kind V: a reference or {@link Tag} and a word each. */
public final class AnyArr extends RArray {
  /** The words of the elements. */
  public long[] w;

  /** The references or tags of the elements; Java null is unset. */
  public @Nullable Object[] r;

  /** Makes an array of {@code length} unset elements. */
  public AnyArr(LinkedType type, int length) {
    super(type, length);
    w = new long[length];
    r = new Object[length];
  }

  @Override
  public byte kind() {
    return Kind.V;
  }

  @Override
  public long word(int i) {
    return w[i];
  }

  @Override
  public @Nullable Object ref(int i) {
    return r[i];
  }

  @Override
  public void set(int i, long word, @Nullable Object ref) {
    w[i] = word;
    r[i] = ref;
  }

  @Override
  public int capacity() {
    return r.length;
  }

  @Override
  void grow(int capacity) {
    w = Arrays.copyOf(w, capacity);
    r = Arrays.copyOf(r, capacity);
  }

  @Override
  public void fill(int from, int to, long word, @Nullable Object ref) {
    Arrays.fill(w, from, to, word);
    Arrays.fill(r, from, to, ref);
  }

  @Override
  public void copy(RArray source, int from, int to, int count) {
    AnyArr other = (AnyArr) source;
    System.arraycopy(other.w, from, w, to, count);
    System.arraycopy(other.r, from, r, to, count);
  }

  @Override
  public AnyArr like(int count) {
    return new AnyArr(type, count);
  }
}
