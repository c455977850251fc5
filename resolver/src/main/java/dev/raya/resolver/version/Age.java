package dev.raya.resolver.version;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Durations as settings write them: {@code 3d} (packages.md section 2, {@code min-release-age}).
 */
public final class Age {
  private static final int MAX_DIGITS = 9;

  private Age() {}

  /** The duration of a whole number and one of {@code s m h d w}, or null if the text is none. */
  public static @Nullable Duration tryParse(String text) {
    int digits = text.length() - 1;
    if (digits < 1 || digits > MAX_DIGITS) {
      return null;
    }
    for (int i = 0; i < digits; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return null;
      }
    }
    long count = Long.parseLong(text.substring(0, digits));
    return switch (text.charAt(digits)) {
      case 's' -> Duration.ofSeconds(count);
      case 'm' -> Duration.ofMinutes(count);
      case 'h' -> Duration.ofHours(count);
      case 'd' -> Duration.ofDays(count);
      case 'w' -> Duration.ofDays(7 * count);
      default -> null;
    };
  }

  /** The duration in the largest unit that divides it. */
  public static String text(Duration age) {
    long seconds = age.toSeconds();
    long[] units = {604_800, 86_400, 3_600, 60};
    String names = "wdhm";
    for (int i = 0; i < units.length; i++) {
      if (seconds != 0 && seconds % units[i] == 0) {
        return String.format(Locale.ROOT, "%d%c", seconds / units[i], names.charAt(i));
      }
    }
    return seconds + "s";
  }
}
