package dev.raya.signing.sigstore;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Immutable bytes, equal where their content is. */
final class Octets {
  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  static Octets of(byte[] bytes) {
    return new Octets(bytes.clone());
  }

  /** Reads a member in standard Base64, in its one form and not empty. */
  static Octets read(JsonFields fields, String name) throws JsonException {
    String text = fields.string(name);
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length > 0 && Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return new Octets(bytes);
      }
    } catch (IllegalArgumentException malformed) {
      throw fields.fault(name, "expected Base64: " + malformed.getMessage());
    }
    throw fields.fault(name, "expected bytes in Base64 with padding in its one form");
  }

  byte[] bytes() {
    return bytes.clone();
  }

  String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  String utf8() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return base64();
  }
}
