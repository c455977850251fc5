package dev.raya.cli.pm.http;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request.
 *
 * @param method such as {@code GET}
 * @param uri what is asked for: scheme http or https, with a host
 * @param headers in the order they are sent; {@code Host}, {@code Content-Length} and {@code
 *     Connection} are added
 * @param body what is sent, or null
 */
public record Request(
    String method, URI uri, Map<String, String> headers, @Nullable RequestBody body) {
  /** Copies the headers. */
  public Request {
    headers = new LinkedHashMap<>(headers);
  }

  /**
   * The head as it is sent (RFC 9112 section 2.1).
   *
   * @param absolute whether the target is written out, as a proxy wants it
   * @throws IOException if a part holds what would end its line
   */
  byte[] head(boolean absolute) throws IOException {
    String ascii = uri.toASCIIString();
    URI target = ascii.equals(uri.toString()) ? uri : URI.create(ascii);
    StringBuilder head = new StringBuilder(256).append(method).append(' ');
    if (absolute) {
      head.append(target.getScheme()).append("://").append(target.getRawAuthority());
    }
    String path = target.getRawPath();
    head.append(path == null || path.isEmpty() ? "/" : path);
    if (target.getRawQuery() != null) {
      head.append('?').append(target.getRawQuery());
    }
    head.append(" HTTP/1.1\r\n");
    line(head, "Host", authority(target));
    for (Map.Entry<String, String> header : headers.entrySet()) {
      line(head, header.getKey(), header.getValue());
    }
    if (body != null) {
      line(head, "Content-Length", Long.toString(body.length()));
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String authority(URI uri) {
    return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ':' + uri.getPort();
  }

  private static void line(StringBuilder head, String name, String value) throws IOException {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        throw new IOException("the header " + name + " holds a character that none may hold");
      }
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
