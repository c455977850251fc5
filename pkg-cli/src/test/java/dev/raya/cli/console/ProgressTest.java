package dev.raya.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When and how progress shows. */
final class ProgressTest {
  private final AtomicLong time = new AtomicLong(1_000_000);
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Progress progress(boolean bar) {
    return new Progress(
        "fetching",
        2_000_000,
        Progress.Unit.BYTES,
        true,
        bar,
        new PrintStream(err, true, StandardCharsets.UTF_8),
        () -> Instant.ofEpochMilli(time.get()));
  }

  @Test
  void nothingShowsBeforeHalfASecond() {
    try (Progress progress = progress(true)) {
      time.addAndGet(499);
      progress.advance(1_000_000);
    }
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void terminalGetsABarThatIsWiped() {
    try (Progress progress = progress(true)) {
      time.addAndGet(500);
      progress.advance(1_000_000);
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r\u001b[?7lfetching [============            ] 1.0 MB of 2.0 MB, 2.0 MB/s"
                + "\u001b[K\u001b[?7h\r\u001b[K");
  }

  @Test
  void aLineGoesWhereTheBarStood() {
    Console console = console(true, OutputSettings.Level.NORMAL);
    try (Progress progress = console.progress("fetching", 2_000_000, Progress.Unit.BYTES)) {
      time.addAndGet(500);
      progress.advance(1_000_000);
      console.status("waiting for somebody");
      console.status("and again");
      time.addAndGet(500);
      progress.advance(500_000);
      console.report(Finding.error("RAYA-NET-002", "silence"));
    }
    String bar = "\r\u001b[?7lfetching [%s] %s of 2.0 MB, %s/s\u001b[K\u001b[?7h\r\u001b[K";
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            bar.formatted("============            ", "1.0 MB", "2.0 MB")
                + "waiting for somebody\nand again\n"
                + bar.formatted("==================      ", "1.5 MB", "1.5 MB")
                + "error[RAYA-NET-002]: silence\n");
  }

  private Console console(boolean isTerminal, OutputSettings.Level level) {
    PrintStream terminal = new PrintStream(err, true, StandardCharsets.UTF_8);
    Environment environment =
        new Environment(
            Map.of(),
            Path.of(""),
            Path.of(""),
            Path.of(""),
            () -> Instant.ofEpochMilli(time.get()));
    return new Console(
        "install",
        new Streams(InputStream.nullInputStream(), terminal, terminal, false, true, isTerminal),
        environment,
        new OutputSettings(OutputSettings.Format.TEXT, 0, false, true, false, level));
  }

  /** Who is waited for stands on one line, however long, and the next word takes its place. */
  @Test
  void aTerminalIsToldInPlaceWhoIsWaitedFor() {
    Console console = console(true, OutputSettings.Level.NORMAL);
    console.waiting("waiting for raya.example: fmt@1.0.0");
    console.waiting("waiting for raya.example: fmt@1.0.0");
    console.line("1 package");
    console.waiting("waiting for raya.example: log");
    console.waiting("");
    console.waiting("");
    console.finish(0);
    console.waiting("waiting for nobody any more");
    String place = "\r\u001b[?7lwaiting for raya.example: %s\u001b[K\u001b[?7h";
    String wiped = "\r\u001b[K";
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            place.formatted("fmt@1.0.0").repeat(2)
                + wiped
                + "1 package\n"
                + place.formatted("log")
                + wiped);
  }

  @Test
  void othersAreToldInLinesWhoIsWaitedFor() {
    Console console = console(false, OutputSettings.Level.NORMAL);
    console.waiting("waiting for raya.example");
    console.finish(0);
    Console quiet = console(true, OutputSettings.Level.QUIET);
    quiet.waiting("waiting for raya.example");
    quiet.finish(0);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("waiting for raya.example\n");
  }

  @Test
  void othersGetPlainLines() {
    try (Progress progress = progress(false)) {
      time.addAndGet(500);
      progress.advance(500_000);
      progress.advance(500_000);
    }
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("fetching 500.0 kB of 2.0 MB, 1.0 MB/s\n");
  }

  @Test
  void bytesAreReadable() {
    assertThat(Progress.bytes(999)).isEqualTo("999 B");
    assertThat(Progress.bytes(1_000)).isEqualTo("1.0 kB");
    assertThat(Progress.bytes(999_960)).isEqualTo("1.0 MB");
    assertThat(Progress.bytes(18_231)).isEqualTo("18.2 kB");
  }
}
