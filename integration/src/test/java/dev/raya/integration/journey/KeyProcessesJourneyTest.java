package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.SignedNote;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The two processes with keys: begun with the registry, begun anew when killed, gone with it. */
@ExtendWith(Suite.Extension.class)
final class KeyProcessesJourneyTest {
  private static final int TRIES = 300;

  private static Optional<ProcessHandle> child(RegistryProcess registry, String command) {
    return registry.family().stream()
        .filter(
            handle ->
                handle.info().commandLine().orElse("").contains(" " + command + " --data-dir"))
        .findFirst();
  }

  /** The process of that command, once it is another one than before. */
  private static ProcessHandle awaitChild(RegistryProcess registry, String command, long before)
      throws InterruptedException {
    for (int i = 0; i < TRIES; i++) {
      Optional<ProcessHandle> found = child(registry, command);
      if (found.isPresent() && found.get().pid() != before) {
        return found.get();
      }
      new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("there is no process " + command);
  }

  private static SignedNote checkpoint(RegistryProcess registry) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registry.url() + "/log/checkpoint")).build();
    return SignedNote.parse(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
  }

  private static void publish(Suite suite, Path work, RegistryProcess registry, String version)
      throws Exception {
    Path library =
        suite.project(
            "[package]\nname = \"kept\"\nversion = \""
                + version
                + "\"\nmain = \"src/main.raya\"\ndescription = \"d\"\nlicense = \"MIT\"\n",
            "export function one(): int {\n  return 1;\n}\n");
    Programs.Outcome published =
        Programs.of(Suite.BIN, work.resolve("home"))
            .with("RAYA_REGISTRY", registry.url())
            .with("RAYA_TOKEN", Suite.token(work.resolve("data"), work, "publisher"))
            .run(library, "raya-pm", "publish");
    assertThat(published.exit()).as(published.err()).isZero();
  }

  @Test
  void signerAndWitnessAreTwoProcessesThatComeBackAndGoWithTheServer(Suite suite) throws Exception {
    Path work = Suite.workFolder();
    RegistryProcess registry =
        Suite.startRegistry(work.resolve("data"), work.resolve("registry.log"));
    try {
      ProcessHandle signer = awaitChild(registry, "signer", -1);
      ProcessHandle witness = awaitChild(registry, "local-witness", -1);
      assertThat(signer.pid()).isNotEqualTo(witness.pid());
      publish(suite, work, registry, "1.0.0");
      long size = Checkpoint.parse(checkpoint(registry).text()).size();

      witness.destroyForcibly();
      witness.onExit().get(30, TimeUnit.SECONDS);
      publish(suite, work, registry, "1.0.1");
      SignedNote note = checkpoint(registry);
      assertThat(Checkpoint.parse(note.text()).size()).isGreaterThan(size);
      assertThat(note.signatures()).hasSize(2).anyMatch(each -> each.name().endsWith("/local"));
      ProcessHandle anew = awaitChild(registry, "local-witness", witness.pid());
      assertThat(child(registry, "signer")).contains(signer);

      // A power cut takes the server alone: the other two must not outlive it.
      registry.kill();
      assertThat(signer.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
      assertThat(anew.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
      registry = Suite.startRegistry(work.resolve("data"), work.resolve("registry.log"));
      awaitChild(registry, "local-witness", -1);
      publish(suite, work, registry, "1.0.2");
    } finally {
      // SIGTERM; it throws if anything that was started is still there afterwards.
      registry.close();
      Trees.remove(work);
    }
  }
}
