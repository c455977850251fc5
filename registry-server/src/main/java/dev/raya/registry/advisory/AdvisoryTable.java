package dev.raya.registry.advisory;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.resolver.name.PackageName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The advisories in the database. Every change adds an outbox row in the same transaction; whoever
 * works the outbox writes {@code advisories/osv.json} of the static tree from here.
 */
public final class AdvisoryTable {
  /** Path in the static tree. */
  public static final String PATH = "advisories/osv.json";

  private AdvisoryTable() {}

  /**
   * An advisory in a list.
   *
   * @param id its identifier
   * @param modified when it was last changed
   * @param withdrawn whether it is no longer in force
   * @param packages names of affected packages, sorted
   * @param summary one line, or empty
   */
  public record Row(
      String id, Instant modified, boolean withdrawn, List<String> packages, String summary) {
    /** Copies the list in. */
    public Row {
      packages = List.copyOf(packages);
    }
  }

  /**
   * Adds an advisory, or puts it in the place of an older one; inside the caller's transaction.
   *
   * @return whether anything changed; false if it is there already
   * @throws MalformedAdvisoryException if the one that is there is newer
   */
  public static boolean put(Connection connection, AdvisoryDocument advisory, Instant now)
      throws SQLException, MalformedAdvisoryException {
    String text = CanonicalJson.text(advisory.json());
    try (PreparedStatement select =
        connection.prepareStatement(
            "select document, modified_at from advisory where id = ? for update")) {
      select.setString(1, advisory.id());
      try (ResultSet row = select.executeQuery()) {
        if (row.next()) {
          if (row.getString(1).equals(text)) {
            return false;
          }
          Instant present = row.getTimestamp(2).toInstant();
          if (!advisory.modified().isAfter(present)) {
            throw new MalformedAdvisoryException(
                advisory.id() + " is there as of " + present + "; expected a later \"modified\"");
          }
        }
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into advisory (id, document, modified_at) values (?, ?, ?)
            on conflict (id) do update set document = excluded.document,
              modified_at = excluded.modified_at, withdrawn_at = null""")) {
      insert.setString(1, advisory.id());
      insert.setString(2, text);
      insert.setTimestamp(3, Timestamp.from(advisory.modified()));
      insert.executeUpdate();
    }
    update(connection, "delete from advisory_package where advisory_id = ?", advisory.id(), null);
    for (PackageName name : advisory.packages()) {
      update(
          connection,
          "insert into advisory_package (advisory_id, name) values (?, ?)",
          advisory.id(),
          name.text());
    }
    changed(connection, now);
    return true;
  }

  /**
   * Ends an advisory; it stays in the list as withdrawn.
   *
   * @return whether there was one in force
   */
  public static boolean withdraw(Connection connection, String id, Instant now)
      throws SQLException {
    Optional<Json.Obj> document = find(connection, id);
    if (document.isEmpty() || document.get().get("withdrawn") != null) {
      return false;
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "update advisory set document = ?, modified_at = ?, withdrawn_at = ? where id = ?")) {
      update.setString(1, CanonicalJson.text(AdvisoryDocument.withdrawn(document.get(), now)));
      update.setTimestamp(2, Timestamp.from(now));
      update.setTimestamp(3, Timestamp.from(now));
      update.setString(4, id);
      update.executeUpdate();
    }
    changed(connection, now);
    return true;
  }

  /** An advisory's document. */
  public static Optional<Json.Obj> find(Connection connection, String id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select document from advisory where id = ?")) {
      select.setString(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(stored(row.getString(1))) : Optional.empty();
      }
    }
  }

  /** All advisories, by identifier. */
  public static List<Row> list(Connection connection) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select a.id, a.modified_at, a.withdrawn_at is not null, a.document,
                  array(select p.name from advisory_package p where p.advisory_id = a.id
                    order by p.name)
                from advisory a order by a.id""");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        rows.add(
            new Row(
                row.getString(1),
                row.getTimestamp(2).toInstant(),
                row.getBoolean(3),
                List.of((String[]) row.getArray(5).getArray()),
                stored(row.getString(4)).get("summary") instanceof Json.Str(String summary)
                    ? summary
                    : ""));
      }
    }
    return rows;
  }

  /** The document of the static tree: every advisory, by identifier, withdrawn ones marked. */
  public static byte[] document(Connection connection) throws SQLException {
    List<Json> all = new ArrayList<>();
    try (PreparedStatement select =
            connection.prepareStatement("select document from advisory order by id");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        all.add(stored(row.getString(1)));
      }
    }
    return document(all);
  }

  /** The document of a registry with these advisories. */
  static byte[] document(List<Json> advisories) {
    return CanonicalJson.bytes(
        Json.object()
            .put("schema", "raya/advisories/1")
            .put("advisories", Json.array(advisories))
            .build());
  }

  private static void changed(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into outbox (kind, created_at) values ('advisories', ?)")) {
      insert.setTimestamp(1, Timestamp.from(now));
      insert.executeUpdate();
    }
  }

  private static void update(Connection connection, String sql, String id, @Nullable String name)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      if (name != null) {
        statement.setString(2, name);
      }
      statement.executeUpdate();
    }
  }

  private static Json.Obj stored(String text) {
    try {
      if (JsonReader.read(text) instanceof Json.Obj object) {
        return object;
      }
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds an advisory that we did not write", e);
    }
    throw new IllegalStateException("the database holds an advisory that is no object");
  }
}
