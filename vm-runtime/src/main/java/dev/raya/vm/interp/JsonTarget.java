package dev.raya.vm.interp;

import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The last value that was made, in the tagged form of kind V, and the places it can go to. One
 * object serves a whole cast: a value is stored before the next one is made.
 */
final class JsonTarget {
  private long word;
  private @Nullable Object ref;

  void reference(Object value) {
    word = 0;
    ref = value;
  }

  void absent() {
    word = 0;
    ref = Tag.NULL;
  }

  void integer(int value) {
    word = value;
    ref = Tag.INT;
  }

  void number(double value) {
    word = Double.doubleToRawLongBits(value);
    ref = Tag.NUM;
  }

  void bool(boolean value) {
    word = value ? 1 : 0;
    ref = Tag.BOOL;
  }

  /** Makes a number of an integer, for a union that has numbers and no integers. */
  void widen() {
    if (ref == Tag.INT) {
      number((int) word);
    }
  }

  private @Nullable Object refFor(LinkedType type) {
    return switch (type.kind) {
      case Kind.R -> ref == Tag.NULL ? null : ref;
      case Kind.V -> ref;
      default -> null;
    };
  }

  /** Stores the value in two cells, in the form of a type. */
  void store(LinkedType type, long[] w, @Nullable Object[] r, int cell) {
    w[cell] = word;
    r[cell] = refFor(type);
  }

  void store(LinkedType type, RObj object, int field) {
    object.set(field, word, refFor(type));
  }

  void store(LinkedType type, RArray array, int index) {
    array.set(index, word, refFor(type));
  }

  void push(LinkedType type, RArray array) {
    array.push(word, refFor(type));
  }

  void put(LinkedType type, RMap map, String key) {
    map.put(0, key, word, refFor(type));
  }

  void add(LinkedType type, RMap set) {
    set.put(word, refFor(type), 0, null);
  }
}
