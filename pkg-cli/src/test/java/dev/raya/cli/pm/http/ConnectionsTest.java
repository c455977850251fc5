package dev.raya.cli.pm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What goes over the wire, and what is refused of what comes back. */
final class ConnectionsTest {
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(2), Duration.ofMillis(300), 1024, Duration.ofMillis(600));

  private static Connections direct() {
    return by(null);
  }

  private static Connections by(@Nullable InetSocketAddress proxy) {
    return new Connections(
        PATIENCE,
        new Connections.Route() {
          @Override
          public @Nullable InetSocketAddress proxy(URI uri) {
            return proxy;
          }

          @Override
          public SSLSocketFactory tls() {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
          }
        });
  }

  private static Request get(String url) {
    return new Request("GET", URI.create(url), Map.of("Accept", "x/y"), null);
  }

  private static String body(Connections connections, Request request) throws IOException {
    try (Connections.Response response = connections.send(request, true)) {
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String sent(int length) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
  }

  @Test
  void oneConnectionServesRequestAfterRequest() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.saying(
                sent(3) + "one",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\ntw\r\n1\r\no\r\n0\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour");
        Connections connections = direct()) {
      assertThat(body(connections, get(server.url("/a?b=%20c")))).isEqualTo("one");
      assertThat(body(connections, get(server.url("/")))).isEqualTo("two");
      assertThat(body(connections, get(server.url("/")))).isEmpty();
      assertThat(body(connections, get(server.url("/")))).isEqualTo("four");
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.heads().getFirst())
          .isEqualTo(
              "GET /a?b=%20c HTTP/1.1\r\nHost: 127.0.0.1:"
                  + server.port()
                  + "\r\nAccept: x/y\r\n\r\n");
    }
  }

  @Test
  void connectionsThatSayCloseOrAreLeftHalfReadServeOnlyOnce() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.saying(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1",
                sent(2) + "22",
                sent(1) + "3");
        Connections connections = direct()) {
      assertThat(body(connections, get(server.url("/")))).isEqualTo("1");
      try (Connections.Response half = connections.send(get(server.url("/")), true)) {
        assertThat(half.body().read()).isEqualTo('2');
      }
      assertThat(body(connections, get(server.url("/")))).isEqualTo("3");
      assertThat(server.connections()).isEqualTo(3);
    }
  }

  @Test
  void connectionClosedWhileIdleIsReplacedUnlessTheRequestMayNotBeRepeated() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    try (ScriptedServer server =
            new ScriptedServer(
                (number, in, out) -> {
                  out.write((sent(1) + number).getBytes(StandardCharsets.UTF_8));
                  if (number == 0) {
                    answered.countDown();
                  }
                  return number != 0;
                });
        Connections connections = direct()) {
      assertThat(body(connections, get(server.url("/")))).isEqualTo("0");
      assertThat(answered.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(body(connections, get(server.url("/")))).isEqualTo("1");
      try (Connections.Response once =
          connections.send(
              new Request(
                  "POST", URI.create(server.url("/")), Map.of(), RequestBody.of(new byte[0])),
              false)) {
        assertThat(once.status()).isEqualTo(200);
      }
      assertThat(server.connections()).isEqualTo(3);
    }
  }

  @Test
  void whatIsCutOffIsNoAnswer() throws Exception {
    Map<String, Class<? extends IOException>> cut = new LinkedHashMap<>();
    cut.put("", ResponseHead.NothingCame.class);
    cut.put("HTTP/1.1 200 OK\r\nContent-Le", EOFException.class);
    cut.put(sent(3) + "ab", EOFException.class);
    cut.put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", EOFException.class);
    cut.put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", EOFException.class);
    for (Map.Entry<String, Class<? extends IOException>> each : cut.entrySet()) {
      try (ScriptedServer server =
              new ScriptedServer(
                  (number, in, out) -> {
                    out.write(each.getKey().getBytes(StandardCharsets.UTF_8));
                    return false;
                  });
          Connections connections = direct()) {
        assertThatThrownBy(() -> body(connections, get(server.url("/"))))
            .as(each.getKey())
            .isInstanceOf(each.getValue());
      }
    }
  }

  @Test
  void malformedAnswersAreRefused() throws Exception {
    for (String answer :
        new String[] {
          "SSH-2.0-server\r\n\r\n",
          "HTTP/1.1 2x0 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
          "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(201) + "\r\n",
          "HTTP/1.1 200 OK\r\na: " + "b".repeat(20_000) + "\r\n\r\n"
        }) {
      try (ScriptedServer server = ScriptedServer.saying(answer);
          Connections connections = direct()) {
        assertThatThrownBy(() -> body(connections, get(server.url("/"))))
            .as(answer)
            .isInstanceOf(ProtocolException.class);
      }
    }
  }

  @Test
  void peerThatDripsIsAsGoodAsSilent() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedServer server =
            new ScriptedServer(
                (number, in, out) -> {
                  out.write(sent(1000).getBytes(StandardCharsets.UTF_8));
                  for (int i = 0; i < 1000; i++) {
                    out.write('x');
                    out.flush();
                    try {
                      if (over.await(20, TimeUnit.MILLISECONDS)) {
                        return false;
                      }
                    } catch (InterruptedException stopped) {
                      return false;
                    }
                  }
                  return true;
                });
        Connections connections = direct()) {
      assertThatThrownBy(() -> body(connections, get(server.url("/"))))
          .isInstanceOf(SocketTimeoutException.class);
      over.countDown();
    }
  }

  @Test
  void serverThatTakesNoneOfABodyIsGivenUp() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedServer server =
            new ScriptedServer(
                (number, in, out) -> {
                  try {
                    over.await();
                  } catch (InterruptedException stopped) {
                    return false;
                  }
                  return false;
                });
        Connections connections = direct()) {
      Request large =
          new Request(
              "POST", URI.create(server.url("/")), Map.of(), RequestBody.of(new byte[32 << 20]));
      assertThatThrownBy(() -> connections.send(large, false))
          .isInstanceOf(SocketTimeoutException.class);
      over.countDown();
    }
  }

  @Test
  void answerToABodyThatWasNotReadToItsEndIsHeard() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                (number, in, out) -> {
                  out.write(
                      "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"
                          .getBytes(StandardCharsets.UTF_8));
                  out.flush();
                  in.skipNBytes(16 << 20);
                  return true;
                });
        Connections connections = direct()) {
      Request large =
          new Request(
              "POST", URI.create(server.url("/")), Map.of(), RequestBody.of(new byte[16 << 20]));
      try (Connections.Response response = connections.send(large, false)) {
        assertThat(response.status()).isEqualTo(413);
      }
      assertThat(server.heads().getFirst()).contains("\r\nContent-Length: 16777216\r\n");
    }
  }

  @Test
  void proxyIsToldTheWholeAddressAndAskedForATunnel() throws Exception {
    try (ScriptedServer proxy =
            ScriptedServer.saying(sent(2) + "ok", "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
        Connections connections = by(new InetSocketAddress("127.0.0.1", proxy.port()))) {
      assertThat(body(connections, get("http://registry.example/a"))).isEqualTo("ok");
      assertThatThrownBy(() -> body(connections, get("https://registry.example/a")))
          .hasMessageContaining("the proxy refuses with status 407");
      assertThat(proxy.heads().get(0)).startsWith("GET http://registry.example/a HTTP/1.1\r\n");
      assertThat(proxy.heads().get(1)).startsWith("CONNECT registry.example:443 HTTP/1.1\r\n");
    }
  }

  @Test
  void headersThatWouldAddALineAreNotSent() throws Exception {
    try (ScriptedServer server = ScriptedServer.saying(sent(0));
        Connections connections = direct()) {
      Request forged =
          new Request(
              "GET", URI.create(server.url("/")), Map.of("Authorization", "a\r\nX: y"), null);
      assertThatThrownBy(() -> connections.send(forged, true))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Authorization");
      assertThat(server.heads()).isEmpty();
    }
  }
}
