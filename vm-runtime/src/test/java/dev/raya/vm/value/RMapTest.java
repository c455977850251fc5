package dev.raya.vm.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.PredefinedType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Maps against java.util.LinkedHashMap, and walks during changes (stdlib.md 2.7). */
class RMapTest {
  private static RMap map(int key, int value) {
    RClass cls = new RClass("Map", RClass.Sort.CLASS);
    cls.storage = RClass.Storage.MAP;
    cls.typeArguments = new LinkedType[] {TypeLinker.predefined(key), TypeLinker.predefined(value)};
    return (RMap) cls.instantiate();
  }

  private static List<Long> keys(RMap map) {
    List<Long> keys = new ArrayList<>();
    for (int i = 0; i < map.bound(); i++) {
      if (map.live(i)) {
        keys.add(map.keyWord(i));
      }
    }
    return keys;
  }

  @Test
  void randomOperationsMatchALinkedHashMap() {
    Random random = new Random(3);
    RMap map = map(PredefinedType.INT, PredefinedType.INT);
    Map<Long, Long> model = new LinkedHashMap<>();
    for (int i = 0; i < 50_000; i++) {
      long key = random.nextInt(300);
      if (random.nextInt(3) > 0) {
        map.put(key, null, i, null);
        model.put(key, (long) i);
      } else {
        assertThat(map.remove(key, null)).isEqualTo(model.remove(key) != null);
      }
      if (random.nextInt(5_000) == 0) {
        map.clear();
        model.clear();
      }
      assertThat(map.size()).isEqualTo(model.size());
    }
    assertThat(keys(map)).isEqualTo(List.copyOf(model.keySet()));
    model.forEach((k, v) -> assertThat(map.valueWord(map.find(k, null))).isEqualTo(v));
  }

  /**
   * A walk by order sees every entry once while others come and go, gaps being squeezed out
   * meanwhile.
   */
  @Test
  void aWalkNeitherSkipsNorRepeats() {
    RMap map = map(PredefinedType.INT, PredefinedType.INT);
    for (int i = 0; i < 1_000; i++) {
      map.put(i, null, 0, null);
    }
    List<Long> seen = new ArrayList<>();
    long last = -1;
    for (int entry = map.after(last); entry < map.bound(); entry = map.after(last)) {
      last = map.order(entry);
      if (map.live(entry)) {
        long key = map.keyWord(entry);
        seen.add(key);
        map.remove(key, null);
        if (key < 1_000) {
          map.put(key + 10_000, null, 0, null);
        }
      }
    }
    assertThat(seen).hasSize(2_000).doesNotHaveDuplicates();
    assertThat(map.size()).isZero();
  }

  @Test
  void stringsCompareByTextAndNumbersWithNaN() {
    RMap texts = map(PredefinedType.STRING, PredefinedType.INT);
    String left = "x".repeat(50);
    texts.put(0, left + left, 1, null);
    assertThat(texts.find(0, Text.concat(left, left))).isZero();
    RMap numbers = map(PredefinedType.NUMBER, PredefinedType.INT);
    numbers.put(Double.doubleToRawLongBits(Double.NaN), null, 1, null);
    numbers.put(Double.doubleToRawLongBits(-0.0), null, 2, null);
    assertThat(numbers.find(Double.doubleToRawLongBits(0.0), null)).isEqualTo(1);
    assertThat(numbers.find(0xFFF8000000000001L, null)).isZero();
  }
}
