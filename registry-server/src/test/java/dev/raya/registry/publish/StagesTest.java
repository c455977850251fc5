package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.ops.VerifyForTests;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexDocumentWriter;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import dev.raya.vm.bytecode.PredefinedType;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URL;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Releases that are staged: seen by few, in no log, and published or dropped as a whole. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class StagesTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  @Inject Stages stages;
  @Inject DirectoryBlobStore blobs;

  private URL base() {
    return Objects.requireNonNull(address);
  }

  private static void refused(Client.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.member("code")).as(answer.text()).isEqualTo(code);
  }

  private static Client.Answer stage(Client client, TestPackage sample) throws Exception {
    return client.publish(sample.staged(client.key(), Map.of()));
  }

  private static String staged(Client client, TestPackage sample) throws Exception {
    Client.Answer answer = stage(client, sample);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.member("id");
  }

  private Client owner(String user, String name, String... versions) throws Exception {
    Client owner = Client.publisher(base(), user);
    for (String version : versions) {
      assertThat(owner.publish(TestPackage.of(name, version)).status()).isEqualTo(201);
    }
    return owner;
  }

  private static Client.Answer promote(Client client, String name, String version)
      throws Exception {
    return client.post("packages/" + name + '/' + version + "/promote", "");
  }

  private static Client.Answer drop(Client client, String name, String version) throws Exception {
    return client.delete("packages/" + name + '/' + version + "/stage");
  }

  private static String blob(TestPackage sample) {
    String hex = sample.facts().checksum().hex();
    return "blobs/sha256/" + hex.substring(0, 2) + '/' + hex;
  }

  private static IndexDocument index(Client client, String text) throws Exception {
    PackageName name = new PackageName(text);
    return IndexDocumentReader.read(name, client.get("index/" + name.indexPath()).body());
  }

  /** Lets a release's time be over. */
  private static void end(String id) {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                Panache.getEntityManager()
                    .createNativeQuery(
                        "update stage set expires_at = now() - interval '1 second' where id = :id")
                    .setParameter("id", id)
                    .executeUpdate());
  }

  @Test
  void aStagedReleaseIsInNoLogAndNoIndexUntilItIsPromoted() throws Exception {
    Client ann = owner("st-ann", "st-first", "1.0.0");
    String log = ann.get("packages/st-first/audit-log?limit=1").text();
    TestPackage sample =
        TestPackage.of("st-first", "1.1.0", "# First", Map.of("fmt", ">=1.0.0 <2.0.0-0"));

    Client.Answer answer = ann.publish(sample.staged(ann.key(), Map.of("tag", Json.of("next"))));

    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    String id = answer.member("id");
    assertThat(id).matches("[0-9a-f]{40}");
    assertThat(answer.header("Location")).isEqualTo("/stages/" + id);
    assertThat(answer.member("state")).isEqualTo("staged");
    assertThat(index(ann, "st-first").versions()).hasSize(1);
    assertThat(ann.get("packages/st-first/1.1.0").status()).isEqualTo(404);
    assertThat(ann.get("packages/st-first/audit-log?limit=1").text()).isEqualTo(log);
    assertThat(VerifyForTests.run()).isZero();

    Client.Answer whole = ann.get("stages/" + id);
    VersionLine line = IndexDocumentReader.staged(JsonFields.root(whole.value("line")));
    assertThat(line.isStaged()).isTrue();
    assertThat(line.sha256()).isEqualTo(sample.facts().checksum());
    assertThat(line.dependencies()).hasSize(1);
    assertThat(whole.text()).doesNotContain("\"log\"").doesNotContain("\"time\"");
    assertThat(whole.header("Cache-Control")).isEqualTo("no-store");
    assertThat(ann.get(blob(sample)).body()).isEqualTo(sample.archive());

    Client.Answer promoted = promote(ann, "st-first", "1.1.0");

    assertThat(promoted.status()).as(promoted.text()).isEqualTo(200);
    LogRecord leaf = LogRecordReader.read(CanonicalJson.bytes(promoted.value("leaf")));
    assertThat(((LogRecord.Publish) leaf).archive()).isEqualTo(sample.facts().checksum());
    IndexDocument after = index(ann, "st-first");
    VersionLine published = Objects.requireNonNull(after.version(Version.parse("1.1.0")));
    assertThat(IndexDocumentWriter.staged(published)).isEqualTo(whole.value("line"));
    assertThat(after.tags().toString()).contains("next=1.1.0");
    assertThat(ann.get("stages/" + id).member("state")).isEqualTo("published");
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void onlyTokensThatReadSeeAStagedReleaseAndOnlyByItsId() throws Exception {
    Client ann = owner("st-see", "st-seen", "1.0.0");
    String id = staged(ann, TestPackage.of("st-seen", "1.1.0"));

    refused(Client.anonymous(base()).get("stages/" + id), 401, "RAYA-REG-002");
    Client publishes = Client.with(base(), Client.token("st-see", "--scope", "publish"));
    refused(publishes.get("stages/" + id), 403, "RAYA-REG-003");
    Client elsewhere = Client.with(base(), Client.token("st-elsewhere", "--scope", "read"));
    assertThat(elsewhere.get("stages/" + id).member("account")).isEqualTo("st-see");
    assertThat(elsewhere.get("stages").text()).doesNotContain(id);
    Client.Answer narrow = ann.post("tokens", "{\"scopes\":[\"read\"],\"packages\":[\"other\"]}");
    refused(Client.with(base(), narrow.member("token")).get("stages/" + id), 403, "RAYA-REG-003");
    for (String wrong : List.of("0".repeat(40), "nonsense", id.toUpperCase(Locale.ROOT))) {
      refused(ann.get("stages/" + wrong), 404, "RAYA-REG-004");
    }
    assertThat(ann.get("stages").text()).contains(id).contains("\"version\":\"1.1.0\"");
    refused(publishes.get("stages"), 403, "RAYA-REG-003");
  }

  @Test
  void nameAndVersionAreReservedAndTheSameBytesAreTheSameRelease() throws Exception {
    Client ann = Client.publisher(base(), "st-reserve");
    Client bob = Client.publisher(base(), "st-other");
    TestPackage first = TestPackage.of("@st-acme/kept", "1.0.0");
    Parts sent = first.staged(ann.key(), Map.of());
    Client.Answer answer = ann.publish(sent);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    assertThat(ann.publish(sent).body()).isEqualTo(answer.body());

    TestPackage other = TestPackage.of("@st-acme/kept", "1.0.0", "# Other", Map.of());
    refused(stage(ann, other), 409, "RAYA-REG-005");
    Client.Answer unstaged = ann.publish(first);
    refused(unstaged, 409, "RAYA-REG-005");
    assertThat(unstaged.member("hint")).contains("raya-pm promote @st-acme/kept@1.0.0");
    refused(bob.publish(first), 409, "RAYA-REG-006");
    refused(bob.publish(TestPackage.of("@st-acme/kepl", "1.0.0")), 409, "RAYA-REG-006");
    refused(promote(bob, "@st-acme/kept", "1.0.0"), 403, "RAYA-REG-003");
    refused(drop(bob, "@st-acme/kept", "1.0.0"), 403, "RAYA-REG-003");
    assertThat(promote(ann, "@st-acme/kept", "1.0.0").status()).isEqualTo(200);
    assertThat(ann.get("packages/@st-acme/kept/owners").text()).contains("st-reserve");
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void whatIsDroppedIsFreeAndItsBytesGoUnlessOthersHaveThem() throws Exception {
    Client ann = Client.publisher(base(), "st-drop");
    Client bob = Client.publisher(base(), "st-drop-bob");
    TestPackage sample = TestPackage.of("st-dropped", "1.0.0", "# The same readme\n", Map.of());
    TestPackage beside = TestPackage.of("st-beside", "1.0.0", "# The same readme\n", Map.of());
    String id = staged(ann, sample);
    staged(ann, beside);

    String drop = "packages/st-dropped/1.0.0/stage/";
    refused(ann.delete(drop + "5e".repeat(20)), 412, "RAYA-REG-007");
    Client.Answer dropped = ann.delete(drop + id);

    assertThat(dropped.status()).as(dropped.text()).isEqualTo(200);
    assertThat(dropped.member("state")).isEqualTo("dropped");
    refused(ann.get("stages/" + id), 404, "RAYA-REG-004");
    assertThat(ann.get(blob(sample)).status()).isEqualTo(404);
    assertThat(ann.get(blob(beside)).status()).isEqualTo(200);
    refused(drop(ann, "st-dropped", "1.0.0"), 404, "RAYA-REG-004");
    refused(promote(ann, "st-dropped", "1.0.0"), 404, "RAYA-REG-004");
    assertThat(VerifyForTests.run()).isZero();
    assertThat(bob.publish(sample).status()).isEqualTo(201);
    assertThat(promote(ann, "st-beside", "1.0.0").status()).isEqualTo(200);
    refused(drop(ann, "st-beside", "1.0.0"), 404, "RAYA-REG-004");
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void afterItsTimeAReleaseIsGoneWithWhatItHeld() throws Exception {
    Client ann = owner("st-time", "st-timed", "1.0.0");
    TestPackage sample = TestPackage.of("st-timed", "1.1.0");
    String id = staged(ann, sample);
    end(id);

    refused(ann.get("stages/" + id), 404, "RAYA-REG-004");
    refused(promote(ann, "st-timed", "1.1.0"), 404, "RAYA-REG-004");
    assertThat(ann.get("stages").text()).doesNotContain(id);
    assertThat(staged(ann, sample)).isNotEqualTo(id);
    end(staged(ann, sample));
    assertThat(stages.sweep()).isPositive();
    assertThat(ann.get(blob(sample)).status()).isEqualTo(404);
    assertThat(VerifyForTests.run()).isZero();
    assertThat(ann.publish(sample).status()).isEqualTo(201);
  }

  @Test
  void promotingAgainIsTheSameAnswerAndOthersMayNot() throws Exception {
    Client ann = owner("st-twice", "st-again", "1.0.0");
    Client bob = Client.publisher(base(), "st-twice-bob");
    TestPackage sample = TestPackage.of("st-again", "1.1.0");
    staged(ann, sample);
    refused(promote(bob, "st-again", "1.1.0"), 403, "RAYA-REG-003");
    Client narrow = Client.with(base(), Client.token("st-twice", "--scope", "read"));
    refused(promote(narrow, "st-again", "1.1.0"), 403, "RAYA-REG-003");
    Client.Answer first = promote(ann, "st-again", "1.1.0");
    assertThat(promote(ann, "st-again", "1.1.0").body()).isEqualTo(first.body());
    assertThat(stage(ann, sample).body()).isEqualTo(first.body());
    refused(promote(bob, "st-again", "1.1.0"), 404, "RAYA-REG-004");
    refused(promote(ann, "st-again", "1.0.0"), 404, "RAYA-REG-004");
  }

  @Test
  void aPackageMayAskForASecondPairOfEyes() throws Exception {
    Client ann = owner("st-eyes", "st-looked-at", "1.0.0");
    Client bob = Client.publisher(base(), "st-eyes-bob");
    assertThat(ann.put("packages/st-looked-at/owners/st-eyes-bob", "").status()).isEqualTo(200);
    Client.Answer rule =
        ann.put("packages/st-looked-at/publishers", "{\"promotedByAnother\":true}");
    assertThat(rule.member("promotedByAnother")).as(rule.text()).isEqualTo("true");
    assertThat(rule.header("Raya-Changed")).isEqualTo("true");
    staged(ann, TestPackage.of("st-looked-at", "1.1.0"));
    refused(promote(ann, "st-looked-at", "1.1.0"), 403, "RAYA-REG-003");
    Client.Answer promoted = promote(bob, "st-looked-at", "1.1.0");
    assertThat(promoted.status()).as(promoted.text()).isEqualTo(200);
    LogRecord.Publish leaf =
        (LogRecord.Publish) LogRecordReader.read(CanonicalJson.bytes(promoted.value("leaf")));
    assertThat(CanonicalJson.text(leaf.publisher().json()))
        .contains(ann.key().verificationKey().keyId().hex());
    assertThat(ann.get("packages/st-looked-at/1.1.0").text()).contains("st-eyes");
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void aPromotionThatNamesWhatWasTestedPublishesNothingElse() throws Exception {
    Client ann = owner("st-bound", "st-bound", "1.0.0");
    String tested = staged(ann, TestPackage.of("st-bound", "1.1.0"));
    assertThat(drop(ann, "st-bound", "1.1.0").status()).isEqualTo(200);
    String other = staged(ann, TestPackage.of("st-bound", "1.1.0", "# Other", Map.of()));
    String path = "packages/st-bound/1.1.0/promote";
    refused(ann.post(path, "{\"stage\":\"nonsense\"}"), 400, "RAYA-REG-001");
    refused(ann.post(path, "{\"again\":true}"), 404, "RAYA-REG-004");
    Client.Answer refusal = ann.post(path, "{\"stage\":\"" + tested + "\"}");
    refused(refusal, 412, "RAYA-REG-007");
    assertThat(refusal.text()).contains(tested, other);
    refused(ann.delete("packages/st-bound/1.1.0/stage/" + tested), 412, "RAYA-REG-007");
    assertThat(ann.get("packages/st-bound/1.1.0").status()).isEqualTo(404);
    Client.Answer promoted = ann.post(path, "{\"stage\":\"" + other + "\"}");
    assertThat(promoted.status()).as(promoted.text()).isEqualTo(200);
    Client.Answer late = ann.post(path, "{\"stage\":\"" + tested + "\"}");
    refused(late, 412, "RAYA-REG-007");
    assertThat(late.text()).contains("was published from the staged release " + other);
    assertThat(ann.post(path, "{\"stage\":\"" + other + "\"}").body()).isEqualTo(promoted.body());
    assertThat(ann.post(path, "{\"again\":true}").body()).isEqualTo(promoted.body());
  }

  @Test
  void rightsComeBeforeTheArchiveAndAMissingOneIsNotCalledNeverStaged() throws Exception {
    Client ann = owner("st-lost", "st-lost", "1.0.0");
    Client bob = Client.publisher(base(), "st-lost-bob");
    TestPackage sample = TestPackage.of("st-lost", "1.1.0");
    String id = staged(ann, sample);
    blobs.delete(sample.facts().checksum());
    refused(promote(bob, "st-lost", "1.1.0"), 403, "RAYA-REG-003");
    Client.Answer refusal = promote(ann, "st-lost", "1.1.0");
    refused(refusal, 500, "RAYA-REG-016");
    assertThat(refusal.text()).contains(id, "raya-pm stage drop st-lost@1.1.0");
    assertThat(drop(ann, "st-lost", "1.1.0").status()).isEqualTo(200);
  }

  @Test
  void whatChangedSinceIsCheckedAgain() throws Exception {
    Client ann = Client.publisher(base(), "st-since");
    TestPackage one = TestPackage.exporting("st-later", "1.0.0", Map.of());
    assertThat(ann.publish(one).status()).isEqualTo(201);
    staged(ann, TestPackage.exporting("st-later", "1.2.0", Map.of("a", PredefinedType.STRING)));
    TestPackage between =
        TestPackage.exporting("st-later", "1.1.0", Map.of("a", PredefinedType.BOOL));
    assertThat(ann.publish(between).status()).isEqualTo(201);
    refused(promote(ann, "st-later", "1.2.0"), 422, "RAYA-REG-012");

    String id = staged(ann, TestPackage.of("st-later", "2.0.0"));
    SigningKey second = SigningKey.generate(new SecureRandom());
    assertThat(ann.register(second).status()).isLessThan(300);
    assertThat(ann.delete("keys/" + ann.key().verificationKey().keyId().hex()).status())
        .isLessThan(300);
    Client.Answer revoked = promote(ann, "st-later", "2.0.0");
    refused(revoked, 412, "RAYA-REG-007");
    assertThat(revoked.member("hint")).contains("raya-pm stage drop st-later@2.0.0");
    assertThat(ann.get("stages/" + id).status()).isEqualTo(200);
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void ofPromotingAndDroppingAtOnceOneHappens() throws Exception {
    Client ann = owner("st-race", "st-raced", "1.0.0");
    for (int round = 1; round <= 4; round++) {
      String version = "1." + round + ".0";
      TestPackage sample = TestPackage.of("st-raced", version);
      staged(ann, sample);
      List<Client.Answer> answers = new ArrayList<>();
      CyclicBarrier start = new CyclicBarrier(4);
      try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
        List<Future<Client.Answer>> begun = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          boolean promotes = i % 2 == round % 2;
          begun.add(
              threads.submit(
                  () -> {
                    start.await();
                    return promotes
                        ? promote(ann, "st-raced", version)
                        : drop(ann, "st-raced", version);
                  }));
        }
        for (Future<Client.Answer> each : begun) {
          answers.add(each.get());
        }
      }
      boolean published = ann.get("packages/st-raced/" + version).status() == 200;
      for (Client.Answer answer : answers) {
        boolean receipt = answer.status() == 200 && answer.member("state").equals("(none)");
        assertThat(answer.status()).as(answer.text()).isIn(200, 404);
        assertThat(receipt).as(answer.text()).isEqualTo(published && answer.status() == 200);
      }
      assertThat(answers.stream().filter(a -> a.status() == 200)).isNotEmpty();
      assertThat(ann.get(blob(sample)).status()).isEqualTo(published ? 200 : 404);
    }
    assertThat(VerifyForTests.run()).isZero();
  }
}
