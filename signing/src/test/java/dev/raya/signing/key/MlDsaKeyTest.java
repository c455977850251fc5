package dev.raya.signing.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ML-DSA-65 keys agree with the platform's, and a hybrid key is never one of its halves. */
final class MlDsaKeyTest {
  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);
  private final SecureRandom random = new SecureRandom();

  @TempDir Path folder = Path.of(".");

  @Test
  void thePlatformVerifiesWhatWeSign() throws Exception {
    MlDsaSigningKey key = MlDsaSigningKey.generate(random);
    byte[] signature = key.sign(MESSAGE);
    assertThat(signature).hasSize(MlDsaPublicKey.SIGNATURE_LENGTH).isEqualTo(key.sign(MESSAGE));
    PublicKey same =
        KeyFactory.getInstance("ML-DSA-65")
            .generatePublic(new X509EncodedKeySpec(key.publicKey().subjectPublicKeyInfo()));
    Signature verifier = Signature.getInstance("ML-DSA-65");
    verifier.initVerify(same);
    verifier.update(MESSAGE);
    assertThat(verifier.verify(signature)).isTrue();
    assertThat(same.getEncoded()).isEqualTo(key.publicKey().subjectPublicKeyInfo());
  }

  @Test
  void weVerifyWhatThePlatformSigns() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("ML-DSA-65").generateKeyPair();
    Signature signer = Signature.getInstance("ML-DSA-65");
    signer.initSign(pair.getPrivate());
    signer.update(MESSAGE);
    byte[] signature = signer.sign();
    MlDsaPublicKey key =
        MlDsaPublicKey.ofBase64(Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
    assertThat(key.verifies(MESSAGE, signature)).isTrue();
    assertThat(key.verifies(new byte[0], signature)).isFalse();
    assertThat(key.verifies(MESSAGE, new byte[signature.length])).isFalse();
    assertThat(key.verifies(MESSAGE, new byte[0])).isFalse();
    for (int i = 0; i < signature.length; i += 37) {
      byte[] changed = signature.clone();
      changed[i] ^= 1;
      assertThat(key.verifies(MESSAGE, changed)).as("byte %d", i).isFalse();
    }
  }

  @Test
  void keysAreReadInTheirOneEncoding() {
    MlDsaSigningKey key = MlDsaSigningKey.generate(random);
    assertThat(MlDsaSigningKey.ofPkcs8(key.pkcs8()).publicKey()).isEqualTo(key.publicKey());
    assertThat(key.publicKey().keyId())
        .isEqualTo(Digest.of(key.publicKey().subjectPublicKeyInfo()));
    byte[] longer = new byte[key.pkcs8().length + 1];
    assertThatThrownBy(() -> MlDsaSigningKey.ofPkcs8(longer))
        .isInstanceOf(IllegalArgumentException.class);
    String text = key.publicKey().base64();
    String ed25519 = SigningKey.generate(random).verificationKey().base64();
    for (String wrong : new String[] {"", "AAAA", "?", text.substring(4), ed25519}) {
      assertThatThrownBy(() -> MlDsaPublicKey.ofBase64(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aHybridKeyIsListedAndNeverLoadedAsOneHalf() throws Exception {
    KeyDirectory keys = new KeyDirectory(folder.resolve("keys"));
    PublisherKey made = keys.generateHybrid("open".toCharArray(), random);
    assertThat(keys.publicHalves()).containsExactly(made.publicHalf());
    assertThat(keys.list()).containsExactly(made.publicHalf().ed25519());
    assertThat(keys.loadPublisher(made.keyId(), "open".toCharArray()).publicHalf())
        .isEqualTo(made.publicHalf());
    assertThatThrownBy(() -> keys.load(made.keyId(), "open".toCharArray()))
        .hasMessageContaining("ML-DSA-65 half");
  }

  @Test
  void anIdentityWithASecondHalfIsAnotherThanWithout() throws Exception {
    PublisherKey key = PublisherKey.generateHybrid(random);
    Identity.Key hybrid = key.publicHalf().identity(17);
    Identity.Key plain = new Identity.Key(17, key.publicHalf().ed25519());
    assertThat(hybrid.standsFor(plain)).isFalse();
    assertThat(plain.standsFor(hybrid)).isFalse();
    assertThat(Identity.read(JsonFields.root(hybrid.json()))).isEqualTo(hybrid);
    assertThat(hybrid.json().get(Identity.ML_DSA)).isNotNull();
    assertThat(plain.json().get(Identity.ML_DSA)).isNull();
    String malformed =
        CanonicalJson.text(hybrid.json())
            .replace(Objects.requireNonNull(hybrid.mlDsa()).hex(), "AB");
    assertThatThrownBy(() -> Identity.read(JsonFields.root(JsonReader.read(malformed))))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("64 lower-case");
  }
}
