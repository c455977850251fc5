package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.FaultyFront;
import dev.raya.cli.pm.testing.FaultyFront.Fault;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What networks and servers do, seen from the command line: the code, the exit, and that manifest,
 * lockfile and cache stay as they were; and what is put up with.
 */
final class FaultyNetworkTest {
  private static final List<String> PLACES =
      List.of("/index/config.json", "1.root.json", "/index/f", "/index/batch", "/blobs/");

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);
  private final TestPackage.Archive archive =
      registry.publish(TestPackage.of("fmt", "1.0.0").padded(300_000));
  private final FaultyFront front = new FaultyFront(registry);

  @AfterEach
  void stop() {
    front.close();
    registry.close();
  }

  private Pm pm() {
    return Pm.in(folder).with("RAYA_REGISTRY", front.url()).project("fmt = \"^1.0\"");
  }

  private static void assertAsBefore(Pm pm) throws IOException {
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
    for (String part : List.of("cache", "tmp")) {
      if (Files.exists(pm.home().resolve(part))) {
        try (Stream<Path> children = Files.list(pm.home().resolve(part))) {
          assertThat(children.map(Path::getFileName).map(String::valueOf))
              .as(part)
              .allMatch(name -> name.startsWith("part-"));
        }
      }
    }
  }

  @Test
  void registryThatHangsIsGivenUpWhereverItDoes() throws IOException {
    for (String place : List.of("/index/config.json", "/blobs/")) {
      try (FaultyFront hanging = new FaultyFront(registry).at(place, new Fault.Hang())) {
        Pm pm =
            Pm.in(folder.resolve(place.substring(1, 5)))
                .with("RAYA_REGISTRY", hanging.url())
                .project("fmt = \"^1.0\"");
        pm.write("../home/config.toml", "[network]\nretries = 0\n");
        Pm.Outcome outcome = pm.run("install", "--timeout", "1s");
        assertThat(outcome.err()).contains("error[RAYA-NET-002]", "--timeout");
        assertThat(outcome.exit()).isEqualTo(4);
        assertAsBefore(pm);
      }
    }
  }

  @Test
  void mirrorServesWhatTheRegistryDoesNot() {
    registry.publish(TestPackage.of("other", "1.0.0"));
    Pm pm = pm();
    String settings =
        "[network]\nretries = 0\n[registries.main]\nurl = \"%s\"\nmirrors = [\"%s\", \"%s\"]\n";
    String nobody = "http://127.0.0.1:1";
    pm.write("../home/config.toml", settings.formatted(front.url(), nobody, registry.origin()));
    assertThat(pm.run("install").exit()).isZero();
    assertThat(front.requests()).as("the registry is asked first").isNotEmpty();
    front.at("/", new Fault.Status(503, null, new AtomicInteger(1000)));
    pm.project("fmt = \"^1.0\"", "other = \"^1\"");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    front.close();
    registry.publish(TestPackage.of("third", "1.0.0"));
    pm.project("third = \"^1\"");
    Pm.Outcome again = pm.run("install");
    assertThat(again.exit()).as(again.err()).isZero();
    registry.close();
    registry.forgetRequests();
    pm.project("fourth = \"^1\"");
    Pm.Outcome nowhere = pm.run("install");
    assertThat(nowhere.exit()).isEqualTo(4);
    assertThat(nowhere.err()).contains("RAYA-NET-001", front.url());
  }

  @Test
  void silenceIsBrokenByNamingWhoIsWaitedFor() {
    front.at("/blobs/", new Fault.Hang());
    Pm pm = pm();
    pm.write("../home/config.toml", "[network]\nretries = 0\n");
    String host = front.url().substring("http://".length());
    Pm.Outcome outcome = pm.run("install", "--timeout", "5s");
    assertThat(outcome.err()).contains("waiting for " + host + ": fmt@1.0.0\n");
    assertThat(outcome.exit()).isEqualTo(4);
  }

  @Test
  void registryThatDripsIsGivenUp() throws IOException {
    front.at("/blobs/", new Fault.Drip(100));
    Pm pm = pm();
    pm.write("../home/config.toml", "[network]\nretries = 0\n");
    Pm.Outcome outcome = pm.run("install", "--timeout", "1s");
    assertThat(outcome.err()).contains("error[RAYA-NET-002]", "1 KiB a second");
    assertThat(outcome.exit()).isEqualTo(4);
    assertAsBefore(pm);
  }

  @Test
  void connectionThatBreaksOffIsTriedAgainWhereverItDoes() {
    for (String place : PLACES) {
      front.at(place, new Fault.Cut(20, new AtomicInteger(1)));
    }
    Pm.Outcome outcome = pm().run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("1 package, 1 fetched");
  }

  @Test
  void connectionThatAlwaysBreaksOffIsReportedAfterTheRetries() throws IOException {
    front.at("/blobs/", new Fault.Cut(20, new AtomicInteger(1000)));
    Pm pm = pm();
    pm.write("../home/config.toml", "[network]\nretries = 1\n");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.err()).contains("error[RAYA-NET-001]", "--offline");
    assertThat(outcome.exit()).isEqualTo(4);
    assertAsBefore(pm);
  }

  @Test
  void downloadThatBrokeOffGoesOnWhereItEnded() {
    front.at(
        TestRegistry.blobPath(archive.facts().checksum()),
        new Fault.Cut(200_000, new AtomicInteger(1)));
    assertThat(pm().run("install").exit()).isZero();
    assertThat(front.requests())
        .filteredOn(request -> request.contains(archive.facts().checksum().hex()))
        .hasSize(2)
        .last()
        .asString()
        .matches(".* bytes=[1-9][0-9]*-");
  }

  @Test
  void busyRegistryIsAskedAgainAfterTheTimeItNames() {
    front.at("/index/config.json", new Fault.Status(503, "0", new AtomicInteger(2)));
    front.at("/blobs/", new Fault.Status(429, "1", new AtomicInteger(1)));
    assertThat(pm().run("install").exit()).isZero();
  }

  @Test
  void registryThatStaysBusyIsReportedWithTheTimeItNames() throws IOException {
    front.at("/blobs/", new Fault.Status(429, "77", new AtomicInteger(1000)));
    Pm pm = pm();
    pm.write("../home/config.toml", "[network]\nretries = 0\n");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.err()).contains("error[RAYA-NET-005]", "77 seconds");
    assertThat(outcome.exit()).isEqualTo(4);
    assertAsBefore(pm);
  }

  @Test
  void redirectionToAnotherHostOrSchemeIsNotFollowed() throws IOException {
    for (String location :
        List.of(
            "https://elsewhere.example/x",
            "http://127.0.0.1:1/x",
            "ftp://127.0.0.1/x",
            "file:///etc/passwd",
            "//elsewhere.example/x",
            "http://[broken")) {
      front.at("/blobs/", new Fault.Redirect(location));
      Pm pm = pm();
      Pm.Outcome outcome = pm.run("install");
      assertThat(outcome.err()).as(location).contains("error[RAYA-NET-004]", "redirects");
      assertThat(outcome.exit()).isEqualTo(4);
      assertAsBefore(pm);
    }
  }

  @Test
  void indexDocumentsThatLieAreRefused() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    Pm pm = pm();
    lie(pm, "line 1: expected the document of fmt", text -> renamed(text));
    lie(pm, "line 5: /log: expected more than 2, found 2", text -> text + lastLine(text));
    lie(pm, "the document is cut off", text -> text.substring(0, text.length() - 3));
    lie(pm, "/version: expected a version", text -> text.replace("\"1.1.0\"", "\"1.1\""));
    lie(pm, "line 4: /log: expected more than 2, found 1", text -> swapLastLines(text));
    lieAgainst(
        pm,
        "error[RAYA-SEC-003]: the index document of fmt is not the one that signed metadata names",
        3,
        text -> "x".repeat(17 << 20));
    lie(
        pm,
        "/sha256: expected 64 hexadecimal digits",
        text -> text.replace("\"sha256\":\"", "\"sha256\":\"0"));
    registry.mend();
    assertThat(pm.run("install").exit()).isZero();
  }

  private static String renamed(String text) {
    return text.replaceFirst("\"name\":\"fmt\"", "\"name\":\"fnt\"");
  }

  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n', text.length() - 2) + 1);
  }

  private static String swapLastLines(String text) {
    String[] lines = text.split("\n", -1);
    int last = lines.length - 2;
    String moved = lines[last];
    lines[last] = lines[last - 1];
    lines[last - 1] = moved;
    return String.join("\n", lines);
  }

  private void lie(Pm pm, String told, UnaryOperator<String> change) throws IOException {
    String refused = "error[RAYA-NET-004]: " + front.url() + "/ is not a registry's answer: ";
    String err = lieAgainst(pm, refused, 4, change);
    assertThat(err).contains(told).contains("\n  = check the address (--registry, RAYA_REGISTRY)");
  }

  /** What a document says wrongly is told with its code and advice, and nothing has changed. */
  private String lieAgainst(Pm pm, String refused, int exit, UnaryOperator<String> change)
      throws IOException {
    registry.tamper(
        TestRegistry.indexPath("fmt"),
        bytes ->
            change
                .apply(new String(bytes, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8));
    String manifest = pm.read("raya.toml");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.err())
        .containsOnlyOnce("error[RAYA-")
        .contains(refused)
        .containsPattern("\n  = .");
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(exit);
    assertThat(outcome.out()).isEmpty();
    assertThat(pm.read("raya.toml")).isEqualTo(manifest);
    assertAsBefore(pm);
    return outcome.err();
  }

  @Test
  void lyingDigestInTheIndexIsFoundAgainstTheLogsRecord() throws IOException {
    String other = "ab".repeat(32);
    registry.tamper(
        TestRegistry.indexPath("fmt"),
        bytes ->
            new String(bytes, StandardCharsets.UTF_8)
                .replace(archive.facts().tree().hex(), other)
                .getBytes(StandardCharsets.UTF_8));
    Pm.Outcome outcome = pm().run("install");
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.err()).contains("tree differs", other);
    assertAsBefore(pm());
  }
}
