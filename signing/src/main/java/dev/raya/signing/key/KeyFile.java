package dev.raya.signing.key;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;
import org.jspecify.annotations.Nullable;

/**
 * The file of one signing key: its public half in the clear, its private half as PKCS#8, encrypted
 * with AES-256-GCM under a key that scrypt (RFC 7914) derives where there is a passphrase. A hybrid
 * key has both of each; what is encrypted is then the two PrivateKeyInfos one after the other.
 */
public final class KeyFile {
  /** Value of the member {@code schema}. */
  public static final String SCHEMA = "raya/key/1";

  /** Largest file that is read. */
  public static final int MAX_BYTES = 16 << 10;

  private static final int SALT_LENGTH = 16;
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;

  /** RFC 7914 parameters: 64 MiB and some tenths of a second. */
  private static final int SCRYPT_N = 1 << 16;

  private static final int SCRYPT_R = 8;
  private static final int SCRYPT_P = 1;

  private KeyFile() {}

  /** The bytes of a file that holds the key as it is. */
  public static byte[] write(PublisherKey key) {
    return CanonicalJson.bytes(
        head(key).put("pkcs8", Base64.getEncoder().encodeToString(privateHalves(key))).build());
  }

  /** The bytes of a file that holds the key encrypted. */
  public static byte[] write(PublisherKey key, char[] passphrase, SecureRandom random) {
    byte[] salt = new byte[SALT_LENGTH];
    random.nextBytes(salt);
    byte[] nonce = new byte[NONCE_LENGTH];
    random.nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, derive(passphrase, salt), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(publicHalves(key.publicHalf()));
      byte[] sealed = cipher.doFinal(privateHalves(key));
      Base64.Encoder base64 = Base64.getEncoder();
      Json encrypted =
          Json.object()
              .put("cipher", "aes-256-gcm")
              .put("kdf", "scrypt")
              .put("n", SCRYPT_N)
              .put("r", SCRYPT_R)
              .put("p", SCRYPT_P)
              .put("salt", base64.encodeToString(salt))
              .put("nonce", base64.encodeToString(nonce))
              .put("data", base64.encodeToString(sealed))
              .build();
      return CanonicalJson.bytes(head(key).put("encrypted", encrypted).build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES-GCM", e);
    }
  }

