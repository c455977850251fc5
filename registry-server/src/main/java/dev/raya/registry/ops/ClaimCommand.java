package dev.raya.registry.ops;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DirectoryStaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.Claims;
import dev.raya.registry.trust.OfflineRenewal;
import dev.raya.registry.trust.TreeLock;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.LogRecord;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.DirectoryMetadata;
import dev.raya.tuf.repository.RegistryRole;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code claim NAME}: binds a package to the publishers it has now by keys that are not online.
 * Needs the claimed role's keys in {@code keys/offline}; a running server takes the claim up within
 * a second. The claim is signed before the log and the index say that there is one.
 */
final class ClaimCommand {
  private final PrintStream out;
  private final SecureRandom random;
  private final InstantSource clock;

  /** A package as its row has it. */
  private record Row(
      long id, List<Identity> publishers, boolean tokenPublishing, boolean provenance) {}

  ClaimCommand(PrintStream out, SecureRandom random, InstantSource clock) {
    this.out = out;
    this.random = random;
    this.clock = clock;
  }

  int run(List<String> words, Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException, SQLException {
    PackageName name = words.size() == 2 ? PackageName.tryParse(words.get(1)) : null;
    if (name == null) {
      throw new UsageException("expected claim NAME");
    }
    DataDirectory directory = CommandLine.directory(arguments);
    TrustKeys keys = new TrustKeys(directory);
    if (!keys.isHere(RegistryRole.CLAIMED)) {
      throw new CommandException(
          1,
          "the keys of the claimed role are not in "
              + keys.folder(RegistryRole.CLAIMED)
              + ": bring them here for this command, and take them away again");
    }
    try (RegistryDatabase database = RegistryDatabase.open(arguments, random);
        Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      // Before the package's row, in the order in which the server takes them. Whoever has a
      // name's lock never asks for the tree's.
      TreeLock.take(connection);
      // Publishers change under the same lock: a claim is of those from before or from after.
      PackageRow.lock(connection, name);
      Row row = find(connection, name);
      byte[] document = Claims.document(name, row.publishers());
      DirectoryMetadata metadata = new DirectoryMetadata(directory.tree().resolve("tuf"));
      Claims.sign(
          new DirectoryStaticTree(directory.tree()),
          new OfflineRenewal(metadata, keys, clock),
          name,
          document);
      record(connection, name, row);
      connection.commit();
    } catch (TufException e) {
      throw new CommandException(3, String.valueOf(e.getMessage()));
    }
    out.println("claimed: " + name);
    return 0;
  }

  private static Row find(Connection connection, PackageName name)
      throws CommandException, SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select id, publishers, token_publishing, provenance from package
            where name = ? for update""")) {
      select.setString(1, name.text());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new CommandException(1, "there is no package " + name);
        }
        List<Identity> publishers = new ArrayList<>();
        if (JsonReader.read(row.getString(2)) instanceof Json.Array(List<Json> items)) {
          for (Json item : items) {
            publishers.add(Identity.read(JsonFields.root(item)));
          }
        }
        return new Row(row.getLong(1), publishers, row.getBoolean(3), row.getBoolean(4));
      } catch (JsonException e) {
        throw new IllegalStateException("the database holds identities we did not write", e);
      }
    }
  }

  private static void record(Connection connection, PackageName name, Row row) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("update package set claimed = true where id = ?")) {
      update.setLong(1, row.id());
      update.executeUpdate();
    }
    PendingRecords.add(
        connection,
        new LogRecord.Package(
            PendingRecords.operator(),
            name.text(),
            row.publishers(),
            row.tokenPublishing(),
            row.provenance(),
            true),
        row.id(),
        null,
        "index");
    // The metadata is looked at together with the lists.
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into outbox (kind, created_at) values ('advisories', now())")) {
      insert.executeUpdate();
    }
  }
}
