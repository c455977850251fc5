package dev.raya.registry.publish;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.json.Json;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.log.LogLeader;
import dev.raya.registry.markdown.Markdown;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.trust.ServedSigstore;
import dev.raya.signing.sigstore.SigstoreTrust;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/**
 * Runs the steps of a publish (spec: registry.md 1.3). Everything is checked before anything is
 * stored, everything is stored before the commit, and nothing is answered before the log has its
 * number.
 */
@ApplicationScoped
class Publisher {
  private final List<PublishStep> checks;
  private final List<PublishStep> effects;
  private final List<PublishStep> promotion;
  private final ModuleMemory memory = new ModuleMemory();

  @Inject
  Publisher(
      DirectoryBlobStore blobs,
      StaticTree tree,
      Markdown markdown,
      LogLeader leader,
      Receipts receipts,
      SecureRandom random,
      InstantSource clock) {
    SigstoreTrust trust = new ServedSigstore(tree);
    this.checks =
        List.of(
            new Receive(blobs, memory),
            new CheckDigests(),
            new CheckManifest(),
            new CheckName(receipts, clock),
            new CheckBytecode(),
            new CheckInterface(blobs, memory),
            new CheckStatement(trust),
            new CheckProvenance(trust),
            new CheckClaim(tree));
    Commit commit = new Commit(blobs, leader, receipts, clock);
    this.effects =
        List.of(new Store(blobs, markdown), new Reserve(commit, receipts, random, clock), commit);
    // What was checked of the bytes holds; what may have changed around them is checked again.
    this.promotion =
        List.of(
            new CheckName(receipts, clock),
            new ReadStaged(blobs, memory, clock),
            new CheckInterface(blobs, memory),
            new CheckClaim(tree),
            commit);
  }

  /**
   * Publishes.
   *
   * @param body the multipart body
   * @throws RegistryException if the version is refused
   * @throws IOException if the client goes away or a disk fails
   */
  Published publish(Publication.Request request, InputStream body)
      throws RegistryException, IOException {
    try (Publication publication = new Publication(request, body)) {
      run(checks, publication);
      if (request.dryRun() && publication.published() == null) {
        return dryRun(publication);
      }
      run(effects, publication);
      Published published = publication.published();
      if (published == null) {
        throw new IllegalStateException("the last step answers");
      }
      return published;
    }
  }

  /**
   * Publishes what was staged: steps 5 to 8 on the same bytes.
   *
   * @throws RegistryException if the version is refused
   * @throws IOException if its archive cannot be read
   */
  Published promote(Publication.Request request, StageRow staged)
      throws RegistryException, IOException {
    try (Publication publication = Publication.promoting(request, staged)) {
      run(promotion, publication);
      Published published = publication.published();
      if (published == null) {
        throw new IllegalStateException("the last step answers");
      }
      return published;
    }
  }

  private static void run(List<PublishStep> steps, Publication publication)
      throws RegistryException, IOException {
    for (PublishStep step : steps) {
      if (publication.published() != null) {
        return;
      }
      step.run(publication);
    }
  }

  private static Published dryRun(Publication publication) {
    Announcement announced = publication.announcement();
    if (publication.isFirstKeyToCome()) {
      publication.remark(
          Json.object()
              .put("code", Problem.STATEMENT_REFUSED.code())
              .put("severity", "info")
              .put(
                  "message",
                  "the account has no signing key yet: publish makes and registers one;"
                      + " the signature of this dry run was not checked")
              .build());
    }
    return new Published(
        Json.object()
            .put("schema", Published.SCHEMA)
            .put("name", announced.name().text())
            .put("version", announced.version().text())
            .put("sha256", announced.archive().digest().hex())
            .put("dryRun", true)
            .put("checks", publication.remarks())
            .build(),
        "/packages/" + announced.name() + '/' + announced.version(),
        200);
  }
}
