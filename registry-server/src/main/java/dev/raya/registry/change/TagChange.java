package dev.raya.registry.change;

import dev.raya.cache.json.Json;
import dev.raya.registry.account.AuditEvent;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.packages.TagRow;
import dev.raya.registry.packages.VersionRow;
import dev.raya.resolver.version.VersionTag;
import dev.raya.signing.log.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Points a tag to a version, or takes it away.
 *
 * @param tag the tag
 * @param version SemVer text of a published version, or null to take the tag away
 * @param requestId of the request, for the audit
 */
record TagChange(VersionTag tag, @Nullable String version, String requestId)
    implements PackageChanges.Change {

  @Override
  public void make(PackageChanges.Transaction transaction) throws RegistryException {
    VersionRow wanted = version == null ? null : VersionRow.of(transaction.row(), version);
    if (!TagRow.point(transaction.row().id, tag.text(), wanted == null ? null : wanted.id)) {
      return;
    }
    transaction.recorded(
        PendingRecords.add(
            new LogRecord.Tag(
                PendingRecords.header(transaction.caller().account()),
                transaction.row().name,
                tag.text(),
                wanted == null ? null : wanted.version),
            transaction.row().id,
            wanted == null ? null : wanted.id));
    AuditEvent.record(
        transaction.now(),
        transaction.caller(),
        version == null ? "tag.remove" : "tag.set",
        transaction.row().name,
        Json.object().put("tag", tag.text()).putUnlessEmpty("version", version).build(),
        requestId);
  }
}
