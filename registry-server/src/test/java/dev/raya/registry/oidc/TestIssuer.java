package dev.raya.registry.oidc;

import com.sun.net.httpserver.HttpServer;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An OIDC issuer on loopback whose tokens are real: RS256, keys served as JSON. */
final class TestIssuer implements AutoCloseable {
  private static final int KEY_BITS = 2048;

  private final HttpServer server;
  private final AtomicInteger fetched = new AtomicInteger();
  private volatile KeyPair key;
  private volatile String keyId = "first";

  TestIssuer() throws IOException, GeneralSecurityException {
    this.key = generate();
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve(
        "/.well-known/openid-configuration",
        () -> Json.object().put("issuer", url()).put("jwks_uri", url() + "/keys").build());
    serve("/keys", this::keys);
    server.start();
  }

  private interface Document {
    Json.Obj get();
  }

  private void serve(String path, Document document) {
    server.createContext(
        path,
        exchange -> {
          fetched.incrementAndGet();
          byte[] body = CanonicalJson.bytes(document.get());
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private static KeyPair generate() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(KEY_BITS);
    return generator.generateKeyPair();
  }

  /** The issuer's URL. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How often it was asked for anything. */
  int fetched() {
    return fetched.get();
  }

  /** Signs with another key from now on. */
  void rotate() throws GeneralSecurityException {
    key = generate();
    keyId = "second";
  }

  private Json.Obj keys() {
    RSAPublicKey rsa = (RSAPublicKey) key.getPublic();
    return Json.object()
        .put(
            "keys",
            Json.array(
                List.of(
                    Json.object()
                        .put("kty", "RSA")
                        .put("kid", keyId)
                        .put("n", unsigned(rsa.getModulus()))
                        .put("e", unsigned(rsa.getPublicExponent()))
                        .build())))
        .build();
  }

  /** Claims of a run of {@code acme/http}'s release workflow, good for five minutes. */
  Map<String, Json> claims(String audience, String id) {
    long now = InstantSource.system().instant().getEpochSecond();
    Map<String, Json> claims = new TreeMap<>();
    claims.put("iss", Json.of(url()));
    claims.put("aud", Json.of(audience));
    claims.put("jti", Json.of(id));
    claims.put("iat", Json.of(now));
    claims.put("exp", Json.of(now + 300));
    claims.put("event_name", Json.of("push"));
    claims.put("repository", Json.of("acme/http"));
    claims.put("repository_id", Json.of("42"));
    claims.put("repository_owner", Json.of("acme"));
    claims.put("repository_owner_id", Json.of("7"));
    claims.put("job_workflow_ref", Json.of("acme/http/.github/workflows/release.yml@refs/heads/m"));
    claims.put("ref", Json.of("refs/tags/v1"));
    claims.put("run_id", Json.of("5"));
    claims.put("sha", Json.of("0123456789abcdef0123456789abcdef01234567"));
    return claims;
  }

  /** Claims of a job of {@code acme/tools/http}'s pipeline at GitLab, good for five minutes. */
  Map<String, Json> gitlabClaims(String audience, String id) {
    Map<String, Json> claims = claims(audience, id);
    claims.keySet().retainAll(List.of("iss", "aud", "jti", "iat", "exp", "sha"));
    claims.put("sub", Json.of("project_path:acme/tools/http:ref_type:tag:ref:v1"));
    claims.put("namespace_id", Json.of("7"));
    claims.put("namespace_path", Json.of("acme/tools"));
    claims.put("project_id", Json.of("42"));
    claims.put("project_path", Json.of("acme/tools/http"));
    claims.put("pipeline_source", Json.of("push"));
    claims.put("job_id", Json.of("99"));
    claims.put("ref", Json.of("v1"));
    claims.put("ref_type", Json.of("tag"));
    claims.put("ref_path", Json.of("refs/tags/v1"));
    claims.put(
        "ci_config_ref_uri",
        Json.of("gitlab.example/acme/tools/http//.gitlab-ci.yml@refs/tags/v1"));
    return claims;
  }

  /** A signed token. */
  String sign(Map<String, Json> claims) throws GeneralSecurityException {
    String body =
        encode(Json.object().put("alg", "RS256").put("kid", keyId).build())
            + '.'
            + encode(new Json.Obj(claims));
    Signature signer = Signature.getInstance("SHA256withRSA");
    signer.initSign(key.getPrivate());
    signer.update(body.getBytes(StandardCharsets.US_ASCII));
    return body + '.' + base64(signer.sign());
  }

  private static String encode(Json.Obj json) {
    return base64(CanonicalJson.bytes(json));
  }

  private static String unsigned(BigInteger value) {
    byte[] bytes = value.toByteArray();
    return base64(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
