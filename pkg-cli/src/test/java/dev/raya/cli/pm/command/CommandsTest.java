package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.console.ArgumentParser;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands around install: init, add, remove, lock, tree, why, run, pack, key. */
final class CommandsTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "1.3.0"));
    registry.publish(TestPackage.of("logging", "1.2.3").on("fmt", "^1.0"));
    return Pm.in(folder).at(registry).project("# keep me", "");
  }

  @Test
  void frequentCommandsAreDeclaredAloneAndTheSame() {
    Pm pm = Pm.in(folder);
    for (String command : List.of("install", "add", "remove", "update", "lock", "run", "exec")) {
      assertThat(Commands.forLine(List.of(command)).subcommands()).hasSize(1);
      assertThat(pm.run(command, "--help").out()).isEqualTo(pm.run("help", command).out());
    }
    assertThat(Commands.forLine(List.of("instal")).subcommands().size())
        .isEqualTo(Commands.spec().subcommands().size());
  }

  @Test
  void initMakesAProjectAndNeverOverwritesOne() throws IOException {
    Files.createDirectories(folder.resolve("app"));
    Pm pm = Pm.in(folder);
    assertThat(pm.run("init", "My Tool 2", "--app").out())
        .isEqualTo("made the application my-tool-2 in " + pm.project().resolve("My Tool 2") + "\n");
    assertThat(pm.read("My Tool 2/raya.toml"))
        .isEqualTo(
            """
            [package]
            name = "my-tool-2"
            version = "0.1.0"
            description = "A Raya application"
            license = "Apache-2.0"
            main = "src/main.raya"

            [dependencies]
            """);
    assertThat(pm.read("My Tool 2/.gitignore")).isEqualTo("/.raya/\n");
    assertThat(pm.run("init", "My Tool 2").err()).startsWith("error[RAYA-PKG-001]");
    assertThat(pm.run("init", "lib", "--lib").exit()).isZero();
    assertThat(pm.read("lib/raya.toml")).contains("main = \"src/index.raya\"");
    assertThat(pm.run("init", "--lib", "--app").exit()).isEqualTo(2);
    assertThat(pm.run("init", "1").err()).contains("--name gives another");
    assertThat(pm.run("init", "x", "--name", "Bad Name").err()).startsWith("error[RAYA-PKG-002]");
  }

  @Test
  void addWritesARangeAndKeepsTheRestOfTheManifest() {
    Pm pm = pm();
    assertThat(pm.run("add", "logging").out())
        .isEqualTo("added logging ^1.2.3\n2 packages, 2 fetched, raya.lock written\n");
    assertThat(pm.run("add", "fmt@~1.0", "--dev").exit()).isZero();
    assertThat(pm.read("raya.toml"))
        .contains("# keep me", "logging = \"^1.2.3\"", "[dev-dependencies]\nfmt = \"~1.0\"");
    assertThat(pm.run("add", "fmt@latest").out())
        .startsWith("added fmt ^1.3.0, moved to [dependencies]\n");
    assertThat(pm.read("raya.toml")).contains("fmt = \"^1.3.0\"").doesNotContain("~1.0");
    assertThat(pm.run("add", "fmt@nosuch").err()).startsWith("error[RAYA-RES-003]");
    assertThat(pm.run("add", "fmt@1.x.2.3").err()).startsWith("error[RAYA-PKG-003]");
  }

  @Test
  void addOfWhatCannotBeResolvedWritesNothing() {
    Pm pm = pm();
    String manifest = pm.read("raya.toml");
    Pm.Outcome outcome = pm.run("add", "logging", "fmt@^7");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(pm.read("raya.toml")).isEqualTo(manifest);
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
  }

  @Test
  void removeTakesOutWhatAddPutIn() {
    Pm pm = pm();
    String manifest = pm.read("raya.toml");
    pm.run("add", "logging");
    Pm.Outcome unknown = pm.run("remove", "loging");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("did you mean logging?");
    assertThat(pm.run("remove", "logging").exit()).isZero();
    assertThat(pm.read("raya.toml").strip()).isEqualTo(manifest.strip());
    assertThat(pm.read("raya.lock")).doesNotContain("[[package]]");
  }

  @Test
  void treeAndWhyReadTheLockfileOnly() {
    Pm pm = pm();
    assertThat(pm.run("tree").err()).startsWith("error[RAYA-PKG-005]");
    pm.run("add", "logging");
    registry.close();
    assertThat(pm.run("tree").out()).isEqualTo("logging 1.2.3\n  fmt 1.3.0\n");
    assertThat(pm.run("why", "fmt").out())
        .isEqualTo("this project -> logging 1.2.3 -> fmt 1.3.0\n");
    assertThat(pm.run("why", "nobody").exit()).isEqualTo(1);
  }

  @Test
  void lockResolvesWithoutFetching() throws IOException {
    Pm pm = pm().project("logging = \"^1.2\"");
    assertThat(pm.run("lock").exit()).isZero();
    assertThat(pm.read("raya.lock")).contains("name = \"fmt\"");
    try (var entries = Files.list(pm.home().resolve("cache"))) {
      assertThat(entries).isEmpty();
    }
    assertThat(pm.run("lock", "--format", "json").out())
        .startsWith("{\"manifest\":\"sha256:")
        .contains("\"dependencies\":[\"fmt 1.3.0\"]");
  }

  @Test
  void malformedManifestNamesEveryFaultWithItsPlace() {
    Pm pm = Pm.in(folder);
    pm.write("raya.toml", "[package]\nname = \"App\"\nversion = 1\n");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("--> raya.toml:2:", "--> raya.toml:3:", "RAYA-PKG-002");
    Pm nowhere = Pm.in(folder.resolve("nothing"));
    nowhere.write("empty.txt", "");
    assertThat(nowhere.run("install").err())
        .startsWith("error[RAYA-PKG-001]: there is no raya.toml");
  }

  @Test
  void oddKeysOfAManifestAreToldByTheCommandThatReadsThemFirst() {
    Pm pm = pm().project("logging = { version = \"^1.2\", feature = [] }");
    String warning =
        """
        warning[RAYA-PKG-004]: unknown key "feature" in [dependencies.logging]
          --> raya.toml:7:31
          = did you mean "features"?
        """;
    assertThat(pm.run("install").err()).contains(warning);
    assertThat(pm.run("install").err()).isEmpty();
    assertThat(pm.run("add", "fmt").err()).contains(warning);
    String removed = pm.run("remove", "fmt").err();
    assertThat(removed).contains(warning).containsOnlyOnce("unknown key");
  }

  @Test
  void packageThatExcludesThisToolchainIsRefusedWithTheLine() {
    Pm pm = pm();
    pm.write("raya.toml", "[package]\nname = \"app\"\nraya = \">=9.1\"\n");
    assertThat(pm.run("install").err())
        .startsWith("error[RAYA-RES-001]: app runs on toolchains >=9.1.0 only, and this is 1.0.0\n")
        .contains("--> raya.toml:3:1");
  }

  @Test
  void pathThatHoldsNoPackageIsShownWhereItIsWritten() {
    Pm pm = pm().project("util = { path = \"../nowhere\" }");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("util: there is no package in ../nowhere\n", "--> raya.toml:7:1");
  }

  @Test
  void packageThatSaysLittleAboutItselfIsPackedWithAWarning() throws IOException {
    Pm pm = Pm.in(folder).using(TestToolchain.in(folder.resolve("toolchain"))).project("# none");
    assertThat(pm.run("pack").err())
        .contains("warning[RAYA-PKG-019]: app has no description, no license, no README.md\n");
    pm.write("README.md", "# app\n");
    pm.write(
        "raya.toml",
        pm.read("raya.toml")
            .replace("main =", "description = \"An app\"\nlicense = \"MIT\"\nmain ="));
    assertThat(pm.run("pack").err()).isEmpty();
  }

  @Test
  void packWritesAReproducibleArchiveWithoutIgnoredFilesAndSecrets() throws IOException {
    Pm pm = Pm.in(folder).using(TestToolchain.in(folder.resolve("toolchain"))).project("# none");
    pm.write("README.md", "# app\n");
    pm.write("LICENSE-APACHE", "text\n");
    pm.write(".rayaignore", "*.tmp\n");
    pm.write(
        "raya.toml",
        pm.read("raya.toml")
            .replace("[dependencies]", "include = [\"data/**\"]\n\n[dependencies]"));
    pm.write("data/table.csv", "a,b\n");
    pm.write("data/x.tmp", "junk");
    Pm.Outcome packed = pm.run("pack", "--output", "json");
    assertThat(packed.err()).isEmpty();
    assertThat(packed.exit()).isZero();
    assertThat(pm.run("pack", "--output", "json").out().replaceAll("\"timing.*", ""))
        .isEqualTo(packed.out().replaceAll("\"timing.*", ""));
    assertThat(Files.exists(pm.project().resolve(".raya/pack/app-0.1.0.tar.zst"))).isTrue();
    pm.write("data/.env", "TOKEN=1");
    pm.write("data/notes.txt", "raya_abcdefghijklmnopqrstuvwxyz012345");
    Pm.Outcome secrets = pm.run("pack");
    assertThat(secrets.exit()).isEqualTo(1);
    assertThat(secrets.err())
        .contains("error[RAYA-PKG-010]: data/.env", "error[RAYA-PKG-010]: data/notes.txt");
    assertThat(
            pm.run("pack", "--allow-secret", "data/.env", "--allow-secret", "data/notes.txt")
                .exit())
        .isZero();
  }

  @Test
  void projectThatDoesNotCompileIsNotPacked() throws IOException {
    Pm pm = Pm.in(folder).using(TestToolchain.in(folder.resolve("toolchain"))).project("# none");
    pm.write("broken", "");
    Pm.Outcome text = pm.run("pack");
    assertThat(text.exit()).isEqualTo(1);
    assertThat(text.err()).isEqualTo("error[RAYA-E0101]: unexpected end\n");
    assertThat(pm.run("pack", "--output", "json").out())
        .contains("\"code\":\"RAYA-E0101\"", "\"ok\":false");
  }

  @Test
  void runPassesArgumentsStreamsAndExitCodeOn() throws Exception {
    Path toolchain = TestToolchain.in(folder.resolve("toolchain"));
    Pm pm = pm().project("logging = \"^1.2\"");
    pm.write("exit.txt", "7");
    ProcessBuilder builder =
        new ProcessBuilder(
                toolchain.resolve("bin/raya-pm").toString(), "run", "--", "--offline", "x")
            .directory(pm.project().toFile());
    builder.environment().putAll(pm.variables());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(out).isEqualTo("ran [--offline, x]\n");
    assertThat(process.exitValue()).isEqualTo(7);
    assertThat(pm.read("raya.lock")).contains("logging");
    assertThat(pm.run("run").err()).startsWith("error[RAYA-TC-001]");
  }

  @Test
  void keysAreMadeListedAndPrivate() throws IOException {
    Pm pm = Pm.in(folder).project("# none");
    String id = pm.run("key", "generate").out().strip();
    assertThat(id).hasSize(64);
    assertThat(pm.run("key", "list").out()).isEqualTo(id + "\n");
    Path file = pm.home().resolve("keys").resolve(id + ".json");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
    assertThat(pm.run("key", "register", "--offline").err()).startsWith("error[RAYA-NET-003]");
    assertThat(pm.at(registry).run("key", "register").err()).contains("error[RAYA-REG-002]");
    assertThat(pm.with("RAYA_KEY", "nosuch").at(registry).run("key", "register").err())
        .contains("error[RAYA-SEC-022]");
  }

  @Test
  void settingsAreFlagThenVariableThenFile() throws IOException {
    Pm pm = Pm.in(folder).project("# none");
    Files.createDirectories(pm.home());
    Files.writeString(
        pm.home().resolve("config.toml"),
        "registry = \"local\"\nregistri = 1\n[registries.local]\nurl = \""
            + registry.origin()
            + "\"\n[output]\nformat = \"json\"\n");
    Pm.Outcome fromFile = pm.run("cache", "path");
    assertThat(fromFile.out()).startsWith("{\"command\":\"cache path\"");
    assertThat(fromFile.out()).contains("unknown key \\\"registri\\\"");
    assertThat(pm.run("cache", "path", "--output", "text").out())
        .isEqualTo(pm.home().resolve("cache") + "\n");
    assertThat(pm.with("RAYA_OUTPUT", "text").run("cache", "path", "-q").out())
        .isEqualTo(pm.home().resolve("cache") + "\n");
    Files.writeString(pm.home().resolve("config.toml"), "registry = \n");
    assertThat(pm.run("cache", "path").exit()).isEqualTo(2);
  }

  @Test
  void wrongVariablesAreNamedAndNotTheOptionsTheyMirror() {
    Pm pm = Pm.in(folder).project("# none");
    assertThat(pm.with("RAYA_COLOR", "yes").run("tree").err()).contains(": RAYA_COLOR is \"yes\"");
    assertThat(pm.with("RAYA_LOG_LEVEL", "loud").run("tree").err())
        .contains(": RAYA_LOG_LEVEL is \"loud\"");
    assertThat(pm.with("RAYA_TIMEOUT", "abc").run("install").err())
        .contains(": RAYA_TIMEOUT is \"abc\"");
    assertThat(pm.run("install", "--timeout", "abc").err()).contains(": --timeout is \"abc\"");
    Pm.Outcome missing = pm.with("RAYA_CONFIG", "nowhere.toml").run("install");
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).contains("RAYA_CONFIG: there is no file ", "nowhere.toml");
    assertThat(pm.run("config", "set", "install.frozen", "true", "--config", "new.toml").exit())
        .isZero();
    assertThat(pm.run("install", "--config", "new.toml").err()).contains("RAYA-PKG-006");
  }

  @Test
  void everyCommandHasExamplesThatItsParserTakes() throws UsageException {
    List<String> lines = new ArrayList<>();
    examples(Commands.spec(), "raya-pm", lines);
    for (String line : lines) {
      if (line.startsWith("raya-pm ")) {
        List<String> words = List.of(line.replaceAll(" [<>|].*", "").split(" "));
        Environment environment =
            new Environment(Map.of(), folder, folder, null, InstantSource.system());
        if (line.indexOf('"') < 0) {
          ArgumentParser.parse(Commands.spec(), words.subList(1, words.size()), environment);
        }
      }
    }
    assertThat(lines).hasSizeGreaterThan(60);
  }

  private static void examples(CommandSpec command, String path, List<String> lines) {
    for (CommandSpec each : command.subcommands()) {
      if (!each.hidden()) {
        examples(each, path + " " + each.name(), lines);
      }
    }
    if (command.subcommands().isEmpty()) {
      assertThat(command.examples()).as(path).isNotEmpty();
      command.examples().forEach(example -> lines.add(example.line()));
    }
  }

  @Test
  void whatIsNotAFolderIsSaidInWords() {
    Pm pm = pm();
    pm.write("taken", "a file");
    assertThat(pm.run("init", "taken").err())
        .contains("error[RAYA-PKG-017]: ", "taken is a file, and a folder is needed there");
    assertThat(pm.run("init", "").exit()).isEqualTo(2);
    assertThat(pm.run("search", "x", "--registry", "").err()).contains("--registry is empty");
    assertThat(pm.run("publish", "--tag", "X!").err()).contains("\"X!\" is no tag");
    assertThat(pm.run("key", "show").err()).contains("there is no signing key");
    assertThat(pm.run("search", "x", "--offline").err()).contains("= leave out --offline");
    assertThat(pm.run("add", "nothing-like-it").err())
        .contains("There is no package nothing-like-it.", "= `raya-pm search nothing-like-it`");
  }

  @Test
  void rootOfAWorkspaceNamesAMemberToRun() throws IOException {
    Files.createDirectories(folder.resolve("app"));
    Pm pm = Pm.in(folder).using(TestToolchain.in(folder.resolve("toolchain")));
    assertThat(pm.run("init", "--workspace").exit()).isZero();
    Pm.Outcome outcome = pm.run("run");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("`raya-pm run -C packages/app`");
  }

  @Test
  void everyCommandHasHelp() {
    Pm pm = Pm.in(folder).project("# none");
    for (String command :
        List.of(
            "init", "install", "add", "remove", "lock", "tree", "why", "run", "pack", "publish",
            "key", "cache", "explain")) {
      assertThat(pm.run("help", command).out()).contains("Usage: raya-pm " + command);
    }
    assertThat(pm.run("instal").err()).contains("did you mean `raya-pm install`?");
    assertThat(pm.run("ls").err()).contains("did you mean `raya-pm tree`?");
    assertThat(pm.run("uninstall", "x").err()).contains("did you mean `raya-pm remove`?");
    assertThat(pm.run("install", "fmt@^1", "logging").err())
        .contains("does not take \"fmt@^1\"", "did you mean `raya-pm add fmt@^1 logging`?");
  }

  @Test
  void execNeedsNoLockfileOfTheUsersWhenFrozen() throws IOException {
    Pm pm = pm().using(TestToolchain.in(folder.resolve("toolchain")));
    Pm.Outcome outcome = pm.run("exec", "fmt@1.0.0", "--frozen");
    assertThat(outcome.err()).contains("fmt has no program").doesNotContain("RAYA-PKG-006");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
    assertThat(pm.run("install", "--frozen").err()).contains("RAYA-PKG-006");
  }

  @Test
  void whatIsAdvisedToAllowAPackageIsWhereItCounts() throws IOException {
    registry.publish(TestPackage.of("deep-net", "1.0.0").needing("net"));
    registry.publish(TestPackage.of("uses-net", "1.0.0").on("deep-net", "^1.0"));
    Pm pm = pm().using(TestToolchain.in(folder.resolve("toolchain")));
    assertThat(pm.run("exec", "deep-net@1.0.0").err())
        .contains("error[RAYA-SEC-020]", "for this run, repeat with --grant deep-net=net")
        .doesNotContain("raya.toml", "by way of");
    assertThat(pm.run("exec", "uses-net@1.0.0").err())
        .contains("it is here by way of uses-net -> deep-net", "repeat with --grant deep-net=net")
        .doesNotContain("raya.toml", "this project");
    assertThat(pm.run("exec", "uses-net@1.0.0", "--grant", "deep-net=net").err())
        .contains("uses-net has no program");

    pm.project("uses-net = \"^1.0\"");
    assertThat(pm.run("install").err())
        .contains("into raya.toml: [grants] deep-net = [\"net\"]", "or repeat with --grant deep");
    assertThat(pm.run("vendor").err()).contains("or run raya-pm install --grant deep-net=net");
    pm.write(
        "raya.toml",
        "[package]\nname = \"all\"\nversion = \"0.1.0\"\n[workspace]\nmembers = [\"a\"]\n");
    pm.write(
        "a/raya.toml",
        "[package]\nname = \"member-a\"\nversion = \"0.1.0\"\n[dependencies]\nuses-net = \"^1.0\"\n");
    assertThat(pm.runIn("a", "install").err())
        .contains(
            "into raya.toml of the workspace: [grants] deep-net",
            "run in the workspace's folder: raya-pm install --grant deep-net=net");
    assertThat(pm.run("install", "--grant", "deep-net=net").exit()).isZero();
  }
}
