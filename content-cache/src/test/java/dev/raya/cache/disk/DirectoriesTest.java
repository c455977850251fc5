package dev.raya.cache.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoriesTest {
  @TempDir Path folder;

  @Test
  void copiesMayBeWrittenThoughTheFilesMayNot() throws Exception {
    Path from = Files.createDirectories(folder.resolve("from"));
    Files.createDirectories(from.resolve("src/empty"));
    Path file = Files.writeString(from.resolve("src/a.raya"), "export const a = 1;\n");
    assertThat(file.toFile().setWritable(false)).isTrue();
    Path to = folder.resolve("to");
    Directories.copy(from, to);
    assertThat(to.resolve("src/empty")).isDirectory();
    Path copy = to.resolve("src/a.raya");
    assertThat(copy).hasSameTextualContentAs(file);
    assertThat(copy.toFile().canWrite()).isTrue();
    Directories.delete(from);
    assertThat(from).doesNotExist();
    assertThat(copy).exists();
  }
}
