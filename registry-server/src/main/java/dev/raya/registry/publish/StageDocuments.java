package dev.raya.registry.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.account.Account;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.Times;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.packages.IndexLines;
import dev.raya.registry.packages.Owners;
import dev.raya.registry.packages.VersionRow;
import dev.raya.resolver.index.IndexDocumentWriter;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.name.Capability;
import dev.raya.signing.log.LogRecord;
import java.util.List;

/** The documents of staged releases. */
final class StageDocuments {
  private static final String SCHEMA = "raya/stage/1";
  private static final String STATE = "state";

  private StageDocuments() {}

  /** The answer to a publish that was staged; the same when it is sent again. */
  static Published accepted(StageRow row) {
    return new Published(
        Json.object()
            .put("schema", "raya/staged/1")
            .put(STATE, "staged")
            .put("id", row.id)
            .put("name", row.name)
            .put("version", row.version)
            .put("sha256", row.archive().hex())
            .put("expires", Times.text(row.expiresAt))
            .put("checks", stored(row.checks))
            .build(),
        "/stages/" + row.id,
        202);
  }

  /**
   * What clients need to take a release: what the index would say of it, and who signed what.
   * Inside a transaction.
   */
  static Json.Obj whole(StageRow row) {
    Announcement announced = row.announced();
    PackageMetadata metadata = row.metadataRead();
    LogRecord.Publish record =
        new LogRecord.Publish(
            PendingRecords.header(row.accountId),
            row.name,
            row.version,
            announced.archive().digest(),
            announced.archive().size(),
            announced.archive().tree(),
            announced.natives(),
            metadata.capabilities().stream().map(Capability::text).toList(),
            row.signerIdentity(),
            announced.attestations(),
            null);
    List<Json> attestations =
        announced.attestations().stream()
            .<Json>map(
                each ->
                    Json.object()
                        .put("predicateType", each.predicateType())
                        .put("size", each.size())
                        .put("sha256", each.digest().hex())
                        .build())
            .toList();
    return head(row, "staged")
        .put("line", IndexDocumentWriter.staged(IndexLines.staged(record, metadata)))
        .put("publisher", record.publisher().json())
        .put("attestations", Json.array(attestations))
        .build();
  }

  /** What a list and an answer say of a release; inside a transaction. */
  static Json.ObjectBuilder head(StageRow row, String state) {
    Account account = Account.findById(row.accountId);
    return Json.object()
        .put("schema", SCHEMA)
        .put(STATE, state)
        .put("id", row.id)
        .put("name", row.name)
        .put("version", row.version)
        .put("sha256", row.archive().hex())
        .put("account", account.name)
        .put("received", Times.text(row.receivedAt))
        .put("expires", Times.text(row.expiresAt));
  }

  /** What is left to say of a release that was promoted. */
  static Json.Obj promoted(String name, VersionRow version, String id) {
    return Json.object()
        .put("schema", SCHEMA)
        .put(STATE, "published")
        .put("id", id)
        .put("name", name)
        .put("version", version.version)
        .put("sha256", new Digest(version.archive).hex())
        .build();
  }

  /** The refusal where nothing is staged under a name and version. */
  static RegistryException noneOf(String name, String version) {
    return new RegistryException(
        Problem.NOT_FOUND,
        "there is no staged release of "
            + Owners.shown(name)
            + ' '
            + Owners.shown(version)
            + ": it was never staged, was dropped, or its 7 days are over",
        "raya-pm stage list shows what is staged; raya-pm publish --stage stages a version");
  }

  /** The refusal where a promotion means another release than the one that has the version. */
  static RegistryException another(String label, String meant, String found) {
    return new RegistryException(
        Problem.CHANGED,
        label + " is the staged release " + found + " by now, and not " + meant,
        "try that one with raya-pm install --stage "
            + found
            + ", then raya-pm promote "
            + label
            + " --stage "
            + found);
  }

  /** The refusal where a promotion means another release than the one that was published. */
  static RegistryException published(String label, String meant, String found) {
    return new RegistryException(
        Problem.CHANGED,
        label + " was published from the staged release " + found + ", not from " + meant,
        "publish what was meant under another version");
  }

  private static Json stored(String text) {
    try {
      return JsonReader.read(text);
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds JSON that we did not write", e);
    }
  }
}
