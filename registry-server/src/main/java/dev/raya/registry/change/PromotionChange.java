package dev.raya.registry.change;

import dev.raya.cache.json.Json;
import dev.raya.registry.account.AuditEvent;

/**
 * Whether another owner than who staged a release has to promote it. A rule of this registry's API
 * alone, which no client checks: it is in the audit, and in no log record.
 *
 * @param asked whether it has to be another
 * @param requestId for the audit
 */
record PromotionChange(boolean asked, String requestId) implements PackageChanges.Change {
  @Override
  public void make(PackageChanges.Transaction transaction) {
    if (transaction.row().promotedByAnother == asked) {
      return;
    }
    transaction.row().promotedByAnother = asked;
    transaction.row().persistAndFlush();
    transaction.changed();
    AuditEvent.record(
        transaction.now(),
        transaction.caller(),
        "publisher.promotion",
        transaction.row().name,
        Json.object().put("byAnother", asked).build(),
        requestId);
  }
}
