package dev.raya.integration.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.archive.ZstdCoding;
import dev.raya.integration.attack.TamperingProxy.Reply;
import dev.raya.integration.attack.TamperingProxy.Tampering;
import dev.raya.integration.journey.Suite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A registry, mirror or proxy that changes what it serves. Each case is refused with nothing taken,
 * and the same home installs as soon as the answers are honest again.
 */
@ExtendWith(Suite.Undisturbed.class)
@Execution(ExecutionMode.SAME_THREAD)
final class MaliciousRegistryTest {
  private static final int INTEGRITY = 3;
  private static final int NETWORK = 4;
  private static final String HUGE = "9".repeat(40);

  private static TamperingProxy proxy;
  private static Suite suite;

  /** What stands under which path, and the code with which a changed one is refused. */
  private static final Map<String, String> SERVED = served();

  private static Map<String, String> served() {
    Map<String, String> served = new LinkedHashMap<>();
    served.put("timestamp", "/tuf/timestamp\\.json");
    served.put("snapshot", "/tuf/[0-9]+\\.snapshot\\.json");
    served.put("targets", "/tuf/[0-9]+\\.targets\\.json");
    served.put("packages role", "/tuf/[0-9]+\\.packages\\.json");
    served.put("hash bin", "/tuf/[0-9]+\\.bin-[0-9a-f]+\\.json");
    served.put("advisories role", "/tuf/[0-9]+\\.advisories\\.json");
    served.put("quarantine list", "/advisories/[0-9a-f]{64}\\.quarantine\\.json");
    served.put("log policy", "/trust/[0-9a-f]{64}\\.log\\.policy");
    served.put("index document", "/index/../../[0-9a-f]{64}\\.report");
    served.put("record", "/leaf/[0-9]+");
    served.put("proof", "/proof/[0-9]+");
    served.put("envelope", "envelope");
    served.put("archive", "archive");
    return served;
  }

  private static String pattern(String what) {
    return Objects.requireNonNull(SERVED.get(what), what);
  }

