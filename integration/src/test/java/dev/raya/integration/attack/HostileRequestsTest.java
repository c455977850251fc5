package dev.raya.integration.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.journey.Suite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A client that sends what no client sends: paths that lead elsewhere, headers that contradict each
 * other, bodies that are too deep or too long. The registry refuses each with a status of its own
 * and answers the next honest request.
 */
@ExtendWith(Suite.Extension.class)
final class HostileRequestsTest {
  private static final int MAX_ANSWER = 1 << 20;

  private static Suite suite;

  @BeforeAll
  static void start(Suite running) {
    suite = running;
  }

  private static String get(String path, String... headers) {
    StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: registry\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("Connection: close\r\n\r\n").toString();
  }

  private static String post(String path, String body, String... headers) {
    StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: registry\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request
        .append("Content-Type: application/json\r\nContent-Length: ")
        .append(body.getBytes(StandardCharsets.UTF_8).length)
        .append("\r\nConnection: close\r\n\r\n")
        .append(body)
        .toString();
  }

  private static String answer(String request) throws IOException {
    URI url = URI.create(suite.url());
    try (Socket socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout(20_000);
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0 && all.size() < MAX_ANSWER; n = in.read(buffer)) {
          all.write(buffer, 0, n);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
      } catch (java.net.SocketException hungUp) {
        return "HTTP/1.1 400 hung up";
      }
    }
  }

  private static int status(String answer) {
    String[] words = answer.split(" ", 3);
    return words.length > 1 && words[1].length() >= 3
        ? Integer.parseInt(words[1].substring(0, 3))
        : 400;
  }

  private static Map<String, String> requests() {
    Map<String, String> requests = new LinkedHashMap<>();
    for (String path :
        List.of(
            "/blobs/../keys/offline/root.json",
            "/blobs/%2e%2e/%2e%2e/etc/passwd",
            "/index/..%2f..%2f..%2fetc%2fpasswd",
            "/tuf/..%5c..%5ckeys",
            "/tuf/.%00./timestamp.json",
            "/log/tile/0/%2e%2e/%2e%2e/checkpoint",
            "/blobs/sha256/aa/" + "a".repeat(5000),
            "//etc/passwd",
            "/packages/../../x",
            "/index/con/nul/aux")) {
      requests.put("path " + path.substring(0, Math.min(40, path.length())), get(path));
    }
    requests.put("a token in the query", get("/account?token=raya_" + "0".repeat(40)));
    requests.put("a token without a scheme", get("/account", "Authorization: raya_x"));
    requests.put(
        "a token of megabytes", get("/account", "Authorization: Bearer " + "a".repeat(30_000)));
    requests.put(
        "two lengths",
        "POST /index/batch HTTP/1.1\r\nHost: r\r\nContent-Length: 2\r\nContent-Length: 40\r\nConnection: close\r\n\r\n{}");
    requests.put(
        "a length and chunks",
        "POST /index/batch HTTP/1.1\r\nHost: r\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n");
    requests.put(
        "JSON a thousand deep",
        post("/index/batch", "{\"names\":" + "[".repeat(1000) + "]".repeat(1000) + "}"));
    requests.put("a member twice", post("/index/batch", "{\"names\":[],\"names\":[]}"));
    requests.put(
        "a batch of two megabytes",
        post("/index/batch", "{\"names\":[" + " ".repeat(2 << 20) + "]}"));
    requests.put(
        "a batch of names that lead out",
        post("/index/batch", "{\"names\":[[\"../../etc\",0,0]]}"));
    requests.put(
        "a negative number of bytes held", post("/index/batch", "{\"names\":[[\"tally\",0,-1]]}"));
    requests.put("publishing without a token", post("/publish", "{}"));
    requests.put(
        "exchange of a token that is none",
        post("/tokens/exchange", "{\"jwt\":\"a.b.c\",\"package\":\"tally\",\"publicKey\":\"x\"}"));
    return requests;
  }

  @TestFactory
  List<DynamicTest> refusedAndAnsweredNext() {
    List<DynamicTest> cases = new ArrayList<>();
    requests()
        .forEach(
            (name, request) ->
                cases.add(
                    DynamicTest.dynamicTest(
                        name,
                        () -> {
                          String answer = answer(request);
                          assertThat(status(answer)).as(answer).isBetween(400, 499);
                          assertThat(answer).doesNotContain("root:x:", "Exception", "\tat ");
                          assertThat(status(answer(get("/index/config.json")))).isEqualTo(200);
                        })));
    return cases;
  }
}
