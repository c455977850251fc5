package dev.raya.signing.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.signing.SigningException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A key file that is not exactly what we write is refused, and says why. */
final class KeyFileTest {
  private static final PublisherKey KEY = PublisherKey.plain(SigningKey.ofSeed(new byte[32]));
  private static final char[] PASSPHRASE = "open sesame".toCharArray();

  private static String plain() {
    return new String(KeyFile.write(KEY), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void refused(String document, char @Nullable [] passphrase, String why) {
    assertThatThrownBy(() -> KeyFile.read(bytes(document), passphrase))
        .as(document)
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(why)
        .extracting(e -> ((SigningException) e).code())
        .isEqualTo("RAYA-SEC-022");
  }

  @Test
  void thePublicHalfIsReadWithoutAPassphrase() throws Exception {
    byte[] encrypted = KeyFile.write(KEY, PASSPHRASE, new SecureRandom());
    assertThat(KeyFile.readPublic(encrypted)).isEqualTo(KEY.publicHalf());
    assertThat(KeyFile.readPublic(bytes(plain()))).isEqualTo(KEY.publicHalf());
    assertThat(KeyFile.read(bytes(plain()), null).ed25519().pkcs8())
        .isEqualTo(KEY.ed25519().pkcs8());
    assertThatThrownBy(() -> KeyFile.readPublic(bytes("{}")))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("schema");
  }

  @Test
  void malformedFilesAreRefused() {
    refused("", null, "key file refused");
    refused("[]", null, "key file refused");
    refused(plain().replace(KeyFile.SCHEMA, "raya/key/2"), null, "expected " + KeyFile.SCHEMA);
    refused(plain().replace(KEY.publicHalf().ed25519().base64(), "AAAA"), null, "publicKey");
    refused(plain().replace("\"pkcs8\":\"", "\"pkcs8\":\"!"), null, "expected Base64");
    refused(plain().replace("\"pkcs8\":\"", "\"pkcs9\":\""), null, "pkcs8");
    refused(plain().replaceFirst("\"pkcs8\":\"[^\"]*", "\"pkcs8\":\"AAAA"), null, "");
    refused(plain() + " ".repeat(KeyFile.MAX_BYTES), null, "at most " + KeyFile.MAX_BYTES);
  }

  @Test
  void halvesOfTwoKeysAreRefused() {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 7);
    String other = Base64.getEncoder().encodeToString(SigningKey.ofSeed(seed).pkcs8());
    String own = Base64.getEncoder().encodeToString(KEY.ed25519().pkcs8());
    refused(plain().replace(own, other), null, "does not belong to publicKey");
  }

  @Test
  void aFileDoesNotChooseWhatItsReadingCosts() {
    String encrypted =
        new String(KeyFile.write(KEY, PASSPHRASE, new SecureRandom()), StandardCharsets.UTF_8);
    String why = "expected aes-256-gcm under scrypt";
    refused(encrypted.replace("\"n\":65536", "\"n\":1073741824"), PASSPHRASE, why);
    refused(encrypted.replace("\"r\":8", "\"r\":4096"), PASSPHRASE, why);
    refused(encrypted.replace("\"p\":1", "\"p\":4096"), PASSPHRASE, why);
    refused(encrypted.replace("\"scrypt\"", "\"bcrypt\""), PASSPHRASE, why);
    refused(encrypted.replace("aes-256-gcm", "aes-256-cbc"), PASSPHRASE, why);
    refused(encrypted.replace("\"salt\":\"", "\"salt\":\"!"), PASSPHRASE, "expected Base64");
  }

  @Test
  void aHybridKeyKeepsBothHalvesTogether() throws Exception {
    PublisherKey hybrid = PublisherKey.generateHybrid(new SecureRandom());
    byte[] plain = KeyFile.write(hybrid);
    byte[] encrypted = KeyFile.write(hybrid, PASSPHRASE, new SecureRandom());
    assertThat(plain.length).isLessThan(KeyFile.MAX_BYTES);
    assertThat(encrypted.length).isLessThan(KeyFile.MAX_BYTES);
    assertThat(KeyFile.readPublic(encrypted)).isEqualTo(hybrid.publicHalf());
    for (PublisherKey read :
        List.of(KeyFile.read(plain, null), KeyFile.read(encrypted, PASSPHRASE))) {
      assertThat(read.publicHalf()).isEqualTo(hybrid.publicHalf());
      assertThat(read.mlDsa()).isNotNull();
    }
    String text = new String(encrypted, StandardCharsets.UTF_8);
    String second = text.replaceFirst("(?s).*(\"mlDsa65\":\"[^\"]*\",).*", "$1");
    // Without its second half the file no longer opens: both are bound to what is encrypted.
    refused(text.replace(second, ""), PASSPHRASE, "is wrong");
    String own = new String(plain, StandardCharsets.UTF_8);
    refused(own.replace(second, ""), null, "expected an Ed25519 PrivateKeyInfo");
    String other =
        new String(
            KeyFile.write(
                new PublisherKey(hybrid.ed25519(), MlDsaSigningKey.generate(new SecureRandom()))),
            StandardCharsets.UTF_8);
    refused(
        own.replace(second, other.replaceFirst("(?s).*(\"mlDsa65\":\"[^\"]*\",).*", "$1")),
        null,
        "does not belong to publicKey");
    refused(own.replace("\"mlDsa65\":\"MII", "\"mlDsa65\":\"MIA"), null, "ML-DSA-65");
  }
}
