package dev.raya.signing.sigstore;

import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.oidc.CiService;
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
  private static final String BUILD_SIGNER = "1.3.6.1.4.1.57264.1.9";
  private static final String REPOSITORY = "1.3.6.1.4.1.57264.1.12";
  private static final String COMMIT = "1.3.6.1.4.1.57264.1.13";
  private static final String REF = "1.3.6.1.4.1.57264.1.14";
  private static final String REPOSITORY_ID = "1.3.6.1.4.1.57264.1.15";
  private static final String OWNER_ID = "1.3.6.1.4.1.57264.1.17";
  private static final String TRIGGER = "1.3.6.1.4.1.57264.1.20";
  private static final String ENVIRONMENT = "1.3.6.1.4.1.57264.1.23";
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

  /**
   * Requires that a certificate is of a workflow's run: everything that the identity says must
   * stand in it, and the run must not have been set off by a stranger's proposal.
   */
  static void require(X509Certificate certificate, Identity.Oidc run) throws SigningException {
    same("issuer", run.issuer(), issuer(certificate));
    same("repository", run.repositoryAddress(), claim(certificate, REPOSITORY));
    same("repository's number", run.repositoryId(), claim(certificate, REPOSITORY_ID));
    same("owner's number", run.ownerId(), claim(certificate, OWNER_ID));
    same("reference", run.ref(), claim(certificate, REF));
    same("commit", String.valueOf(run.sha()), claim(certificate, COMMIT));
    if (run.environment() != null) {
      same("environment", run.environment(), claim(certificate, ENVIRONMENT));
    }
    String trigger = claim(certificate, TRIGGER);
    if (CiService.isForeign(trigger)) {
      throw Refusal.signer("a workflow that " + trigger + " set off may not publish");
    }
    String workflow = claim(certificate, BUILD_SIGNER);
    requireWorkflow(run, workflow);
    List<String> names = names(certificate);
    if (!names.equals(List.of(workflow))) {
      throw Refusal.signer("expected the identity " + workflow + ", found " + names);
    }
  }

  /** The workflow's file: of the repository itself, or of another one whose name it begins with. */
  private static void requireWorkflow(Identity.Oidc run, String found) throws SigningException {
    int at = found.indexOf('@');
    String file = at < 0 ? found : found.substring(0, at);
    List<String> forms =
        List.of(
            run.repositoryAddress() + '/' + run.workflow(),
            run.repositoryAddress() + "//" + run.workflow(),
            run.server() + '/' + run.workflow());
    if (at < 0 || !forms.contains(file)) {
      throw Refusal.signer("expected the workflow " + forms.getFirst() + ", found " + found);
    }
  }

  private static void same(String what, String expected, String found) throws SigningException {
    if (!expected.equals(found)) {
      throw Refusal.signer(
          "expected the " + what + ' ' + expected + " in the certificate, found " + found);
    }
  }

  private static String claim(X509Certificate certificate, String oid) throws SigningException {
    byte[] extension = certificate.getExtensionValue(oid);
    if (extension == null) {
      throw Refusal.signer("the certificate has no extension " + oid);
    }
    try {
      return ASN1UTF8String.getInstance(ASN1OctetString.getInstance(extension).getOctets())
          .getString();
    } catch (IllegalArgumentException malformed) {
      throw Refusal.bundle("malformed extension " + oid + " of the certificate", malformed);
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
