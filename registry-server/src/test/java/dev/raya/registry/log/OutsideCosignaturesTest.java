package dev.raya.registry.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.StaticFiles;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.signer.LocalWitness;
import dev.raya.registry.signer.Signer;
import dev.raya.registry.trust.OtherWitnesses;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the log keeps of other witnesses is dispensable, as a registry finds it that starts: a
 * second log over the files of the running one.
 */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class OutsideCosignaturesTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  @Inject @Nullable RegistrySettings settings;
  @Inject @Nullable Signer signer;
  @Inject @Nullable LocalWitness witness;
  @Inject @Nullable StaticFiles files;
  @Inject @Nullable TransparencyLog running;
  @Inject @Nullable AgroalDataSource database;

  private static final NoteSigner JOB =
      NoteSigner.witness("kept.example/witness", SigningKey.ofSeed(new byte[32]));

  private TransparencyLog started() throws Exception {
    if (settings == null
        || signer == null
        || witness == null
        || files == null
        || database == null) {
      throw new IllegalStateException("Quarkus sets these");
    }
    TransparencyLog log = new TransparencyLog(settings, signer, witness, files);
    try (Connection connection = database.getConnection()) {
      log.extend(connection);
    }
    return log;
  }

  private SignedNote cosigned() throws Exception {
    if (address == null || running == null) {
      throw new IllegalStateException("Quarkus sets these");
    }
    SignedNote note = SignedNote.parse(Client.anonymous(address).get("log/checkpoint").body());
    return note.with(JOB.sign(note.text(), Instant.EPOCH));
  }

  private static boolean isProvedWithCosignature(TransparencyLog log) throws Exception {
    String note = log.prove(0).orElseThrow().checkpoint();
    return !SignedNote.parse(note.getBytes(StandardCharsets.UTF_8))
        .signers(List.of(JOB.verifier()))
        .isEmpty();
  }

  @Test
  void aDamagedFileOfThemIsLeftOutAndStopsNothing() throws Exception {
    if (address == null || running == null) {
      throw new IllegalStateException("Quarkus sets these");
    }
    Client ann = Client.publisher(address, "ann-outside");
    assertThat(ann.publish(TestPackage.of("outside", "1.0.0")).status()).isEqualTo(201);
    Path kept = RunningRegistry.directory().root().resolve("witness/outside/checkpoint");
    assertThat(running.cosigned(cosigned(), List.of(JOB.verifier()))).isTrue();
    // The checkpoint that is served from now on has no cosignature of others.
    assertThat(ann.publish(TestPackage.of("outside", "1.1.0")).status()).isEqualTo(201);
    assertThat(isProvedWithCosignature(started())).isTrue();
    byte[] honest = Files.readAllBytes(kept);
    String text = new String(honest, StandardCharsets.UTF_8);
    try {
      for (String damaged :
          List.of(
              "",
              "\u0000\u0000\u0000",
              text.substring(0, text.length() / 2),
              text.replaceFirst("\n[0-9]+\n", "\n1\n"),
              text.replaceFirst("\n[0-9]+\n", "\n99999999999999999999\n"),
              text.replaceFirst("\n\u2014 [^\n]*", ""))) {
        Files.writeString(kept, damaged);
        TransparencyLog log = started();
        assertThat(isProvedWithCosignature(log)).as(damaged).isFalse();
        assertThat(log.size()).isEqualTo(running.size());
      }
      Files.delete(kept);
      Files.createDirectory(kept);
      assertThat(isProvedWithCosignature(started())).as("a folder").isFalse();
      Files.delete(kept);
    } finally {
      Files.deleteIfExists(kept);
      Files.write(kept, honest);
    }
    assertThat(isProvedWithCosignature(started())).isTrue();
  }

  @Test
  void untilTheLogIsOpenTheyAreAskedToComeAgain() throws Exception {
    if (settings == null || signer == null || witness == null || files == null) {
      throw new IllegalStateException("Quarkus sets these");
    }
    TransparencyLog opening = new TransparencyLog(settings, signer, witness, files);
    assertThatThrownBy(() -> opening.cosigned(cosigned(), List.of(JOB.verifier())))
        .isInstanceOfSatisfying(
            RegistryException.class,
            refusal -> {
              assertThat(refusal.problem()).isEqualTo(Problem.BUSY);
              assertThat(refusal.problem().status()).isEqualTo(503);
              assertThat(refusal.detail()).contains("being opened");
            });
    assertThat(started().cosigned(cosigned(), List.of(JOB.verifier()))).isTrue();
  }

  @Test
  void linesThatNameNoKeyThatCosignsAreRefusedWithTheirFile() throws IOException {
    Path file = RunningRegistry.directory().root().resolve(OtherWitnesses.FILE);
    Files.createDirectories(file.getParent());
    String log = NoteSigner.log("kept.example", SigningKey.ofSeed(new byte[32])).verifier().text();
    String own = JOB.verifier().text();
    try {
      for (String line :
          List.of(
              "witness job " + log,
              "witness job " + own.substring(0, own.length() - 4),
              "witness job nonsense",
              "witness job",
              "witness local " + own,
              "witness job " + own + " ftp://kept.example/",
              "witness job " + own + " https://kept.example/ more",
              "log " + log)) {
        Files.writeString(file, "# ours\n\n" + line + "\n");
        assertThatThrownBy(() -> OtherWitnesses.read(RunningRegistry.directory()))
            .as(line)
            .isInstanceOf(IOException.class)
            .hasMessageContaining(file.toString());
      }
      Files.writeString(file, "# ours\n\nwitness job " + own + "\n");
      assertThat(OtherWitnesses.keys(OtherWitnesses.read(RunningRegistry.directory())))
          .containsExactly(JOB.verifier());
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
