package dev.raya.cli.pm.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose a file is that another process locks before the one that made it does. */
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
}
