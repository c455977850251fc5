package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.SignedNote;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two registries on one machine, each the witness of the other's log. */
@ExtendWith(Suite.Extension.class)
final class WitnessJourneyTest {
  private static final int TRIES = 600;

  /**
   * What a registry says of itself to another operator.
   *
   * @param log the key of its log
   * @param witness the line that names its witness
   */
  private record Card(String log, String witness) {
    static Card of(Path folder, Path data) throws Exception {
      Programs.Outcome outcome =
          Programs.of(Suite.REGISTRY_BIN, folder.resolve("admin"))
              .run(folder, "raya-registry", "witness", "--data-dir", data.toString());
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      List<String> lines = outcome.out().lines().toList();
      return new Card(
          lines.stream().filter(line -> line.startsWith("log ")).findFirst().orElseThrow(),
          lines.stream().filter(line -> line.startsWith("witness ")).findFirst().orElseThrow());
    }

    NoteKey logKey() throws Exception {
      return NoteKey.parse(log.split(" ", -1)[1]);
    }

    NoteKey witnessKey() throws Exception {
      return NoteKey.parse(witness.split(" ", -1)[2]);
    }
  }

  private static void introduce(Path data, Card other) throws Exception {
    Path trust = Files.createDirectories(data.resolve("trust"));
    Files.writeString(trust.resolve("witnesses"), other.witness() + "\n");
    Files.writeString(trust.resolve("witnessed.logs"), other.log() + "\n");
  }

  private static void publish(Suite suite, Path folder, Path data, RegistryProcess registry)
      throws Exception {
    Path library =
        suite.project(
            "[package]\nname = \"witnessed\"\nversion = \"1.0.0\"\nmain = \"src/main.raya\"\n"
                + "description = \"d\"\nlicense = \"MIT\"\n",
            "export function one(): int {\n  return 1;\n}\n");
    Programs.Outcome published =
        Programs.of(Suite.BIN, folder.resolve("home-" + data.getFileName()))
            .with("RAYA_REGISTRY", registry.url())
            .with("RAYA_TOKEN", Suite.token(data, folder, "publisher"))
            .run(library, "raya-pm", "publish");
    assertThat(published.exit()).as(published.err()).isZero();
  }

