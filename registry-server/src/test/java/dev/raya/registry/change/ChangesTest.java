package dev.raya.registry.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.Parts;
import dev.raya.registry.publish.TestPackage;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionTag;
import dev.raya.signing.sigstore.PublishBundle;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an owner changes about a package, and everybody else may not. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class ChangesTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private Client owner(String name, String... versions) throws Exception {
    Client owner = Client.publisher(base(), "o-" + name);
    for (String version : versions) {
      publish(owner, name, version);
    }
    return owner;
  }

  private static void publish(Client client, String name, String version) throws Exception {
    Client.Answer answer = client.publish(TestPackage.of(name, version));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
  }

  private static void refused(Client.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.member("code")).as(answer.text()).isEqualTo(code);
  }

  private static IndexDocument index(Client client, String text) throws Exception {
    PackageName name = new PackageName(text);
    return IndexDocumentReader.read(name, client.get("index/" + name.indexPath()).body());
  }

  @Test
  void aYankIsInStatusIndexAndLogAndCanBeTakenBack() throws Exception {
    Client ann = owner("ch-yank", "1.0.0", "1.0.1");
    Client.Answer answer =
        ann.post(
            "packages/ch-yank/1.0.0/yank",
            "{\"reason\":\"broken\",\"use\":\"1.0.1\",\"message\":\"loses the last line\"}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("Raya-Changed")).isEqualTo("true");
    assertThat(answer.member("yanked")).isEqualTo("true");
    Client.Answer status = ann.get("packages/ch-yank/1.0.0/status");
    assertThat(status.member("reason")).isEqualTo("broken");
    assertThat(status.member("use")).isEqualTo("1.0.1");
    assertThat(status.member("message")).isEqualTo("loses the last line");
    IndexLine.StatusLine line =
        Objects.requireNonNull(index(ann, "ch-yank").status(Version.parse("1.0.0")));
    assertThat(line.yanked()).isTrue();
    assertThat(line.reason()).isEqualTo(IndexLine.Reason.BROKEN);
    assertThat(line.use()).isEqualTo(Version.parse("1.0.1"));
    String log = ann.get("packages/ch-yank/audit-log?limit=1").text();
    assertThat(log).contains("\"type\":\"status\"").doesNotContain("loses the last line");

    Client.Answer again =
        ann.post(
            "packages/ch-yank/1.0.0/yank",
            "{\"reason\":\"broken\",\"use\":\"1.0.1\",\"message\":\"loses the last line\"}");
    assertThat(again.header("Raya-Changed")).isEqualTo("false");
    assertThat(ann.get("packages/ch-yank/audit-log?limit=1").text()).isEqualTo(log);

    assertThat(ann.post("packages/ch-yank/1.0.0/unyank", "").member("yanked")).isEqualTo("false");
    assertThat(index(ann, "ch-yank").status(Version.parse("1.0.0")))
        .isNotNull()
        .satisfies(after -> assertThat(after.yanked()).isFalse())
        .satisfies(after -> assertThat(after.reason()).isNull());
    assertThat(ann.get("packages/ch-yank/1.0.0/status").text()).doesNotContain("message");
  }

  @Test
  void aYankedHighestVersionIsNoLongerLatestAndDeprecationStaysBesideTheYank() throws Exception {
    Client ann = owner("ch-latest", "1.0.0", "2.0.0");
    assertThat(ann.post("packages/ch-latest/2.0.0/yank", "{}").status()).isEqualTo(200);
    assertThat(ann.get("packages/ch-latest").member("latest")).isEqualTo("1.0.0");
    assertThat(ann.get("search?q=ch-latest").text()).contains("\"version\":\"1.0.0\"");
    assertThat(
            ann.post("packages/ch-latest/2.0.0/deprecate", "{\"message\":\"old\"}")
                .member("deprecated"))
        .isEqualTo("true");
    Client.Answer unyanked = ann.post("packages/ch-latest/2.0.0/unyank", "");
    assertThat(unyanked.member("deprecated")).isEqualTo("true");
    assertThat(unyanked.member("message")).isEqualTo("old");
    assertThat(ann.post("packages/ch-latest/2.0.0/undeprecate", "").member("deprecated"))
        .isEqualTo("false");
  }

  @Test
  void onlyAnOwnerWithTheRightTokenChangesAVersion() throws Exception {
    Client ann = owner("ch-rights", "1.0.0");
    Client stranger = Client.with(base(), Client.token("ch-stranger"));
    Client narrow =
        Client.with(base(), ann.post("tokens", "{\"scopes\":[\"publish\"]}").member("token"));
    Client elsewhere =
        Client.with(
            base(),
            ann.post("tokens", "{\"scopes\":[\"yank\"],\"packages\":[\"other\"]}").member("token"));
    String path = "packages/ch-rights/1.0.0/yank";
    refused(Client.anonymous(base()).post(path, "{}"), 401, "RAYA-REG-002");
    refused(stranger.post(path, "{}"), 403, "RAYA-REG-003");
    refused(narrow.post(path, "{}"), 403, "RAYA-REG-003");
    refused(elsewhere.post(path, "{}"), 403, "RAYA-REG-003");
    refused(narrow.put("packages/ch-rights/owners/ch-stranger", ""), 403, "RAYA-REG-003");
    refused(
        stranger.put("packages/ch-rights/tags/next", "{\"version\":\"1.0.0\"}"),
        403,
        "RAYA-REG-003");
    assertThat(ann.get("packages/ch-rights/1.0.0/status").member("yanked")).isEqualTo("false");
  }

  @Test
  void malformedChangesAreRefusedAndChangeNothing() throws Exception {
    Client ann = owner("ch-bad", "1.0.0", "1.0.1");
    for (String body :
        List.of(
            "[]",
            "{",
            "{\"reason\":\"because\"}",
            "{\"reason\":1}",
            "{\"use\":\"x\"}",
            "{\"use\":\"1.0.0\"}",
            "{\"other\":true}",
            "{\"message\":\"a\\u0000b\"}",
            "{\"a\\u0000b\":1}",
            "{\"message\":\"" + "m".repeat(501) + "\"}")) {
      refused(ann.post("packages/ch-bad/1.0.0/yank", body), 400, "RAYA-REG-001");
    }
    refused(ann.post("packages/ch-bad/1.0.0/yank", "{\"use\":\"7.0.0\"}"), 404, "RAYA-REG-004");
    refused(ann.post("packages/ch-bad/9.9.9/yank", "{}"), 404, "RAYA-REG-004");
    refused(ann.post("packages/ch-bad/1.0.0/destroy", "{}"), 404, "RAYA-REG-004");
    refused(ann.post("packages/ch-nosuch/1.0.0/yank", "{}"), 404, "RAYA-REG-004");
    refused(ann.post("packages/CH-BAD/1.0.0/yank", "{}"), 404, "RAYA-REG-004");
    refused(ann.post("packages/ch-bad/1.0.0/yank?force=1", "{}"), 400, "RAYA-REG-001");
    refused(ann.post("packages/ch-bad/1.0.0%00/yank", "{}"), 400, "RAYA-REG-001");
    refused(ann.post("packages/ch-bad/1.0.0/yank", " ".repeat(70_000)), 413, "RAYA-REG-008");
    refused(
        ann.put("packages/ch-bad/tags/Not_A_Tag", "{\"version\":\"1.0.0\"}"), 400, "RAYA-REG-001");
    refused(ann.put("packages/ch-bad/tags/next", "{\"version\":\"3.0.0\"}"), 404, "RAYA-REG-004");
    refused(ann.put("packages/ch-bad/owners", "{\"owners\":[\"o-ch-bad\"]}"), 400, "RAYA-REG-001");
    refused(ann.delete("packages/ch-bad/owners/o-ch-bad"), 403, "RAYA-REG-003");
    refused(ann.put("packages/ch-bad/owners/nobody-of-that-name", ""), 404, "RAYA-REG-004");
    assertThat(index(ann, "ch-bad").lines()).hasSize(3);
  }

  @Test
  void tagsPointMoveAndGoAndPublishSetsOne() throws Exception {
    Client ann = owner("ch-tag", "1.0.0", "1.1.0");
    Client.Answer set = ann.put("packages/ch-tag/tags/stable", "{\"version\":\"1.0.0\"}");
    assertThat(set.status()).as(set.text()).isEqualTo(200);
    assertThat(index(ann, "ch-tag").tags())
        .containsEntry(new VersionTag("stable"), Version.parse("1.0.0"));
    ann.put("packages/ch-tag/tags/latest", "{\"version\":\"1.0.0\"}");
    assertThat(ann.get("packages/ch-tag").member("latest")).isEqualTo("1.0.0");
    ann.put("packages/ch-tag/tags/stable", "{\"version\":\"1.1.0\"}");
    assertThat(ann.get("packages/ch-tag/tags").member("tags"))
        .isEqualTo("{\"latest\":\"1.0.0\",\"stable\":\"1.1.0\"}");
    assertThat(ann.delete("packages/ch-tag/tags/stable").header("Raya-Changed")).isEqualTo("true");
    assertThat(ann.delete("packages/ch-tag/tags/stable").header("Raya-Changed")).isEqualTo("false");
    assertThat(index(ann, "ch-tag").tags()).doesNotContainKey(new VersionTag("stable"));

    TestPackage next = TestPackage.of("ch-tag", "2.0.0-rc.1");
    byte[] statement = next.statement(ann.key());
    Json.Obj first =
        TestPackage.with(next.announcement(List.of(statement)), "tag", Json.of("next"));
    Client.Answer published =
        ann.publish(
            new Parts()
                .add("publish", "application/json", CanonicalJson.bytes(first))
                .add("archive", "application/zstd", next.archive())
                .add("attestation", PublishBundle.MEDIA_TYPE, statement));
    assertThat(published.status()).as(published.text()).isEqualTo(201);
    assertThat(index(ann, "ch-tag").tags())
        .containsEntry(new VersionTag("next"), Version.parse("2.0.0-rc.1"));
  }

  @Test
  void aNewOwnerMayPublishAndAFormerOneNoLonger() throws Exception {
    Client ann = owner("ch-owners", "1.0.0");
    Client bob = Client.publisher(base(), "ch-bob");
    Client.Answer before = ann.get("packages/ch-owners/owners");
    Client.Answer added = ann.put("packages/ch-owners/owners/ch-bob", "");
    assertThat(added.status()).as(added.text()).isEqualTo(200);
    assertThat(added.header("ETag")).isEqualTo(ann.get("packages/ch-owners/owners").header("ETag"));
    publish(bob, "ch-owners", "1.0.1");

    refused(
        ann.put(
            "packages/ch-owners/owners",
            "{\"owners\":[\"o-ch-owners\"]}",
            "If-Match",
            before.header("ETag")),
        412,
        "RAYA-REG-007");
    Client.Answer replaced =
        bob.put(
            "packages/ch-owners/owners",
            "{\"owners\":[\"ch-bob\"]}",
            "If-Match",
            added.header("ETag"));
    assertThat(replaced.status()).as(replaced.text()).isEqualTo(200);
    refused(ann.publish(TestPackage.of("ch-owners", "1.0.2")), 403, "RAYA-REG-003");
    publish(bob, "ch-owners", "1.0.2");
    assertThat(index(ann, "ch-owners").publishing())
        .isNotNull()
        .satisfies(line -> assertThat(line.publishers()).hasSize(1));
    assertThat(bob.get("packages/ch-owners/audit-log").text())
        .contains("\"change\":\"add\"", "\"change\":\"remove\"", "\"type\":\"owner\"");
  }

  @Test
  void anOwnerWithoutAKeyMayPublishOnceOneIsRegistered() throws Exception {
    Client ann = owner("ch-late-key", "1.0.0");
    Client bob = Client.with(base(), Client.token("ch-late-bob"));
    assertThat(ann.put("packages/ch-late-key/owners/ch-late-bob", "").status()).isEqualTo(200);
    assertThat(bob.register(bob.key()).status()).isEqualTo(201);
    publish(bob, "ch-late-key", "1.0.1");
  }

  @Test
  void aRevokedKeySignsNothingAnyMoreAndIsNotReplacedByAPersonalToken() throws Exception {
    Client ann = owner("ch-revoked", "1.0.0");
    String id = ann.key().verificationKey().keyId().hex();
    Client personal =
        Client.with(
            base(), ann.post("tokens", "{\"scopes\":[\"key\",\"publish\"]}").member("token"));
    assertThat(personal.delete("keys/" + id).status()).isEqualTo(204);
    refused(ann.delete("keys/" + id), 404, "RAYA-REG-004");
    refused(ann.publish(TestPackage.of("ch-revoked", "1.0.1")), 422, "RAYA-REG-011");
    refused(personal.register(personal.key()), 403, "RAYA-REG-003");
    assertThat(ann.get("packages/ch-revoked/1.0.0").status()).isEqualTo(200);
  }

  @Test
  void collectionsComeInPages() throws Exception {
    Client ann = owner("ch-pages", "1.0.0", "1.0.1", "1.0.2");
    for (String dependent : List.of("ch-pages-a", "ch-pages-b")) {
      Client.Answer answer =
          ann.publish(
              TestPackage.of(dependent, "1.0.0", "#", Map.of("ch-pages", ">=1.0.0 <2.0.0-0")));
      assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }
    Client.Answer first = ann.get("packages/ch-pages/versions?limit=2");
    assertThat(first.text()).contains("1.0.2", "1.0.1").doesNotContain("\"1.0.0\"");
    assertThat(first.header("Link")).contains("rel=\"next\"", "limit=2");
    Client.Answer second =
        ann.get("packages/ch-pages/versions?limit=2&cursor=" + first.member("next"));
    assertThat(second.text()).contains("\"1.0.0\"").doesNotContain("1.0.1", "\"next\"");

    Client.Answer dependents = ann.get("packages/ch-pages/dependents?limit=1");
    assertThat(dependents.text()).contains("ch-pages-a").doesNotContain("ch-pages-b");
    assertThat(ann.get("packages/ch-pages/dependents?cursor=" + dependents.member("next")).text())
        .contains("ch-pages-b");
    for (String query : List.of("limit=0", "limit=101", "limit=x", "cursor=%C3%A4", "cursor=AA")) {
      refused(ann.get("packages/ch-pages/versions?" + query), 400, "RAYA-REG-001");
    }
    refused(ann.get("packages/ch-nosuch/versions"), 404, "RAYA-REG-004");
  }

  @Test
  void partsOfAVersionComeOutOfItsArchive() throws Exception {
    Client ann = owner("ch-parts", "1.0.0");
    Client.Answer readme = ann.get("packages/ch-parts/1.0.0/readme");
    assertThat(readme.text()).isEqualTo("# ch-parts\n");
    assertThat(readme.header("Content-Type")).startsWith("text/markdown");
    refused(ann.get("packages/ch-parts/1.0.0/docs"), 404, "RAYA-REG-004");
  }
}
