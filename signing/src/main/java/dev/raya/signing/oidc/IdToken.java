package dev.raya.signing.oidc;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * An OIDC ID token: a JSON Web Token in its compact form (RFC 7519, RFC 7515). Reading one says
 * nothing about its signature; {@link #verify} does. Nothing in a token is ever followed: no
 * address, no key, no certificate in its header.
 */
public final class IdToken {
  /** Longest token in characters. */
  public static final int MAX_LENGTH = 16 << 10;

  /** How far the clocks of issuer and registry may be apart (security.md, Trusted publishing). */
  public static final Duration LEEWAY = Duration.ofSeconds(60);

  /** Header members that name or bring a key; a token with one is refused. */
  private static final Set<String> FOREIGN_KEYS = Set.of("jku", "jwk", "x5u", "x5c", "crit", "b64");

  private static final long LAST_SECOND = 253_402_300_799L;

  private final TokenAlgorithm algorithm;
  private final String keyId;
  private final JsonFields claims;
  private final byte[] signed;
  private final byte[] signature;

  private IdToken(
      TokenAlgorithm algorithm, String keyId, JsonFields claims, byte[] signed, byte[] signature) {
    this.algorithm = algorithm;
    this.keyId = keyId;
    this.claims = claims;
    this.signed = signed;
    this.signature = signature;
  }

  /**
   * Reads a token.
   *
   * @throws IdTokenException if it is too long, malformed, of another algorithm than RS256, ES256
   *     or EdDSA, or brings a key of its own
   */
  public static IdToken read(String text) throws IdTokenException {
    if (text.length() > MAX_LENGTH) {
      throw new IdTokenException("the token is longer than " + MAX_LENGTH + " characters");
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      throw new IdTokenException("expected a signed token of three parts, found " + parts.length);
    }
    try {
      JsonFields header = JsonFields.root(JsonReader.read(UrlBase64.decode(parts[0])));
      for (String name : FOREIGN_KEYS) {
        if (header.has(name)) {
          throw header.fault(name, "expected a header without it");
        }
      }
      String alg = header.string("alg");
      TokenAlgorithm algorithm =
          TokenAlgorithm.of(alg)
              .orElseThrow(
                  () ->
                      header.fault("alg", "expected RS256, ES256 or EdDSA, found \"" + alg + '"'));
      JsonFields claims = JsonFields.root(JsonReader.read(UrlBase64.decode(parts[1])));
      byte[] signed = (parts[0] + '.' + parts[1]).getBytes(StandardCharsets.US_ASCII);
      return new IdToken(
          algorithm, header.string("kid"), claims, signed, UrlBase64.decode(parts[2]));
    } catch (JsonException malformed) {
      throw new IdTokenException("malformed token: " + malformed.getMessage(), malformed);
    }
  }

  /** Who the token says made it; to be looked up, not to be believed. */
  public String issuer() throws IdTokenException {
    return text("iss");
  }

  /** Which key the token says signed it. */
  public String keyId() {
    return keyId;
  }

  /**
   * Verifies signature, audience and times.
   *
   * @param keys of the issuer that {@link #issuer} names
   * @param audience the registry's origin
   * @param now the registry's clock
   * @throws IdTokenException if one of them does not hold
   */
  public void verify(IssuerKeys keys, String audience, Instant now) throws IdTokenException {
    IssuerKeys.Entry entry =
        keys.find(keyId)
            .orElseThrow(() -> new IdTokenException("the issuer has no key \"" + keyId + '"'));
    if (entry.algorithm() != algorithm) {
      throw new IdTokenException(
          "the token is signed with "
              + algorithm.id()
              + ", its key is for "
              + entry.algorithm().id());
    }
    if (!algorithm.verifies(entry.key(), signed, signature)) {
      throw new IdTokenException("the signature is not that of the issuer's key " + keyId);
    }
    requireAudience(audience);
    Instant expires = time("exp");
    if (!now.isBefore(expires.plus(LEEWAY))) {
      throw new IdTokenException("the token expired at " + expires + "; it is " + now);
    }
    if (claims.has("nbf") && now.isBefore(time("nbf").minus(LEEWAY))) {
      throw new IdTokenException("the token is valid from " + time("nbf") + " on; it is " + now);
    }
    if (claims.has("iat") && now.isBefore(time("iat").minus(LEEWAY))) {
      throw new IdTokenException("the token was made at " + time("iat") + "; it is " + now);
    }
  }

  /** When the token ends, with the leeway: as long its id must be remembered. */
  public Instant rememberedUntil() throws IdTokenException {
    return time("exp").plus(LEEWAY);
  }

  /** The token's own id, for which it is taken once. */
  public String id() throws IdTokenException {
    return text("jti");
  }

  /** What the token claims. */
  JsonFields claims() {
    return claims;
  }

  /** A claim that must be there, as text of 1 to 1 024 characters. */
  String text(String name) throws IdTokenException {
    try {
      String text = claims.string(name);
      if (text.isEmpty() || text.length() > 1024) {
        throw claims.fault(name, "expected 1 to 1024 characters");
      }
      return text;
    } catch (JsonException malformed) {
      throw new IdTokenException("malformed token: " + malformed.getMessage(), malformed);
    }
  }

  private void requireAudience(String audience) throws IdTokenException {
    try {
      // Several audiences would let whoever holds the token use it elsewhere, or elsewhere's here.
      Json value = claims.value("aud");
      boolean alone =
          switch (value) {
            case Json.Str(String text) -> text.equals(audience);
            case Json.Array _ -> claims.strings("aud").equals(List.of(audience));
            default -> false;
          };
      if (!alone) {
        throw new IdTokenException("expected a token for the audience " + audience + " alone");
      }
    } catch (JsonException malformed) {
      throw new IdTokenException("malformed token: " + malformed.getMessage(), malformed);
    }
  }

  private Instant time(String name) throws IdTokenException {
    try {
      long seconds = claims.integer(name);
      if (seconds < 0 || seconds > LAST_SECOND) {
        throw claims.fault(name, "expected a number of seconds since 1970");
      }
      return Instant.ofEpochSecond(seconds);
    } catch (JsonException malformed) {
      throw new IdTokenException("malformed token: " + malformed.getMessage(), malformed);
    }
  }
}
