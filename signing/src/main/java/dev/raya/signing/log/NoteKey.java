package dev.raya.signing.log;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import dev.raya.signing.key.VerificationKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A verifier key of signed notes (C2SP signed-note, "Verifier keys"): whose signature, of which
 * type. Immutable; equal where name, type and key are equal.
 */
public final class NoteKey {
  /** What a key signs, and how (C2SP signed-note, "Signature types"). */
  public enum Type {
    /** The text of a note. */
    ED25519(0x01),
    /** A checkpoint with a time (C2SP tlog-cosignature). */
    ED25519_COSIGNATURE(0x04),
    /** The same, post-quantum. */
    ML_DSA_44_COSIGNATURE(0x06);

    private final int identifier;

    Type(int identifier) {
      this.identifier = identifier;
    }

    /** Whether signatures carry the time of a witness. */
    public boolean isCosignature() {
      return this != ED25519;
    }
  }

  /** A key's own part of the check. */
  private interface Verification {
    boolean verifies(byte[] message, byte[] signature);
  }

  private static final String ML_DSA_44 = "ML-DSA-44";
  private static final int ML_DSA_44_KEY = 1312;
  private static final int ML_DSA_44_SIGNATURE = 2420;

  /** SubjectPublicKeyInfo of an ML-DSA-44 key (RFC 9881) up to the key itself. */
  private static final byte[] ML_DSA_44_PREFIX =
      HexFormat.of().parseHex("30820532300b060960864801650304031103820521" + "00");

  private static final byte[] COSIGNED_LABEL = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

  private final String name;
  private final Type type;
  private final byte[] material;
  private final Verification key;
  private final int id;

  private NoteKey(String name, Type type, byte[] material, Verification key) {
    this.name = name;
    this.type = type;
    this.material = material;
    this.key = key;
    this.id = id(name, type, material);
  }

  /** The key that signs notes under that name. */
  public static NoteKey of(String name, VerificationKey key, Type type) {
    if (type == Type.ML_DSA_44_COSIGNATURE) {
      throw new IllegalArgumentException("an Ed25519 key makes no ML-DSA cosignatures");
    }
    return new NoteKey(name, type, key.raw(), key::verifies);
  }

  /**
   * Reads {@code NAME+HASH+KEY}.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if it is malformed, of an unknown type,
   *     or its hash is not that of the key
   */
  public static NoteKey parse(String text) throws SigningException {
    int second = text.indexOf('+');
    int third = second < 0 ? -1 : text.indexOf('+', second + 1);
    if (second <= 0 || third < 0) {
      throw malformed(text, "expected NAME+HASH+KEY");
    }
    String name = text.substring(0, second);
    byte[] keyed = base64(text.substring(third + 1));
    if (!isName(name) || keyed == null || keyed.length < 2) {
      throw malformed(text, "malformed name or key");
    }
    byte[] material = Arrays.copyOfRange(keyed, 1, keyed.length);
    NoteKey parsed =
        new NoteKey(name, type(text, keyed[0]), material, key(text, keyed[0], material));
    if (!text.substring(second + 1, third).equals("%08x".formatted(parsed.id))) {
      throw malformed(text, "the hash is not that of name and key");
    }
    return parsed;
  }

  private static Type type(String text, byte identifier) throws SigningException {
    for (Type type : Type.values()) {
      if (type.identifier == identifier) {
        return type;
      }
    }
    throw malformed(text, "unknown signature type " + identifier);
  }

  private static Verification key(String text, byte identifier, byte[] material)
      throws SigningException {
    try {
      if (identifier != Type.ML_DSA_44_COSIGNATURE.identifier) {
        return VerificationKey.ofRaw(material)::verifies;
      }
      if (material.length != ML_DSA_44_KEY) {
        throw malformed(text, "expected a key of " + ML_DSA_44_KEY + " bytes");
      }
      byte[] spki = Arrays.copyOf(ML_DSA_44_PREFIX, ML_DSA_44_PREFIX.length + material.length);
      System.arraycopy(material, 0, spki, ML_DSA_44_PREFIX.length, material.length);
      PublicKey key = mlDsa(spki);
      return (message, signature) -> verifiesMlDsa(key, message, signature);
    } catch (IllegalArgumentException refused) {
      throw new SigningException(
          Code.NOT_IN_LOG, "verifier key " + text + ": " + refused.getMessage(), refused);
    }
  }

