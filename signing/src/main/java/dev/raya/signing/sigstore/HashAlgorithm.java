package dev.raya.signing.sigstore;

import dev.raya.signing.SigningException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash functions that bundles, log entries and timestamps may use. */
enum HashAlgorithm {
  SHA2_256("SHA-256", "sha256", "2.16.840.1.101.3.4.2.1"),
  SHA2_384("SHA-384", "sha384", "2.16.840.1.101.3.4.2.2"),
  SHA2_512("SHA-512", "sha512", "2.16.840.1.101.3.4.2.3");

  private final String javaName;
  private final String rekorName;
  private final String oid;

  HashAlgorithm(String javaName, String rekorName, String oid) {
    this.javaName = javaName;
    this.rekorName = rekorName;
    this.oid = oid;
  }

  /** The object identifier, dotted. */
  String oid() {
    return oid;
  }

  byte[] digest(byte[] bytes) {
    MessageDigest digest = start();
    return digest.digest(bytes);
  }

  MessageDigest start() {
    try {
      return MessageDigest.getInstance(javaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + javaName, e);
    }
  }

  /** The name in JCA signature algorithms, such as {@code SHA256}. */
  String signatureName() {
    return javaName.replace("-", "");
  }

  /** The algorithm by the name that the protobuf enumeration has, such as {@code SHA2_256}. */
  static HashAlgorithm named(String name) throws SigningException {
    for (HashAlgorithm algorithm : values()) {
      if (algorithm.name().equals(name)) {
        return algorithm;
      }
    }
    throw unknown(name);
  }

  /** The algorithm by the name that Rekor v1 entries have, such as {@code sha256}. */
  static HashAlgorithm inRekor(String name) throws SigningException {
    for (HashAlgorithm algorithm : values()) {
      if (algorithm.rekorName.equals(name)) {
        return algorithm;
      }
    }
    throw unknown(name);
  }

  static HashAlgorithm ofOid(String oid) throws SigningException {
    for (HashAlgorithm algorithm : values()) {
      if (algorithm.oid.equals(oid)) {
        return algorithm;
      }
    }
    throw unknown(oid);
  }

  private static SigningException unknown(String name) {
    return Refusal.bundle("expected SHA-256, SHA-384 or SHA-512, found \"" + name + '"');
  }
}
