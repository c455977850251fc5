package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The story of {@code ./demo}, without its build. */
final class DemoTest {

  @Test
  void theDemoEndsWellAndLeavesNoProcess() throws Exception {
    Path log = Suite.workFolder().resolve("demo.log");
    Process demo =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "-cp",
                    Suite.ROOT.resolve("integration/target/classes").toString(),
                    "dev.raya.integration.demo.Demo",
                    "--root",
                    Suite.ROOT.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(demo.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String output = java.nio.file.Files.readString(log);
    assertThat(demo.exitValue()).as(output).isZero();
    assertThat(output).contains("16 words, \"moon\" 2 times", "All steps done in");
    assertThat(demo.descendants()).isEmpty();
  }
}
