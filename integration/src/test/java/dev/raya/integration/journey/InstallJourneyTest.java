package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Suite.Extension.class)
final class InstallJourneyTest {
  private static final String MAIN = "function main(): void {\n  console.log(\"ok\");\n}\n";

  private static String manifest(String dependencies) {
    return "[package]\nname = \"app\"\nversion = \"0.1.0\"\nmain = \"src/main.raya\"\n\n[dependencies]\n"
        + dependencies;
  }

  @Test
  void anUnknownPackageIsNamedWithItsNearestNames(Suite suite) throws Exception {
    Path app = suite.project(manifest(""), MAIN);
    byte[] before = Files.readAllBytes(app.resolve("raya.toml"));
    Programs.Outcome outcome = suite.newUser().run(app, "raya-pm", "add", "taly");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("RAYA-RES-002", "taly", "tally");
    assertThat(app.resolve("raya.toml")).hasBinaryContent(before);
    assertThat(app.resolve("raya.lock")).doesNotExist();
  }

  @Test
  void aRangeThatNothingMeetsIsExplained(Suite suite) throws Exception {
    Path app = suite.project(manifest("tally = \"^7\"\n"), MAIN);
    Programs.Outcome outcome = suite.newUser().run(app, "raya-pm", "install");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("RAYA-RES-", "tally", "raya.toml");
    assertThat(app.resolve("raya.lock")).doesNotExist();
  }

