package dev.raya.signing.sigstore;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle is to speak of, by its hashes: all of them where the file is at hand, the SHA-256
 * alone where only that is known.
 *
 * @param sha256 of the file
 * @param sha384 in hexadecimal, or null
 * @param sha512 in hexadecimal, or null
 */
public record SignedArtifact(Digest sha256, @Nullable String sha384, @Nullable String sha512) {
  private static final int BUFFER = 1 << 16;

  /** An artifact of which only the SHA-256 is known. */
  public static SignedArtifact ofDigest(Digest sha256) {
    return new SignedArtifact(sha256, null, null);
  }

  /**
   * A file, read once as a stream.
   *
   * @throws IOException if it cannot be read
   */
  public static SignedArtifact ofFile(Path file) throws IOException {
    MessageDigest sha256 = HashAlgorithm.SHA2_256.start();
    MessageDigest sha384 = HashAlgorithm.SHA2_384.start();
    MessageDigest sha512 = HashAlgorithm.SHA2_512.start();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
        sha384.update(buffer, 0, n);
        sha512.update(buffer, 0, n);
      }
    }
    HexFormat hex = HexFormat.of();
    return new SignedArtifact(
        Digest.finish(sha256), hex.formatHex(sha384.digest()), hex.formatHex(sha512.digest()));
  }

  /** The hash by that algorithm, or null where it is not known. */
  byte @Nullable [] digest(HashAlgorithm algorithm) {
    String hex =
        switch (algorithm) {
          case SHA2_256 -> sha256.hex();
          case SHA2_384 -> sha384;
          case SHA2_512 -> sha512;
        };
    return hex == null ? null : HexFormat.of().parseHex(hex);
  }
}
