package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raya.cli.pm.testing.FaultyFront;
import dev.raya.cli.pm.testing.FaultyFront.Fault;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bad input of every kind in a project that is installed: each is told once, with its code and an
 * advice, and leaves manifest, lockfile, record and cache as they were; without it the same command
 * succeeds. Full disks and homes that are read-only are in {@link BadHomeTest}.
 */
final class BadInputTest {
  @TempDir static Path folder = Path.of("");

  private static final TestRegistry REGISTRY = TestRegistry.start(1);
  private static final FaultyFront FRONT = new FaultyFront(REGISTRY);
  private static final AtomicInteger PUBLISHED = new AtomicInteger();

  private Pm pm = Pm.in(Path.of(""));

  /** A package that this home has nothing of yet, and its archive. */
  private String name = "";

  private String blob = "";

  @BeforeAll
  static void install() {
    REGISTRY.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = project().project("fmt = \"^1.0\"");
    pm.write("../home/config.toml", "[network]\nretries = 0\n");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
  }

  private static Pm project() {
    return Pm.in(folder).with("RAYA_REGISTRY", FRONT.url());
  }

  @BeforeEach
  void publish() {
    pm = project();
    name = "other" + (char) ('a' + PUBLISHED.getAndIncrement());
    blob =
        TestRegistry.blobPath(
            REGISTRY.publish(TestPackage.of(name, "1.0.0").padded(50_000)).facts().checksum());
  }

  @AfterEach
  void mend() {
    FRONT.mend();
    REGISTRY.mend();
  }

  @AfterAll
  static void stop() {
    FRONT.close();
    REGISTRY.close();
  }

