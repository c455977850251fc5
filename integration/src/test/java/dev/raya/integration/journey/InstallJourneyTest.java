package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
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

  /**
   * What is done to a package's stored bytes behind the registry's back.
   *
   * @param name of the package
   * @param isArchive whether it is done to the archive, else to the signed statement
   * @param change what becomes of the file
   */
  private record Damage(String name, boolean isArchive, UnaryOperator<byte[]> change) {}

  private static final List<Damage> DAMAGES =
      List.of(
          new Damage("flipped-archive", true, InstallJourneyTest::flipped),
          new Damage("cut-archive", true, InstallJourneyTest::cut),
          new Damage("flipped-statement", false, InstallJourneyTest::flipped),
          new Damage("cut-statement", false, InstallJourneyTest::cut));

  private static byte[] flipped(byte[] good) {
    byte[] changed = good.clone();
    changed[changed.length / 2] ^= 1;
    return changed;
  }

  private static byte[] cut(byte[] good) {
    return Arrays.copyOf(good, good.length / 2);
  }

  /** The registry keeps what it has served in memory, so it is started anew on damaged files. */
  @Test
  void changedArchivesAndStatementsAreRefusedAndNothingIsLeftBehind() throws Exception {
    Path work = Suite.workFolder();
    Path data = work.resolve("data");
    Path log = work.resolve("registry.log");
    List<Path> damaged = new ArrayList<>();
    try {
      try (RegistryProcess registry = Suite.startRegistry(data, log)) {
        Programs publisher =
            Programs.of(Suite.BIN, work.resolve("publisher"))
                .with("RAYA_REGISTRY", registry.url())
                .with("RAYA_TOKEN", Suite.token(data, work, "publisher"));
        for (Damage damage : DAMAGES) {
          List<Path> before = blobs(data);
          Path library = library(work, damage.name());
          Programs.Outcome published = publisher.run(library, "raya-pm", "publish");
          assertThat(published.exit()).as(published.err()).isZero();
          List<Path> fresh = blobs(data).stream().filter(blob -> !before.contains(blob)).toList();
          assertThat(fresh).hasSize(2);
          for (Path blob : fresh) {
            if (isArchive(blob) == damage.isArchive()) {
              damaged.add(blob);
            }
          }
        }
      }
      assertThat(damaged).hasSameSizeAs(DAMAGES);
      List<byte[]> good = new ArrayList<>();
      for (int i = 0; i < DAMAGES.size(); i++) {
        Path blob = damaged.get(i);
        good.add(Files.readAllBytes(blob));
        Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
        Files.write(blob, DAMAGES.get(i).change().apply(good.get(i)));
      }
      try (RegistryProcess registry = Suite.startRegistry(data, log)) {
        for (Damage damage : DAMAGES) {
          refuse(registry, work, damage.name());
        }
      }
      for (int i = 0; i < DAMAGES.size(); i++) {
        Files.write(damaged.get(i), good.get(i));
      }
      try (RegistryProcess registry = Suite.startRegistry(data, log)) {
        String all =
            DAMAGES.stream()
                .map(damage -> damage.name() + " = \"^1\"\n")
                .collect(Collectors.joining());
        Programs.Outcome whole = install(registry, work, work.resolve("home-good"), all);
        assertThat(whole.exit()).as(whole.err()).isZero();
      }
    } finally {
      Trees.remove(work);
    }
  }

  private static void refuse(RegistryProcess registry, Path work, String name) throws IOException {
    Path home = Files.createTempDirectory(work, "home-");
    Programs.Outcome outcome = install(registry, work, home, name + " = \"^1\"\n");
    assertThat(outcome.exit()).as(name + ": " + outcome.err()).isIn(3, 4);
    assertThat(outcome.err()).as(name).containsPattern("RAYA-(PKG|SEC|NET)-\\d{3}");
    Path cache = home.resolve("cache");
    if (Files.exists(cache)) {
      try (Stream<Path> entries = Files.list(cache)) {
        assertThat(entries).as(name).isEmpty();
      }
    }
  }

  private static Path library(Path work, String name) throws IOException {
    Path library = Files.createDirectories(work.resolve(name));
    Files.createDirectories(library.resolve("src"));
    Files.writeString(
        library.resolve("raya.toml"),
        "[package]\nname = \"" + name + "\"\nversion = \"1.0.0\"\nmain = \"src/main.raya\"\n");
    Files.writeString(
        library.resolve("src/main.raya"), "export function one(): int {\n  return 1;\n}\n");
    return library;
  }

  private static Programs.Outcome install(
      RegistryProcess registry, Path work, Path home, String dependencies) throws IOException {
    Path app = Files.createTempDirectory(work, "app-");
    Files.createDirectories(app.resolve("src"));
    Files.writeString(app.resolve("raya.toml"), manifest(dependencies));
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

  /** Archives and statements; what is left is rendered for the pages. */
  private static List<Path> blobs(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("tree/blobs"))) {
      List<Path> found = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (isArchive(file) || Files.readAllBytes(file)[0] == '{') {
          found.add(file);
        }
      }
      return found;
    }
  }

  /** By the first byte of Zstandard's magic number. */
  private static boolean isArchive(Path blob) throws IOException {
    return Files.readAllBytes(blob)[0] == 0x28;
  }
}
