package dev.raya.signing.sigstore;

import dev.raya.signing.SigningException;
import dev.raya.signing.sigstore.TrustedRoot.Authority;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.x500.X500Name;

/**
 * A response of a timestamp authority (RFC 3161) in its CMS wrapping (RFC 5652), read only as far
 * as Sigstore uses it: one signer, signed attributes, nothing unsigned.
 */
final class TimestampToken {
  private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
  private static final String TST_INFO = "1.2.840.113549.1.9.16.1.4";
  private static final String CONTENT_TYPE = "1.2.840.113549.1.9.3";
  private static final String MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
  private static final String SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
  private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
  private static final int MAX_BYTES = 64 << 10;

  /** Signature algorithms with the hash that each names. */
  private static final Map<String, HashAlgorithm> SIGNATURES =
      Map.of(
          "1.2.840.10045.4.3.2", HashAlgorithm.SHA2_256,
          "1.2.840.10045.4.3.3", HashAlgorithm.SHA2_384,
          "1.2.840.10045.4.3.4", HashAlgorithm.SHA2_512,
          "1.2.840.113549.1.1.11", HashAlgorithm.SHA2_256,
          "1.2.840.113549.1.1.12", HashAlgorithm.SHA2_384,
          "1.2.840.113549.1.1.13", HashAlgorithm.SHA2_512);

  private static final String RSA_ENCRYPTION = "1.2.840.113549.1.1.1";

  private final byte[] content;
  private final List<X509Certificate> embedded;
  private final ASN1Sequence signer;

  private TimestampToken(byte[] content, List<X509Certificate> embedded, ASN1Sequence signer) {
    this.content = content;
    this.embedded = List.copyOf(embedded);
    this.signer = signer;
  }

  /**
   * The time at which an authority saw a message.
   *
   * @throws SigningException if the response is malformed, about another message, or no authority
   *     of the list made it within its time
   */
  static Instant verify(byte[] response, byte[] message, List<Authority> authorities)
      throws SigningException {
    if (response.length > MAX_BYTES) {
      throw Refusal.bundle(
          "timestamp: expected at most " + MAX_BYTES + " bytes, found " + response.length);
    }
    try {
      return read(response).verify(message, authorities);
    } catch (IOException
        | IllegalArgumentException
        | IllegalStateException
        | ArithmeticException
        | ParseException
        | CertificateEncodingException
        | IndexOutOfBoundsException malformed) {
      throw Refusal.bundle("malformed timestamp", malformed);
    }
  }

  private static TimestampToken read(byte[] response) throws IOException, SigningException {
    ASN1Sequence root = ASN1Sequence.getInstance(response);
    ASN1Sequence status = ASN1Sequence.getInstance(root.getObjectAt(0));
    require(root.size() == 2 && integer(status.getObjectAt(0)) == 0, "the request was not granted");
    ASN1Sequence wrapping = ASN1Sequence.getInstance(root.getObjectAt(1));
    require(wrapping.size() == 2 && SIGNED_DATA.equals(oid(wrapping, 0)), "expected signed data");
    ASN1Sequence signed = ASN1Sequence.getInstance(tagged(wrapping.getObjectAt(1), 0), true);
    require(integer(signed.getObjectAt(0)) == 3, "expected signed data of version 3");
    for (ASN1Encodable algorithm : ASN1Set.getInstance(signed.getObjectAt(1))) {
      HashAlgorithm.ofOid(oid(ASN1Sequence.getInstance(algorithm), 0));
    }
    ASN1Sequence encapsulated = ASN1Sequence.getInstance(signed.getObjectAt(2));
    require(
        encapsulated.size() == 2 && TST_INFO.equals(oid(encapsulated, 0)),
        "expected the content of a timestamp");
    List<X509Certificate> certificates = new ArrayList<>();
    if (signed.size() == 5) {
      for (ASN1Encodable certificate :
          ASN1Set.getInstance(tagged(signed.getObjectAt(3), 0), false)) {
        certificates.add(
            TrustedRoot.certificate(certificate.toASN1Primitive().getEncoded(ASN1Encoding.DER)));
      }
    }
    ASN1Set signers = ASN1Set.getInstance(signed.getObjectAt(signed.size() - 1));
    require(signed.size() <= 5 && signers.size() == 1, "expected one signer and no revocation");
    return new TimestampToken(
        ASN1OctetString.getInstance(tagged(encapsulated.getObjectAt(1), 0), true).getOctets(),
        certificates,
        ASN1Sequence.getInstance(signers.getObjectAt(0)));
  }

  private Instant verify(byte[] message, List<Authority> authorities)
      throws IOException, SigningException, ParseException, CertificateEncodingException {
    ASN1Sequence info = ASN1Sequence.getInstance(content);
    require(integer(info.getObjectAt(0)) == 1, "expected version 1");
    ASN1Sequence imprint = ASN1Sequence.getInstance(info.getObjectAt(2));
    HashAlgorithm hash =
        HashAlgorithm.ofOid(oid(ASN1Sequence.getInstance(imprint.getObjectAt(0)), 0));
    require(
        Arrays.equals(
            hash.digest(message), ASN1OctetString.getInstance(imprint.getObjectAt(1)).getOctets()),
        "it is about another signature");
    Instant time = ASN1GeneralizedTime.getInstance(info.getObjectAt(4)).getDate().toInstant();
    SigningException refusal =
        Refusal.bundle("timestamp: no authority of the trusted root is valid at " + time);
    for (Authority authority : authorities) {
      if (authority.validity().covers(time)) {
        try {
          verify(authority, time);
          return time;
        } catch (SigningException another) {
          refusal = another;
        }
      }
    }
    throw refusal;
  }

