package dev.raya.cli.pm.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One open socket. Used by one thread at a time. */
final class Connection implements AutoCloseable {
  private static final int BUFFER = 16 << 10;

  /** What the system takes off our hands without the peer's help: an idle socket's buffer. */
  private static final int TAKEN_AT_ONCE = 8 << 10;

  private static final int STATUS_SWITCHED = 101;

  private final Socket socket;
  private final Patience patience;
  private final PacedInput paced;
  private final InputStream in;
  private final OutputStream out;
  private final boolean throughProxy;
  private boolean used;

  Connection(Socket socket, Patience patience, boolean throughProxy) throws IOException {
    this.socket = socket;
    this.patience = patience;
    this.paced = new PacedInput(socket, patience);
    this.in = new BufferedInputStream(paced, BUFFER);
    this.out = socket.getOutputStream();
    this.throughProxy = throughProxy;
  }

  /** Whether an answer has come over it before, so that the peer may meanwhile have closed it. */
  boolean used() {
    return used;
  }

  InputStream in() {
    return in;
  }

  /** Sends a request and reads the head of its answer. */
  ResponseHead exchange(Request request) throws IOException {
    byte[] head = request.head(throughProxy);
    RequestBody body = request.body();
    paced.begin(body == null ? patience.silence() : patience.sending());
    if (body == null) {
      out.write(head);
      out.flush();
      return answer();
    }
    try {
      send(head, body);
    } catch (SocketTimeoutException slow) {
      throw slow;
    } catch (IOException refused) {
      // A server that refuses a large body may answer and hang up before it has read all of it.
      try {
        return answer();
      } catch (IOException noAnswer) {
        refused.addSuppressed(noAnswer);
        throw refused;
      }
    }
    return answer();
  }

  private ResponseHead answer() throws IOException {
    while (true) {
      ResponseHead head = ResponseHead.read(in);
      if (head.status() >= 200 || head.status() == STATUS_SWITCHED) {
        used = true;
        return head;
      }
    }
  }

  private void send(byte[] head, RequestBody body) throws IOException {
    byte[] first = new byte[TAKEN_AT_ONCE];
    try (InputStream content = body.open()) {
      int n = content.readNBytes(first, 0, first.length);
      byte[] joined = java.util.Arrays.copyOf(head, head.length + n);
      System.arraycopy(first, 0, joined, head.length, n);
      out.write(joined);
      if (n == first.length && body.length() > n) {
        rest(content);
      }
    }
    out.flush();
  }

  /** Sends what may have to wait for the peer; blocking writes know no timeout, so one watches. */
  private void rest(InputStream content) throws IOException {
    AtomicLong sent = new AtomicLong();
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch gaveUp = new CountDownLatch(1);
    Thread watch = Thread.ofVirtual().start(() -> watch(sent, done, gaveUp));
    try {
      byte[] buffer = new byte[BUFFER];
      int n;
      while ((n = content.read(buffer)) >= 0) {
        out.write(buffer, 0, n);
        sent.addAndGet(n);
      }
    } catch (IOException broken) {
      if (gaveUp.getCount() == 0) {
        throw new SocketTimeoutException("too slow");
      }
      throw broken;
    } finally {
      done.countDown();
      watch.interrupt();
    }
  }

  private void watch(AtomicLong sent, CountDownLatch done, CountDownLatch gaveUp) {
    Duration step = patience.sending();
    try {
      long before = -1;
      while (sent.get() != before) {
        before = sent.get();
        if (done.await(step.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException sentAll) {
      return;
    }
    gaveUp.countDown();
    close();
  }

  /** Closes the socket; one that cannot even be closed is of no more concern. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException closedAnyway) {
      return;
    }
  }
}
