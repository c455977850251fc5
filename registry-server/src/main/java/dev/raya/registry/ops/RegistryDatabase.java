package dev.raya.registry.ops;

import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DatabaseAddress;
import dev.raya.registry.storage.EmbeddedPostgres;
import dev.raya.registry.storage.StorageException;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * The database for a command that runs beside a server or without one: the external one, the
 * running server's, or one started for the time of the command.
 */
final class RegistryDatabase implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long BETWEEN_LOOKS = 200_000_000;

  private final DatabaseAddress address;
  private final @Nullable EmbeddedPostgres ours;

  private RegistryDatabase(DatabaseAddress address, @Nullable EmbeddedPostgres ours) {
    this.address = address;
    this.ours = ours;
  }

  /** Opens it and, unless a server has done so, brings the schema up to date. */
  static RegistryDatabase open(Arguments arguments, SecureRandom random)
      throws UsageException, StorageException, IOException {
    DataDirectory directory = CommandLine.directory(arguments).create();
    String jdbcUrl = arguments.option("jdbc-url");
    if (jdbcUrl != null) {
      return external(jdbcUrl);
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Optional<DatabaseAddress> running = EmbeddedPostgres.running(directory);
      if (running.isPresent() && hasSchema(running.get())) {
        return new RegistryDatabase(running.get(), null);
      }
      try {
        return own(EmbeddedPostgres.start(directory, random));
      } catch (StorageException.InUse e) {
        // A server is on its way up, or another command on its way out.
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(BETWEEN_LOOKS);
      }
    }
  }

  /** Whether the process that runs the database has brought its schema up. */
  private static boolean hasSchema(DatabaseAddress address) {
    try (Connection connection = address.open();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select to_regclass('package_search') is not null")) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException e) {
      // It went down between two looks; the next one decides.
      return false;
    }
  }

  private static RegistryDatabase own(EmbeddedPostgres started) throws StorageException {
    RegistryDatabase database = new RegistryDatabase(started.address(), started);
    try {
      database.migrate();
    } catch (RuntimeException e) {
      database.close();
      throw new StorageException("the schema cannot be brought up to date: " + e.getMessage(), e);
    }
    return database;
  }

  private static RegistryDatabase external(String jdbcUrl) throws UsageException {
    try {
      return new RegistryDatabase(DatabaseAddress.external(jdbcUrl), null);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--jdbc-url: " + e.getMessage());
    }
  }

  /** Applies what is missing of the schema; gives its version. */
  String migrate() {
    Flyway flyway =
        Flyway.configure()
            .dataSource(address.jdbcUrl(), address.user(), address.password())
            .locations("classpath:db/migration")
            .cleanDisabled(true)
            .load();
    flyway.migrate();
    return String.valueOf(flyway.info().current().getVersion());
  }

  /** A connection; the caller closes. */
  Connection connect() throws SQLException {
    return address.open();
  }

  @Override
  public void close() {
    if (ours != null) {
      ours.close();
    }
  }
}
