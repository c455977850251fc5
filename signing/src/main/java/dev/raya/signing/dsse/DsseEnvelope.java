package dev.raya.signing.dsse;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.signing.key.MlDsaPublicKey;
import dev.raya.signing.key.MlDsaSigningKey;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * A DSSE 1.0 envelope: bytes of a stated type with signatures over both.
 *
 * @param payloadType media type of the payload
 * @param payload the signed bytes
 * @param signatures at least one
 */
public record DsseEnvelope(String payloadType, Payload payload, List<Signature> signatures) {
  /** Most signatures that are read. */
  public static final int MAX_SIGNATURES = 8;

  /**
   * Immutable bytes.
   *
   * @param base64 the bytes in Base64 with padding
   */
  public record Payload(String base64) {
    /** Wraps bytes. */
    public static Payload of(byte[] bytes) {
      return new Payload(Base64.getEncoder().encodeToString(bytes));
    }

    /** The bytes. */
    public byte[] bytes() {
      return Base64.getDecoder().decode(base64);
    }
  }

  /**
   * One signature.
   *
   * @param keyId a hint which key made it, possibly empty; never trusted
   * @param signature its bytes
   */
  public record Signature(String keyId, Payload signature) {}

  /** Copies the list in. */
  public DsseEnvelope {
    signatures = List.copyOf(signatures);
  }

  /** Signs a payload with one key. */
  public static DsseEnvelope sign(String payloadType, byte[] payload, SigningKey key) {
    byte[] signature = key.sign(preAuthenticationEncoding(payloadType, payload));
    return new DsseEnvelope(
        payloadType,
        Payload.of(payload),
        List.of(new Signature(key.verificationKey().keyId().hex(), Payload.of(signature))));
  }

  /** Signs a payload with an ML-DSA-65 key. */
  public static DsseEnvelope sign(String payloadType, byte[] payload, MlDsaSigningKey key) {
    byte[] signature = key.sign(preAuthenticationEncoding(payloadType, payload));
    return new DsseEnvelope(
        payloadType,
        Payload.of(payload),
        List.of(new Signature(key.publicKey().keyId().hex(), Payload.of(signature))));
  }

  /** Whether at least one signature is the key's. */
  public boolean signedBy(VerificationKey key) {
    return hasSignature(key::verifies);
  }

  /** Whether at least one signature is the ML-DSA-65 key's. */
  public boolean signedBy(MlDsaPublicKey key) {
    return hasSignature(key::verifies);
  }

  private boolean hasSignature(BiPredicate<byte[], byte[]> verifies) {
    byte[] message = preAuthenticationEncoding(payloadType, payload.bytes());
    for (Signature signature : signatures) {
      if (verifies.test(message, signature.signature().bytes())) {
        return true;
      }
    }
    return false;
  }

  /** The bytes that are signed: {@code "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body}. */
  public static byte[] preAuthenticationEncoding(String payloadType, byte[] payload) {
    byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("DSSEv1 " + type.length + ' ' + payloadType + ' ' + payload.length + ' ')
            .getBytes(StandardCharsets.UTF_8);
    byte[] encoding = Arrays.copyOf(head, head.length + payload.length);
    System.arraycopy(payload, 0, encoding, head.length, payload.length);
    return encoding;
  }

  /** The JSON object of the envelope. */
  public Json.Obj json() {
    List<Json> list = new ArrayList<>();
    for (Signature signature : signatures) {
      list.add(
          Json.object()
              .put("sig", signature.signature().base64())
              .putUnlessEmpty("keyid", signature.keyId())
              .build());
    }
    return Json.object()
        .put("payload", payload.base64())
        .put("payloadType", payloadType)
        .put("signatures", Json.array(list))
        .build();
  }

  /**
   * Reads the JSON object.
   *
   * @throws JsonException if a member is missing, unknown or of another type, there is no signature
   *     or more than {@value #MAX_SIGNATURES}, or Base64 is malformed
   */
  public static DsseEnvelope read(JsonFields fields) throws JsonException {
    fields.only(Set.of("payload", "payloadType", "signatures"));
    List<JsonFields> list = fields.list("signatures");
    if (list.isEmpty() || list.size() > MAX_SIGNATURES) {
      throw fields.fault(
          "signatures", "expected 1 to " + MAX_SIGNATURES + ", found " + list.size());
    }
    List<Signature> signatures = new ArrayList<>();
    for (JsonFields signature : list) {
      signature.only(Set.of("sig", "keyid"));
      String keyId = signature.optionalString("keyid");
      signatures.add(new Signature(keyId == null ? "" : keyId, base64(signature, "sig")));
    }
    return new DsseEnvelope(fields.string("payloadType"), base64(fields, "payload"), signatures);
  }

  /** One form only: what decodes to the same bytes but is written otherwise is refused. */
  private static Payload base64(JsonFields fields, String name) throws JsonException {
    String text = fields.string(name);
    try {
      Payload payload = Payload.of(Base64.getDecoder().decode(text));
      if (payload.base64().equals(text)) {
        return payload;
      }
    } catch (IllegalArgumentException e) {
      throw fields.fault(name, "expected Base64: " + e.getMessage());
    }
    throw fields.fault(name, "expected Base64 with padding in its one form");
  }
}
