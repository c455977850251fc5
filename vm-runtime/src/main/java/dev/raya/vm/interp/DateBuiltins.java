package dev.raya.vm.interp;

import dev.raya.vm.host.Host;
import dev.raya.vm.value.RNative;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** The members of Date (stdlib.md 2.9): milliseconds since 1970, UTC unless a member says local. */
final class DateBuiltins {
  private static final double DAY = 86_400_000;
  private static final double MAX = 8.64e15;

  /** The ISO 8601 subset of ECMAScript. */
  private static final Pattern ISO =
      Pattern.compile(
          "([+-]\\d{6}|\\d{4})(?:-(\\d\\d)(?:-(\\d\\d))?)?"
              + "(?:T(\\d\\d):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d{1,9}))?)?(Z|[+-]\\d\\d:\\d\\d)?)?");

  private final ContextTypes types;
  private final HostBuiltins guard;
  private final Host host;

  DateBuiltins(ContextTypes types, HostBuiltins guard, Host host) {
    this.types = types;
    this.guard = guard;
    this.host = host;
  }

  void call(int id, Args a) {
    switch (id) {
      case 420 -> {
        a.returnRef(types.make("Date", clip(guard.now())));
      }
      case 443 -> {
        a.returnRef(types.make("Date", valid(clip(a.number(0)))));
      }
      case 421 -> a.returnNumber(guard.now());
      case 422 -> a.returnNumber(parse(a.text(0)));
      case 423 -> a.returnNumber(utc(a));
      case 424 -> a.returnNumber(ms(a));
      case 425, 426, 427, 428, 429, 430, 431, 432 -> a.returnInt(field(id - 425, local(ms(a))));
      case 433, 434, 435, 436, 437, 438, 439, 440 ->
          a.returnInt(field(id - 433, at(ms(a), ZoneOffset.UTC)));
      case 441 -> {
        Instant instant = Instant.ofEpochMilli((long) ms(a));
        a.returnInt(-host.zone().getRules().getOffset(instant).getTotalSeconds() / 60);
      }
      case 442, 444 -> a.returnRef(iso(ms(a)));
      case 445 -> fill(a, clip(a.number(1)));
      case 446 -> fill(a, clip(guard.now()));
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private static double valid(double ms) {
    if (Double.isNaN(ms)) {
      throw Args.rangeError("invalid time");
    }
    return ms;
  }

  /** What {@code super(…)} does in a class that extends Date. */
  private static void fill(Args a, double ms) {
    if (!(a.ref(0) instanceof RNative object)) {
      throw Traps.nullAccess("constructor");
    }
    object.held = valid(ms);
  }

  private static double ms(Args a) {
    if (a.ref(0) instanceof RNative object && object.held instanceof Double ms) {
      return ms;
    }
    throw Traps.nullAccess("getTime");
  }

  private LocalDateTime local(double ms) {
    return at(ms, host.zone());
  }

  private static LocalDateTime at(double ms, ZoneId zone) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli((long) ms), zone);
  }

  private static int field(int number, LocalDateTime time) {
    return switch (number) {
      case 0 -> time.getYear();
      case 1 -> time.getMonthValue() - 1;
      case 2 -> time.getDayOfMonth();
      case 3 -> time.getDayOfWeek().getValue() % 7;
      case 4 -> time.getHour();
      case 5 -> time.getMinute();
      case 6 -> time.getSecond();
      default -> time.getNano() / 1_000_000;
    };
  }

  /** A time within the range of dates in whole milliseconds, else NaN. */
  private static double clip(double ms) {
    if (!(Math.abs(ms) <= MAX)) {
      return Double.NaN;
    }
    return (ms < 0 ? Math.ceil(ms) : Math.floor(ms)) + 0.0;
  }

