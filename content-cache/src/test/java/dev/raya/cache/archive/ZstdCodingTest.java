package dev.raya.cache.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The zstd content coding gives back what went in, and refuses what is cut off or too large. */
final class ZstdCodingTest {
  private static final byte[] BODY =
      "{\"end\":true,\"frames\":0}\n".repeat(1000).getBytes(StandardCharsets.UTF_8);

  @Test
  void bodyComesBack() throws IOException {
    byte[] coded = ZstdCoding.compress(BODY);
    assertThat(coded.length).isLessThan(BODY.length / 10);
    assertThat(ZstdCoding.decompress(coded, BODY.length)).isEqualTo(BODY);
  }

  @Test
  void moreThanTheLimitIsRefused() {
    byte[] coded = ZstdCoding.compress(BODY);
    assertThatThrownBy(() -> ZstdCoding.decompress(coded, BODY.length - 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("larger than");
  }

  @Test
  void cutOffAndForeignBytesAreRefused() {
    byte[] coded = ZstdCoding.compress(BODY);
    assertThatThrownBy(
            () -> ZstdCoding.decompress(Arrays.copyOf(coded, coded.length / 2), BODY.length))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ZstdCoding.decompress(BODY, BODY.length))
        .isInstanceOf(IOException.class);
  }
}