  @Test
  void manifestFaultsAreNamedByLineAndColumn(Suite suite) throws Exception {
    Path app = suite.project("[package]\nname = \"app\"\nversion = 1\n", MAIN);
    Programs.Outcome outcome = suite.newUser().run(app, "raya-pm", "install");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("RAYA-PKG-001", "raya.toml:3");
    Programs.Outcome missing = suite.newUser().run(suite.newFolder(), "raya-pm", "install");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.err()).contains("raya.toml", "raya-pm init");
  }

  @Test
  void frozenAndOfflineRefuseWithoutChangingAnything(Suite suite) throws Exception {
    Path app = suite.project(manifest("tally = \"^1\"\n"), MAIN);
    Programs user = suite.newUser();
    Programs.Outcome frozen = user.run(app, "raya-pm", "install", "--frozen");
    assertThat(frozen.exit()).isEqualTo(1);
    assertThat(frozen.err()).contains("RAYA-PKG-006");
    Programs.Outcome offline = user.run(app, "raya-pm", "install", "--offline");
    assertThat(offline.exit()).isEqualTo(4);
    assertThat(offline.err()).contains("RAYA-NET-003", "tally");
    assertThat(app.resolve("raya.lock")).doesNotExist();

    assertThat(user.run(app, "raya-pm", "install").exit()).isZero();
    byte[] lock = Files.readAllBytes(app.resolve("raya.lock"));
    Programs.Outcome again = user.run(app, "raya-pm", "install", "--frozen", "--offline");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(app.resolve("raya.lock")).hasBinaryContent(lock);
  }

  @Test
  void aLockfileThatDoesNotFollowFromTheManifestIsRefused(Suite suite) throws Exception {
    Path app = suite.project(manifest("tally = \"^1\"\n"), MAIN);
    Programs user = suite.newUser();
    assertThat(user.run(app, "raya-pm", "install").exit()).isZero();
    String lock = Files.readString(app.resolve("raya.lock"));
    Files.writeString(
        app.resolve("raya.lock"),
        lock.replaceFirst("source = \"[^\"]*\"", "source = \"registry+https://evil.example\""));
    Programs.Outcome outcome = user.run(app, "raya-pm", "install", "--frozen");
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.err()).contains("RAYA-PKG-007", "raya.lock");
  }

  @Test
  void aPackageThatReadsTheEnvironmentNeedsAGrant(Suite suite) throws Exception {
    Path library =
        suite.project(
            "[package]\nname = \"reads-env\"\nversion = \"1.0.0\"\nmain = \"src/main.raya\"\n",
            "import { getEnv } from \"raya:process\";\n"
                + "export function home(): string {\n  return `${getEnv(\"RAYA_HOME\")}`;\n}\n");
    Programs.Outcome published = suite.newPublisher("reader").run(library, "raya-pm", "publish");
    assertThat(published.exit()).as(published.err()).isZero();

    Path app =
        suite.project(
            manifest(""), "import { home } from \"reads-env\";\nconsole.log(home().length > 0);\n");
    Programs user = suite.newUser();
    Programs.Outcome refused = user.run(app, "raya-pm", "add", "reads-env");
    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.err()).contains("RAYA-SEC-020", "reads-env", "env");
    assertThat(app.resolve("raya.lock")).doesNotExist();

    Programs.Outcome granted = user.run(app, "raya-pm", "add", "reads-env", "--grant", "env");
    assertThat(granted.exit()).as(granted.err()).isZero();
    assertThat(user.run(app, "raya-pm", "run")).isEqualTo(new Programs.Outcome(0, "true\n", ""));
  }

  @Test
  void programsOfPackagesRunWithoutAProjectAndFromOne(Suite suite) throws Exception {
    Path library =
        suite.project(
            "[package]\nname = \"greeter\"\nversion = \"1.0.0\"\nmain = \"src/main.raya\"\n\n"
                + "[bin]\ngreet = \"src/cli.raya\"\nname-of = \"src/name.raya\"\n",
            "import { getEnv } from \"raya:process\";\n"
                + "export function greeting(name: string): string {\n"
                + "  return `${getEnv(\"GREETING\")}, ${name}`;\n}\n");
    Files.writeString(
        library.resolve("src/cli.raya"),
        "import { greeting } from \"./main\";\n\n"
            + "function main(args: string[]): int {\n"
            + "  console.log(greeting(args[0]));\n  return args.length;\n}\n");
    Files.writeString(library.resolve("src/name.raya"), "console.log(\"greeter\");\n");
    Programs.Outcome published = suite.newPublisher("greeter").run(library, "raya-pm", "publish");
    assertThat(published.exit()).as(published.err()).isZero();

    Path folder = suite.newFolder();
    Programs user = suite.newUser().with("GREETING", "Hello");
    Programs.Outcome refused =
        user.run(folder, "raya-pm", "exec", "greeter", "--bin", "greet", "--", "Ada");
    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.err()).contains("RAYA-SEC-020", "greeter", "env");
    assertThat(user.run(folder, "raya-pm", "exec", "greeter", "--grant", "env").err())
        .contains("several programs", "greet, name-of");
    String[] greet = {
      "exec", "greeter@1.0.0", "--grant", "env", "--bin", "greet", "--", "Ada", "--help"
    };
    assertThat(user.run(folder, "raya-pm", greet))
        .isEqualTo(new Programs.Outcome(2, "Hello, Ada\n", ""));
    assertThat(folder).isEmptyDirectory();

    Path app = suite.project(manifest(""), MAIN);
    Programs.Outcome added = user.run(app, "raya-pm", "add", "greeter", "--grant", "env");
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(user.run(app, "raya-pm", "run", "name-of"))
        .isEqualTo(new Programs.Outcome(0, "greeter\n", ""));
    assertThat(user.run(app, "raya-pm", "run", "gret").err()).contains("did you mean greet?");
  }

  @Test
  void outputJsonIsOneDocumentWithTheCode(Suite suite) throws Exception {
    Path app = suite.project(manifest("nosuchthing = \"^1\"\n"), MAIN);
    Programs.Outcome outcome = suite.newUser().run(app, "raya-pm", "install", "--output", "json");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.out().strip().lines()).hasSize(1);
    assertThat(outcome.out())
        .startsWith("{\"command\":")
        .contains("\"ok\":false", "RAYA-RES-002", "\"schema\":\"raya/1\"");
  }

  /** A registry of its own whose stored bytes are changed behind its back. */
  @Test
  void changedArchivesAndStatementsAreRefusedAndNothingIsLeftBehind() throws Exception {
    Path work = Suite.workFolder();
    Path data = work.resolve("data");
    Path log = work.resolve("registry.log");
    try {
      try (RegistryProcess registry = Suite.startRegistry(data, log)) {
        Programs publisher =
            Programs.of(Suite.BIN, work.resolve("publisher"))
                .with("RAYA_REGISTRY", registry.url())
                .with("RAYA_TOKEN", Suite.token(data, work, "publisher"));
        Path library = work.resolve("tally");
        Trees.copy(Suite.ROOT.resolve("integration/examples/tally"), library);
        assertThat(publisher.run(library, "raya-pm", "publish").exit()).isZero();
      }
      List<Path> blobs = blobs(data);
      assertThat(blobs).hasSize(2);
      for (Path blob : blobs) {
        byte[] good = Files.readAllBytes(blob);
        byte[] changed = good.clone();
        changed[changed.length / 2] ^= 1;
        refuse(data, work, blob, changed);
        refuse(data, work, blob, java.util.Arrays.copyOf(good, good.length / 2));
        Files.write(blob, good);
      }
      try (RegistryProcess registry = Suite.startRegistry(data, log)) {
        Programs.Outcome good = install(registry, work, work.resolve("home-good"));
        assertThat(good.exit()).as(good.err()).isZero();
      }
    } finally {
      Trees.remove(work);
    }
  }

  /** The registry keeps what it has served in memory, so it is started anew on the damaged file. */
  private static void refuse(Path data, Path work, Path blob, byte[] bytes) throws IOException {
    Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(blob, bytes);
    Path home = Files.createTempDirectory(work, "home-");
    Programs.Outcome outcome;
    try (RegistryProcess registry = Suite.startRegistry(data, work.resolve("registry.log"))) {
      outcome = install(registry, work, home);
    }
    assertThat(outcome.exit()).as(outcome.err()).isIn(3, 4);
    assertThat(outcome.err()).containsPattern("RAYA-(PKG|SEC|NET)-\\d{3}");
    Path cache = home.resolve("cache");
    if (Files.exists(cache)) {
      try (Stream<Path> entries = Files.list(cache)) {
        assertThat(entries).isEmpty();
      }
    }
  }

  private static Programs.Outcome install(RegistryProcess registry, Path work, Path home)
      throws IOException {
    Path app = Files.createTempDirectory(work, "app-");
    Files.createDirectories(app.resolve("src"));
    Files.writeString(app.resolve("raya.toml"), manifest("tally = \"^1\"\n"));
    Files.writeString(app.resolve("src/main.raya"), MAIN);
    Programs.Outcome outcome =
        Programs.of(Suite.BIN, home)
            .with("RAYA_REGISTRY", registry.url())
            .run(app, "raya-pm", "install");
    if (outcome.exit() != 0) {
      assertThat(app.resolve("raya.lock")).doesNotExist();
    }
    return outcome;
  }

  private static List<Path> blobs(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("tree/blobs"))) {
      List<Path> found = new java.util.ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte first = Files.readAllBytes(file)[0];
        // Zstandard's magic number, or a JSON object; what is left is rendered for the pages.
        if (first == 0x28 || first == '{') {
          found.add(file);
        }
      }
      return found;
    }
  }
}
