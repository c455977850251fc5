package dev.raya.registry.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.Parts;
import dev.raya.registry.publish.TestPackage;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.oidc.CiService;
import dev.raya.signing.sigstore.ProvenanceBundle;
import dev.raya.signing.statement.BuildProvenance;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of {@link TrustedPublishingTest} for the claims of a GitLab job. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class GitLabPublishingTest extends TrustedIssuerCase {
  private static final AtomicInteger IDS = new AtomicInteger();

  private final SigningKey ephemeral = SigningKey.generate(new SecureRandom());

  GitLabPublishingTest() {
    super(CiService.GITLAB);
  }

  private String publisher(@Nullable String environment) {
    return CanonicalJson.text(
        Json.object()
            .putUnlessEmpty("environment", environment)
            .put("issuer", issuer().url())
            .put("owner", "acme/tools")
            .put("ownerId", "7")
            .put("repository", "http")
            .put("repositoryId", "42")
            .put("workflow", ".gitlab-ci.yml")
            .put("ref", "refs/tags/v*")
            .build());
  }

  private Client owner(String user, String name, @Nullable String environment) throws Exception {
    Client owner = Client.publisher(base(), user);
    assertThat(owner.publish(TestPackage.of(name, "1.0.0")).status()).isEqualTo(201);
    Client.Answer added = owner.post("packages/" + name + "/publishers", publisher(environment));
    assertThat(added.status()).as(added.text()).isEqualTo(200);
    return owner;
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

  private Client.Answer exchange(String name, Consumer<Map<String, Json>> change) throws Exception {
    Map<String, Json> claims =
        issuer().gitlabClaims(RunningRegistry.ORIGIN, "gitlab-" + IDS.incrementAndGet());
    change.accept(claims);
    return exchange(name, issuer().sign(claims));
  }

  private void refuse(String name, String claim, @Nullable String value) throws Exception {
    Client.Answer answer =
        exchange(
            name,
            claims -> {
              if (value == null) {
                claims.remove(claim);
              } else {
                claims.put(claim, Json.of(value));
              }
            });
    assertThat(answer.status()).as(claim + "=" + value + ": " + answer.text()).isEqualTo(403);
    assertThat(answer.member("code")).isEqualTo("RAYA-REG-003");
  }

  @Test
  void aJobPublishesOneVersionWithProvenanceOfItsOwn() throws Exception {
    owner("gl-ann", "gl-lib", null);
    Client.Answer exchanged = exchange("gl-lib", claims -> {});
    assertThat(exchanged.status()).as(exchanged.text()).isEqualTo(201);
    Identity.Oidc run = (Identity.Oidc) Identity.read(JsonFields.root(exchanged.value("identity")));
    Client job = Client.with(base(), exchanged.member("token"));
    TestPackage sample = TestPackage.of("gl-lib", "1.1.0");
    for (String elsewhere : List.of("/-/jobs/98", "/-/jobs/999", "/-/pipelines/99")) {
      Client.Answer refused = job.publish(parts(sample, run, elsewhere));
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.member("detail")).contains("invocation: expected", "/-/jobs/99");
    }
    Client.Answer published = job.publish(parts(sample, run, "/-/jobs/99"));
    assertThat(published.status()).as(published.text()).isEqualTo(201);
    assertThat(CanonicalJson.text(published.value("leaf")))
        .contains("\"owner\":\"acme/tools\"", "\"workflow\":\".gitlab-ci.yml\"");
    Client.Answer served = Client.anonymous(base()).get("packages/gl-lib/1.1.0/provenance");
    assertThat(served.member("repository")).isEqualTo(issuer().url() + "/acme/tools/http");
    assertThat(served.member("invocation")).endsWith("/acme/tools/http/-/jobs/99");
    assertThat(job.publish(TestPackage.of("gl-lib", "1.2.0").parts(ephemeral)).status())
        .isEqualTo(403);
  }

  private Parts parts(TestPackage sample, Identity.Oidc run, String below) {
    BuildProvenance build =
        BuildProvenance.of(
            sample.statement(),
            run,
            "",
            null,
            run.server() + "/-/runners/1",
            run.repositoryAddress() + below);
    return sample.parts(
        List.of(sample.statement(ephemeral)), List.of(ProvenanceBundle.sign(build, ephemeral)));
  }

  @Test
  void aTokenIsTakenOnceAndOnlyFromWhomItIsFor() throws Exception {
    owner("gl-bob", "gl-once", null);
    String jwt =
        issuer()
            .sign(issuer().gitlabClaims(RunningRegistry.ORIGIN, "gitlab-" + IDS.incrementAndGet()));
    assertThat(exchange("gl-once", jwt).status()).isEqualTo(201);
    assertThat(exchange("gl-once", jwt).status()).isEqualTo(403);
    refuse("gl-once", "aud", "https://other.example");
    refuse("gl-once", "iss", "https://evil.example");
    refuse("gl-once", "jti", null);
    refuse("gl-once", "pipeline_source", "merge_request_event");
    refuse("gl-once", "pipeline_source", "external_pull_request_event");
    refuse("gl-once", "pipeline_source", null);
    // Numbers that fit do not make up for names that do not, nor the other way round.
    refuse("gl-once", "project_id", "43");
    refuse("gl-once", "project_id", "x");
    refuse("gl-once", "namespace_id", "8");
    refuse("gl-once", "project_path", "acme/tools/http2");
    refuse("gl-once", "project_path", "evil/tools/http");
    refuse("gl-once", "namespace_path", "acme");
    refuse("gl-once", "ref_path", "refs/heads/v1");
    refuse("gl-once", "ref_path", "refs/tags/v1/x");
    // Branches may be called like tags: the short name says nothing.
    refuse("gl-once", "ref_path", null);
    String config = "ci_config_ref_uri";
    refuse("gl-once", config, "gitlab.example/acme/tools/http//other.yml@refs/tags/v1");
    refuse("gl-once", config, "gitlab.example/evil/tools//.gitlab-ci.yml@refs/tags/v1");
    refuse("gl-once", config, "gitlab.example/acme/tools//http/.gitlab-ci.yml@refs/tags/v1");
    refuse("gl-once", config, "gitlab.example/acme/tools/http//.gitlab-ci.yml");
    refuse("gl-once", config, null);
    assertThat(exchange("gl-once", claims -> {}).status()).isEqualTo(201);
  }

  @Test
  void anEnvironmentThatThePublisherNamesMustBeTheJobs() throws Exception {
    owner("gl-cat", "gl-env", "release");
    assertThat(exchange("gl-env", claims -> {}).status()).isEqualTo(403);
    refuse("gl-env", "environment", "staging");
    assertThat(exchange("gl-env", claims -> claims.put("environment", Json.of("release"))).status())
        .isEqualTo(201);
  }

  @Test
  void aPendingPublisherMakesTheFirstVersion() throws Exception {
    Client dan = Client.with(base(), Client.token("gl-dan"));
    assertThat(dan.post("packages/gl-new/publishers", publisher(null)).status()).isEqualTo(200);
    Client.Answer exchanged = exchange("gl-new", claims -> {});
    Client job = Client.with(base(), exchanged.member("token"));
    Client.Answer first = job.publish(TestPackage.of("gl-new", "1.0.0").parts(ephemeral));
    assertThat(first.status()).as(first.text()).isEqualTo(201);
    assertThat(dan.get("packages/gl-new/owners").text()).contains("gl-dan");
  }
}
