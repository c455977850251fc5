package dev.raya.registry.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.VersionRow;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.sigstore.KeylessBundle;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.sigstore.SigstoreTrust;
import dev.raya.signing.statement.NativeSubject;
import dev.raya.signing.statement.PublishStatement;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first attestation is the publisher's statement about exactly this version, signed by an
 * identity that the package allows (spec: security.md "Who signs what").
 */
final class CheckStatement implements PublishStep {
  private final SigstoreTrust trust;

  /**
   * Checks statements.
   *
   * @param trust whom certificates are believed from
   */
  CheckStatement(SigstoreTrust trust) {
    this.trust = trust;
  }

  @Override
  public void run(Publication publication) throws RegistryException {
    Announcement announced = publication.announcement();
    if (announced.attestations().isEmpty()) {
      throw refused("there is none; every version needs one");
    }
    if (!announced
        .attestations()
        .getFirst()
        .predicateType()
        .equals(PublishStatement.PREDICATE_TYPE)) {
      throw refused("expected the first attestation to be a " + PublishStatement.PREDICATE_TYPE);
    }
    PublishStatement statement = verify(publication);
    publication.stated(statement);
    same("name", announced.name().text(), statement.name());
    same("version", announced.version().text(), statement.version());
    same("archive", announced.archive().digest(), statement.archive());
    same("tree", announced.archive().tree(), statement.tree());
    same("capabilities", publication.capabilities(), statement.capabilities());
    same(
        "natives",
        announced.natives().stream()
            .map(blob -> new NativeSubject(blob.module(), blob.target(), blob.digest()))
            .sorted()
            .toList(),
        statement.natives());
    Digest previous = statement.previous();
    if (previous != null
        && !QuarkusTransaction.requiringNew().call(() -> published(announced, previous))) {
      throw refused("previous is no archive of " + announced.name() + ": " + previous);
    }
  }

  private PublishStatement verify(Publication publication) throws RegistryException {
    try {
      if (KeylessBundle.isCertified(publication.attestations().getFirst())) {
        return certified(publication);
      }
      PublishBundle bundle = PublishBundle.read(publication.attestations().getFirst());
      if (publication.isFirstKeyToCome()) {
        return unsigned(bundle);
      }
      Identity signer = signer(publication, bundle);
      if (signer == null && publication.caller().run() != null) {
        throw refused(
            "the signature is not of the key that was named when the token was exchanged");
      }
      if (signer == null) {
        throw new RegistryException(
            Problem.STATEMENT_REFUSED,
            "publish statement refused: the signature is not of a key that may publish "
                + publication.announcement().name()
                + " for account "
                + publication.caller().name()
                + " (the bundle names the key "
                + printable(bundle.keyHint())
                + ')',
            "raya-pm key list shows your keys; raya-pm key register makes one known");
      }
      publication.signedBy(signer);
      List<LogRecord.Attestation> named = publication.announcement().attestations();
      if (PublishBundle.hasSecond(named) && !isHybrid(signer)) {
        throw refused("a second one, and the key of the first has no ML-DSA-65 half");
      }
      return PublishBundle.verify(signer, named, publication.attestations(), trust);
    } catch (SigningException e) {
      throw new RegistryException(
          Problem.STATEMENT_REFUSED,
          e.getMessage() + " (" + e.code() + ')',
          "publish again with raya-pm publish, which signs anew");
    }
  }

  /** A statement whose certificate, and not the registry's word, shows which run signed it. */
  private PublishStatement certified(Publication publication)
      throws RegistryException, SigningException {
    Identity.Oidc run = publication.caller().run();
    if (run == null) {
      throw refused("a certificate signed it, and a person publishes with a key");
    }
    if (!CheckName.admits(publication.publishers(), run)) {
      throw refused("the run is none that may publish");
    }
    Identity.Oidc signer = run.withoutKey();
    PublishStatement statement =
        PublishBundle.verify(
            signer, publication.announcement().attestations(), publication.attestations(), trust);
    publication.signedBy(signer);
    return statement;
  }

  private static boolean isHybrid(Identity signer) {
    return signer instanceof Identity.Key key && key.mlDsa() != null;
  }

  /** Which of those who may publish signed; null if none did. */
  private static @Nullable Identity signer(Publication publication, PublishBundle bundle) {
    Identity.Oidc run = publication.caller().run();
    if (run != null) {
      VerificationKey key = run.key();
      return key != null
              && CheckName.admits(publication.publishers(), run)
              && bundle.envelope().signedBy(key)
          ? run
          : null;
    }
    Identity signer = null;
    for (Identity identity : publication.publishers()) {
      if (identity instanceof Identity.Key key
          && bundle.envelope().signedBy(key.key())
          && key.account() == publication.caller().account()) {
        signer = identity;
      }
    }
    return signer;
  }

  /** What a dry run states; its key is a throw-away one that nobody could know. */
  private static PublishStatement unsigned(PublishBundle bundle) throws RegistryException {
    try {
      if (bundle.envelope().payloadType().equals(PublishStatement.PAYLOAD_TYPE)) {
        return PublishStatement.read(bundle.envelope().payload().bytes());
      }
    } catch (JsonException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
    throw refused("expected the payload type " + PublishStatement.PAYLOAD_TYPE);
  }

  private static String printable(String hint) {
    return Digest.isHex(hint) ? hint : "(not a key id)";
  }

  private static boolean published(Announcement announced, Digest archive) {
    return PackageRow.named(announced.name().text())
        .map(row -> VersionRow.count("packageId = ?1 and archive = ?2", row.id, archive.hex()) > 0)
        .orElse(false);
  }

  private static void same(String what, Object expected, Object stated) throws RegistryException {
    if (!expected.equals(stated)) {
      throw refused(what + ": expected " + expected + ", the statement has " + stated);
    }
  }

  private static RegistryException refused(String detail) {
    return new RegistryException(Problem.STATEMENT_REFUSED, "publish statement refused: " + detail);
  }
}
