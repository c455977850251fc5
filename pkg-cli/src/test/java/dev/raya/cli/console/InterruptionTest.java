package dev.raya.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the thread says that runs when the process is told to end. */
final class InterruptionTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String said(String format, boolean over) throws InterruptedException {
    out.reset();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Streams streams = Streams.of(InputStream.nullInputStream(), stream, stream);
    Environment environment =
        new Environment(
            Map.of(), Path.of(""), Path.of(""), Path.of(""), () -> Instant.ofEpochMilli(0));
    List<String> words = List.of("install", "--output", format);
    Console console =
        new Console(
            "install", streams, environment, OutputSettings.fromWords(words, streams, environment));
    Interruption interruption = Interruption.watch(console);
    if (over) {
      interruption.over();
    }
    interruption.hook.start();
    interruption.hook.join();
    interruption.over();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void anInterruptedCommandSaysSoInEveryFormat() throws InterruptedException {
    assertThat(said("text", false))
        .isEqualTo("error[RAYA-CLI-003]: interrupted; nothing is left half done\n");
    assertThat(said("json", false))
        .startsWith("{\"command\":\"install\"")
        .contains("\"code\":\"RAYA-CLI-003\"", "\"ok\":false");
  }

  @Test
  void aCommandThatIsOverSaysNothing() throws InterruptedException {
    assertThat(said("text", true)).isEmpty();
  }
}
