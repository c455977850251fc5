package dev.raya.integration.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.journey.Suite;
import dev.raya.integration.journey.TrustedPublishingJourneyTest;
import dev.raya.integration.journey.WorkflowIssuer;
import dev.raya.signing.key.SigningKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Tokens of a workflow's run, each with one trick in header, claims or signature, at the running
 * registry's exchange: refused, and the same token without the trick is taken.
 */
@ExtendWith(Suite.Undisturbed.class)
@Execution(ExecutionMode.SAME_THREAD)
final class IdTokenTricksTest {
  private static final String PACKAGE = "tricked-lib";

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final SigningKey KEY = SigningKey.generate(new SecureRandom());

  private static Suite suite;
  private static WorkflowIssuer issuer;

  @BeforeAll
  static void start(Suite running) throws Exception {
    suite = running;
    issuer = new WorkflowIssuer();
    TrustedPublishingJourneyTest.trust(suite.data().resolve("trust/oidc.json"), issuer);
    Programs owner = suite.newPublisher("tricked-owner");
    Programs.Outcome added =
        owner.run(
            suite.newFolder(), "raya-pm", TrustedPublishingJourneyTest.workflow(PACKAGE, issuer));
    assertThat(added.exit()).as(added.err()).isZero();
  }

  @AfterAll
  static void stop() {
    issuer.close();
  }

