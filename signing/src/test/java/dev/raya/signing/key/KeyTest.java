package dev.raya.signing.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyTest {
  private static final HexFormat HEX = HexFormat.of();
  private final SecureRandom random = new SecureRandom();
  @TempDir private Path folder = Path.of("");

  /** RFC 8032, section 7.1, tests 1 to 3. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void publishedVectorsHold(String seed, String raw, String message, String signature) {
    SigningKey key = SigningKey.ofSeed(HEX.parseHex(seed));
    byte[] text = HEX.parseHex(message);
    assertThat(HEX.formatHex(key.verificationKey().raw())).isEqualTo(raw);
    assertThat(HEX.formatHex(key.sign(text))).isEqualTo(signature);
    assertThat(key.verificationKey().verifies(text, HEX.parseHex(signature))).isTrue();
  }

  @Test
  void anyChangedBitOfASignatureIsRefused() {
    SigningKey key = SigningKey.generate(random);
    byte[] message = "a message".getBytes(StandardCharsets.UTF_8);
    byte[] signature = key.sign(message);
    for (int bit = 0; bit < signature.length * 8; bit++) {
      byte[] changed = signature.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(key.verificationKey().verifies(message, changed)).as("bit %d", bit).isFalse();
    }
    assertThat(key.verificationKey().verifies(message, new byte[63])).isFalse();
  }

  @Test
  void keyIdIsTheDigestOfTheSubjectPublicKeyInfo() {
    VerificationKey key = SigningKey.generate(random).verificationKey();
    assertThat(key.keyId()).isEqualTo(Digest.of(key.subjectPublicKeyInfo()));
    assertThat(VerificationKey.ofBase64(key.base64())).isEqualTo(key);
    assertThatThrownBy(() -> VerificationKey.ofBase64(key.base64() + "="))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> VerificationKey.ofBase64(Base64.getEncoder().encodeToString(new byte[44])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keysAreKeptForTheirOwnerOnlyAndListed() throws Exception {
    KeyDirectory keys = new KeyDirectory(folder.resolve("keys"));
    assertThat(keys.list()).isEmpty();
    SigningKey made = keys.generate(null, random);
    Path file = keys.path().resolve(made.verificationKey().keyId().hex() + ".json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.path())))
        .isEqualTo("rwx------");
    assertThat(keys.list()).containsExactly(made.verificationKey());
    assertThat(keys.load(made.verificationKey().keyId(), null).pkcs8()).isEqualTo(made.pkcs8());
  }

  @Test
  void encryptedKeysWantTheirPassphrase() throws Exception {
    KeyDirectory keys = new KeyDirectory(folder.resolve("keys"));
    SigningKey made = keys.generate("open sesame".toCharArray(), random);
    Digest id = made.verificationKey().keyId();
    assertThat(keys.load(id, "open sesame".toCharArray()).pkcs8()).isEqualTo(made.pkcs8());
    assertThatThrownBy(() -> keys.load(id, null))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("RAYA_KEY_PASSPHRASE");
    assertThatThrownBy(() -> keys.load(id, "wrong".toCharArray()))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("wrong");
    assertThatThrownBy(() -> keys.load(Digest.of(new byte[0]), null))
        .isInstanceOf(SigningException.class)
        .extracting(e -> ((SigningException) e).code())
        .isEqualTo("RAYA-SEC-022");
  }
}
