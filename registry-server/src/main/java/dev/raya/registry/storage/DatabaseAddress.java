package dev.raya.registry.storage;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the database.
 *
 * @param jdbcUrl {@code jdbc:postgresql:…}
 * @param user role, or null where the URL names it
 * @param password its password, or null where the URL or a password file has it
 */
public record DatabaseAddress(String jdbcUrl, @Nullable String user, @Nullable String password) {
  private static final String PREFIX = "jdbc:postgresql:";

  /**
   * Checks the kind of database.
   *
   * @throws IllegalArgumentException if the URL is not PostgreSQL's
   */
  public DatabaseAddress {
    if (!jdbcUrl.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          "expected a URL that starts with " + PREFIX + ", found \"" + jdbcUrl + '"');
    }
  }

  /**
   * Opens a connection; the caller closes.
   *
   * @throws SQLException if the server is not reachable or refuses
   */
  public Connection open() throws SQLException {
    Properties properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (password != null) {
      properties.setProperty("password", password);
    }
    return DriverManager.getConnection(jdbcUrl, properties);
  }

  /** Leaves the password out. */
  @Override
  public String toString() {
    return jdbcUrl;
  }
}
