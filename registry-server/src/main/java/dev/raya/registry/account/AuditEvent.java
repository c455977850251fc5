package dev.raya.registry.account;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import io.quarkus.hibernate.orm.panache.Panache;
import java.time.Instant;

/** A line of the audit: who did what, in the transaction that did it. */
public final class AuditEvent {
  private AuditEvent() {}

  /**
   * Adds a line.
   *
   * @param action such as {@code publish}
   * @param subject what it was done to
   * @param detail further facts
   * @param requestId of the request
   */
  public static void record(
      Instant at, Caller caller, String action, String subject, Json.Obj detail, String requestId) {
    Panache.getEntityManager()
        .createNativeQuery(
            """
            insert into audit_event (at, account_id, token_id, action, subject, detail, request_id)
            values (:at, :account, :token, :action, :subject, :detail, :request)""")
        .setParameter("at", at)
        .setParameter("account", caller.account())
        .setParameter("token", caller.token())
        .setParameter("action", action)
        .setParameter("subject", subject)
        .setParameter("detail", CanonicalJson.text(detail))
        .setParameter("request", requestId)
        .executeUpdate();
  }
}
