package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.TestPackage.Library;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Versions with native libraries: their parts, what is checked, and where they appear. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class NativePublishTest {
  private static final Library LINUX =
      new Library("lz4", "linux-x64", "liblz4.so", new byte[] {1, 2, 3, 4});
  private static final Library WINDOWS =
      new Library("lz4", "windows-x64", "lz4.dll", new byte[] {5, 6, 7});

  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  @Test
  void librariesAreBlobsOfTheirOwnInRecordIndexDocumentsAndPage() throws Exception {
    Client ann = Client.publisher(base(), "ann-native");
    TestPackage sample = TestPackage.with("lz4-fast", "1.0.0", LINUX, WINDOWS);

    Client.Answer answer = ann.publish(sample);

    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    LogRecord leaf = LogRecordReader.read(CanonicalJson.bytes(answer.value("leaf")));
    assertThat(((LogRecord.Publish) leaf).natives())
        .containsExactly(
            new LogRecord.Native("lz4", "linux-x64", "liblz4.so", 4, Digest.of(LINUX.bytes())),
            new LogRecord.Native("lz4", "windows-x64", "lz4.dll", 3, Digest.of(WINDOWS.bytes())));
    PackageName name = new PackageName("lz4-fast");
    IndexLine.VersionLine line =
        IndexDocumentReader.read(name, ann.get("index/" + name.indexPath()).body())
            .versions()
            .getFirst();
    assertThat(line.natives())
        .extracting(blob -> blob.module() + " " + blob.target() + " " + blob.file())
        .containsExactly("lz4 linux-x64 liblz4.so", "lz4 windows-x64 lz4.dll");
    for (Library library : List.of(LINUX, WINDOWS)) {
      String hex = Digest.of(library.bytes()).hex();
      assertThat(ann.get("blobs/sha256/" + hex.substring(0, 2) + "/" + hex).body())
          .isEqualTo(library.bytes());
    }
    String page = ann.get("p/lz4-fast", "Accept", "text/html").text();
    assertThat(page)
        .contains("Native libraries", "native:lz4", "linux-x64", "windows-x64", "4 B<")
        .contains("download=\"lz4.dll\"");
    assertThat(ann.get("packages/lz4-fast/1.0.0").text()).contains("\"target\":\"linux-x64\"");
    assertThat(ann.publish(sample).status()).isEqualTo(200);
  }

  @Test
  void whatArrivesMustBeWhatWasAnnouncedSignedAndDescribed() throws Exception {
    Client ann = Client.publisher(base(), "ann-native-wrong");
    TestPackage sample = TestPackage.with("lz4-wrong", "1.0.0", LINUX);
    byte[] statement = sample.statement(ann.key());
    Json.Obj announcement = sample.announcement(List.of(statement));
    for (String query : List.of("", "?dry-run=true")) {
      // Other bytes of the same length.
      refused(ann, sample, announcement, query, 422, "RAYA-REG-009", new byte[] {1, 2, 3, 5});
      refused(ann, sample, announcement, query, 422, "RAYA-REG-009", new byte[] {1, 2, 3});
      refused(ann, sample, announcement, query, 413, "RAYA-REG-008", new byte[] {1, 2, 3, 4, 5});
    }
    // Fewer parts than announced, and more.
    refused(ann, sample, announcement, "", 400, "RAYA-REG-001");
    refused(ann, sample, announcement, "", 400, "RAYA-REG-001", LINUX.bytes(), LINUX.bytes());
    // Announced otherwise than metadata.json says.
    refused(
        ann,
        sample,
        TestPackage.with(announcement, "natives", Json.array(List.of())),
        "",
        422,
        "RAYA-REG-010");
    for (UnaryOperator<Json.Obj> change :
        List.<UnaryOperator<Json.Obj>>of(
            blob -> TestPackage.with(blob, "target", Json.of("amiga-68k")),
            blob -> TestPackage.with(blob, "file", Json.of("lz4.so")),
            blob -> TestPackage.with(blob, "module", Json.of("fs")),
            blob -> TestPackage.with(blob, "module", Json.of("../x")))) {
      refused(
          ann,
          sample,
          TestPackage.with(
              announcement, "natives", Json.array(List.of(change.apply(LINUX.announced())))),
          "",
          400,
          "RAYA-REG-001",
          LINUX.bytes());
    }
    // A statement that leaves a library out.
    byte[] silent =
        new TestPackage("lz4-wrong", "1.0.0", sample.archive(), sample.facts(), List.of())
            .statement(ann.key());
    Client.Answer answer =
        ann.publish(
            new Parts()
                .add(
                    "publish",
                    "application/json",
                    CanonicalJson.bytes(sample.announcement(List.of(silent))))
                .add("archive", "application/zstd", sample.archive())
                .add("native", "application/octet-stream", LINUX.bytes())
                .add("attestation", "application/vnd.dev.sigstore.bundle.v0.3+json", silent));
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.member("code")).isEqualTo("RAYA-REG-011");
    assertThat(ann.get("packages/lz4-wrong").status()).isEqualTo(404);
  }

  private static void refused(
      Client client,
      TestPackage sample,
      Json.Obj announcement,
      String query,
      int status,
      String code,
      byte[]... libraries)
      throws Exception {
    Parts parts =
        new Parts()
            .add("publish", "application/json", CanonicalJson.bytes(announcement))
            .add("archive", "application/zstd", sample.archive());
    for (byte[] library : libraries) {
      parts.add("native", "application/octet-stream", library);
    }
    parts.add(
        "attestation",
        "application/vnd.dev.sigstore.bundle.v0.3+json",
        sample.statement(client.key()));
    Client.Answer answer = client.publish(parts, query);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.member("code")).as(answer.text()).isEqualTo(code);
  }
}
