package dev.raya.registry.http;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times as answers and pages write them. */
public final class Times {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

  private Times() {}

  /** RFC 3339, UTC, whole seconds. */
  public static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The day, for people: {@code 6 Jan 2026}. */
  public static String day(Instant time) {
    return DAY.format(LocalDate.ofInstant(time, ZoneOffset.UTC));
  }
}
