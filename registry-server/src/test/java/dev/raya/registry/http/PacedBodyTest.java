package dev.raya.registry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Bodies on a clock of their own. */
final class PacedBodyTest {
  private long now = 5;

  /** Each read brings so many bytes and takes so long. */
  private PacedBody body(int length, int portion, Duration each) {
    InputStream slow =
        new ByteArrayInputStream(new byte[length]) {
          @Override
          public synchronized int read(byte[] target, int offset, int most) {
            now += each.toNanos();
            return super.read(target, offset, Math.min(most, portion));
          }
        };
    return new PacedBody(slow, () -> now);
  }

  @Test
  void bodyThatComesAtTheLeastPaceIsReadToItsEnd() throws IOException {
    int length = 40 * PacedBody.LEAST_PACE;
    PacedBody body = body(length, PacedBody.LEAST_PACE, Duration.ofSeconds(1));
    assertThat(body.readAllBytes()).hasSize(length);
  }

  @Test
  void shortBodyMayTakeTheGraceAndNoMore() throws IOException {
    assertThat(body(29, 1, Duration.ofSeconds(1)).readAllBytes()).hasSize(29);
    PacedBody dripping = body(Integer.MAX_VALUE >> 8, 1, Duration.ofSeconds(1));
    assertThatThrownBy(dripping::readAllBytes)
        .isInstanceOf(PacedBody.TooSlowException.class)
        .hasMessageContaining("found 31 bytes in 31 seconds");
    long ended = now;
    assertThatThrownBy(dripping::read).isInstanceOf(PacedBody.TooSlowException.class);
    assertThat(now).as("nothing more is read").isEqualTo(ended);
  }

  @Test
  void whatTheRegistryDoesBetweenTwoReadsIsNotTheClientsDelay() throws IOException {
    PacedBody body = body(100, 1, Duration.ofMillis(1));
    for (int i = 0; i < 100; i++) {
      assertThat(body.read()).isZero();
      now += Duration.ofMinutes(1).toNanos();
    }
    assertThat(body.read()).isNegative();
  }

  @Test
  void silenceThatTheServerEndsIsSlowAndABrokenLineIsNot() {
    for (Duration silence : new Duration[] {Duration.ofSeconds(60), Duration.ofSeconds(1)}) {
      InputStream silent =
          new InputStream() {
            @Override
            public int read() throws IOException {
              now += silence.toNanos();
              throw new IOException("timed out");
            }
          };
      boolean isSlow = silence.compareTo(PacedBody.GRACE) > 0;
      assertThatThrownBy(() -> new PacedBody(silent, () -> now).read())
          .isInstanceOf(isSlow ? PacedBody.TooSlowException.class : PacedBody.GoneException.class)
          .hasMessageContaining(isSlow ? "found 0 bytes in 60 seconds" : "went away after 0 bytes");
    }
  }
}
