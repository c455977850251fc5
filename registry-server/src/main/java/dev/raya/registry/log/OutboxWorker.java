package dev.raya.registry.log;

import dev.raya.registry.advisory.AdvisoryTable;
import dev.raya.registry.http.StaticFiles;
import dev.raya.registry.packages.PackageIndex;
import dev.raya.registry.search.SearchRow;
import dev.raya.registry.storage.StaticTree;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Does what a commit left to do: index document, then search row; the list of advisories (spec:
 * registry.md 1.3 step 8). Every piece of work is idempotent and goes away only with the
 * transaction that did it, so a crash at any moment means that it is done again.
 */
final class OutboxWorker {
  private final StaticTree tree;
  private final StaticFiles files;

  OutboxWorker(StaticTree tree, StaticFiles files) {
    this.tree = tree;
    this.files = files;
  }

  /**
   * Does the next piece of work in one transaction, which it commits.
   *
   * @return whether there was one
   */
  boolean work(Connection connection) throws SQLException, IOException {
    long id;
    long packageId;
    @Nullable String name;
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select o.id, p.id, p.name
                from outbox o left join package p on p.id = o.package_id
                where o.pending_id is null order by o.id limit 1
                for update of o skip locked""");
        ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        connection.rollback();
        return false;
      }
      id = row.getLong(1);
      packageId = row.getLong(2);
      name = row.getString(3);
    }
    if (name == null) {
      advisories(connection);
    } else {
      index(connection, packageId, name);
    }
    try (PreparedStatement delete =
        connection.prepareStatement("delete from outbox where id = ?")) {
      delete.setLong(1, id);
      delete.executeUpdate();
    }
    connection.commit();
    return true;
  }

  private void advisories(Connection connection) throws SQLException, IOException {
    // One writer at a time: the later one would put an older list over a newer one.
    try (PreparedStatement lock =
        connection.prepareStatement("select pg_advisory_xact_lock(4, 0)")) {
      lock.execute();
    }
    tree.put(AdvisoryTable.PATH, AdvisoryTable.document(connection));
  }

  private void index(Connection connection, long packageId, String name)
      throws SQLException, IOException {
    // Two servers never write one document at once: the later one would see the other's lines.
    try (PreparedStatement lock =
        connection.prepareStatement("select pg_advisory_xact_lock(1, ?)")) {
      lock.setInt(1, (int) packageId);
      lock.execute();
    }
    PackageIndex document = PackageIndex.of(connection, packageId, new PackageName(name));
    document.write(tree);
    files.forget('/' + document.path());
    SearchRow.write(connection, packageId);
  }
}
