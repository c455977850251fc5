package dev.raya.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private long count() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void writesAndReplacesLeavingNothingBeside() throws IOException {
    Path file = folder.resolve("raya.lock");
    AtomicFile.write(file, bytes("one"));
    AtomicFile.write(file, bytes("two"));
    assertThat(file).hasContent("two");
    assertThat(mode(file)).isEqualTo("rw-r--r--");
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void privateFilesAreTheOwnersAlone() throws IOException {
    Path file = folder.resolve("credentials.toml");
    AtomicFile.writePrivate(file, bytes("secret"));
    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void aFailureKeepsTheFormerFile() throws IOException {
    Path occupied = Files.createDirectory(folder.resolve("d"));
    Files.writeString(occupied.resolve("x"), "x");
    assertThatThrownBy(() -> AtomicFile.write(occupied, bytes("y")))
        .isInstanceOf(IOException.class);
    assertThat(occupied.resolve("x")).hasContent("x");
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void treesAreDeletedWithoutFollowingLinks() throws IOException {
    Path kept = Files.writeString(Files.createDirectory(folder.resolve("kept")).resolve("f"), "f");
    Path tree = Files.createDirectories(folder.resolve("tree/sub"));
    Files.createSymbolicLink(tree.resolve("link"), kept.getParent());
    Directories.delete(folder.resolve("tree"));
    Directories.delete(folder.resolve("tree"));
    assertThat(folder.resolve("tree")).doesNotExist();
    assertThat(kept).exists();
  }
}
