package dev.raya.cli.pm.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.KeyDirectory;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.NativeSubject;
import dev.raya.signing.statement.PublishStatement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What publish signs, sends, checks and keeps. The registry's own checks are tested there. */
final class PublishTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() throws IOException {
    return Pm.in(folder)
        .using(TestToolchain.in(folder.resolve("toolchain")))
        .at(registry)
        .with("RAYA_TOKEN", "raya_test")
        .project("# none");
  }

  @Test
  void firstPublishMakesAndRegistersAKeyAndKeepsEntryAndProof() throws Exception {
    Pm pm = pm();
    Pm.Outcome outcome = pm.run("publish");
    assertThat(outcome.err()).contains("made the signing key", "registered it to your account");
    assertThat(outcome.out()).isEqualTo("published app 0.1.0 (log 1)\n");
    var key = new KeyDirectory(pm.home().resolve("keys")).list().getFirst();
    List<byte[]> parts = registry.uploads().getFirst();
    PublishStatement statement = PublishBundle.read(parts.get(2)).verify(new Identity.Key(0, key));
    assertThat(statement.name()).isEqualTo("app");
    assertThat(statement.previous()).isNull();
    assertThat(new String(parts.get(0), StandardCharsets.UTF_8))
        .contains(statement.archive().hex(), statement.tree().hex());
    try (Stream<Path> entries = Files.list(pm.home().resolve("cache"))) {
      Path entry = entries.findFirst().orElseThrow();
      assertThat(entry.getFileName().toString()).isEqualTo(statement.archive().hex());
      assertThat(entry.resolve("proof.json")).exists();
    }
    pm.write("raya.toml", pm.read("raya.toml").replace("0.1.0", "0.2.0"));
    Pm.Outcome second = pm.run("publish", "--quiet");
    assertThat(second).isEqualTo(new Pm.Outcome(0, "published app 0.2.0 (log 2)\n", ""));
    assertThat(
            PublishBundle.read(registry.uploads().get(1).get(2))
                .verify(new Identity.Key(0, key))
                .previous())
        .isEqualTo(statement.archive());
  }

  @Test
  void whatTheCompilerWarnsOfIsToldOnceAlthoughItCompilesTwice() throws IOException {
    Pm pm = pm();
    pm.write("doubtful", "");
    assertThat(pm.run("publish", "--dry-run").err()).containsOnlyOnce("RAYA-W0001");
    assertThat(pm.run("publish", "--dry-run", "--quiet").err()).doesNotContain("RAYA-W0001");
    assertThat(pm.run("publish", "--dry-run", "--output", "json").out())
        .containsOnlyOnce("RAYA-W0001");
  }

  @Test
  void aBreakOfUsersIsRefusedBeforeAnythingIsSentUnlessItIsAllowed() throws IOException {
    Pm pm = pm();
    pm.write("exports.txt", "open shut");
    pm.write("raya.toml", pm.read("raya.toml").replace("0.1.0", "1.0.0"));
    assertThat(pm.run("publish").exit()).isZero();
    pm.write("exports.txt", "open peek");
    pm.write("raya.toml", pm.read("raya.toml").replace("1.0.0", "1.1.0"));

    Pm.Outcome refused = pm.run("publish");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            "error[RAYA-PKG-012]: app 1.1.0 breaks users of 1.0.0 in 1 place",
            "shut: the function is gone",
            "publish it as 2.0.0");
    assertThat(registry.uploads()).hasSize(1);

    Pm.Outcome allowed = pm.run("publish", "--allow-breaking");
    assertThat(allowed.err()).contains("warning[RAYA-PKG-012]", "shut: the function is gone");
    assertThat(allowed.exit()).isZero();
    assertThat(new String(registry.uploads().get(1).getFirst(), StandardCharsets.UTF_8))
        .contains("\"allowBreaking\":true");

    Pm.Outcome diff = pm.run("diff", "app@1.0.0", "app@1.1.0");
    assertThat(diff)
        .isEqualTo(
            new Pm.Outcome(
                0,
                """
                app@1.0.0 -> 1.1.0
                interface:
                  breaking  shut: the function is gone
                  addition  peek: the function is new
                capabilities: the same
                files:
                  changed  docs.json
                  changed  metadata.json
                  changed  module.rbin
                """,
                ""));
    assertThat(pm.run("diff", "app@1.0.0", "app@9.0.0", "--offline").err())
        .contains("RAYA-RES-003");
    assertThat(pm.run("diff", "app@1.0.0", "other@1.0.0").exit()).isEqualTo(2);
    assertThat(pm.run("diff", "app@1.0.0", "app@1.1.0", "--offline", "--output", "json").out())
        .contains("\"impact\":\"breaking\"");
  }

  @Test
  void aStagedVersionIsToldByItsIdAndPublishedByPromotion() throws IOException {
    Pm pm = pm();
    Pm.Outcome staged = pm.run("publish", "--stage");
    assertThat(staged.exit()).as(staged.err()).isZero();
    String announced = new String(registry.uploads().getFirst().getFirst(), StandardCharsets.UTF_8);
    assertThat(announced).contains("\"stage\":true");
    String id = staged.out().replaceFirst("(?s)staged app 0\\.1\\.0 as ([0-9a-f]{40}), .*", "$1");
    assertThat(staged.err())
        .contains("raya-pm install --stage " + id, "raya-pm promote app@0.1.0 --stage " + id);
    assertThat(pm.run("publish", "--stage", "--output", "json").out())
        .contains("\"stage\":\"" + id + "\"", "\"expires\":\"2026-01-13T12:00:00Z\"")
        .doesNotContain("\"log\"");
    assertThat(pm.run("info", "app").exit()).isEqualTo(1);

    Pm.Outcome promoted = pm.run("promote", "app@0.1.0");
    assertThat(promoted.exit()).as(promoted.err()).isZero();
    assertThat(promoted.out()).isEqualTo("published app 0.1.0 (log 1)\n");
    assertThat(promoted.err()).contains("promoting the staged release " + id + ", sha256:" + id);
    assertThat(pm.run("info", "app", "--offline").out()).contains("app 0.1.0");
    assertThat(pm.run("promote", "app").exit()).isEqualTo(2);
    assertThat(pm.run("promote", "app@0.2.0").err()).contains("RAYA-REG-004");
    assertThat(pm.run("promote", "app@0.1.0", "--offline").exit()).isEqualTo(4);
  }

  @Test
  void aPromotionPublishesTheReleaseThatWasNamedOrListedAndNoOther() throws IOException {
    Pm pm = pm();
    String staged = pm.run("publish", "--stage").out();
    String id = staged.replaceFirst("(?s)staged app 0\\.1\\.0 as ([0-9a-f]{40}), .*", "$1");
    assertThat(pm.run("promote", "app@0.1.0", "--stage", "latest").exit()).isEqualTo(2);
    Pm.Outcome changed = pm.run("promote", "app@0.1.0", "--stage", "5e".repeat(20));
    assertThat(changed.err()).contains("error[RAYA-REG-007]");
    assertThat(changed.exit()).isEqualTo(1);
    assertThat(pm.run("promote", "5e".repeat(20)).err()).contains("error[RAYA-REG-004]");
    registry.document("/stages/" + "5e".repeat(20), "{\"name\":\"app\",\"version\":\"0.1.0\"}");
    assertThat(pm.run("promote", "5e".repeat(20)).err()).contains("error[RAYA-REG-007]");
    assertThat(pm.run("promote", "5e".repeat(20), "--stage", id).exit()).isEqualTo(2);
    assertThat(pm.run("promote", "app@0.1.0", "--stage", id, "--output", "json").out())
        .contains("\"sha256\":\"" + id, "\"stage\":\"" + id + "\"");

    registry.document(
        "/stages",
        "{\"stages\":[{\"id\":\"%s\",\"name\":\"app\",\"version\":\"0.1.0\",\"sha256\":\"%s\"}]}"
            .formatted(id, "5e".repeat(32)));
    Pm.Outcome other = pm.run("promote", "app@0.1.0");
    assertThat(other.err()).contains("error[RAYA-SEC-005]", "5e".repeat(32));
    assertThat(other.exit()).isEqualTo(3);
  }

  @Test
  void aPromotionWithoutProofOrOfAnotherVersionIsNotBelieved() throws IOException {
    Pm pm = pm();
    assertThat(pm.run("publish", "--stage").exit()).isZero();
    registry.tamper(
        "/publish",
        answer ->
            new String(answer, StandardCharsets.UTF_8)
                .replace("\"version\":\"0.1.0\"", "\"version\":\"0.1.1\"")
                .getBytes(StandardCharsets.UTF_8));
    Pm.Outcome other = pm.run("promote", "app@0.1.0");
    assertThat(other.err()).contains("error[RAYA-SEC-005]", "not of what was sent");
    assertThat(other.exit()).isEqualTo(3);
  }

  @Test
  void nativeLibrariesArePublishedBesideTheArchiveAndNamedByTheStatement() throws Exception {
    Pm pm = pm();
    pm.write(
        "raya.toml",
        """
        [package]
        name = "app"
        version = "0.1.0"
        license = "MIT"
        main = "src/main.raya"
        include = ["native/**"]

        [native.lz4]
        abi = "1"
        artifacts = { windows-x64 = "native/lz4.dll", linux-x64 = "native/liblz4-x64.so" }
        """);
    pm.write("native/lz4.dll", "the library for windows");
    pm.write("native/notes.txt", "in the archive");

    Pm.Outcome missing = pm.run("pack");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err())
        .contains(
            "error[RAYA-PKG-001]",
            "the library of native:lz4 for linux-x64, native/liblz4-x64.so, is not there");
    Path outside = Files.writeString(folder.resolve("elsewhere.so"), "not of this project");
    Path link = pm.project().resolve("native/liblz4-x64.so");
    Files.createSymbolicLink(link, outside);
    assertThat(pm.run("pack").err()).contains("is not a file of this project");
    Files.delete(link);
    pm.write("native/liblz4-x64.so", "the library for linux");

    Pm.Outcome packed = pm.run("pack", "--out", "packed");
    assertThat(packed.exit()).as(packed.err()).isZero();
    assertThat(packed.out()).contains("native:lz4 for linux-x64: sha256:", "windows-x64");
    Pm.Outcome published = pm.run("publish");
    assertThat(published.exit()).as(published.err()).isZero();

    List<byte[]> parts = registry.uploads().getFirst();
    assertThat(parts).hasSize(5);
    assertThat(new String(parts.get(2), StandardCharsets.UTF_8)).isEqualTo("the library for linux");
    assertThat(new String(parts.get(3), StandardCharsets.UTF_8)).contains("for windows");
    var key = new KeyDirectory(pm.home().resolve("keys")).list().getFirst();
    PublishStatement statement = PublishBundle.read(parts.get(4)).verify(new Identity.Key(0, key));
    assertThat(statement.natives())
        .containsExactly(
            new NativeSubject("lz4", "linux-x64", Digest.of(parts.get(2))),
            new NativeSubject("lz4", "windows-x64", Digest.of(parts.get(3))));
    assertThat(new String(statement.bytes(), StandardCharsets.UTF_8))
        .contains("pkg:raya/app@0.1.0?module=lz4&target=linux-x64");
    Path entry = pm.home().resolve("cache").resolve(statement.archive().hex());
    assertThat(entry.resolve("files/native/notes.txt")).exists();
    assertThat(entry.resolve("files/native/lz4.dll")).doesNotExist();
    assertThat(Files.readString(entry.resolve("metadata.json")))
        .contains("\"file\":\"liblz4.so\"", "\"abi\":\"1\"");
    assertThat(pm.run("info", "app", "--offline").out())
        .contains("native:lz4 for linux-x64, 21 bytes, sha256:");

    Pm user = Pm.in(folder.resolve("user")).at(registry).project("app = \"^0.1\"");
    Pm.Outcome installed = user.run("install", "--target", "linux-x64");
    assertThat(installed.exit()).as(installed.err()).isZero();
    assertThat(
            user.home()
                .resolve("cache")
                .resolve(Digest.of(parts.get(2)).hex())
                .resolve("liblz4.so"))
        .hasContent("the library for linux");
  }

  @Test
  void aRecordThatLeavesALibraryOutIsNotBelieved() throws IOException {
    registry.tamper(
        "/publish",
        answer ->
            new String(answer, StandardCharsets.UTF_8)
                .replaceAll("\"natives\":\\[[^]]*\\]", "\"natives\":[]")
                .getBytes(StandardCharsets.UTF_8));
    Pm pm = pm();
    pm.write("lib.so", "library");
    pm.write(
        "raya.toml",
        pm.read("raya.toml") + "\n[native.lz4]\nartifacts = { linux-x64 = \"lib.so\" }\n");
    Pm.Outcome outcome = pm.run("publish");
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.err()).contains("error[RAYA-SEC-005]", "something else than was sent");
  }

  @Test
  void dryRunStoresNothing() throws IOException {
    Pm.Outcome outcome = pm().run("publish", "--dry-run");
    assertThat(outcome.out()).startsWith("app 0.1.0 would be accepted by ");
    assertThat(registry.requests()).doesNotContain("POST /index/batch");
    assertThat(registry.requests()).doesNotContain("POST /keys");
    for (String folder : List.of("cache", "keys")) {
      try (Stream<Path> entries = Files.list(pm().home().resolve(folder))) {
        assertThat(entries).as(folder).isEmpty();
      }
    }
  }

  @Test
  void recordOfSomethingElseIsNotBelieved() throws IOException {
    registry.tamper(
        "/publish",
        answer ->
            new String(answer, StandardCharsets.UTF_8)
                .replace("\"version\":\"0.1.0\"", "\"version\":\"0.1.1\"")
                .getBytes(StandardCharsets.UTF_8));
    Pm.Outcome outcome = pm().run("publish");
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.err()).contains("error[RAYA-SEC-005]", "something else than was sent");
  }

  @Test
  void answerWithoutAProofOfTheRecordIsNotBelieved() throws IOException {
    registry.forgeProofs(proof -> proof.replace("index ", "index 1"));
    Pm.Outcome outcome = pm().run("publish");
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.err())
        .contains("error[RAYA-SEC-005]", "the log's proof is of another record");
  }

  @Test
  void withoutTokenOrOfflineNothingIsBuilt() throws IOException {
    Pm.Outcome outcome = pm().with("RAYA_TOKEN", "").run("publish");
    assertThat(outcome.exit()).isEqualTo(5);
    assertThat(outcome.err()).contains("error[RAYA-REG-002]", "raya-pm login", "RAYA_TOKEN");
    assertThat(pm().run("publish", "--offline").exit()).isEqualTo(4);
    assertThat(registry.uploads()).isEmpty();
  }

  @Test
  void packageWithoutVersionOrWithAPathOnlyIsRefused() throws IOException {
    Pm pm = pm();
    pm.write("raya.toml", "[package]\nname = \"app\"\nmain = \"src/main.raya\"\n");
    assertThat(pm.run("publish").err()).contains("error[RAYA-PKG-001]", "has no version");
    assertThat(registry.uploads()).isEmpty();
  }
}
