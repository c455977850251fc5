package dev.raya.registry.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.resolver.name.PackageName;
import dev.raya.tuf.role.TrustedRoot;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class ReadTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  @Test
  void indexDocumentsAreServedWithEtagRangeAnd304() throws Exception {
    Client ann = Client.publisher(base(), "ann-index");
    assertThat(ann.publish(TestPackage.of("index-one", "1.0.0")).status()).isEqualTo(201);
    String path = "index/" + new PackageName("index-one").indexPath();
    Client.Answer whole = ann.get(path);
    String etag = '"' + Digest.of(whole.body()).hex() + '"';
    assertThat(whole.header("ETag")).isEqualTo(etag);
    assertThat(whole.header("Cache-Control"))
        .isEqualTo("public, max-age=60, stale-while-revalidate=30, stale-if-error=86400");
    assertThat(whole.header("Content-Digest"))
        .isEqualTo(
            "sha-256=:"
                + Base64.getEncoder().encodeToString(Digest.of(whole.body()).bytes())
                + ':');

    assertThat(ann.get(path, "If-None-Match", etag).status()).isEqualTo(304);
    assertThat(ann.get(path, "If-None-Match", "\"other\", W/" + etag).status()).isEqualTo(304);
    Client.Answer tail = ann.get(path, "Range", "bytes=10-");
    assertThat(tail.status()).isEqualTo(206);
    assertThat(tail.body()).isEqualTo(Arrays.copyOfRange(whole.body(), 10, whole.body().length));
    assertThat(tail.header("Content-Range"))
        .isEqualTo("bytes 10-" + (whole.body().length - 1) + '/' + whole.body().length);
    assertThat(ann.get(path, "Range", "bytes=999999-").status()).isEqualTo(416);
    assertThat(ann.get(path, "Range", "bytes=10-", "If-Range", "\"old\"").status()).isEqualTo(200);

    int file = path.lastIndexOf('/') + 1;
    String byDigest =
        path.substring(0, file) + Digest.of(whole.body()).hex() + '.' + path.substring(file);
    Client.Answer immutable = ann.get(byDigest);
    assertThat(immutable.body()).isEqualTo(whole.body());
    assertThat(immutable.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");

    assertThat(ann.publish(TestPackage.of("index-one", "1.0.1")).status()).isEqualTo(201);
    byte[] grown = ann.get(path).body();
    assertThat(Arrays.copyOf(grown, whole.body().length)).isEqualTo(whole.body());
    assertThat(ann.get(byDigest).body()).isEqualTo(whole.body());
  }

  @Test
  void nothingOutsideTheTreeIsServed() throws Exception {
    Client reader = Client.anonymous(base());
    for (String path :
        new String[] {
          "index/../keys/token-pepper",
          "index/%2e%2e/%2e%2e/keys/token-pepper",
          "blobs/sha256/aa/../../../../keys/token-pepper",
          "blobs/tmp/",
          "blobs/sha256/ab/" + "a".repeat(64),
          "tuf/1.root.json/x",
          "index/config.json.x"
        }) {
      assertThat(reader.get(path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void theRootIsTheOneClientsPin() throws Exception {
    Client reader = Client.anonymous(base());
    byte[] root = reader.get("tuf/1.root.json").body();
    TrustedRoot trusted = TrustedRoot.first(root);
    assertThat(trusted.fingerprint()).isEqualTo(Digest.of(root));
    assertThat(reader.get(".well-known/raya-registry").member("root"))
        .isEqualTo(Digest.of(root).toString());
    assertThat(reader.get("index/config.json").member("origin")).isEqualTo(RunningRegistry.ORIGIN);
  }

  @Test
  void aBatchCarriesDocumentsLeavesAndAttestations() throws Exception {
    Client ann = Client.publisher(base(), "ann-batch");
    assertThat(ann.publish(TestPackage.of("batch-dep", "1.0.0")).status()).isEqualTo(201);
    TestPackage sample =
        TestPackage.of("batch-top", "1.0.0", "#", Map.of("batch-dep", ">=1.0.0 <2.0.0-0"));
    Client.Answer published = ann.publish(sample);
    String log = published.member("log");

    String request =
        "{\"names\":[[\"batch-top\",0,0],[\"nosuch-name\",0,0]],\"closure\":true,\"leaves\":["
            + log
            + ",999999]}";
    Client.Answer plain =
        ann.post("index/batch", "application/json", request.getBytes(StandardCharsets.UTF_8));

    assertThat(plain.status()).as(plain.text()).isEqualTo(200);
    assertThat(plain.header("Content-Type")).isEqualTo("application/vnd.raya.batch");
    String text = plain.text();
    assertThat(text)
        .contains("\"path\":\"" + digestPath(ann, "batch-top") + '"')
        .contains("\"path\":\"" + digestPath(ann, "batch-dep") + '"')
        .contains("{\"name\":\"nosuch-name\",\"status\":404}\n")
        .contains("{\"leaf\":" + log + ",\"length\":")
        .contains("{\"leaf\":999999,\"status\":404}\n")
        .contains(new String(sample.statement(ann.key()), StandardCharsets.UTF_8))
        .endsWith("{\"end\":true,\"frames\":6}\n");
  }

  /** The path under which the document is served for ever, as long as it says the same. */
  private static String digestPath(Client reader, String name) throws Exception {
    String copy = "index/" + new PackageName(name).indexPath();
    byte[] document = reader.get(copy).body();
    int file = copy.lastIndexOf('/') + 1;
    String path = copy.substring(0, file) + Digest.of(document).hex() + '.' + copy.substring(file);
    assertThat(reader.get(path).body()).isEqualTo(document);
    return path;
  }

  @Test
  void aBatchKnowsWhatWasPublishedAMomentAgoAndSendsOnlyWhatIsNew() throws Exception {
    Client ann = Client.publisher(base(), "ann-grow");
    assertThat(ann.publish(TestPackage.of("batch-grow", "1.0.0")).status()).isEqualTo(201);
    byte[] before = ann.get("index/" + new PackageName("batch-grow").indexPath()).body();
    String request = "{\"names\":[[\"batch-grow\",0," + before.length + "]]}";
    assertThat(batch(ann, request)).contains("\"length\":0,\"offset\":" + before.length);
    assertThat(ann.publish(TestPackage.of("batch-grow", "1.1.0")).status()).isEqualTo(201);
    assertThat(batch(ann, request))
        .contains("\"offset\":" + before.length)
        .contains("\"version\":\"1.1.0\"")
        .doesNotContain("\"version\":\"1.0.0\"");
  }

  private static String batch(Client reader, String request) throws Exception {
    return reader
        .post("index/batch", "application/json", request.getBytes(StandardCharsets.UTF_8))
        .text();
  }

  @Test
  void aBatchGuessesByRangesAndSendsOnlyWhatIsNewOfAHeldDocument() throws Exception {
    Client ann = Client.publisher(base(), "ann-guess");
    for (TestPackage each :
        java.util.List.of(
            TestPackage.of("guess-old", "1.0.0"),
            TestPackage.of("guess-new", "1.0.0"),
            TestPackage.of("guess-mid", "1.0.0", "#", Map.of("guess-old", ">=1.0.0 <2.0.0-0")),
            TestPackage.of("guess-mid", "2.0.0", "#", Map.of("guess-new", ">=1.0.0 <2.0.0-0")),
            TestPackage.of("guess-top", "1.0.0", "#", Map.of("guess-mid", ">=1.0.0 <2.0.0-0")))) {
      assertThat(ann.publish(each).status()).isEqualTo(201);
    }
    String top = "index/" + new PackageName("guess-top").indexPath();
    byte[] held = ann.get(top).body();
    Client.Answer answer =
        ann.post(
            "index/batch",
            "application/json",
            ("{\"names\":[[\"guess-top\",0," + held.length + "]],\"closure\":true}")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(answer.text())
        .contains(
            "\"path\":\"" + digestPath(ann, "guess-top") + "\"",
            "\"length\":0,\"offset\":" + held.length)
        .contains(digestPath(ann, "guess-mid"))
        .contains(digestPath(ann, "guess-old"))
        .doesNotContain(".guess-new\"");
  }

  @Test
  void aBatchIsCodedWithZstdWhereTheClientTakesIt() throws Exception {
    Client ann = Client.publisher(base(), "ann-zstd");
    assertThat(ann.publish(TestPackage.of("batch-zstd", "1.0.0")).status()).isEqualTo(201);
    Client.Answer coded =
        ann.post(
            "index/batch",
            "application/json",
            "{\"names\":[[\"batch-zstd\",0,0]]}".getBytes(StandardCharsets.UTF_8),
            "Accept-Encoding",
            "zstd");
    assertThat(coded.header("Content-Encoding")).isEqualTo("zstd");
    assertThat(new String(ZstdCoding.decompress(coded.body(), 1 << 20), StandardCharsets.UTF_8))
        .endsWith("{\"end\":true,\"frames\":1}\n");
  }

  @Test
  void aMalformedBatchIsRefused() throws Exception {
    Client reader = Client.anonymous(base());
    for (String body :
        new String[] {
          "",
          "[]",
          "{\"names\":[1]}",
          "{\"names\":[[\"A\",0,0]]}",
          "{\"leaves\":[-1]}",
          "{\"blobs\":[\"x\"]}",
          "{\"other\":1}"
        }) {
      Client.Answer answer =
          reader.post("index/batch", "application/json", body.getBytes(StandardCharsets.UTF_8));
      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(answer.member("code")).isEqualTo("RAYA-REG-001");
    }
    assertThat(
            reader.post("index/batch", "application/json", new byte[(1 << 20) + 1]).member("code"))
        .isEqualTo("RAYA-REG-008");
  }

  @Test
  void packagesAndVersionsHaveDocuments() throws Exception {
    Client ann = Client.publisher(base(), "ann-docs");
    TestPackage sample = TestPackage.of("@ann-docs/logging", "1.2.3");
    assertThat(ann.publish(sample).status()).isEqualTo(201);
    Client.Answer document = ann.get("packages/@ann-docs/logging");
    assertThat(document.status()).isEqualTo(200);
    assertThat(document.member("latest")).isEqualTo("1.2.3");
    assertThat(
            ann.get("packages/@ann-docs/logging", "If-None-Match", document.header("ETag"))
                .status())
        .isEqualTo(304);
    assertThat(ann.get("api/v1/packages/@ann-docs/logging").body()).isEqualTo(document.body());
    Client.Answer version = ann.get("packages/@ann-docs/logging/1.2.3");
    assertThat(version.member("sha256")).isEqualTo(sample.facts().checksum().hex());
    assertThat(version.value("metadata")).isInstanceOf(Json.Obj.class);
    Client.Answer download = ann.get("packages/@ann-docs/logging/1.2.3/download");
    assertThat(download.status()).isEqualTo(302);
    assertThat(download.header("Location")).endsWith(sample.facts().checksum().hex());
    assertThat(ann.get("packages/@ann-docs/logging/9.9.9").member("code"))
        .isEqualTo("RAYA-REG-004");
    assertThat(ann.get("packages/@ann-docs/logging/1.2.3/nosuch").status()).isEqualTo(404);
    Client.Answer near = ann.get("packages/@ann-docs/loging");
    assertThat(near.status()).isEqualTo(404);
    assertThat(near.member("hint")).contains("@ann-docs/logging");
  }

  @Test
  void searchFindsByNameKeywordAndLikeness() throws Exception {
    Client ann = Client.publisher(base(), "ann-search");
    assertThat(ann.publish(TestPackage.of("quokka-parser", "1.0.0")).status()).isEqualTo(201);
    assertThat(ann.publish(TestPackage.of("quokka", "2.0.0")).status()).isEqualTo(201);

    Client.Answer found = ann.get("search?q=quokka");
    assertThat(found.text().indexOf("\"name\":\"quokka\""))
        .isPositive()
        .isLessThan(found.text().indexOf("\"name\":\"quokka-parser\""));
    assertThat(ann.get("search?q=quoka").text()).contains("\"name\":\"quokka\"");
    assertThat(ann.get("search/suggest?q=quok").text()).contains("[\"quokka\",\"quokka-parser\"]");
    assertThat(ann.get("search?q=" + "%25_".repeat(10)).status()).isEqualTo(200);
    Client.Answer page = ann.get("search?q=quokka&limit=1");
    assertThat(page.header("Link")).contains("rel=\"next\"");
    assertThat(ann.get("search?q=quokka&limit=1&cursor=" + page.member("next")).text())
        .contains("\"name\":\"quokka-parser\"");
    assertThat(ann.get("search?q=x&limit=101").status()).isEqualTo(400);
    assertThat(ann.get("search?q=x&cursor=zzz").status()).isEqualTo(400);
  }
}
