package dev.raya.vm.interp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects {@link Quick} instructions, their constants and their origins, and binds branch targets.
 */
final class QuickWriter {
  private int[] code = new int[64];
  private int length;
  private long[] words = new long[8];
  private int wordCount;
  private @Nullable Object[] refs = new Object[8];
  private int refCount;
  private int[] places = new int[16];
  private int[] offsets = new int[16];
  private int origins;
  private int[] fixups = new int[8];
  private int fixupCount;
  private int currentOffset;

  /** Sets the original offset that instructions written from now on come from. */
  void origin(int offset) {
    currentOffset = offset;
  }

  /** Returns the place of the next instruction. */
  int place() {
    return length;
  }

  /** Starts an instruction. */
  QuickWriter op(int op) {
    if (origins == places.length) {
      places = Arrays.copyOf(places, origins * 2);
      offsets = Arrays.copyOf(offsets, origins * 2);
    }
    places[origins] = length;
    offsets[origins++] = currentOffset;
    return put(op);
  }

  /** Writes an operand. */
  QuickWriter put(int value) {
    if (length == code.length) {
      code = Arrays.copyOf(code, length * 2);
    }
    code[length++] = value;
    return this;
  }

  /** Writes an operand that will hold the place of an original offset. */
  QuickWriter target(int offset) {
    if (fixupCount == fixups.length) {
      fixups = Arrays.copyOf(fixups, fixupCount * 2);
    }
    fixups[fixupCount++] = length;
    return put(offset);
  }

  /** Returns how many instructions were started. */
  int count() {
    return origins;
  }

  int at(int place) {
    return code[place];
  }

  void set(int place, int value) {
    code[place] = value;
  }

  /** Returns the index of a word constant. */
  int word(long value) {
    for (int i = 0; i < wordCount; i++) {
      if (words[i] == value) {
        return i;
      }
    }
    if (wordCount == words.length) {
      words = Arrays.copyOf(words, wordCount * 2);
    }
    words[wordCount] = value;
    return wordCount++;
  }

  /** Returns the index of a reference; the same object gets the same index within the last few. */
  int ref(@Nullable Object value) {
    for (int i = refCount - 1; i >= 0 && i >= refCount - 32; i--) {
      if (refs[i] == value) {
        return i;
      }
    }
    return newRef(value);
  }

  /** Returns the index of a new place for a reference, for caches. */
  int newRef(@Nullable Object value) {
    if (refCount == refs.length) {
      refs = Arrays.copyOf(refs, refCount * 2);
    }
    refs[refCount] = value;
    return refCount++;
  }

  /** Replaces the offsets in target operands by places. */
  void bind(int[] placeOfOffset) {
    for (int i = 0; i < fixupCount; i++) {
      code[fixups[i]] = placeOfOffset[code[fixups[i]]];
    }
  }

  int[] code() {
    return Arrays.copyOf(code, length);
  }

  long[] words() {
    return Arrays.copyOf(words, wordCount);
  }

  @Nullable Object[] refs() {
    return Arrays.copyOf(refs, refCount);
  }

  int[] places() {
    return Arrays.copyOf(places, origins);
  }

  int[] offsets() {
    return Arrays.copyOf(offsets, origins);
  }
}
