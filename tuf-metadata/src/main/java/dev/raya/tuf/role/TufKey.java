package dev.raya.tuf.role;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.signing.key.VerificationKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A public key as TUF metadata lists it. Ours are {@code ed25519}; ECDSA P-256 and RSA-PSS verify
 * only. A key of an unknown type or scheme is kept, and verifies nothing.
 *
 * @param type {@code keytype}
 * @param scheme {@code scheme}
 * @param value {@code keyval.public}: hexadecimal digits of the raw key for Ed25519, else PEM
 */
public record TufKey(String type, String scheme, String value) {
  private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String PEM_END = "-----END PUBLIC KEY-----";

  /** The form of an Ed25519 key. */
  public static TufKey of(VerificationKey key) {
    return new TufKey("ed25519", "ed25519", HexFormat.of().formatHex(key.raw()));
  }

  /** As a record's own, written out: what the platform makes for it costs a command 10 ms. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TufKey key
        && type.equals(key.type)
        && scheme.equals(key.scheme)
        && value.equals(key.value);
  }

  @Override
  public int hashCode() {
    return (type.hashCode() * 31 + scheme.hashCode()) * 31 + value.hashCode();
  }

  /** The keyid: SHA-256 of the canonical JSON of the key. */
  public Digest keyId() {
    return Digest.of(CanonicalJson.bytes(json()));
  }

  /** The JSON object. */
  public Json.Obj json() {
    return Json.object()
        .put("keytype", type)
        .put("scheme", scheme)
        .put("keyval", Json.object().put("public", value).build())
        .build();
  }

  /**
   * Whether {@code signature} is this key's signature of {@code message}; false for unknown keys.
   */
  public boolean verifies(byte[] message, byte[] signature) {
    try {
      return switch (scheme) {
        case "ed25519" ->
            type.equals("ed25519")
                && VerificationKey.ofRaw(HexFormat.of().parseHex(value))
                    .verifies(message, signature);
        case "ecdsa-sha2-nistp256" ->
            (type.equals("ecdsa") || type.equals("ecdsa-sha2-nistp256"))
                && verify(Signature.getInstance("SHA256withECDSA"), pem("EC"), message, signature);
        case "rsassa-pss-sha256" -> {
          Signature pss = Signature.getInstance("RSASSA-PSS");
          pss.setParameter(
              new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
          yield type.equals("rsa") && verify(pss, pem("RSA"), message, signature);
        }
        default -> false;
      };
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // A key or signature that cannot be read signs nothing.
      return false;
    }
  }

  /**
   * The same for two spellings of one public key: hexadecimal digits of either case, line breaks of
   * PEM, names of its type. Asked of keys that verified something.
   *
   * @throws IllegalArgumentException if the key cannot be read
   */
  String material() {
    try {
      return switch (scheme) {
        case "ed25519" -> value.toLowerCase(Locale.ROOT);
        case "ecdsa-sha2-nistp256" -> HexFormat.of().formatHex(pem("EC").getEncoded());
        case "rsassa-pss-sha256" -> HexFormat.of().formatHex(pem("RSA").getEncoded());
        default -> throw new IllegalArgumentException("unknown scheme " + scheme);
      };
    } catch (GeneralSecurityException unreadable) {
      throw new IllegalArgumentException("not a public key", unreadable);
    }
  }

  private static boolean verify(Signature verifier, PublicKey key, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    verifier.initVerify(key);
    verifier.update(message);
    return verifier.verify(signature);
  }

  private PublicKey pem(String algorithm) throws GeneralSecurityException {
    String text = value.strip();
    if (!text.startsWith(PEM_BEGIN) || !text.endsWith(PEM_END)) {
      throw new IllegalArgumentException("expected a PEM public key");
    }
    String body = text.substring(PEM_BEGIN.length(), text.length() - PEM_END.length());
    byte[] der = Base64.getMimeDecoder().decode(body.strip());
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
  }
}