  private static PublicKey mlDsa(byte[] spki) {
    try {
      return KeyFactory.getInstance(ML_DSA_44).generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException refused) {
      throw new IllegalArgumentException("not a key: " + refused.getMessage(), refused);
    }
  }

  private static SigningException malformed(String text, String why) {
    return new SigningException(Code.NOT_IN_LOG, "verifier key " + text + ": " + why);
  }

  private static int id(String name, Type type, byte[] material) {
    byte[] named = name.getBytes(StandardCharsets.UTF_8);
    byte[] hash =
        Digest.of(
                ByteBuffer.allocate(named.length + 2 + material.length)
                    .put(named)
                    .put((byte) '\n')
                    .put((byte) type.identifier)
                    .put(material)
                    .array())
            .bytes();
    return ByteBuffer.wrap(hash).getInt();
  }

  /** Whether a text may name a key: not empty, no space, no plus. */
  static boolean isName(String name) {
    return !name.isEmpty()
        && name.indexOf('+') < 0
        && name.codePoints().noneMatch(NoteKey::isSpaceOrControl);
  }

  /** The next line (U+0085) is white space to Unicode and to neither of the JDK's two tests. */
  private static boolean isSpaceOrControl(int c) {
    return c < 0x20 || c == 0x85 || Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  /** The bytes of standard Base64 in its one form, or null. */
  static byte @org.jspecify.annotations.Nullable [] base64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return Base64.getEncoder().encodeToString(bytes).equals(text) ? bytes : null;
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  /** The key's name; of a log, its origin. */
  public String name() {
    return name;
  }

  /** What it signs. */
  public Type type() {
    return type;
  }

  /** The first four bytes of the hash over name, type and key. */
  int id() {
    return id;
  }

  /** Whether two keys wrap the same public key, whatever their names. */
  boolean sameMaterial(NoteKey other) {
    return Arrays.equals(material, other.material);
  }

  /**
   * Whether a signature is this key's.
   *
   * @param text the note's text
   * @param signature the bytes after the key's id
   */
  boolean verifies(String text, byte[] signature) {
    return switch (type) {
      case ED25519 -> key.verifies(utf8(text), signature);
      case ED25519_COSIGNATURE ->
          signature.length == Long.BYTES + VerificationKey.SIGNATURE_LENGTH
              && time(signature) >= 0
              && key.verifies(
                  utf8("cosignature/v1\ntime " + time(signature) + '\n' + text),
                  withoutTime(signature));
      case ML_DSA_44_COSIGNATURE ->
          signature.length == Long.BYTES + ML_DSA_44_SIGNATURE
              && time(signature) >= 0
              && verifiesSubtree(text, signature);
    };
  }

  private boolean verifiesSubtree(String text, byte[] signature) {
    Checkpoint checkpoint;
    try {
      checkpoint = Checkpoint.parse(text);
    } catch (SigningException noCheckpoint) {
      return false;
    }
    byte[] cosigner = utf8(name);
    byte[] origin = utf8(checkpoint.origin());
    if (cosigner.length > 255 || origin.length > 255) {
      return false;
    }
    byte[] message =
        ByteBuffer.allocate(
                COSIGNED_LABEL.length + 2 + cosigner.length + origin.length + 3 * Long.BYTES + 32)
            .put(COSIGNED_LABEL)
            .put((byte) cosigner.length)
            .put(cosigner)
            .putLong(time(signature))
            .put((byte) origin.length)
            .put(origin)
            .putLong(0)
            .putLong(checkpoint.size())
            .put(checkpoint.root().bytes())
            .array();
    return key.verifies(message, withoutTime(signature));
  }

  private static long time(byte[] signature) {
    return ByteBuffer.wrap(signature).getLong();
  }

  private static byte[] withoutTime(byte[] signature) {
    return Arrays.copyOfRange(signature, Long.BYTES, signature.length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean verifiesMlDsa(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(ML_DSA_44);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // The provider reports a malformed signature this way; it is a plain no.
      return false;
    }
  }

  /** {@code NAME+HASH+KEY}. */
  public String text() {
    byte[] typed = new byte[material.length + 1];
    typed[0] = (byte) type.identifier;
    System.arraycopy(material, 0, typed, 1, material.length);
    return name + '+' + "%08x".formatted(id) + '+' + Base64.getEncoder().encodeToString(typed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteKey that
        && name.equals(that.name)
        && type == that.type
        && sameMaterial(that);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, type, id);
  }

  @Override
  public String toString() {
    return text();
  }
}
