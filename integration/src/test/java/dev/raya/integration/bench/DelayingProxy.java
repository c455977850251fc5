package dev.raya.integration.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * A way to a server on this machine that takes as long as a network: bytes arrive half a round trip
 * after they were sent, and the first ones of a connection a whole one later, as if the connection
 * had to be made first. Bandwidth is not limited.
 */
final class DelayingProxy implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  private final ServerSocket server;
  private final int target;
  private final long halfNanos;

  DelayingProxy(int target, long roundTripMillis) throws IOException {
    this.server = new ServerSocket(0, 1024, InetAddress.getByName("127.0.0.1"));
    this.target = target;
    this.halfNanos = TimeUnit.MILLISECONDS.toNanos(roundTripMillis) / 2;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Bytes and when they arrive; none for the end of the stream. */
  private record Travelling(byte[] bytes, long arrival) implements Delayed {
    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(arrival - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(arrival, ((Travelling) other).arrival);
    }
  }

  private void accept() {
    while (true) {
      try {
        Socket client = server.accept();
        Socket origin = new Socket(InetAddress.getByName("127.0.0.1"), target);
        client.setTcpNoDelay(true);
        origin.setTcpNoDelay(true);
        carry(client, origin, 2 * halfNanos);
        carry(origin, client, 0);
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void carry(Socket from, Socket to, long first) {
    DelayQueue<Travelling> way = new DelayQueue<>();
    long opened = System.nanoTime();
    Thread.ofVirtual().start(() -> read(from, way, opened + first));
    Thread.ofVirtual().start(() -> write(to, way));
  }

  private void read(Socket from, DelayQueue<Travelling> way, long open) {
    byte[] buffer = new byte[CHUNK];
    long last = 0;
    try (InputStream in = from.getInputStream()) {
      int n;
      while ((n = in.read(buffer)) >= 0) {
        // Never equal, so that what was read first arrives first.
        last = Math.max(last + 1, Math.max(open, System.nanoTime()) + halfNanos);
        way.add(new Travelling(Arrays.copyOf(buffer, n), last));
      }
    } catch (IOException hungUp) {
      last = Math.max(last, System.nanoTime());
    }
    way.add(new Travelling(new byte[0], Math.max(last + 1, System.nanoTime() + halfNanos)));
  }

  private static void write(Socket to, DelayQueue<Travelling> way) {
    try (OutputStream out = to.getOutputStream()) {
      while (true) {
        byte[] bytes = way.take().bytes();
        if (bytes.length == 0) {
          return;
        }
        out.write(bytes);
      }
    } catch (IOException hungUp) {
      return;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