  private void verify(Authority authority, Instant time)
      throws IOException, SigningException, CertificateEncodingException {
    X509Certificate certificate = authority.chain().getFirst();
    boolean listed = certificate.getBasicConstraints() < 0;
    if (!listed) {
      require(embedded.size() == 1, "expected the authority's certificate in it");
      certificate = embedded.getFirst();
    }
    for (X509Certificate other : embedded) {
      require(
          other.equals(certificate) || authority.chain().contains(other),
          "it carries a certificate that the trusted root does not know");
    }
    verifySigner(certificate);
    CertificatePath.validated(List.of(certificate), List.of(authority), time)
        .requireUse(TIME_STAMPING, "timestamps");
  }

  /** The signer's part: version, identifier, hash, attributes, algorithm, signature. */
  private void verifySigner(X509Certificate certificate)
      throws IOException, SigningException, CertificateEncodingException {
    require(signer.size() == 6, "expected signed attributes and no unsigned ones");
    require(integer(signer.getObjectAt(0)) == 1, "expected a signer of version 1");
    ASN1Sequence identifier = ASN1Sequence.getInstance(signer.getObjectAt(1));
    X500Name issuer = X500Name.getInstance(certificate.getIssuerX500Principal().getEncoded());
    require(
        X500Name.getInstance(identifier.getObjectAt(0)).equals(issuer)
            && ASN1Integer.getInstance(identifier.getObjectAt(1))
                .hasValue(certificate.getSerialNumber()),
        "it is signed by another authority than " + certificate.getSubjectX500Principal());
    HashAlgorithm hash =
        HashAlgorithm.ofOid(oid(ASN1Sequence.getInstance(signer.getObjectAt(2)), 0));
    ASN1Set attributes = ASN1Set.getInstance(tagged(signer.getObjectAt(3), 0), false);
    require(
        TST_INFO.equals(
            ASN1ObjectIdentifier.getInstance(attribute(attributes, CONTENT_TYPE)).getId()),
        "the signed type of content is another one");
    require(
        Arrays.equals(
            ASN1OctetString.getInstance(attribute(attributes, MESSAGE_DIGEST)).getOctets(),
            hash.digest(content)),
        "the signed hash of the content is another one");
    requireNamed(
        certificate, ASN1Sequence.getInstance(attribute(attributes, SIGNING_CERTIFICATE_V2)));
    String algorithm = oid(ASN1Sequence.getInstance(signer.getObjectAt(4)), 0);
    HashAlgorithm signed = RSA_ENCRYPTION.equals(algorithm) ? hash : SIGNATURES.get(algorithm);
    if (signed == null) {
      throw Refusal.bundle("timestamp: unknown signature algorithm " + algorithm);
    }
    require(
        PublicKeyInfo.of(certificate.getPublicKey())
            .verifies(
                attributes.getEncoded(ASN1Encoding.DER),
                ASN1OctetString.getInstance(signer.getObjectAt(5)).getOctets(),
                signed),
        "its signature does not verify");
  }

  /** The certificate must be the one that the signer names in the signed attributes (RFC 5816). */
  private static void requireNamed(X509Certificate certificate, ASN1Sequence named)
      throws SigningException, CertificateEncodingException {
    ASN1Sequence first =
        ASN1Sequence.getInstance(ASN1Sequence.getInstance(named.getObjectAt(0)).getObjectAt(0));
    boolean usual = first.getObjectAt(0) instanceof ASN1OctetString;
    HashAlgorithm hash =
        usual
            ? HashAlgorithm.SHA2_256
            : HashAlgorithm.ofOid(oid(ASN1Sequence.getInstance(first.getObjectAt(0)), 0));
    require(
        Arrays.equals(
            ASN1OctetString.getInstance(first.getObjectAt(usual ? 0 : 1)).getOctets(),
            hash.digest(certificate.getEncoded())),
        "the signer names another certificate");
  }

  private static ASN1Encodable attribute(ASN1Set attributes, String type) throws SigningException {
    ASN1Encodable found = null;
    for (ASN1Encodable each : attributes) {
      ASN1Sequence attribute = ASN1Sequence.getInstance(each);
      if (type.equals(oid(attribute, 0))) {
        ASN1Set values = ASN1Set.getInstance(attribute.getObjectAt(1));
        require(found == null && values.size() == 1, "an attribute is there twice");
        found = values.getObjectAt(0);
      }
    }
    if (found == null) {
      throw Refusal.bundle("timestamp: the signed attribute " + type + " is missing");
    }
    return found;
  }

  private static ASN1TaggedObject tagged(ASN1Encodable object, int number) {
    ASN1TaggedObject tagged = ASN1TaggedObject.getInstance(object);
    if (tagged.getTagNo() != number) {
      throw new IllegalArgumentException("expected tag " + number + ", found " + tagged.getTagNo());
    }
    return tagged;
  }

  private static int integer(ASN1Encodable object) {
    return ASN1Integer.getInstance(object).intValueExact();
  }

  private static String oid(ASN1Sequence sequence, int index) {
    return ASN1ObjectIdentifier.getInstance(sequence.getObjectAt(index)).getId();
  }

  private static void require(boolean holds, String why) throws SigningException {
    if (!holds) {
      throw Refusal.bundle("timestamp: " + why);
    }
  }
}
