package dev.raya.signing.sigstore;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.statement.BuildProvenance;
import dev.raya.signing.statement.PublishStatement;
import dev.raya.signing.statement.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Provenance of a build in a Sigstore bundle v0.3: a further attestation of a version, signed with
 * the key that the token exchange bound to the workflow's run, or with a certificate of it. What a
 * person signed shows nothing about a build. Registry and client ask the same of it, here.
 */
public final class ProvenanceBundle {
  private ProvenanceBundle() {}

  /** Signs provenance with the key of a run; the bundle's canonical bytes. */
  public static byte[] sign(BuildProvenance provenance, SigningKey key) {
    return new PublishBundle(
            key.verificationKey().keyId().hex(),
            DsseEnvelope.sign(PublishStatement.PAYLOAD_TYPE, provenance.bytes(), key))
        .bytes();
  }

  /**
   * The statement in a bundle that was verified before, by key or certificate; says nothing about
   * its signature.
   *
   * @throws JsonException if it is no bundle with an envelope
   */
  public static byte[] statement(byte[] verified) throws JsonException {
    return DsseEnvelope.read(JsonFields.root(JsonReader.read(verified)).fields("dsseEnvelope"))
        .payload()
        .bytes();
  }

  /**
   * Verifies a bundle and gives the provenance.
   *
   * @param attestation the bundle's bytes
   * @param publisher who published the version
   * @param subjects what its publish statement is about
   * @param trust whom certificates are believed from
   * @throws SigningException with {@link Code#PROVENANCE_REFUSED} if the publisher is no workflow's
   *     run, the signature is not the run's, the statement is of another type, about other files,
   *     or says something else about the run than its token
   */
  public static BuildProvenance verify(
      byte[] attestation, Identity publisher, List<Subject> subjects, SigstoreTrust trust)
      throws SigningException {
    if (!(publisher instanceof Identity.Oidc run)) {
      throw refused("it was published with a person's key, not by a workflow");
    }
    try {
      BuildProvenance provenance = BuildProvenance.read(payload(attestation, run, subjects, trust));
      Set<Subject> found = new HashSet<>(provenance.subjects());
      if (provenance.subjects().size() != subjects.size() || !found.equals(Set.copyOf(subjects))) {
        throw refused("it is about other files");
      }
      String difference = provenance.differenceFrom(run);
      if (difference != null) {
        throw refused("it says something else than the run's token: " + difference);
      }
      return provenance;
    } catch (JsonException malformed) {
      throw new SigningException(
          Code.PROVENANCE_REFUSED,
          "its statement is of another type or malformed: " + malformed.getMessage(),
          malformed);
    }
  }

  /** The statement, signed by the run: with its key, or with a certificate that names it. */
  private static byte[] payload(
      byte[] attestation, Identity.Oidc run, List<Subject> subjects, SigstoreTrust trust)
      throws SigningException {
    VerificationKey key = run.key();
    if (key == null) {
      try {
        return KeylessBundle.payload(attestation, run, subjects.getFirst().digest(), trust);
      } catch (SigningException invalid) {
        throw new SigningException(
            Code.PROVENANCE_REFUSED, String.valueOf(invalid.getMessage()), invalid);
      }
    }
    DsseEnvelope envelope = PublishBundle.read(attestation).envelope();
    if (!envelope.payloadType().equals(PublishStatement.PAYLOAD_TYPE)) {
      throw refused("its payload is no in-toto statement");
    }
    if (!envelope.signedBy(key)) {
      throw refused("no signature is that of the workflow's run");
    }
    return envelope.payload().bytes();
  }

  private static SigningException refused(String why) {
    return new SigningException(Code.PROVENANCE_REFUSED, why);
  }
}
