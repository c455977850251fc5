package dev.raya.cli.pm.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others do to a file on its way: a lock before its maker's, and other bytes in it. */
final class PartialDownloadTest {
  @TempDir Path tmp = Path.of("");

  @Test
  void aFileThatAnotherLocksBeforeItsMakerIsLeftToIt() throws Exception {
    List<FileChannel> others = new ArrayList<>();
    List<Path> made = new ArrayList<>();
    PartialDownload.Opening raced =
        own -> {
          made.add(own);
          RandomAccessFile file = new RandomAccessFile(own.toFile(), "rw");
          if (others.isEmpty()) {
            FileChannel other = FileChannel.open(own, StandardOpenOption.WRITE);
            others.add(other);
            FileLock lock = other.lock();
            assertThat(lock.isValid()).isTrue();
          }
          return file;
        };
    try (PartialDownload download =
        PartialDownload.make(tmp, Digest.of(new byte[0]).hex(), raced)) {
      assertThat(made).hasSize(2).doesNotHaveDuplicates();
      Path whole = download.finished();
      assertThat(String.valueOf(whole.getFileName()))
          .endsWith(String.valueOf(made.get(1).getFileName()));
      assertThat(made.getFirst()).exists();
    }
    others.getFirst().close();
  }

  @Test
  void aFileThatIsChangedOnItsWayIsNotPassedOn() throws Exception {
    try (TestRegistry registry = TestRegistry.start(1)) {
      TestPackage.Archive archive =
          registry.publish(TestPackage.of("big", "1.0.0").padded(2_000_000));
      Digest digest = archive.facts().checksum();
      Pm pm = Pm.in(tmp.resolve("user")).at(registry).project("big = \"^1.0\"");
      try (Session session = pm.session()) {
        HttpBlobSource blobs =
            new HttpBlobSource(session.registry(), tmp, archive.bytes().length, Runnable::run);
        LongConsumer damage = arrived -> changeFirstByte();
        assertThatThrownBy(() -> blobs.fetchAsItLies(digest, "big", archive.bytes().length, damage))
            .isInstanceOf(CommandException.class)
            .hasMessageContaining("RAYA-PKG-009: big was changed on the disk");
        try (Stream<Path> left = Files.list(tmp)) {
          assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
        Path whole = blobs.fetchAsItLies(digest, "big", archive.bytes().length, arrived -> {});
        assertThat(whole).hasBinaryContent(archive.bytes());
      }
    }
  }

  @Test
  void aFileThatCannotBeReadBackIsNotLeftBehind() throws Exception {
    try (TestRegistry registry = TestRegistry.start(1)) {
      TestPackage.Archive archive = registry.publish(TestPackage.of("fmt", "1.0.0"));
      Digest digest = archive.facts().checksum();
      Pm pm = Pm.in(tmp.resolve("user")).at(registry).project("fmt = \"^1.0\"");
      Path ways = Files.createDirectory(tmp.resolve("ways"));
      try (Session session = pm.session()) {
        HttpBlobSource blobs =
            new HttpBlobSource(session.registry(), ways, archive.bytes().length, Runnable::run);
        LongConsumer damage = arrived -> foldersForFiles(ways);
        assertThatThrownBy(() -> blobs.fetchAsItLies(digest, "fmt", archive.bytes().length, damage))
            .isInstanceOf(CommandException.class)
            .hasMessageContaining("RAYA-PKG-017");
        assertThat(ways).isEmptyDirectory();
      }
    }
  }

  /** A folder opens like a file on POSIX, and fails when it is read. */
  private static void foldersForFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
        Files.createDirectory(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void changeFirstByte() {
    try (Stream<Path> files = Files.list(tmp)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.size(file) > 0) {
          try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.write('x');
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
