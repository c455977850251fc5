package dev.raya.cache.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short way says what the platform says. */
final class UtcTimesTest {
  @Test
  void textsAreReadAsThePlatformReadsThem() {
    for (String text :
        List.of(
            "2026-01-06T12:34:56Z",
            "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "0000-02-29T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2024-02-29T10:00:00Z",
            "2026-01-06T24:00:00Z",
            "2026-01-06T23:59:60Z",
            "2026-01-06T12:34:56.5Z",
            "2026-01-06T12:34:56+02:00",
            "+12026-01-06T12:34:56Z")) {
      assertThat(UtcTimes.parse(text)).as(text).isEqualTo(Instant.parse(text));
    }
  }

  @Test
  void whatThePlatformRefusesIsRefused() {
    for (String text :
        List.of(
            "",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-32T00:00:00Z",
            "2026-01-06T25:00:00Z",
            "2026-01-06T12:60:00Z",
            "2026-01-06T12:00:61Z",
            "2026-01-06 12:00:00Z",
            "2026-01-06T12:00:0٣Z",
            "2026-01-06T12:00:00X")) {
      assertThatThrownBy(() -> UtcTimes.parse(text)).as(text).isInstanceOf(DateTimeException.class);
      assertThatThrownBy(() -> Instant.parse(text)).as(text).isInstanceOf(DateTimeException.class);
    }
  }

  @Test
  void timesAreWrittenAsThePlatformWritesThem() {
    for (Instant time :
        List.of(
            Instant.EPOCH,
            Instant.ofEpochSecond(-1),
            Instant.ofEpochSecond(1_767_702_896),
            Instant.ofEpochSecond(1_767_702_896, 5_000_000),
            Instant.parse("0000-01-01T00:00:00Z"),
            Instant.parse("0000-01-01T00:00:00Z").minusSeconds(1),
            Instant.parse("9999-12-31T23:59:59Z"),
            Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1),
            Instant.MIN,
            Instant.MAX)) {
      assertThat(UtcTimes.text(time)).isEqualTo(time.toString());
    }
  }
}
