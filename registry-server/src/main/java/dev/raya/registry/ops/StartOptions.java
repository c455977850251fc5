package dev.raya.registry.ops;

import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DatabaseAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code start} was asked for.
 *
 * @param directory where everything is kept
 * @param host address to listen on
 * @param port port to listen on; 0 for any free one
 * @param origin the registry's own name, or null for the address of the first start
 * @param jdbcUrl an external database, or null for the embedded one
 */
public record StartOptions(
    DataDirectory directory,
    String host,
    int port,
    @Nullable String origin,
    @Nullable String jdbcUrl) {
  private static final int MAX_PORT = 65_535;

  static StartOptions of(Arguments arguments) throws UsageException {
    arguments.only(Set.of("data-dir", "http-port", "http-host", "origin", "jdbc-url"));
    String host = arguments.option("http-host");
    String origin = arguments.option("origin");
    return new StartOptions(
        CommandLine.directory(arguments),
        host == null ? "127.0.0.1" : host,
        port(arguments.required("http-port")),
        origin == null ? null : origin(origin),
        jdbcUrl(arguments.option("jdbc-url")));
  }

  private static @Nullable String jdbcUrl(@Nullable String url) throws UsageException {
    try {
      return url == null ? null : DatabaseAddress.check(url);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--jdbc-url: " + e.getMessage());
    }
  }

  private static int port(String text) throws UsageException {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw notPort(text);
    }
    throw notPort(text);
  }

  private static UsageException notPort(String text) {
    return new UsageException("--http-port: expected 0 to 65535, found \"" + text + '"');
  }

  /** An https URL, or a loopback one, without path. */
  static String origin(String text) throws UsageException {
    String origin = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    try {
      URI uri = new URI(origin);
      String host = uri.getHost();
      boolean bare =
          host != null
              && uri.getRawPath().isEmpty()
              && uri.getRawQuery() == null
              && uri.getRawUserInfo() == null
              && origin.equals(origin.toLowerCase(Locale.ROOT));
      boolean loopback =
          host != null
              && (host.equals("localhost") || host.equals("[::1]") || host.startsWith("127."));
      if (bare
          && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback))) {
        return origin;
      }
    } catch (URISyntaxException e) {
      throw new UsageException("--origin: " + e.getMessage());
    }
    throw new UsageException(
        "--origin: expected an https URL in lower case without a path (http only to loopback),"
            + " found \""
            + text
            + '"');
  }
}
