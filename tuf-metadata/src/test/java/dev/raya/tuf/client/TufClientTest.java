package dev.raya.tuf.client;

import static dev.raya.tuf.client.Repository.LATER;
import static dev.raya.tuf.client.Repository.NOW;
import static dev.raya.tuf.client.Repository.PAST;
import static dev.raya.tuf.client.Repository.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.Role.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The top-level workflow: each attack beside its honest twin. */
final class TufClientTest {
  @TempDir private Path home;
  private final Repository repository = new Repository();

  @BeforeEach
  void trust() throws Exception {
    TufClient.init(home, repository.file("1.root.json"));
  }

  private TufClient client() {
    return new TufClient(home, repository, NOW);
  }

  private void refused(String message) {
    assertThatThrownBy(() -> client().refresh())
        .isInstanceOf(TufException.class)
        .hasMessageContaining(message);
  }

  private byte[] kept(String role) throws IOException {
    return Files.readAllBytes(home.resolve(role + ".json"));
  }

  private boolean has(String role) {
    return Files.exists(home.resolve(role + ".json"));
  }

  @Test
  void metadataIsKeptAsReceivedAndNotFetchedTwice() throws Exception {
    byte[] spaced = Arrays.copyOf(repository.file("timestamp.json"), 2000);
    Arrays.fill(spaced, repository.file("timestamp.json").length, 2000, (byte) ' ');
    repository.files.put("timestamp.json", spaced);
    client().refresh();
    assertThat(kept("timestamp")).isEqualTo(spaced);
    assertThat(kept("targets")).isEqualTo(repository.file("1.targets.json"));
    assertThat(repository.asked)
        .containsExactly("2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json");
    repository.asked.clear();
    client().refresh();
    assertThat(repository.asked).containsExactly("2.root.json", "timestamp.json");
  }

  @Test
  void withoutConsistentSnapshotsNamesCarryNoVersion() throws Exception {
    repository.consistent = false;
    repository.root(2, LATER, repository.by(Kind.ROOT));
    repository.targets.put("dir/file", repository.target("dir/file"));
    repository.publish(2);
    client().download("dir/file", home.resolve("out"));
    assertThat(repository.asked).endsWith("snapshot.json", "targets.json", "dir/file");
  }

  @Test
  void initTakesOneSelfSignedRoot() throws Exception {
    byte[] root = repository.file("1.root.json");
    TufClient.init(home, root);
    repository.root(1, PAST, repository.by(Kind.ROOT));
    assertThatThrownBy(() -> TufClient.init(home, repository.file("1.root.json")))
        .hasMessageContaining("already trusts another root");
    repository.root(1, LATER, List.of(key(9)));
    Path other = home.resolve("other");
    assertThatThrownBy(() -> TufClient.init(other, repository.file("1.root.json")))
        .isInstanceOf(TufException.class);
    assertThat(other).doesNotExist();
  }