  private static HttpResponse<String> exchange(String jwt) throws Exception {
    String body =
        "{\"jwt\":\"%s\",\"package\":\"%s\",\"publicKey\":\"%s\"}"
            .formatted(jwt, PACKAGE, KEY.verificationKey().base64());
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(suite.url() + "/tokens/exchange"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** A token as it is made, its parts changed before they are signed. */
  private static String token(UnaryOperator<String> header, UnaryOperator<String> claims) {
    return issuer.signed(
        header.apply(WorkflowIssuer.HEADER), claims.apply(issuer.claims(suite.url())));
  }

  private static UnaryOperator<String> with(String member) {
    return object -> object.replaceFirst("\\{", "{" + member + ",");
  }

  private static UnaryOperator<String> instead(String pattern, String text) {
    return object -> {
      String changed = object.replaceFirst(pattern, text);
      assertThat(changed).as(pattern).isNotEqualTo(object);
      return changed;
    };
  }

  private static Map<String, UnaryOperator<String>> headers() {
    Map<String, UnaryOperator<String>> tricks = new LinkedHashMap<>();
    tricks.put("algorithm none", instead("EdDSA", "none"));
    tricks.put("algorithm NONE", instead("EdDSA", "NONE"));
    tricks.put("a MAC in the place of a signature", instead("EdDSA", "HS256"));
    tricks.put("another algorithm than the key's", instead("EdDSA", "RS256"));
    tricks.put("an unknown key", instead("\"k\"", "\"other\""));
    tricks.put("a key that is a path", instead("\"k\"", "\"../../keys/k\""));
    tricks.put("no key", instead(",\"kid\":\"k\"", ""));
    tricks.put("an algorithm twice", with("\"alg\":\"none\""));
    tricks.put("a key of its own", with("\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}"));
    tricks.put("an address of keys", with("\"jku\":\"http://127.0.0.1/keys\""));
    tricks.put("a certificate's address", with("\"x5u\":\"http://127.0.0.1/key\""));
    return tricks;
  }

  private static Map<String, UnaryOperator<String>> claims() {
    Map<String, UnaryOperator<String>> tricks = new LinkedHashMap<>();
    tricks.put("an audience twice", with("\"aud\":\"https://elsewhere.example\""));
    tricks.put(
        "two audiences", instead("\"aud\":(\"[^\"]*\")", "\"aud\":[$1,\"https://e.example\"]"));
    tricks.put("an audience with a slash", instead("\"aud\":\"([^\"]*)\"", "\"aud\":\"$1/\""));
    tricks.put("another audience", instead("\"aud\":\"[^\"]*\"", "\"aud\":\"sigstore\""));
    tricks.put("it expired two minutes ago", expires(-120));
    tricks.put("it never expires", instead("\"exp\":[0-9]+,", ""));
    tricks.put("it expires in a text", instead("\"exp\":([0-9]+)", "\"exp\":\"$1\""));
    tricks.put(
        "it expires beyond all times", instead("\"exp\":[0-9]+", "\"exp\":9007199254740991"));
    tricks.put("it is not valid yet", with("\"nbf\":4102444800"));
    tricks.put("it was made in the future", instead("\"iat\":[0-9]+", "\"iat\":4102444800"));
    tricks.put("it has no id", instead("\"jti\":\"[^\"]*\",", ""));
    tricks.put("an issuer with a slash", instead("\"iss\":\"([^\"]*)\"", "\"iss\":\"$1/\""));
    tricks.put(
        "an issuer nobody named", instead("\"iss\":\"[^\"]*\"", "\"iss\":\"http://127.0.0.1:9\""));
    tricks.put("another event", instead("\"push\"", "\"pull_request\""));
    tricks.put("another repository of that name", instead("\"42\"", "\"43\""));
    tricks.put("another name of that repository", instead("acme/http\"", "acme/HTTP\""));
    tricks.put("another owner of that name", instead("\"7\"", "\"8\""));
    tricks.put("another workflow", instead("release\\.yml", "Release.yml"));
    tricks.put("a branch named like a tag", instead("refs/tags/v", "refs/heads/v"));
    return tricks;
  }

  private static UnaryOperator<String> expires(int seconds) {
    return object -> {
      String exp = object.replaceAll(".*\"exp\":([0-9]+).*", "$1");
      return object.replace(exp, Long.toString(Long.parseLong(exp) - 300 + seconds));
    };
  }

  @TestFactory
  List<DynamicTest> refusedAndTakenWithoutTheTrick() {
    Map<String, String> tokens = new LinkedHashMap<>();
    headers().forEach((name, trick) -> tokens.put(name, token(trick, UnaryOperator.identity())));
    claims().forEach((name, trick) -> tokens.put(name, token(UnaryOperator.identity(), trick)));
    String honest = token(UnaryOperator.identity(), UnaryOperator.identity());
    String unsigned = honest.substring(0, honest.lastIndexOf('.') + 1);
    tokens.put("no signature", unsigned);
    tokens.put("half a signature", honest.substring(0, honest.length() - 43));
    tokens.put("a signature with padding", honest + "==");
    tokens.put("a fourth part", honest + ".e30");
    String another = token(UnaryOperator.identity(), UnaryOperator.identity());
    tokens.put(
        "another token's signature", unsigned + another.substring(another.lastIndexOf('.') + 1));
    List<DynamicTest> cases = new ArrayList<>();
    tokens.forEach(
        (name, jwt) ->
            cases.add(
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      HttpResponse<String> answer = exchange(jwt);
                      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
                      assertThat(answer.body()).contains("RAYA-REG-003").doesNotContain("\tat ");
                    })));
    return cases;
  }

  @Test
  void anHonestTokenIsTakenOnce() throws Exception {
    String jwt = token(UnaryOperator.identity(), UnaryOperator.identity());
    assertThat(exchange(jwt).statusCode()).isEqualTo(201);
    HttpResponse<String> again = exchange(jwt);
    assertThat(again.statusCode()).isEqualTo(403);
    assertThat(again.body()).contains("exchanged before");
    assertThat(exchange(token(with("\"nbf\":1"), UnaryOperator.identity())).statusCode())
        .as("another member of the header means nothing")
        .isEqualTo(201);
    assertThat(
            exchange(
                    token(
                        UnaryOperator.identity(), instead("\"aud\":(\"[^\"]*\")", "\"aud\":[$1]")))
                .statusCode())
        .as("one audience in a list")
        .isEqualTo(201);
  }
}
