package dev.raya.vm.bytecode;

import java.util.HashMap;
import java.util.Map;

/**
 * Finds the types of a builder that come out equal: interning misses those that were reserved
 * before they were defined, and unions whose members turn out to be one type.
 */
final class TypeMerging {
  private final RbinBuilder builder;
  private final int[] representative;

  TypeMerging(RbinBuilder builder) {
    this.builder = builder;
    this.representative = new int[PredefinedType.FIRST_STORED + builder.types.size()];
  }

  /** For every handle the one that stands for all its equals. */
  int[] representatives() {
    for (int i = 0; i < representative.length; i++) {
      representative[i] = i;
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      Map<String, Integer> first = new HashMap<>();
      for (int handle = PredefinedType.FIRST_STORED; handle < representative.length; handle++) {
        if (representative[handle] != handle) {
          continue;
        }
        RType type = TypeOrder.map(builder.typeOf(handle), this::find, r -> r);
        String key = TypeKey.of(type);
        int found =
            type instanceof RType.UnionType union && union.members().size() == 1
                ? union.members().getFirst()
                : first.getOrDefault(key, handle);
        if (found == handle) {
          first.put(key, handle);
        } else {
          representative[handle] = found;
          changed = true;
        }
      }
    }
    for (int i = 0; i < representative.length; i++) {
      representative[i] = find(i);
    }
    return representative;
  }

  private int find(int handle) {
    int at = handle;
    while (representative[at] != at) {
      at = representative[at];
    }
    return at;
  }
}
