package dev.raya.registry.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.oidc.CiService;
import dev.raya.signing.sigstore.ProvenanceBundle;
import dev.raya.signing.statement.BuildProvenance;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Provenance is checked when a run publishes it, and served afterwards. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class ProvenanceTest extends TrustedIssuerCase {
  private static final AtomicInteger IDS = new AtomicInteger();

  private final SigningKey ephemeral = SigningKey.generate(new SecureRandom());

  ProvenanceTest() {
    super(CiService.GITHUB);
  }

  /** A run of the workflow: who the registry takes it for, and what publishes for it. */
  private record Run(Identity.Oidc identity, Client client) {
    BuildProvenance build(TestPackage sample, String directory) {
      return BuildProvenance.of(
          sample.statement(),
          identity,
          directory,
          null,
          identity.server() + "/actions/runner/self-hosted",
          identity.repositoryAddress() + "/actions/runs/5");
    }
  }

  private Run run(String name) throws Exception {
    Client.Answer answer =
        Client.anonymous(base())
            .post(
                "tokens/exchange",
                CanonicalJson.text(
                    Json.object()
                        .put(
                            "jwt",
                            issuer()
                                .sign(
                                    issuer()
                                        .claims(
                                            RunningRegistry.ORIGIN,
                                            "provenance-" + IDS.incrementAndGet())))
                        .put("package", name)
                        .put("publicKey", ephemeral.verificationKey().base64())
                        .build()));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return new Run(
        (Identity.Oidc) Identity.read(JsonFields.root(answer.value("identity"))),
        Client.with(base(), answer.member("token")));
  }

  /** An owner of a package with one version that trusts the workflow. */
  private Client owner(String user, String name) throws Exception {
    Client owner = Client.publisher(base(), user);
    assertThat(owner.publish(TestPackage.of(name, "1.0.0")).status()).isEqualTo(201);
    String workflow =
        CanonicalJson.text(
            Json.object()
                .put("issuer", issuer().url())
                .put("owner", "acme")
                .put("ownerId", "7")
                .put("repository", "http")
                .put("repositoryId", "42")
                .put("workflow", ".github/workflows/release.yml")
                .put("ref", "refs/tags/v*")
                .build());
    assertThat(owner.post("packages/" + name + "/publishers", workflow).status()).isEqualTo(200);
    return owner;
  }

  private Client.Answer publish(Run run, TestPackage sample, byte[] provenance) throws Exception {
    return run.client()
        .publish(sample.parts(List.of(sample.statement(ephemeral)), List.of(provenance)));
  }

  private void refused(Run run, TestPackage sample, byte[] provenance, String why)
      throws Exception {
    Client.Answer answer = publish(run, sample, provenance);
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.member("code")).isEqualTo("RAYA-REG-011");
    assertThat(answer.member("detail")).startsWith("provenance refused").contains(why);
  }

  private byte[] changed(BuildProvenance build, String from, String to) throws Exception {
    String text = new String(build.bytes(), StandardCharsets.UTF_8);
    assertThat(text).contains(from);
    return ProvenanceBundle.sign(
        BuildProvenance.read(text.replace(from, to).getBytes(StandardCharsets.UTF_8)), ephemeral);
  }

  @Test
  void whatARunSaysOfItsBuildIsServedAndShown() throws Exception {
    owner("pv-ann", "pv-lib");
    Run run = run("pv-lib");
    TestPackage sample = TestPackage.of("pv-lib", "1.1.0");
    byte[] bundle = ProvenanceBundle.sign(run.build(sample, "lib"), ephemeral);
    Client.Answer published = publish(run, sample, bundle);
    assertThat(published.status()).as(published.text()).isEqualTo(201);

    Client anybody = Client.anonymous(base());
    Client.Answer served = anybody.get("packages/pv-lib/1.1.0/provenance");
    assertThat(served.member("schema")).isEqualTo("raya/provenance/1");
    assertThat(served.member("commit")).isEqualTo("0123456789abcdef0123456789abcdef01234567");
    assertThat(served.member("directory")).isEqualTo("lib");
    assertThat(CanonicalJson.bytes(served.value("statement")))
        .isEqualTo(run.build(sample, "lib").bytes());
    assertThat(anybody.get(served.member("bundle").substring(1)).body()).isEqualTo(bundle);
    assertThat(CanonicalJson.text(anybody.get("packages/pv-lib/1.1.0").value("provenance")))
        .contains("\"workflow\":\".github/workflows/release.yml\"");
    assertThat(anybody.get("p/pv-lib/v/1.1.0").text())
        .contains("Built from", "0123456789abcdef0123456789abcdef01234567", "rebuild pv-lib@1.1.0");

    assertThat(anybody.get("packages/pv-lib/1.0.0/provenance").status()).isEqualTo(404);
    assertThat(anybody.get("p/pv-lib/v/1.0.0").text()).doesNotContain("Built from");
  }

  @Test
  void provenanceOfSomethingElseIsRefused() throws Exception {
    Client owner = owner("pv-bob", "pv-other");
    Run run = run("pv-other");
    TestPackage sample = TestPackage.of("pv-other", "1.1.0");
    BuildProvenance build = run.build(sample, "");
    refused(run, sample, "junk".getBytes(StandardCharsets.UTF_8), "attestation 2");
    SigningKey other = SigningKey.generate(new SecureRandom());
    refused(run, sample, ProvenanceBundle.sign(build, other), "no signature is that of");
    refused(
        run,
        sample,
        ProvenanceBundle.sign(run.build(TestPackage.of("pv-other", "1.2.0"), ""), ephemeral),
        "it is about other files");
    refused(run, sample, changed(build, "acme/http", "acme/https"), "repository");
    refused(run, sample, changed(build, "refs/tags/v1", "refs/tags/v2"), "ref: expected");
    refused(run, sample, changed(build, "89abcdef0123", "89abcdef0124"), "commit: expected");
    refused(run, sample, changed(build, "release.yml", "other.yml"), "workflow: expected");
    refused(run, sample, changed(build, "\"42\"", "\"43\""), "repository id: expected");
    refused(run, sample, changed(build, "\"7\"", "\"8\""), "owner id: expected");
    refused(
        run,
        sample,
        changed(build, run.identity().server() + "/actions/runner", "https://evil"),
        "builder: expected");
    refused(run, sample, changed(build, "/runs/5", "/runs/6"), "invocation: expected");
    refused(run, sample, changed(build, "/runs/5", "/../x/runs/5"), "invocation: expected");
    refused(run, sample, sample.statement(ephemeral), "its statement is of another type");
    // A person's version: a key that the account has, with provenance that it signed.
    TestPackage byHand = TestPackage.of("pv-other", "1.3.0");
    Client.Answer person =
        owner.publish(
            byHand.parts(
                List.of(byHand.statement(owner.key())),
                List.of(ProvenanceBundle.sign(run.build(byHand, ""), owner.key()))));
    assertThat(person.status()).isEqualTo(422);
    assertThat(person.member("detail")).contains("published with a person's key");
    assertThat(publish(run, sample, ProvenanceBundle.sign(build, ephemeral)).status())
        .isEqualTo(201);
  }

  /** As a version that was published before anybody looked. */
  private static void attestAlso(String name, String version) {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                assertThat(
                        Panache.getEntityManager()
                            .createNativeQuery(
                                """
                                with added as (
                                  insert into version_blob
                                    (version_id, role, ordinal, hash, detail)
                                  select v.id, b.role, 7, b.hash, :type
                                  from version_blob b join version v on v.id = b.version_id
                                    join package p on p.id = v.package_id
                                  where p.name = :name and v.version = :version
                                    and b.role = 'attestation' and b.ordinal = 0
                                  returning hash)
                                update blob set refs = refs + 1
                                where hash in (select hash from added)""")
                            .setParameter("type", BuildProvenance.PREDICATE_TYPE)
                            .setParameter("name", name)
                            .setParameter("version", version)
                            .executeUpdate())
                    .isEqualTo(1));
  }

  @Test
  void whatWasTakenUncheckedIsNotShownAsProvenance() throws Exception {
    owner("pv-old", "pv-before");
    attestAlso("pv-before", "1.0.0");
    Run run = run("pv-before");
    TestPackage bare = TestPackage.of("pv-before", "1.1.0");
    assertThat(run.client().publish(bare.parts(ephemeral)).status()).isEqualTo(201);
    attestAlso("pv-before", "1.1.0");
    Client anybody = Client.anonymous(base());
    for (String version : List.of("1.0.0", "1.1.0")) {
      assertThat(anybody.get("packages/pv-before/" + version + "/provenance").status())
          .isEqualTo(404);
      Client.Answer document = anybody.get("packages/pv-before/" + version);
      assertThat(document.status()).isEqualTo(200);
      assertThat(document.text()).doesNotContain("\"provenance\":{");
      assertThat(anybody.get("p/pv-before/v/" + version).text()).doesNotContain("Built from");
    }
    // What is unchecked does not hide what holds.
    Run next = run("pv-before");
    TestPackage sample = TestPackage.of("pv-before", "1.2.0");
    byte[] bundle = ProvenanceBundle.sign(next.build(sample, ""), ephemeral);
    assertThat(publish(next, sample, bundle).status()).isEqualTo(201);
    attestAlso("pv-before", "1.2.0");
    assertThat(anybody.get("packages/pv-before/1.2.0/provenance").member("commit"))
        .isEqualTo("0123456789abcdef0123456789abcdef01234567");
  }

  @Test
  void aPackageMayAskForItOfEveryVersion() throws Exception {
    Client stranger = Client.publisher(base(), "pv-none");
    assertThat(stranger.publish(TestPackage.of("pv-none", "1.0.0")).status()).isEqualTo(201);
    Client.Answer alone = stranger.put("packages/pv-none/publishers", "{\"provenance\":true}");
    assertThat(alone.status()).isEqualTo(403);
    assertThat(alone.member("detail")).contains("trusts no workflow");

    Client owner = owner("pv-cat", "pv-asks");
    assertThat(
            owner
                .put("packages/pv-asks/publishers", "{\"provenance\":true}")
                .header("Raya-Changed"))
        .isEqualTo("true");
    assertThat(owner.get("packages/pv-asks/publishers").text()).contains("\"provenance\":true");
    assertThat(
            owner
                .put(
                    "packages/pv-asks/publishers", "{\"provenance\":true,\"tokenPublishing\":true}")
                .status())
        .isEqualTo(400);
    Client.Answer bare = owner.publish(TestPackage.of("pv-asks", "1.1.0"));
    assertThat(bare.status()).isEqualTo(422);
    assertThat(bare.member("detail")).contains("every version of pv-asks must carry it");
    Run run = run("pv-asks");
    TestPackage sample = TestPackage.of("pv-asks", "1.1.0");
    Client.Answer withoutIt = run.client().publish(sample.parts(ephemeral));
    assertThat(withoutIt.status()).isEqualTo(422);
    assertThat(
            publish(run, sample, ProvenanceBundle.sign(run.build(sample, ""), ephemeral)).status())
        .isEqualTo(201);
  }
}
