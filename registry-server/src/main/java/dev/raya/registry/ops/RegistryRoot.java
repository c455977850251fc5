package dev.raya.registry.ops;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.AtomicFile;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DatabaseAddress;
import dev.raya.registry.storage.DirectoryStaticTree;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.OfflineRoles;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.TrustedRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The registry's first TUF root (spec: security.md "Roots" and "First contact"; registry.md 4):
 * root 3 of 5 and targets 2 of 3 with keys that belong offline, snapshot and timestamp with one
 * online key each. Made once, with {@code keys/ceremony} as the mark of one that did not end: the
 * next one takes up the keys that it finds (docs/decisions/0351).
 */
public final class RegistryRoot {
  /** Path of the file in the static tree. */
  public static final String PATH = "tuf/1.root.json";

  private static final String CHECKPOINT = "log/checkpoint";
  private static final String TIMESTAMP = "tuf/timestamp.json";

  /** Is there from before the first key until after the root. */
  private static final String BEGUN = "ceremony";

  private static final Duration LIFE = RegistryRole.ROOT.life();

  private RegistryRoot() {}

  /**
   * The fingerprint that clients pin, or empty if no start has made the root yet.
   *
   * @throws StorageException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public static Optional<Digest> fingerprint(DataDirectory directory)
      throws StorageException, IOException {
    Optional<byte[]> document = new DirectoryStaticTree(directory.tree()).read(PATH);
    if (document.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(TrustedRoot.first(document.get()).fingerprint());
    } catch (TufException e) {
      throw new StorageException(directory.tree().resolve(PATH) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Makes the keys and the root if there are none, or goes on with a ceremony that did not end. No
   * key that is there is ever replaced; the caller holds the lock on the keys.
   *
   * @return whether they were made now
   * @throws StorageException if what is there is damaged, {@link StorageException.RootMissing} if
   *     the root is not there and something shows that it was
   * @throws IOException if files cannot be read or written
   */
  static boolean ceremony(DataDirectory directory, SecureRandom random, InstantSource clock)
      throws StorageException, IOException {
    Path begun = directory.keys().resolve(BEGUN);
    if (fingerprint(directory).isPresent()) {
      Files.deleteIfExists(begun);
      return false;
    }
    TrustKeys keys = new TrustKeys(directory);
    requireFirst(directory, keys, Files.exists(begun));
    AtomicFile.writePrivate(begun, new byte[0]);
    keys.begin(random);
    Role.Root root = new OfflineRoles(keys.known()).root(1, clock.instant().plus(LIFE));
    StaticTree tree = new DirectoryStaticTree(directory.tree());
    tree.put(PATH, RoleWriter.sign(root, keys.load(RegistryRole.ROOT)));
    Files.delete(begun);
    return true;
  }

  /**
   * Refuses to begin a registry beside the database of another one. A ceremony may have made the
   * root just now; a server makes the timestamp before it numbers the first record of the log.
   *
   * @throws StorageException.RootMissing if there is no root and the database holds packages or
   *     records of a log, or if no server has used the root yet and the database holds such records
   * @throws StorageException if the database cannot be reached
   * @throws IOException if files cannot be read
   */
  static void requireHistory(DataDirectory directory, DatabaseAddress database)
      throws StorageException, IOException {
    boolean rooted = fingerprint(directory).isPresent();
    StaticTree tree = new DirectoryStaticTree(directory.tree());
    if (rooted && (tree.read(CHECKPOINT).isPresent() || tree.read(TIMESTAMP).isPresent())) {
      return;
    }
    List<String> tables =
        rooted ? List.of("log_leaf") : List.of("log_leaf", "log_pending", "package");
    try (Connection connection = database.open();
        Statement statement = connection.createStatement()) {
      for (String table : tables) {
        if (isTrue(statement, "select to_regclass('" + table + "') is not null")
            && isTrue(statement, "select exists (select from " + table + ")")) {
          throw new StorageException.RootMissing(
              directory.tree().resolve(PATH)
                  + (rooted ? " is new: no server has used it" : " is missing")
                  + ", and the database "
                  + database
                  + " holds the packages of a registry that had one; nothing was changed\n"
                  + "  restore "
                  + directory.root()
                  + " from the backup that belongs to the database\n"
                  + "  for a new registry name an empty database");
        }
      }
    } catch (SQLException e) {
      throw new StorageException("the database cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isTrue(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      return row.next() && row.getBoolean(1);
    }
  }

  /** A second root would be another registry to every client of the first. */
  private static void requireFirst(DataDirectory directory, TrustKeys keys, boolean isBegun)
      throws StorageException, IOException {
    List<Path> evidence = new ArrayList<>(isBegun ? List.of() : keys.folders());
    evidence.addAll(List.of(directory.tree(), directory.signer(), directory.witness()));
    for (Path folder : evidence) {
      if (holdsFile(folder)) {
        throw new StorageException.RootMissing(
            directory.tree().resolve(PATH)
                + " is missing, and "
                + folder
                + " shows that this registry had one; nothing was changed\n"
                + "  restore "
                + directory.tree()
                + " from the backup that "
                + directory.root()
                + " came from; clients pin the bytes of the file, so that it cannot be made anew"
                + " (a mirror, or tuf/1.root.json in a client's home, has the same file)\n"
                + "  if this is no registry yet, name an empty folder, or move "
                + folder
                + " away yourself");
      }
    }
  }

  /** Whether there is more than what a kill left of a write. */
  private static boolean holdsFile(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .anyMatch(file -> !file.getFileName().toString().startsWith("."));
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }
}
