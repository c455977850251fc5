package dev.raya.registry.log;

import dev.raya.registry.advisory.AdvisoryTable;
import dev.raya.registry.advisory.QuarantineTable;
import dev.raya.registry.http.StaticFiles;
import dev.raya.registry.packages.PackageIndex;
import dev.raya.registry.search.SearchRow;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.TreeLock;
import dev.raya.registry.trust.TrustFiles;
import dev.raya.registry.trust.TrustRepository;
import dev.raya.resolver.name.PackageName;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Does what a commit left to do: index documents, then the TUF metadata that names them, then
 * search rows; the lists of advisories (spec: registry.md 1.3 step 8). Every piece of work is
 * idempotent and goes away only with the transaction that did it, so a crash at any moment means
 * that it is done again.
 */
final class OutboxWorker {
  /** Packages whose documents come into one snapshot. */
  private static final int BATCH = 64;

  private final StaticTree tree;
  private final StaticFiles files;
  private final TrustRepository trust;

  OutboxWorker(StaticTree tree, StaticFiles files, TrustRepository trust) {
    this.tree = tree;
    this.files = files;
    this.trust = trust;
  }

  /**
   * Does the next pieces of work in one transaction, which it commits.
   *
   * @return whether there was one
   */
  boolean work(Connection connection)
      throws SQLException, IOException, TufException, StorageException {
    List<Long> done = new ArrayList<>();
    Map<Long, String> packages = new LinkedHashMap<>();
    boolean advisories = false;
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select o.id, p.id, p.name
            from outbox o left join package p on p.id = o.package_id
            where o.pending_id is null order by o.id limit ?
            for update of o skip locked""")) {
      select.setInt(1, BATCH);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          done.add(rows.getLong(1));
          String name = rows.getString(3);
          if (name == null) {
            advisories = true;
          } else {
            packages.put(rows.getLong(2), name);
          }
        }
      }
    }
    if (done.isEmpty()) {
      connection.rollback();
      return false;
    }
    // One writer at a time: the later one would put an older list over a newer one.
    TreeLock.take(connection);
    // The lists first, even if their turn comes in a later batch: a version that is held back from
    // its first moment is never seen without.
    if (advisories || (!packages.isEmpty() && listsWait(connection))) {
      advisories(connection);
    }
    if (!packages.isEmpty()) {
      index(connection, packages);
    }
    try (PreparedStatement delete =
        connection.prepareStatement("delete from outbox where id = any(?)")) {
      delete.setArray(1, connection.createArrayOf("bigint", done.toArray()));
      delete.executeUpdate();
    }
    connection.commit();
    return true;
  }

  private static boolean listsWait(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "select exists (select 1 from outbox where kind = 'advisories')");
        ResultSet row = select.executeQuery()) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** Puts every list and document in once more, for metadata that knows none yet. */
  void requeue(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into outbox (kind, created_at) values ('advisories', now())")) {
      insert.executeUpdate();
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into outbox (kind, package_id, created_at)
              select 'index', id, now() from package order by id""")) {
      insert.executeUpdate();
    }
    connection.commit();
  }

  private void advisories(Connection connection)
      throws SQLException, IOException, TufException, StorageException {
    // Whatever an operator signed beside us, such as a claim, is taken up with the lists.
    trust.refresh();
    RootRecords.complete(connection, tree);
    byte[] osv = AdvisoryTable.document(connection);
    byte[] quarantine = QuarantineTable.document(connection);
    TrustFiles.write(tree, AdvisoryTable.PATH, osv);
    TrustFiles.write(tree, QuarantineTable.PATH, quarantine);
    files.forget('/' + QuarantineTable.PATH);
    trust.advisories(
        Map.of(
            AdvisoryTable.PATH,
            TrustFiles.target(osv),
            QuarantineTable.PATH,
            TrustFiles.target(quarantine)));
  }

  private void index(Connection connection, Map<Long, String> packages)
      throws SQLException, IOException, TufException {
    Map<String, Role.TargetFile> targets = new LinkedHashMap<>();
    for (Map.Entry<Long, String> row : packages.entrySet()) {
      PackageIndex document =
          PackageIndex.of(connection, row.getKey(), new PackageName(row.getValue()));
      document.write(tree);
      files.forget('/' + document.path());
      targets.put(document.path(), TrustFiles.target(document.bytes()));
    }
    trust.publish(targets);
    for (Long id : packages.keySet()) {
      SearchRow.write(connection, id);
    }
  }
}
