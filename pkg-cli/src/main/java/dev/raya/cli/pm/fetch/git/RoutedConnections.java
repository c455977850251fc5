package dev.raya.cli.pm.fetch.git;

import dev.raya.cli.pm.fetch.ProxySettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.GeneralSecurityException;
import javax.net.ssl.TrustManager;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/** Connections through the settings' proxy, to hosts that the settings' authorities vouch for. */
final class RoutedConnections implements HttpConnectionFactory {
  private final JDKHttpConnectionFactory connections = new JDKHttpConnectionFactory();
  private final ProxySettings settings;

  RoutedConnections(ProxySettings settings) {
    this.settings = settings;
  }

  @Override
  public HttpConnection create(URL url) throws IOException {
    return create(url, null);
  }

  /** The settings say the way, not JGit, which asks the Java machine's properties. */
  @Override
  public HttpConnection create(URL url, @Nullable Proxy ignored) throws IOException {
    try {
      InetSocketAddress by = settings.proxy(new URI(url.toString()));
      Proxy proxy =
          by == null
              ? Proxy.NO_PROXY
              : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(by.getHostString(), by.getPort()));
      HttpConnection connection = connections.create(url, proxy);
      TrustManager[] trust = settings.trust();
      if (trust != null && "https".equals(url.getProtocol())) {
        connection.configure(null, trust, null);
      }
      return connection;
    } catch (URISyntaxException | GeneralSecurityException unusable) {
      throw new IOException(unusable);
    }
  }
}
