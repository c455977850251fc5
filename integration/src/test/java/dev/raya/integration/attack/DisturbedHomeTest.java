package dev.raya.integration.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.journey.Suite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Lockfiles that somebody edited, cache entries that somebody touched, clocks that somebody set:
 * the change is found, and without it everything holds.
 */
@ExtendWith(Suite.Extension.class)
final class DisturbedHomeTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  private static Suite suite;
  private static Victim victim;

  @BeforeAll
  static void install(Suite running) {
    suite = running;
    victim = Victim.at(running.newFolder(), running.url());
    Victim.Outcome outcome = victim.run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
  }

  @TestFactory
  List<DynamicTest> lockfileInjection() {
    Map<String, String[]> edits = new LinkedHashMap<>();
    edits.put(
        "another archive",
        new String[] {"checksum = \"sha256:[0-9a-f]{64}", "checksum = \"sha256:" + HEX});
    edits.put(
        "other files", new String[] {"tree = \"sha256:[0-9a-f]{64}", "tree = \"sha256:" + HEX});
    edits.put(
        "another registry",
        new String[] {"registry\\+http://[^\"]+", "registry+https://evil.example"});
    edits.put(
        "a web archive in its place",
        new String[] {"registry\\+http://[^\"]+", "url+https://evil.example/x.tar.zst"});
    edits.put("another record", new String[] {"log = \\{ index = [0-9]+", "log = { index = 0"});
    edits.put("an older time", new String[] {"time = \"20[0-9]{2}", "time = \"2019"});
    edits.put("another size", new String[] {"size = [0-9]+", "size = 1"});
    edits.put(
        "another version",
        new String[] {"version = \"1.0.0\"\nsource", "version = \"1.0.9\"\nsource"});
    edits.put(
        "more capabilities", new String[] {"(size = [0-9]+\n)", "$1capabilities = [\"net\"]\n"});
    edits.put("wider grants", new String[] {"granted = \\[", "granted = [\"net\", "});
    edits.put(
        "a native library",
        new String[] {"(log = )", "native = { x = { linux-x64 = \"sha256:" + HEX + "\" } }\n$1"});
    edits.put("the algorithm", new String[] {"checksum = \"sha256:", "checksum = \"md5:"});
    List<DynamicTest> cases = new ArrayList<>();
    edits.forEach(
        (what, edit) ->
            cases.add(
                DynamicTest.dynamicTest(
                    "raya.lock names " + what,
                    () -> {
                      String honest = victim.read("raya.lock");
                      String edited = honest.replaceAll(edit[0], edit[1]);
                      assertThat(edited).isNotEqualTo(honest);
                      victim.write("raya.lock", edited);
                      try {
                        Victim.Outcome verified = victim.run("verify", "--offline");
                        assertThat(verified.exit()).as(verified.out() + verified.err()).isNotZero();
                        Victim.Outcome installed =
                            victim.run("install", "--frozen", "--offline", "--verify");
                        assertThat(installed.exit()).as(installed.out()).isNotZero();
                        assertThat(installed.err()).contains("error[RAYA-");
                      } finally {
                        victim.write("raya.lock", honest);
                      }
                      assertThat(victim.run("verify", "--offline").exit()).isZero();
                    })));
    return cases;
  }

  @TestFactory
  List<DynamicTest> cachePoisoning() throws IOException {
    List<DynamicTest> cases = new ArrayList<>();
    for (String file : List.of("module.rbin", "metadata.json", "proof.json", "README.md")) {
      cases.add(
          DynamicTest.dynamicTest(
              "one flipped byte in a cached " + file,
              () -> {
                Path poisoned = entryFile(file);
                byte[] honest = Files.readAllBytes(poisoned);
                byte[] changed = honest.clone();
                changed[honest.length / 2] ^= 1;
                write(poisoned, changed);
                assertThat(victim.run("verify", "--offline").exit()).isEqualTo(3);
                assertThat(victim.run("install", "--verify").exit()).isZero();
                assertThat(victim.run("verify", "--offline").exit()).isZero();
              }));
    }
    cases.add(
        DynamicTest.dynamicTest(
            "a file more in a cache entry",
            () -> {
              Path more = entryFile("module.rbin").resolveSibling("more.rbin");
              assertThat(more.resolveSibling("").toFile().setWritable(true)).isTrue();
              Files.writeString(more, "evil");
              assertThat(victim.run("verify", "--offline").exit()).isEqualTo(3);
              assertThat(victim.run("install", "--verify").exit()).isZero();
              assertThat(victim.run("verify", "--offline").exit()).isZero();
            }));
    cases.add(
        DynamicTest.dynamicTest(
            "a link in the place of a cached file",
            () -> {
              Path module = entryFile("module.rbin");
              Path elsewhere = suite.newFolder().resolve("module.rbin");
              Files.copy(module, elsewhere);
              assertThat(module.resolveSibling("").toFile().setWritable(true)).isTrue();
              Files.delete(module);
              Files.createSymbolicLink(module, elsewhere);
              assertThat(victim.run("verify", "--offline").exit()).isEqualTo(3);
              assertThat(victim.run("install", "--verify").exit()).isZero();
              assertThat(victim.run("verify", "--offline").exit()).isZero();
            }));
    for (String held : List.of("timestamp.json", "snapshot.json", "targets.json", "root.json")) {
      cases.add(
          DynamicTest.dynamicTest(
              "one flipped byte in the held " + held,
              () -> {
                Path file = held(held);
                byte[] honest = Files.readAllBytes(file);
                byte[] changed = honest.clone();
                changed[honest.length / 2] ^= 1;
                Files.write(file, changed);
                assertThat(victim.run("verify", "--offline").exit()).isEqualTo(3);
                Files.write(file, honest);
                assertThat(victim.run("verify", "--offline").exit()).isZero();
              }));
    }
    return cases;
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    assertThat(file.toFile().setWritable(true)).isTrue();
    Files.write(file, bytes);
  }

  private static Path entryFile(String name) throws IOException {
    return find(victim.home().resolve("cache"), name);
  }

  private static Path held(String name) throws IOException {
    return find(victim.home().resolve("registry"), name);
  }

  private static Path find(Path below, String name) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(file -> file.getFileName().toString().equals(name))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  @TestFactory
  List<DynamicTest> clocks() {
    Map<String, String> times = new LinkedHashMap<>();
    times.put("the timestamp has expired", "RAYA-SEC-004");
    times.put("the clock stands before signed time", "RAYA-RES-004");
    List<DynamicTest> cases = new ArrayList<>();
    times.forEach(
        (what, code) ->
            cases.add(
                DynamicTest.dynamicTest(
                    what,
                    () -> {
                      Victim other = Victim.at(suite.newFolder(), suite.url());
                      Instant now = java.time.InstantSource.system().instant();
                      Instant then =
                          code.equals("RAYA-SEC-004")
                              ? now.plusSeconds(3 * 86_400)
                              : Instant.parse("2020-01-01T00:00:00Z");
                      Victim.Outcome outcome = other.at(then).run("install");
                      assertThat(outcome.exit()).as(outcome.err()).isIn(1, 3);
                      assertThat(outcome.err()).contains("error[" + code + "]");
                      assertThat(other.run("install").exit()).isZero();
                      assertThat(other.at(then).run("verify", "--offline").exit()).isZero();
                    })));
    return cases;
  }

  @Test
  void stolenOrInventedTokensOpenNothing() throws IOException {
    for (String token : List.of("raya_" + "0".repeat(40), "x", "raya_../../etc")) {
      Victim thief = victim.with("RAYA_TOKEN", token);
      Victim.Outcome outcome = thief.run("yank", "tally@1.0.0", "--reason", "broken");
      assertThat(outcome.exit()).as(outcome.err()).isEqualTo(5);
      assertThat(outcome.err()).contains("error[RAYA-REG-002]");
    }
    assertThat(victim.run("install", "--verify").exit()).isZero();
  }
}
