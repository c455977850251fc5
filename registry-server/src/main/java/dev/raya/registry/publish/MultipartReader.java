package dev.raya.registry.publish;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code multipart/form-data} (RFC 7578) part by part from a stream: nothing of a body is
 * kept, one part is open at a time, and its head is bounded. Stricter than the standard where that
 * costs no client anything: no preamble, no transfer encodings. For one thread.
 */
final class MultipartReader {
  private static final int MAX_HEAD = 8 << 10;
  private static final int MAX_BOUNDARY = 70;
  private static final int BUFFER = 64 << 10;

  private final InputStream in;

  /** CR LF and two dashes before the boundary: what ends a body. */
  private final byte[] delimiter;

  private final byte[] buffer = new byte[BUFFER];
  private int start;
  private int end;
  private boolean streamEnded;
  private boolean first = true;
  private boolean closed;
  private boolean bodyOpen;

  /**
   * A part whose body is read next.
   *
   * @param name of the form field
   * @param contentType media type in lower case without parameters; empty if there is none
   * @param body ends where the part ends; what is left unread is skipped
   */
  record Part(String name, String contentType, InputStream body) {}

  /**
   * Takes a body.
   *
   * @param contentType the request's Content-Type with its boundary
   * @throws RegistryException if there is no boundary in it
   */
  MultipartReader(InputStream in, String contentType) throws RegistryException {
    this.in = in;
    this.delimiter = ("\r\n--" + boundary(contentType)).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String boundary(String contentType) throws RegistryException {
    String[] parameters = contentType.split(";", -1);
    if (parameters[0].strip().equalsIgnoreCase("multipart/form-data")) {
      for (int i = 1; i < parameters.length; i++) {
        String parameter = parameters[i].strip();
        if (parameter.regionMatches(true, 0, "boundary=", 0, 9)) {
          String value = unquote(parameter.substring(9));
          if (!value.isEmpty() && value.length() <= MAX_BOUNDARY) {
            return value;
          }
        }
      }
    }
    throw malformed("expected Content-Type multipart/form-data with a boundary");
  }

  /**
   * The next part; what was left of the one before is skipped.
   *
   * @return empty after the last one
   * @throws RegistryException if the body is malformed or cut off
   * @throws IOException if the stream cannot be read
   */
  Optional<Part> next() throws RegistryException, IOException {
    if (closed) {
      return Optional.empty();
    }
    if (first) {
      first = false;
      expect(new String(delimiter, 2, delimiter.length - 2, StandardCharsets.ISO_8859_1));
    } else {
      skipBody();
    }
    int a = read();
    int b = read();
    if (a == '-' && b == '-') {
      closed = true;
      return Optional.empty();
    }
    if (a != '\r' || b != '\n') {
      throw malformed("a boundary is not at the end of its line");
    }
    Map<String, String> head = head();
    String disposition = head.getOrDefault("content-disposition", "");
    if (head.containsKey("content-transfer-encoding")) {
      throw malformed("transfer encodings are not taken");
    }
    String type = head.getOrDefault("content-type", "");
    bodyOpen = true;
    return Optional.of(
        new Part(
            name(disposition),
            type.split(";", -1)[0].strip().toLowerCase(Locale.ROOT),
            new Body()));
  }

  private static String name(String disposition) throws RegistryException {
    String[] parameters = disposition.split(";", -1);
    if (parameters[0].strip().equalsIgnoreCase("form-data")) {
      for (int i = 1; i < parameters.length; i++) {
        String parameter = parameters[i].strip();
        if (parameter.regionMatches(true, 0, "name=", 0, 5)) {
          return unquote(parameter.substring(5));
        }
      }
    }
    throw malformed("a part has no Content-Disposition form-data with a name");
  }

  private static String unquote(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  private Map<String, String> head() throws RegistryException, IOException {
    Map<String, String> head = new LinkedHashMap<>();
    int length = 0;
    while (true) {
      StringBuilder line = new StringBuilder();
      int c = read();
      while (c != '\r') {
        if (c < 0 || c == '\n' || ++length > MAX_HEAD) {
          throw malformed("the head of a part is malformed or longer than " + MAX_HEAD + " bytes");
        }
        line.append((char) c);
        c = read();
      }
      if (read() != '\n') {
        throw malformed("a line of a part's head does not end in CR LF");
      }
      if (line.isEmpty()) {
        return head;
      }
      int colon = line.indexOf(":");
      if (colon <= 0) {
        throw malformed("a line of a part's head has no colon");
      }
      String field = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      if (head.put(field, line.substring(colon + 1).strip()) != null) {
        throw malformed("a part has the header " + field + " twice");
      }
    }
  }

  private void expect(String text) throws RegistryException, IOException {
    for (int i = 0; i < text.length(); i++) {
      if (read() != text.charAt(i)) {
        throw malformed("the body does not begin with its boundary");
      }
    }
  }

  private void skipBody() throws IOException {
    if (bodyOpen) {
      byte[] waste = new byte[8192];
      while (readBody(waste, 0, waste.length) >= 0) {
        continue;
      }
    }
  }

  private int read() throws IOException {
    if (start == end && !fill()) {
      return -1;
    }
    return buffer[start++] & 0xff;
  }

  /** Reads more behind what is in the buffer; false at the end of the stream. */
  private boolean fill() throws IOException {
    if (streamEnded) {
      return false;
    }
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    int n = in.read(buffer, end, buffer.length - end);
    if (n < 0) {
      streamEnded = true;
      return false;
    }
    end += n;
    return true;
  }

  /** Bytes of the open body, or −1 at its end, which takes the delimiter away. */
  private int readBody(byte[] target, int offset, int length) throws IOException {
    if (!bodyOpen) {
      return -1;
    }
    while (true) {
      int at = find();
      if (at > start) {
        int n = Math.min(length, at - start);
        System.arraycopy(buffer, start, target, offset, n);
        start += n;
        return n;
      }
      if (end - start >= delimiter.length) {
        start += delimiter.length;
        bodyOpen = false;
        return -1;
      }
      if (!fill()) {
        throw new CutOffException();
      }
    }
  }

  /**
   * Where the delimiter starts, whole or as far as the buffer goes; the end of the buffer if it is
   * not there. Everything before is body for certain.
   */
  private int find() {
    for (int i = start; i < end; i++) {
      if (buffer[i] != '\r') {
        continue;
      }
      int n = Math.min(delimiter.length, end - i);
      int k = 1;
      while (k < n && buffer[i + k] == delimiter[k]) {
        k++;
      }
      if (k == n) {
        return i;
      }
    }
    return end;
  }

  private static RegistryException malformed(String detail) {
    return new RegistryException(Problem.MALFORMED, "multipart body: " + detail);
  }

  /** The stream ended inside a part. */
  static final class CutOffException extends IOException {
    private static final long serialVersionUID = 1L;

    CutOffException() {
      super("the body is cut off inside a part");
    }
  }

  private final class Body extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return readBody(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return length == 0 ? 0 : readBody(target, offset, length);
    }
  }
}
