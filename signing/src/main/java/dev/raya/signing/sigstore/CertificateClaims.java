package dev.raya.signing.sigstore;

import dev.raya.signing.SigningException;
import dev.raya.signing.sigstore.ExpectedSigner.CertificateIdentity;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1UTF8String;

/** What Fulcio says in a certificate about its owner (Fulcio's OID information). */
final class CertificateClaims {
  private static final String ISSUER_V2 = "1.3.6.1.4.1.57264.1.8";
  private static final String ISSUER_V1 = "1.3.6.1.4.1.57264.1.1";
  private static final int EMAIL = 1;
  private static final int URI = 6;

  private CertificateClaims() {}

  static void require(X509Certificate certificate, CertificateIdentity expected)
      throws SigningException {
    List<String> names = names(certificate);
    if (!names.equals(List.of(expected.identity()))) {
      throw Refusal.signer("expected the identity " + expected.identity() + ", found " + names);
    }
    String issuer = issuer(certificate);
    if (!issuer.equals(expected.issuer())) {
      throw Refusal.signer("expected the issuer " + expected.issuer() + ", found " + issuer);
    }
  }

  private static List<String> names(X509Certificate certificate) throws SigningException {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      if (all != null) {
        for (List<?> name : all) {
          if (name.get(0) instanceof Integer kind
              && (kind == EMAIL || kind == URI)
              && name.get(1) instanceof String text) {
            names.add(text);
          } else {
            throw Refusal.signer(
                "expected the name of a mail box or an address in the certificate");
          }
        }
      }
    } catch (CertificateParsingException malformed) {
      throw Refusal.bundle("malformed names in the certificate", malformed);
    }
    return names;
  }

  private static String issuer(X509Certificate certificate) throws SigningException {
    byte[] second = certificate.getExtensionValue(ISSUER_V2);
    byte[] first = certificate.getExtensionValue(ISSUER_V1);
    try {
      if (second != null) {
        return ASN1UTF8String.getInstance(ASN1OctetString.getInstance(second).getOctets())
            .getString();
      }
      if (first != null) {
        return new String(ASN1OctetString.getInstance(first).getOctets(), StandardCharsets.UTF_8);
      }
    } catch (IllegalArgumentException malformed) {
      throw Refusal.bundle("malformed issuer in the certificate", malformed);
    }
    throw Refusal.signer("the certificate names no issuer");
  }
}
