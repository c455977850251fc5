package dev.raya.signing.oidc;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.signing.key.VerificationKey;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/**
 * The signature algorithms of RFC 7518 and RFC 8037 that are taken; {@code none}, shared secrets
 * and everything else are not.
 */
enum TokenAlgorithm {
  /** RSASSA-PKCS1-v1_5 with SHA-256 and a modulus of at least 2 048 bits. */
  RS256("RSA", "SHA256withRSA"),
  /** ECDSA with P-256 and SHA-256. */
  ES256("EC", "SHA256withECDSAinP1363Format"),
  /** Ed25519. */
  EDDSA("OKP", "Ed25519");

  private static final int LEAST_MODULUS = 2048;
  private static final int MOST_MODULUS = 8192;
  private static final int LARGEST_EXPONENT = 64;
  private static final int P256_BYTES = 32;

  private final String keyType;
  private final String jca;

  TokenAlgorithm(String keyType, String jca) {
    this.keyType = keyType;
    this.jca = jca;
  }

  /** The algorithm of that name in a token's header. */
  static Optional<TokenAlgorithm> of(String alg) {
    return switch (alg) {
      case "RS256" -> Optional.of(RS256);
      case "ES256" -> Optional.of(ES256);
      case "EdDSA" -> Optional.of(EDDSA);
      default -> Optional.empty();
    };
  }

  /** The algorithm that keys of that type are used with. */
  static Optional<TokenAlgorithm> ofKeyType(String keyType) {
    for (TokenAlgorithm algorithm : values()) {
      if (algorithm.keyType.equals(keyType)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /** The name in headers and documents of keys. */
  String id() {
    return this == EDDSA ? "EdDSA" : name();
  }

  /**
   * Reads a key of this algorithm's type.
   *
   * @throws JsonException if it is malformed, too short, or of another curve
   */
  PublicKey key(JsonFields fields) throws JsonException {
    try {
      return switch (this) {
        case RS256 -> rsa(fields);
        case ES256 -> p256(fields);
        case EDDSA -> ed25519(fields);
      };
    } catch (GeneralSecurityException | IllegalArgumentException refused) {
      throw fields.fault("kty", "no key of its kind: " + refused.getMessage());
    }
  }

  /** Whether the signature is the key's. */
  boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(jca);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException malformed) {
      // The provider reports a malformed signature this way; it is a plain no.
      return false;
    }
  }

  private static PublicKey rsa(JsonFields fields) throws JsonException, GeneralSecurityException {
    BigInteger modulus = number(fields, "n");
    BigInteger exponent = number(fields, "e");
    if (modulus.bitLength() < LEAST_MODULUS || modulus.bitLength() > MOST_MODULUS) {
      throw fields.fault("n", "expected 2048 to 8192 bits, found " + modulus.bitLength());
    }
    if (exponent.bitLength() > LARGEST_EXPONENT
        || !exponent.testBit(0)
        || exponent.equals(BigInteger.ONE)) {
      throw fields.fault("e", "expected an odd exponent of at least 3 and at most 64 bits");
    }
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  private static PublicKey p256(JsonFields fields) throws JsonException, GeneralSecurityException {
    if (!fields.string("crv").equals("P-256")) {
      throw fields.fault("crv", "expected P-256");
    }
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    ECPoint point = new ECPoint(coordinate(fields, "x"), coordinate(fields, "y"));
    ECParameterSpec curve = parameters.getParameterSpec(ECParameterSpec.class);
    if (!isOn(curve, point)) {
      throw new InvalidKeySpecException("the point is not on the curve");
    }
    return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve));
  }

  private static boolean isOn(ECParameterSpec curve, ECPoint point) {
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger right =
        x.pow(3).add(curve.getCurve().getA().multiply(x)).add(curve.getCurve().getB()).mod(p);
    return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).mod(p).equals(right);
  }

  private static PublicKey ed25519(JsonFields fields)
      throws JsonException, GeneralSecurityException {
    if (!fields.string("crv").equals("Ed25519")) {
      throw fields.fault("crv", "expected Ed25519");
    }
    byte[] spki = VerificationKey.ofRaw(octets(fields, "x")).subjectPublicKeyInfo();
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
  }

  private static BigInteger coordinate(JsonFields fields, String name) throws JsonException {
    if (octets(fields, name).length != P256_BYTES) {
      throw fields.fault(name, "expected 32 bytes");
    }
    return number(fields, name);
  }

  private static BigInteger number(JsonFields fields, String name) throws JsonException {
    return new BigInteger(1, octets(fields, name));
  }

  private static byte[] octets(JsonFields fields, String name) throws JsonException {
    try {
      return UrlBase64.decode(fields.string(name));
    } catch (IdTokenException malformed) {
      throw fields.fault(name, String.valueOf(malformed.getMessage()));
    }
  }
}
