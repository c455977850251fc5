package dev.raya.registry.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.repository.MetadataFiles;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A rotation that a kill cuts off: after each of its steps, at each write of metadata, between two
 * keys. Whatever it leaves, ending it gives a repository that a client follows which knows the
 * first root, and the former keys sign nothing.
 */
final class RotationTest {
  private static final String DOCUMENT = "index/3f/a2/logging";
  private static final Role.TargetFile FILE =
      new Role.TargetFile(3, Map.of("sha256", "0".repeat(64)));
  private static final int MOST_WRITES = 40;

  @TempDir Path folder;

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock = InstantSource.system();
  private DataDirectory directory = new DataDirectory(Path.of("").toAbsolutePath());
  private MetadataFiles metadata = new MemoryMetadata();
  private Ceremony held = new Ceremony(directory, metadata);

  /** Each rotation signs 4 096 bins anew, so that only some of the cases write them to a disk. */
  private void ceremony(boolean onDisk) throws Exception {
    Path data = folder.resolve("data");
    held = onDisk ? Ceremony.in(data) : Ceremony.in(data, metadata);
    directory = held.directory();
    metadata = held.metadata();
    held.online().publish(Map.of(DOCUMENT, FILE));
  }

  private void assertAClientFollows(String what) throws Exception {
    TufClient client = held.newClient(folder.resolve("client"));
    assertThat(client.find(DOCUMENT)).as(what).contains(FILE);
    assertThat(client.find("trust/log.policy")).as(what).isPresent();
    assertThat(client.find("claimed/00/00/none")).as(what).isEmpty();
    assertThat(client.find("advisories/osv.json")).as(what).isEmpty();
  }

  /** What the process that was killed knew is gone: everything is read from the disk. */
  private Rotation rotation(MetadataFiles files) {
    return new Rotation(directory, files, HeldKeys::open, random, clock);
  }

  private void assertEnded(String what, RegistryRole role) throws Exception {
    TrustKeys keys = new TrustKeys(directory);
    assertThat(rotation(metadata).begun()).as(what).isEmpty();
    assertThat(keys.list(role)).as(what).hasSize(role.keys());
    assertThat(directory.keys().resolve("next").resolve(role.id())).as(what).doesNotExist();
    assertThat(new OfflineRenewal(metadata, keys, clock).isNamed(role)).as(what).isTrue();
    assertAClientFollows(what);
  }

  @Test
  void isEndedAfterAKillAtAnyStep() throws Exception {
    ceremony(true);
    killAtEachStep(RegistryRole.ROOT);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource(RegistryRole.class)
  void isEndedAfterAKillAtAnyStepWhateverTheRole(RegistryRole role) throws Exception {
    ceremony(true);
    killAtEachStep(role);
  }

  private void killAtEachStep(RegistryRole role) throws Exception {
    int steps = 0;
    boolean more = true;
    while (more) {
      Rotation cut = rotation(metadata);
      if (cut.begun().isEmpty()) {
        cut.begin(role);
      }
      more = false;
      for (int i = 0; i <= steps; i++) {
        more = cut.step();
      }
      steps++;
      String what = role + " after step " + steps;
      assertThat(rotation(metadata).canFinish()).as(what).isTrue();
      rotation(metadata).finish();
      assertEnded(what, role);
    }
    assertThat(steps).isGreaterThanOrEqualTo(5);
  }

  /** Half of the keys, half of the move. */
  @Test
  void isEndedAfterAKillWithinAStep() throws Exception {
    ceremony(true);
    RegistryRole role = RegistryRole.TARGETS;
    rotation(metadata).begin(role);
    rotation(metadata).step();
    Path next = directory.keys().resolve("next").resolve(role.id());
    try (Stream<Path> keys = Files.list(next)) {
      Files.delete(keys.findFirst().orElseThrow());
    }
    rotation(metadata).finish();
    assertEnded("one key of three", role);
  }

  /** Killed instead of the write, and right after it. */
  private static final class CutOff extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final class Killing implements MetadataFiles {
    private final boolean after;
    private int left;

    Killing(int writes, boolean after) {
      this.left = writes;
      this.after = after;
    }

    private void write(Write write) throws IOException {
      if (left-- > 0) {
        write.run();
        return;
      }
      if (after) {
        write.run();
      }
      throw new CutOff();
    }

    private interface Write {
      void run() throws IOException;
    }

    @Override
    public Optional<byte[]> read(String name) throws IOException {
      return metadata.read(name);
    }

    @Override
    public void write(String name, byte[] content) throws IOException {
      write(() -> metadata.write(name, content));
    }

    @Override
    public void writeSame(List<String> names, byte[] content) throws IOException {
      write(() -> metadata.writeSame(after ? names : names.subList(0, names.size() / 2), content));
    }

    @Override
    public List<String> names() throws IOException {
      return metadata.names();
    }

    @Override
    public Optional<Instant> written(String name) throws IOException {
      return metadata.written(name);
    }

    @Override
    public void delete(String name) throws IOException {
      metadata.delete(name);
    }
  }

  @Test
  void isEndedAfterAKillAtAnyWrite() throws Exception {
    ceremony(false);
    killAtEachWrite(RegistryRole.CLAIMED, false);
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource(RegistryRole.class)
  void isEndedAfterAKillAtAnyWriteWhateverTheRole(RegistryRole role) throws Exception {
    ceremony(true);
    killAtEachWrite(role, false);
    killAtEachWrite(role, true);
  }

  private void killAtEachWrite(RegistryRole role, boolean after) throws Exception {
    boolean cut = true;
    for (int writes = 0; cut && writes < MOST_WRITES; writes++) {
      cut = false;
      try {
        Rotation killed = rotation(new Killing(writes, after));
        killed.begin(role);
        killed.finish();
      } catch (CutOff end) {
        cut = true;
      }
      String what = role + " cut off at write " + writes + (after ? ", written" : "");
      rotation(metadata).finish();
      assertThat(rotation(metadata).begun()).as(what).isEmpty();
      assertAClientFollows(what);
      held.online().prune();
    }
    assertThat(cut).as("fewer writes than " + MOST_WRITES).isFalse();
  }

  @Test
  void withoutTheOfflineKeysTheFormerOnesGoOnAsLongAsNothingNamesTheNewOnes() throws Exception {
    ceremony(false);
    RegistryRole role = RegistryRole.TIMESTAMP;
    rotation(metadata).begin(role);
    rotation(metadata).step();
    Path offline = new TrustKeys(directory).offline();
    Path away = folder.resolve("away");
    Files.move(offline, away, StandardCopyOption.ATOMIC_MOVE);
    assertThat(rotation(metadata).canFinish()).isFalse();
    assertThatThrownBy(() -> rotation(metadata).finish()).isInstanceOf(StorageException.class);
    assertAClientFollows("under the former keys");
    Files.move(away, offline, StandardCopyOption.ATOMIC_MOVE);
    rotation(metadata).step();
    Files.move(offline, away, StandardCopyOption.ATOMIC_MOVE);
    // The root names the new key: it must be used, and no offline key is needed for that.
    assertThat(rotation(metadata).canFinish()).isTrue();
    rotation(metadata).finish();
    assertEnded("named before the keys went away", role);
  }
}
