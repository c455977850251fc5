package dev.raya.cli.console;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Progress of one piece of work, on standard error: a bar that redraws itself on a terminal, a
 * plain line now and then otherwise, and nothing at all before half a second has passed. May be
 * advanced from any thread.
 */
public final class Progress implements AutoCloseable {
  /** What is counted. */
  public enum Unit {
    /** Bytes, shown with a rate. */
    BYTES,
    /** Things. */
    ITEMS
  }

  /** Nothing is shown before this many milliseconds. */
  static final long PATIENCE_MILLIS = 500;

  private static final long REDRAW_MILLIS = 100;
  private static final long LINE_MILLIS = 2_000;
  private static final int BAR_WIDTH = 24;

  /** Without line wrap while the bar is drawn: on a narrow terminal it would leave its row. */
  private static final String BAR_BEFORE = "\r\u001b[?7l";

  private static final String BAR_AFTER = "\u001b[K\u001b[?7h";

  /** Empties the terminal's last line. */
  static final String WIPE = "\r\u001b[K";

  private final String label;
  private final Unit unit;
  private final boolean bar;
  private final boolean shown;
  private final PrintStream err;
  private final InstantSource clock;
  private final long started;
  private final AtomicLong total;
  private final AtomicLong done = new AtomicLong();

  /**
   * Guards {@code lastDrawn}, {@code standing} and the drawing itself; a thread that finds it taken
   * goes on.
   */
  private final ReentrantLock drawing = new ReentrantLock();

  private long lastDrawn;

  /** Whether a bar stands on the terminal's last line. */
  private boolean standing;

  Progress(
      String label,
      long total,
      Unit unit,
      boolean shown,
      boolean bar,
      PrintStream err,
      InstantSource clock) {
    this.label = label;
    this.total = new AtomicLong(total);
    this.unit = unit;
    this.shown = shown;
    this.bar = bar;
    this.err = err;
    this.clock = clock;
    this.started = clock.millis();
  }

  /** Adds to what is to be done. */
  public void expect(long more) {
    total.addAndGet(more);
  }

  /** Adds to what has been done. */
  public void advance(long amount) {
    long now = done.addAndGet(amount);
    if (shown) {
      draw(now);
    }
  }

  private void draw(long now) {
    long time = clock.millis();
    if (time - started < PATIENCE_MILLIS || !drawing.tryLock()) {
      return;
    }
    try {
      if (time - lastDrawn >= (bar ? REDRAW_MILLIS : LINE_MILLIS)) {
        lastDrawn = time;
        standing = bar;
        err.print(bar ? inPlace(line(now, time)) : line(now, time) + "\n");
        err.flush();
      }
    } finally {
      drawing.unlock();
    }
  }

  private String line(long now, long time) {
    long all = Math.max(total.get(), now);
    StringBuilder text = new StringBuilder(label);
    if (bar && all > 0) {
      int full = (int) (BAR_WIDTH * now / all);
      text.append(" [").append("=".repeat(full)).append(" ".repeat(BAR_WIDTH - full)).append(']');
    }
    text.append(' ').append(amount(now)).append(" of ").append(amount(all));
    if (unit == Unit.BYTES) {
      long rate = now * 1000 / Math.max(1, time - started);
      text.append(", ").append(amount(rate)).append("/s");
    }
    return text.toString();
  }

  private String amount(long value) {
    return unit == Unit.BYTES ? bytes(value) : Long.toString(value);
  }

  /** A number of bytes as people read it. */
  public static String bytes(long value) {
    if (value < 1_000) {
      return value + " B";
    }
    double amount = value;
    String[] units = {"kB", "MB", "GB", "TB"};
    int at = -1;
    while (amount >= 999.95 && at < units.length - 1) {
      amount /= 1_000;
      at++;
    }
    return String.format(Locale.ROOT, "%.1f %s", amount, units[at]);
  }

  /** Text that takes the place of whatever stands on the terminal's last line, and stays there. */
  static String inPlace(String text) {
    return BAR_BEFORE + text + BAR_AFTER;
  }

  /** Makes room for a line; the bar comes back with what is done next. */
  void wipe() {
    drawing.lock();
    try {
      if (standing) {
        standing = false;
        err.print(WIPE);
        err.flush();
      }
    } finally {
      drawing.unlock();
    }
  }

  /** Ends the work; a bar is wiped. */
  @Override
  public void close() {
    wipe();
  }
}
