package dev.raya.cli.pm.settings;

import dev.raya.cache.digest.Digest;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a registry is and what pins it.
 *
 * @param base its URL, ending in a slash
 * @param root the SHA-256 of its first root metadata, if a setting pins it
 * @param namedByUser whether flag, environment or the user's file named it; a project's word is not
 *     enough for a first contact
 */
public record RegistryAddress(URI base, @Nullable Digest root, boolean namedByUser) {

  /** Whether the address is one of this machine's own. */
  public boolean isLoopback() {
    return isLoopback(base);
  }

  /** Whether an address's host is this machine itself, judged by its text alone. */
  public static boolean isLoopback(URI address) {
    String host = address.getHost();
    if (host == null) {
      return false;
    }
    if (host.equals("localhost") || host.equals("[::1]")) {
      return true;
    }
    String[] parts = host.split("\\.", -1);
    if (parts.length != 4 || !parts[0].equals("127")) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty() || part.length() > 3 || !isNumber(part)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** Scheme, host and port of an address: what a token may be sent to. */
  public static String originOf(URI address) {
    int port = address.getPort();
    return address.getScheme() + "://" + address.getHost() + (port < 0 ? "" : ":" + port);
  }
}
