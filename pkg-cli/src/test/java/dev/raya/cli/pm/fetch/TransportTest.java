package dev.raya.cli.pm.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the transport does about slow, large, busy and redirecting servers. */
final class TransportTest {
  private static final Settings.Network NETWORK =
      new Settings.Network(Duration.ofSeconds(1), 2, 4, 2);

  private final Transport transport =
      new Transport(
          NETWORK,
          new ProxySettings(null, null, List.of(), null),
          Mirrors.NONE,
          silence -> {},
          new Random(1));
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch released = new CountDownLatch(1);
  private final HttpServer server = newServer();

  private static HttpServer newServer() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          switch (exchange.getRequestURI().getPath()) {
            case "/near" -> {
              exchange.getResponseHeaders().set("Location", "/ok");
              exchange.sendResponseHeaders(302, -1);
            }
            case "/far" -> {
              exchange.getResponseHeaders().set("Location", "https://elsewhere.example/ok");
              exchange.sendResponseHeaders(302, -1);
            }
            case "/round" -> {
              exchange.getResponseHeaders().set("Location", "/round");
              exchange.sendResponseHeaders(302, -1);
            }
            case "/busy" -> exchange.sendResponseHeaders(asked.get() < 3 ? 503 : 200, -1);
            case "/silent" -> {
              try {
                released.await();
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            }
            default -> {
              byte[] body = new byte[5000];
              exchange.sendResponseHeaders(200, body.length);
              exchange.getResponseBody().write(body);
            }
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    transport.close();
    server.stop(0);
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private Answer get(String path, long limit) throws CommandException, InterruptedException {
    return transport.get(at(path), Map.of(), limit);
  }

  @Test
  void redirectionsStayWithinTheHost() throws Exception {
    assertThat(get("/near", 10_000).body()).hasSize(5000);
    assertThatThrownBy(() -> get("/far", 10_000)).hasMessageContaining("another host");
    assertThatThrownBy(() -> get("/round", 10_000)).hasMessageContaining("more than 5 times");
  }

  @Test
  void busyServerIsAskedAgain() throws Exception {
    assertThat(get("/busy", 10).status()).isEqualTo(200);
    assertThat(asked).hasValue(3);
  }

  @Test
  void answerBeyondTheLimitIsCutOff() {
    assertThatThrownBy(() -> get("/ok", 4999))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("larger than 4999 bytes");
  }

  @Test
  void silentServerIsGivenUp() {
    assertThatThrownBy(() -> get("/silent", 10)).hasMessageContaining("RAYA-NET-002");
  }

  @Test
  void plainHttpToOthersIsRefusedBeforeASocketIsOpened() {
    assertThatThrownBy(() -> transport.get(URI.create("http://registry.example/"), Map.of(), 10))
        .hasMessageContaining("plain http");
  }
}
