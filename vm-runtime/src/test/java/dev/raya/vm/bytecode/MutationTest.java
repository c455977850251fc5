package dev.raya.vm.bytecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Hostile bytes: the reader and verifier answer with RbinException or accept, and do nothing else.
 */
class MutationTest {
  private static final long SEED = 20_250_101;
  private static final int MUTATIONS = 20_000;

  private static List<byte[]> corpus() throws RbinException {
    return List.of(
        RbinWriter.write(Modules.hello()),
        RbinWriter.write(Modules.rich()),
        RbinWriter.write(CoreModule.build()));
  }

  private static void repairDigest(byte[] bytes) {
    if (bytes.length >= 64) {
      Arrays.fill(bytes, 32, 64, (byte) 0);
      System.arraycopy(Sha256.hash(bytes).toBytes(), 0, bytes, 32, 32);
    }
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    int edits = 1 + random.nextInt(3);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> {
          int length = Math.min(1 + random.nextInt(16), bytes.length - at);
          int from = random.nextInt(bytes.length - length + 1);
          System.arraycopy(original, from, bytes, at, length);
        }
        case 3 -> bytes[at] = (byte) (bytes[at] + (random.nextBoolean() ? 1 : -1));
        default -> {
          int word = at & ~3;
          if (word + 4 <= bytes.length) {
            int[] values = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 16, 17, 255};
            int value = values[random.nextInt(values.length)];
            for (int k = 0; k < 4; k++) {
              bytes[word + k] = (byte) (value >> 8 * k);
            }
          }
        }
      }
    }
    repairDigest(bytes);
    return bytes;
  }

  @Test
  void mutatedFilesAreRefusedOrVerify() throws RbinException {
    Random random = new Random(SEED);
    List<byte[]> corpus = corpus();
    EnumMap<RbinErrorKind, Integer> seen = new EnumMap<>(RbinErrorKind.class);
    int accepted = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutate(corpus.get(i % corpus.size()), random);
      try {
        RbinModule module = Verifier.verify(bytes).module();
        accepted++;
        byte[] written = RbinWriter.write(module);
        boolean newer = bytes[4] != 0 || bytes[5] != 0 || written[12] != bytes[12];
        assertThat(newer || Arrays.equals(written, bytes))
            .as("mutation %d is canonical", i)
            .isTrue();
      } catch (RbinException e) {
        seen.merge(e.kind(), 1, Integer::sum);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("mutation " + i, e);
      }
    }
    assertThat(seen).hasSizeGreaterThan(18);
    assertThat(accepted).isPositive();
  }

  @Test
  void anyFlippedBitWithoutRepairIsRefused() throws RbinException {
    byte[] bytes = RbinWriter.write(Modules.hello());
    for (int at = 0; at < bytes.length; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 0x10;
      int offset = at;
      assertThatThrownBy(() -> RbinReader.read(flipped))
          .isInstanceOfSatisfying(
              RbinException.class,
              e -> {
                if (offset >= 28 || (offset >= 8 && offset < 16)) {
                  assertThat(e.kind()).isEqualTo(RbinErrorKind.CHECKSUM_MISMATCH);
                }
              });
    }
  }

  @Test
  void aFileCutOffAnywhereIsRefused() throws RbinException {
    byte[] bytes = RbinWriter.write(Modules.hello());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> RbinReader.read(cut))
          .isInstanceOfSatisfying(
              RbinException.class,
              e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.TRUNCATED_FILE));
      if (length >= 64) {
        for (int k = 0; k < 8; k++) {
          cut[16 + k] = (byte) ((long) length >> 8 * k);
        }
        repairDigest(cut);
        assertThatThrownBy(() -> RbinReader.read(cut)).isInstanceOf(RbinException.class);
      }
    }
  }

  @Test
  void bytesAfterTheEndAreRefused() throws RbinException {
    byte[] bytes = RbinWriter.write(Modules.hello());
    assertThatThrownBy(() -> RbinReader.read(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.TRAILING_DATA));
  }

  @Test
  void noiseIsRefused() {
    Random random = new Random(SEED);
    List<RbinErrorKind> kinds = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      assertThatThrownBy(() -> RbinReader.read(noise))
          .isInstanceOfSatisfying(RbinException.class, e -> kinds.add(e.kind()));
    }
    assertThat(kinds).contains(RbinErrorKind.TRUNCATED_FILE, RbinErrorKind.BAD_MAGIC);
  }
}
