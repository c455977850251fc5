package dev.raya.signing.oidc;

import java.util.Base64;

/** Base64 for URLs without padding, in its one canonical form (RFC 4648 section 5). */
final class UrlBase64 {
  private UrlBase64() {}

  static byte[] decode(String text) throws IdTokenException {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      if (encode(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException malformed) {
      throw new IdTokenException("malformed Base64: " + malformed.getMessage(), malformed);
    }
    throw new IdTokenException("expected Base64 for URLs in its canonical form, without padding");
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
