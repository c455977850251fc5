package dev.raya.registry.log;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.registry.packages.PackageRow;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.LogRecord;
import io.quarkus.hibernate.orm.panache.Panache;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds records that wait for their number, inside the transaction that makes them true, together
 * with the outbox's work that follows from them.
 */
public final class PendingRecords {
  private PendingRecords() {}

  /**
   * The header of a record that has no time yet; the leader sets it.
   *
   * @param account who acts
   */
  public static LogRecord.Header header(long account) {
    return new LogRecord.Header(Instant.EPOCH.toString(), String.valueOf(account));
  }

  /**
   * Adds a record about a package.
   *
   * @param versionId the version it is about, or null
   * @return its number among the waiting ones
   */
  public static long add(LogRecord record, long packageId, @Nullable Long versionId) {
    long pending = insert(record, packageId, versionId);
    Panache.getEntityManager()
        .createNativeQuery(
            """
            insert into outbox (kind, package_id, pending_id, created_at)
            values ('index', :package, :pending, now())""")
        .setParameter("package", packageId)
        .setParameter("pending", pending)
        .executeUpdate();
    return pending;
  }

  /**
   * Adds a record that no index document shows.
   *
   * @return its number among the waiting ones
   */
  public static long add(LogRecord record) {
    return insert(record, null, null);
  }

  /**
   * Adds a record that the list of quarantined versions shows.
   *
   * @return its number among the waiting ones
   */
  public static long listed(LogRecord record, long versionId) {
    long pending = insert(record, null, versionId);
    Panache.getEntityManager()
        .createNativeQuery(
            """
            insert into outbox (kind, pending_id, created_at)
            values ('advisories', :pending, now())""")
        .setParameter("pending", pending)
        .executeUpdate();
    return pending;
  }

  /** Adds the record of a package's publishers and rules as they are now. */
  public static long packageChanged(PackageRow row, long account, List<Identity> publishers) {
    return add(
        new LogRecord.Package(
            header(account),
            row.name,
            publishers,
            row.tokenPublishing,
            row.provenance,
            row.claimed),
        row.id,
        null);
  }

  /** The header of a record of the registry's operator. */
  public static LogRecord.Header operator() {
    return new LogRecord.Header(Instant.EPOCH.toString(), "registry");
  }

  /**
   * Adds a record beside a running server, without the application.
   *
   * @param connection in the transaction that makes the record true
   * @param packageId the package whose document shows it, or null
   * @param versionId the version it is about, or null
   * @param work what of the static tree follows from it: {@code index} or {@code advisories}
   * @throws SQLException if the database refuses
   */
  public static void add(
      Connection connection,
      LogRecord record,
      @Nullable Long packageId,
      @Nullable Long versionId,
      String work)
      throws SQLException {
    long pending;
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into log_pending (type, actor, package_id, version_id, body, created_at)
            values (?, ?, ?, ?, ?, now()) returning id""")) {
      insert.setString(1, type(record));
      insert.setString(2, record.header().actor());
      insert.setObject(3, packageId);
      insert.setObject(4, versionId);
      insert.setString(5, CanonicalJson.text(record.json()));
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        pending = row.getLong(1);
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into outbox (kind, package_id, pending_id, created_at)
            values (?, ?, ?, now())""")) {
      insert.setString(1, work);
      insert.setObject(2, work.equals("index") ? packageId : null);
      insert.setLong(3, pending);
      insert.executeUpdate();
    }
  }

  private static long insert(LogRecord record, @Nullable Long packageId, @Nullable Long versionId) {
    EntityManager database = Panache.getEntityManager();
    Object id =
        database
            .createNativeQuery(
                """
                insert into log_pending (type, actor, package_id, version_id, body, created_at)
                values (:type, :actor, cast(:package as bigint), cast(:version as bigint), :body,
                  now()) returning id""")
            .setParameter("type", type(record))
            .setParameter("actor", record.header().actor())
            .setParameter("package", packageId)
            .setParameter("version", versionId)
            .setParameter("body", CanonicalJson.text(record.json()))
            .getSingleResult();
    return ((Number) id).longValue();
  }

  private static String type(LogRecord record) {
    return switch (record) {
      case LogRecord.Publish _ -> "publish";
      case LogRecord.Package _ -> "package";
      case LogRecord.Status _ -> "status";
      case LogRecord.Tag _ -> "tag";
      case LogRecord.Owner _ -> "owner";
      case LogRecord.KeyChange _ -> "key";
      case LogRecord.Quarantine _ -> "quarantine";
      case LogRecord.Root _ -> "root";
    };
  }
}
