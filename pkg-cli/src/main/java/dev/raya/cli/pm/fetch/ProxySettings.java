package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.http.Connections;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.UserConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How the network is reached: proxies of the environment or the user's file, and a further file of
 * certificate authorities. A loopback address is never asked for through a proxy.
 *
 * @param https proxy for https, or null
 * @param http proxy for http, or null
 * @param direct hosts asked for directly; a leading dot means all names below
 * @param authorities a PEM file that replaces the system's authorities, or null
 */
public record ProxySettings(
    @Nullable InetSocketAddress https,
    @Nullable InetSocketAddress http,
    List<String> direct,
    @Nullable Path authorities)
    implements Connections.Route {

  private static final int DEFAULT_PORT = 8080;

  /** Copies the list. */
  public ProxySettings {
    direct = List.copyOf(direct);
  }

  /**
   * Reads {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code NO_PROXY} and {@code RAYA_CA_FILE}, else
   * {@code [network]} of the user's file.
   *
   * @throws CommandException if a proxy's address is none
   */
  public static ProxySettings of(Environment environment, UserConfig user) throws CommandException {
    String configured = user.get("network.proxy");
    String https = either(environment, "HTTPS_PROXY", configured);
    String http = either(environment, "HTTP_PROXY", configured);
    String none = either(environment, "NO_PROXY", null);
    String file = environment.get("RAYA_CA_FILE");
    if (file == null) {
      file = user.get("network.ca-file");
    }
    return new ProxySettings(
        https == null ? null : address(https),
        http == null ? null : address(http),
        none == null ? List.of() : List.of(none.strip().split("\\s*,\\s*")),
        file == null ? null : environment.directory().resolve(file));
  }

  private static @Nullable String either(
      Environment environment, String name, @Nullable String other) {
    String upper = environment.get(name);
    String value = upper == null ? environment.get(name.toLowerCase(Locale.ROOT)) : upper;
    return value == null ? other : value;
  }

  private static InetSocketAddress address(String text) throws UsageException {
    try {
      URI uri = new URI(text.contains("://") ? text : "http://" + text);
      if (uri.getHost() != null) {
        return InetSocketAddress.createUnresolved(
            uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
      }
    } catch (URISyntaxException malformed) {
      throw new UsageException("not a proxy's address: " + text);
    }
    throw new UsageException("not a proxy's address: " + text);
  }

  @Override
  public @Nullable InetSocketAddress proxy(URI uri) {
    InetSocketAddress chosen = "https".equals(uri.getScheme()) ? https : http;
    return chosen == null || RegistryAddress.isLoopback(uri) || isDirect(uri.getHost())
        ? null
        : chosen;
  }

  /**
   * The same for a program of the platform that is started: options of its command line, by which
   * its proxy selector is told.
   */
  public List<String> javaOptions() {
    List<String> options = new ArrayList<>();
    options(options, "https", https);
    options(options, "http", http);
    if (!options.isEmpty()) {
      // For https too; a loopback address is asked for directly, as by this program itself.
      List<String> without = new ArrayList<>(List.of("localhost", "127.*", "[::1]"));
      for (String each : direct) {
        String name = each.startsWith(".") ? each.substring(1) : each;
        without.addAll(name.equals("*") ? List.of("*") : List.of(name, "*." + name));
      }
      options.add("-Dhttp.nonProxyHosts=" + String.join("|", without));
    }
    return options;
  }

  private static void options(
      List<String> options, String scheme, @Nullable InetSocketAddress proxy) {
    if (proxy != null) {
      options.add("-D" + scheme + ".proxyHost=" + proxy.getHostString());
      options.add("-D" + scheme + ".proxyPort=" + proxy.getPort());
    }
  }

  @Override
  public SSLSocketFactory tls() throws IOException {
    TrustManager[] trust = trust();
    if (trust == null) {
      return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException unusable) {
      throw new IOException(unusable);
    }
  }

  /**
   * Whom to believe instead of the system's authorities, or null for those.
   *
   * @throws IOException if the file of authorities cannot be used
   */
  public TrustManager @Nullable [] trust() throws IOException {
    Path file = authorities;
    if (file == null) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + number++, certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException unusable) {
      throw new IOException(
          "the file of certificate authorities " + file + " cannot be used: " + unusable, unusable);
    }
  }

  private boolean isDirect(@Nullable String host) {
    if (host == null) {
      return false;
    }
    for (String each : direct) {
      String name = each.startsWith(".") ? each.substring(1) : each;
      if (each.equals("*") || host.equals(name) || host.endsWith("." + name)) {
        return true;
      }
    }
    return false;
  }
}
