package dev.raya.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.http.ByteRange.Asked;
import org.junit.jupiter.api.Test;

final class ByteRangeTest {
  @Test
  void oneRangeIsServedAndTheRestIsTheWhole() {
    assertThat(ByteRange.of("bytes=0-", 10)).isEqualTo(part(0, 10));
    assertThat(ByteRange.of("bytes=3-5", 10)).isEqualTo(part(3, 3));
    assertThat(ByteRange.of("bytes=3-500", 10)).isEqualTo(part(3, 7));
    assertThat(ByteRange.of("bytes=-4", 10)).isEqualTo(part(6, 4));
    assertThat(ByteRange.of("bytes=-40", 10)).isEqualTo(part(0, 10));
    assertThat(ByteRange.of("bytes=10-", 10)).isEqualTo(new Asked.Unsatisfiable());
    assertThat(ByteRange.of("bytes=-0", 10)).isEqualTo(new Asked.Unsatisfiable());
    for (String header :
        new String[] {
          "bytes=5-3",
          "bytes=",
          "bytes=-",
          "bytes=a-b",
          "lines=1-2",
          "bytes=0-1,3-4",
          "bytes=99999999999999999999-"
        }) {
      assertThat(ByteRange.of(header, 10)).as(header).isEqualTo(new Asked.Whole());
    }
    assertThat(ByteRange.of(null, 10)).isEqualTo(new Asked.Whole());
  }

  private static Asked part(long start, long length) {
    return new Asked.Part(new ByteRange(start, length));
  }
}
