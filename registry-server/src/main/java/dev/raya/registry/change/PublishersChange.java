package dev.raya.registry.change;

import dev.raya.cache.json.Json;
import dev.raya.registry.account.AuditEvent;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.oidc.TrustedPublisher;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.Publishers;
import dev.raya.signing.key.Identity;
import java.util.ArrayList;
import java.util.List;

/** Changes who publishes a package that has versions; each change is a record of the log. */
sealed interface PublishersChange extends PackageChanges.Change {
  /**
   * A workflow may publish.
   *
   * @param workflow which, its reference possibly a pattern
   * @param requestId for the audit
   */
  record Add(Identity.Oidc workflow, String requestId) implements PublishersChange {
    @Override
    public void make(PackageChanges.Transaction transaction) throws RegistryException {
      PackageRow row = transaction.row();
      List<Identity> publishers = new ArrayList<>(row.publisherIdentities());
      if (publishers.contains(workflow)) {
        return;
      }
      if (publishers.size() >= PackageRow.MAX_PUBLISHERS) {
        throw new RegistryException(
            Problem.MALFORMED,
            row.name + " has " + publishers.size() + " publishers, which is the most",
            "remove one first: raya-pm publisher remove " + row.name + " ID");
      }
      publishers.add(workflow);
      TrustedPublisher added = new TrustedPublisher();
      added.packageName = row.name;
      added.accountId = transaction.caller().account();
      added.identity = TrustedPublisher.text(workflow);
      added.createdAt = transaction.now();
      added.persistAndFlush();
      publish(transaction, publishers, "publisher.add", workflow.json(), requestId);
    }
  }

  /**
   * A publisher, workflow or key, may publish no longer.
   *
   * @param id as {@link Publishers#id} gives it
   * @param requestId for the audit
   */
  record Remove(String id, String requestId) implements PublishersChange {
    @Override
    public void make(PackageChanges.Transaction transaction) throws RegistryException {
      PackageRow row = transaction.row();
      List<Identity> publishers = new ArrayList<>(row.publisherIdentities());
      Identity removed =
          publishers.stream()
              .filter(each -> Publishers.id(each).equals(id))
              .findFirst()
              .orElseThrow(() -> Publishers.unknown(row.name, id));
      if (publishers.size() == 1) {
        throw new RegistryException(
            Problem.FORBIDDEN,
            "nobody could publish " + row.name + " any more",
            "add another publisher first: raya-pm publisher add " + row.name);
      }
      publishers.remove(removed);
      if (removed instanceof Identity.Oidc workflow) {
        TrustedPublisher.delete(
            "packageName = ?1 and identity = ?2", row.name, TrustedPublisher.text(workflow));
      }
      publish(transaction, publishers, "publisher.remove", removed.json(), requestId);
    }
  }

  /**
   * Publishing by token and key is opened or closed.
   *
   * @param open whether a token and a registered key are enough
   * @param requestId for the audit
   */
  record TokenPublishing(boolean open, String requestId) implements PublishersChange {
    @Override
    public void make(PackageChanges.Transaction transaction) throws RegistryException {
      PackageRow row = transaction.row();
      if (row.tokenPublishing == open) {
        return;
      }
      List<Identity> publishers = row.publisherIdentities();
      if (!open) {
        requireWorkflow(row.name, publishers);
      }
      row.tokenPublishing = open;
      publish(
          transaction,
          publishers,
          "publisher.tokens",
          Json.object().put("open", open).build(),
          requestId);
    }
  }

  /**
   * Every version must carry provenance from here on, or no longer.
   *
   * @param asked whether it must
   * @param requestId for the audit
   */
  record Provenance(boolean asked, String requestId) implements PublishersChange {
    @Override
    public void make(PackageChanges.Transaction transaction) throws RegistryException {
      PackageRow row = transaction.row();
      if (row.provenance == asked) {
        return;
      }
      List<Identity> publishers = row.publisherIdentities();
      if (asked) {
        requireWorkflow(row.name, publishers);
      }
      row.provenance = asked;
      publish(
          transaction,
          publishers,
          "publisher.provenance",
          Json.object().put("asked", asked).build(),
          requestId);
    }
  }

  private static void requireWorkflow(String name, List<Identity> publishers)
      throws RegistryException {
    if (publishers.stream().noneMatch(Identity.Oidc.class::isInstance)) {
      throw new RegistryException(
          Problem.FORBIDDEN,
          "nobody could publish " + name + " any more: it trusts no workflow",
          "add one first: raya-pm publisher add " + name);
    }
  }

  private static void publish(
      PackageChanges.Transaction transaction,
      List<Identity> publishers,
      String action,
      Json.Obj detail,
      String requestId) {
    PackageRow row = transaction.row();
    row.publishBy(publishers);
    row.persistAndFlush();
    transaction.recorded(
        PendingRecords.packageChanged(row, transaction.caller().account(), publishers));
    AuditEvent.record(transaction.now(), transaction.caller(), action, row.name, detail, requestId);
  }
}
