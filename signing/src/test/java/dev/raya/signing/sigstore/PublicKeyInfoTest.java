package dev.raya.signing.sigstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.signing.SigningException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;

/** Keys of every kind that a bundle may name verify their own signatures and nothing else. */
final class PublicKeyInfoTest {
  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

  private static KeyPair curve(String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(name));
    return generator.generateKeyPair();
  }

  private static KeyPair rsa(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static byte[] sign(KeyPair pair, String algorithm) throws Exception {
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(pair.getPrivate());
    signer.update(MESSAGE);
    return signer.sign();
  }

  private static void both(KeyPair pair, String algorithm, HashAlgorithm hash) throws Exception {
    PublicKeyInfo key = PublicKeyInfo.read(pair.getPublic().getEncoded());
    byte[] signature = sign(pair, algorithm);
    String digestName = "SHA-" + algorithm.substring(3, 6);
    byte[] digest = MessageDigest.getInstance(digestName).digest(MESSAGE);
    assertThat(key.verifies(MESSAGE, signature, hash)).isTrue();
    assertThat(key.verifiesDigest(digest, signature, hash)).isTrue();
    byte[] other = MessageDigest.getInstance(digestName).digest(new byte[1]);
    assertThat(key.verifies(new byte[1], signature, hash)).isFalse();
    assertThat(key.verifiesDigest(other, signature, hash)).isFalse();
    assertThat(key.verifies(MESSAGE, new byte[3], hash)).isFalse();
    assertThat(key.verifiesDigest(digest, new byte[3], hash)).isFalse();
  }

  @Test
  void curvesAndRsaVerifyAMessageAndItsDigest() throws Exception {
    both(curve("secp256r1"), "SHA256withECDSA", HashAlgorithm.SHA2_256);
    both(curve("secp384r1"), "SHA384withECDSA", HashAlgorithm.SHA2_384);
    both(curve("secp521r1"), "SHA512withECDSA", HashAlgorithm.SHA2_512);
    both(rsa(2048), "SHA256withRSA", HashAlgorithm.SHA2_256);
  }

  @Test
  void theUsualHashGoesWithTheSizeOfTheKey() throws Exception {
    assertThat(PublicKeyInfo.of(curve("secp256r1").getPublic()).usualHash())
        .isEqualTo(HashAlgorithm.SHA2_256);
    assertThat(PublicKeyInfo.of(curve("secp384r1").getPublic()).usualHash())
        .isEqualTo(HashAlgorithm.SHA2_384);
    assertThat(PublicKeyInfo.of(curve("secp521r1").getPublic()).usualHash())
        .isEqualTo(HashAlgorithm.SHA2_512);
    KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    PublicKeyInfo key = PublicKeyInfo.of(edwards.getPublic());
    assertThat(key.usualHash()).isEqualTo(HashAlgorithm.SHA2_256);
    byte[] signature = sign(edwards, "Ed25519");
    assertThat(key.verifies(MESSAGE, signature, HashAlgorithm.SHA2_256)).isTrue();
    // A plain Ed25519 signature is none over a digest.
    byte[] digest = MessageDigest.getInstance("SHA-512").digest(MESSAGE);
    assertThat(key.verifiesDigest(digest, signature, HashAlgorithm.SHA2_512)).isFalse();
  }

  @Test
  void aBareRsaKeyIsTheSameKey() throws Exception {
    KeyPair pair = rsa(2048);
    byte[] spki = pair.getPublic().getEncoded();
    byte[] bare = SubjectPublicKeyInfo.getInstance(spki).getPublicKeyData().getOctets();
    assertThat(PublicKeyInfo.read(bare).spki()).isEqualTo(spki);
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(spki)
            + "\n-----END PUBLIC KEY-----\n";
    assertThat(PublicKeyInfo.ofPem(pem).spki()).isEqualTo(spki);
  }

  @Test
  void weakAndUnknownKeysAreRefused() throws Exception {
    KeyPair weak = rsa(1024);
    KeyPair exchange = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    for (KeyPair pair : List.of(weak, exchange)) {
      assertThatThrownBy(() -> PublicKeyInfo.of(pair.getPublic()))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("at least 2048 bits");
    }
    assertThatThrownBy(() -> PublicKeyInfo.read(new byte[] {1, 2, 3}))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("expected a public key");
    for (String pem :
        List.of(
            "",
            "-----BEGIN PUBLIC KEY-----",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----")) {
      assertThatThrownBy(() -> PublicKeyInfo.ofPem(pem))
          .as(pem)
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("PEM");
    }
  }
}
