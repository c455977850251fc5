package dev.raya.signing.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogRecordTest {
  private static final Digest A = Digest.of(new byte[] {1});
  private static final SigningKey KEY = SigningKey.ofSeed(new byte[32]);
  private static final Identity.Key IDENTITY = new Identity.Key(17, KEY.verificationKey());
  private static final LogRecord.Header HEADER = new LogRecord.Header("2026-01-06T12:00:00Z", "17");

  private static final List<LogRecord> RECORDS =
      List.of(
          new LogRecord.Publish(
              HEADER,
              "logging",
              "1.2.3",
              A,
              18231,
              A,
              List.of(new LogRecord.Native("lz4", "linux-x64", "liblz4.so", 5, A)),
              List.of("time"),
              IDENTITY,
              List.of(new LogRecord.Attestation("https://raya.dev/publish/v1", 900, A)),
              null),
          new LogRecord.Package(
              HEADER,
              "logging",
              List.of(
                  IDENTITY,
                  new Identity.Oidc(
                      "https://issuer.example",
                      "acme",
                      "1",
                      "http",
                      "2",
                      "ci.yml",
                      "refs/*",
                      null)),
              false,
              true,
              false),
          new LogRecord.Publish(
              HEADER,
              "logging",
              "1.3.0",
              A,
              18231,
              A,
              List.of(),
              List.of(),
              new Identity.Oidc(
                  "https://issuer.example",
                  "acme",
                  "1",
                  "http",
                  "2",
                  "ci.yml",
                  "refs/tags/v1.3.0",
                  "release",
                  "0123abcd",
                  KEY.verificationKey()),
              List.of(new LogRecord.Attestation("https://raya.dev/publish/v1", 900, A)),
              4711L),
          new LogRecord.Status(HEADER, "logging", "1.2.3", true, false, false, "broken", "1.2.4"),
          new LogRecord.Tag(HEADER, "logging", "latest", null),
          new LogRecord.Owner(HEADER, "logging", 18, "owner", true),
          new LogRecord.KeyChange(HEADER, IDENTITY, true),
          new LogRecord.KeyChange(HEADER, new Identity.Key(17, KEY.verificationKey(), A), false),
          new LogRecord.Quarantine(HEADER, "logging", "1.2.3", true, "malware", "RAYA-2026-1"),
          new LogRecord.Quarantine(HEADER, "logging", "1.2.3", false, null, null),
          new LogRecord.Root(new LogRecord.Header("2026-01-06T12:00:00Z", "registry"), 1, A));

  @Test
  void whatIsWrittenIsReadBackAndWrittenAlike() throws JsonException {
    for (LogRecord record : RECORDS) {
      assertThat(LogRecordReader.read(record.bytes())).isEqualTo(record);
      assertThat(LogRecordReader.read(record.bytes()).bytes()).isEqualTo(record.bytes());
    }
  }

  @Test
  void otherFormsOfTheSameRecordAreRefused() {
    for (LogRecord record : RECORDS) {
      String text = new String(record.bytes(), StandardCharsets.UTF_8);
      byte[] spaced = text.replaceFirst("\\{", "{ ").getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> LogRecordReader.read(spaced)).isInstanceOf(JsonException.class);
      byte[] more =
          text.replaceFirst("\"v\":1", "\"v\":1,\"x\":1").getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> LogRecordReader.read(more)).isInstanceOf(JsonException.class);
    }
  }

  @Test
  void anyChangedByteIsReadOrRefusedNeverMore() {
    Random random = new Random(7);
    for (LogRecord record : RECORDS) {
      byte[] bytes = record.bytes();
      for (int i = 0; i < 2_000; i++) {
        byte[] changed = bytes.clone();
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        try {
          LogRecordReader.read(changed);
        } catch (JsonException e) {
          assertThat(e).hasMessageNotContaining("null");
        }
      }
    }
  }

  @Test
  void leafHashIsThatOfRfc6962() {
    assertThat(LogRecord.leafHash(new byte[0]).hex())
        .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  }

  @Test
  void proofFilesKeepOneProofOfEachRegistry() throws SigningException {
    String leaf = new String(RECORDS.getFirst().bytes(), StandardCharsets.UTF_8);
    ProofFile.Proof first = new ProofFile.Proof("http://127.0.0.1:1", A, leaf, null, List.of("{}"));
    ProofFile.Proof moved = new ProofFile.Proof("http://127.0.0.1:2", A, leaf, null, List.of("{}"));
    ProofFile file = new ProofFile(List.of(first)).with(moved);
    assertThat(ProofFile.read(file.bytes())).isEqualTo(new ProofFile(List.of(moved)));
    assertThatThrownBy(() -> ProofFile.read("{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(SigningException.class)
        .extracting(e -> ((SigningException) e).code())
        .isEqualTo("RAYA-SEC-013");
  }
}
