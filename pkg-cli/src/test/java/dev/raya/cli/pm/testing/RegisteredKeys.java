package dev.raya.cli.pm.testing;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.KeyPossession;
import dev.raya.signing.key.MlDsaPublicKey;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.VerificationKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The keys that were registered to the one account of a {@link TestRegistry}. */
final class RegisteredKeys {
  private final long account;
  private final List<Identity.Key> keys = new CopyOnWriteArrayList<>();

  RegisteredKeys(long account) {
    this.account = account;
  }

  /** Takes the key of a request, whose proofs must hold. */
  void register(String origin, byte[] request) {
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(request));
      VerificationKey key = VerificationKey.ofBase64(fields.string("publicKey"));
      String proof = fields.string("proof");
      MlDsaPublicKey second =
          fields.has(Identity.ML_DSA)
              ? MlDsaPublicKey.ofBase64(fields.string(Identity.ML_DSA))
              : null;
      boolean holds =
          second == null
              ? KeyPossession.holds(origin, key, proof)
              : KeyPossession.holds(
                  origin, key, second, proof, fields.string(KeyPossession.ML_DSA_PROOF));
      if (!holds) {
        throw new IllegalStateException("no proof of possession");
      }
      keys.add(new PublisherKey.Public(key, second).identity(account));
    } catch (JsonException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  Optional<Identity> first() {
    return keys.stream().<Identity>map(key -> key).findFirst();
  }

  Json.Obj json() {
    return Json.object()
        .put(
            "keys",
            Json.array(
                keys.stream()
                    .<Json>map(key -> Json.object().put("keyId", key.key().keyId().hex()).build())
                    .toList()))
        .build();
  }
}
