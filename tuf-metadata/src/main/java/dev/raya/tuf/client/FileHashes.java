package dev.raya.tuf.client;

import dev.raya.cache.digest.Digest;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks lengths and hashes. Every hash of a known algorithm must be right, and one be known. */
final class FileHashes {
  /** TUF's names and the JDK's, the one that names target files first. */
  private static final Map<String, String> KNOWN = known();

  private static final String SHA_256 = "SHA-256";

  private static final int BUFFER = 16 << 10;

  private FileHashes() {}

  private static Map<String, String> known() {
    Map<String, String> known = new LinkedHashMap<>();
    known.put("sha256", SHA_256);
    known.put("sha512", "SHA-512");
    return known;
  }

  /** The hash that stands in a target's file name with consistent snapshots, or null. */
  static @Nullable String prefix(Map<String, String> hashes) {
    for (String algorithm : KNOWN.keySet()) {
      String hex = hashes.get(algorithm);
      if (hex != null) {
        return hex;
      }
    }
    return null;
  }

  /**
   * Checks a metadata file against what another one says of it; what that does not say, is not
   * checked.
   *
   * @throws TufException if length or a hash is another
   */
  static void check(String what, byte[] document, Role.MetaFile expected) throws TufException {
    Long length = expected.length();
    if (length != null && length != document.length) {
      throw refused(what, "expected " + length + " bytes, found " + document.length);
    }
    if (expected.hashes().isEmpty()) {
      return;
    }
    Map<String, MessageDigest> digests = digests(what, expected.hashes());
    digests.values().forEach(digest -> digest.update(document));
    compare(what, digests, expected.hashes());
  }

  /**
   * Checks a target file.
   *
   * @throws TufException if length or a hash is another, or no hash is of a known algorithm
   */
  static void check(String what, Path file, Role.TargetFile expected)
      throws TufException, IOException {
    Map<String, MessageDigest> digests = digests(what, expected.hashes());
    long length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0 && length <= expected.length(); n = in.read(buffer)) {
        length += n;
        for (MessageDigest digest : digests.values()) {
          digest.update(buffer, 0, n);
        }
      }
    }
    if (length != expected.length()) {
      throw refused(what, "expected " + expected.length() + " bytes, found " + length);
    }
    compare(what, digests, expected.hashes());
  }

  private static Map<String, MessageDigest> digests(String what, Map<String, String> hashes)
      throws TufException {
    Map<String, MessageDigest> digests = new LinkedHashMap<>();
    for (Map.Entry<String, String> algorithm : KNOWN.entrySet()) {
      if (hashes.containsKey(algorithm.getKey())) {
        digests.put(algorithm.getKey(), digest(algorithm.getValue()));
      }
    }
    if (digests.isEmpty()) {
      throw refused(
          what, "expected a hash of " + KNOWN.keySet() + ", found only " + hashes.keySet());
    }
    return digests;
  }

  private static MessageDigest digest(String name) {
    if (name.equals(SHA_256)) {
      return Digest.sha256(); // by the processor, where that can be
    }
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }

  private static void compare(
      String what, Map<String, MessageDigest> digests, Map<String, String> hashes)
      throws TufException {
    for (Map.Entry<String, MessageDigest> digest : digests.entrySet()) {
      String found = HexFormat.of().formatHex(digest.getValue().digest());
      String expected = hashes.get(digest.getKey());
      if (!found.equals(expected)) {
        throw refused(what, "expected " + digest.getKey() + ' ' + expected + ", found " + found);
      }
    }
  }

  private static TufException refused(String what, String message) {
    return new TufException(Code.METADATA_REFUSED, what + " refused: " + message);
  }
}
