package dev.raya.signing.oidc;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys that an issuer signs with at present (RFC 7517), by their id. Keys of other kinds, and
 * those that encrypt, are passed over.
 */
public final class IssuerKeys {
  /** Largest document of keys, in bytes. */
  public static final int MAX_BYTES = 256 << 10;

  private static final int MAX_KEYS = 64;

  private final Map<String, Entry> keys;

  record Entry(TokenAlgorithm algorithm, PublicKey key) {}

  private IssuerKeys(Map<String, Entry> keys) {
    this.keys = keys;
  }

  /**
   * Reads a JSON Web Key Set.
   *
   * @throws IdTokenException if it is too large or malformed, has two keys of one id, or none that
   *     can be used
   */
  public static IssuerKeys read(byte[] document) throws IdTokenException {
    if (document.length > MAX_BYTES) {
      throw new IdTokenException("the document of keys is larger than " + MAX_BYTES + " bytes");
    }
    Map<String, Entry> keys = new TreeMap<>();
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      if (root.items("keys").size() > MAX_KEYS) {
        throw root.fault("keys", "expected at most " + MAX_KEYS + " keys");
      }
      for (JsonFields fields : root.list("keys")) {
        Optional<TokenAlgorithm> algorithm = TokenAlgorithm.ofKeyType(fields.string("kty"));
        if (algorithm.isEmpty() || !signs(fields, algorithm.get())) {
          continue;
        }
        Entry entry;
        try {
          entry = new Entry(algorithm.get(), algorithm.get().key(fields));
        } catch (JsonException ofAnotherSizeOrCurve) {
          // A key that we would not take signs tokens that we do not take; the others still count.
          continue;
        }
        if (keys.put(fields.string("kid"), entry) != null) {
          throw fields.fault("kid", "two keys have the id " + fields.string("kid"));
        }
      }
    } catch (JsonException malformed) {
      throw new IdTokenException(
          "malformed document of keys: " + malformed.getMessage(), malformed);
    }
    if (keys.isEmpty()) {
      throw new IdTokenException("the document of keys has none for RS256, ES256 or EdDSA");
    }
    return new IssuerKeys(keys);
  }

  private static boolean signs(JsonFields fields, TokenAlgorithm algorithm) throws JsonException {
    String use = fields.optionalString("use");
    String alg = fields.optionalString("alg");
    return fields.has("kid")
        && (use == null || use.equals("sig"))
        && (alg == null || alg.equals(algorithm.id()));
  }

  /** Whether there is a key of that id. */
  public boolean has(String keyId) {
    return keys.containsKey(keyId);
  }

  Optional<Entry> find(String keyId) {
    return Optional.ofNullable(keys.get(keyId));
  }
}
