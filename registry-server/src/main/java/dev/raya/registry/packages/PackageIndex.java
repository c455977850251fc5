package dev.raya.registry.packages;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.storage.StaticTree;
import dev.raya.resolver.index.IndexDocumentWriter;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * The index document of a package as the database has it, and its two files in the static tree: by
 * digest first, then the copy, so that what the copy holds can always be fetched by digest.
 *
 * @param name the package
 * @param bytes its lines
 */
public record PackageIndex(PackageName name, byte[] bytes) {

  /**
   * Builds the document from the log.
   *
   * @throws SQLException if the database cannot be read
   */
  public static PackageIndex of(Connection connection, long packageId, PackageName name)
      throws SQLException {
    StringBuilder lines =
        new StringBuilder(new String(IndexDocumentWriter.first(name), StandardCharsets.UTF_8));
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select index_line from log_leaf
            where package_id = ? and index_line is not null order by seq""")) {
      select.setLong(1, packageId);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          lines.append(rows.getString(1)).append('\n');
        }
      }
    }
    return new PackageIndex(name, lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Path of the short-lived copy. */
  public String path() {
    return "index/" + name.indexPath();
  }

  /** Path of the immutable form. */
  public String digestPath() {
    String path = path();
    int file = path.lastIndexOf('/') + 1;
    return path.substring(0, file) + Digest.of(bytes).hex() + '.' + path.substring(file);
  }

  /**
   * Writes both files; twice is as good as once.
   *
   * @throws IOException if one cannot be written
   */
  public void write(StaticTree tree) throws IOException {
    tree.put(digestPath(), bytes);
    tree.put(path(), bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PackageIndex that
        && name.equals(that.name)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(bytes);
  }
}
