package dev.raya.registry.packages;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.Times;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The paged collections of a package: versions, dependents, and its records of the log. */
@ApplicationScoped
class PackageCollections {
  private static final int MAX_LIMIT = 100;

  private final AgroalDataSource database;
  private final PackageViews packages;

  @Inject
  PackageCollections(AgroalDataSource database, PackageViews packages) {
    this.database = database;
    this.packages = packages;
  }

  /**
   * A page.
   *
   * @param body the document
   * @param next cursor of the next page, or null for the last
   */
  record Page(Json.Obj body, @Nullable String next) {}

  /** Reads a row into an item. */
  @FunctionalInterface
  private interface Item {
    Json of(ResultSet row) throws SQLException;
  }

  /** A collection: its name, query, and how a row becomes an item; the last column is the key. */
  private record Collection(String name, String sql, Item item) {}

  private static final Collection VERSIONS =
      new Collection(
          "versions",
          """
          select v.version, v.archive, v.size, v.logged_at, a.name, v.yanked, v.deprecated,
            v.tombstone, encode(v.sort_key, 'hex')
          from version v join package p on p.id = v.package_id
            join account a on a.id = v.publisher_account
          where p.name = ? and v.log_seq is not null
            and (cast(? as text) is null or v.sort_key < decode(?, 'hex'))
          order by v.sort_key desc limit ?""",
          row ->
              Json.object()
                  .put("version", row.getString(1))
                  .put("sha256", row.getString(2))
                  .put("size", row.getLong(3))
                  .put("time", Times.text(row.getTimestamp(4).toInstant()))
                  .put("publisher", row.getString(5))
                  .put("yanked", row.getBoolean(6))
                  .put("deprecated", row.getBoolean(7))
                  .put("tombstone", row.getBoolean(8))
                  .build());

  private static final Collection DEPENDENTS =
      new Collection(
          "dependents",
          """
          select distinct on (p.name) p.name, v.version, d.requirement, d.optional, p.name
          from version_dep d join version v on v.id = d.version_id
            join package p on p.id = v.package_id
          where d.name = ? and v.log_seq is not null and not v.yanked and not v.tombstone
            and (cast(? as text) is null or p.name > ?)
          order by p.name, v.sort_key desc limit ?""",
          row ->
              Json.object()
                  .put("name", row.getString(1))
                  .put("version", row.getString(2))
                  .put("range", row.getString(3))
                  .put("optional", row.getBoolean(4))
                  .build());

  private static final Collection AUDIT_LOG =
      new Collection(
          "records",
          """
          select l.seq, l.record, l.seq::text
          from log_leaf l join package p on p.id = l.package_id
          where p.name = ? and (cast(? as text) is null or l.seq < cast(? as bigint))
          order by l.seq desc limit ?""",
          row ->
              Json.object()
                  .put("log", row.getLong(1))
                  .put("record", record(row.getBytes(2)))
                  .build());

  /** The versions of a package, highest first. */
  Page versions(String name, @Nullable String limit, @Nullable String cursor)
      throws RegistryException, SQLException {
    String after = Cursor.key(cursor);
    if (after != null && !isHex(after)) {
      throw new RegistryException(Problem.MALFORMED, "cursor: expected one from a former answer");
    }
    return page(VERSIONS, name, limit, after);
  }

  /** The packages with a version that depends on a package, by name, each with its highest such. */
  Page dependents(String name, @Nullable String limit, @Nullable String cursor)
      throws RegistryException, SQLException {
    return page(DEPENDENTS, name, limit, Cursor.key(cursor));
  }

  /** The log's records about a package, newest first. */
  Page auditLog(String name, @Nullable String limit, @Nullable String cursor)
      throws RegistryException, SQLException {
    String after = Cursor.key(cursor);
    if (after != null && !after.matches("[0-9]{1,18}")) {
      throw new RegistryException(Problem.MALFORMED, "cursor: expected one from a former answer");
    }
    return page(AUDIT_LOG, name, limit, after);
  }

  private Page page(
      Collection collection, String name, @Nullable String limit, @Nullable String after)
      throws RegistryException, SQLException {
    String known = packages.find(name).name();
    int most = limit(limit);
    List<Json> items = new ArrayList<>();
    String last = null;
    boolean more = false;
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(collection.sql())) {
      select.setString(1, known);
      select.setString(2, after);
      select.setString(3, after);
      select.setInt(4, most + 1);
      try (ResultSet row = select.executeQuery()) {
        int key = row.getMetaData().getColumnCount();
        while (row.next()) {
          if (items.size() == most) {
            more = true;
            break;
          }
          items.add(collection.item().of(row));
          last = row.getString(key);
        }
      }
    }
    String next = more && last != null ? Cursor.after(last) : null;
    return new Page(
        Json.object()
            .put("schema", "raya/package-" + collection.name() + "/1")
            .put("name", known)
            .put(collection.name(), Json.array(items))
            .putUnlessEmpty("next", next)
            .build(),
        next);
  }

  private static int limit(@Nullable String text) throws RegistryException {
    if (text == null) {
      return MAX_LIMIT;
    }
    if (text.matches("[0-9]{1,3}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw new RegistryException(Problem.MALFORMED, "limit: expected 1 to " + MAX_LIMIT);
  }

  private static boolean isHex(String text) {
    return text.length() % 2 == 0 && text.chars().allMatch(HexFormat::isHexDigit);
  }

  private static Json record(byte[] bytes) {
    try {
      return JsonReader.read(bytes);
    } catch (JsonException e) {
      throw new IllegalStateException("the log holds a record that we did not write", e);
    }
  }
}
