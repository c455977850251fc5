package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.raya.cache.digest.Digest;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives on the web and several registries, through the program. */
final class ForeignSourcesInstallTest {
  @TempDir Path folder;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private HttpServer web;
  private TestRegistry main;
  private TestRegistry acme;

  @BeforeEach
  void start() throws IOException {
    main = TestRegistry.start(1);
    acme = TestRegistry.start(2);
    web = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    web.createContext(
        "/",
        exchange -> {
          byte[] body = files.get(exchange.getRequestURI().getPath());
          if (exchange.getRequestURI().getPath().equals("/moved")) {
            exchange.getResponseHeaders().add("Location", "http://localhost:1/tool");
            exchange.sendResponseHeaders(302, -1);
          } else if (body == null) {
            exchange.sendResponseHeaders(404, -1);
          } else {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    web.start();
  }

  @AfterEach
  void stop() {
    web.stop(0);
    main.close();
    acme.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + web.getAddress().getPort() + path;
  }

  private Pm pm(String... dependencies) {
    return Pm.in(folder).at(main).project(dependencies);
  }

  @Test
  void anArchiveIsPinnedByItsDigestAndNeededOnlyOnce() {
    main.publish(TestPackage.of("fmt", "1.3.0"));
    TestPackage.Archive tool = TestPackage.of("tool", "1.0.0").on("fmt", "^1").archive();
    files.put("/tool.tar.zst", tool.bytes());
    Pm pm = pm("tool = { url = \"" + url("/tool.tar.zst") + "\" }");
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    assertThat(pm.read("raya.lock"))
        .contains(
            "source = \"url+" + url("/tool.tar.zst"),
            "checksum = \"" + tool.facts().checksum(),
            "dependencies = [\"fmt 1.3.0\"]");
    String lock = pm.read("raya.lock");
    files.clear();
    Pm.Outcome again = pm.run("install", "--frozen", "--offline", "--verify");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  @Test
  void verifyMendsAnArchiveWhoseMetadataWasChanged() throws IOException {
    TestPackage.Archive tool = TestPackage.of("tool", "1.0.0").needing("net").archive();
    files.put("/tool.tar.zst", tool.bytes());
    Pm pm = pm("tool = { url = \"" + url("/tool.tar.zst") + "\", grant = [\"net\"] }");
    assertThat(pm.run("install").exit()).isZero();
    String lock = pm.read("raya.lock");
    Path metadata =
        pm.home().resolve("cache").resolve(tool.facts().checksum().hex()).resolve("metadata.json");
    String honest = Files.readString(metadata);
    Files.writeString(metadata, honest.replace("\"net\"", "\"env\""));
    Pm.Outcome mended = pm.run("install", "--verify");
    assertThat(mended.exit()).as(mended.err()).isZero();
    assertThat(mended.err()).contains("warning[RAYA-PKG-015]");
    assertThat(metadata).hasContent(honest);
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  @Test
  void verifyTellsEveryDamagedEntryWhereverItIsFrom() throws IOException {
    main.publish(TestPackage.of("plain", "1.0.0"));
    List<Digest> archives = new ArrayList<>();
    List<String> dependencies = new ArrayList<>(List.of("plain = \"^1\""));
    for (String name : List.of("atool", "btool", "ztool")) {
      TestPackage.Archive archive = TestPackage.of(name, "1.0.0").archive();
      files.put("/" + name, archive.bytes());
      archives.add(archive.facts().checksum());
      dependencies.add(name + " = { url = \"" + url("/" + name) + "\" }");
    }
    Pm pm = pm(dependencies.toArray(String[]::new));
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.run("verify", "--offline").exit()).isZero();
    archives.remove(1);
    Path cache = pm.home().resolve("cache");
    for (Digest damaged : archives) {
      Files.writeString(cache.resolve(damaged.hex()).resolve("module.rbin"), "{}");
    }
    Pm.Outcome verified = pm.run("verify", "--offline");
    assertThat(verified.exit()).as(verified.err()).isEqualTo(3);
    assertThat(verified.err())
        .containsSubsequence(
            "error[RAYA-PKG-015]: cache entry " + archives.get(0),
            "error[RAYA-PKG-015]: cache entry " + archives.get(1));
    for (Digest damaged : archives) {
      assertThat(cache.resolve(damaged.hex())).doesNotExist();
    }
  }

  @Test
  void verifyHashesAnArchiveBeforeItReadsWhatItSays() throws IOException {
    TestPackage.Archive tool = TestPackage.of("tool", "1.0.0").archive();
    files.put("/tool.tar.zst", tool.bytes());
    Pm pm = pm("tool = { url = \"" + url("/tool.tar.zst") + "\" }");
    assertThat(pm.run("install").exit()).isZero();
    String lock = pm.read("raya.lock");
    Path metadata =
        pm.home().resolve("cache").resolve(tool.facts().checksum().hex()).resolve("metadata.json");
    String honest = Files.readString(metadata);
    for (String changed :
        List.of("{", honest.replace("\"tool\"", "\"loot\""), honest.replace("1.0.0", "9.0.0"))) {
      Files.writeString(metadata, changed);
      Pm.Outcome mended = pm.run("install", "--verify");
      assertThat(mended.exit()).as(mended.err()).isZero();
      assertThat(mended.err()).contains("warning[RAYA-PKG-015]");
      assertThat(metadata).hasContent(honest);
      assertThat(pm.read("raya.lock")).isEqualTo(lock);
    }
  }

  @Test
  void offlineAllThatIsMissingIsNamedAtOnceWhateverItComesFrom() throws IOException {
    main.publish(TestPackage.of("plain", "1.0.0"));
    main.publish(TestPackage.of("other", "1.0.0"));
    files.put("/tool.tar.zst", TestPackage.of("tool", "1.0.0").archive().bytes());
    String[] dependencies = {
      "tool = { url = \"" + url("/tool.tar.zst") + "\" }", "plain = \"^1\"", "other = \"^1\""
    };
    Pm pm = pm(dependencies);
    Pm.Outcome never = pm.run("install", "--offline");
    assertThat(never.exit()).isEqualTo(4);
    assertThat(never.err())
        .contains(
            "this is missing: the archive " + url("/tool.tar.zst"),
            "missing: the index documents of other, plain");
    assertThat(pm.run("install").exit()).isZero();
    Pm elsewhere = pm.with("RAYA_HOME", folder.resolve("other-home").toString());
    Pm.Outcome locked = elsewhere.run("install", "--offline");
    assertThat(locked.exit()).isEqualTo(4);
    assertThat(locked.err())
        .contains(
            "this is missing: the archive " + url("/tool.tar.zst"),
            "the cache lacks other@1.0.0, plain@1.0.0");
  }

  @Test
  void otherBytesThanPinnedAreRefusedBeforeAnythingIsUnpacked() throws IOException {
    files.put("/tool.tar.zst", TestPackage.of("tool", "1.0.0").archive().bytes());
    Pm pm = pm("tool = { url = \"" + url("/tool.tar.zst") + "\" }");
    assertThat(pm.run("install").exit()).isZero();
    String lock = pm.read("raya.lock");
    byte[] other = TestPackage.of("tool", "1.0.0").padded(100).archive().bytes();
    files.put("/tool.tar.zst", other);
    Pm elsewhere = pm.with("RAYA_HOME", folder.resolve("other").toString());
    Pm.Outcome refused = elsewhere.run("install");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
    assertThat(refused.err()).contains("RAYA-PKG-009", "expected: sha256:", "raya.toml:7");
    try (var entries = Files.list(elsewhere.home().resolve("cache"))) {
      assertThat(entries).isEmpty();
    }
    assertThat(pm.read("raya.lock")).isEqualTo(lock);

    Pm.Outcome taken = elsewhere.run("add", "tool", "--url", url("/tool.tar.zst"));
    assertThat(taken.exit()).as(taken.err()).isZero();
    assertThat(pm.read("raya.lock")).isNotEqualTo(lock);
  }

  @Test
  void whatIsNoPackageAndWhatRedirectsElsewhereIsRefused() {
    files.put("/text", "no archive".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Pm.Outcome text = pm("tool = { url = \"" + url("/text") + "\" }").run("install");
    assertThat(text.exit()).as(text.err()).isEqualTo(3);
    assertThat(text.err()).contains("RAYA-PKG-008");
    Pm.Outcome moved = pm("tool = { url = \"" + url("/moved") + "\" }").run("install");
    assertThat(moved.exit()).isEqualTo(4);
    assertThat(moved.err()).contains("another host");
    Pm.Outcome missing = pm("tool = { url = \"" + url("/nothing") + "\" }").run("install");
    assertThat(missing.exit()).isEqualTo(4);
    files.put("/other.tar.zst", TestPackage.of("other", "1.0.0").archive().bytes());
    Pm.Outcome other = pm("tool = { url = \"" + url("/other.tar.zst") + "\" }").run("install");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("holds the package other, not tool");
    Pm.Outcome user =
        pm("tool = { url = \"https://ann:secret@example.com/x.tar.zst\" }").run("install");
    assertThat(user.err()).contains("RAYA-PKG-001");
    assertThat(folder.resolve("app/raya.lock")).doesNotExist();
  }

  private String registries() {
    return "\n[registries]\nacme = { url = \""
        + acme.origin()
        + "\", root = \""
        + acme.fingerprint()
        + "\" }";
  }

  @Test
  void twoRegistriesSideBySideAndEachPackageFromItsOwn() {
    main.publish(TestPackage.of("aa", "1.0.0"));
    main.publish(TestPackage.of("cc", "9.0.0"));
    acme.publish(TestPackage.of("bb", "1.0.0").on("cc", "*"));
    acme.publish(TestPackage.of("cc", "1.0.0"));
    acme.publish(TestPackage.of("aa", "8.0.0"));
    Pm pm = pm("aa = \"*\"", "bb = { version = \"^1\", registry = \"acme\" }", registries());
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    String lock = pm.read("raya.lock");
    assertThat(lock)
        .contains(
            "name = \"aa\"\nversion = \"1.0.0\"\nsource = \"registry+" + main.origin(),
            "name = \"bb\"\nversion = \"1.0.0\"\nsource = \"registry+" + acme.origin(),
            "name = \"cc\"\nversion = \"1.0.0\"\nsource = \"registry+" + acme.origin());
    main.close();
    acme.close();
    Pm.Outcome offline = pm.run("install", "--frozen", "--offline");
    assertThat(offline.exit()).as(offline.err()).isZero();
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  /** The entry of a package in a lockfile, as text. */
  private static String entry(String lock, String name) {
    int from = lock.indexOf("[[package]]\nname = \"" + name + "\"");
    int to = lock.indexOf("[[package]]", from + 1);
    return lock.substring(from, to < 0 ? lock.length() : to).strip() + "\n";
  }

  @Test
  void aGenuineEntryOfAnotherRegistryThatThisHomeKnowsIsRefusedInTheLockfile() {
    main.publish(TestPackage.of("cc", "1.0.0"));
    acme.publish(TestPackage.of("cc", "1.0.0").padded(10));
    Pm honest = pm("cc = \"^1\"", registries());
    assertThat(honest.run("install").exit()).isZero();
    String lock = honest.read("raya.lock");
    Pm other =
        Pm.in(folder.resolve("other"))
            .at(main)
            .with("RAYA_HOME", honest.home().toString())
            .project("cc = { version = \"^1\", registry = \"acme\" }", registries());
    assertThat(other.run("install").exit()).as("both are known and both entries hold").isZero();
    assertThat(other.run("verify", "--offline").exit()).isZero();
    String genuine = entry(other.read("raya.lock"), "cc");
    assertThat(genuine).contains(acme.origin());
    for (String edited :
        new String[] {
          lock.replace(entry(lock, "cc"), genuine),
          // The other registry's bytes and record under the right registry's name.
          lock.replace(entry(lock, "cc"), genuine.replace(acme.origin(), main.origin())),
          // The right bytes under the other registry's name.
          lock.replace(main.origin(), acme.origin())
        }) {
      assertThat(edited).isNotEqualTo(lock);
      honest.write("raya.lock", edited);
      for (String[] command :
          new String[][] {
            {"install", "--frozen"},
            {"install", "--frozen", "--offline", "--verify"},
            {"verify", "--offline"},
            {"verify"}
          }) {
        Pm.Outcome outcome = honest.run(command);
        assertThat(outcome.exit()).as(String.join(" ", command) + edited).isIn(1, 3);
        assertThat(outcome.err()).contains("error[RAYA-");
      }
      honest.write("raya.lock", lock);
      assertThat(honest.run("verify", "--offline").exit()).isZero();
    }
  }

  @Test
  void aPrivateNameIsNeverAskedForAtThePublicRegistry() {
    main.publish(TestPackage.of("secret-lib", "99.0.0"));
    acme.publish(TestPackage.of("secret-lib", "1.0.0"));
    Pm pm = pm("secret-lib = { version = \"*\", registry = \"acme\" }", registries());
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    assertThat(pm.read("raya.lock")).contains("version = \"1.0.0\"").doesNotContain("99.0.0");
    assertThat(main.requests()).isEmpty();
    assertThat(acme.requests()).isNotEmpty();
  }

  @Test
  void aProjectCannotIntroduceARegistryWithoutItsRoot() {
    acme.publish(TestPackage.of("bb", "1.0.0"));
    Pm.Outcome refused =
        pm(
                "bb = { version = \"^1\", registry = \"acme\" }",
                "\n[registries]\nacme = { url = \"" + acme.origin() + "\" }")
            .run("install");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
    assertThat(refused.err()).contains("RAYA-SEC-001");
    Pm.Outcome wrong =
        pm(
                "bb = { version = \"^1\", registry = \"acme\" }",
                "\n[registries]\nacme = { url = \""
                    + acme.origin()
                    + "\", root = \""
                    + main.fingerprint()
                    + "\" }")
            .run("install");
    assertThat(wrong.exit()).as(wrong.err()).isEqualTo(3);
  }

  @Test
  void addTakesAPackageFromANamedRegistry() {
    acme.publish(TestPackage.of("bb", "1.4.0"));
    Pm pm = pm(registries());
    Pm.Outcome added = pm.run("add", "bb", "--from", "acme");
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(pm.read("raya.toml")).contains("bb = { version = \"^1.4.0\", registry = \"acme\" }");
    assertThat(pm.read("raya.lock")).contains("registry+" + acme.origin());
    Pm.Outcome unknown = pm.run("add", "bb", "--from", "nosuch");
    assertThat(unknown.exit()).isEqualTo(2);
  }

  @Test
  void onlyTheWantedTargetsLibraryIsFetchedAndCheckedAgainstTheLockfile() throws IOException {
    byte[] linux = {1, 2, 3};
    byte[] windows = {4, 5, 6, 7};
    main.publish(
        TestPackage.of("lz4", "1.0.0")
            .with("lz4", "linux-arm64", linux)
            .with("lz4", "windows-x64", windows));
    Pm pm = pm("lz4 = \"^1\"");
    Pm.Outcome installed = pm.run("install", "--target", "linux-arm64");
    assertThat(installed.exit()).as(installed.err()).isZero();
    String lock = pm.read("raya.lock");
    assertThat(lock)
        .contains("native = { lz4 = { linux-arm64 = \"sha256:", ", windows-x64 = \"sha256:");
    Path cache = pm.home().resolve("cache");
    Path library = cache.resolve(Digest.of(linux).hex()).resolve("liblz4.so");
    assertThat(library).hasBinaryContent(linux);
    assertThat(cache.resolve(Digest.of(windows).hex())).doesNotExist();
    assertThat(pm.run("install", "--target", "linux-arm64", "--offline", "--frozen").exit())
        .isZero();

    Pm.Outcome offline = pm.run("install", "--target", "windows-x64", "--offline");
    assertThat(offline.exit()).isEqualTo(4);
    assertThat(offline.err()).contains("RAYA-NET-003", "lz4.dll");
    Pm.Outcome both = pm.run("install", "--target", "windows-x64", "--target", "linux-arm64");
    assertThat(both.exit()).as(both.err()).isZero();
    assertThat(cache.resolve(Digest.of(windows).hex()).resolve("lz4.dll"))
        .hasBinaryContent(windows);
    assertThat(pm.read("raya.lock")).isEqualTo(lock);

    Pm.Outcome none = pm.run("install", "--target", "macos-x64");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err()).contains("RAYA-PKG-016", "macos-x64", "linux-arm64, windows-x64");
    Pm.Outcome unknown = pm.run("install", "--target", "amiga");
    assertThat(unknown.exit()).isEqualTo(2);
  }

  @Test
  void aDependencyForOtherTargetsIsLockedAndNotFetched() throws IOException {
    TestPackage.Archive gpu = main.publish(TestPackage.of("gpu", "1.0.0").on("driver", "^1"));
    TestPackage.Archive driver = main.publish(TestPackage.of("driver", "1.0.0"));
    Pm pm = pm("gpu = { version = \"^1\", targets = [\"macos-x64\"] }");
    assertThat(pm.run("install", "--target", "linux-arm64").exit()).isZero();
    String lock = pm.read("raya.lock");
    assertThat(lock).contains("name = \"gpu\"", "name = \"driver\"");
    Path cache = pm.home().resolve("cache");
    assertThat(cache.resolve(gpu.facts().checksum().hex())).doesNotExist();
    assertThat(cache.resolve(driver.facts().checksum().hex())).doesNotExist();
    assertThat(pm.run("install", "--target", "macos-x64").exit()).isZero();
    assertThat(cache.resolve(driver.facts().checksum().hex())).exists();
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  @Test
  void registriesAreAddedListedAskedAndRemovedByName() {
    Pm pm = Pm.in(folder).project(new String[0]);
    Pm.Outcome added = pm.run("registry", "add", "acme", acme.origin());
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(added.out()).contains("added acme", acme.fingerprint().toString());
    Pm.Outcome listed = pm.run("registry", "list");
    assertThat(listed.out()).contains("acme  " + acme.origin(), acme.fingerprint().toString());
    assertThat(pm.run("registry", "ping", "acme").out()).contains(acme.origin() + " answers");
    Pm.Outcome other =
        pm.run("registry", "add", "evil", main.origin(), "--trust-root", acme.fingerprint() + "");
    assertThat(other.exit()).isEqualTo(3);
    assertThat(pm.run("registry", "remove", "acme").exit()).isZero();
    assertThat(pm.run("registry", "remove", "acme").exit()).isEqualTo(2);
    assertThat(pm.run("registry", "ping", "acme").exit()).isEqualTo(2);
  }
}
