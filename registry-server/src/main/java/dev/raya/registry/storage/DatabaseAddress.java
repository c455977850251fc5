package dev.raya.registry.storage;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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
    check(jdbcUrl);
  }

  /**
   * Checks the kind of database.
   *
   * @throws IllegalArgumentException if the URL is not PostgreSQL's
   */
  public static String check(String jdbcUrl) {
    if (!jdbcUrl.startsWith(PREFIX)) {
      throw new IllegalArgumentException("expected a URL that starts with " + PREFIX);
    }
    return jdbcUrl;
  }

  /**
   * The address of a server that the operator named. {@code user} and {@code password} are taken
   * out of the URL, so that no message shows them.
   *
   * @throws IllegalArgumentException if the URL is not PostgreSQL's
   */
  public static DatabaseAddress external(String jdbcUrl) {
    int query = jdbcUrl.indexOf('?');
    if (query < 0) {
      return new DatabaseAddress(jdbcUrl, null, null);
    }
    String user = null;
    String password = null;
    StringBuilder rest = new StringBuilder();
    for (String parameter : jdbcUrl.substring(query + 1).split("&", -1)) {
      if (parameter.startsWith("user=")) {
        user = decode(parameter);
      } else if (parameter.startsWith("password=")) {
        password = decode(parameter);
      } else {
        rest.append(rest.isEmpty() ? "?" : "&").append(parameter);
      }
    }
    return new DatabaseAddress(jdbcUrl.substring(0, query) + rest, user, password);
  }

  private static String decode(String parameter) {
    return URLDecoder.decode(
        parameter.substring(parameter.indexOf('=') + 1), StandardCharsets.UTF_8);
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
