package dev.raya.cli.pm.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that says byte for byte what a test tells it to, request after request. */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket server;
  private final Reply reply;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** What to say to the n-th request, counted from 0 over all connections. */
  interface Reply {
    /** Writes an answer; false hangs up after it. */
    boolean to(int number, InputStream in, OutputStream out) throws IOException;
  }

  ScriptedServer(Reply reply) {
    this.reply = reply;
    try {
      server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** A server that sends fixed answers and keeps its connections open. */
  static ScriptedServer saying(String... answers) {
    return new ScriptedServer(
        (number, in, out) -> {
          out.write(
              answers[Math.min(number, answers.length - 1)].getBytes(StandardCharsets.ISO_8859_1));
          return true;
        });
  }

  int port() {
    return server.getLocalPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** The heads of the requests that came, in order. */
  List<String> heads() {
    return List.copyOf(heads);
  }

  int connections() {
    return connections.get();
  }

  private void accept() {
    while (true) {
      Socket socket;
      try {
        socket = server.accept();
      } catch (IOException closed) {
        return;
      }
      connections.incrementAndGet();
      Thread.ofVirtual().start(() -> serve(socket));
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int b = in.read();
          if (b < 0) {
            return;
          }
          head.append((char) b);
        }
        int number;
        synchronized (heads) {
          number = heads.size();
          heads.add(head.toString());
        }
        boolean more = reply.to(number, in, socket.getOutputStream());
        socket.getOutputStream().flush();
        if (!more) {
          return;
        }
      }
    } catch (IOException hungUp) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
