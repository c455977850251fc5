package dev.raya.cli.pm.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Status line and headers of an answer (RFC 9112 sections 4 and 5), read under bounds.
 *
 * @param status the status
 * @param headers the first value of each header, by its name in lower case
 * @param persistent whether the connection may serve another request
 */
record ResponseHead(int status, Map<String, String> headers, boolean persistent) {
  private static final int MAX_LINE = 16 << 10;
  private static final int MAX_HEADERS = 200;

  @Nullable String header(String name) {
    return headers.get(name);
  }

  /**
   * Reads a head.
   *
   * @throws NothingCame if the peer closed the connection before the first byte
   * @throws ProtocolException if it is malformed or larger than the bounds
   * @throws IOException if the connection breaks
   */
  static ResponseHead read(InputStream in) throws IOException {
    String first = line(in, true);
    if (first.length() < 12
        || !first.startsWith("HTTP/1.")
        || first.charAt(8) != ' '
        || (first.length() > 12 && first.charAt(12) != ' ')) {
      throw new ProtocolException("not the beginning of an HTTP/1.1 answer");
    }
    int status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = first.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new ProtocolException("not the status of an HTTP/1.1 answer");
      }
      status = status * 10 + digit;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    int count = 0;
    while (true) {
      String line = line(in, false);
      if (line.isEmpty()) {
        break;
      }
      int colon = line.indexOf(':');
      if (colon <= 0 || ++count > MAX_HEADERS) {
        throw new ProtocolException(
            colon <= 0 ? "a header without a name" : "more than " + MAX_HEADERS + " headers");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      String former = headers.putIfAbsent(name, value);
      if (former != null && name.equals("content-length") && !former.equals(value)) {
        throw new ProtocolException("two different lengths");
      }
    }
    String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    boolean persistent =
        first.charAt(7) == '0' ? connection.contains("keep-alive") : !connection.contains("close");
    return new ResponseHead(status, headers, persistent);
  }

  private static String line(InputStream in, boolean first) throws IOException {
    byte[] bytes = new byte[128];
    int length = 0;
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw first && length == 0 ? new NothingCame() : new EOFException("the answer is cut off");
      }
      if (b == '\n') {
        int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
      }
      if (length == MAX_LINE) {
        throw new ProtocolException("a header of more than " + MAX_LINE + " bytes");
      }
      if (length == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, 2 * length);
      }
      bytes[length++] = (byte) b;
    }
  }

  /** The peer closed the connection without a byte: it may have done so before it was asked. */
  static final class NothingCame extends EOFException {
    private static final long serialVersionUID = 1L;

    NothingCame() {
      super("the connection was closed without an answer");
    }
  }
}
