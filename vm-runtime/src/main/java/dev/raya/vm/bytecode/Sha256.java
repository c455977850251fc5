package dev.raya.vm.bytecode;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 value as the file holds it: 32 bytes. All zero means "none". */
public final class Sha256 {
  /** The absent digest. */
  public static final Sha256 ZERO = new Sha256(new byte[32]);

  private final byte[] bytes;

  private Sha256(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The digest with these bytes.
   *
   * @throws IllegalArgumentException unless there are 32
   */
  public static Sha256 of(byte[] bytes) {
    if (bytes.length != 32) {
      throw new IllegalArgumentException("a SHA-256 value has 32 bytes, not " + bytes.length);
    }
    return new Sha256(bytes.clone());
  }

  /** The digest of a content. */
  public static Sha256 hash(byte[] content) {
    return new Sha256(newDigest().digest(content));
  }

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A copy of the 32 bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** 64 lower-case hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  /** Whether this is {@link #ZERO}. */
  public boolean isZero() {
    return equals(ZERO);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sha256 that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "sha256:" + hex();
  }
}
