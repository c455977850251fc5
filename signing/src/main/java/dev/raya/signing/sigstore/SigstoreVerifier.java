package dev.raya.signing.sigstore;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.Identity;
import dev.raya.signing.sigstore.ExpectedSigner.CertificateIdentity;
import dev.raya.signing.sigstore.ExpectedSigner.ManagedKey;
import dev.raya.signing.sigstore.ExpectedSigner.Workflow;
import dev.raya.signing.sigstore.SigstoreBundle.Content;
import dev.raya.signing.sigstore.SigstoreBundle.LogEntry;
import dev.raya.signing.sigstore.SigstoreBundle.Signer;
import dev.raya.signing.sigstore.SigstoreBundle.Timestamp;
import dev.raya.signing.sigstore.TrustedRoot.Log;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Verifies Sigstore bundles offline, after Sigstore's client specification ("Verification"):
 * signer, time, certificate, log and signature, from the bundle, the trusted root and the
 * artifact's hash alone. Every log entry and every timestamp of a bundle must hold, not only one of
 * them.
 */
public final class SigstoreVerifier {
  private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
  private static final String STATEMENT_TYPE = "application/vnd.in-toto+json";
  private static final Set<String> STATEMENTS =
      Set.of("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1");

  private final TrustedRoot root;

  /** A verifier that trusts what a root names. */
  public SigstoreVerifier(TrustedRoot root) {
    this.root = root;
  }

  /** Whose certificate it must be. */
  private interface Owner {
    void require(X509Certificate certificate) throws SigningException;
  }

  /** The key that signs, and the bytes by which log entries name it. */
  private record Verifier(PublicKeyInfo key, Octets named, boolean certified) {}

  /**
   * Verifies a bundle.
   *
   * @throws SigningException with {@link SigningException.Code#STATEMENT_REFUSED} if signature,
   *     certificate, time or artifact do not fit, {@link SigningException.Code#NOT_IN_LOG} if the
   *     log does not hold it, {@link SigningException.Code#IDENTITY_NOT_ALLOWED} if it is by
   *     another signer
   */
  public void verify(SigstoreBundle bundle, SignedArtifact artifact, ExpectedSigner expected)
      throws SigningException {
    byte[] signature = bundle.content().signatureBytes();
    List<Instant> times = new ArrayList<>();
    for (Timestamp timestamp : bundle.timestamps()) {
      times.add(
          TimestampToken.verify(
              timestamp.response().bytes(), signature, root.timestampAuthorities()));
    }
    for (LogEntry entry : bundle.entries()) {
      verifyLogged(entry, times);
    }
    Verifier verifier = verifySigner(bundle.signer(), expected, times);
    requireNoKeyId(bundle.content(), verifier);
    for (LogEntry entry : bundle.entries()) {
      LogBody body = LogBody.read(entry, verifier.certified());
      if (!body.signature().equals(Octets.of(signature))) {
        throw Refusal.log("the log's entry is about another signature");
      }
      if (!body.verifier().equals(verifier.named())) {
        throw Refusal.log("the log's entry names another signer");
      }
      verifyContent(bundle.content(), body, artifact, verifier.key());
    }
  }

  /** Verifies that the log holds an entry, and adds the time that it states. */
  private void verifyLogged(LogEntry entry, List<Instant> times) throws SigningException {
    Log log = TrustedRoot.find(root.transparencyLogs(), entry.log(), "transparency log");
    LogInclusion.verifyProof(entry, log);
    if (LogBody.isSecondRekor(entry)) {
      if (entry.promise() != null || entry.integratedTime() != 0) {
        throw Refusal.log("expected no time and no promise of Rekor v2, found one");
      }
      if (entry.index() != entry.proof().index()) {
        throw Refusal.log(
            "expected the index " + entry.proof().index() + ", found " + entry.index());
      }
    } else {
      LogInclusion.verifyPromise(entry, log);
      times.add(Instant.ofEpochSecond(entry.integratedTime()));
    }
    if (log.validity().start() == null) {
      throw Refusal.log("the trusted root does not say from when " + log.host() + " is trusted");
    }
    for (Instant time : times) {
      if (!log.validity().covers(time)) {
        throw Refusal.log(
            "the entry is of " + time + ", but " + log.host() + " is trusted " + log.validity());
      }
    }
  }

  private Verifier verifySigner(Signer signer, ExpectedSigner expected, List<Instant> times)
      throws SigningException {
    return switch (expected) {
      case ManagedKey managed -> {
        if (!(signer instanceof Signer.Keyed(String hint))) {
          throw Refusal.signer("expected a bundle signed by a key, found a certificate");
        }
        PublicKeyInfo key = managed.key();
        requireHint(hint, key);
        yield new Verifier(key, Octets.of(key.spki()), false);
      }
      case CertificateIdentity identity -> {
        if (!(signer instanceof Signer.Certified(List<X509Certificate> certificates))) {
          throw Refusal.signer("expected a bundle with a certificate, found one signed by a key");
        }
        yield verifyCertificate(
            certificates, leaf -> CertificateClaims.require(leaf, identity), times);
      }
      case Workflow(Identity.Oidc run) -> {
        if (!(signer instanceof Signer.Certified(List<X509Certificate> certificates))) {
          throw Refusal.signer("expected a bundle with a certificate, found one signed by a key");
        }
        yield verifyCertificate(certificates, leaf -> CertificateClaims.require(leaf, run), times);
      }
    };
  }

