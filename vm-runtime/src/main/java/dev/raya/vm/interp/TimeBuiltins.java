package dev.raya.vm.interp;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Dates by pattern (stdlib.md 14): yyyy MM dd HH mm ss SSS EEE MMM, the offset as three X and
 * quoted text.
 */
final class TimeBuiltins {
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
  private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
  private static final String OFFSET = "XX" + "X";
  private static final int MAX_OFFSET = 18 * 60;
  private static final List<String> FIELDS =
      List.of("yyyy", "MMM", "MM", "dd", "HH", "mm", "SSS", "ss", OFFSET, "EEE");

  /** Names of the time zone database that {@link ZoneId#of(String)} does not take. */
  private static final Map<String, String> OLD_NAMES =
      Map.of("EST", "America/Panama", "MST", "America/Phoenix", "HST", "Pacific/Honolulu");

  private TimeBuiltins() {}

  static void call(int id, Args a) {
    if (id == 504) {
      Instant instant = Instant.ofEpochMilli((long) a.number(0));
      a.returnRef(format(instant.atZone(zone(a.text(2))), a.text(1)));
    } else {
      a.returnNumber(parse(a.text(0), a.text(1), zone(a.text(2))));
    }
  }

  /** A zone by its name in the time zone database; offsets such as {@code GMT+2} are no names. */
  private static ZoneId zone(String name) {
    if (name.equals("UTC")) {
      return ZoneOffset.UTC;
    }
    if (!OLD_NAMES.containsKey(name)
        && (name.startsWith("SystemV/")
            || !ZoneRulesProvider.getAvailableZoneIds().contains(name))) {
      throw Args.rangeError("unknown time zone '" + name + "'");
    }
    return ZoneId.of(name, OLD_NAMES);
  }

  /** The field or text of a pattern at a place; text starts with a quote. */
  private static String token(String pattern, int at) {
    for (String field : FIELDS) {
      if (pattern.startsWith(field, at)) {
        return field;
      }
    }
    char c = pattern.charAt(at);
    if (c == '\'') {
      int end = pattern.indexOf('\'', at + 1);
      while (end > at + 1 && pattern.startsWith("''", end)) {
        end = pattern.indexOf('\'', end + 2);
      }
      if (end < 0) {
        throw TrapException.syntax("the quoted text of the pattern does not end", at);
      }
      return pattern.substring(at, end + 1);
    }
    if (Character.isLetter(c)) {
      throw TrapException.syntax("unknown letter '" + c + "' in the pattern", at);
    }
    return String.valueOf(c);
  }

  /** What a token that is no field stands for; two quotes are one, in quoted text too. */
  private static String literal(String token) {
    return token.length() == 1
        ? token
        : token.length() == 2 ? "'" : token.substring(1, token.length() - 1).replace("''", "'");
  }

  private static String format(ZonedDateTime t, String pattern) {
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < pattern.length(); ) {
      String token = token(pattern, at);
      at += token.length();
      switch (token) {
        case "yyyy" -> pad(out, t.getYear(), 4);
        case "MMM" -> out.append(MONTHS.get(t.getMonthValue() - 1));
        case "MM" -> pad(out, t.getMonthValue(), 2);
        case "dd" -> pad(out, t.getDayOfMonth(), 2);
        case "HH" -> pad(out, t.getHour(), 2);
        case "mm" -> pad(out, t.getMinute(), 2);
        case "ss" -> pad(out, t.getSecond(), 2);
        case "SSS" -> pad(out, t.getNano() / 1_000_000, 3);
        case "EEE" -> out.append(DAYS.get(t.getDayOfWeek().getValue() - 1));
        case OFFSET -> {
          int minutes = t.getOffset().getTotalSeconds() / 60;
          if (minutes == 0) {
            out.append('Z');
          } else {
            out.append(minutes < 0 ? '-' : '+');
            pad(out, Math.abs(minutes) / 60, 2);
            pad(out.append(':'), Math.abs(minutes) % 60, 2);
          }
        }
        default -> out.append(literal(token));
      }
    }
    return out.toString();
  }

  private static void pad(StringBuilder out, int value, int width) {
    out.append(String.format(Locale.ROOT, "%0" + width + "d", value));
  }

  private static double parse(String text, String pattern, ZoneId zone) {
    int[] fields = {1970, 1, 1, 0, 0, 0, 0};
    Integer offset = null;
    int weekday = 0;
    int at = 0;
    for (int p = 0; p < pattern.length(); ) {
      String token = token(pattern, p);
      p += token.length();
      int field = List.of("yyyy", "MM", "dd", "HH", "mm", "ss", "SSS").indexOf(token);
      if (field >= 0) {
        fields[field] = digits(text, at, token.length());
        at += token.length();
      } else if (token.equals("MMM") || token.equals("EEE")) {
        List<String> names = token.equals("MMM") ? MONTHS : DAYS;
        int found = at + 3 <= text.length() ? names.indexOf(text.substring(at, at + 3)) : -1;
        if (found < 0) {
          throw misfit(text, at, token);
        }
        if (token.equals("MMM")) {
          fields[1] = found + 1;
        } else {
          weekday = found + 1;
        }
        at += 3;
      } else if (token.equals(OFFSET)) {
        if (text.startsWith("Z", at)) {
          offset = 0;
          at++;
        } else {
          boolean signed = text.startsWith("+", at) || text.startsWith("-", at);
          if (!signed || !text.startsWith(":", at + 3)) {
            throw misfit(text, at, token);
          }
          int minutes = digits(text, at + 1, 2) * 60 + digits(text, at + 4, 2);
          if (minutes > MAX_OFFSET || digits(text, at + 4, 2) > 59) {
            throw misfit(text, at, "an offset of at most 18 hours");
          }
          offset = text.charAt(at) == '-' ? -minutes : minutes;
          at += 6;
        }
      } else {
        String literal = literal(token);
        if (!text.startsWith(literal, at)) {
          throw misfit(text, at, "'" + literal + "'");
        }
        at += literal.length();
      }
    }
    if (at < text.length()) {
      throw misfit(text, at, "the end");
    }
    try {
      LocalDateTime t =
          LocalDateTime.of(
              fields[0],
              fields[1],
              fields[2],
              fields[3],
              fields[4],
              fields[5],
              fields[6] * 1_000_000);
      if (weekday != 0 && t.getDayOfWeek().getValue() != weekday) {
        throw TrapException.syntax(
            "'" + text + "' is no date: that day is a " + DAYS.get(t.getDayOfWeek().getValue() - 1),
            0);
      }
      return offset != null
          ? t.toInstant(ZoneOffset.UTC).toEpochMilli() - offset * 60_000.0
          : t.atZone(zone).toInstant().toEpochMilli();
    } catch (DateTimeException impossible) {
      throw TrapException.syntax("'" + text + "' is no date", 0);
    }
  }

  private static TrapException misfit(String text, int at, String expected) {
    return TrapException.syntax(
        "'" + text + "' does not fit the pattern: expected " + expected + " at position " + at, at);
  }

  private static int digits(String text, int at, int count) {
    int value = 0;
    for (int i = at; i < at + count; i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (c < '0' || c > '9') {
        throw misfit(text, i, "a digit");
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }
}
