package dev.raya.cache.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryBlobStoreTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.of(HELLO);

  @TempDir Path folder;
  private DirectoryBlobStore store;

  @BeforeEach
  void open() throws IOException {
    store = new DirectoryBlobStore(folder);
  }

  private Blob put(byte[] bytes) throws IOException {
    try (BlobSink sink = store.sink(bytes.length)) {
      sink.write(bytes);
      return sink.commit();
    }
  }

  private List<Path> temporaries() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
      return files.toList();
    }
  }

  @Test
  void committedBlobIsThereUnderItsDigest() throws IOException {
    assertThat(store.find(DIGEST)).isEmpty();
    assertThat(put(HELLO)).isEqualTo(new Blob(DIGEST, 5));
    assertThat(store.find(DIGEST)).contains(new Blob(DIGEST, 5));
    assertThat(store.path(DIGEST))
        .isEqualTo(folder.resolve("sha256/2c/" + DIGEST.hex()))
        .hasBinaryContent(HELLO);
    try (InputStream in = store.open(DIGEST)) {
      assertThat(in.readAllBytes()).isEqualTo(HELLO);
    }
    assertThat(new DirectoryBlobStore(folder).find(DIGEST)).isPresent();
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void puttingTwiceKeepsTheFirst() throws IOException {
    put(HELLO);
    Object before = Files.getAttribute(store.path(DIGEST), "unix:ino");
    assertThat(put(HELLO)).isEqualTo(new Blob(DIGEST, 5));
    assertThat(Files.getAttribute(store.path(DIGEST), "unix:ino")).isEqualTo(before);
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void aFileCutShortIsHealedByPuttingAgain() throws IOException {
    put(HELLO);
    Files.write(store.path(DIGEST), new byte[] {'h'});
    put(HELLO);
    assertThat(store.path(DIGEST)).hasBinaryContent(HELLO);
  }

  @Test
  void uncommittedBytesVanish() throws IOException {
    try (BlobSink sink = store.sink(10)) {
      sink.write(HELLO);
      assertThat(sink.size()).isEqualTo(5);
    }
    assertThat(store.find(DIGEST)).isEmpty();
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void anotherDigestThanExpectedIsRefused() throws IOException {
    Digest other = Digest.of(new byte[0]);
    try (BlobSink sink = store.sink(10)) {
      sink.write(HELLO);
      assertThatThrownBy(() -> sink.commit(other))
          .isInstanceOfSatisfying(
              BlobException.Mismatch.class,
              e -> {
                assertThat(e.expected()).isEqualTo(other);
                assertThat(e.found()).isEqualTo(DIGEST);
                assertThat(e.code()).isEqualTo("RAYA-PKG-009");
              });
    }
    assertThat(store.find(DIGEST)).isEmpty();
    assertThat(store.find(other)).isEmpty();
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void moreThanAllowedIsRefused() throws IOException {
    try (BlobSink sink = store.sink(5)) {
      sink.write(HELLO);
      assertThatThrownBy(() -> sink.write(1))
          .isInstanceOfSatisfying(
              BlobException.TooLarge.class, e -> assertThat(e.limit()).isEqualTo(5));
    }
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void committingTwiceIsAFaultOfTheProgram() throws IOException {
    try (BlobSink sink = store.sink(5)) {
      sink.write(HELLO);
      sink.commit();
      assertThatThrownBy(sink::commit).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void absentBlobIsNamed() {
    assertThatThrownBy(() -> store.open(DIGEST))
        .isInstanceOf(BlobException.Absent.class)
        .hasMessage("there is no blob " + DIGEST);
  }

  @Test
  void linksInTheStoreAreNotFollowed() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), HELLO);
    Files.createDirectories(store.path(DIGEST).getParent());
    Files.createSymbolicLink(store.path(DIGEST), secret);
    assertThat(store.find(DIGEST)).isEmpty();
    assertThatThrownBy(() -> store.open(DIGEST)).isInstanceOf(IOException.class);
  }

  @Test
  void blobsAreVisitedInOrderAndDeleted() throws IOException {
    for (int i = 0; i < 40; i++) {
      put(new byte[i]);
    }
    Path stray = store.path(Digest.of(new byte[0])).resolveSibling("stray");
    Files.writeString(stray, "no blob");
    List<Blob> seen = new ArrayList<>();
    store.forEach(seen::add);
    assertThat(seen).hasSize(40).isSortedAccordingTo((a, b) -> a.digest().compareTo(b.digest()));
    store.delete(seen.getFirst().digest());
    store.delete(seen.getFirst().digest());
    assertThat(store.find(seen.getFirst().digest())).isEmpty();
  }

  @Test
  void leftoversAreSweptWhenTheyAreOld() throws IOException {
    Files.writeString(folder.resolve("tmp/blob-1.part"), "left");
    assertThat(store.sweep(Instant::now, Duration.ofHours(1))).isZero();
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
    assertThat(store.sweep(() -> tomorrow, Duration.ofHours(1))).isEqualTo(1);
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void manyWritersOfTheSameBlobsAgree() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Blob>> futures = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        byte[] bytes = new byte[50_000];
        new Random(i % 4).nextBytes(bytes);
        futures.add(threads.submit(() -> put(bytes)));
      }
      for (Future<Blob> future : futures) {
        Blob blob = future.get();
        assertThat(Digest.ofFile(store.path(blob.digest()))).isEqualTo(blob.digest());
      }
    }
    List<Blob> seen = new ArrayList<>();
    store.forEach(seen::add);
    assertThat(seen).hasSize(4);
    assertThat(temporaries()).isEmpty();
  }

  /** The contract of {@link BlobSource}, on its implementation here. */
  @Test
  void asSourceItOpensOrCompletesWithAbsent() throws Exception {
    put(HELLO);
    BlobSource source = store.source(Runnable::run);
    try (InputStream in = source.open(DIGEST).toCompletableFuture().get()) {
      assertThat(in.readAllBytes()).isEqualTo(HELLO);
    }
    assertThatThrownBy(() -> source.open(Digest.of(new byte[0])).toCompletableFuture().get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(BlobException.Absent.class);
  }
}
