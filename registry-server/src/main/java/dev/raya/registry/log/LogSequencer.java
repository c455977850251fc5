package dev.raya.registry.log;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.packages.IndexLines;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers waiting records without gaps (spec: registry.md 1.3 step 7). Whoever holds the advisory
 * lock is the leader for the length of one transaction, so two servers on one database never give a
 * number twice, and a number is given only together with its record.
 */
final class LogSequencer {
  /** Key of the advisory lock: "raya-log". */
  private static final long LOCK = 0x726179612d6c6f67L;

  private static final int BATCH = 256;

  private final InstantSource clock;

  /** A record that waits. */
  private record Pending(
      long id,
      String type,
      @Nullable Long packageId,
      @Nullable Long versionId,
      Json.Obj body,
      @Nullable PackageMetadata metadata) {}

  LogSequencer(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Numbers a batch in one transaction, which it commits.
   *
   * @return how many; 0 if none wait or another server is the leader
   */
  int number(Connection connection) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("select pg_try_advisory_xact_lock(?)")) {
      lock.setLong(1, LOCK);
      try (ResultSet row = lock.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          connection.rollback();
          return 0;
        }
      }
    }
    List<Pending> waiting = waiting(connection);
    if (!waiting.isEmpty()) {
      append(connection, waiting);
    }
    AuditChain.extend(connection);
    connection.commit();
    return waiting.size();
  }

  private static List<Pending> waiting(Connection connection) throws SQLException {
    List<Pending> waiting = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select p.id, p.type, p.package_id, p.version_id, p.body, v.metadata
            from log_pending p left join version v on v.id = p.version_id
            order by p.id limit ?""")) {
      select.setInt(1, BATCH);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          String metadata = rows.getString(6);
          waiting.add(
              new Pending(
                  rows.getLong(1),
                  rows.getString(2),
                  (Long) rows.getObject(3),
                  (Long) rows.getObject(4),
                  object(rows.getString(5)),
                  metadata == null ? null : metadata(metadata)));
        }
      }
    }
    return waiting;
  }

  private void append(Connection connection, List<Pending> waiting) throws SQLException {
    long next = 0;
    Instant time = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    try (PreparedStatement last =
            connection.prepareStatement(
                "select seq, time from log_leaf order by seq desc limit 1");
        ResultSet row = last.executeQuery()) {
      if (row.next()) {
        next = row.getLong(1) + 1;
        Instant former = row.getTimestamp(2).toInstant();
        // The logged time never decreases, whatever the clock does.
        time = time.isBefore(former) ? former : time;
      }
    }
    for (Pending record : waiting) {
      append(connection, record, next++, time);
    }
  }

  private static void append(Connection connection, Pending pending, long seq, Instant time)
      throws SQLException {
    Map<String, Json> members = new LinkedHashMap<>(pending.body().members());
    members.put("time", Json.of(time.toString()));
    if (pending.type().equals("publish")) {
      Long previous = previous(connection, pending.packageId());
      members.put("previous", previous == null ? Json.NULL : Json.of(previous.longValue()));
    }
    byte[] bytes = CanonicalJson.bytes(new Json.Obj(members));
    String line = IndexLines.of(seq, record(bytes), pending.metadata()).orElse(null);
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into log_leaf
              (seq, type, time, package_id, version_id, record, leaf_hash, index_line, pending_id)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
      insert.setLong(1, seq);
      insert.setString(2, pending.type());
      insert.setTimestamp(3, Timestamp.from(time));
      insert.setObject(4, pending.packageId());
      insert.setObject(5, pending.versionId());
      insert.setBytes(6, bytes);
      insert.setString(7, LogRecord.leafHash(bytes).hex());
      insert.setString(8, line);
      insert.setLong(9, pending.id());
      insert.executeUpdate();
    }
    if (pending.type().equals("publish")) {
      try (PreparedStatement update =
          connection.prepareStatement(
              "update version set log_seq = ?, logged_at = ? where id = ?")) {
        update.setLong(1, seq);
        update.setTimestamp(2, Timestamp.from(time));
        update.setObject(3, pending.versionId());
        update.executeUpdate();
      }
    }
    execute(connection, "update outbox set pending_id = null where pending_id = ?", pending.id());
    execute(connection, "delete from log_pending where id = ?", pending.id());
  }

  private static @Nullable Long previous(Connection connection, @Nullable Long packageId)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select max(seq) from log_leaf where package_id = ? and type = 'publish'")) {
      select.setObject(1, packageId);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return (Long) row.getObject(1);
      }
    }
  }

  private static void execute(Connection connection, String sql, long id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, id);
      statement.executeUpdate();
    }
  }

  private static LogRecord record(byte[] bytes) {
    try {
      return LogRecordReader.read(bytes);
    } catch (JsonException e) {
      throw new IllegalStateException("a record that we wrote is not one", e);
    }
  }

  private static PackageMetadata metadata(String text) {
    try {
      return PackageMetadataCodec.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds metadata that we did not write", e);
    }
  }

  private static Json.Obj object(String text) {
    try {
      if (JsonReader.read(text) instanceof Json.Obj object) {
        return object;
      }
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds JSON that we did not write", e);
    }
    throw new IllegalStateException("the database holds a record that is no object");
  }
}
