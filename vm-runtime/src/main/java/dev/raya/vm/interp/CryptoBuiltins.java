package dev.raya.vm.interp;

import dev.raya.vm.value.RBytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The built-ins of {@code raya:crypto} (stdlib.md 13), by the JDK's providers. */
final class CryptoBuiltins {
  private static final int MAX_ITERATIONS = 100_000_000;

  private final Polls polls;
  private final HostBuiltins guard;

  CryptoBuiltins(Polls polls, HostBuiltins guard) {
    this.polls = polls;
    this.guard = guard;
  }

  void call(int id, Args a) {
    try {
      switch (id) {
        case 490 -> bytes(a, digest(a.text(0)).digest(in(a, 1)));
        case 491 -> bytes(a, hmac(a.text(0), in(a, 1), in(a, 2)));
        case 492 -> a.returnBool(MessageDigest.isEqual(in(a, 0), in(a, 1)));
        case 493 -> {
          byte[] data = new byte[length(a.number(0))];
          RandomGenerator random = guard.random();
          random.nextBytes(data);
          bytes(a, data);
        }
        case 494 -> bytes(a, hkdf(a.text(0), in(a, 1), in(a, 2), in(a, 3), length(a.number(4))));
        case 496 -> bytes(a, keyPair(guard.random()));
        case 497 -> bytes(a, sign(in(a, 0), in(a, 1)));
        case 498 -> a.returnBool(verify(in(a, 0), in(a, 1), in(a, 2)));
        case 499, 500 -> bytes(a, cipher(id == 499, in(a, 0), in(a, 1), in(a, 2), in(a, 3)));
        case 501 -> a.returnRef(digest(a.text(0)));
        case 502 -> ((MessageDigest) hasher(a)).update(in(a, 1));
        case 503 -> bytes(a, hasher(a).digest());
        default -> throw new IllegalStateException("unknown built-in " + id);
      }
    } catch (AEADBadTagException changed) {
      throw error("authentication failed");
    } catch (GeneralSecurityException unsuitable) {
      throw error(String.valueOf(unsuitable.getMessage()));
    }
  }

  private static TrapException error(String message) {
    return new TrapException(dev.raya.vm.bytecode.Trap.NATIVE_ERROR, "Error", message);
  }

  private static MessageDigest hasher(Args a) {
    if (a.ref(0) instanceof MessageDigest digest) {
      return digest;
    }
    throw Traps.nullAccess("digest");
  }

  private static byte[] in(Args a, int i) {
    return BytesBuiltins.bytes(a, i).copy();
  }

  private void bytes(Args a, byte[] data) {
    polls.allocate(32L + data.length);
    a.returnRef(new RBytes(data));
  }

  /** A length: fractions are cut off, NaN is 0 (stdlib.md 1). */
  private static int length(double n) {
    if (n <= -1 || n >= (1 << 28) + 1.0) {
      throw Args.rangeError("a length must be 0 to " + (1 << 28));
    }
    return (int) n;
  }

  private static MessageDigest digest(String algorithm) throws GeneralSecurityException {
    return switch (algorithm) {
      case "sha256" -> MessageDigest.getInstance("SHA-256");
      case "sha384" -> MessageDigest.getInstance("SHA-384");
      case "sha512" -> MessageDigest.getInstance("SHA-512");
      case "sha3-256" -> MessageDigest.getInstance("SHA3-256");
      case "sha3-512" -> MessageDigest.getInstance("SHA3-512");
      case "sha1" -> MessageDigest.getInstance("SHA-1");
      case "md5" -> MessageDigest.getInstance("MD5");
      case "blake2b-256" -> new Blake2b();
      default -> throw Args.rangeError("unknown hash algorithm '" + algorithm + "'");
    };
  }

  private static int block(String algorithm) {
    return switch (algorithm) {
      case "sha384", "sha512", "blake2b-256" -> 128;
      case "sha3-256" -> 136;
      case "sha3-512" -> 72;
      default -> 64;
    };
  }

  /** HMAC (RFC 2104), which takes empty keys too. */
  private static byte[] hmac(String algorithm, byte[] key, byte[]... data)
      throws GeneralSecurityException {
    MessageDigest digest = digest(algorithm);
    int size = block(algorithm);
    byte[] padded = Arrays.copyOf(key.length > size ? digest.digest(key) : key, size);
    byte[] inner = padded.clone();
    for (int i = 0; i < size; i++) {
      inner[i] ^= 0x36;
      padded[i] ^= 0x5c;
    }
    digest.update(inner);
    for (byte[] part : data) {
      digest.update(part);
    }
    byte[] first = digest.digest();
    digest.update(padded);
    return digest.digest(first);
  }

