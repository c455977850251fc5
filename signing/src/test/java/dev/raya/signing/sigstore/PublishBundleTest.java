package dev.raya.signing.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.statement.NativeSubject;
import dev.raya.signing.statement.PublishStatement;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
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
}
