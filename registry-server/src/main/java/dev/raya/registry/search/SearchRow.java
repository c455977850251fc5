package dev.raya.registry.search;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What search knows of a package: its newest version's name, description, keywords, licence. */
public final class SearchRow {
  private SearchRow() {}

  /** Writes the row of a package, or takes it away where the package has no version to show. */
  public static void write(Connection connection, long packageId) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select p.name, v.version, v.metadata, v.logged_at
            from version v join package p on p.id = v.package_id
            where v.package_id = ? and v.log_seq is not null and not v.tombstone
            order by v.yanked, v.prerelease, v.sort_key desc limit 1""")) {
      select.setLong(1, packageId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          delete(connection, packageId);
          return;
        }
        Json.Obj metadata = metadata(row.getString(3));
        try (PreparedStatement write =
            connection.prepareStatement(
                """
                insert into package_search
                  (package_id, name, version, description, keywords, license, updated_at)
                values (?, ?, ?, ?, ?, ?, ?)
                on conflict (package_id) do update set name = excluded.name,
                  version = excluded.version, description = excluded.description,
                  keywords = excluded.keywords, license = excluded.license,
                  updated_at = excluded.updated_at""")) {
          write.setLong(1, packageId);
          write.setString(2, row.getString(1));
          write.setString(3, row.getString(2));
          write.setString(4, text(metadata, "description"));
          write.setString(5, String.join(" ", texts(metadata, "keywords")));
          write.setString(6, text(metadata, "license"));
          write.setTimestamp(7, row.getTimestamp(4));
          write.executeUpdate();
        }
      }
    }
  }

  private static void delete(Connection connection, long packageId) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("delete from package_search where package_id = ?")) {
      delete.setLong(1, packageId);
      delete.executeUpdate();
    }
  }

  private static Json.Obj metadata(String text) {
    try {
      return (Json.Obj) JsonReader.read(text);
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds metadata that we did not write", e);
    }
  }

  private static String text(Json.Obj metadata, String name) {
    return metadata.get(name) instanceof Json.Str(String value) ? value : "";
  }

  private static List<String> texts(Json.Obj metadata, String name) {
    List<String> texts = new ArrayList<>();
    if (metadata.get(name) instanceof Json.Array(List<Json> items)) {
      for (Json item : items) {
        if (item instanceof Json.Str(String value)) {
          texts.add(value);
        }
      }
    }
    return texts;
  }
}
