package dev.raya.cli.pm.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds what must not be published: files that hold keys or tokens, by name and by content. */
final class Secrets {
  private static final int SCANNED_BYTES = 1 << 20;

  private static final List<String> SUFFIXES =
      List.of(".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".ppk", ".gpg", ".kdbx");

  private static final List<String> NAMES =
      List.of(
          ".env",
          ".npmrc",
          ".netrc",
          ".pypirc",
          "credentials.toml",
          "id_rsa",
          "id_dsa",
          "id_ecdsa",
          "id_ed25519",
          ".git-credentials",
          ".htpasswd");

  private static final Pattern CONTENT =
      Pattern.compile(
          "-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
              + "|\\braya_[A-Za-z0-9_-]{27,}"
              + "|\"schema\"\\s*:\\s*\"raya/key/1\""
              + "|\\bAKIA[0-9A-Z]{16}\\b"
              + "|\\bgh[pousr]_[A-Za-z0-9]{36}"
              + "|\\bxox[abprs]-[A-Za-z0-9-]{20,}");

  private Secrets() {}

  /**
   * Why a file looks like a secret, or empty if it does not.
   *
   * @throws IOException if it cannot be read
   */
  static Optional<String> in(String path, Path file) throws IOException {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    boolean template = name.endsWith(".example") || name.endsWith(".sample");
    if (NAMES.contains(name) || (name.startsWith(".env.") && !template)) {
      return Optional.of("files of that name hold credentials");
    }
    for (String suffix : SUFFIXES) {
      if (name.endsWith(suffix)) {
        return Optional.of("*" + suffix + " files hold keys");
      }
    }
    byte[] head;
    try (var in = Files.newInputStream(file)) {
      head = in.readNBytes(SCANNED_BYTES);
    }
    return CONTENT.matcher(new String(head, StandardCharsets.ISO_8859_1)).find()
        ? Optional.of("it contains what looks like a key or a token")
        : Optional.empty();
  }
}
