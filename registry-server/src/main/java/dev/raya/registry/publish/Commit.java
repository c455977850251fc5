package dev.raya.registry.publish;

import dev.raya.cache.blob.BlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.account.AuditEvent;
import dev.raya.registry.account.TokenRow;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.log.LogLeader;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.oidc.TrustedPublisher;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.TagRow;
import dev.raya.registry.packages.VersionRow;
import dev.raya.registry.packages.VersionSortKey;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionTag;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.LogRecord;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction of a publish: version, dependencies, blobs, audit, log record, outbox; for a
 * new name also package, owner, scope. Its commit is the durable point; afterwards the step waits
 * for the record's number.
 */
final class Commit implements PublishStep {
  private final BlobStore blobs;
  private final LogLeader leader;
  private final Receipts receipts;
  private final InstantSource clock;

  /** What the transaction came to: a refusal, a repeated version, or a new one with its ticket. */
  private record Outcome(
      @Nullable RegistryException refusal,
      @Nullable Long repeated,
      long versionId,
      LogLeader.@Nullable Ticket ticket) {}

  Commit(BlobStore blobs, LogLeader leader, Receipts receipts, InstantSource clock) {
    this.blobs = blobs;
    this.leader = leader;
    this.receipts = receipts;
    this.clock = clock;
  }

  @Override
  public void run(Publication publication) throws RegistryException {
    Outcome outcome = inTransaction(() -> commit(publication));
    RegistryException refusal = outcome.refusal();
    if (refusal != null) {
      throw refusal;
    }
    Long repeated = outcome.repeated();
    if (repeated != null) {
      publication.answer(receipts.again(repeated));
      return;
    }
    LogLeader.Ticket ticket = outcome.ticket();
    if (ticket == null) {
      throw new IllegalStateException("a new version has a record");
    }
    receipts.await(ticket);
    publication.answer(receipts.first(outcome.versionId()));
  }

