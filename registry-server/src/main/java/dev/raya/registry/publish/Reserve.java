package dev.raya.registry.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.account.AuditEvent;
import dev.raya.registry.account.TokenRow;
import dev.raya.registry.http.RegistryException;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.log.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction of a staged release, in the place of {@link Commit} (spec: registry.md 1.3,
 * Staged release): its row, its blobs and an audit line; no log record and nothing for the outbox.
 * Name and version are reserved from then on.
 */
final class Reserve implements PublishStep {
  /** How long name and version are reserved. */
  static final Duration RESERVED = Duration.ofDays(7);

  private static final int ID_BYTES = 20;

  private final Commit commit;
  private final SecureRandom random;
  private final InstantSource clock;

  /** What the transaction came to. */
  private record Outcome(
      @Nullable RegistryException refusal, @Nullable Long repeated, @Nullable StageRow staged) {}

  private final Receipts receipts;

  Reserve(Commit commit, Receipts receipts, SecureRandom random, InstantSource clock) {
    this.commit = commit;
    this.receipts = receipts;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public void run(Publication publication) throws RegistryException {
    if (!publication.announcement().stage()) {
      return;
    }
    Outcome outcome = Commit.inTransaction(() -> reserve(publication));
    RegistryException refusal = outcome.refusal();
    if (refusal != null) {
      throw refusal;
    }
    Long repeated = outcome.repeated();
    StageRow staged = outcome.staged();
    if (repeated != null) {
      publication.answer(receipts.again(repeated));
    } else if (staged != null) {
      publication.answer(StageDocuments.accepted(staged));
    }
  }

  private Outcome reserve(Publication publication) throws RegistryException, IOException {
    PackageName name = publication.announcement().name();
    Commit.lock(name);
    Instant now = clock.instant();
    CheckName.Admission admission = CheckName.admission(publication, now);
    if (admission.refusal() != null || admission.repeated() != null || admission.staged() != null) {
      return new Outcome(admission.refusal(), admission.repeated(), admission.staged());
    }
    StagedBlobs.expire(name, publication.announcement().version());
    StageRow row = row(publication, now);
    row.persistAndFlush();
    insertBlobs(row.id, publication, now);
    commit.requireStored(publication);
    if (publication.caller().run() != null) {
      TokenRow token = TokenRow.findById(publication.caller().token());
      token.usedStage = row.id;
    }
    AuditEvent.record(
        now,
        publication.caller(),
        "stage",
        row.name + '@' + row.version,
        Json.object()
            .put("sha256", publication.announcement().archive().digest().hex())
            .put("signer", publication.signer().json())
            .put("checks", publication.remarks())
            .build(),
        publication.request().requestId());
    return new Outcome(null, null, row);
  }

  private StageRow row(Publication publication, Instant now) {
    Announcement announced = publication.announcement();
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    String scope = announced.name().scope();
    StageRow row = new StageRow();
    row.id = HexFormat.of().formatHex(id);
    row.name = announced.name().text();
    row.skeleton = announced.name().skeleton();
    row.scopeSkeleton = scope == null ? null : CheckName.skeleton(scope);
    row.version = announced.version().text();
    row.precedence = announced.version().precedence();
    row.accountId = publication.caller().account();
    row.method = publication.method();
    row.announcement = new String(publication.announced(), StandardCharsets.UTF_8);
    row.metadata =
        new String(PackageMetadataCodec.write(publication.metadata()), StandardCharsets.UTF_8);
    row.checks = CanonicalJson.text(publication.remarks());
    row.signer = CanonicalJson.text(publication.signer().json());
    row.provenance = publication.hasProvenance();
    row.readme = publication.readmeBlob();
    row.readmeSize = publication.readmeSize();
    row.receivedAt = now;
    row.expiresAt = now.plus(RESERVED);
    return row;
  }

  private static void insertBlobs(String stage, Publication publication, Instant now) {
    Announcement announced = publication.announcement();
    StagedBlobs.keep(
        stage, announced.archive().digest(), announced.archive().size(), "archive", now);
    for (LogRecord.Native each : announced.natives()) {
      StagedBlobs.keep(stage, each.digest(), each.size(), "native", now);
    }
    for (LogRecord.Attestation each : announced.attestations()) {
      StagedBlobs.keep(stage, each.digest(), each.size(), "attestation", now);
    }
    String readme = publication.readmeBlob();
    if (readme != null) {
      StagedBlobs.keep(stage, new Digest(readme), publication.readmeSize(), "readme", now);
    }
  }
}
