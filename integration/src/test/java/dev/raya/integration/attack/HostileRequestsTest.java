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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A client that sends what no client sends: paths that lead elsewhere, headers that contradict each
 * other, bodies that are too deep or too long. The registry refuses each with a status of its own
 * and answers the next honest request.
 */
@ExtendWith(Suite.Undisturbed.class)
@Execution(ExecutionMode.SAME_THREAD)
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
    headerTricks(requests);
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

  private static String raw(String head, String body) {
    return head + "\r\nConnection: close\r\n\r\n" + body;
  }

  /** Heads that two readers may read as two different requests. */
  private static void headerTricks(Map<String, String> requests) {
    String batch = "POST /index/batch HTTP/1.1\r\nHost: r\r\n";
    String hidden = "0\r\n\r\nGET /account HTTP/1.1\r\nHost: r\r\n\r\n";
    for (String coding :
        List.of(
            "xchunked", "chunked, identity", "identity, chunked", "\tchunked\u000b", "chu nked")) {
      requests.put(
          "the coding " + coding.strip(),
          raw(batch + "Transfer-Encoding: " + coding + "\r\nContent-Length: 2", hidden));
    }
    requests.put(
        "a coding twice",
        raw(batch + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", hidden));
    requests.put("a space before the colon", raw(batch + "Content-Length : 2", "{}"));
    requests.put("a folded length", raw(batch + "Content-Length:\r\n 2", "{}"));
    for (String length : List.of("-2", "+2", "0x2", "2, 40", "2 40", "99999999999999999999", "")) {
      requests.put("the length " + length, raw(batch + "Content-Length: " + length, "{}"));
    }
    requests.put(
        "a chunk of negative size",
        raw(batch + "Transfer-Encoding: chunked", "-2\r\n{}\r\n0\r\n\r\n"));
    requests.put(
        "a chunk beyond all sizes",
        raw(batch + "Transfer-Encoding: chunked", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"));
    requests.put("a NUL in a header", raw("GET /account HTTP/1.1\r\nHost: r\r\nX-A: a\u0000b", ""));
    requests.put(
        "a line end in a header",
        raw("GET /account HTTP/1.1\r\nHost: r\r\nX-A: a\rAuthorization: b", ""));
    requests.put("two hosts", raw("GET /account HTTP/1.1\r\nHost: r\r\nHost: evil.example", ""));
    requests.put("no host", "GET /account HTTP/1.1\r\nConnection: close\r\n\r\n");
    requests.put(
        "a thousand headers",
        raw("GET /account HTTP/1.1\r\nHost: r" + "\r\nX-A: b".repeat(10_000), ""));
    requests.put(
        "an unknown version", "GET /account HTTP/9.9\r\nHost: r\r\nConnection: close\r\n\r\n");
    requests.put("a method of its own", raw("EVIL /account HTTP/1.1\r\nHost: r", ""));
    requests.put("a tunnel", raw("CONNECT evil.example:443 HTTP/1.1\r\nHost: r", ""));
    requests.put(
        "a trace", raw("TRACE /account HTTP/1.1\r\nHost: r\r\nAuthorization: Bearer raya_x", ""));
  }

  /** Heads that claim to be somebody else, which mean nothing to a registry. */
  private static List<String> claims() {
    return List.of(
        "Host: evil.example",
        "Host: evil.example:99999",
        "Host: a b",
        "Host: registry/../../x",
        "Host: registry\r\nX-Forwarded-Host: evil.example",
        "Host: registry\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 1",
        "Host: registry\r\nX-Forwarded-For: 127.0.0.1\r\nX-Real-IP: 127.0.0.1",
        "Host: registry\r\nForwarded: host=evil.example;proto=https",
        "Host: registry\r\nX-Original-URL: /account\r\nX-Rewrite-URL: /account",
        "Host: registry\r\nX-HTTP-Method-Override: DELETE",
        "Host: registry\r\nX-Request-Id: evil\r\nX-Forwarded-Prefix: /evil");
  }

  @TestFactory
  List<DynamicTest> forgedHeadersChangeNoAnswer() throws IOException {
    List<DynamicTest> cases = new ArrayList<>();
    for (String path : List.of("/index/config.json", "/packages/tally", "/", "/no/such/page")) {
      String honest = body(answer(get(path)));
      for (String claim : claims()) {
        cases.add(
            DynamicTest.dynamicTest(
                path + " with " + claim.replaceAll("\\s+", " "),
                () -> {
                  String answer = answer(raw("GET " + path + " HTTP/1.1\r\n" + claim, ""));
                  if (status(answer) != 400) { // a host that is none may be refused
                    assertThat(body(answer)).isEqualTo(honest);
                  }
                  assertThat(answer).doesNotContainIgnoringCase("evil");
                }));
      }
    }
    return cases;
  }

  /** The body, without the number by which this one request is known. */
  private static String body(String answer) {
    return answer
        .substring(Math.max(0, answer.indexOf("\r\n\r\n")))
        .replaceAll("[0-9a-f]{8}-?[0-9a-f-]{12,}", "ID");
  }

  @TestFactory
  List<DynamicTest> noLineEndOfAnAddressReachesAHead() {
    List<DynamicTest> cases = new ArrayList<>();
    for (String path :
        List.of(
            "/packages/x%0d%0aSet-Cookie:%20evil=1",
            "/packages/x%0aSet-Cookie:%20evil=1",
            "/search?q=%0d%0aSet-Cookie:%20evil=1",
            "/blobs/%0d%0aSet-Cookie:%20evil=1",
            "/x%E5%98%8A%E5%98%8DSet-Cookie:%20evil=1",
            "/api/v1/packages/%0d%0aLocation:%20http:%2f%2fevil.example")) {
      cases.add(
          DynamicTest.dynamicTest(
              path,
              () -> {
                String answer = answer(get(path));
                String head = answer.substring(0, Math.max(0, answer.indexOf("\r\n\r\n")));
                assertThat(head.lines().skip(1))
                    .noneMatch(
                        line ->
                            line.regionMatches(true, 0, "Set-Cookie", 0, 10)
                                || line.contains("evil.example"));
                assertThat(status(answer)).as(answer).isLessThan(500);
                assertThat(status(answer(get("/index/config.json")))).isEqualTo(200);
              }));
    }
    return cases;
  }

  /** What stands behind the end of a request is the next one's, and answered as that alone. */
  @Test
  void whatIsHiddenInABodyIsNoRequest() throws IOException {
    String hidden = "GET /index/config.json HTTP/1.1\r\nHost: r\r\nX: ";
    String request =
        "POST /index/batch HTTP/1.1\r\nHost: r\r\nContent-Type: application/json\r\nContent-Length: "
            + hidden.length()
            + "\r\nConnection: close\r\n\r\n"
            + hidden;
    String answer = answer(request);
    assertThat(status(answer)).as(answer).isEqualTo(400);
    assertThat(answer.split("HTTP/1\\.1 ", -1)).as(answer).hasSize(2);
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