  /** What must not change: the project's files, and the names in cache and {@code tmp}. */
  private Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    for (String file : new String[] {"raya.toml", "raya.lock", ".raya/install.json"}) {
      state.put(file, Files.readString(pm.project().resolve(file)));
    }
    for (String part : new String[] {"cache", "tmp"}) {
      try (Stream<Path> children = Files.list(pm.home().resolve(part))) {
        state.put(part, children.sorted().toList().toString());
      }
    }
    return state;
  }

  private void refused(int exit, String code, String told, String advice, String... words)
      throws IOException {
    Map<String, String> before = state();
    Pm.Outcome outcome = pm.run(words);
    assertThat(outcome.err())
        .containsOnlyOnce("error[")
        .contains("error[" + code + "]: ")
        .contains(told);
    // What is expected in a file's place stands in the message itself.
    String advised = outcome.err().lines().filter(line -> line.startsWith("  = ")).toList() + "";
    assertThat(outcome.err().contains("--> ") ? outcome.err() : advised).contains(advice);
    assertThat(outcome.exit()).isEqualTo(exit);
    assertThat(state()).isEqualTo(before);
  }

  private void succeeds() {
    Pm.Outcome outcome = pm.run("add", name);
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(pm.run("remove", name).exit()).isZero();
  }

  @Test
  void registryThatHangs() throws IOException {
    FRONT.at(blob, new Fault.Hang());
    refused(4, "RAYA-NET-002", FRONT.url(), "--timeout", "add", name, "--timeout", "1s");
    FRONT.mend();
    succeeds();
  }

  @Test
  void registryThatDrips() throws IOException {
    FRONT.at(blob, new Fault.Drip(100));
    refused(4, "RAYA-NET-002", "1 KiB a second", "--timeout", "add", name, "--timeout", "1s");
  }

  @Test
  void registryThatResets() throws IOException {
    FRONT.at(blob, new Fault.Cut(20, new AtomicInteger(1)));
    refused(4, "RAYA-NET-001", FRONT.url(), "--offline", "add", name);
    succeeds();
  }

  @Test
  void registryThatRedirectsElsewhere() throws IOException {
    for (String location :
        new String[] {
          "https://elsewhere.example/x", "http://127.0.0.1:1/x", "file:///etc/passwd"
        }) {
      FRONT.at(blob, new Fault.Redirect(location));
      refused(4, "RAYA-NET-004", "redirects", "check the address", "add", name);
    }
  }

  @Test
  void registryThatIsBusy() throws IOException {
    FRONT.at(blob, new Fault.Status(429, "77", new AtomicInteger(1)));
    refused(4, "RAYA-NET-005", "77 seconds", "again", "add", name);
    FRONT.at(blob, new Fault.Status(503, "5", new AtomicInteger(1)));
    refused(4, "RAYA-NET-005", "5 seconds", "again", "add", name);
    succeeds();
  }

  @Test
  void registryThatServesOtherBytes() throws IOException {
    REGISTRY.tamper(blob, bytes -> flipped(bytes));
    refused(3, "RAYA-PKG-009", "gave other bytes", "operator", "add", name);
    REGISTRY.mend();
    succeeds();
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    changed[changed.length / 2] ^= 1;
    return changed;
  }

  @Test
  void indexDocumentsThatLie() throws IOException {
    lie("line 1: expected the document of " + name, text -> text.replace(name, "othre"));
    lie("/log: expected more than", text -> text + lastLine(text));
    lie("occurs twice", text -> text + lastLine(text).replaceFirst("\"log\":[0-9]+", "\"log\":99"));
    lie("the document is cut off", text -> text.substring(0, text.length() - 3));
    lie("hexadecimal", text -> text.replace("\"sha256\":\"", "\"sha256\":\"x"));
    REGISTRY.mend();
    succeeds();
  }

  private void lie(String told, UnaryOperator<String> change) throws IOException {
    REGISTRY.tamper(
        TestRegistry.indexPath(name),
        bytes ->
            change
                .apply(new String(bytes, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8));
    refused(4, "RAYA-NET-004", told, "check the address", "add", name);
  }

  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n', text.length() - 2) + 1);
  }

  @Test
  void manifestsWithFaults() throws IOException {
    String manifest = pm.read("raya.toml");
    try {
      pm.write("raya.toml", manifest + "[resolution]\nconflict-strategi = \"strict\"\n");
      assertThat(pm.run("install").err())
          .contains("warning[RAYA-PKG-004]", "raya.toml:9:1", "conflict-strategy");
      pm.write("raya.toml", manifest + "grant = 1\n");
      refused(1, "RAYA-PKG-001", "--> raya.toml:8", "a range such as", "install");
      pm.write("raya.toml", manifest.replace("^1.0", "!=1.0.0 ".repeat(300)));
      refused(1, "RAYA-PKG-003", "1024", "--> raya.toml:7", "install");
    } finally {
      pm.write("raya.toml", manifest);
    }
    succeeds();
  }

  @Test
  void offlineAllThatIsMissingIsNamed() throws IOException {
    REGISTRY.publish(TestPackage.of("third", "1.0.0"));
    refused(
        4,
        "RAYA-NET-003",
        "of " + name + ", the index document of third",
        "--offline",
        "add",
        name,
        "third",
        "--offline");
    Pm.Outcome online = pm.run("add", name, "third");
    assertThat(online.exit()).as(online.err()).isZero();
    assertThat(pm.run("remove", name, "third").exit()).isZero();
  }

  @Test
  void homeOfSomebodyElse() throws IOException {
    Path tmp = pm.home().resolve("tmp");
    UserPrincipal owner = Files.getOwner(tmp);
    assumeTrue(isGivenAway(tmp), "only the system's administrator gives files away");
    try {
      refused(1, "RAYA-PKG-017", "tmp belongs to", "RAYA_HOME", "add", name);
    } finally {
      Files.setOwner(tmp, owner);
    }
    succeeds();
  }

  private static boolean isGivenAway(Path path) throws IOException {
    FileOwnerAttributeView view =
        Files.getFileAttributeView(path, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null) {
      return false;
    }
    try {
      view.setOwner(
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
      return true;
    } catch (UserPrincipalNotFoundException | java.nio.file.FileSystemException notAllowed) {
      return false;
    }
  }

  @Test
  void linksThatLeadNowhere() throws IOException {
    Path keys = pm.home().resolve("keys");
    Files.delete(keys);
    Files.createSymbolicLink(keys, folder.resolve("nowhere"));
    refused(1, "RAYA-PKG-017", "keys is a symbolic link", "RAYA_HOME", "add", name);
    Files.delete(keys);
    succeeds();
  }
}
