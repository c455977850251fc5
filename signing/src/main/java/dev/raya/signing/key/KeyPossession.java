package dev.raya.signing.key;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.util.Base64;

/**
 * The proof that whoever registers a public key holds its private half: a signature over the key
 * and the registry it is for, so that it is of no use elsewhere (registry.md 1.2, {@code /keys}).
 *
 * <p>{@code POST /keys} carries {@code {"publicKey":BASE64,"proof":BASE64}}.
 */
public final class KeyPossession {
  /** Distinguishes these signatures from all others a key makes. */
  public static final String PURPOSE = "https://raya.dev/key-possession/v1";

  private KeyPossession() {}

  /** What is signed: canonical JSON of purpose, registry and key. */
  public static byte[] message(String origin, VerificationKey key) {
    return CanonicalJson.bytes(
        Json.object()
            .put("purpose", PURPOSE)
            .put("origin", origin)
            .put("publicKey", key.base64())
            .build());
  }

  /** The proof in Base64. */
  public static String prove(String origin, SigningKey key) {
    return Base64.getEncoder().encodeToString(key.sign(message(origin, key.verificationKey())));
  }

  /** Whether a proof in Base64 is one for this key and registry. */
  public static boolean holds(String origin, VerificationKey key, String proof) {
    try {
      return key.verifies(message(origin, key), Base64.getDecoder().decode(proof));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }
}
