package dev.raya.registry.change;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.account.AuditEvent;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.packages.VersionRow;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.version.Version;
import dev.raya.signing.log.LogRecord;
import io.quarkus.hibernate.orm.panache.Panache;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Yanking, deprecating, and taking either back (spec: registry.md 1.2, 1.4). Reason and replacement
 * belong to the version's status as a whole and go away with its last mark; the words stay out of
 * the log, which cannot forget.
 *
 * @param version SemVer text
 * @param mark what is set or taken away
 * @param on whether it is set
 * @param reason why, or null
 * @param use the version to use instead, or null
 * @param message why, in words
 * @param requestId of the request, for the audit
 */
record StatusChange(
    String version,
    Mark mark,
    boolean on,
    IndexLine.@Nullable Reason reason,
    @Nullable String use,
    String message,
    String requestId)
    implements PackageChanges.Change {
  private static final int MAX_MESSAGE = 500;
  private static final Set<String> SETTING = Set.of("reason", "use", "message");

  /** The marks that an owner may set. */
  enum Mark {
    /** Hidden from new resolutions. */
    YANKED("yank"),
    /** Advised against. */
    DEPRECATED("deprecate");

    private final String action;

    Mark(String action) {
      this.action = action;
    }
  }

  /**
   * Reads the request that sets a mark.
   *
   * @throws RegistryException if it is malformed
   */
  static StatusChange setting(String version, Mark mark, JsonFields fields, String requestId)
      throws RegistryException {
    try {
      String word = fields.optionalString("reason");
      IndexLine.Reason reason = word == null ? null : IndexLine.Reason.of(word);
      if (word != null && reason == null) {
        throw fields.fault("reason", "expected broken, security, mistake, malware, legal or other");
      }
      if (reason == null && mark == Mark.YANKED) {
        reason = IndexLine.Reason.OTHER;
      }
      String use = fields.optionalString("use");
      if (use != null && Version.tryParse(use) == null) {
        throw fields.fault("use", "expected a version");
      }
      String message = fields.optionalString("message");
      if (message != null && message.length() > MAX_MESSAGE) {
        throw fields.fault("message", "expected at most " + MAX_MESSAGE + " characters");
      }
      return new StatusChange(
          version, mark, true, reason, use, message == null ? "" : message.strip(), requestId);
    } catch (JsonException e) {
      throw new RegistryException(Problem.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /** The members that a request which sets a mark may have. */
  static Set<String> members() {
    return SETTING;
  }

  /** The change that takes a mark away. */
  static StatusChange taking(String version, Mark mark, String requestId) {
    return new StatusChange(version, mark, false, null, null, "", requestId);
  }

  @Override
  public void make(PackageChanges.Transaction transaction) throws RegistryException {
    VersionRow row = VersionRow.of(transaction.row(), version);
    if (row.tombstone) {
      throw new RegistryException(
          Problem.TAKEN_DOWN, transaction.row().name + ' ' + version + " was taken down");
    }
    checkUse(transaction, row);
    if (!apply(row)) {
      return;
    }
    row.persistAndFlush();
    transaction.recorded(
        PendingRecords.add(
            new LogRecord.Status(
                PendingRecords.header(transaction.caller().account()),
                transaction.row().name,
                row.version,
                row.yanked,
                row.deprecated,
                false,
                row.statusReason,
                row.statusUse),
            transaction.row().id,
            row.id));
    if (mark == Mark.YANKED) {
      yankEvent(transaction, row);
    }
    AuditEvent.record(
        transaction.now(),
        transaction.caller(),
        on ? mark.action : "un" + mark.action,
        transaction.row().name + '@' + row.version,
        Json.object()
            .putUnlessEmpty("reason", row.statusReason)
            .putUnlessEmpty("use", row.statusUse)
            .putUnlessEmpty("message", message)
            .build(),
        requestId);
  }

  private void checkUse(PackageChanges.Transaction transaction, VersionRow row)
      throws RegistryException {
    if (use == null) {
      return;
    }
    VersionRow instead = VersionRow.of(transaction.row(), use);
    if (instead.id == row.id || instead.yanked || instead.tombstone) {
      throw new RegistryException(
          Problem.MALFORMED,
          "/use: expected another version that is not yanked, found " + use,
          "name one that people can install instead, or leave it out");
    }
  }

  /** Sets the row's columns; says whether anything became different. */
  private boolean apply(VersionRow row) {
    boolean yanked = mark == Mark.YANKED ? on : row.yanked;
    boolean deprecated = mark == Mark.DEPRECATED ? on : row.deprecated;
    String newReason = row.statusReason;
    String newUse = row.statusUse;
    String newMessage = row.statusMessage;
    if (on) {
      newReason = reason == null ? newReason : reason.text();
      newUse = use == null ? newUse : use;
      newMessage = message.isEmpty() ? newMessage : message;
    } else if (!yanked && !deprecated) {
      newReason = null;
      newUse = null;
      newMessage = "";
    }
    boolean same =
        yanked == row.yanked
            && deprecated == row.deprecated
            && Objects.equals(newReason, row.statusReason)
            && Objects.equals(newUse, row.statusUse)
            && newMessage.equals(row.statusMessage);
    row.yanked = yanked;
    row.deprecated = deprecated;
    row.statusReason = newReason;
    row.statusUse = newUse;
    row.statusMessage = newMessage;
    return !same;
  }

  private void yankEvent(PackageChanges.Transaction transaction, VersionRow row) {
    Panache.getEntityManager()
        .createNativeQuery(
            """
            insert into yank_event (version_id, account_id, yanked, reason, at, message)
            values (:version, :account, :yanked, :reason, :at, :message)""")
        .setParameter("version", row.id)
        .setParameter("account", transaction.caller().account())
        .setParameter("yanked", on)
        .setParameter("reason", reason == null ? "" : reason.text())
        .setParameter("at", transaction.now())
        .setParameter("message", message)
        .executeUpdate();
  }
}
