package dev.raya.cli.pm.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestRun;
import dev.raya.signing.sigstore.ProvenanceBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code verify --explain} shows a person, for each way to publish: one file a case. Digests
 * and addresses are replaced by words. To write the files anew, run with {@code
 * -Draya.golden.write=true} and read the difference.
 */
final class ExplainedChainTest {
  private static final Path GOLDEN = Path.of("src/test/resources/dev/raya/cli/pm/verify");

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private void shows(String name, Pm pm) throws IOException {
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    Pm.Outcome outcome = pm.run("verify", "--offline", "--explain");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    String found =
        outcome
            .out()
            .replace(registry.key().verificationKey().keyId().hex(), "<key>")
            .replace(registry.origin(), "<registry>")
            .replace(registry.origin().substring("http://".length()), "<log>")
            .replaceAll("[0-9a-f]{64}", "<digest>")
            .replaceAll("[0-9]+ bytes", "<n> bytes");
    Path file = GOLDEN.resolve(name + ".txt");
    if (Boolean.getBoolean("raya.golden.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, found);
    }
    assertThat(found).isEqualTo(Files.readString(file));
  }

  @Test
  void whatAPersonPublishedWithAKey() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0").needing("time"));
    shows(
        "key",
        Pm.in(folder).at(registry).project("fmt = { version = \"^1.0\", grant = [\"time\"] }"));
  }

  @Test
  void whatAWorkflowPublishedWithProvenance() throws IOException {
    registry.publishFromWorkflow(
        TestPackage.of("fmt", "1.0.0"),
        TestRun.of(registry.key()),
        statement ->
            ProvenanceBundle.sign(
                TestRun.build(statement, TestRun.of(registry.key()), null), registry.key()));
    shows("workflow", Pm.in(folder).at(registry).project("fmt = \"^1.0\""));
  }
}
