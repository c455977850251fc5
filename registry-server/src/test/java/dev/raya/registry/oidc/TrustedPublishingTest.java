package dev.raya.registry.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.Parts;
import dev.raya.registry.publish.TestPackage;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.oidc.CiService;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class TrustedPublishingTest extends TrustedIssuerCase {
  private static final AtomicInteger IDS = new AtomicInteger();

  private final SigningKey ephemeral = SigningKey.generate(new SecureRandom());

  TrustedPublishingTest() {
    super(CiService.GITHUB);
  }

  private String publisher(String ref) {
    return CanonicalJson.text(
        Json.object()
            .put("issuer", issuer().url())
            .put("owner", "acme")
            .put("ownerId", "7")
            .put("repository", "http")
            .put("repositoryId", "42")
            .put("workflow", ".github/workflows/release.yml")
            .put("ref", ref)
            .build());
  }

  private static String id() {
    return "id-" + IDS.incrementAndGet();
  }

  private Client.Answer exchange(String name, String jwt) throws Exception {
    return Client.anonymous(base())
        .post(
            "tokens/exchange",
            CanonicalJson.text(
                Json.object()
                    .put("jwt", jwt)
                    .put("package", name)
                    .put("publicKey", ephemeral.verificationKey().base64())
                    .build()));
  }

  private String jwt() throws Exception {
    return issuer().sign(issuer().claims(RunningRegistry.ORIGIN, id()));
  }

  private Client run(String name) throws Exception {
    Client.Answer answer = exchange(name, jwt());
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return Client.with(base(), answer.member("token"));
  }

  private static void refused(Client.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.member("code")).isEqualTo(code);
  }

  private static void added(Client.Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("Raya-Changed")).isEqualTo("true");
  }

  @Test
  void aTrustedWorkflowPublishesOneVersionWithItsOwnKey() throws Exception {
    Client ann = Client.publisher(base(), "tp-ann");
    assertThat(ann.publish(TestPackage.of("tp-lib", "1.0.0")).status()).isEqualTo(201);
    added(ann.post("packages/tp-lib/publishers", publisher("refs/tags/v*")));
    assertThat(
            ann.post("packages/tp-lib/publishers", publisher("refs/tags/v*"))
                .header("Raya-Changed"))
        .isEqualTo("false");
    Client run = run("tp-lib");
    // Another key than the one that was named, a second version, anything but publishing.
    refused(run.publish(TestPackage.of("tp-lib", "1.1.0")), 422, "RAYA-REG-011");
    Client.Answer published = run.publish(TestPackage.of("tp-lib", "1.1.0").parts(ephemeral));
    assertThat(published.status()).as(published.text()).isEqualTo(201);
    assertThat(CanonicalJson.text(published.value("leaf")))
        .contains(
            "\"kind\":\"oidc\"",
            "\"publicKey\":\"" + ephemeral.verificationKey().base64() + '"',
            "\"sha\":\"0123456789abcdef0123456789abcdef01234567\"",
            "\"ref\":\"refs/tags/v1\"");
    assertThat(run.publish(TestPackage.of("tp-lib", "1.1.0").parts(ephemeral)).status())
        .isEqualTo(200);
    refused(run.publish(TestPackage.of("tp-lib", "1.2.0").parts(ephemeral)), 403, "RAYA-REG-003");
    refused(run.publish(TestPackage.of("tp-other", "1.0.0").parts(ephemeral)), 403, "RAYA-REG-003");
    refused(run.post("tokens", "{\"scopes\":[\"publish\"]}"), 403, "RAYA-REG-003");
    refused(run.put("packages/tp-lib/tags/next", "{\"version\":\"1.0.0\"}"), 403, "RAYA-REG-003");
    refused(run.post("packages/tp-lib/publishers", publisher("refs/heads/x")), 403, "RAYA-REG-003");
    assertThat(ann.get("p/tp-lib").text()).contains("oidc");
  }

  @Test
  void whatAWorkflowStagedAnOwnerPromotesThoughTokensAreClosed() throws Exception {
    Client ann = Client.publisher(base(), "tp-stage");
    assertThat(ann.publish(TestPackage.of("tp-stage", "1.0.0")).status()).isEqualTo(201);
    added(ann.post("packages/tp-stage/publishers", publisher("refs/tags/v*")));
    added(ann.put("packages/tp-stage/publishers", "{\"tokenPublishing\":false}"));
    Client run = run("tp-stage");
    Parts parts = TestPackage.of("tp-stage", "1.1.0").staged(ephemeral, Map.of());
    Client.Answer staged = run.publish(parts);
    assertThat(staged.status()).as(staged.text()).isEqualTo(202);
    assertThat(run.publish(parts).body()).isEqualTo(staged.body());
    TestPackage next = TestPackage.of("tp-stage", "1.2.0");
    refused(run.publish(next.staged(ephemeral, Map.of())), 403, "RAYA-REG-003");
    refused(run.post("packages/tp-stage/1.1.0/promote", ""), 403, "RAYA-REG-003");
    Client.Answer promoted = ann.post("packages/tp-stage/1.1.0/promote", "");
    assertThat(promoted.status()).as(promoted.text()).isEqualTo(200);
    assertThat(CanonicalJson.text(promoted.value("leaf")))
        .contains("\"kind\":\"oidc\"", ephemeral.verificationKey().base64());
    refused(run.publish(next.parts(ephemeral)), 403, "RAYA-REG-003");
    assertThat(run.publish(parts).status()).isEqualTo(200);
  }

  @Test
  void ownersCloseTokensAndTakeTrustBack() throws Exception {
    Client ann = Client.publisher(base(), "tp-close");
    assertThat(ann.publish(TestPackage.of("tp-close", "1.0.0")).status()).isEqualTo(201);
    refused(
        ann.put("packages/tp-close/publishers", "{\"tokenPublishing\":false}"),
        403,
        "RAYA-REG-003");
    added(ann.post("packages/tp-close/publishers", publisher("refs/tags/v*")));
    added(ann.put("packages/tp-close/publishers", "{\"tokenPublishing\":false}"));
    refused(ann.publish(TestPackage.of("tp-close", "1.1.0")), 403, "RAYA-REG-003");
    Client run = run("tp-close");
    Client.Answer publishers = ann.get("packages/tp-close/publishers");
    assertThat(publishers.text()).contains("\"tokenPublishing\":false");
    String document = publishers.text();
    String id = document.replaceFirst("(?s).*\"id\":\"([0-9a-f]{16})\".*", "$1");
    added(ann.delete("packages/tp-close/publishers/" + id));
    refused(run.publish(TestPackage.of("tp-close", "1.1.0").parts(ephemeral)), 403, "RAYA-REG-003");
    refused(exchange("tp-close", jwt()), 403, "RAYA-REG-003");
    refused(ann.delete("packages/tp-close/publishers/" + id), 404, "RAYA-REG-004");
    refused(
        ann.delete("packages/tp-close/publishers/" + ann.key().verificationKey().keyId().hex()),
        403,
        "RAYA-REG-003");
  }

  @Test
  void aPendingPublisherMakesTheFirstVersion() throws Exception {
    Client bob = Client.with(base(), Client.token("tp-bob"));
    Client.Answer pending = bob.post("packages/tp-new/publishers", publisher("refs/tags/v*"));
    added(pending);
    assertThat(pending.member("pending")).isEqualTo("true");
    assertThat(bob.get("publishers").text()).contains("\"name\":\"tp-new\"", "\"pending\":true");
    Client run = run("tp-new");
    Client.Answer published = run.publish(TestPackage.of("tp-new", "1.0.0").parts(ephemeral));
    assertThat(published.status()).as(published.text()).isEqualTo(201);
    assertThat(bob.get("publishers").text()).doesNotContain("tp-new");
    refused(run.get("publishers"), 403, "RAYA-REG-003");
    assertThat(bob.get("packages/tp-new/owners").text()).contains("tp-bob");
    assertThat(run("tp-new").publish(TestPackage.of("tp-new", "1.0.1").parts(ephemeral)).status())
        .isEqualTo(201);
  }

  @Test
  void whoWaitsForANameThatAnotherTakesWaitsInVain() throws Exception {
    Client thief = Client.with(base(), Client.token("tp-thief"));
    added(thief.post("packages/tp-mine/publishers", publisher("refs/tags/v*")));
    Client owner = Client.publisher(base(), "tp-owner");
    assertThat(owner.publish(TestPackage.of("tp-mine", "1.0.0")).status()).isEqualTo(201);
    refused(exchange("tp-mine", jwt()), 403, "RAYA-REG-003");
    added(owner.post("packages/tp-mine/publishers", publisher("refs/tags/v*")));
    assertThat(run("tp-mine").publish(TestPackage.of("tp-mine", "1.1.0").parts(ephemeral)).status())
        .isEqualTo(201);
    assertThat(owner.get("packages/tp-mine/owners").text()).doesNotContain("tp-thief");
    // Two accounts that wait with the same workflow: neither gets the name by it.
    added(thief.post("packages/tp-two/publishers", publisher("refs/tags/v*")));
    added(owner.post("packages/tp-two/publishers", publisher("refs/tags/v*")));
    refused(
        run("tp-two").publish(TestPackage.of("tp-two", "1.0.0").parts(ephemeral)),
        403,
        "RAYA-REG-003");
  }

  @Test
  void aTokenIsTakenOnceAndOnlyFromWhomItIsFor() throws Exception {
    Client ann = Client.publisher(base(), "tp-once");
    assertThat(ann.publish(TestPackage.of("tp-once", "1.0.0")).status()).isEqualTo(201);
    added(ann.post("packages/tp-once/publishers", publisher("refs/tags/v*")));
    String jwt = jwt();
    assertThat(exchange("tp-once", jwt).status()).isEqualTo(201);
    refused(exchange("tp-once", jwt), 403, "RAYA-REG-003");
    refuse("tp-once", claims -> claims.put("aud", Json.of("https://other.example")));
    refuse("tp-once", claims -> claims.put("iss", Json.of("https://evil.example")));
    refuse("tp-once", claims -> claims.put("ref", Json.of("refs/heads/main")));
    refuse("tp-once", claims -> claims.put("repository_id", Json.of("43")));
    refuse("tp-once", claims -> claims.put("repository_owner_id", Json.of("8")));
    refuse("tp-once", claims -> claims.put("event_name", Json.of("pull_request_target")));
    refuse("tp-once", claims -> claims.put("exp", Json.of(1_000_000_000L)));
    refuse(
        "tp-once",
        claims ->
            claims.put(
                "job_workflow_ref",
                Json.of("evil/http/.github/workflows/release.yml@refs/heads/m")));
    // Numbers that fit do not make up for names that do not, nor the other way round.
    refuse("tp-once", claims -> claims.put("repository", Json.of("acme/http2")));
    refuse(
        "tp-once",
        claims -> {
          claims.put("repository_owner", Json.of("evil"));
          claims.put("repository", Json.of("evil/http"));
        });
    refuse(
        "tp-once",
        claims ->
            claims.put(
                "job_workflow_ref", Json.of("acme/http/.github/workflows/other.yml@refs/heads/m")));
    refuse("tp-once", claims -> claims.put("ref", Json.of("refs/tags/v1/x")));
    refuse("tp-once", claims -> claims.put("nbf", Json.of(4_000_000_000L)));
    refuse("tp-once", claims -> claims.put("event_name", Json.of("pull_request")));
    refuse("tp-once", claims -> claims.remove("jti"));
    refused(exchange("tp-once", "a.b"), 403, "RAYA-REG-003");
    refused(exchange("Not A Name", jwt), 400, "RAYA-REG-001");
  }

  @Test
  void anEnvironmentThatThePublisherNamesMustBeTheRuns() throws Exception {
    Client ann = Client.publisher(base(), "tp-env");
    assertThat(ann.publish(TestPackage.of("tp-env", "1.0.0")).status()).isEqualTo(201);
    added(
        ann.post(
            "packages/tp-env/publishers",
            publisher("refs/tags/v*")
                .replace("{\"issuer\"", "{\"environment\":\"release\",\"issuer\"")));
    refused(exchange("tp-env", jwt()), 403, "RAYA-REG-003");
    refuse("tp-env", claims -> claims.put("environment", Json.of("staging")));
    Map<String, Json> claims = issuer().claims(RunningRegistry.ORIGIN, id());
    claims.put("environment", Json.of("release"));
    Client.Answer taken = exchange("tp-env", issuer().sign(claims));
    assertThat(taken.status()).as(taken.text()).isEqualTo(201);
  }

  private void refuse(String name, Consumer<Map<String, Json>> change) throws Exception {
    Map<String, Json> claims = issuer().claims(RunningRegistry.ORIGIN, id());
    change.accept(claims);
    refused(exchange(name, issuer().sign(claims)), 403, "RAYA-REG-003");
  }

  @Test
  void keysAreAskedForWhenTheyAreNeededAndKept() throws Exception {
    Client ann = Client.publisher(base(), "tp-keys");
    assertThat(ann.publish(TestPackage.of("tp-keys", "1.0.0")).status()).isEqualTo(201);
    added(ann.post("packages/tp-keys/publishers", publisher("refs/tags/v*")));
    assertThat(issuer().fetched()).isZero();
    run("tp-keys");
    run("tp-keys");
    assertThat(issuer().fetched()).isEqualTo(2);
    // A key that is not known is asked for again, but not at once: strangers cannot make us ask.
    issuer().rotate();
    refused(exchange("tp-keys", jwt()), 403, "RAYA-REG-003");
    assertThat(issuer().fetched()).isEqualTo(2);
  }

  @Test
  void malformedPublishersAreRefused() throws Exception {
    Client ann = Client.with(base(), Client.token("tp-malformed"));
    for (String body :
        new String[] {
          "{}",
          publisher("main"),
          publisher("refs/tags/v*").replace("\"7\"", "\"acme\""),
          publisher("refs/tags/v*").replace("\"42\"", "\"\"")
        }) {
      refused(ann.post("packages/tp-malformed/publishers", body), 400, "RAYA-REG-001");
    }
    refused(
        ann.post(
            "packages/tp-malformed/publishers",
            publisher("refs/tags/v*").replace(issuer().url(), "https://unknown.example")),
        403,
        "RAYA-REG-003");
    refused(ann.get("packages/tp-malformed/publishers"), 404, "RAYA-REG-004");
  }
}
