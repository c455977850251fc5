package dev.raya.signing.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class IdTokenTest {
  private static final String ISSUER = "https://ci.example";
  private static final String AUDIENCE = "https://registry.example";
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final KeyPair RSA = pair("RSA", 2048);
  private static final KeyPair EC = curve();
  private static final KeyPair ED = pair("Ed25519", 0);

  private static KeyPair pair(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (size > 0) {
        generator.initialize(size);
      }
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair curve() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String fixed(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] octets = new byte[32];
    int skip = Math.max(0, bytes.length - 32);
    System.arraycopy(bytes, skip, octets, 32 - (bytes.length - skip), bytes.length - skip);
    return UrlBase64.encode(octets);
  }

  private static String unsigned(BigInteger value) {
    byte[] bytes = value.toByteArray();
    return UrlBase64.encode(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }

  private static byte[] keys() {
    RSAPublicKey rsa = (RSAPublicKey) RSA.getPublic();
    ECPublicKey ec = (ECPublicKey) EC.getPublic();
    byte[] spki = ((EdECPublicKey) ED.getPublic()).getEncoded();
    return ("{\"keys\":["
            + "{\"kty\":\"RSA\",\"kid\":\"r\",\"use\":\"sig\",\"alg\":\"RS256\",\"n\":\""
            + unsigned(rsa.getModulus())
            + "\",\"e\":\""
            + unsigned(rsa.getPublicExponent())
            + "\"},{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e\",\"x\":\""
            + fixed(ec.getW().getAffineX())
            + "\",\"y\":\""
            + fixed(ec.getW().getAffineY())
            + "\"},{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"d\",\"x\":\""
            + UrlBase64.encode(Arrays.copyOfRange(spki, 12, 44))
            + "\"},{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"AAAA\"},"
            + "{\"kty\":\"RSA\",\"kid\":\"enc\",\"use\":\"enc\",\"n\":\"AQ\",\"e\":\"AQAB\"}]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, String> claims() {
    Map<String, String> claims = new TreeMap<>();
    claims.put("iss", '"' + ISSUER + '"');
    claims.put("aud", '"' + AUDIENCE + '"');
    claims.put("jti", "\"one\"");
    claims.put("iat", String.valueOf(NOW.getEpochSecond()));
    claims.put("nbf", String.valueOf(NOW.getEpochSecond() - 5));
    claims.put("exp", String.valueOf(NOW.getEpochSecond() + 300));
    claims.put("event_name", "\"push\"");
    claims.put("repository", "\"acme/http\"");
    claims.put("repository_owner", "\"acme\"");
    claims.put("repository_owner_id", "\"7\"");
    claims.put("repository_id", "\"42\"");
    claims.put("job_workflow_ref", "\"acme/http/.github/workflows/release.yml@refs/tags/v1.0.0\"");
    claims.put("ref", "\"refs/tags/v1.0.0\"");
    claims.put("sha", "\"0123abcd\"");
    return claims;
  }

  private static String json(Map<String, String> members) {
    StringBuilder text = new StringBuilder("{");
    members.forEach(
        (name, value) ->
            text.append(text.length() > 1 ? "," : "").append('"' + name + "\":" + value));
    return text.append('}').toString();
  }

  private static String sign(String header, String claims, KeyPair pair, String jca)
      throws Exception {
    String body =
        UrlBase64.encode(header.getBytes(StandardCharsets.UTF_8))
            + '.'
            + UrlBase64.encode(claims.getBytes(StandardCharsets.UTF_8));
    Signature signer = Signature.getInstance(jca);
    signer.initSign(pair.getPrivate());
    signer.update(body.getBytes(StandardCharsets.US_ASCII));
    return body + '.' + UrlBase64.encode(signer.sign());
  }

  private static String rsa(Map<String, String> claims) throws Exception {
    return sign("{\"alg\":\"RS256\",\"kid\":\"r\"}", json(claims), RSA, "SHA256withRSA");
  }

  private static void verify(String token) throws IdTokenException {
    IdToken.read(token).verify(IssuerKeys.read(keys()), AUDIENCE, NOW);
  }

  private static void refuse(String token, String why) {
    assertThatThrownBy(() -> verify(token))
        .isInstanceOf(IdTokenException.class)
        .hasMessageContaining(why);
  }

  @Test
  void tokensOfEachAlgorithmAreTaken() throws Exception {
    verify(rsa(claims()));
    verify(
        sign(
            "{\"alg\":\"ES256\",\"kid\":\"e\"}",
            json(claims()),
            EC,
            "SHA256withECDSAinP1363Format"));
    verify(sign("{\"alg\":\"EdDSA\",\"kid\":\"d\"}", json(claims()), ED, "Ed25519"));
  }

  @Test
  void tricksWithTheAlgorithmAndTheKeyAreRefused() throws Exception {
    String body =
        UrlBase64.encode("{\"alg\":\"none\",\"kid\":\"r\"}".getBytes(StandardCharsets.UTF_8))
            + '.'
            + UrlBase64.encode(json(claims()).getBytes(StandardCharsets.UTF_8));
    refuse(body + '.', "expected RS256");
    refuse(body, "three parts");
    // The public key as a shared secret.
    String head =
        UrlBase64.encode("{\"alg\":\"HS256\",\"kid\":\"r\"}".getBytes(StandardCharsets.UTF_8))
            + '.'
            + UrlBase64.encode(json(claims()).getBytes(StandardCharsets.UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(RSA.getPublic().getEncoded(), "HmacSHA256"));
    refuse(
        head + '.' + UrlBase64.encode(mac.doFinal(head.getBytes(StandardCharsets.US_ASCII))),
        "expected RS256");
    for (String header : new String[] {"jwk", "jku", "x5u", "x5c", "crit"}) {
      refuse(
          sign(
              "{\"alg\":\"RS256\",\"kid\":\"r\",\"" + header + "\":\"https://evil.example\"}",
              json(claims()),
              RSA,
              "SHA256withRSA"),
          header);
    }
    refuse(
        sign("{\"alg\":\"RS256\",\"kid\":\"e\"}", json(claims()), RSA, "SHA256withRSA"),
        "its key is for ES256");
    refuse(
        sign("{\"alg\":\"RS256\",\"kid\":\"x\"}", json(claims()), RSA, "SHA256withRSA"),
        "no key \"x\"");
    refuse(
        sign(
            "{\"alg\":\"RS256\",\"kid\":\"r\"}",
            json(claims()),
            pair("RSA", 2048),
            "SHA256withRSA"),
        "signature");
    refuse(
        sign(
            "{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"r\"}",
            json(claims()),
            RSA,
            "SHA256withRSA"),
        "malformed");
    refuse("a".repeat(IdToken.MAX_LENGTH + 1), "longer");
    refuse(rsa(claims()) + '=', "Base64");
  }

  @Test
  void audienceAndTimesMustHold() throws Exception {
    Map<String, String> several = claims();
    several.put("aud", "[\"" + AUDIENCE + "\",\"https://other.example\"]");
    refuse(rsa(several), "alone");
    several.put("aud", "[\"" + AUDIENCE + "\"]");
    verify(rsa(several));
    several.put("aud", "\"" + AUDIENCE + "/\"");
    refuse(rsa(several), "alone");
    Map<String, String> late = claims();
    late.put("exp", String.valueOf(NOW.getEpochSecond() - 59));
    verify(rsa(late));
    late.put("exp", String.valueOf(NOW.getEpochSecond() - 60));
    refuse(rsa(late), "expired");
    late.remove("exp");
    refuse(rsa(late), "exp");
    Map<String, String> early = claims();
    early.put("nbf", String.valueOf(NOW.getEpochSecond() + 61));
    refuse(rsa(early), "valid from");
    Map<String, String> future = claims();
    future.put("iat", String.valueOf(NOW.getEpochSecond() + 61));
    refuse(rsa(future), "made at");
    Map<String, String> odd = claims();
    odd.put("exp", "1e300");
    refuse(rsa(odd), "malformed");
  }

  @Test
  void noFlippedBitOfATokenIsTaken() throws Exception {
    char[] token = rsa(claims()).toCharArray();
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      char[] changed = token.clone();
      int at = random.nextInt(changed.length);
      changed[at] = (char) (changed[at] ^ (1 << random.nextInt(7)));
      assertThatThrownBy(() -> verify(new String(changed))).isInstanceOf(IdTokenException.class);
    }
  }

  @Test
  void claimsNameTheWorkflow() throws Exception {
    Identity.Oidc run = CiService.GITHUB.identity(IdToken.read(rsa(claims())), null);
    assertThat(run)
        .isEqualTo(
            new Identity.Oidc(
                ISSUER,
                "acme",
                "7",
                "http",
                "42",
                ".github/workflows/release.yml",
                "refs/tags/v1.0.0",
                null,
                "0123abcd",
                null));
    Map<String, String> reusable = claims();
    reusable.put("job_workflow_ref", "\"other/tools/.github/workflows/x.yml@refs/heads/main\"");
    assertThat(CiService.GITHUB.identity(IdToken.read(rsa(reusable)), null).workflow())
        .isEqualTo("other/tools/.github/workflows/x.yml");
    for (String event : new String[] {"pull_request", "pull_request_target"}) {
      Map<String, String> foreign = claims();
      foreign.put("event_name", '"' + event + '"');
      String token = rsa(foreign);
      assertThatThrownBy(() -> CiService.GITHUB.identity(IdToken.read(token), null))
          .hasMessageContaining(event);
    }
    Map<String, String> liar = claims();
    liar.put("repository", "\"acme-evil/http\"");
    String token = rsa(liar);
    assertThatThrownBy(() -> CiService.GITHUB.identity(IdToken.read(token), null))
        .hasMessageContaining("not of the owner");
  }

  @Test
  void claimsOfTheOtherServiceNameTheWorkflowToo() throws Exception {
    Map<String, String> claims = claims();
    claims.put("pipeline_source", "\"push\"");
    claims.put("project_path", "\"acme/deep/http\"");
    claims.put("namespace_path", "\"acme/deep\"");
    claims.put("namespace_id", "\"9\"");
    claims.put("project_id", "\"10\"");
    claims.put(
        "ci_config_ref_uri", "\"ci.example/acme/deep/http//.gitlab-ci.yml@refs/heads/main\"");
    claims.put("ref_path", "\"refs/heads/main\"");
    claims.put("environment", "\"release\"");
    SigningKey key = SigningKey.ofSeed(new byte[32]);
    Identity.Oidc run = CiService.GITLAB.identity(IdToken.read(rsa(claims)), key.verificationKey());
    assertThat(run.owner()).isEqualTo("acme/deep");
    assertThat(run.repository()).isEqualTo("http");
    assertThat(run.workflow()).isEqualTo(".gitlab-ci.yml");
    assertThat(run.environment()).isEqualTo("release");
    assertThat(run.key()).isEqualTo(key.verificationKey());
  }

  @Test
  void aPublisherAdmitsItsWorkflowOnly() {
    Identity.Oidc publisher = oidc("7", "42", "release.yml", "refs/tags/v*", null);
    assertThat(publisher.admits(oidc("7", "42", "release.yml", "refs/tags/v1.0.0", "prod")))
        .isTrue();
    assertThat(publisher.admits(oidc("7", "42", "release.yml", "refs/tags/v1/x", null))).isFalse();
    assertThat(publisher.admits(oidc("7", "42", "release.yml", "refs/heads/v1", null))).isFalse();
    assertThat(publisher.admits(oidc("8", "42", "release.yml", "refs/tags/v1", null))).isFalse();
    assertThat(publisher.admits(oidc("7", "43", "release.yml", "refs/tags/v1", null))).isFalse();
    assertThat(publisher.admits(oidc("7", "42", "ci.yml", "refs/tags/v1", null))).isFalse();
    Identity.Oidc guarded = oidc("7", "42", "release.yml", "*/*/v1.*", "prod");
    assertThat(guarded.admits(oidc("7", "42", "release.yml", "refs/tags/v1.2", "prod"))).isTrue();
    assertThat(guarded.admits(oidc("7", "42", "release.yml", "refs/tags/v1.2", null))).isFalse();
    assertThat(guarded.admits(oidc("7", "42", "release.yml", "refs/tags/x/v1.2", "prod")))
        .isFalse();
  }

  private static Identity.Oidc oidc(
      String owner, String repository, String workflow, String ref, @Nullable String environment) {
    return new Identity.Oidc(ISSUER, "acme", owner, "http", repository, workflow, ref, environment);
  }

  @Test
  void documentsOfIssuersAreReadStrictly() throws Exception {
    TrustedIssuers issuers =
        new TrustedIssuers(List.of(new TrustedIssuers.Issuer(ISSUER, CiService.FORGEJO)));
    assertThat(TrustedIssuers.read(issuers.bytes())).isEqualTo(issuers);
    assertThat(issuers.find(ISSUER + '/')).isEmpty();
    for (String document :
        new String[] {
          "{}",
          "{\"schema\":\"raya/oidc/2\",\"issuers\":[]}",
          "{\"schema\":\"raya/oidc/1\",\"issuers\":[{\"issuer\":\"http://ci.example\",\"service\":\"github\"}]}",
          "{\"schema\":\"raya/oidc/1\",\"issuers\":[{\"issuer\":\"https://ci.example\",\"service\":\"x\"}]}"
        }) {
      assertThatThrownBy(() -> TrustedIssuers.read(document.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IdTokenException.class);
    }
    for (String document :
        new String[] {
          "{\"keys\":[]}",
          "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
          "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"e\",\"x\":\""
              + UrlBase64.encode(new byte[32])
              + "\",\"y\":\""
              + UrlBase64.encode(new byte[32])
              + "\"}]}",
          "[]"
        }) {
      assertThatThrownBy(() -> IssuerKeys.read(document.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IdTokenException.class);
    }
  }

  @Test
  void claimsThatNameNoWorkflowAreRefused() throws Exception {
    Map<String, String> claims = claims();
    claims.put("pipeline_source", "\"push\"");
    claims.put("project_path", "\"acme/http\"");
    claims.put("namespace_path", "\"acme\"");
    claims.put("namespace_id", "\"9\"");
    claims.put("project_id", "\"10\"");
    claims.put("ci_config_ref_uri", "\"ci.example/acme/http//ci.yml@refs/heads/main\"");
    claims.put("ref_path", "\"refs/heads/main\"");
    for (CiService service : CiService.values()) {
      assertThat(CiService.of(service.id())).contains(service);
      service.identity(IdToken.read(rsa(claims)), null);
    }
    assertThat(CiService.of("GitHub")).isEmpty();
    for (List<String> wrong :
        List.of(
            List.of("repository_id", "\"4x2\"", "expected a number in repository_id"),
            List.of("job_workflow_ref", "\"acme/http/release.yml\"", "and its reference"),
            List.of("sha", "null", "sha"))) {
      unnamed(CiService.FORGEJO, claims, wrong);
    }
    for (List<String> wrong :
        List.of(
            List.of("project_path", "\"acme-evil/http\"", "not of the group acme"),
            List.of("project_id", "\"-10\"", "expected a number in project_id"),
            List.of("ci_config_ref_uri", "\"ci.yml\"", "and its reference"),
            List.of("pipeline_source", "\"merge_request_event\"", "may not publish"))) {
      unnamed(CiService.GITLAB, claims, wrong);
    }
  }

  private static void unnamed(CiService service, Map<String, String> good, List<String> wrong)
      throws Exception {
    Map<String, String> claims = new TreeMap<>(good);
    claims.put(wrong.get(0), wrong.get(1));
    String token = rsa(claims);
    assertThatThrownBy(() -> service.identity(IdToken.read(token), null))
        .as(wrong.get(0))
        .isInstanceOf(IdTokenException.class)
        .hasMessageContaining(wrong.get(2));
  }

  @Test
  void setsOfKeysAreBoundedAndNameEachKeyOnce() throws Exception {
    assertThat(IssuerKeys.read(keys()).has("e")).isTrue();
    assertThat(IssuerKeys.read(keys()).has("enc")).isFalse();
    String document = new String(keys(), StandardCharsets.UTF_8);
    String many = "{\"kty\":\"oct\"},".repeat(64);
    for (List<String> wrong :
        List.of(
            List.of(document.replace("\"kid\":\"e\"", "\"kid\":\"r\""), "two keys have the id r"),
            List.of(document.replace("{\"keys\":[", "{\"keys\":[" + many), "at most 64 keys"),
            List.of(document + " ".repeat(IssuerKeys.MAX_BYTES), "larger than"))) {
      assertThatThrownBy(() -> IssuerKeys.read(wrong.get(0).getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(IdTokenException.class)
          .hasMessageContaining(wrong.get(1));
    }
  }
}
