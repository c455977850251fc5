package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** That the benchmarks run; what they measure is written down by hand. */
final class BenchmarksTest {

  @Test
  void theSmokeRunPrintsARowForEachCommand() throws Exception {
    Path log = Suite.workFolder().resolve("benchmarks.log");
    Process run =
        new ProcessBuilder(Suite.ROOT.resolve("integration/benchmarks/run").toString(), "--smoke")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(run.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String output = Files.readString(log);
    assertThat(run.exitValue()).as(output).isZero();
    assertThat(output)
        .contains(
            "| raya-pm --version |",
            "| raya hello.rbin |",
            "(nothing to do)",
            "(no lockfile, empty home)");
  }
}