  /** Fields beyond their range roll over; years 0 to 99 are 1900 to 1999. */
  private static double utc(Args a) {
    double[] fields = {0, 0, 1, 0, 0, 0, 0};
    for (int i = 0; i < a.count; i++) {
      double x = a.number(i);
      if (Double.isNaN(x) || Double.isInfinite(x)) {
        return Double.NaN;
      }
      fields[i] = x < 0 ? Math.ceil(x) : Math.floor(x);
    }
    double year = fields[0] >= 0 && fields[0] <= 99 ? 1900 + fields[0] : fields[0];
    double months = year * 12 + fields[1];
    if (Math.abs(months) > 12 * 400_000.0) {
      return Double.NaN;
    }
    double days =
        daysBefore(Math.floor(months / 12), (int) (months - 12 * Math.floor(months / 12)));
    double time = fields[3] * 3_600_000 + fields[4] * 60_000 + fields[5] * 1_000 + fields[6];
    return clip((days + fields[2] - 1) * DAY + time);
  }

  /** Days from 1970 to the first of a month; the month counts from 0. */
  private static double daysBefore(double year, int month) {
    return java.time.LocalDate.of((int) year, month + 1, 1).toEpochDay();
  }

  private double parse(String text) {
    java.util.regex.Matcher m = ISO.matcher(text);
    if (!m.matches() || m.group(1).equals("-000000")) {
      return Double.NaN;
    }
    int year = Integer.parseInt(m.group(1));
    int month = number(m.group(2), 1);
    int day = number(m.group(3), 1);
    int hour = number(m.group(4), 0);
    int minute = number(m.group(5), 0);
    int second = number(m.group(6), 0);
    String fraction = m.group(7) == null ? "000" : (m.group(7) + "00").substring(0, 3);
    int milli = Integer.parseInt(fraction);
    boolean midnight = hour == 24 && minute == 0 && second == 0 && milli == 0;
    if (month < 1
        || month > 12
        || day < 1
        || day > java.time.YearMonth.of(year, month).lengthOfMonth()
        || (hour > 23 && !midnight)
        || minute > 59
        || second > 59) {
      return Double.NaN;
    }
    if ((m.group(4) != null) && (m.group(2) == null || m.group(3) == null)) {
      return Double.NaN;
    }
    double ms =
        (daysBefore(year, month - 1) + day - 1) * DAY
            + hour * 3_600_000.0
            + minute * 60_000.0
            + second * 1_000.0
            + milli;
    String zone = m.group(8);
    if (zone != null && !zone.equals("Z")) {
      int hours = Integer.parseInt(zone.substring(1, 3));
      int minutes = Integer.parseInt(zone.substring(4));
      if (hours > 23 || minutes > 59) {
        return Double.NaN;
      }
      ms -= (zone.charAt(0) == '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000.0;
    } else if (zone == null && m.group(4) != null && Math.abs(ms) <= MAX) {
      LocalDateTime wall = at(ms, ZoneOffset.UTC);
      ms = wall.atZone(host.zone()).toInstant().toEpochMilli();
    }
    return clip(ms);
  }

  private static int number(@org.jspecify.annotations.Nullable String digits, int otherwise) {
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  /** The form {@code 2026-01-31T12:00:00.000Z}; years beyond four digits have a sign and six. */
  static String iso(double ms) {
    LocalDateTime t = at(ms, ZoneOffset.UTC);
    int year = t.getYear();
    StringBuilder out = new StringBuilder();
    if (year < 0 || year > 9999) {
      out.append(year < 0 ? '-' : '+');
      pad(out, Math.abs(year), 6);
    } else {
      pad(out, year, 4);
    }
    pad(out.append('-'), t.getMonthValue(), 2);
    pad(out.append('-'), t.getDayOfMonth(), 2);
    pad(out.append('T'), t.getHour(), 2);
    pad(out.append(':'), t.getMinute(), 2);
    pad(out.append(':'), t.getSecond(), 2);
    pad(out.append('.'), t.getNano() / 1_000_000, 3);
    return out.append('Z').toString();
  }

  private static void pad(StringBuilder out, int value, int width) {
    String text = Integer.toString(value);
    out.repeat('0', width - text.length()).append(text);
  }
}
