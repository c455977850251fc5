package dev.raya.signing.sigstore;

import dev.raya.signing.SigningException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.digests.NullDigest;
import org.bouncycastle.crypto.signers.RSADigestSigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A public key of the kinds Sigstore uses (ECDSA, Ed25519, RSA with PKCS #1 v1.5 padding), with its
 * SubjectPublicKeyInfo.
 */
final class PublicKeyInfo {
  private static final int MIN_RSA_BITS = 2048;
  private static final int ED25519_KEY = 32;

  private final byte[] spki;
  private final PublicKey key;

  private PublicKeyInfo(byte[] spki, PublicKey key) {
    this.spki = spki;
    this.key = key;
  }

  static PublicKeyInfo of(PublicKey key) throws SigningException {
    boolean known =
        key instanceof ECPublicKey
            || key instanceof EdECPublicKey
            || (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS);
    if (!known) {
      throw Refusal.bundle(
          "expected an ECDSA or Ed25519 key or an RSA key of at least "
              + MIN_RSA_BITS
              + " bits, found "
              + key.getAlgorithm());
    }
    return new PublicKeyInfo(key.getEncoded(), key);
  }

  /** Reads a SubjectPublicKeyInfo in DER, or a bare PKCS #1 key as older trusted roots have it. */
  static PublicKeyInfo read(byte[] der) throws SigningException {
    for (byte[] candidate : List.of(der, wrapped(der))) {
      for (String algorithm : List.of("EC", "Ed25519", "RSA")) {
        try {
          return of(
              KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(candidate)));
        } catch (GeneralSecurityException another) {
          continue; // of another kind
        }
      }
    }
    throw Refusal.bundle("expected a public key, found " + der.length + " bytes of another kind");
  }

  private static byte[] wrapped(byte[] pkcs1) throws SigningException {
    try {
      return new SubjectPublicKeyInfo(
              new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), pkcs1)
          .getEncoded("DER");
    } catch (IOException e) {
      throw Refusal.bundle("malformed public key", e);
    }
  }

  /** Reads a PEM text of one public key. */
  static PublicKeyInfo ofPem(String pem) throws SigningException {
    return read(pem(pem, "PUBLIC KEY"));
  }

  /** The bytes of a PEM text (RFC 7468) that holds one object with that label. */
  static byte[] pem(String text, String label) throws SigningException {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    String all = text.strip();
    if (all.startsWith(begin) && all.endsWith(end) && all.length() > begin.length()) {
      String body = all.substring(begin.length(), all.length() - end.length());
      try {
        return Base64.getDecoder().decode(body.replace("\r", "").replace("\n", ""));
      } catch (IllegalArgumentException malformed) {
        throw Refusal.bundle("malformed PEM", malformed);
      }
    }
    throw Refusal.bundle("expected PEM of one " + label);
  }

  byte[] spki() {
    return spki.clone();
  }

  /** The hash that goes with the key where a format does not name one. */
  HashAlgorithm usualHash() {
    if (key instanceof ECPublicKey ec) {
      int bits = ec.getParams().getCurve().getField().getFieldSize();
      return bits <= 256
          ? HashAlgorithm.SHA2_256
          : bits <= 384 ? HashAlgorithm.SHA2_384 : HashAlgorithm.SHA2_512;
    }
    return HashAlgorithm.SHA2_256;
  }

  /** Whether a signature over a message is this key's. */
  boolean verifies(byte[] message, byte[] signature, HashAlgorithm hash) {
    String algorithm =
        switch (key) {
          case ECPublicKey ec -> hash.signatureName() + "withECDSA";
          case RSAPublicKey rsa -> hash.signatureName() + "withRSA";
          default -> "Ed25519";
        };
    return verifies(algorithm, message, signature);
  }

  /**
   * Whether a signature over a message of which only the hash is known is this key's. Ed25519 keys
   * sign the SHA-512 of a message here (Ed25519ph, RFC 8032), which alone can be checked so.
   */
  boolean verifiesDigest(byte[] digest, byte[] signature, HashAlgorithm hash) {
    if (key instanceof ECPublicKey) {
      return verifies("NONEwithECDSA", digest, signature);
    }
    if (key instanceof RSAPublicKey) {
      return verifiesRsa(digest, signature, hash);
    }
    return hash == HashAlgorithm.SHA2_512
        && signature.length == Ed25519.SIGNATURE_SIZE
        && Ed25519.verifyPrehash(
            signature,
            0,
            Arrays.copyOfRange(spki, spki.length - ED25519_KEY, spki.length),
            0,
            new byte[0],
            digest,
            0);
  }

  private boolean verifiesRsa(byte[] digest, byte[] signature, HashAlgorithm hash) {
    try {
      RSADigestSigner verifier =
          new RSADigestSigner(new NullDigest(), new ASN1ObjectIdentifier(hash.oid()));
      verifier.init(false, PublicKeyFactory.createKey(spki));
      verifier.update(digest, 0, digest.length);
      return verifier.verifySignature(signature);
    } catch (IOException malformed) {
      return false;
    }
  }

  private boolean verifies(String algorithm, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // The provider reports a malformed signature this way; it is a plain no.
      return false;
    }
  }
}
