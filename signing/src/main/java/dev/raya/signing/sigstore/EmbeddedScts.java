package dev.raya.signing.sigstore;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.sigstore.TrustedRoot.Log;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;

/**
 * The signed certificate timestamps in a certificate (RFC 6962 section 3.3): the promise of a
 * certificate log that it records the certificate. What the log signed is the certificate without
 * them (section 3.2), which is made again here.
 */
final class EmbeddedScts {
  private static final ASN1ObjectIdentifier SCT_LIST =
      new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");
  private static final int EXTENSIONS_TAG = 3;
  private static final int MAX_SCTS = 16;
  private static final int PRECERTIFICATE = 1;
  private static final int SHA256 = 4;
  private static final int RSA = 1;
  private static final int ECDSA = 3;

  private EmbeddedScts() {}

  /**
   * Checks that a known log promised to record the certificate, and that no known log's promise is
   * false. Promises of unknown logs count for nothing.
   */
  static void verify(X509Certificate certificate, X509Certificate issuer, List<Log> logs)
      throws SigningException {
    byte[] extension = certificate.getExtensionValue(SCT_LIST.getId());
    if (extension == null) {
      throw Refusal.bundle("expected certificate timestamps in the certificate, found none");
    }
    int verified = 0;
    try {
      byte[] list =
          ASN1OctetString.getInstance(ASN1OctetString.getInstance(extension).getOctets())
              .getOctets();
      byte[] body = precertificate(certificate);
      byte[] issuerKey = Digest.of(issuer.getPublicKey().getEncoded()).bytes();
      ByteBuffer all = ByteBuffer.wrap(list);
      ByteBuffer scts = vector(all, Short.toUnsignedInt(all.getShort()));
      requireEnd(all);
      for (int count = 0; scts.hasRemaining(); count++) {
        if (count == MAX_SCTS) {
          throw Refusal.bundle("more than " + MAX_SCTS + " certificate timestamps");
        }
        if (verify(vector(scts, Short.toUnsignedInt(scts.getShort())), body, issuerKey, logs)) {
          verified++;
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException | IOException malformed) {
      throw Refusal.bundle("malformed certificate timestamps", malformed);
    }
    if (verified == 0) {
      throw Refusal.bundle("no certificate timestamp is by a log of the trusted root");
    }
  }

  private static boolean verify(ByteBuffer sct, byte[] body, byte[] issuerKey, List<Log> logs)
      throws SigningException {
    int version = sct.get();
    byte[] id = new byte[32];
    sct.get(id);
    long time = sct.getLong();
    byte[] extensions = bytes(vector(sct, Short.toUnsignedInt(sct.getShort())));
    int hash = sct.get();
    int algorithm = sct.get();
    byte[] signature = bytes(vector(sct, Short.toUnsignedInt(sct.getShort())));
    requireEnd(sct);
    Digest logId = Digest.of(id, 0);
    for (Log log : logs) {
      if (log.id().equals(logId)) {
        if (version != 0 || hash != SHA256 || (algorithm != ECDSA && algorithm != RSA)) {
          throw Refusal.bundle("certificate timestamp of an unknown version or algorithm");
        }
        Instant at = Instant.ofEpochMilli(time);
        if (!log.validity().covers(at)) {
          throw Refusal.bundle(
              "certificate timestamp of " + at + ", but its log is trusted " + log.validity());
        }
        byte[] message =
            ByteBuffer.allocate(
                    2 + 8 + 2 + issuerKey.length + 3 + body.length + 2 + extensions.length)
                .put((byte) version)
                .put((byte) 0)
                .putLong(time)
                .putShort((short) PRECERTIFICATE)
                .put(issuerKey)
                .put((byte) (body.length >> 16))
                .putShort((short) body.length)
                .put(body)
                .putShort((short) extensions.length)
                .put(extensions)
                .array();
        if (!PublicKeyInfo.read(log.key().bytes())
            .verifies(message, signature, HashAlgorithm.SHA2_256)) {
          throw Refusal.bundle("the certificate timestamp of " + log.host() + " does not verify");
        }
        return true;
      }
    }
    return false;
  }

  private static ByteBuffer vector(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = in.slice(in.position(), length);
    in.position(in.position() + length);
    return part;
  }

  private static byte[] bytes(ByteBuffer part) {
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    return bytes;
  }

  private static void requireEnd(ByteBuffer in) {
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes too many");
    }
  }

  /** The TBSCertificate without the list of timestamps. */
  private static byte[] precertificate(X509Certificate certificate)
      throws IOException, SigningException {
    ASN1EncodableVector fields = new ASN1EncodableVector();
    try {
      for (ASN1Encodable field : ASN1Sequence.getInstance(certificate.getTBSCertificate())) {
        fields.add(
            field instanceof ASN1TaggedObject tagged && tagged.getTagNo() == EXTENSIONS_TAG
                ? new DERTaggedObject(true, EXTENSIONS_TAG, withoutList(tagged))
                : field);
      }
    } catch (CertificateEncodingException malformed) {
      throw Refusal.bundle("malformed certificate", malformed);
    }
    return new DERSequence(fields).getEncoded(ASN1Encoding.DER);
  }

  private static DERSequence withoutList(ASN1TaggedObject tagged) {
    ASN1EncodableVector kept = new ASN1EncodableVector();
    for (ASN1Encodable extension : ASN1Sequence.getInstance(tagged, true)) {
      if (!ASN1Sequence.getInstance(extension).getObjectAt(0).equals(SCT_LIST)) {
        kept.add(extension);
      }
    }
    return new DERSequence(kept);
  }
}
