package dev.raya.cache.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Times as our documents write them: RFC 3339, UTC, mostly whole seconds. The same as {@link
 * Instant#parse} and {@link Instant#toString}, without the platform's formatters, which cost a
 * command that reads hundreds of times a tenth of its time.
 */
public final class UtcTimes {
  /** The length of {@code 2026-01-06T12:00:00Z}. */
  private static final int LENGTH = 20;

  private static final String FORM = "0000-00-00T00:00:00Z";
  private static final int SECONDS_OF_DAY = 86_400;

  /** The years that have four digits. */
  private static final Instant FIRST = Instant.ofEpochSecond(-62_167_219_200L);

  private static final Instant LAST = Instant.ofEpochSecond(253_402_300_799L);

  private UtcTimes() {}

  /**
   * The time that a text is.
   *
   * @throws DateTimeException if it is none
   */
  public static Instant parse(String text) {
    if (text.length() != LENGTH) {
      return Instant.parse(text);
    }
    for (int i = 0; i < LENGTH; i++) {
      char wanted = FORM.charAt(i);
      char found = text.charAt(i);
      if (wanted == '0' ? found < '0' || found > '9' : found != wanted) {
        return Instant.parse(text);
      }
    }
    int hour = two(text, 11);
    int minute = two(text, 14);
    int second = two(text, 17);
    if (hour > 23 || minute > 59 || second > 59) {
      return Instant.parse(text); // a midnight at the day's end, a leap second, or a fault
    }
    LocalDate day = LocalDate.of(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8));
    return Instant.ofEpochSecond(
        day.toEpochDay() * SECONDS_OF_DAY + (hour * 60L + minute) * 60 + second);
  }

  /** The text of a time. */
  public static String text(Instant time) {
    if (time.getNano() != 0 || time.isBefore(FIRST) || time.isAfter(LAST)) {
      return time.toString();
    }
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(time.getEpochSecond(), SECONDS_OF_DAY));
    int second = Math.floorMod(time.getEpochSecond(), SECONDS_OF_DAY);
    char[] text = FORM.toCharArray();
    put(text, 0, day.getYear() / 100);
    put(text, 2, day.getYear() % 100);
    put(text, 5, day.getMonthValue());
    put(text, 8, day.getDayOfMonth());
    put(text, 11, second / 3600);
    put(text, 14, second / 60 % 60);
    put(text, 17, second % 60);
    return new String(text);
  }

  private static int two(String text, int at) {
    return (text.charAt(at) - '0') * 10 + text.charAt(at + 1) - '0';
  }

  private static void put(char[] text, int at, int number) {
    text[at] = (char) ('0' + number / 10);
    text[at + 1] = (char) ('0' + number % 10);
  }
}
