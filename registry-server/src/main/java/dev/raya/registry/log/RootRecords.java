package dev.raya.registry.log;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.storage.StaticTree;
import dev.raya.signing.log.LogRecord;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Puts each new TUF root into the log (spec: security.md "Log"), so that nobody is shown a root of
 * their own: monitors compare what clients follow with what everybody can read. The first root is
 * what clients pin, and is not logged.
 */
final class RootRecords {
  private static final long FIRST_LOGGED = 2;

  private RootRecords() {}

  /**
   * Adds a record for each root that has none, in the caller's transaction.
   *
   * @throws SQLException if the database fails
   * @throws IOException if a root cannot be read
   */
  static void complete(Connection connection, StaticTree tree) throws SQLException, IOException {
    long version = FIRST_LOGGED + count(connection);
    for (Optional<byte[]> root = read(tree, version);
        root.isPresent();
        root = read(tree, version)) {
      PendingRecords.add(
          connection,
          new LogRecord.Root(PendingRecords.operator(), version, Digest.of(root.get())),
          null,
          null,
          "advisories");
      version++;
    }
  }

  private static Optional<byte[]> read(StaticTree tree, long version) throws IOException {
    return tree.read("tuf/" + version + ".root.json");
  }

  /** How many have one, waiting ones too; they are made in the order of versions. */
  private static long count(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select (select count(*) from log_leaf where type = 'root')
                  + (select count(*) from log_pending where type = 'root')""");
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
