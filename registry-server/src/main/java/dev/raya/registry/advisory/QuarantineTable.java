package dev.raya.registry.advisory;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Versions under quarantine, and the signed list of them (spec: security.md "Policies"): a target
 * of the advisories role, so that nobody trusts one that is older than a day.
 */
public final class QuarantineTable {
  /** Path of the list in the static tree, and its target path. */
  public static final String PATH = "advisories/quarantine.json";

  private QuarantineTable() {}

  /**
   * Puts a version under quarantine, or changes why it is.
   *
   * @param reason one of the words of registry.md 1.4
   * @param advisory identifier of an advisory, or null
   * @return whether anything became different
   */
  public static boolean put(
      Connection connection, long versionId, String reason, @Nullable String advisory, Instant now)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into quarantine (version_id, reason, advisory, since) values (?, ?, ?, ?)
            on conflict (version_id) do update set reason = excluded.reason,
              advisory = excluded.advisory
            where quarantine.reason <> excluded.reason
              or quarantine.advisory is distinct from excluded.advisory""")) {
      insert.setLong(1, versionId);
      insert.setString(2, reason);
      insert.setString(3, advisory);
      insert.setTimestamp(4, Timestamp.from(now));
      return insert.executeUpdate() > 0;
    }
  }

  /**
   * Ends a quarantine.
   *
   * @return whether there was one
   */
  public static boolean remove(Connection connection, long versionId) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("delete from quarantine where version_id = ?")) {
      delete.setLong(1, versionId);
      return delete.executeUpdate() > 0;
    }
  }

  /** The list, by package and time of publishing. */
  public static byte[] document(Connection connection) throws SQLException {
    List<Json> versions = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select p.name, v.version, q.reason, q.advisory
                from quarantine q join version v on v.id = q.version_id
                join package p on p.id = v.package_id order by p.name, v.id""");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        versions.add(
            Json.object()
                .put("name", rows.getString(1))
                .put("version", rows.getString(2))
                .put("reason", rows.getString(3))
                .putUnlessEmpty("advisory", rows.getString(4))
                .build());
      }
    }
    return CanonicalJson.bytes(
        Json.object()
            .put("schema", "raya/quarantine/1")
            .put("versions", Json.array(versions))
            .build());
  }
}
