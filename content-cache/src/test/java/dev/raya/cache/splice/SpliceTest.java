package dev.raya.cache.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SpliceTest {
  private static final int LIMIT = 1 << 20;

  private static byte[] snapshot(int version, int changed) {
    StringBuilder out = new StringBuilder("{\"sig\":\"" + "ab".repeat(32) + version + "\",");
    for (int bin = 0; bin < 4_096; bin++) {
      out.append("\"bin-")
          .append(Integer.toHexString(bin))
          .append(".json\":{\"version\":")
          .append(bin == changed ? 100 : 1)
          .append("},");
    }
    return out.append("\"version\":")
        .append(version)
        .append('}')
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void oneChangedBinCostsSomeDozenBytes() {
    byte[] base = snapshot(9, -1);
    byte[] target = snapshot(10, 2_000);
    byte[] splice = Splice.encode(base, target);
    assertThat(splice.length).isLessThan(200);
    assertThat(Splice.apply(base, splice, LIMIT)).contains(target);
    assertThat(Splice.apply(base, splice, target.length - 1)).isEmpty();
  }

  @Test
  void anyTwoFilesSpliceAndAnythingElseIsRefusedQuietly() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      byte[] base = new byte[random.nextInt(400)];
      random.nextBytes(base);
      byte[] target = Arrays.copyOf(base, random.nextInt(500));
      for (int i = random.nextInt(6); i > 0 && target.length > 0; i--) {
        target[random.nextInt(target.length)] ^= 1;
      }
      byte[] splice = Splice.encode(base, target);
      assertThat(Splice.apply(base, splice, LIMIT)).contains(target);
      byte[] broken = Arrays.copyOf(splice, splice.length - Math.min(splice.length, 1));
      if (broken.length > 0) {
        broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Splice.apply(base, broken, LIMIT);
    }
    assertThat(Splice.apply(new byte[10], new byte[] {9, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0}, LIMIT))
        .isEmpty();
    assertThat(
            Splice.apply(new byte[10], new byte[] {0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, 127}, LIMIT))
        .isEmpty();
    assertThat(Splice.apply(new byte[10], new byte[] {1, 2}, LIMIT)).isEmpty();
  }
}