  @Test
  void rootsRotateOnlyByTheOldAndTheNewKeys() throws Exception {
    var old = repository.by(Kind.ROOT).getFirst();
    repository.signers.put(Kind.ROOT, List.of(key(20), key(21)));
    repository.thresholds.put(Kind.ROOT, 2);
    repository.root(2, LATER, List.of(key(20), key(21)));
    refused("expected signatures of 1 of 1 keys on root");
    repository.root(2, LATER, List.of(old, key(20)));
    refused("expected signatures of 2 of 2 keys on root");
    assertThat(kept("root")).isEqualTo(repository.file("1.root.json"));
    repository.root(2, LATER, List.of(old, key(20), key(21)));
    repository.root(3, LATER, List.of(key(20), key(21)));
    client().refresh();
    assertThat(kept("root")).isEqualTo(repository.file("3.root.json"));
    // Whoever lists the folder finds each role once, and the chain elsewhere.
    try (Stream<Path> files = Files.list(home)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "root.json", "roots", "timestamp.json", "snapshot.json", "targets.json");
    }
    assertThat(TufClient.numberedRoots(home)).containsOnlyKeys(2L, 3L);
  }

  @Test
  void anExpiredRootIsKeptAndStopsTheRefreshUnlessANewerOneFollows() throws Exception {
    repository.root(2, PAST, repository.by(Kind.ROOT));
    refused("root version 2 expired");
    assertThat(kept("root")).isEqualTo(repository.file("2.root.json"));
    assertThat(has("timestamp")).isFalse();
    repository.root(3, LATER, repository.by(Kind.ROOT));
    client().refresh();
  }

  @Test
  void aRootOfAnotherVersionThanItsNameIsRefused() {
    repository.root(3, LATER, repository.by(Kind.ROOT));
    repository.files.put("2.root.json", repository.files.remove("3.root.json"));
    refused("expected version 2 of root, found 3");
  }

  @Test
  void olderTimestampsAndSnapshotsAreRolledBack() throws Exception {
    repository.publish(5);
    client().refresh();
    repository.timestamp(4, LATER);
    refused("rolled back: timestamp was at version 5, found 4");
    repository.snapshot(4, LATER);
    repository.timestamp(6, LATER);
    refused("rolled back: snapshot that the timestamp names was at version 5, found 4");
    repository.snapshot(6, LATER);
    repository.timestamp(6, LATER);
    client().refresh();
  }

  @Test
  void olderOrMissingTargetsInASnapshotAreRolledBack() throws Exception {
    repository.meta.put("extra.json", new Role.MetaFile(3, null, Map.of()));
    repository.publish(5);
    client().refresh();
    repository.targets(4, LATER);
    repository.snapshot(6, LATER);
    repository.timestamp(6, LATER);
    refused("rolled back: targets.json was at version 5, found 4");
    assertThat(kept("snapshot")).isEqualTo(repository.file("5.snapshot.json"));
    repository.meta.remove("extra.json");
    repository.publish(7);
    refused("no longer names extra.json");
    repository.meta.put("extra.json", new Role.MetaFile(3, null, Map.of()));
    repository.publish(8);
    client().refresh();
  }

  @Test
  void rotatedKeysRecoverFromVersionsThatWereRunUp() throws Exception {
    repository.publish(1_000);
    client().refresh();
    repository.publish(2);
    refused("rolled back");
    var root = repository.by(Kind.ROOT);
    repository.signers.put(Kind.TIMESTAMP, List.of(key(30)));
    repository.signers.put(Kind.SNAPSHOT, List.of(key(31)));
    repository.root(2, LATER, root);
    repository.publish(2);
    client().refresh();
    assertThat(kept("targets")).isEqualTo(repository.file("2.targets.json"));
  }

  @Test
  void aFurtherKeyDoesNotForgetWhatWasSeen() throws Exception {
    repository.publish(5);
    client().refresh();
    repository.signers.put(
        Kind.TIMESTAMP, List.of(repository.by(Kind.TIMESTAMP).getFirst(), key(30)));
    repository.root(2, LATER, repository.by(Kind.ROOT));
    repository.publish(4);
    refused("rolled back: timestamp");
  }

  @Test
  void expiredRolesAreRefusedAndNotKept() throws Exception {
    client().refresh();
    repository.timestamp(2, PAST);
    refused("timestamp version 2 expired");
    repository.snapshot(2, PAST);
    repository.timestamp(2, LATER);
    refused("snapshot version 2 expired");
    repository.targets(3, PAST);
    repository.snapshot(3, LATER);
    repository.timestamp(3, LATER);
    refused("targets version 3 expired");
    assertThat(kept("targets")).isEqualTo(repository.file("1.targets.json"));
    repository.publish(4);
    client().refresh();
  }

  @Test
  void aFrozenTimestampExpires() throws Exception {
    client().refresh();
    assertThatThrownBy(() -> new TufClient(home, repository, LATER).refresh())
        .isInstanceOfSatisfying(
            TufException.class, e -> assertThat(e.code()).isEqualTo("RAYA-SEC-004"));
    new TufClient(home, repository, LATER.minusSeconds(1)).refresh();
  }

  @Test
  void filesOfDifferentMomentsAreRefused() throws Exception {
    byte[] old = repository.file("1.targets.json");
    repository.publish(2);
    byte[] right = repository.replace("2.targets.json", old);
    refused("expected version 2 of targets, found 1");
    repository.files.put("2.targets.json", right);
    byte[] snapshot = repository.replace("2.snapshot.json", repository.file("1.snapshot.json"));
    Files.delete(home.resolve("snapshot.json"));
    refused("expected version 2 of snapshot, found 1");
    repository.files.put("2.snapshot.json", snapshot);
    client().refresh();
  }

  @Test
  void statedLengthsAndHashesMustBeRight() throws Exception {
    byte[] snapshot = repository.file("1.snapshot.json");
    String hash = Digest.of(snapshot).hex();
    repository.snapshotMeta =
        new Role.MetaFile(1, (long) snapshot.length, Map.of("sha256", "0".repeat(64)));
    repository.timestamp(2, LATER);
    refused("snapshot refused: expected sha256 000");
    repository.snapshotMeta = new Role.MetaFile(1, snapshot.length + 1L, Map.of("sha256", hash));
    repository.timestamp(3, LATER);
    refused("snapshot refused: expected " + (snapshot.length + 1) + " bytes");
    repository.snapshotMeta = new Role.MetaFile(1, null, Map.of("md5", hash));
    repository.timestamp(4, LATER);
    refused("found only [md5]");
    repository.snapshotMeta = new Role.MetaFile(1, (long) snapshot.length, Map.of("sha256", hash));
    repository.timestamp(5, LATER);
    client().refresh();
  }

  @Test
  void aKeptFileWithAnotherHashThanTheOneNamedIsFetchedAnew() throws Exception {
    byte[] targets = repository.file("1.targets.json");
    repository.meta.put(
        "targets.json",
        new Role.MetaFile(1, (long) targets.length, Map.of("sha256", Digest.of(targets).hex())));
    repository.snapshot(2, LATER);
    repository.timestamp(2, LATER);
    client().refresh();
    // Still signed, of the same version, and not the file that is named.
    byte[] spaced = Arrays.copyOf(targets, targets.length + 1);
    spaced[targets.length] = ' ';
    Files.write(home.resolve("targets.json"), spaced);
    client().refresh();
    assertThat(kept("targets")).isEqualTo(targets);
  }

  @Test
  void tooFewSignersOfARoleAreRefused() throws Exception {
    for (Kind kind : List.of(Kind.TIMESTAMP, Kind.SNAPSHOT, Kind.TARGETS)) {
      Repository fresh = new Repository();
      var root = fresh.by(Kind.ROOT);
      var both = List.of(fresh.by(kind).getFirst(), key(40));
      fresh.signers.put(kind, both);
      fresh.thresholds.put(kind, 2);
      fresh.root(2, LATER, root);
      fresh.signers.put(kind, both.subList(0, 1));
      fresh.publish(2);
      Path folder = home.resolve(kind.id());
      TufClient.init(folder, fresh.file("1.root.json"));
      TufClient client = new TufClient(folder, fresh, NOW);
      assertThatThrownBy(client::refresh)
          .hasMessageContaining("expected signatures of 2 of 2 keys on " + kind.id());
      fresh.signers.put(kind, both);
      fresh.publish(2);
      client.refresh();
    }
  }

  @Test
  void truncatedEndlessAndMissingFilesAreRefused() throws Exception {
    for (String file : List.of("timestamp.json", "1.snapshot.json", "1.targets.json")) {
      byte[] whole = repository.file(file);
      repository.files.put(file, Arrays.copyOf(whole, whole.length - 1));
      refused("metadata refused");
      repository.files.put(file, new byte[32 << 20]);
      assertThatThrownBy(() -> client().refresh()).isInstanceOf(IOException.class);
      repository.files.remove(file);
      refused("there is no " + file);
      repository.files.put(file, whole);
    }
    client().refresh();
  }

  @Test
  void aTargetIsVerifiedKeptAndNotFetchedAgain() throws Exception {
    repository.targets.put("a dir/näme?.txt", repository.target("plain"));
    repository.targets.put("plain", repository.target("plain"));
    repository.publish(2);
    Path out = home.resolve("out");
    Path file = client().download("plain", out);
    assertThat(file).hasContent("plain");
    repository.asked.clear();
    client().download("plain", out);
    assertThat(repository.asked).containsExactly("2.root.json", "timestamp.json");
    Files.writeString(file, "plaim");
    client().download("plain", out);
    assertThat(file).hasContent("plain");
    String hash = Digest.of("plain".getBytes(StandardCharsets.UTF_8)).hex();
    assertThatThrownBy(() -> client().download("a dir/näme?.txt", out))
        .hasMessage("there is no a%20dir/" + hash + ".n%C3%A4me%3F.txt");
    try (var files = Files.list(out)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void anotherTargetFileThanTheOneNamedIsRefusedAndNotKept() throws Exception {
    repository.targets.put("plain", repository.target("plain"));
    repository.targets.put("unknown", new Role.TargetFile(1, Map.of("whirlpool", "00")));
    repository.targets.put("../up", repository.target("plain"));
    repository.publish(2);
    String file = "t/" + Digest.of("plain".getBytes(StandardCharsets.UTF_8)).hex() + ".plain";
    Path out = home.resolve("out");
    for (String content : List.of("plaim", "plai", "")) {
      repository.files.put(file, content.getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> client().download("plain", out))
          .hasMessageContaining("target plain refused");
    }
    repository.files.put(file, new byte[100]);
    assertThatThrownBy(() -> client().download("plain", out)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> client().download("unknown", out)).isInstanceOf(TufException.class);
    assertThatThrownBy(() -> client().download("../up", out)).hasMessageContaining("dotted");
    assertThatThrownBy(() -> client().download("none", out)).hasMessageContaining("no role names");
    assertThat(out).isEmptyDirectory();
    repository.files.put(file, "plain".getBytes(StandardCharsets.UTF_8));
    assertThat(client().download("plain", out)).hasContent("plain");
  }
}
