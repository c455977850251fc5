package dev.raya.integration.journey;

import com.sun.net.httpserver.HttpServer;
import dev.raya.signing.key.SigningKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A CI service on loopback: it gives its workflow's runs ID tokens, signed with Ed25519, for the
 * audience that they ask for, to whoever shows the run's secret.
 */
public final class WorkflowIssuer implements AutoCloseable {
  static final String SECRET = "secret-of-the-run";

  /** The header of its tokens. */
  public static final String HEADER = "{\"alg\":\"EdDSA\",\"kid\":\"k\"}";

  private final SigningKey key = SigningKey.generate(new SecureRandom());
  private final AtomicInteger tokens = new AtomicInteger();
  private final HttpServer server;
  private volatile String ref = "refs/tags/v1.0.0";
  private volatile String commit = "0123456789abcdef0123456789abcdef01234567";

  /** Starts one on loopback. */
  public WorkflowIssuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body;
          int status = 200;
          switch (exchange.getRequestURI().getPath()) {
            case "/.well-known/openid-configuration" ->
                body = utf8("{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/keys\"}");
            case "/keys" ->
                body =
                    utf8(
                        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\""
                            + base64(key.verificationKey().raw())
                            + "\"}]}");
            case "/token" -> {
              boolean known =
                  ("Bearer " + SECRET)
                      .equals(exchange.getRequestHeaders().getFirst("Authorization"));
              status = known ? 200 : 403;
              String query = exchange.getRequestURI().getRawQuery();
              String audience =
                  URLDecoder.decode(
                      query.substring(query.indexOf("audience=") + 9), StandardCharsets.UTF_8);
              body = utf8(known ? "{\"value\":\"" + token(audience) + "\"}" : "{}");
            }
            default -> {
              status = 404;
              body = new byte[0];
            }
          }
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  /** Its address, which its tokens name. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Where a run asks for its token. */
  String tokenAddress() {
    return url() + "/token?api-version=2";
  }

  /** Runs the workflow on another reference from now on. */
  void on(String other) {
    ref = other;
  }

  /** Runs the workflow on another commit from now on. */
  void at(String other) {
    commit = other;
  }

  private String token(String audience) {
    return signed(HEADER, claims(audience));
  }

  /** A token over any header and claims, as text, that the issuer's key signs. */
  public String signed(String header, String claims) {
    String signed = base64(utf8(header)) + '.' + base64(utf8(claims));
    return signed + '.' + base64(key.sign(signed.getBytes(StandardCharsets.US_ASCII)));
  }

  /** What the run's next token claims. */
  public String claims(String audience) {
    long now = InstantSource.system().instant().getEpochSecond();
    return "{\"iss\":\"%s\",\"aud\":\"%s\",\"jti\":\"run-%d\",\"iat\":%d,\"exp\":%d,\"event_name\":\"push\","
            .formatted(url(), audience, tokens.incrementAndGet(), now, now + 300)
        + "\"repository\":\"acme/http\",\"repository_id\":\"42\",\"repository_owner\":\"acme\","
        + "\"repository_owner_id\":\"7\",\"sub\":\"repo:acme/http\",\"sha\":\""
        + commit
        + "\","
        + "\"job_workflow_ref\":\"acme/http/.github/workflows/release.yml@refs/heads/main\","
        + "\"ref\":\""
        + ref
        + "\"}";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