  @BeforeAll
  static void start(Suite running) throws IOException {
    suite = running;
    proxy = new TamperingProxy(running.url());
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static boolean is(String pattern, String path, Reply reply) {
    return switch (pattern) {
      case "envelope" ->
          path.startsWith("/blobs/")
              && TamperingProxy.text(reply.body()).contains("\"dsseEnvelope\"");
      case "archive" ->
          path.startsWith("/blobs/")
              && !TamperingProxy.text(reply.body()).contains("\"dsseEnvelope\"");
      default -> path.matches(pattern);
    };
  }

  private static Tampering only(String pattern, UnaryOperator<Reply> change) {
    return (path, honest) -> is(pattern, path, honest) ? change.apply(honest) : honest;
  }

  private static DynamicTest attack(String name, int exit, Tampering tampering) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          Victim victim = Victim.at(suite.newFolder(), proxy.url());
          proxy.tamper(tampering);
          Victim.Outcome outcome = victim.run("install", "--timeout", "3s");
          assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isEqualTo(exit);
          assertThat(outcome.err()).contains("error[RAYA-");
          assertNothingTaken(victim);
          proxy.honest();
          Victim.Outcome honest = victim.run("install");
          assertThat(honest.exit()).as(honest.err()).isZero();
        });
  }

  private static void assertNothingTaken(Victim victim) throws IOException {
    assertThat(victim.project().resolve("raya.lock")).doesNotExist();
    Path tmp = victim.home().resolve("tmp");
    if (Files.exists(tmp)) {
      try (Stream<Path> left = Files.list(tmp)) {
        assertThat(left).isEmpty();
      }
    }
  }

  /**
   * Of metadata a byte of what is signed: one signature of three may be damaged where two are
   * enough.
   */
  private static byte[] flipped(byte[] body) {
    byte[] changed = body.clone();
    String version = "\"version\":";
    int at = new String(body, StandardCharsets.ISO_8859_1).lastIndexOf(version);
    boolean metadata =
        new String(body, StandardCharsets.ISO_8859_1).startsWith("{\"signatures\"") && at > 0;
    changed[metadata ? at + version.length() : body.length / 2] ^= 1;
    return changed;
  }

  @TestFactory
  List<DynamicTest> oneFlippedByte() {
    List<DynamicTest> cases = new ArrayList<>();
    SERVED.forEach(
        (what, pattern) ->
            cases.add(
                attack(
                    "one flipped byte in the " + what,
                    INTEGRITY,
                    only(pattern, reply -> reply.with(flipped(reply.body()))))));
    cases.add(
        attack(
            "one flipped byte in the checkpoint's root",
            INTEGRITY,
            only("/proof/[0-9]+", reply -> reply.with(otherRoot(reply.body())))));
    cases.add(
        attack(
            "one flipped byte in the first root",
            INTEGRITY,
            only("/tuf/1\\.root\\.json", reply -> reply.with(flipped(reply.body())))));
    return cases;
  }

  /** The third line of the checkpoint begins with another letter. */
  private static byte[] otherRoot(byte[] proof) {
    String text = TamperingProxy.text(proof);
    int root = text.indexOf('\n', text.indexOf('\n', text.indexOf("\n\n") + 2) + 1) + 1;
    char other = text.charAt(root) == 'A' ? 'B' : 'A';
    return (text.substring(0, root) + other + text.substring(root + 1))
        .getBytes(StandardCharsets.UTF_8);
  }

  @TestFactory
  List<DynamicTest> cutOffAndContinued() {
    List<DynamicTest> cases = new ArrayList<>();
    SERVED.forEach(
        (what, pattern) -> {
          cases.add(
              attack(
                  "the " + what + " is cut off",
                  INTEGRITY,
                  only(
                      pattern,
                      reply ->
                          reply.with(Arrays.copyOf(reply.body(), reply.body().length * 2 / 3)))));
          // Where the length is known before, the answer is not read to its end.
          boolean lengthKnown = List.of("snapshot", "log policy", "quarantine list").contains(what);
          cases.add(
              attack(
                  "the " + what + " goes on after its end",
                  lengthKnown ? NETWORK : INTEGRITY,
                  only(
                      pattern,
                      reply -> {
                        byte[] longer = Arrays.copyOf(reply.body(), reply.body().length + 7);
                        Arrays.fill(longer, reply.body().length, longer.length, (byte) 'x');
                        return reply.with(longer);
                      })));
        });
    return cases;
  }

  @TestFactory
  List<DynamicTest> endless() {
    List<DynamicTest> cases = new ArrayList<>();
    for (String what : List.of("timestamp", "snapshot", "targets", "hash bin", "index document")) {
      cases.add(
          DynamicTest.dynamicTest(
              "the " + what + " does not end",
              () -> {
                Victim victim = Victim.at(suite.newFolder(), proxy.url());
                proxy.tamper(only(pattern(what), reply -> reply.with(new byte[18 << 20])));
                Victim.Outcome outcome = victim.run("install");
                assertThat(outcome.exit()).as(outcome.err()).isIn(INTEGRITY, NETWORK);
                assertNothingTaken(victim);
                proxy.honest();
                assertThat(victim.run("install").exit()).isZero();
              }));
    }
    return cases;
  }

  @TestFactory
  List<DynamicTest> redirected() {
    List<DynamicTest> cases = new ArrayList<>();
    for (String what : List.of("timestamp", "index document", "archive")) {
      cases.add(
          attack(
              "the " + what + " is said to be elsewhere",
              NETWORK,
              only(
                  pattern(what),
                  reply -> new Reply(302, new byte[0], "http://127.0.0.1:1/evil", 0))));
    }
    cases.add(
        attack(
            "the batch is said to be elsewhere",
            NETWORK,
            only(
                "/index/batch",
                reply -> new Reply(302, new byte[0], "http://127.0.0.1:1/evil", 0))));
    return cases;
  }

  @TestFactory
  List<DynamicTest> withheld() {
    List<DynamicTest> cases = new ArrayList<>();
    for (String what : List.of("timestamp", "snapshot", "hash bin", "log policy")) {
      cases.add(
          attack(
              "the " + what + " is withheld",
              INTEGRITY,
              only(pattern(what), reply -> new Reply(404, new byte[0], "", 0))));
    }
    cases.add(
        attack(
            "the index document is withheld",
            NETWORK,
            only(pattern("index document"), reply -> new Reply(404, new byte[0], "", 0))));
    return cases;
  }

  @TestFactory
  List<DynamicTest> anotherOneInItsPlace() throws IOException {
    Victim first = Victim.at(suite.newFolder(), proxy.url());
    proxy.honest();
    assertThat(first.run("install").exit()).isZero();
    Map<String, Reply> seen = proxy.seen();
    List<DynamicTest> cases = new ArrayList<>();
    byte[] envelope = another(seen, "envelope", new byte[0]);
    cases.add(
        attack(
            "the envelope of another package",
            INTEGRITY,
            only("envelope", reply -> reply.with(envelope))));
    for (String what : List.of("record", "proof", "archive")) {
      cases.add(
          attack(
              "the " + what + " of another package",
              INTEGRITY,
              (path, honest) ->
                  is(pattern(what), path, honest)
                      ? honest.with(another(seen, pattern(what), honest.body()))
                      : honest));
    }
    cases.add(
        attack(
            "the index document of another package",
            INTEGRITY,
            only(
                pattern("index document"),
                reply ->
                    reply.with(another(seen, "/index/../../[0-9a-f]{64}\\.tally", new byte[0])))));
    cases.add(
        attack(
            "another name of the registry in its configuration",
            INTEGRITY,
            only(
                "/index/config\\.json",
                reply ->
                    reply.with(
                        TamperingProxy.text(reply.body())
                            .replaceFirst(
                                "\"origin\":\"[^\"]+\"", "\"origin\":\"http://127.0.0.1:9\"")
                            .getBytes(StandardCharsets.UTF_8)))));
    return cases;
  }

  private static byte[] another(Map<String, Reply> seen, String pattern, byte[] not) {
    return seen.entrySet().stream()
        .filter(each -> is(pattern, each.getKey(), each.getValue()))
        .map(each -> each.getValue().body())
        .filter(body -> !Arrays.equals(body, not))
        .findFirst()
        .orElseThrow();
  }

  @TestFactory
  List<DynamicTest> slow() {
    return List.of(
        attack(
            "a timestamp of which one byte arrives now and then",
            NETWORK,
            only(pattern("timestamp"), reply -> new Reply(200, reply.body(), "", 400))));
  }

  /** A gigabyte of zeros, in a hundred kilobytes. */
  private static byte[] bomb() {
    byte[] frame = ZstdCoding.compress(new byte[16 << 20]);
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < 64; i++) {
      frames.writeBytes(frame);
    }
    return frames.toByteArray();
  }

  @TestFactory
  List<DynamicTest> bombs() {
    byte[] bomb = bomb();
    byte[] filled = new byte[3 << 20];
    Arrays.fill(filled, (byte) 'a');
    List<DynamicTest> cases = new ArrayList<>();
    cases.add(
        attack(
            "the answer to a batch is a bomb",
            NETWORK,
            only("/index/batch", reply -> new Reply(200, bomb, "", 0))));
    cases.add(
        attack("the archive is a bomb", INTEGRITY, only("archive", reply -> reply.with(bomb))));
    for (String what : List.of("record", "proof", "envelope", "log policy", "quarantine list")) {
      boolean isBounded = !what.equals("record") && !what.equals("proof");
      cases.add(
          attack(
              "the " + what + " has megabytes",
              isBounded ? NETWORK : INTEGRITY,
              only(pattern(what), reply -> reply.with(filled))));
    }
    cases.add(
        attack(
            "the configuration is nested a million deep",
            NETWORK,
            only(
                "/index/config\\.json",
                reply -> reply.with("[".repeat(1 << 20).getBytes(StandardCharsets.UTF_8)))));
    return cases;
  }

  /** What a mirror may say when it is asked for the rest of something. */
  private static Map<String, UnaryOperator<Reply>> rangeLies() {
    Map<String, UnaryOperator<Reply>> lies = new LinkedHashMap<>();
    lies.put("the rest with a flipped byte", rest -> rest.with(flipped(rest.body())));
    lies.put("no rest at all", rest -> rest.with(new byte[0]));
    lies.put("more than the rest", rest -> rest.with(Arrays.copyOf(rest.body(), 99_999)));
    lies.put("the rest as if it were the whole", rest -> rest.saying(200, ""));
    lies.put("the rest without saying which", rest -> rest.saying(206, ""));
    lies.put("the rest as another part", rest -> rest.saying(206, "bytes 0-1/2"));
    lies.put("a part beyond all", rest -> rest.saying(206, "bytes " + HUGE + "-*/" + HUGE));
    lies.put("that there is no rest", rest -> new Reply(416, new byte[0], "", 0));
    lies.put("a redirection of the rest", rest -> new Reply(302, new byte[0], "http://[::1]/", 0));
    return lies;
  }

  /** Whatever a mirror says of parts, what is taken at last is the whole that was asked for. */
  private static void assertWholeOrNothing(String what, Victim victim, Victim.Outcome outcome)
      throws IOException {
    assertThat(outcome.exit()).as(what + ": " + outcome.err()).isIn(0, INTEGRITY, NETWORK);
    if (outcome.exit() == 0) {
      assertThat(victim.run("verify", "--offline").exit()).as(what).isZero();
    } else {
      assertThat(outcome.err()).as(what).contains("error[RAYA-");
      assertNothingTaken(victim);
    }
    proxy.honest();
    assertThat(victim.run("install").exit()).as(what).isZero();
    assertThat(victim.run("verify", "--offline").exit()).as(what).isZero();
  }

  @TestFactory
  List<DynamicTest> liesAboutTheRestOfAnArchive() {
    Map<String, UnaryOperator<Reply>> cases = rangeLies();
    // Each costs a pause, and what is left out is read by the same code as the others.
    List.of("more than the rest", "a part beyond all", "a redirection of the rest")
        .forEach(cases::remove);
    cases.put("the rest, honestly", UnaryOperator.identity());
    List<DynamicTest> tests = new ArrayList<>();
    cases.forEach(
        (what, lie) ->
            tests.add(
                DynamicTest.dynamicTest(
                    what,
                    () -> {
                      AtomicInteger rests = new AtomicInteger();
                      proxy.tamper(
                          (path, honest) -> {
                            if (honest.status() == 206) {
                              rests.incrementAndGet();
                              return lie.apply(honest);
                            }
                            return rests.get() == 0 && is("archive", path, honest)
                                ? honest.brokenOff()
                                : honest;
                          });
                      Victim victim = Victim.at(suite.newFolder(), proxy.url());
                      Victim.Outcome outcome = victim.run("install", "--timeout", "3s");
                      assertThat(rests).hasPositiveValue();
                      if (what.endsWith("honestly")) {
                        assertThat(outcome.exit()).as(outcome.err()).isZero();
                      }
                      assertWholeOrNothing(what, victim, outcome);
                    })));
    return tests;
  }

  @TestFactory
  List<DynamicTest> liesAboutWhatIsNewInAnIndexDocument() {
    Map<String, UnaryOperator<Reply>> cases = rangeLies();
    cases.put("the rest, honestly", UnaryOperator.identity());
    List<DynamicTest> tests = new ArrayList<>();
    cases.forEach(
        (what, lie) ->
            tests.add(
                DynamicTest.dynamicTest(
                    what,
                    () -> {
                      proxy.honest();
                      Victim victim = Victim.at(suite.newFolder(), proxy.url());
                      assertThat(victim.run("install").exit()).isZero();
                      Path held = held(victim);
                      String document = Files.readString(held);
                      Files.writeString(held, firstLine(document));
                      AtomicInteger rests = new AtomicInteger();
                      proxy.tamper(
                          (path, honest) -> {
                            if (honest.status() == 206) {
                              rests.incrementAndGet();
                              return lie.apply(honest);
                            }
                            return honest;
                          });
                      Victim.Outcome outcome = victim.run("update", "--timeout", "3s");
                      assertThat(rests).hasPositiveValue();
                      assertThat(outcome.exit()).as(outcome.err()).isIn(0, INTEGRITY, NETWORK);
                      if (what.endsWith("honestly")) {
                        assertThat(outcome.exit()).as(outcome.err()).isZero();
                      }
                      assertThat(Files.readString(held)).isIn(document, firstLine(document));
                      proxy.honest();
                      assertThat(victim.run("update").exit()).isZero();
                      assertThat(held).hasContent(document);
                    })));
    return tests;
  }

  private static String firstLine(String document) {
    return document.substring(0, document.indexOf('\n') + 1);
  }

  private static Path held(Victim victim) throws IOException {
    try (Stream<Path> all = Files.walk(victim.home().resolve("registry"))) {
      return all.filter(file -> file.endsWith("report")).findFirst().orElseThrow();
    }
  }
}
