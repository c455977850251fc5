package dev.raya.cli.rayac;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Hands on what is written to it line by line, and keeps the beginning. Owned by one thread. */
final class LineStream extends OutputStream {
  private static final int MAX_KEPT = 1 << 16;

  /** A line that is longer is handed on in pieces. */
  private static final int MAX_LINE = 8 << 20;

  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  LineStream(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public void write(int b) {
    if (kept.size() < MAX_KEPT) {
      kept.write(b);
    }
    if (b == '\n' || line.size() >= MAX_LINE) {
      end();
    }
    if (b != '\n') {
      line.write(b);
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      write(bytes[i]);
    }
  }

  /** Hands on what was written since the last line end; an empty rest is no line. */
  void end() {
    if (line.size() > 0) {
      lines.accept(line.toString(StandardCharsets.UTF_8));
      line.reset();
    }
  }

  /** The beginning of what was written. */
  String text() {
    return kept.toString(StandardCharsets.UTF_8);
  }
}
