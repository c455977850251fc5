package dev.raya.cli.pm.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that connects whoever asks for whatever host to one port of this machine. */
public final class TunnelProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /** Listens; whoever asks is connected to that port. */
  public TunnelProxy(int port) throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(() -> accept(port));
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** The first line of each request. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void accept(int port) {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Thread.ofVirtual().start(() -> tunnel(client, port));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void tunnel(Socket client, int port) {
    try (client;
        Socket server = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
      InputStream in = client.getInputStream();
      asked.add(line(in));
      while (!line(in).isEmpty()) {
        continue;
      }
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      Thread back = Thread.ofVirtual().start(() -> copy(server, client));
      in.transferTo(server.getOutputStream());
      server.shutdownOutput();
      back.join();
    } catch (IOException broken) {
      asked.add("broken: " + broken.getMessage());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      from.getInputStream().transferTo(out);
      to.shutdownOutput();
    } catch (IOException closed) {
      return;
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
