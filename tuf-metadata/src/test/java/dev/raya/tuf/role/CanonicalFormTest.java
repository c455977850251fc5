package dev.raya.tuf.role;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The order of members in what TUF signs. */
final class CanonicalFormTest {
  private static final int[] POINTS = {
    'A', 'Z', 'a', '~', 0x80, 0x7ff, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff
  };

  @Test
  void membersStandByCodePointsWhateverTheirOrderWas() throws Exception {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      TreeSet<String> sorted =
          new TreeSet<>(
              (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()));
      Json.ObjectBuilder shuffled = Json.object();
      for (int i = 0; i < 12; i++) {
        StringBuilder name = new StringBuilder();
        for (int k = random.nextInt(4); k >= 0; k--) {
          name.appendCodePoint(POINTS[random.nextInt(POINTS.length)]);
        }
        if (sorted.add(name.toString())) {
          shuffled.put(name.toString(), 1);
        }
      }
      Json.ObjectBuilder ordered = Json.object();
      StringBuilder expected = new StringBuilder();
      for (String name : sorted) {
        ordered.put(name, 1);
        expected.append(expected.isEmpty() ? "{" : ",").append('"').append(name).append("\":1");
      }
      assertThat(text(shuffled.build())).isEqualTo(expected + "}");
      assertThat(text(ordered.build())).isEqualTo(expected + "}");
    }
  }

  private static String text(Json value) throws Exception {
    return new String(CanonicalForm.bytes(value), StandardCharsets.UTF_8);
  }
}
