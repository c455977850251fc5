package dev.raya.compiler.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PersistentMapTest {
  /** Few hashes for many keys, some of which differ in their highest bits only. */
  private record Key(int number) {
    @Override
    public int hashCode() {
      return number % 3 == 0 ? number : number % 3 == 1 ? number % 7 : number << 27;
    }
  }

  private static Map<Key, Integer> contents(PersistentMap<Key, Integer> map) {
    List<Key> keys = new ArrayList<>();
    map.forEachKey(keys::add);
    Map<Key, Integer> all = new HashMap<>();
    for (Key key : keys) {
      Integer value = map.get(key);
      assertThat(value).isNotNull();
      assertThat(all.put(key, value)).as("a key that is told twice").isNull();
    }
    assertThat(map.size()).isEqualTo(all.size());
    return all;
  }

  @Test
  void randomChangesMakeWhatAHashMapHas() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int range = seed % 2 == 0 ? 40 : 2_000;
      Map<Key, Integer> expected = new HashMap<>();
      PersistentMap<Key, Integer> map = PersistentMap.empty();
      for (int step = 0; step < 1_500; step++) {
        Key key = new Key(random.nextInt(range));
        PersistentMap<Key, Integer> before = map;
        if (random.nextInt(3) == 0) {
          expected.remove(key);
          map = map.remove(key);
        } else {
          expected.put(key, step);
          map = map.put(key, step);
        }
        assertThat(before.put(key, -1).get(key)).isEqualTo(-1);
      }
      assertThat(contents(map)).isEqualTo(expected);
    }
  }

  @Test
  void intersectionsHaveTheKeysOfBoth() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      PersistentMap<Key, Integer> common = PersistentMap.empty();
      for (int i = 0; i < random.nextInt(300); i++) {
        common = common.put(new Key(random.nextInt(500)), i);
      }
      PersistentMap<Key, Integer> a = changed(common, random);
      PersistentMap<Key, Integer> b = changed(common, random);
      Map<Key, Integer> expected = new HashMap<>();
      Map<Key, Integer> other = contents(b);
      contents(a)
          .forEach(
              (key, value) -> {
                Integer met = other.get(key);
                if (met != null) {
                  expected.put(key, met.equals(value) ? value : value + met);
                }
              });
      assertThat(contents(a.intersect(b, (x, y) -> x.equals(y) ? x : x + y))).isEqualTo(expected);
    }
  }

  private static PersistentMap<Key, Integer> changed(
      PersistentMap<Key, Integer> map, Random random) {
    PersistentMap<Key, Integer> now = map;
    for (int i = 0; i < random.nextInt(100); i++) {
      Key key = new Key(random.nextInt(500));
      now = random.nextBoolean() ? now.remove(key) : now.put(key, 1_000 + i);
    }
    return now;
  }

  @Test
  void changesThatChangeNothingGiveTheSameMap() {
    PersistentMap<Key, Integer> map = PersistentMap.empty();
    for (int i = 0; i < 200; i++) {
      map = map.put(new Key(i), i % 100);
    }
    PersistentMap<Key, Integer> full = map;
    Integer known = full.get(new Key(7));
    assertThat(full.put(new Key(7), Objects.requireNonNull(known))).isSameAs(full);
    assertThat(full.remove(new Key(1_000))).isSameAs(full);
    assertThat(full.intersect(full.put(new Key(5_000), 1), Integer::sum)).isSameAs(full);
  }
}
