package dev.raya.cache.digest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A SHA-256 digest: the identity of a blob, an archive, a key or a document.
 *
 * <p>The written form in lockfiles, JSON and messages is {@code sha256:HEX} ({@link #toString()});
 * index documents, statements and file names use the bare {@link #hex()}.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements Comparable<Digest> {
  private static final String PREFIX = "sha256:";
  private static final int HEX_LENGTH = 64;
  private static final int COPY_BUFFER = 1 << 16;

  /**
   * Checks the digits.
   *
   * @throws IllegalArgumentException if {@code hex} is not 64 lower-case hexadecimal digits
   */
  public Digest {
    if (!isHex(hex)) {
      throw new IllegalArgumentException(
          "expected 64 lower-case hexadecimal digits of a SHA-256, found \""
              + abbreviate(hex)
              + '"');
    }
  }

  /** Whether {@code text} is the bare form: 64 lower-case hexadecimal digits. */
  public static boolean isHex(String text) {
    if (text.length() != HEX_LENGTH) {
      return false;
    }
    for (int i = 0; i < HEX_LENGTH; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads the written form {@code sha256:HEX}.
   *
   * @throws IllegalArgumentException if the algorithm is another one or the digits are malformed
   */
  public static Digest parse(String text) {
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          "expected sha256: and 64 hexadecimal digits, found \"" + abbreviate(text) + '"');
    }
    return new Digest(text.substring(PREFIX.length()));
  }

  /** The digest of {@code bytes}. */
  public static Digest of(byte[] bytes) {
    return of(sha256().digest(bytes), 0);
  }

  /** The digest whose 32 raw bytes start at {@code offset} of {@code raw}. */
  public static Digest of(byte[] raw, int offset) {
    return new Digest(HexFormat.of().formatHex(raw, offset, offset + HEX_LENGTH / 2));
  }

  /** The digest of what {@code digest} has been fed so far; resets it. */
  public static Digest finish(MessageDigest digest) {
    return of(digest.digest(), 0);
  }

  /**
   * The digest of a file's bytes, read as a stream.
   *
   * @throws IOException if the file cannot be read
   */
  public static Digest ofFile(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ofStream(in);
    }
  }

  /**
   * The digest of the rest of a stream, which is read to its end and left open.
   *
   * @throws IOException if the stream cannot be read
   */
  public static Digest ofStream(InputStream in) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[COPY_BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      digest.update(buffer, 0, n);
    }
    return finish(digest);
  }

  /** A fresh SHA-256, for callers that hash while they copy. */
  public static MessageDigest sha256() {
    if (NativeSha256.IS_THERE) {
      return new NativeSha256();
    }
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** The 32 raw bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  /** {@code sha256:HEX}. */
  @Override
  public String toString() {
    return PREFIX + hex;
  }

  private static String abbreviate(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }

  /** As a record's own, written out: what the platform makes for it costs each start 20 ms. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest(String digits) && hex.equals(digits);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }
}
