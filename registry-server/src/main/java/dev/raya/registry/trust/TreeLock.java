package dev.raya.registry.trust;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * The database's lock on the metadata in the tree. Whoever reads a role and writes its next version
 * holds it in between: of two writers the later one would undo what the earlier one signed.
 */
public final class TreeLock {
  private TreeLock() {}

  /**
   * Takes the lock until the connection's transaction ends, and waits for it.
   *
   * @throws SQLException if the database fails
   */
  public static void take(Connection connection) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("select pg_advisory_xact_lock(4, 0)")) {
      lock.execute();
    }
  }
}
