package dev.raya.registry.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory that has lost its first root, as after a backup restored in part. */
final class MissingRootTest {
  private static final String ORIGIN = "https://registry.example";
  private static final String ROOT = "tree/tuf/1.root.json";

  @TempDir Path data = Path.of("");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void aRegistry() {
    assertThat(ceremony()).as(printed()).isZero();
  }

  private int ceremony() {
    out.reset();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new CommandLine(stream, stream, new SecureRandom(), InstantSource.system(), options -> 1)
        .run(List.of("tuf", "ceremony", "--data-dir", data.toString(), "--origin", ORIGIN));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private Map<String, Digest> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(data)) {
      all.filter(Files::isRegularFile).forEach(files::add);
    }
    Map<String, Digest> digests = new TreeMap<>();
    for (Path file : files) {
      digests.put(data.relativize(file).toString(), Digest.of(Files.readAllBytes(file)));
    }
    // Taken by whoever looks at the keys, and empty.
    digests.remove("keys.lock");
    return digests;
  }

  private void refusedAndUntouched() throws IOException {
    Map<String, Digest> before = files();
    assertThat(ceremony()).isEqualTo(1);
    assertThat(printed())
        .startsWith("error[RAYA-REG-018]: ")
        .contains(data.resolve(ROOT) + " is missing", "restore", "backup");
    assertThat(files()).isEqualTo(before);
    // The same is asked by a start.
    assertThatThrownBy(
            () ->
                RegistryRoot.ceremony(
                    new DataDirectory(data), new SecureRandom(), InstantSource.system()))
        .isInstanceOf(StorageException.RootMissing.class);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void keysStayWhenTheTreeWasNotRestored() throws Exception {
    Directories.delete(data.resolve("tree"));
    refusedAndUntouched();
    // Those on the server, where the offline ones lie elsewhere.
    Directories.delete(data.resolve("keys/offline"));
    refusedAndUntouched();
    // Of the witness alone, and those that a rotation left.
    Directories.delete(data.resolve("keys/online"));
    refusedAndUntouched();
    Files.move(data.resolve("keys/witness"), data.resolve("keys/retired"));
    refusedAndUntouched();
  }

  @Test
  void theRestoredFileIsGoneOnFrom() throws Exception {
    byte[] root = Files.readAllBytes(data.resolve(ROOT));
    Files.delete(data.resolve(ROOT));
    refusedAndUntouched();
    Files.write(data.resolve(ROOT), root);
    assertThat(ceremony()).isEqualTo(1);
    assertThat(printed()).contains("there is a root in");
  }

  @Test
  void aTreeThatWasServedIsNotGivenAnotherRoot() throws Exception {
    Files.delete(data.resolve(ROOT));
    Directories.delete(data.resolve("keys"));
    Files.createDirectories(data.resolve("keys"));
    refusedAndUntouched();
  }

  @Test
  void aSignerThatSignedBeforeIsNotGivenAnotherRoot() throws Exception {
    Directories.delete(data.resolve("tree"));
    Directories.delete(data.resolve("keys"));
    Files.createDirectories(data.resolve("keys"));
    Path memory = Files.createDirectories(data.resolve("signer"));
    Files.writeString(memory.resolve("tree"), "7");
    refusedAndUntouched();
  }

  @Test
  void aCeremonyThatIsMarkedAsUnfinishedDoesNotGoOnBesideWhatWasPublished() throws Exception {
    Files.delete(data.resolve(ROOT));
    Files.writeString(data.resolve("keys/ceremony"), "");
    refusedAndUntouched();
  }

  @Test
  void noMarkIsLeftByACeremonyThatEnded() throws Exception {
    Path mark = data.resolve("keys/ceremony");
    assertThat(mark).doesNotExist();
    // As if killed between the root and the end.
    Files.writeString(mark, "");
    assertThat(ceremony()).isEqualTo(1);
    assertThat(mark).doesNotExist();
  }
}