  /**
   * Runs the transaction of a publish; a refusal rolls it back.
   *
   * @throws RegistryException as the work refuses
   */
  static <T> T inTransaction(Callable<T> work) throws RegistryException {
    try {
      return QuarkusTransaction.requiringNew().call(work);
    } catch (QuarkusTransactionException e) {
      if (e.getCause() instanceof RegistryException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  private Outcome commit(Publication publication) throws RegistryException, IOException {
    PackageName name = publication.announcement().name();
    lock(name);
    Instant now = clock.instant();
    StageRow promoted = publication.promotes();
    if (promoted != null) {
      Version version = publication.announcement().version();
      StageRow held = StageRow.held(name, version, now).orElse(null);
      if (held == null || !held.id.equals(promoted.id)) {
        throw StageDocuments.noneOf(name.text(), version.text());
      }
    }
    CheckName.Admission admission = CheckName.admission(publication, now);
    if (admission.refusal() != null || admission.repeated() != null) {
      return new Outcome(admission.refusal(), admission.repeated(), 0, null);
    }
    if (!CheckName.admits(admission.publishers(), publication.signer())) {
      return new Outcome(
          new RegistryException(
              Problem.CHANGED,
              promoted == null
                  ? "the publishers of " + name + " changed while this version was checked"
                  : "who signed this version is no publisher of " + name + " any more",
              promoted == null
                  ? "publish again"
                  : publication.announcement().dropping()
                      + " frees it; then a publisher signs and stages it anew"),
          null,
          0,
          null);
    }
    if (!publication.hasProvenance()
        && PackageRow.named(name.text()).map(row -> row.provenance).orElse(false)) {
      return new Outcome(
          new RegistryException(
              Problem.CHANGED,
              name + " asks for provenance since this version was checked",
              promoted == null
                  ? "publish from its workflow"
                  : publication.announcement().dropping()
                      + " frees it; then its workflow publishes or stages it"),
          null,
          0,
          null);
    }
    PackageRow known = PackageRow.named(name.text()).orElse(null);
    String near = NameReview.near(name, known, publication.account());
    if (near != null) {
      publication.remark(NameReview.remark(name, near));
    }
    PackageRow row =
        known == null ? firstVersion(name, publication, admission.publishers(), now) : known;
    VersionRow version = insert(row, publication, now);
    if (publication.caller().run() != null) {
      TokenRow token = TokenRow.findById(publication.caller().token());
      token.usedVersion = version.id;
    }
    insertDependencies(version.id, publication.metadata());
    insertBlobs(version.id, publication, now);
    requireStored(publication);
    if (promoted != null) {
      StagedBlobs.release(promoted.id);
    }
    long pending = insertRecord(row, version, publication);
    if (near != null) {
      pending = NameReview.hold(row, version, near, now);
    }
    VersionTag tag = publication.announcement().tag();
    if (tag != null && TagRow.point(row.id, tag.text(), version.id)) {
      pending =
          PendingRecords.add(
              new LogRecord.Tag(
                  PendingRecords.header(publication.caller().account()),
                  row.name,
                  tag.text(),
                  version.version),
              row.id,
              version.id);
    }
    AuditEvent.record(
        now,
        publication.caller(),
        promoted == null ? "publish" : "promote",
        name + "@" + version.version,
        Json.object()
            .put("sha256", version.archive)
            .put("signer", publication.signer().json())
            .put("checks", publication.remarks())
            .build(),
        publication.request().requestId());
    return new Outcome(null, null, version.id, leader.expect(pending));
  }

  /** Publishes of names that collide go one after the other. */
  static void lock(PackageName name) {
    PackageRow.lock(name);
    String scope = name.scope();
    if (scope != null) {
      execute(
          "select 1 from pg_advisory_xact_lock(3, hashtext(:name))",
          "name",
          CheckName.skeleton(scope));
    }
  }

  private static void execute(String sql, String parameter, Object value) {
    Panache.getEntityManager()
        .createNativeQuery(sql)
        .setParameter(parameter, value)
        .getResultList();
  }

  private static PackageRow firstVersion(
      PackageName name, Publication publication, List<Identity> publishers, Instant now) {
    PackageRow row = new PackageRow();
    row.name = name.text();
    row.skeleton = name.skeleton();
    row.scopeId = scope(name, publication, now);
    row.createdAt = now;
    row.publishBy(publishers);
    row.persistAndFlush();
    // Whoever else waited for the name waits in vain, and may not be taken for its publisher.
    TrustedPublisher.delete(
        "packageName = ?1 and accountId <> ?2", row.name, publication.account());
    Panache.getEntityManager()
        .createNativeQuery(
            "insert into owner (package_id, account_id, role) values (:package, :account, 'owner')")
        .setParameter("package", row.id)
        .setParameter("account", publication.account())
        .executeUpdate();
    PendingRecords.packageChanged(row, publication.caller().account(), publishers);
    return row;
  }

  private static @Nullable Long scope(PackageName name, Publication publication, Instant now) {
    String scope = name.scope();
    if (scope == null) {
      return null;
    }
    EntityManager database = Panache.getEntityManager();
    List<?> existing =
        database
            .createNativeQuery("select id from scope where name = :name")
            .setParameter("name", scope)
            .getResultList();
    if (!existing.isEmpty()) {
      return ((Number) existing.getFirst()).longValue();
    }
    long id =
        ((Number)
                database
                    .createNativeQuery(
                        """
                        insert into scope (name, skeleton, created_at)
                        values (:name, :skeleton, :now) returning id""")
                    .setParameter("name", scope)
                    .setParameter("skeleton", CheckName.skeleton(scope))
                    .setParameter("now", now)
                    .getSingleResult())
            .longValue();
    database
        .createNativeQuery(
            "insert into member (scope_id, account_id, role) values (:scope, :account, 'owner')")
        .setParameter("scope", id)
        .setParameter("account", publication.account())
        .executeUpdate();
    return id;
  }

  private static VersionRow insert(PackageRow row, Publication publication, Instant now) {
    Announcement announced = publication.announcement();
    Version version = announced.version();
    VersionRow inserted = new VersionRow();
    inserted.packageId = row.id;
    inserted.version = version.text();
    inserted.precedence = version.precedence();
    inserted.sortKey = VersionSortKey.of(version.precedence());
    inserted.prerelease = version.isPreRelease();
    inserted.archive = announced.archive().digest().hex();
    inserted.size = announced.archive().size();
    inserted.tree = announced.archive().tree().hex();
    inserted.metadata =
        new String(PackageMetadataCodec.write(publication.metadata()), StandardCharsets.UTF_8);
    inserted.capabilities = CanonicalJson.text(Json.strings(publication.capabilities()));
    inserted.checks = CanonicalJson.text(publication.remarks());
    inserted.publisherAccount = publication.account();
    inserted.method = publication.method();
    StageRow promoted = publication.promotes();
    inserted.stage = promoted == null ? null : promoted.id;
    inserted.publisher = CanonicalJson.text(publication.signer().json());
    inserted.receivedAt = now;
    blob(inserted.archive, inserted.size, "archive", now);
    inserted.persistAndFlush();
    return inserted;
  }

  private static void insertDependencies(long versionId, PackageMetadata metadata) {
    int ordinal = 0;
    for (PublishedDependency dependency : metadata.dependencies()) {
      Panache.getEntityManager()
          .createNativeQuery(
              """
              insert into version_dep (version_id, ordinal, name, requirement, alias, optional)
              values (:version, :ordinal, :name, :range, :alias, :optional)""")
          .setParameter("version", versionId)
          .setParameter("ordinal", ordinal++)
          .setParameter("name", dependency.name().text())
          .setParameter("range", dependency.range().text())
          .setParameter("alias", dependency.alias().text())
          .setParameter("optional", dependency.optional())
          .executeUpdate();
    }
  }

  private static void insertBlobs(long versionId, Publication publication, Instant now) {
    Announcement announced = publication.announcement();
    link(versionId, "archive", 0, announced.archive().digest().hex(), "");
    int ordinal = 0;
    for (LogRecord.Native blob : announced.natives()) {
      blob(blob.digest().hex(), blob.size(), "native", now);
      link(
          versionId,
          "native",
          ordinal++,
          blob.digest().hex(),
          blob.module() + '/' + blob.target() + '/' + blob.file());
    }
    ordinal = 0;
    for (LogRecord.Attestation attestation : announced.attestations()) {
      blob(attestation.digest().hex(), attestation.size(), "attestation", now);
      link(
          versionId,
          "attestation",
          ordinal++,
          attestation.digest().hex(),
          attestation.predicateType());
    }
    String readme = publication.readmeBlob();
    if (readme != null) {
      blob(readme, publication.readmeSize(), "readme", now);
      link(versionId, "readme", 0, readme, "");
    }
  }

  /**
   * Blobs that nothing used may have been removed since they were stored here; whoever removes one
   * holds its row, so what is there now stays.
   */
  void requireStored(Publication publication) throws RegistryException, IOException {
    for (Digest each : blobs(publication)) {
      if (blobs.find(each).isEmpty()) {
        throw new RegistryException(
            dev.raya.registry.http.Problem.BUSY,
            "a file of this version was removed while it was received",
            "publish again");
      }
    }
  }

  /** Digests of all blobs of a version, each once. */
  static Set<Digest> blobs(Publication publication) {
    Announcement announced = publication.announcement();
    Set<Digest> digests = new LinkedHashSet<>();
    digests.add(announced.archive().digest());
    announced.natives().forEach(each -> digests.add(each.digest()));
    announced.attestations().forEach(each -> digests.add(each.digest()));
    String readme = publication.readmeBlob();
    if (readme != null) {
      digests.add(new Digest(readme));
    }
    return digests;
  }

  static void blob(String hash, long size, String kind, Instant now) {
    Panache.getEntityManager()
        .createNativeQuery(
            """
            insert into blob (hash, size, kind, refs, created_at)
            values (:hash, :size, :kind, 1, :now)
            on conflict (hash) do update set refs = blob.refs + 1""")
        .setParameter("hash", hash)
        .setParameter("size", size)
        .setParameter("kind", kind)
        .setParameter("now", now)
        .executeUpdate();
  }

  private static void link(long versionId, String role, int ordinal, String hash, String detail) {
    Panache.getEntityManager()
        .createNativeQuery(
            """
            insert into version_blob (version_id, role, ordinal, hash, detail)
            values (:version, :role, :ordinal, :hash, :detail)""")
        .setParameter("version", versionId)
        .setParameter("role", role)
        .setParameter("ordinal", ordinal)
        .setParameter("hash", hash)
        .setParameter("detail", detail)
        .executeUpdate();
  }

  private static long insertRecord(PackageRow row, VersionRow version, Publication publication) {
    Announcement announced = publication.announcement();
    long account = publication.caller().account();
    return PendingRecords.add(
        new LogRecord.Publish(
            PendingRecords.header(account),
            row.name,
            version.version,
            announced.archive().digest(),
            announced.archive().size(),
            announced.archive().tree(),
            announced.natives(),
            publication.capabilities(),
            publication.signer(),
            announced.attestations(),
            null),
        row.id,
        version.id);
  }
}
