package dev.raya.cli.pm.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connections to servers, kept open between requests; the one used last is taken first. How many
 * are open at once is the caller's to bound. Thread-safe.
 */
public final class Connections implements AutoCloseable {
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  private final Patience patience;
  private final Route route;
  private final Object lock = new Object();

  /** Guarded by {@link #lock}. */
  private final Map<String, Deque<Connection>> idle = new HashMap<>();

  /** Guarded by {@link #lock}; made once, so that TLS sessions are resumed. */
  private @Nullable SSLSocketFactory tls;

  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** How servers are reached. */
  public interface Route {
    /** The proxy for an address, host and port unresolved, or null. */
    @Nullable InetSocketAddress proxy(URI uri);

    /**
     * What makes TLS sockets; asked for when first needed, since reading the system's authorities
     * takes time.
     *
     * @throws IOException if the authorities cannot be read
     */
    SSLSocketFactory tls() throws IOException;
  }

  /** Opens nothing yet. */
  public Connections(Patience patience, Route route) {
    this.patience = patience;
    this.route = route;
  }

  /** An answer whose head was read and whose body is still to come. */
  public final class Response implements AutoCloseable {
    private final Connection connection;
    private final String origin;
    private final ResponseHead head;
    private final BodyInput body;

    private Response(Connection connection, String origin, ResponseHead head) throws IOException {
      this.connection = connection;
      this.origin = origin;
      this.head = head;
      this.body = BodyInput.after(head, connection.in());
    }

    /** Its status. */
    public int status() {
      return head.status();
    }

    /** The first value of each header, by its name in lower case. */
    public Map<String, String> headers() {
      return head.headers();
    }

    /** Bytes that are known to come, or -1 where the answer does not say. */
    public long length() {
      return body.known();
    }

    /** The body; ends early with an {@link java.io.EOFException} if the answer is cut off. */
    public InputStream body() {
      return body;
    }

    /** Keeps the connection for the next request if the body was read whole, else closes it. */
    @Override
    public void close() {
      if (head.persistent() && body.reusable() && !closed) {
        synchronized (lock) {
          idle.computeIfAbsent(origin, key -> new ArrayDeque<>()).addFirst(connection);
        }
      } else {
        drop(connection);
      }
    }
  }

  /**
   * Sends a request and reads the head of its answer. A connection that the server closed while it
   * was idle is noticed by this, and the request then sent once more over a new one.
   *
   * @param repeatable whether sending it twice does no harm; else only a new connection will do
   * @throws java.net.SocketTimeoutException if the server is slower than allowed
   * @throws IOException if it cannot be reached, or breaks off
   */
  public Response send(Request request, boolean repeatable) throws IOException {
    String origin = request.uri().getScheme() + "://" + request.uri().getRawAuthority();
    while (true) {
      Connection connection = repeatable ? take(origin) : null;
      if (connection == null) {
        connection = connect(request.uri());
      }
      boolean good = false;
      try {
        Response response = new Response(connection, origin, connection.exchange(request));
        good = true;
        return response;
      } catch (ResponseHead.NothingCame | java.net.SocketException closedWhileIdle) {
        if (!connection.used() || closed) {
          throw closedWhileIdle;
        }
      } finally {
        if (!good) {
          drop(connection);
        }
      }
    }
  }

  private @Nullable Connection take(String origin) {
    synchronized (lock) {
      Deque<Connection> kept = idle.get(origin);
      return kept == null ? null : kept.pollFirst();
    }
  }

  private void drop(Connection connection) {
    open.remove(connection);
    connection.close();
  }

  private Connection connect(URI uri) throws IOException {
    boolean secure = "https".equals(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? HTTPS_PORT : HTTP_PORT;
    InetSocketAddress proxy = route.proxy(uri);
    Socket socket =
        proxy == null ? reach(uri.getHost(), port) : reach(proxy.getHostString(), proxy.getPort());
    boolean good = false;
    try {
      socket.setTcpNoDelay(true);
      if (secure) {
        if (proxy != null) {
          tunnel(socket, uri.getHost(), port);
        }
        socket = secured(socket, uri.getHost(), port);
      }
      Connection connection = new Connection(socket, patience, proxy != null && !secure);
      open.add(connection);
      good = true;
      return connection;
    } finally {
      if (!good) {
        socket.close();
      }
    }
  }

  /** Tries all addresses of a host in turn. */
  private Socket reach(String host, int port) throws IOException {
    IOException failure = null;
    for (InetAddress address : InetAddress.getAllByName(host)) {
      Socket socket = new Socket(java.net.Proxy.NO_PROXY);
      try {
        socket.connect(new InetSocketAddress(address, port), (int) patience.connect().toMillis());
        return socket;
      } catch (IOException unreachable) {
        socket.close();
        if (failure == null) {
          failure = unreachable;
        } else {
          failure.addSuppressed(unreachable);
        }
      }
    }
    throw failure == null ? new java.net.UnknownHostException(host) : failure;
  }

  /** Asks a proxy for a way through (RFC 9110 section 9.3.6). */
  private void tunnel(Socket socket, String host, int port) throws IOException {
    String authority = host + ':' + port;
    byte[] head =
        ("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    socket.getOutputStream().write(head);
    // Unbuffered: what follows the proxy's head is the TLS handshake's.
    ResponseHead answer = ResponseHead.read(new PacedInput(socket, patience));
    if (answer.status() / 100 != 2) {
      throw new ProtocolException("the proxy refuses with status " + answer.status());
    }
  }

  private Socket secured(Socket socket, String host, int port) throws IOException {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    socket.setSoTimeout((int) patience.connect().toMillis());
    if (!(tls().createSocket(socket, name, port, true) instanceof SSLSocket secure)) {
      throw new IllegalStateException("a TLS factory makes TLS sockets");
    }
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private SSLSocketFactory tls() throws IOException {
    synchronized (lock) {
      SSLSocketFactory made = tls;
      if (made == null) {
        made = route.tls();
        tls = made;
      }
      return made;
    }
  }

  /** Closes all connections, those in use among them. */
  @Override
  public void close() {
    closed = true;
    for (Connection connection : open) {
      connection.close();
    }
  }
}
