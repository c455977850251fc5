package dev.raya.vm.context;

import dev.raya.vm.value.RClass;
import java.util.HashMap;
import java.util.Map;

/**
 * The class instances of a context by template and type arguments: the first loaded one is the
 * class (rbin.md 3.12).
 */
final class ClassInstances {
  private final Map<String, RClass> byKey = new HashMap<>();
  private final Map<RClass, Integer> numbers = new HashMap<>();

  /** Returns the class known under a key, which is {@code candidate} if there was none. */
  RClass first(String key, RClass candidate) {
    RClass known = byKey.putIfAbsent(key, candidate);
    return known == null ? candidate : known;
  }

  /** Returns a number for a class that no other class of the context has. */
  int number(RClass cls) {
    return numbers.computeIfAbsent(cls, c -> numbers.size() + 1);
  }
}
