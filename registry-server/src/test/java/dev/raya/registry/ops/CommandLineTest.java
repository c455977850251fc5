package dev.raya.registry.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandLineTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<StartOptions> started = new ArrayList<>();

  private int run(String... line) {
    out.reset();
    err.reset();
    return new CommandLine(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new SecureRandom(),
            InstantSource.system(),
            options -> {
              started.add(options);
              return 0;
            })
        .run(List.of(line));
  }

  @Test
  void usageErrorsEndWithTwoAndSayWhatIsWrong() {
    for (String[] line :
        new String[][] {
          {},
          {"stop"},
          {"start"},
          {"start", "--data-dir", "x"},
          {"start", "--data-dir", "x", "--http-port", "70000"},
          {"start", "--data-dir", "x", "--http-port", "0", "--what", "x"},
          {"start", "--data-dir", "x", "--http-port", "0", "--origin", "http://example.com"},
          {"start", "--data-dir", "x", "--http-port", "0", "--origin", "https://a.example/b"},
          {"start", "--data-dir", "x", "--data-dir", "y", "--http-port", "0"},
          {"token", "create", "--data-dir", "x"},
          {"token", "create", "--data-dir", "x", "--user", "No Such"},
          {"token", "create", "--data-dir", "x", "--user", "ann", "--scope", "all"},
          {"root"}
        }) {
      assertThat(run(line)).as(String.join(" ", line)).isEqualTo(2);
      assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("error[RAYA-CLI-001]: ");
      assertThat(out.size()).isZero();
    }
    assertThat(started).isEmpty();
  }

  @Test
  void startHandsItsOptionsOn() {
    assertThat(
            run(
                "start",
                "--data-dir",
                folder.toString(),
                "--http-port=8080",
                "--origin",
                "https://registry.example/"))
        .isZero();
    StartOptions options = started.getFirst();
    assertThat(options.port()).isEqualTo(8080);
    assertThat(options.host()).isEqualTo("127.0.0.1");
    assertThat(options.origin()).isEqualTo("https://registry.example");
  }

  @Test
  void helpAndVersionGoToStdout() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("token create --data-dir DIR");
    assertThat(run("--version")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("raya-registry ");
  }

  @Test
  void aFolderWithoutARegistryIsSaidToBeOne() {
    assertThat(run("root", "--data-dir", folder.toString())).isEqualTo(1);
    assertThat(run("verify", "--data-dir", folder.toString())).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is no registry in");
  }
}
