package dev.raya.cli.pm.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.KeyDirectory;
import dev.raya.signing.sigstore.PublishBundle;
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
