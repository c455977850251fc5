package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.http.ProblemMapper;
import dev.raya.registry.ops.RunningRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients that go away in the middle of a body are no fault of the registry. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class GoneClientTest {
  private static final long PATIENCE_SECONDS = 30;

  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  /** Begins a body, once the registry reads it, and is gone. */
  private void leave(String head, byte[] part) throws IOException {
    try (Socket socket = new Socket(base().getHost(), base().getPort())) {
      String request =
          head + "\r\nHost: r\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      byte[] reading = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
      assertThat(socket.getInputStream().readNBytes(reading.length)).isEqualTo(reading);
      socket.getOutputStream().write(part);
      socket.getOutputStream().flush();
    }
  }

  @Test
  void aClientThatGoesAwayIsALineInTheLogAndNoFault() throws Exception {
    Client client = Client.publisher(base(), "gone");
    String authorization = "\r\nAuthorization: Bearer " + Client.token("gone");
    String publish =
        "POST /publish HTTP/1.1"
            + authorization
            + "\r\nContent-Type: multipart/form-data; boundary="
            + Parts.BOUNDARY;
    byte[] body = TestPackage.of("gone-one", "1.0.0").parts(client.key()).body();
    BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            records.add(entry);
          }

          @Override
          public void flush() {
            // Nothing is held back.
          }

          @Override
          public void close() {
            // Nothing is open.
          }
        };
    handler.setLevel(Level.ALL);
    Logger log = Logger.getLogger(ProblemMapper.class.getName());
    Level level = log.getLevel();
    log.setLevel(Level.ALL);
    log.addHandler(handler);
    try {
      // With nothing of the body sent, some of it, half of it, and nearly all of it.
      for (int sent : new int[] {0, 100, body.length / 2, body.length - 20}) {
        leave(publish, Arrays.copyOf(body, sent));
        requireOneLine(records.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
      leave(
          "POST /keys HTTP/1.1" + authorization + "\r\nContent-Type: application/json",
          new byte[] {'{'});
      requireOneLine(records.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } finally {
      log.removeHandler(handler);
      log.setLevel(level);
    }
  }

  private static void requireOneLine(@Nullable LogRecord entry) {
    if (entry == null) {
      throw new AssertionError("nothing was logged");
    }
    assertThat(entry.getLevel().intValue())
        .as(entry.getMessage())
        .isLessThanOrEqualTo(Level.INFO.intValue());
    assertThat(entry.getThrown()).isNull();
    assertThat(entry.getMessage()).contains("the client went away after").doesNotContain("\n");
  }
}
