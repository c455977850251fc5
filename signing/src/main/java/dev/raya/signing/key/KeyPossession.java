package dev.raya.signing.key;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.util.Base64;

/**
 * The proof that whoever registers a public key holds its private half: a signature over the key
 * and the registry it is for, so that it is of no use elsewhere (registry.md 1.2, {@code /keys}).
 *
 * <p>{@code POST /keys} carries {@code {"publicKey":BASE64,"proof":BASE64}}; of a hybrid key also
 * {@code "mlDsa65":BASE64} and {@code "mlDsa65Proof":BASE64}, and both halves sign a message that
 * names both.
 */
public final class KeyPossession {
  /** Distinguishes these signatures from all others a key makes. */
  public static final String PURPOSE = "https://raya.dev/key-possession/v1";

  /** Member of the request with the second proof of a hybrid key. */
  public static final String ML_DSA_PROOF = "mlDsa65Proof";

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

  /** What both halves of a hybrid key sign. */
  public static byte[] message(String origin, VerificationKey key, MlDsaPublicKey second) {
    return CanonicalJson.bytes(
        Json.object()
            .put("purpose", PURPOSE)
            .put("origin", origin)
            .put("publicKey", key.base64())
            .put(Identity.ML_DSA, second.base64())
            .build());
  }

  /** The body of {@code POST /keys} that registers a key. */
  public static Json.Obj request(String origin, PublisherKey key) {
    PublisherKey.Public half = key.publicHalf();
    Json.ObjectBuilder request = Json.object().put("publicKey", half.ed25519().base64());
    MlDsaSigningKey second = key.mlDsa();
    if (second == null) {
      return request.put("proof", prove(origin, key.ed25519())).build();
    }
    byte[] message = message(origin, half.ed25519(), second.publicKey());
    return request
        .put("proof", Base64.getEncoder().encodeToString(key.ed25519().sign(message)))
        .put(Identity.ML_DSA, second.publicKey().base64())
        .put(ML_DSA_PROOF, Base64.getEncoder().encodeToString(second.sign(message)))
        .build();
  }

  /** Whether two proofs in Base64 are those of a hybrid key's halves for this registry. */
  public static boolean holds(
      String origin, VerificationKey key, MlDsaPublicKey second, String proof, String mlDsaProof) {
    byte[] message = message(origin, key, second);
    try {
      return key.verifies(message, Base64.getDecoder().decode(proof))
          && second.verifies(message, Base64.getDecoder().decode(mlDsaProof));
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
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
