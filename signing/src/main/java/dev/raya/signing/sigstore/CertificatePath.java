package dev.raya.signing.sigstore;

import dev.raya.signing.SigningException;
import dev.raya.signing.sigstore.TrustedRoot.Authority;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Certificates from a signer's up to an authority's root, valid at one time (RFC 5280 section 6).
 *
 * @param certificates the signer's first, the trust anchor last
 */
record CertificatePath(List<X509Certificate> certificates) {
  CertificatePath {
    certificates = List.copyOf(certificates);
  }

  X509Certificate leaf() {
    return certificates.getFirst();
  }

  /** Who issued the signer's certificate. */
  X509Certificate issuer() {
    return certificates.get(1);
  }

  /**
   * The path from the certificates that somebody presents to an authority, valid at a time.
   *
   * @throws SigningException if an authority's own certificate is missing in it, one of them did
   *     not issue the one before, or one is outside its time
   */
  static CertificatePath validated(
      List<X509Certificate> presented, List<Authority> authorities, Instant time)
      throws SigningException {
    for (X509Certificate certificate : presented) {
      if (certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
        throw Refusal.bundle("it presents a root certificate, which only the verifier may name");
      }
    }
    SigningException refusal =
        Refusal.bundle("no authority of the trusted root is valid at " + time);
    for (Authority authority : authorities) {
      if (authority.validity().covers(time)) {
        try {
          return joined(presented, authority.chain()).requireValid(time);
        } catch (SigningException another) {
          refusal = another;
        }
      }
    }
    throw refusal;
  }

  private static CertificatePath joined(
      List<X509Certificate> presented, List<X509Certificate> chain) throws SigningException {
    List<X509Certificate> path = new ArrayList<>(presented);
    X509Certificate last = presented.getLast();
    int next = chain.indexOf(last) + 1;
    if (next == 0) {
      while (next < chain.size()
          && !chain.get(next).getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
        next++;
      }
      if (next == chain.size()) {
        throw Refusal.bundle(
            "expected a certificate of a trusted authority, found one issued by "
                + last.getIssuerX500Principal());
      }
    }
    path.addAll(chain.subList(next, chain.size()));
    return new CertificatePath(path);
  }

  private CertificatePath requireValid(Instant time) throws SigningException {
    if (certificates.size() < 2) {
      throw Refusal.bundle("expected a certificate that an authority issued");
    }
    X509Certificate anchor = certificates.getLast();
    try {
      Date date = Date.from(time);
      anchor.checkValidity(date);
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
      // Short-lived certificates have no revocation; their time is checked instead.
      parameters.setRevocationEnabled(false);
      parameters.setDate(date);
      CertPathValidator.getInstance("PKIX")
          .validate(
              CertificateFactory.getInstance("X.509")
                  .generateCertPath(certificates.subList(0, certificates.size() - 1)),
              parameters);
    } catch (GeneralSecurityException | IllegalArgumentException refused) {
      throw Refusal.bundle("the certificate's path does not hold at " + time, refused);
    }
    return this;
  }

  /** The signer must be no authority itself and be allowed that use alone of its kind. */
  CertificatePath requireUse(String extendedKeyUsage, String what) throws SigningException {
    X509Certificate leaf = leaf();
    boolean[] usage = leaf.getKeyUsage();
    List<String> uses;
    try {
      uses = leaf.getExtendedKeyUsage();
    } catch (CertificateException malformed) {
      throw Refusal.bundle("malformed extended key usage", malformed);
    }
    if (leaf.getBasicConstraints() >= 0
        || usage == null
        || !usage[0]
        || uses == null
        || !uses.contains(extendedKeyUsage)) {
      throw Refusal.bundle("expected a certificate for " + what + ", found one for " + uses);
    }
    return this;
  }
}
