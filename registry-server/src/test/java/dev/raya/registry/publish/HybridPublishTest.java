package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.KeyPossession;
import dev.raya.signing.key.MlDsaSigningKey;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Keys with an ML-DSA-65 half: registered with both proofs, and publishing with both signatures.
 */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class HybridPublishTest {
  private final PublisherKey key = PublisherKey.generateHybrid(new SecureRandom());

  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private static void refused(Client.Answer answer, int status, String code, String why) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.member("code")).isEqualTo(code);
    assertThat(answer.text()).contains(why);
  }

  private Client registered(String user) throws Exception {
    Client client = Client.with(base(), Client.token(user));
    Client.Answer answer = client.register(key);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(answer.member(Identity.ML_DSA)).matches("[0-9a-f]{64}");
    return client;
  }

  @Test
  void whatBothHalvesSignedIsPublishedUnderAnIdentityThatNamesBoth() throws Exception {
    Client ann = registered("hybrid-ann");
    TestPackage sample = TestPackage.of("hybrid-one", "1.0.0");
    Client.Answer answer = ann.publish(sample.parts(sample.statements(key)));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);

    LogRecord.Publish leaf =
        (LogRecord.Publish) LogRecordReader.read(CanonicalJson.bytes(answer.value("leaf")));
    assertThat(leaf.attestations()).hasSize(2);
    assertThat(leaf.publisher())
        .isInstanceOfSatisfying(
            Identity.Key.class,
            publisher ->
                assertThat(publisher).isEqualTo(key.publicHalf().identity(publisher.account())));
    PackageName name = new PackageName("hybrid-one");
    IndexDocument document =
        IndexDocumentReader.read(name, ann.get("index/" + name.indexPath()).body());
    assertThat(document.publishingBefore(Long.parseLong(answer.member("log"))))
        .isNotNull()
        .satisfies(line -> assertThat(line.publishers()).containsExactly(leaf.publisher().json()));
    assertThat(ann.get("keys").text()).contains("\"mlDsa65\":\"");
  }

  @Test
  void aSecondSignatureThatIsMissingOrWrongIsRefused() throws Exception {
    Client ann = registered("hybrid-bob");
    TestPackage sample = TestPackage.of("hybrid-two", "1.0.0");
    List<byte[]> good = sample.statements(key);
    refused(ann.publish(sample.parts(key.ed25519())), 422, "RAYA-REG-011", "signature, is missing");
    PublisherKey other =
        new PublisherKey(key.ed25519(), MlDsaSigningKey.generate(new SecureRandom()));
    refused(
        ann.publish(sample.parts(sample.statements(other))),
        422,
        "RAYA-REG-011",
        "in the second bundle, found");
    List<byte[]> replayed =
        List.of(good.getFirst(), TestPackage.of("hybrid-two", "1.0.1").statements(key).getLast());
    refused(ann.publish(sample.parts(replayed)), 422, "RAYA-REG-011", "over another payload");
    // The honest twin.
    assertThat(ann.publish(sample.parts(good)).status()).isEqualTo(201);
  }

  @Test
  void aSecondStatementOfAKeyWithoutSecondHalfIsRefused() throws Exception {
    Client ann = Client.publisher(base(), "hybrid-cid");
    TestPackage sample = TestPackage.of("hybrid-three", "1.0.0");
    PublisherKey grown = new PublisherKey(ann.key(), MlDsaSigningKey.generate(new SecureRandom()));
    refused(
        ann.publish(sample.parts(sample.statements(grown))),
        422,
        "RAYA-REG-011",
        "has no ML-DSA-65 half");
  }

  @Test
  void bothHalvesAreProvedAndAKeyKeepsTheHalvesItHas() throws Exception {
    Client ann = registered("hybrid-dan");
    assertThat(ann.register(key).status()).isEqualTo(200);
    refused(ann.register(key.ed25519()), 403, "RAYA-REG-003", "another ML-DSA-65 half or none");

    PublisherKey fresh = PublisherKey.generateHybrid(new SecureRandom());
    Json.Obj request = KeyPossession.request(RunningRegistry.ORIGIN, fresh);
    Json.Obj stolen = KeyPossession.request(RunningRegistry.ORIGIN, key);
    String wrong =
        CanonicalJson.text(
            TestPackage.with(
                request, Identity.ML_DSA, Objects.requireNonNull(stolen.get(Identity.ML_DSA))));
    refused(ann.post("keys", wrong), 400, "RAYA-REG-001", "does not prove possession");
    String malformed =
        CanonicalJson.text(TestPackage.with(request, Identity.ML_DSA, Json.of("AAAA")));
    refused(ann.post("keys", malformed), 400, "RAYA-REG-001", "/mlDsa65");
  }
}
