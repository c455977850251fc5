package dev.raya.cli.pm.fetch.git;

import dev.raya.cli.console.Environment;
import dev.raya.cli.pm.fetch.ProxySettings;
import java.time.Duration;
import org.eclipse.jgit.api.TransportConfigCallback;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.jspecify.annotations.Nullable;

/** How the remote of a mirror is reached, for one fetch: by the settings of this run. */
final class GitNetwork implements TransportConfigCallback {
  private final @Nullable String token;
  private final Duration timeout;
  private final ProxySettings proxies;
  private final SystemSsh ssh;

  /**
   * Takes the settings.
   *
   * @param token password for the remote's host, or null
   * @param timeout patience with a remote that says nothing
   * @param proxies the way to https and http remotes
   * @param environment what the system's ssh is started with
   */
  GitNetwork(
      @Nullable String token, Duration timeout, ProxySettings proxies, Environment environment) {
    this.token = token;
    this.timeout = timeout;
    this.proxies = proxies;
    this.ssh = new SystemSsh(environment);
  }

  /** Password for the remote's host, or null. */
  @Nullable String token() {
    return token;
  }

  /** Patience in whole seconds, at least one. */
  int seconds() {
    return (int) Math.clamp(timeout.toSeconds(), 1, Integer.MAX_VALUE);
  }

  /** What the ssh program said on its standard error; empty if it said nothing or was not used. */
  String said() {
    return ssh.said();
  }

  /** Whether the ssh program was ended because the far side had fallen silent. */
  boolean wasSilent() {
    return ssh.wasSilent();
  }

  @Override
  public void configure(Transport transport) {
    if (transport instanceof TransportHttp http) {
      http.setHttpConnectionFactory(new RoutedConnections(proxies));
    } else if (transport instanceof SshTransport shell) {
      shell.setSshSessionFactory(ssh);
    }
  }
}
