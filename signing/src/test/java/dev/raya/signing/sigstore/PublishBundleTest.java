package dev.raya.signing.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.statement.NativeSubject;
import dev.raya.signing.statement.PublishStatement;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PublishBundleTest {
  private static final Digest A = Digest.of(new byte[] {1});
  private static final Digest B = Digest.of(new byte[] {2});
  private static final PublishStatement STATEMENT =
      new PublishStatement(
          "@acme/http",
          "1.2.3",
          A,
          List.of(new NativeSubject("lz4", "linux-x64", B)),
          B,
          List.of("time", "net"),
          null,
          new PublishStatement.PackingToolchain("1.0.0", A));

  private final SigningKey key = SigningKey.generate(new SecureRandom());
  private final Identity identity = new Identity.Key(17, key.verificationKey());

  @Test
  void whatAKeySignsItsIdentityVerifies() throws SigningException {
    byte[] bundle = PublishBundle.sign(STATEMENT, key).bytes();
    assertThat(PublishBundle.read(bundle).verify(identity)).isEqualTo(STATEMENT);
    assertThat(PublishBundle.read(bundle).bytes()).isEqualTo(bundle);
    assertThat(PublishBundle.sign(STATEMENT, key).bytes()).isEqualTo(bundle);
  }

  @Test
  void subjectsAreTheArchiveAndEveryNativeBlob() {
    assertThat(STATEMENT.subjects())
        .extracting("purl")
        .containsExactly(
            "pkg:raya/%40acme/http@1.2.3",
            "pkg:raya/%40acme/http@1.2.3?module=lz4&target=linux-x64");
    assertThat(STATEMENT.capabilities()).containsExactly("net", "time");
  }

  @Test
  void anotherKeyIsRefused() {
    SigningKey other = SigningKey.generate(new SecureRandom());
    PublishBundle bundle = PublishBundle.sign(STATEMENT, other);
    assertThatThrownBy(() -> bundle.verify(identity))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("no signature verifies under the key")
        .extracting(e -> ((SigningException) e).code())
        .isEqualTo("RAYA-SEC-007");
  }

  @Test
  void anyChangedByteIsRefusedOrChangesNothingSigned() {
    byte[] bundle = PublishBundle.sign(STATEMENT, key).bytes();
    for (int i = 0; i < bundle.length; i++) {
      byte[] changed = bundle.clone();
      changed[i] ^= 1;
      try {
        // Key hints are outside the signature and never trusted; all else must be refused.
        assertThat(PublishBundle.read(changed).verify(identity)).isEqualTo(STATEMENT);
        assertThat(
                new String(
                    changed,
                    Math.max(0, i - 90),
                    Math.min(96, changed.length - Math.max(0, i - 90)),
                    StandardCharsets.UTF_8))
            .as("byte %d", i)
            .matches("(?s).*(hint|keyid).*");
      } catch (SigningException e) {
        assertThat(e.code()).isEqualTo("RAYA-SEC-007");
      }
    }
  }

  @Test
  void signedPayloadsThatAreNoPublishStatementAreRefused() {
    String statement = new String(STATEMENT.bytes(), StandardCharsets.UTF_8);
    List<String> wrong =
        List.of(
            "{}",
            statement.replace("raya.dev/publish/v1", "raya.dev/publish/v2"),
            statement.replace("Statement/v1", "Statement/v0.1"),
            statement.replace("lz4", "lz5&x"),
            statement.replace("\"previous\":null,", ""),
            statement.replace("{\"_type\"", "{ \"_type\""),
            statement.replace(
                "\"capabilities\":[\"net\",\"time\"]", "\"capabilities\":[\"time\",\"net\"]"));
    for (String payload : wrong) {
      PublishBundle bundle =
          new PublishBundle(
              "",
              DsseEnvelope.sign(
                  PublishStatement.PAYLOAD_TYPE, payload.getBytes(StandardCharsets.UTF_8), key));
      assertThatThrownBy(() -> bundle.verify(identity))
          .as(payload)
          .isInstanceOf(SigningException.class);
    }
  }

  private static List<LogRecord.Attestation> named(List<byte[]> bundles) {
    return bundles.stream()
        .map(
            bytes ->
                new LogRecord.Attestation(
                    PublishStatement.PREDICATE_TYPE, bytes.length, Digest.of(bytes)))
        .toList();
  }

  private static List<byte[]> bundles(PublishStatement statement, PublisherKey key) {
    return PublishBundle.sign(statement, key).stream().map(PublishBundle::bytes).toList();
  }

  private static void refused(Identity identity, List<byte[]> bundles, String why) {
    assertThatThrownBy(
            () -> PublishBundle.verify(identity, named(bundles), bundles, SigstoreTrust.NONE))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(why)
        .extracting(e -> ((SigningException) e).code())
        .isEqualTo("RAYA-SEC-007");
  }

  @Test
  void aHybridKeySignsTwiceAndNeitherSignatureIsEnoughAlone() throws SigningException {
    PublisherKey hybrid = PublisherKey.generateHybrid(new SecureRandom());
    PublisherKey other = PublisherKey.generateHybrid(new SecureRandom());
    Identity publisher = hybrid.publicHalf().identity(17);
    List<byte[]> good = bundles(STATEMENT, hybrid);
    assertThat(good).hasSize(2).allSatisfy(b -> assertThat(b).hasSizeLessThan(16 << 10));
    assertThat(PublishBundle.verify(publisher, named(good), good, SigstoreTrust.NONE))
        .isEqualTo(STATEMENT);

    refused(publisher, List.of(), "expected 1 bundles, found 0");
    refused(publisher, good.subList(0, 1), "with the ML-DSA-65 signature, is missing");
    refused(publisher, good.subList(1, 2), "no signature verifies under the key");
    refused(publisher, List.of(good.getFirst(), good.getFirst()), "is no ML-DSA-65 key");
    byte[] others = bundles(STATEMENT, other).getLast();
    refused(publisher, List.of(good.getFirst(), others), "in the second bundle, found");
    PublishStatement another =
        new PublishStatement(
            "@acme/http",
            "1.2.4",
            A,
            STATEMENT.natives(),
            B,
            List.of("time", "net"),
            null,
            new PublishStatement.PackingToolchain("1.0.0", A));
    byte[] replayed = bundles(another, hybrid).getLast();
    refused(publisher, List.of(good.getFirst(), replayed), "over another payload");
    PublishBundle second = PublishBundle.read(good.getLast());
    byte[] claimed =
        new PublishBundle(second.keyHint(), PublishBundle.read(others).envelope()).bytes();
    refused(publisher, List.of(good.getFirst(), claimed), "verifies under the ML-DSA-65 key");
  }

  @Test
  void aSecondBundleOfAnotherTypeIsNone() {
    PublisherKey hybrid = PublisherKey.generateHybrid(new SecureRandom());
    List<byte[]> good = bundles(STATEMENT, hybrid);
    List<LogRecord.Attestation> named =
        List.of(
            named(good).getFirst(),
            new LogRecord.Attestation(
                "https://slsa.dev/provenance/v1",
                good.getLast().length,
                Digest.of(good.getLast())));
    assertThatThrownBy(
            () ->
                PublishBundle.verify(
                    hybrid.publicHalf().identity(17), named, good, SigstoreTrust.NONE))
        .hasMessageContaining("is missing");
  }

  @Test
  void aKeyOfOneHalfNeedsOneBundleAndHasNoOther() throws SigningException {
    List<byte[]> one = bundles(STATEMENT, PublisherKey.plain(key));
    assertThat(PublishBundle.verify(identity, named(one), one, SigstoreTrust.NONE))
        .isEqualTo(STATEMENT);
    refused(
        identity,
        List.of(one.getFirst(), one.getFirst()),
        "attestation 2 is one more publish statement");
    PublisherKey hybrid = PublisherKey.generateHybrid(new SecureRandom());
    List<byte[]> three = new ArrayList<>(bundles(STATEMENT, hybrid));
    three.add(one.getFirst());
    refused(hybrid.publicHalf().identity(17), three, "attestation 3 is one more publish statement");
  }

  @Test
  void everyChangedByteOfASecondBundleIsRefusedOrChangesNothingSigned() {
    PublisherKey hybrid = PublisherKey.generateHybrid(new SecureRandom());
    Identity publisher = hybrid.publicHalf().identity(17);
    List<byte[]> good = bundles(STATEMENT, hybrid);
    byte[] second = good.getLast();
    for (int i = 0; i < second.length; i += 11) {
      byte[] changed = second.clone();
      changed[i] ^= 1;
      List<byte[]> both = List.of(good.getFirst(), changed);
      try {
        PublishBundle.verify(publisher, named(both), both, SigstoreTrust.NONE);
        String around = new String(changed, 0, i, StandardCharsets.UTF_8);
        assertThat(around.substring(around.length() - 96)).as("byte %d", i).contains("keyid");
      } catch (SigningException e) {
        assertThat(e.code()).isEqualTo("RAYA-SEC-007");
      }
    }
  }
}
