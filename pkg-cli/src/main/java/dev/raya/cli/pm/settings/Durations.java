package dev.raya.cli.pm.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * Durations as settings write them: a whole number and {@code s}, {@code m}, {@code h}, {@code d}
 * or {@code w}.
 */
public final class Durations {
  private static final int MAX_DIGITS = 9;

  private Durations() {}

  /** Reads a duration; empty if it is none. */
  public static Optional<Duration> parse(String text) {
    int last = text.length() - 1;
    if (last < 1 || last > MAX_DIGITS) {
      return Optional.empty();
    }
    long number = 0;
    for (int i = 0; i < last; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return Optional.empty();
      }
      number = number * 10 + (c - '0');
    }
    return switch (text.charAt(last)) {
      case 's' -> Optional.of(Duration.ofSeconds(number));
      case 'm' -> Optional.of(Duration.ofMinutes(number));
      case 'h' -> Optional.of(Duration.ofHours(number));
      case 'd' -> Optional.of(Duration.ofDays(number));
      case 'w' -> Optional.of(Duration.ofDays(7 * number));
      default -> Optional.empty();
    };
  }
}
