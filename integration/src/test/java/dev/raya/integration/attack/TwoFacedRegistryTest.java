package dev.raya.integration.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Trees;
import dev.raya.integration.journey.Suite;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.trust.LogNames;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.tile.DirectoryTileStore;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TilePath;
import dev.raya.signing.tile.TileSource;
import dev.raya.signing.tile.TileTree;
import dev.raya.signing.tile.TreeHead;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A registry that uses its own keys against its users: it lets a role grow old, mixes states, and
 * keeps a second history. Everything is signed as it must be, so that no signature tells; a state
 * that is signed anew and is newer is taken.
 */
@ExtendWith(Suite.Undisturbed.class)
@Execution(ExecutionMode.SAME_THREAD)
final class TwoFacedRegistryTest {
  private static final int INTEGRITY = 3;
  private static final int NETWORK = 4;
  private static final String NO_ANSWER = "RAYA-NET-004";
  private static final String REFUSED = "RAYA-SEC-003";
  private static final String EXPIRED = "RAYA-SEC-004";
  private static final String FORKED = "RAYA-SEC-006";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static Suite suite;
  private static TamperingProxy proxy;
  private static SignedAnew anew;
  private static TrustKeys keys;

  @BeforeAll
  static void start(Suite running) throws IOException {
    suite = running;
    proxy = new TamperingProxy(running.url());
    keys = new TrustKeys(new DataDirectory(running.data()));
    anew = new SignedAnew(running.url(), keys, HTTP);
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static Victim newcomer() {
    return Victim.at(suite.newFolder(), proxy.url());
  }

  /** Who has seen the present state. */
  private static Victim acquainted() {
    proxy.honest();
    Victim victim = newcomer();
    taken(victim, "install");
    return victim;
  }

  private static void refused(Victim victim, String code, String... words) {
    Victim.Outcome outcome = victim.run(words);
    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isEqualTo(INTEGRITY);
    assertThat(outcome.err()).contains("error[" + code + "]");
  }

  /** A file of another length than the one that is named is not even read to its end. */
  private static void refusedAsMixed(Victim.Outcome outcome) {
    boolean isTooLong = outcome.err().contains("the answer is larger than ");
    assertThat(outcome.exit())
        .as(outcome.out() + outcome.err())
        .isEqualTo(isTooLong ? NETWORK : INTEGRITY);
    assertThat(outcome.err()).contains("error[" + (isTooLong ? NO_ANSWER : REFUSED) + "]");
  }

  private static void taken(Victim victim, String... words) {
    Victim.Outcome outcome = victim.run(words);
    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
  }

  @TestFactory
  List<DynamicTest> eachRoleLeftToGrowOld() {
    Instant now = InstantSource.system().instant();
    List<DynamicTest> cases = new ArrayList<>();
    for (String role :
        List.of(
            "root",
            "timestamp",
            "snapshot",
            "targets",
            "packages",
            SignedAnew.bin("report"),
            "advisories")) {
      cases.add(
          DynamicTest.dynamicTest(
              "the " + role + " role is frozen",
              () -> {
                proxy.tamper(SignedAnew.serving(anew.until(role, now.minusSeconds(60))));
                Victim victim = newcomer();
                refused(victim, EXPIRED, "install");
                assertThat(victim.project().resolve("raya.lock")).doesNotExist();
                proxy.tamper(SignedAnew.serving(anew.until(role, now.plusSeconds(3_600))));
                taken(newcomer(), "install");
              }));
    }
    return cases;
  }

  @TestFactory
  List<DynamicTest> statesThatDoNotBelongTogether() throws Exception {
    Instant later = InstantSource.system().instant().plusSeconds(3_600);
    String bin = SignedAnew.bin("report");
    Map<String, Role.MetaFile> files = anew.snapshot().files();
    Map<String, Role.MetaFile> without = new TreeMap<>(files);
    without.remove(bin + ".json");
    Role.Targets other = anew.targets(SignedAnew.bin("tally"));
    Role.Targets own = anew.targets(bin);
    Map<String, Map<String, byte[]>> mixed = new LinkedHashMap<>();
    mixed.put(
        "a timestamp older than the one seen",
        anew.timestamp(anew.timestamp().snapshot(), -1, later));
    mixed.put("a snapshot older than the one seen", anew.snapshot(files, -1, later));
    mixed.put("a bin older than the one seen", anew.naming(bin, own.version() - 1));
    mixed.put("targets older than the ones seen", anew.naming("targets", 0));
    mixed.put("a snapshot that names a bin no longer", anew.snapshot(without, 1, later));
    mixed.put(
        "a version of a bin that the snapshot does not name",
        Map.of(
            "/tuf/" + own.version() + "." + bin + ".json",
            last(anew.until(bin, later), "." + bin + ".json")));
    mixed.put(
        "a snapshot that the timestamp does not name",
        Map.of(
            "/tuf/" + anew.snapshot().version() + ".snapshot.json",
            last(anew.until("snapshot", later), ".snapshot.json")));
    mixed.put(
        "the bin of another package",
        anew.role(bin, new Role.Targets(own.version() + 9, later, other.targets(), null)));
    mixed.put(
        "the role of packages in the place of the targets",
        Map.of(
            "/tuf/" + anew.version("targets") + ".targets.json",
            anew.served("tuf/" + anew.version("packages") + ".packages.json")));
    mixed.put(
        "the snapshot in the place of the timestamp",
        Map.of(
            "/tuf/timestamp.json",
            anew.served("tuf/" + anew.snapshot().version() + ".snapshot.json")));
    mixed.put(
        "a root in the place of the timestamp",
        Map.of("/tuf/timestamp.json", anew.served("tuf/1.root.json")));
    List<DynamicTest> cases = new ArrayList<>();
    mixed.forEach(
        (what, served) ->
            cases.add(
                DynamicTest.dynamicTest(
                    what,
                    () -> {
                      // A role that is held is not asked for again: newcomers have none.
                      boolean isReplaced = served.size() == 1 && !what.startsWith("a timestamp");
                      Victim victim = isReplaced ? newcomer() : acquainted();
                      String command = isReplaced ? "install" : "update";
                      proxy.tamper(SignedAnew.serving(served));
                      refusedAsMixed(victim.run(command));
                      Victim twin = isReplaced ? newcomer() : acquainted();
                      proxy.honest();
                      taken(twin, command);
                    })));
    return cases;
  }

  private static byte[] last(Map<String, byte[]> files, String ending) {
    return files.entrySet().stream()
        .filter(each -> each.getKey().endsWith(ending))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  /** A second history of the same length: its first record is another one. */
  private static TileTree secondHistory(Path folder) throws Exception {
    Checkpoint honest = Checkpoint.parse(SignedNote.parse(anew.served("log/checkpoint")).text());
    TileSource served =
        path -> {
          try {
            return Optional.of(anew.served("log/" + path));
          } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
          }
        };
    List<byte[]> records = new ArrayList<>();
    while (records.size() < honest.size()) {
      int width = (int) Math.min(TilePath.FULL, honest.size() - records.size());
      records.addAll(TileLog.entries(served, records.size() / TilePath.FULL, width));
    }
    records.set(0, records.getLast());
    DirectoryTileStore store = new DirectoryTileStore(folder);
    TileLog log = TileLog.open(store, TreeHead.EMPTY);
    TreeHead head = log.append(records);
    Instant now = InstantSource.system().instant();
    String text =
        new Checkpoint(LogNames.log(suite.url()), head.size(), head.root(), List.of()).text();
    log.publish(
        new SignedNote(
                text,
                List.of(
                    NoteSigner.log(LogNames.log(suite.url()), keys.log()).sign(text, now),
                    NoteSigner.witness(LogNames.witness(suite.url()), keys.witness())
                        .sign(text, now)))
            .document());
    return new TileTree(store, head.size());
  }

  private static TamperingProxy.Tampering fork(Path folder, TileTree tree) {
    DirectoryTileStore store = new DirectoryTileStore(folder);
    return (path, honest) -> {
      try {
        if (path.startsWith("/log/")) {
          return store
              .read(path.substring("/log/".length()))
              .map(file -> new TamperingProxy.Reply(200, file, "", 0))
              .orElse(honest);
        }
        if (path.startsWith("/proof/")) {
          long index = Long.parseLong(path.substring("/proof/".length()));
          String note =
              new String(store.read(TileLog.CHECKPOINT).orElseThrow(), StandardCharsets.UTF_8);
          return honest.with(
              new LogProof(index, tree.inclusion(index), note)
                  .text()
                  .getBytes(StandardCharsets.UTF_8));
        }
        return honest;
      } catch (Exception unreadable) {
        throw new IllegalStateException(unreadable);
      }
    };
  }

  @Test
  void twoHistoriesAreFoundByWhoeverHasSeenBoth() throws Exception {
    Path folder = suite.newFolder();
    TileTree tree = secondHistory(folder);
    Victim owner = acquainted();
    taken(owner, "monitor", "report");
    assertThat(owner.run("trust", "evidence").out()).contains("no evidence");
    proxy.tamper(fork(folder, tree));
    refused(owner, FORKED, "monitor", "report");
    assertThat(owner.run("trust", "evidence").out()).doesNotContain("no evidence");

    // Whoever has seen the second history alone holds it for the only one, until it is compared.
    Victim deceived = newcomer();
    taken(deceived, "install");
    taken(deceived, "monitor", "report");
    proxy.honest();
    refused(deceived, FORKED, "monitor", "report");
    Trees.remove(deceived.home().resolve("cache"));
    refused(deceived, FORKED, "install", "--frozen");

    // Whoever has seen the honest one meets the other in a proof.
    Victim second = acquainted();
    Trees.remove(second.home().resolve("cache"));
    proxy.tamper(fork(folder, tree));
    refused(second, FORKED, "install", "--frozen");
    proxy.honest();
    taken(second, "install", "--frozen");
    taken(owner, "monitor", "report");
  }
}
