package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.vm.bytecode.PredefinedType;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class PublishTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private static void refused(Client.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.member("code")).as(answer.text()).isEqualTo(code);
    assertThat(answer.member("type")).isEqualTo(RunningRegistry.ORIGIN + "/help/errors/" + code);
    assertThat(answer.member("instance"))
        .isEqualTo("urn:raya:request:" + answer.header("X-Request-Id"));
  }

  @Test
  void aPublishedVersionIsInTheLogAndInTheIndexOnceItIsAnswered() throws Exception {
    Client ann = Client.publisher(base(), "ann");
    TestPackage sample =
        TestPackage.of("first-one", "1.2.3", "# First", Map.of("fmt", ">=1.0.0 <2.0.0-0"));

    Client.Answer answer = ann.publish(sample);

    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(answer.header("Location")).isEqualTo("/packages/first-one/1.2.3");
    assertThat(answer.member("schema")).isEqualTo("raya/published/1");
    assertThat(answer.member("sha256")).isEqualTo(sample.facts().checksum().hex());
    PackageName name = new PackageName("first-one");
    Client.Answer index = ann.get("index/" + name.indexPath());
    assertThat(index.status()).isEqualTo(200);
    IndexDocument document = IndexDocumentReader.read(name, index.body());
    IndexLine.VersionLine line = document.versions().getFirst();
    assertThat(line.sha256()).isEqualTo(sample.facts().checksum());
    assertThat(line.tree()).isEqualTo(sample.facts().tree());
    assertThat(String.valueOf(line.log())).isEqualTo(answer.member("log"));
    assertThat(line.dependencies()).hasSize(1);
    assertThat(document.publishingBefore(line.log())).isNotNull();
    LogRecord leaf = LogRecordReader.read(CanonicalJson.bytes(answer.value("leaf")));
    assertThat(leaf)
        .isInstanceOfSatisfying(
            LogRecord.Publish.class,
            publish -> {
              assertThat(publish.archive()).isEqualTo(sample.facts().checksum());
              assertThat(publish.previous()).isNull();
              assertThat(publish.attestations()).hasSize(1);
            });
    String hex = sample.facts().checksum().hex();
    Client.Answer blob = ann.get("blobs/sha256/" + hex.substring(0, 2) + "/" + hex);
    assertThat(blob.body()).isEqualTo(sample.archive());
  }

  @Test
  void theSameVersionAgainIsTheSameAnswerAndOtherBytesAreRefused() throws Exception {
    Client ann = Client.publisher(base(), "ann-again");
    TestPackage sample = TestPackage.of("again", "1.0.0");
    Client.Answer first = ann.publish(sample);
    Client.Answer second = ann.publish(sample);

    assertThat(first.status()).as(first.text()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    TestPackage other = TestPackage.of("again", "1.0.0", "# Other", Map.of());
    refused(ann.publish(other), 409, "RAYA-REG-005");
    TestPackage build = TestPackage.of("again", "1.0.0+build.2");
    refused(ann.publish(build), 409, "RAYA-REG-005");
  }

  @Test
  void theSecondVersionNamesTheFirstAndKeepsThePublishers() throws Exception {
    Client ann = Client.publisher(base(), "ann-two");
    long first = Long.parseLong(ann.publish(TestPackage.of("two", "1.0.0")).member("log"));
    Client.Answer second = ann.publish(TestPackage.of("two", "1.1.0"));

    LogRecord leaf = LogRecordReader.read(CanonicalJson.bytes(second.value("leaf")));
    assertThat(((LogRecord.Publish) leaf).previous()).isEqualTo(first);
    PackageName name = new PackageName("two");
    IndexDocument document =
        IndexDocumentReader.read(name, ann.get("index/" + name.indexPath()).body());
    assertThat(document.lines()).hasSize(3);
  }

  @Test
  void aDryRunChecksAllAndStoresNothing() throws Exception {
    Client ann = Client.publisher(base(), "ann-dry");
    TestPackage sample = TestPackage.of("dry", "1.0.0");
    Client.Answer answer = ann.publish(sample.parts(ann.key()), "?dry-run=true");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(ann.get("packages/dry").status()).isEqualTo(404);
    String hex = sample.facts().checksum().hex();
    assertThat(ann.get("blobs/sha256/" + hex.substring(0, 2) + "/" + hex).status()).isEqualTo(404);
    refused(ann.publish(sample.parts(ann.key()), "?dryrun=true"), 400, "RAYA-REG-001");
  }

  @Test
  void aDryRunOfAnAccountWithoutAKeyChecksAllButTheSignature() throws Exception {
    Client newcomer = Client.with(base(), Client.token("ann-keyless"));
    TestPackage sample = TestPackage.of("dry-keyless", "1.0.0");
    Client.Answer answer = newcomer.publish(sample.parts(newcomer.key()), "?dry-run=true");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.member("checks")).contains("no signing key yet");
    assertThat(newcomer.get("keys").member("keys")).isEqualTo("[]");
    refused(newcomer.publish(sample), 422, "RAYA-REG-011");
    Client narrow = Client.with(base(), Client.token("ann-keyless-2", "--scope", "publish"));
    refused(narrow.publish(sample.parts(narrow.key()), "?dry-run=true"), 422, "RAYA-REG-011");
  }

  @Test
  void textsWithNulAreRefusedInTheArchiveToo() throws Exception {
    Client ann = Client.publisher(base(), "ann-nul");
    TestPackage sample =
        TestPackage.of(
            "nul-text",
            "1.0.0",
            "#",
            TestPackage.module("nul-text", "1.0.0"),
            TestPackage.with(
                TestPackage.metadata("nul-text", "1.0.0", Map.of()),
                "description",
                Json.of("a\0b")));
    refused(ann.publish(sample), 422, "RAYA-REG-010");
  }

  @Test
  void withoutATokenNothingIsTaken() throws Exception {
    TestPackage sample = TestPackage.of("no-token", "1.0.0");
    Client.Answer answer = Client.anonymous(base()).publish(sample);
    refused(answer, 401, "RAYA-REG-002");
    assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    refused(Client.with(base(), "raya_nonsense").publish(sample), 401, "RAYA-REG-002");
  }

  @Test
  void aTokenNeedsTheScope() throws Exception {
    Client reader = Client.with(base(), Client.token("reader", "--scope", "read"));
    refused(reader.publish(TestPackage.of("no-scope", "1.0.0")), 403, "RAYA-REG-003");
  }

  @Test
  void anotherAccountMayNotPublish() throws Exception {
    Client ann = Client.publisher(base(), "ann-owner");
    Client bob = Client.publisher(base(), "bob-other");
    assertThat(ann.publish(TestPackage.of("owned", "1.0.0")).status()).isEqualTo(201);
    refused(bob.publish(TestPackage.of("owned", "1.0.1")), 403, "RAYA-REG-003");
    assertThat(ann.publish(TestPackage.of("@acme/owned", "1.0.0")).status()).isEqualTo(201);
    refused(bob.publish(TestPackage.of("@acme/other", "1.0.0")), 403, "RAYA-REG-003");
  }

  @Test
  void namesThatCollideOrAreReservedAreRefused() throws Exception {
    Client ann = Client.publisher(base(), "ann-names");
    assertThat(ann.publish(TestPackage.of("json-l0", "1.0.0")).status()).isEqualTo(201);
    refused(ann.publish(TestPackage.of("json_lo", "1.0.0")), 409, "RAYA-REG-006");
    refused(ann.publish(TestPackage.of("native", "1.0.0")), 409, "RAYA-REG-006");
  }

  @Test
  void aStatementIsRequiredAndMustBeOfAKeyOfTheAccount() throws Exception {
    Client ann = Client.publisher(base(), "ann-sign");
    TestPackage sample = TestPackage.of("signed", "1.0.0");
    Parts none =
        new Parts()
            .add("publish", "application/json", CanonicalJson.bytes(sample.announcement(List.of())))
            .add("archive", "application/zstd", sample.archive());
    refused(ann.publish(none), 422, "RAYA-REG-011");
    SigningKey stranger = SigningKey.ofSeed(new byte[32]);
    refused(ann.publish(sample.parts(stranger)), 422, "RAYA-REG-011");
    Client keyless = Client.with(base(), Client.token("keyless"));
    refused(keyless.publish(sample), 422, "RAYA-REG-011");
  }

  @Test
  void aStatementAboutOtherBytesIsRefused() throws Exception {
    Client ann = Client.publisher(base(), "ann-lie");
    TestPackage sample = TestPackage.of("lie", "1.0.0");
    byte[] statement = TestPackage.of("lie", "1.0.1").statement(ann.key());
    Parts parts =
        new Parts()
            .add(
                "publish",
                "application/json",
                CanonicalJson.bytes(sample.announcement(List.of(statement))))
            .add("archive", "application/zstd", sample.archive())
            .add("attestation", PublishBundle.MEDIA_TYPE, statement);
    refused(ann.publish(parts), 422, "RAYA-REG-011");
  }

  @Test
  void aFlippedBitInTheSignatureIsRefused() throws Exception {
    Client ann = Client.publisher(base(), "ann-flip");
    TestPackage sample = TestPackage.of("flip", "1.0.0");
    String bundle = new String(sample.statement(ann.key()), StandardCharsets.UTF_8);
    int at = bundle.indexOf("\"sig\":\"") + 12;
    char flipped = bundle.charAt(at) == 'A' ? 'B' : 'A';
    byte[] statement =
        (bundle.substring(0, at) + flipped + bundle.substring(at + 1))
            .getBytes(StandardCharsets.UTF_8);
    Parts parts =
        new Parts()
            .add(
                "publish",
                "application/json",
                CanonicalJson.bytes(sample.announcement(List.of(statement))))
            .add("archive", "application/zstd", sample.archive())
            .add("attestation", PublishBundle.MEDIA_TYPE, statement);
    refused(ann.publish(parts), 422, "RAYA-REG-011");
  }

  @Test
  void anArchiveOfAnotherDigestIsRefused() throws Exception {
    Client ann = Client.publisher(base(), "ann-digest");
    TestPackage sample = TestPackage.of("digest", "1.0.0");
    Json.Obj archive = sample.announcedArchive();
    Json.Obj wrong =
        TestPackage.with(
            sample.announcement(List.of(sample.statement(ann.key()))),
            "archive",
            TestPackage.with(archive, "sha256", Json.of("0".repeat(64))));
    Parts parts =
        new Parts()
            .add("publish", "application/json", CanonicalJson.bytes(wrong))
            .add("archive", "application/zstd", sample.archive())
            .add("attestation", PublishBundle.MEDIA_TYPE, sample.statement(ann.key()));
    refused(ann.publish(parts), 422, "RAYA-REG-009");
  }

  @Test
  void anArchiveThatLeavesItsFolderIsRefused() throws Exception {
    Client ann = Client.publisher(base(), "ann-escape");
    TestPackage sample = TestPackage.of("escape", "1.0.0");
    byte[] tar = ZstdCoding.decompress(sample.archive(), 1 << 20);
    int at = find(tar, "files/aa");
    byte[] name = "../../aa".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, tar, at, name.length);
    checksum(tar, at);
    Client.Answer answer = ann.publish(sample.withArchive(ZstdCoding.compress(tar)));
    refused(answer, 422, "RAYA-REG-009");
    assertThat(answer.member("detail")).contains("..");
  }

  @Test
  void bytecodeThatDoesNotVerifyIsRefused() throws Exception {
    Client ann = Client.publisher(base(), "ann-bytecode");
    byte[] module = TestPackage.module("bytecode", "1.0.0");
    module[module.length / 2] ^= 1;
    TestPackage broken =
        TestPackage.of(
            "bytecode", "1.0.0", "#", module, TestPackage.metadata("bytecode", "1.0.0", Map.of()));
    Client.Answer answer = ann.publish(broken);
    refused(answer, 422, "RAYA-REG-009");
    assertThat(answer.member("detail")).contains("RAYA-RBIN-");
    TestPackage cut =
        TestPackage.of(
            "bytecode",
            "1.0.0",
            "#",
            new byte[] {1, 2, 3},
            TestPackage.metadata("bytecode", "1.0.0", Map.of()));
    refused(ann.publish(cut), 422, "RAYA-REG-009");
  }

  @Test
  void metadataThatSaysSomethingElseIsRefused() throws Exception {
    Client ann = Client.publisher(base(), "ann-metadata");
    byte[] module = TestPackage.module("metadata", "1.0.0");
    Json.Obj metadata = TestPackage.metadata("metadata", "1.0.0", Map.of());
    TestPackage capable =
        TestPackage.of(
            "metadata",
            "1.0.0",
            "#",
            module,
            TestPackage.with(metadata, "capabilities", Json.strings(List.of("net"))));
    refused(ann.publish(capable), 422, "RAYA-REG-010");
    TestPackage renamed =
        TestPackage.of(
            "metadata", "1.0.0", "#", module, TestPackage.with(metadata, "name", Json.of("other")));
    refused(ann.publish(renamed), 422, "RAYA-REG-010");
    TestPackage ranged = TestPackage.of("metadata", "1.0.0", "#", Map.of("fmt", "not a range"));
    refused(ann.publish(ranged), 422, "RAYA-REG-010");
  }

  @Test
  void partsInAnotherOrderTooLongOrTooManyAreRefused() throws Exception {
    Client ann = Client.publisher(base(), "ann-parts");
    TestPackage sample = TestPackage.of("parts", "1.0.0");
    byte[] statement = sample.statement(ann.key());
    byte[] first = CanonicalJson.bytes(sample.announcement(List.of(statement)));
    refused(
        ann.publish(new Parts().add("archive", "application/zstd", sample.archive())),
        400,
        "RAYA-REG-001");
    byte[] longer = Arrays.copyOf(sample.archive(), sample.archive().length + 1);
    Client.Answer answer =
        ann.publish(
            new Parts()
                .add("publish", "application/json", first)
                .add("archive", "application/zstd", longer)
                .add("attestation", PublishBundle.MEDIA_TYPE, statement));
    assertThat(answer.status()).isIn(413, 422);
    refused(
        ann.publish(
            new Parts()
                .add("publish", "application/json", first)
                .add("archive", "application/zstd", sample.archive())
                .add("attestation", PublishBundle.MEDIA_TYPE, new byte[statement.length + 1])),
        413,
        "RAYA-REG-008");
    refused(
        ann.publish(
            sample.parts(ann.key()).add("attestation", PublishBundle.MEDIA_TYPE, statement)),
        400,
        "RAYA-REG-001");
    refused(
        ann.publish(new Parts().add("publish", "application/json", new byte[70_000])),
        413,
        "RAYA-REG-008");
    refused(ann.post("publish", "text/plain", new byte[] {1}), 400, "RAYA-REG-001");
    assertThat(ann.get("packages/parts").status()).isEqualTo(404);
  }

  @Test
  void announcedSizesAreBoundedBeforeAnythingIsRead() throws Exception {
    Client ann = Client.publisher(base(), "ann-huge");
    TestPackage sample = TestPackage.of("huge", "1.0.0");
    Json.Obj archive = sample.announcedArchive();
    Json.Obj announced =
        TestPackage.with(
            sample.announcement(List.of()),
            "archive",
            TestPackage.with(archive, "size", Json.of((64L << 20) + 1)));
    refused(
        ann.publish(new Parts().add("publish", "application/json", CanonicalJson.bytes(announced))),
        413,
        "RAYA-REG-008");
  }

  @Test
  void aVersionThatBreaksItsPredecessorsUsersIsRefusedWithTheListOfChanges() throws Exception {
    Client ann = Client.publisher(base(), "ann-api");
    Map<String, Integer> wide = Map.of("open", PredefinedType.INT, "shut", PredefinedType.INT);
    Map<String, Integer> narrow = Map.of("open", PredefinedType.STRING);
    assertThat(ann.publish(TestPackage.exporting("api", "1.0.0", wide)).status()).isEqualTo(201);
    TestPackage breaking = TestPackage.exporting("api", "1.1.0", narrow);

    Client.Answer refusal = ann.publish(breaking);

    refused(refusal, 422, "RAYA-REG-012");
    assertThat(refusal.member("detail"))
        .isEqualTo(
            "1.1.0 breaks users of 1.0.0 in 2 places: open: was () => int, is () => string;"
                + " shut: the function is gone");
    assertThat(refusal.member("hint")).contains("2.0.0").contains("--allow-breaking");
    assertThat(refusal.text()).contains("\"errors\":[");
    assertThat(ann.get("packages/api/1.1.0").status()).isEqualTo(404);
    refused(ann.publish(breaking.parts(ann.key()), "?dry-run=true"), 422, "RAYA-REG-012");

    assertThat(ann.publish(TestPackage.exporting("api", "2.0.0", narrow)).status()).isEqualTo(201);
    assertThat(ann.publish(TestPackage.exporting("api", "1.0.1", wide)).status()).isEqualTo(201);
  }

  @Test
  void whatWasAllowedToBreakIsKeptWithTheVersion() throws Exception {
    Client ann = Client.publisher(base(), "ann-allowed");
    ann.publish(TestPackage.exporting("allowed", "1.0.0", Map.of("open", PredefinedType.INT)));
    TestPackage breaking = TestPackage.exporting("allowed", "1.0.1", Map.of());
    Json.Obj announced =
        TestPackage.with(
            breaking.announcement(List.of(breaking.statement(ann.key()))),
            "allowBreaking",
            Json.of(true));
    Parts parts =
        new Parts()
            .add("publish", "application/json", CanonicalJson.bytes(announced))
            .add("archive", "application/zstd", breaking.archive())
            .add("attestation", PublishBundle.MEDIA_TYPE, breaking.statement(ann.key()));

    Client.Answer answer = ann.publish(parts);

    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(answer.text())
        .contains("since 1.0.0: open: the function is gone")
        .contains("RAYA-REG-012");
    assertThat(ann.publish(parts).body()).isEqualTo(answer.body());
    assertThat(ann.get("packages/allowed/1.0.1").text()).contains("open: the function is gone");
    assertThat(ann.publish(TestPackage.exporting("allowed", "1.0.2", Map.of())).status())
        .isEqualTo(201);
  }

  @Test
  void theDiffOfTwoVersionsNamesInterfaceAndFiles() throws Exception {
    Client ann = Client.publisher(base(), "ann-diff");
    ann.publish(TestPackage.exporting("diffed", "1.0.0", Map.of()));
    ann.publish(TestPackage.exporting("diffed", "1.1.0", Map.of("open", PredefinedType.INT)));

    Client.Answer diff = ann.get("packages/diffed/diff/1.0.0...1.1.0");

    assertThat(diff.status()).as(diff.text()).isEqualTo(200);
    assertThat(diff.text())
        .contains(
            "{\"change\":\"the function is new\",\"impact\":\"addition\",\"item\":\"open\","
                + "\"module\":\"\"}")
        .contains("{\"change\":\"changed\",\"path\":\"module.rbin\"}");
    refused(ann.get("packages/diffed/diff/1.0.0"), 400, "RAYA-REG-001");
    refused(ann.get("packages/diffed/diff/1.0.0...9.0.0"), 404, "RAYA-REG-004");
  }

  private static int find(byte[] tar, String name) {
    String text = new String(tar, StandardCharsets.ISO_8859_1);
    int at = text.indexOf(name + "\0");
    assertThat(at).isGreaterThanOrEqualTo(0);
    return at;
  }

  private static void checksum(byte[] tar, int header) {
    for (int i = 148; i < 156; i++) {
      tar[header + i] = ' ';
    }
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += tar[header + i] & 0xff;
    }
    byte[] text = String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, tar, header + 148, text.length);
  }
}