  /**
   * The public half of a key file, for which no passphrase is needed.
   *
   * @throws SigningException with {@link Code#NO_USABLE_KEY} if the file is malformed
   */
  public static PublisherKey.Public readPublic(byte[] document) throws SigningException {
    try {
      return publicKey(fields(document));
    } catch (JsonException e) {
      throw unusable(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Whether the private half of a key file is encrypted.
   *
   * @throws SigningException with {@link Code#NO_USABLE_KEY} if the file is malformed
   */
  public static boolean isEncrypted(byte[] document) throws SigningException {
    try {
      return fields(document).has("encrypted");
    } catch (JsonException e) {
      throw unusable(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The key of a file.
   *
   * @param passphrase what opens it, or null where there is none
   * @throws SigningException with {@link Code#NO_USABLE_KEY} if the file is malformed, is encrypted
   *     and the passphrase is absent or wrong, or its two halves do not belong together
   */
  public static PublisherKey read(byte[] document, char @Nullable [] passphrase)
      throws SigningException {
    try {
      JsonFields fields = fields(document);
      PublisherKey.Public expected = publicKey(fields);
      byte[] pkcs8;
      if (fields.has("encrypted")) {
        if (passphrase == null) {
          throw unusable(
              "key "
                  + expected.keyId().hex()
                  + " is encrypted; give its passphrase in RAYA_KEY_PASSPHRASE",
              null);
        }
        pkcs8 = open(fields.fields("encrypted"), passphrase, expected);
      } else {
        pkcs8 = base64(fields, "pkcs8");
      }
      PublisherKey key = ofPrivateHalves(pkcs8, expected.mlDsa() != null);
      if (!key.publicHalf().equals(expected)) {
        throw unusable("the private half does not belong to publicKey", null);
      }
      return key;
    } catch (JsonException | IllegalArgumentException e) {
      throw unusable(String.valueOf(e.getMessage()), e);
    }
  }

  private static Json.ObjectBuilder head(PublisherKey key) {
    PublisherKey.Public half = key.publicHalf();
    return Json.object()
        .put("schema", SCHEMA)
        .put("keyId", half.keyId().hex())
        .put("publicKey", half.ed25519().base64())
        .putUnlessEmpty(Identity.ML_DSA, half.mlDsa() == null ? null : half.mlDsa().base64());
  }

  private static byte[] privateHalves(PublisherKey key) {
    MlDsaSigningKey second = key.mlDsa();
    return second == null ? key.ed25519().pkcs8() : joined(key.ed25519().pkcs8(), second.pkcs8());
  }

  private static byte[] publicHalves(PublisherKey.Public half) {
    MlDsaPublicKey second = half.mlDsa();
    return second == null
        ? half.ed25519().subjectPublicKeyInfo()
        : joined(half.ed25519().subjectPublicKeyInfo(), second.subjectPublicKeyInfo());
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static PublisherKey ofPrivateHalves(byte[] pkcs8, boolean hybrid) {
    if (!hybrid || pkcs8.length <= MlDsaSigningKey.PKCS8_LENGTH) {
      return PublisherKey.plain(SigningKey.ofPkcs8(pkcs8));
    }
    int border = pkcs8.length - MlDsaSigningKey.PKCS8_LENGTH;
    return new PublisherKey(
        SigningKey.ofPkcs8(Arrays.copyOf(pkcs8, border)),
        MlDsaSigningKey.ofPkcs8(Arrays.copyOfRange(pkcs8, border, pkcs8.length)));
  }

  private static JsonFields fields(byte[] document) throws SigningException, JsonException {
    if (document.length > MAX_BYTES) {
      throw unusable("expected at most " + MAX_BYTES + " bytes", null);
    }
    JsonFields fields = JsonFields.root(JsonReader.read(document));
    if (!fields.string("schema").equals(SCHEMA)) {
      throw fields.fault("schema", "expected " + SCHEMA);
    }
    return fields;
  }

  private static PublisherKey.Public publicKey(JsonFields fields) throws JsonException {
    return new PublisherKey.Public(
        half(fields, "publicKey", VerificationKey::ofBase64),
        fields.has(Identity.ML_DSA)
            ? half(fields, Identity.ML_DSA, MlDsaPublicKey::ofBase64)
            : null);
  }

  private static <T> T half(JsonFields fields, String name, Function<String, T> reader)
      throws JsonException {
    try {
      return reader.apply(fields.string(name));
    } catch (IllegalArgumentException e) {
      throw fields.fault(name, String.valueOf(e.getMessage()));
    }
  }

  private static byte[] open(JsonFields encrypted, char[] passphrase, PublisherKey.Public key)
      throws JsonException, SigningException {
    // Only our own parameters: a file must not choose how much memory its reading takes.
    if (!encrypted.string("cipher").equals("aes-256-gcm")
        || !encrypted.string("kdf").equals("scrypt")
        || encrypted.integer("n") != SCRYPT_N
        || encrypted.integer("r") != SCRYPT_R
        || encrypted.integer("p") != SCRYPT_P) {
      throw unusable("expected aes-256-gcm under scrypt with n 65536, r 8, p 1", null);
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          derive(passphrase, base64(encrypted, "salt")),
          new GCMParameterSpec(TAG_BITS, base64(encrypted, "nonce")));
      cipher.updateAAD(publicHalves(key));
      return cipher.doFinal(base64(encrypted, "data"));
    } catch (GeneralSecurityException e) {
      throw unusable("the passphrase of key " + key.keyId().hex() + " is wrong", e);
    }
  }

  private static SecretKeySpec derive(char[] passphrase, byte[] salt) {
    byte[] secret = new String(passphrase).getBytes(StandardCharsets.UTF_8);
    return new SecretKeySpec(
        SCrypt.generate(secret, salt, SCRYPT_N, SCRYPT_R, SCRYPT_P, 32), "AES");
  }

  private static byte[] base64(JsonFields fields, String name) throws JsonException {
    try {
      return Base64.getDecoder().decode(fields.string(name));
    } catch (IllegalArgumentException e) {
      throw fields.fault(name, "expected Base64");
    }
  }

  private static SigningException unusable(String message, @Nullable Throwable cause) {
    String text = "key file refused: " + message;
    return cause == null
        ? new SigningException(Code.NO_USABLE_KEY, text)
        : new SigningException(Code.NO_USABLE_KEY, text, cause);
  }
}
