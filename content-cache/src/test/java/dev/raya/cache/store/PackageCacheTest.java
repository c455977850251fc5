package dev.raya.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.archive.ArchiveException;
import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.digest.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackageCacheTest {
  private static final Sample SAMPLE = Sample.of(1);
  private static final Digest CHECKSUM = SAMPLE.expected().facts().checksum();

  @TempDir Path folder;
  private RayaHome home;
  private PackageCache cache;

  @BeforeEach
  void open() throws IOException {
    home = new RayaHome(folder.resolve("home")).prepare();
    cache = new PackageCache(home);
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** The cache's invariant: no leftovers, nothing but whole entries. */
  private void assertNothingIsThere() throws IOException {
    assertThat(children(home.cache())).isEmpty();
    assertThat(children(home.tmp())).isEmpty();
  }

  private static void overwrite(Path file, byte[] bytes) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.write(file, bytes);
  }

  @Test
  void whatWasPutIsThereReadOnlyWithItsRecord() throws IOException {
    CacheEntry entry = SAMPLE.putInto(cache);
    assertThat(cache.get(CHECKSUM)).contains(entry);
    assertThat(entry.folder()).isEqualTo(home.cache().resolve(CHECKSUM.hex()));
    ArchiveFacts facts = SAMPLE.expected().facts();
    assertThat(entry.file("entry.json"))
        .hasContent(
            "{\"checksum\":\"%s\",\"schema\":\"raya/entry/1\",\"size\":%d,\"source\":\"%s\",\"tree\":\"%s\"}"
                .formatted(facts.checksum(), facts.size(), Sample.SOURCE, facts.tree()));
    for (String file : new String[] {"module.rbin", "files/a/b", "entry.json"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry.file(file))))
          .isEqualTo("r--r--r--");
    }
    cache.verify(entry);
    assertThat(children(home.tmp())).isEmpty();
  }

  @Test
  void puttingAgainReadsAndWritesNothing() throws IOException {
    CacheEntry entry = SAMPLE.putInto(cache);
    InputStream unread =
        new InputStream() {
          @Override
          public int read() {
            throw new IllegalStateException("was read");
          }
        };
    assertThat(cache.put(unread, SAMPLE.expected(), "registry+https://other.example"))
        .isEqualTo(entry);
  }

  @Test
  void wrongChecksumIsFoundBeforeAnythingIsUnpacked() throws IOException {
    byte[] tampered = SAMPLE.archive().clone();
    tampered[tampered.length / 2] ^= 1;
    assertThatThrownBy(
            () -> cache.put(new ByteArrayInputStream(tampered), SAMPLE.expected(), Sample.SOURCE))
        .isInstanceOfSatisfying(
            CacheException.Mismatch.class,
            e -> {
              assertThat(e.code()).isEqualTo("RAYA-PKG-009");
              assertThat(e.expected()).isEqualTo(CHECKSUM);
              assertThat(e.found()).isEqualTo(Digest.of(tampered));
            });
    assertNothingIsThere();
  }

  @Test
  void truncatedAndOverlongDownloadsAreRefused() throws IOException {
    byte[] archive = SAMPLE.archive();
    InputStream cut = new ByteArrayInputStream(archive, 0, archive.length - 1);
    assertThatThrownBy(() -> cache.put(cut, SAMPLE.expected(), Sample.SOURCE))
        .isInstanceOf(CacheException.Mismatch.class);
    InputStream more =
        new java.io.SequenceInputStream(
            SAMPLE.stream(), new ByteArrayInputStream(new byte[1_000_000]));
    assertThatThrownBy(() -> cache.put(more, SAMPLE.expected(), Sample.SOURCE))
        .isInstanceOf(CacheException.Mismatch.class);
    assertThat(more.available()).as("what follows was not read to its end").isPositive();
    assertNothingIsThere();
  }

  @Test
  void wrongTreeNameOrVersionIsRefused() throws IOException {
    ArchiveFacts facts = SAMPLE.expected().facts();
    Digest other = Digest.of(new byte[0]);
    ExpectedPackage tree =
        new ExpectedPackage("p1", "1.0.0", new ArchiveFacts(facts.checksum(), facts.size(), other));
    assertThatThrownBy(() -> cache.put(SAMPLE.stream(), tree, Sample.SOURCE))
        .isInstanceOfSatisfying(
            CacheException.Mismatch.class,
            e -> assertThat(e.getMessage()).startsWith("tree: expected " + other));
    ExpectedPackage name = new ExpectedPackage("p2", "1.0.0", facts);
    assertThatThrownBy(() -> cache.put(SAMPLE.stream(), name, Sample.SOURCE))
        .isInstanceOf(ArchiveException.class);
    ExpectedPackage size =
        new ExpectedPackage(
            "p1", "1.0.0", new ArchiveFacts(facts.checksum(), facts.size() + 1, facts.tree()));
    assertThatThrownBy(() -> cache.put(SAMPLE.stream(), size, Sample.SOURCE))
        .hasMessageContaining("expected " + size.facts().size() + " bytes");
    assertNothingIsThere();
  }

  @Test
  void refusedArchiveLeavesNothing() throws IOException {
    byte[] junk = "no archive".getBytes(StandardCharsets.UTF_8);
    ArchiveFacts facts =
        new ArchiveFacts(Digest.of(junk), junk.length, SAMPLE.expected().facts().tree());
    assertThatThrownBy(
            () ->
                cache.put(
                    new ByteArrayInputStream(junk),
                    new ExpectedPackage("p1", "1.0.0", facts),
                    Sample.SOURCE))
        .isInstanceOf(ArchiveException.class);
    assertNothingIsThere();
  }

  @Test
  void oneChangedByteIsFoundAndTheEntryComesBack() throws IOException {
    CacheEntry entry = SAMPLE.putInto(cache);
    byte[] code = Files.readAllBytes(entry.file("module.rbin"));
    code[17] ^= 1;
    overwrite(entry.file("module.rbin"), code);
    assertThatThrownBy(() -> cache.verify(entry))
        .isInstanceOfSatisfying(
            CacheException.Damaged.class,
            e -> {
              assertThat(e.code()).isEqualTo("RAYA-PKG-015");
              assertThat(e.entry()).isEqualTo(CHECKSUM);
              assertThat(e.movedTo()).isDirectory().startsWith(home.tmp().resolve("damaged"));
              assertThat(e.getMessage()).contains("expected tree " + entry.tree());
            });
    assertThat(cache.get(CHECKSUM)).isEmpty();
    cache.verify(SAMPLE.putInto(cache));
  }

  @Test
  void everyKindOfDamageIsFound() throws IOException {
    List<Damage> damages =
        List.of(
            entry -> Files.delete(entry.file("module.rdef")),
            entry -> Files.writeString(entry.file("extra"), "x"),
            entry -> Files.move(entry.file("files/c"), entry.file("files/d")),
            entry -> overwrite(entry.file("files/c"), new byte[0]),
            entry -> {
              Path moved = Files.move(entry.file("files/c"), folder.resolve("outside"));
              Files.createSymbolicLink(entry.file("files/c"), moved);
            },
            entry -> {
              Path moved = Files.move(entry.file("files"), folder.resolve("outside-folder"));
              Files.createSymbolicLink(entry.file("files"), moved);
            },
            entry -> overwrite(entry.file("entry.json"), new byte[] {'{'}),
            entry -> Files.delete(entry.file("entry.json")));
    for (Damage damage : damages) {
      CacheEntry entry = SAMPLE.putInto(cache);
      Sample.of(2).putInto(cache);
      damage.to(entry);
      assertThat(cache.verifyAll()).extracting(e -> e.entry()).containsExactly(CHECKSUM);
      assertThat(cache.verifyAll()).isEmpty();
      assertThat(cache.list()).hasSize(1);
    }
  }

  private interface Damage {
    void to(CacheEntry entry) throws IOException;
  }

  @Test
  void aFolderWithoutRecordDoesNotBlockItsEntry() throws IOException {
    Path stray = Files.createDirectory(cache.folder(CHECKSUM));
    Files.writeString(stray.resolve("module.rbin"), "x");
    assertThat(cache.get(CHECKSUM)).isEmpty();
    cache.verify(SAMPLE.putInto(cache));
  }

  @Test
  void aLinkWhereAnEntryShouldBeIsRefused() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(cache.folder(CHECKSUM), elsewhere);
    assertThatThrownBy(() -> SAMPLE.putInto(cache)).isInstanceOf(CacheException.UnsafeHome.class);
    assertThatThrownBy(() -> cache.get(CHECKSUM)).isInstanceOf(CacheException.UnsafeHome.class);
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void anEntryOfAnotherChecksumIsNoEntry() throws IOException {
    CacheEntry entry = SAMPLE.putInto(cache);
    Digest other = Digest.of(new byte[0]);
    Files.move(entry.folder(), cache.folder(other));
    assertThat(cache.get(other)).isEmpty();
  }

  @Test
  void proofIsReplacedAndDoesNotCountAsContent() throws IOException {
    CacheEntry entry = SAMPLE.putInto(cache);
    assertThat(cache.proof(entry)).isEmpty();
    cache.putProof(entry, new byte[] {1});
    cache.putProof(entry, new byte[] {2, 3});
    assertThat(cache.proof(entry).map(List::of)).isPresent();
    assertThat(cache.proof(entry).orElseThrow()).containsExactly(2, 3);
    cache.verify(entry);
    assertThat(children(home.tmp())).isEmpty();
  }

  @Test
  void librariesAreEntriesOfTheirOwn() throws IOException {
    byte[] library = {0x7f, 'E', 'L', 'F'};
    Digest checksum = Digest.of(library);
    CacheEntry entry =
        cache.putLibrary(
            new ByteArrayInputStream(library), checksum, 4, "liblz4.so", Sample.SOURCE);
    assertThat(entry.file("liblz4.so")).hasBinaryContent(library);
    cache.verify(entry);
    assertThat(cache.get(checksum)).contains(entry);
    for (String name : new String[] {"../x.so", "a/b.so", "nul", ""}) {
      Digest fresh = Digest.of(name.getBytes(StandardCharsets.UTF_8));
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(
              () ->
                  cache.putLibrary(
                      new ByteArrayInputStream(bytes), fresh, bytes.length, name, Sample.SOURCE))
          .isInstanceOf(ArchiveException.class);
    }
    assertThatThrownBy(
            () ->
                cache.putLibrary(
                    new ByteArrayInputStream(library), Digest.of(new byte[0]), 4, "x.so", ""))
        .isInstanceOf(CacheException.Mismatch.class);
    assertThat(children(home.tmp())).isEmpty();
  }

  @Test
  void leftoversAreSweptWhenTheyAreOld() throws IOException {
    Files.createDirectories(home.tmp().resolve("put-1/entry/files"));
    Files.createDirectories(home.tmp().resolve("damaged/abc-1"));
    assertThat(cache.sweep(Instant::now, Duration.ofHours(1))).isZero();
    Instant later = Instant.now().plus(Duration.ofDays(1));
    assertThat(cache.sweep(() -> later, Duration.ofHours(1))).isEqualTo(2);
    assertThat(children(home.tmp())).containsExactly(home.tmp().resolve("damaged"));
  }

  @Test
  void statsCountEntriesAndBytes() throws IOException {
    assertThat(cache.stats()).isEqualTo(new CacheStats(0, 0));
    CacheEntry entry = SAMPLE.putInto(cache);
    long record = Files.size(entry.file("entry.json"));
    long metadata = Files.size(entry.file("metadata.json"));
    assertThat(cache.stats()).isEqualTo(new CacheStats(1, 12_000 + record + metadata));
  }

  @Test
  void lookingIntoAHomeThatIsNotThereFindsNothing() throws IOException {
    PackageCache none = new PackageCache(new RayaHome(folder.resolve("none")));
    assertThat(none.get(CHECKSUM)).isEqualTo(Optional.empty());
    assertThat(none.list()).isEmpty();
  }

  @Test
  void aPackageInMemoryIsInspectedAndAppearsWithItsProof() throws Exception {
    byte[] proof = "proof".getBytes(StandardCharsets.UTF_8);

    CacheEntry entry =
        cache.put(
            SAMPLE.archive(),
            SAMPLE.expected(),
            Sample.SOURCE,
            (archive, module) -> {
              assertThat(archive.name()).isEqualTo("p1");
              assertThat(module).hasSize(3000);
              return proof;
            });

    cache.verify(entry);
    assertThat(cache.proof(entry)).hasValue(proof);
    assertThat(children(home.tmp())).isEmpty();
    assertThat(
            cache.<IOException>put(
                SAMPLE.archive(), SAMPLE.expected(), Sample.SOURCE, (a, m) -> proof))
        .isEqualTo(entry);
  }

  @Test
  void aPackageInMemoryThatIsRefusedLeavesNothing() throws Exception {
    assertThatThrownBy(
            () ->
                cache.put(
                    SAMPLE.archive(),
                    SAMPLE.expected(),
                    Sample.SOURCE,
                    (archive, module) -> {
                      throw new IOException("refused");
                    }))
        .hasMessage("refused");
    assertThatThrownBy(
            () ->
                cache.<IOException>put(
                    Sample.of(2).archive(), SAMPLE.expected(), Sample.SOURCE, (a, m) -> m))
        .isInstanceOf(IOException.class);
    assertThat(children(home.cache())).isEmpty();
    assertThat(children(home.tmp())).isEmpty();
  }
}