  /**
   * A hint may be anything. Where it has the usual form, the SHA-256 of the key in Base64, it must
   * not name another key.
   */
  private static void requireHint(String hint, PublicKeyInfo key) throws SigningException {
    String usual = Base64.getEncoder().encodeToString(Digest.of(key.spki()).bytes());
    if (hint.length() == usual.length() && !hint.equals(usual)) {
      throw Refusal.signer("expected a hint to the key " + usual + ", found " + hint);
    }
  }

  private Verifier verifyCertificate(
      List<X509Certificate> certificates, Owner owner, List<Instant> times)
      throws SigningException {
    if (times.isEmpty()) {
      throw Refusal.bundle("expected a time of a log or of a timestamp authority, found none");
    }
    X509Certificate certificate = certificates.getFirst();
    for (Instant time : times) {
      CertificatePath path =
          CertificatePath.validated(certificates, root.certificateAuthorities(), time)
              .requireUse(CODE_SIGNING, "code signing");
      EmbeddedScts.verify(certificate, path.issuer(), root.certificateLogs());
    }
    owner.require(certificate);
    try {
      return new Verifier(
          PublicKeyInfo.of(certificate.getPublicKey()), Octets.of(certificate.getEncoded()), true);
    } catch (CertificateEncodingException malformed) {
      throw Refusal.bundle("malformed certificate", malformed);
    }
  }

  /** Nobody vouches for an envelope's key id, and beside a certificate it has no use. */
  private static void requireNoKeyId(Content content, Verifier verifier) throws SigningException {
    if (verifier.certified()
        && content instanceof Content.Envelope(DsseEnvelope envelope)
        && !envelope.signatures().getFirst().keyId().isEmpty()) {
      throw Refusal.bundle(
          "expected no key id beside a certificate, found "
              + envelope.signatures().getFirst().keyId());
    }
  }

  private static void verifyContent(
      Content content, LogBody body, SignedArtifact artifact, PublicKeyInfo key)
      throws SigningException {
    switch (content) {
      case Content.Message message -> verifyMessage(message, body, artifact, key);
      case Content.Envelope(DsseEnvelope envelope) -> {
        verifyEnvelope(envelope, body, key);
        requireSubject(envelope, artifact);
      }
    }
  }

  private static void verifyMessage(
      Content.Message message, LogBody body, SignedArtifact artifact, PublicKeyInfo key)
      throws SigningException {
    if (!(body instanceof LogBody.Hashed hashed)) {
      throw Refusal.log("expected an entry about a signed file, found one about an envelope");
    }
    requireDigest(hashed.hash(), hashed.digest(), artifact, "the log's entry");
    if (message.hash() != null && message.digest() != null) {
      requireDigest(message.hash(), message.digest(), artifact, "the bundle");
    }
    if (!key.verifiesDigest(hashed.digest().bytes(), message.signature().bytes(), hashed.hash())) {
      throw Refusal.bundle("the signature over the file does not verify");
    }
  }

  private static void requireDigest(
      HashAlgorithm hash, Octets digest, SignedArtifact artifact, String where)
      throws SigningException {
    byte[] known = artifact.digest(hash);
    if (known == null) {
      throw Refusal.bundle("expected a file, as " + where + " hashes it by " + hash);
    }
    if (!Arrays.equals(known, digest.bytes())) {
      throw Refusal.bundle(
          where + " is about another file: expected " + Octets.of(known) + ", found " + digest);
    }
  }

  private static void verifyEnvelope(DsseEnvelope envelope, LogBody body, PublicKeyInfo key)
      throws SigningException {
    byte[] payload = envelope.payload().bytes();
    byte[] signed = DsseEnvelope.preAuthenticationEncoding(envelope.payloadType(), payload);
    boolean same =
        switch (body) {
          case LogBody.Hashed(var hash, var digest, var signature, var verifier) ->
              digest.equals(Octets.of(hash.digest(signed)));
          case LogBody.Enveloped(var hash, var digest, var signature, var verifier) ->
              digest.equals(Octets.of(hash.digest(payload)));
        };
    if (!same) {
      throw Refusal.log("the log's entry is about another envelope");
    }
    byte[] signature = envelope.signatures().getFirst().signature().bytes();
    if (!key.verifies(signed, signature, key.usualHash())) {
      throw Refusal.bundle("the envelope's signature does not verify");
    }
  }

  private static void requireSubject(DsseEnvelope envelope, SignedArtifact artifact)
      throws SigningException {
    if (!envelope.payloadType().equals(STATEMENT_TYPE)) {
      throw Refusal.bundle(
          "expected an envelope of " + STATEMENT_TYPE + ", found " + envelope.payloadType());
    }
    try {
      JsonFields statement = JsonFields.root(JsonReader.read(envelope.payload().bytes()));
      if (!STATEMENTS.contains(statement.string("_type"))) {
        throw statement.fault("_type", "expected an in-toto statement");
      }
      for (JsonFields subject : statement.list("subject")) {
        JsonFields digest = subject.fields("digest");
        if (digest.has("sha256") && digest.string("sha256").equals(artifact.sha256().hex())) {
          return;
        }
      }
    } catch (JsonException malformed) {
      throw Refusal.bundle("malformed statement", malformed);
    }
    throw Refusal.bundle(
        "expected a statement about " + artifact.sha256() + ", found none of its subjects so");
  }
}
