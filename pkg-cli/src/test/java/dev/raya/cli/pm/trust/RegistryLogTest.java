package dev.raya.cli.pm.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.PackageCache;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.trust.LogStore.Tree;
import dev.raya.cli.training.SignedFiles;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.tile.TileSource;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two processes of one home believe of a log that shows each of them another history. */
final class RegistryLogTest {
  private static final String ORIGIN = "https://registry.example";
  private static final SigningKey KEY = SigningKey.ofSeed(new byte[32]);

  @TempDir Path folder = Path.of("");

  /** A log that begins like every other here and goes on as it likes. */
  private static SignedFiles log(String... records) {
    SignedFiles log = new SignedFiles(KEY, ORIGIN, Instant.parse("2036-01-06T12:00:00Z"));
    for (String record : records) {
      log.append(record.getBytes(StandardCharsets.UTF_8));
    }
    return log;
  }

  private static String note(SignedFiles log) {
    try {
      return LogProof.parse(log.proof(0)).checkpoint();
    } catch (SigningException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  private static TileSource tiles(SignedFiles log) {
    Map<String, byte[]> files = log.files(Map.of());
    return path -> Optional.ofNullable(files.get("log/" + path));
  }

  private RegistryLog process(TileSource served) {
    KnownRegistries.Known registry =
        new KnownRegistries.Known(ORIGIN, Digest.of(new byte[0]), List.of());
    String policy = new String(log("first").policy(), StandardCharsets.UTF_8);
    return RegistryLog.served(
        registry,
        folder,
        new PolicyAlone(policy),
        served,
        new HeldProofs(new PackageCache(new RayaHome(folder))));
  }

  /** Asks the log between the question of one process and its answer. */
  private static TileSource interrupted(TileSource served, Runnable meanwhile) {
    boolean[] isAsked = {false};
    return path -> {
      if (!isAsked[0]) {
        isAsked[0] = true;
        meanwhile.run();
      }
      return served.read(path);
    };
  }

  private static void believe(RegistryLog log, String note) {
    try {
      log.believed(note);
    } catch (SigningException | CommandException refused) {
      throw new AssertionError(refused);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static void forks(RegistryLog log, String note) {
    assertThatThrownBy(() -> log.believed(note))
        .isInstanceOfSatisfying(
            CommandException.class,
            refused -> assertThat(refused.findings().getFirst().code()).isEqualTo("RAYA-SEC-006"));
  }

  @Test
  void forkShownToTwoProcessesAtOnceIsRefusedByTheSecond() throws IOException {
    SignedFiles both = log("first", "second");
    SignedFiles one = log("first", "second", "third");
    SignedFiles other = log("first", "second", "another third", "fourth");
    believe(process(tiles(both)), note(both));
    RegistryLog slow =
        process(interrupted(tiles(other), () -> believe(process(tiles(one)), note(one))));
    forks(slow, note(other));
    assertThat(new LogStore(folder).newestNote())
        .isEqualTo(note(one).getBytes(StandardCharsets.UTF_8));
    assertThat(new LogStore(folder).seen()).extracting(Tree::size).containsExactly(2L, 3L);
    forks(process(tiles(other)), note(other));
  }

  @Test
  void olderStateIsHeldAgainstWhatAnotherProcessKeptMeanwhile() throws IOException {
    SignedFiles grown = log("first", "second", "third");
    SignedFiles further = log("first", "second", "third", "fourth");
    SignedFiles older = log("first", "second");
    believe(process(tiles(grown)), note(grown));
    believe(
        process(interrupted(tiles(further), () -> believe(process(tiles(further)), note(further)))),
        note(older));
    assertThat(new LogStore(folder).seen()).extracting(Tree::size).containsExactly(3L, 4L, 2L);
  }

  @Test
  void damagedCheckpointIsNoFirstContact() throws IOException {
    SignedFiles grown = log("first", "second", "third");
    believe(process(tiles(grown)), note(grown));
    Path checkpoint = folder.resolve("log/checkpoint");
    byte[] honest = Files.readAllBytes(checkpoint);
    for (byte[] damage : List.of(new byte[0], new byte[] {1, 2, 3}, new byte[300 << 10])) {
      Files.write(checkpoint, damage);
      forks(process(tiles(log("first", "forged"))), note(log("first", "forged")));
      believe(process(tiles(grown)), note(grown));
      assertThat(Files.readAllBytes(checkpoint)).as("mended").isEqualTo(honest);
    }
    Files.delete(checkpoint);
    forks(process(tiles(log("other"))), note(log("other")));
    Files.writeString(folder.resolve("log/seen"), "9999999999999999999 x\n");
    assertThatThrownBy(() -> process(tiles(grown)).believed(note(grown)))
        .isInstanceOfSatisfying(
            CommandException.class,
            refused -> {
              assertThat(refused.findings().getFirst().code()).isEqualTo("RAYA-SEC-013");
              assertThat(refused.findings().toString()).contains("remove " + folder.resolve("log"));
            });
  }

  @Test
  void changedCheckpointIsDamagedAndNoSecondHistory() throws Exception {
    SignedFiles grown = log("first", "second", "third");
    SignedFiles further = log("first", "second", "third", "fourth");
    believe(process(tiles(grown)), note(grown));
    Path checkpoint = folder.resolve("log/checkpoint");
    String honest = Files.readString(checkpoint);
    String root = honest.lines().skip(2).findFirst().orElseThrow();
    String otherRoot = (root.charAt(0) == 'A' ? 'B' : 'A') + root.substring(1);
    byte[] seen = Files.readAllBytes(folder.resolve("log/seen"));
    for (String damaged :
        List.of(
            honest.replaceFirst("\n3\n", "\n7\n"),
            honest.replaceFirst("\n3\n", "\n2\n"),
            honest.replace(root, otherRoot))) {
      assertThat(damaged).isNotEqualTo(honest);
      Files.writeString(checkpoint, damaged);
      Files.write(folder.resolve("log/seen"), seen);
      believe(process(tiles(further)), note(further));
      assertThat(Files.readString(checkpoint)).isEqualTo(note(further));
      Files.writeString(checkpoint, damaged);
      Files.write(folder.resolve("log/seen"), seen);
      forks(
          process(tiles(log("first", "forged", "x", "y"))), note(log("first", "forged", "x", "y")));
      assertThat(process(tiles(grown)).newest()).isEqualTo(new Tree(3, tree(honest).root()));
    }
  }

  private static Tree tree(String note) {
    try {
      return Tree.of(
          Checkpoint.parse(SignedNote.parse(note.getBytes(StandardCharsets.UTF_8)).text()));
    } catch (SigningException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  @Test
  void damagedLineOfTreesSeenSpoilsNoOther() throws IOException {
    SignedFiles grown = log("first", "second", "third");
    believe(process(tiles(grown)), note(grown));
    Path seen = folder.resolve("log/seen");
    String line = Files.readString(seen);
    Files.writeString(
        seen,
        "1 " + (char) 0xff + "\n99999999999999999x " + line.substring(2) + line + "-" + line,
        StandardCharsets.ISO_8859_1);
    forks(process(tiles(log("first", "forged"))), note(log("first", "forged")));
    Files.delete(folder.resolve("log/checkpoint"));
    forks(process(tiles(log("first", "forged"))), note(log("first", "forged")));
    believe(process(tiles(grown)), note(grown));
    assertThat(new LogStore(folder).seen()).containsExactly(tree(note(grown)));
  }

  @Test
  void nothingIsKeptOverWhatWasNotTheOneHeldAgainst() throws IOException {
    LogStore store = new LogStore(folder);
    Tree first = new Tree(1, Digest.of(new byte[] {1}));
    Tree second = new Tree(2, Digest.of(new byte[] {2}));
    byte[] note = note(log("first")).getBytes(StandardCharsets.UTF_8);
    assertThat(store.keep(note, first, first)).isFalse();
    assertThat(store.newestNote()).isNull();
    assertThat(store.keep(note, first, null)).isTrue();
    assertThat(store.keep(new byte[0], second, null)).isFalse();
    assertThat(store.remember(second, second)).isFalse();
    assertThat(store.newestNote()).isEqualTo(note);
    assertThat(store.seen()).containsExactly(first);
  }

  /** Metadata of which only the log's policy is asked for. */
  private record PolicyAlone(String policy) implements SignedMetadata {
    @Override
    public TufClient.TrustedSet roles() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Role.TargetFile> index(PackageName name) {
      return Optional.empty();
    }

    @Override
    public LogPolicy logPolicy() {
      try {
        return LogPolicy.parse(policy);
      } catch (SigningException malformed) {
        throw new IllegalStateException(malformed);
      }
    }

    @Override
    public Optional<byte[]> claim(PackageName name) {
      return Optional.empty();
    }

    @Override
    public Optional<byte[]> sigstore() {
      return Optional.empty();
    }
  }
}
