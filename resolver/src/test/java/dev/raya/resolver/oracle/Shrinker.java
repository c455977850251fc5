package dev.raya.resolver.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Cuts a failing problem down: members go as long as it still fails. */
final class Shrinker {
  private static final int MOST_ROUNDS = 10;

  private Shrinker() {}

  static Map<String, @Nullable Object> shrink(
      Map<String, @Nullable Object> problem, Predicate<Map<String, @Nullable Object>> fails) {
    Map<String, @Nullable Object> best = problem;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Map<String, @Nullable Object> before = best;
      for (List<String> path : paths(best, List.of())) {
        Map<String, @Nullable Object> smaller = JsonText.map(JsonText.copy(best));
        if (remove(smaller, path) && stillFails(smaller, fails)) {
          best = smaller;
        }
      }
      if (best == before) {
        return best;
      }
    }
    return best;
  }

  private static boolean stillFails(
      Map<String, @Nullable Object> problem, Predicate<Map<String, @Nullable Object>> fails) {
    try {
      return fails.test(problem);
    } catch (IllegalStateException refused) {
      // What is cut out of a problem may leave no problem at all.
      return false;
    }
  }

  /** Every member, outer ones first. */
  private static List<List<String>> paths(Map<String, @Nullable Object> object, List<String> at) {
    List<List<String>> paths = new ArrayList<>();
    object.forEach(
        (name, value) -> {
          List<String> path = new ArrayList<>(at);
          path.add(name);
          paths.add(path);
          if (value instanceof Map) {
            paths.addAll(paths(JsonText.map(value), path));
          }
        });
    return paths;
  }

  private static boolean remove(Map<String, @Nullable Object> object, List<String> path) {
    Map<String, @Nullable Object> at = object;
    for (String name : path.subList(0, path.size() - 1)) {
      if (!(at.get(name) instanceof Map)) {
        return false;
      }
      at = JsonText.map(at.get(name));
    }
    if (!at.containsKey(path.getLast())) {
      return false;
    }
    at.remove(path.getLast());
    return true;
  }
}