  /** HKDF (RFC 5869). */
  private static byte[] hkdf(String algorithm, byte[] key, byte[] salt, byte[] info, int length)
      throws GeneralSecurityException {
    int size = digest(algorithm).getDigestLength();
    if (length > 255 * size) {
      throw Args.rangeError("hkdf gives at most " + 255 * size + " bytes");
    }
    byte[] extracted = hmac(algorithm, salt.length == 0 ? new byte[size] : salt, key);
    byte[] out = new byte[length];
    byte[] last = {};
    for (int done = 0, i = 1; done < length; done += size, i++) {
      last = hmac(algorithm, extracted, last, info, new byte[] {(byte) i});
      System.arraycopy(last, 0, out, done, Math.min(size, length - done));
    }
    return out;
  }

  /** PBKDF2 (RFC 8018); runs on a thread of the host and ends early when it is interrupted. */
  static byte[] pbkdf2(List<Object> arguments) throws InterruptedException {
    String algorithm = (String) arguments.get(0);
    byte[] password = EncodingBuiltins.utf8((String) arguments.get(1));
    byte[] salt = (byte[]) arguments.get(2);
    double iterations = (Double) arguments.get(3);
    int length = length((Double) arguments.get(4));
    if (!(iterations >= 1) || iterations > MAX_ITERATIONS) {
      throw Args.rangeError("iterations must be 1 to " + MAX_ITERATIONS);
    }
    try {
      byte[] out = new byte[length];
      int size = digest(algorithm).getDigestLength();
      for (int done = 0, i = 1; done < length; done += size, i++) {
        byte[] number = java.nio.ByteBuffer.allocate(4).putInt(i).array();
        byte[] u = hmac(algorithm, password, salt, number);
        byte[] t = u.clone();
        for (int n = 1; n < (int) iterations; n++) {
          u = hmac(algorithm, password, u);
          for (int k = 0; k < size; k++) {
            t[k] ^= u[k];
          }
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        }
        System.arraycopy(t, 0, out, done, Math.min(size, length - done));
      }
      return out;
    } catch (GeneralSecurityException unsuitable) {
      throw error(String.valueOf(unsuitable.getMessage()));
    }
  }

  private static void size(byte[] data, int wanted, String what) {
    if (data.length != wanted) {
      throw Args.rangeError(what + " must have " + wanted + " bytes, not " + data.length);
    }
  }

  /** Public key, then private key, 32 bytes each. */
  private static byte[] keyPair(RandomGenerator random) throws GeneralSecurityException {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    java.security.KeyPairGenerator generator =
        java.security.KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(NamedParameterSpec.ED25519, new FixedRandom(secret));
    EdECPublicKey key = (EdECPublicKey) generator.generateKeyPair().getPublic();
    byte[] both = Arrays.copyOf(encoded(key.getPoint()), 64);
    System.arraycopy(secret, 0, both, 32, 32);
    return both;
  }

  private static byte[] encoded(EdECPoint point) {
    byte[] big = point.getY().toByteArray();
    byte[] little = new byte[32];
    for (int i = 0; i < Math.min(32, big.length); i++) {
      little[i] = big[big.length - 1 - i];
    }
    if (point.isXOdd()) {
      little[31] |= (byte) 0x80;
    }
    return little;
  }

  private static byte[] sign(byte[] key, byte[] message) throws GeneralSecurityException {
    size(key, 32, "a private key");
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(
        KeyFactory.getInstance("Ed25519")
            .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, key)));
    signature.update(message);
    return signature.sign();
  }

  private static boolean verify(byte[] key, byte[] message, byte[] signed)
      throws GeneralSecurityException {
    size(key, 32, "a public key");
    byte[] big = new byte[32];
    for (int i = 0; i < 32; i++) {
      big[i] = key[31 - i];
    }
    boolean odd = (big[0] & 0x80) != 0;
    big[0] &= 0x7F;
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(
          KeyFactory.getInstance("Ed25519")
              .generatePublic(
                  new EdECPublicKeySpec(
                      NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, big)))));
      signature.update(message);
      return signature.verify(signed);
    } catch (SignatureException
        | java.security.InvalidKeyException
        | java.security.spec.InvalidKeySpecException malformed) {
      return false;
    }
  }

  private static byte[] cipher(boolean encrypt, byte[] key, byte[] nonce, byte[] data, byte[] extra)
      throws GeneralSecurityException {
    size(key, 32, "a key");
    size(nonce, 12, "a nonce");
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, "AES"),
        new GCMParameterSpec(128, nonce));
    cipher.updateAAD(extra);
    if (!encrypt && data.length < 16) {
      throw error("authentication failed");
    }
    return cipher.doFinal(data);
  }

  /** Gives the key generator the secret that the host's randomness made. */
  private static final class FixedRandom extends java.security.SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] secret;

    FixedRandom(byte[] secret) {
      this.secret = secret.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(secret, 0, bytes, 0, Math.min(bytes.length, secret.length));
    }
  }
}