  /** The registry's newest checkpoint, once all these keys have signed one that is not empty. */
  private static SignedNote signedByAll(RegistryProcess registry, List<NoteKey> keys)
      throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(registry.url() + "/log/checkpoint")).build();
    SignedNote note = null;
    for (int i = 0; i < TRIES; i++) {
      note = SignedNote.parse(http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
      if (Checkpoint.parse(note.text()).size() > 0 && note.signers(keys).size() == keys.size()) {
        return note;
      }
      new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError("not signed by all of " + keys + ": " + note);
  }

  /** The registry's own witness signs under a name that tells everybody that it is no other's. */
  private static void assertLocalToo(SignedNote note) {
    assertThat(note.signatures()).hasSize(3).anyMatch(each -> each.name().endsWith("/local"));
  }

  /** What the other registry cosigned counts for a client; the rest of strict needs a CI run. */
  private static void assertClientCounts(Path folder, RegistryProcess registry, String witness)
      throws Exception {
    Path project = Files.createDirectories(folder.resolve("user"));
    Files.writeString(
        project.resolve("raya.toml"),
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nmain = \"src/main.raya\"\n\n"
            + "[dependencies]\nwitnessed = \"^1.0\"\n");
    Programs user =
        Programs.of(Suite.BIN, folder.resolve("user-home")).with("RAYA_REGISTRY", registry.url());
    Programs.Outcome installed = user.run(project, "raya-pm", "install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    Programs.Outcome verified = user.run(project, "raya-pm", "verify", "--offline", "--explain");
    assertThat(verified.exit()).as(verified.err()).isZero();
    assertThat(verified.out()).contains("cosigned by").contains(witness).contains("local");
  }

  @Test
  void eachRegistryCosignsTheOthersCheckpoints(Suite suite) throws Exception {
    Path folder = Suite.workFolder();
    try (RegistryProcess first =
            Suite.startRegistry(folder.resolve("first"), folder.resolve("first.log"));
        RegistryProcess second =
            Suite.startRegistry(folder.resolve("second"), folder.resolve("second.log"))) {
      Card one = Card.of(folder, folder.resolve("first"));
      Card two = Card.of(folder, folder.resolve("second"));
      assertThat(one.witness()).isNotEqualTo(two.witness());
      introduce(folder.resolve("first"), two);
      introduce(folder.resolve("second"), one);
      publish(suite, folder, folder.resolve("first"), first);
      publish(suite, folder, folder.resolve("second"), second);
      assertLocalToo(signedByAll(first, List.of(one.logKey(), two.witnessKey())));
      assertLocalToo(signedByAll(second, List.of(two.logKey(), one.witnessKey())));
      int port = first.port();
      first.close();
      // The next start signs the policy that names the witness.
      try (RegistryProcess again =
          RegistryProcess.start(
              Suite.REGISTRY_BIN.resolve("raya-registry"),
              folder.resolve("first"),
              port,
              folder.resolve("first.log"))) {
        assertClientCounts(folder, again, two.witness().split(" ", -1)[1]);
      }
    } finally {
      Trees.remove(folder);
    }
  }

  private static final String JOB = "job.example/witness";

  private static String out(Programs user, Path folder, String... words) throws Exception {
    Programs.Outcome outcome = user.run(folder, "raya-pm", words);
    assertThat(outcome.exit()).as(String.join(" ", words) + outcome.err()).isZero();
    return outcome.out();
  }

  private static void unwitnessed(Programs user, Path folder, String... words) throws Exception {
    Programs.Outcome outcome = user.run(folder, "raya-pm", words);
    assertThat(outcome.err()).contains("error[RAYA-SEC-010]", "no witness but the registry's own");
    assertThat(outcome.exit()).isEqualTo(3);
  }

  private static String library(String version) {
    return "[package]\nname = \"strict-lib\"\nversion = \""
        + version
        + "\"\nlicense = \"MIT\"\ndescription = \"d\"\nmain = \"src/main.raya\"\n";
  }

  @Test
  void aJobThatWitnessesNowAndThenIsEnoughForStrictClients(Suite suite) throws Exception {
    Path folder = Suite.workFolder();
    Path data = folder.resolve("data");
    Path log = folder.resolve("registry.log");
    try (WorkflowIssuer issuer = new WorkflowIssuer();
        RegistryProcess fresh = Suite.startRegistry(data, log)) {
      Programs job =
          Programs.of(Suite.BIN, folder.resolve("job")).with("RAYA_REGISTRY", fresh.url());
      String[] round = {
        "witness", "--name", JOB, "--state", folder.resolve("state").toString(), "--push"
      };
      out(job, folder, "key", "generate");
      Programs.Outcome unknown = job.run(folder, "raya-pm", round);
      assertThat(unknown.exit()).as(unknown.err()).isNotZero();
      assertThat(unknown.err()).contains("no witnesses but its own");
      String line =
          unknown
              .err()
              .lines()
              .filter(each -> each.contains("for trust/witnesses"))
              .map(each -> each.substring(each.indexOf(": ") + 2))
              .findFirst()
              .orElseThrow();
      Path trust = Files.createDirectories(data.resolve("trust"));
      Files.writeString(trust.resolve("witnesses"), line + "\n");
      TrustedPublishingJourneyTest.trust(trust.resolve("oidc.json"), issuer);
      fresh.close();
      // The next start signs the policy that names the witness.
      try (RegistryProcess registry =
          RegistryProcess.start(
              Suite.REGISTRY_BIN.resolve("raya-registry"), data, fresh.port(), log)) {
        Programs owner =
            Programs.of(Suite.BIN, folder.resolve("owner"))
                .with("RAYA_REGISTRY", registry.url())
                .with("RAYA_TOKEN", Suite.token(data, folder, "strict-owner"));
        Path library =
            suite.project(library("1.0.0"), "export function one(): int {\n  return 1;\n}\n");
        out(owner, library, TrustedPublishingJourneyTest.workflow("strict-lib", issuer));
        Programs run =
            Programs.of(Suite.BIN, folder.resolve("run"))
                .with("RAYA_REGISTRY", registry.url())
                .with("ACTIONS_ID_TOKEN_REQUEST_URL", issuer.tokenAddress())
                .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", WorkflowIssuer.SECRET);
        out(run, library, "publish");

        Path app = Files.createDirectories(folder.resolve("app"));
        Files.writeString(
            app.resolve("raya.toml"),
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\nmain = \"src/main.raya\"\n\n"
                + "[dependencies]\nstrict-lib = \"^1.0\"\n");
        Programs user =
            Programs.of(Suite.BIN, folder.resolve("user"))
                .with("RAYA_REGISTRY", registry.url())
                .with("RAYA_TRUST_LEVEL", "strict");
        unwitnessed(user, app, "install");
        out(job, folder, round);
        // The log goes on; what the job has seen is still proved by what it cosigned.
        Files.writeString(library.resolve("raya.toml"), library("2.0.0"));
        out(run, library, "publish");
        out(user, app, "install");
        assertThat(out(user, app, "verify", "--offline", "--explain"))
            .contains("cosigned by")
            .contains(JOB);

        unwitnessed(user, app, "add", "strict-lib@^2.0");
        out(job, folder, round);
        out(user, app, "add", "strict-lib@^2.0");
        out(user, app, "verify", "--offline");
      }
    } finally {
      Trees.remove(folder);
    }
  }
}
