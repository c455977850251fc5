package dev.raya.cli.pm.trust;

import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.sigstore.ProvenanceBundle;
import dev.raya.signing.sigstore.SigstoreTrust;
import dev.raya.signing.statement.BuildProvenance;
import dev.raya.signing.statement.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The provenance among the attestations of a version, or why there is none.
 *
 * @param build how it was built, or null
 * @param missing why none of the attestations is provenance of this version; empty if one is
 */
public record FoundProvenance(@Nullable BuildProvenance build, String missing) {

  /**
   * Looks for provenance.
   *
   * @param leaf the version's record
   * @param subjects what its publish statement, which agrees with the record, is about
   * @param attestations in the record's order
   * @param trust whom certificates are believed from
   */
  static FoundProvenance of(
      LogRecord.Publish leaf,
      List<Subject> subjects,
      List<byte[]> attestations,
      SigstoreTrust trust) {
    String missing =
        leaf.publisher() instanceof Identity.Oidc
            ? "no attestation of the type " + BuildProvenance.PREDICATE_TYPE
            : "it was published with a person's key, not by a workflow";
    for (int i = 1; i < attestations.size(); i++) {
      if (leaf.attestations().get(i).predicateType().equals(BuildProvenance.PREDICATE_TYPE)) {
        try {
          return new FoundProvenance(
              ProvenanceBundle.verify(attestations.get(i), leaf.publisher(), subjects, trust), "");
        } catch (SigningException refused) {
          missing = "attestation " + (i + 1) + " is refused: " + refused.getMessage();
        }
      }
    }
    return new FoundProvenance(null, missing);
  }
}
