package dev.raya.registry.account;

import dev.raya.cache.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The form of tokens (spec: security.md "Tokens and people"): {@code raya_}, 160 random bits and a
 * checksum of 20 bits, in Crockford's alphabet. The checksum lets a scanner for leaked secrets, and
 * this class, tell a token from other text without asking anybody.
 *
 * <p>Stored is only SHA-256 of the server's pepper and the token: with 160 random bits a slow hash
 * would add nothing.
 */
public final class Tokens {
  private static final String PREFIX = "raya_";
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int BITS_PER_DIGIT = 5;
  private static final int RANDOM_DIGITS = 160 / BITS_PER_DIGIT;
  private static final int CHECK_DIGITS = 4;

  /** Name of the pepper's file below the data directory's keys. */
  public static final String PEPPER = "token-pepper";

  private final String pepper;

  /**
   * Takes the pepper.
   *
   * @param pepper a secret of this registry that is not in its database
   */
  public Tokens(String pepper) {
    this.pepper = pepper;
  }

  /** Makes a token. */
  public static String generate(SecureRandom random) {
    StringBuilder token = new StringBuilder(PREFIX);
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return token.append(checksum(token.toString())).toString();
  }

  /** Whether a text has the form of a token, checksum included. */
  public static boolean isToken(String text) {
    int body = PREFIX.length() + RANDOM_DIGITS;
    return text.length() == body + CHECK_DIGITS
        && text.startsWith(PREFIX)
        && text.substring(body).equals(checksum(text.substring(0, body)));
  }

  /** What is stored for a token, or empty if the text is none. */
  public Optional<String> hash(String token) {
    return isToken(token)
        ? Optional.of(Digest.of((pepper + token).getBytes(StandardCharsets.UTF_8)).hex())
        : Optional.empty();
  }

  private static String checksum(String body) {
    byte[] digest = Digest.of(body.getBytes(StandardCharsets.US_ASCII)).bytes();
    StringBuilder check = new StringBuilder();
    for (int i = 0; i < CHECK_DIGITS; i++) {
      check.append(ALPHABET.charAt(digest[i] & 31));
    }
    return check.toString();
  }
}
