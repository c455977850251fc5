package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.PublishStatement;
import dev.raya.signing.statement.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Provenance of a build: a further attestation over the same subjects, signed with the key that the
 * token exchange bound to the workflow's run (security.md, Who signs what). What a person signed
 * shows nothing about a build.
 */
final class BuildProvenance {
  /** The predicate type of SLSA provenance. */
  static final String PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

  private BuildProvenance() {}

  /**
   * Looks for provenance among the attestations of a version.
   *
   * @param leaf the version's record
   * @param subjects what its publish statement, which agrees with the record, is about
   * @param attestations in the record's order
   * @return why none of them is provenance of this version; null if one is
   */
  static @Nullable String missing(
      LogRecord.Publish leaf, List<Subject> subjects, List<byte[]> attestations) {
    if (!(leaf.publisher() instanceof Identity.Oidc run)) {
      return "it was published with a person's key, not by a workflow";
    }
    VerificationKey key = run.key();
    if (key == null) {
      return "its record names no key of the workflow's run";
    }
    String reason = "no attestation of the type " + PREDICATE_TYPE;
    for (int i = 1; i < attestations.size(); i++) {
      if (leaf.attestations().get(i).predicateType().equals(PREDICATE_TYPE)) {
        String refused = refusal(attestations.get(i), key, subjects);
        if (refused == null) {
          return null;
        }
        reason = "attestation " + (i + 1) + " is refused: " + refused;
      }
    }
    return reason;
  }

  private static @Nullable String refusal(
      byte[] attestation, VerificationKey key, List<Subject> subjects) {
    try {
      DsseEnvelope envelope = PublishBundle.read(attestation).envelope();
      if (!envelope.payloadType().equals(PublishStatement.PAYLOAD_TYPE)) {
        return "its payload is no in-toto statement";
      }
      if (!envelope.signedBy(key)) {
        return "no signature is that of the workflow's run";
      }
      JsonFields statement = JsonFields.root(JsonReader.read(envelope.payload().bytes()));
      if (!statement.string("_type").equals(PublishStatement.STATEMENT_TYPE)
          || !statement.string("predicateType").equals(PREDICATE_TYPE)) {
        return "its statement is of another type";
      }
      statement.fields("predicate");
      List<JsonFields> named = statement.list("subject");
      Set<Subject> found = new HashSet<>();
      for (JsonFields each : named) {
        String hex = each.fields("digest").string("sha256");
        if (!Digest.isHex(hex)) {
          return "a subject's sha256 is malformed";
        }
        found.add(new Subject(each.string("name"), new Digest(hex)));
      }
      return named.size() == subjects.size() && found.equals(Set.copyOf(subjects))
          ? null
          : "it is about other files";
    } catch (SigningException | JsonException malformed) {
      return String.valueOf(malformed.getMessage());
    }
  }
}
