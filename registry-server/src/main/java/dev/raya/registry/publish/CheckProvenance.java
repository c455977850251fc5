package dev.raya.registry.publish;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.packages.PackageRow;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.sigstore.ProvenanceBundle;
import dev.raya.signing.sigstore.SigstoreTrust;
import dev.raya.signing.statement.BuildProvenance;
import dev.raya.signing.statement.PublishStatement;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.util.List;

/**
 * Every attestation that is announced as provenance is that of the run that publishes, as clients
 * verify it later; and a package that asks for provenance gets no version without (spec:
 * security.md "Who signs what").
 */
final class CheckProvenance implements PublishStep {
  private final SigstoreTrust trust;

  /**
   * Checks provenance.
   *
   * @param trust whom certificates are believed from
   */
  CheckProvenance(SigstoreTrust trust) {
    this.trust = trust;
  }

  @Override
  public void run(Publication publication) throws RegistryException {
    if (publication.isFirstKeyToCome()) {
      return;
    }
    PublishStatement statement = publication.statement();
    List<LogRecord.Attestation> announced = publication.announcement().attestations();
    for (int i = 1; i < announced.size(); i++) {
      if (announced.get(i).predicateType().equals(BuildProvenance.PREDICATE_TYPE)) {
        try {
          BuildProvenance build =
              ProvenanceBundle.verify(
                  publication.attestations().get(i),
                  publication.signer(),
                  statement.subjects(),
                  trust);
          String run = publication.caller().runAddress();
          if (run != null && !build.isOfRun(run)) {
            throw refused(i, "invocation: expected " + run + ", found " + build.invocation());
          }
          publication.carriesProvenance();
        } catch (SigningException refused) {
          throw refused(i, String.valueOf(refused.getMessage()));
        }
      }
    }
    String name = publication.announcement().name().text();
    if (!publication.hasProvenance()
        && QuarkusTransaction.requiringNew().call(() -> asksForIt(name))) {
      throw new RegistryException(
          Problem.STATEMENT_REFUSED,
          "provenance refused: every version of " + name + " must carry it, and there is none",
          "publish from its workflow, or an owner lifts the rule: raya-pm publisher provenance "
              + name
              + " off");
    }
  }

  private static RegistryException refused(int attestation, String why) {
    return new RegistryException(
        Problem.STATEMENT_REFUSED,
        "provenance refused, attestation " + (attestation + 1) + ": " + why,
        "publish from the workflow that built it, with raya-pm publish");
  }

  private static boolean asksForIt(String name) {
    return PackageRow.named(name).map(row -> row.provenance).orElse(false);
  }
}
