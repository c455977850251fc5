package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.project.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are written whole or not at all, and what is said of those that cannot be. */
final class FailedFilesTest {
  @TempDir Path folder = Path.of("");

  private static String text(IOException failure) {
    return String.valueOf(Failure.of(failure).getMessage());
  }

  @Test
  void failuresOfTheFileSystemSayMoreThanAPath() {
    assertThat(text(new DirectoryNotEmptyException("a/b")))
        .contains("a/b is a folder with something in it");
    assertThat(text(new FileSystemLoopException("a/b")))
        .contains("a/b is a link that leads back to itself");
    assertThat(text(new FileSystemException("a/b"))).contains("FileSystemException: a/b");
    assertThat(text(new FileSystemException("a/b", null, "No space left on device")))
        .contains("a/b: No space left on device")
        .doesNotContain("Exception");
  }

  @Test
  void whatAProcessWithTheSameNumberIsWritingIsLeftAlone() throws IOException {
    Path others =
        folder.resolve(
            ".file."
                + ProcessHandle.current().pid()
                + "-"
                + Thread.currentThread().threadId()
                + ".tmp");
    Files.writeString(others, "begun in another container");
    AtomicFiles.write(folder.resolve("file"), "mine".getBytes(StandardCharsets.UTF_8));
    assertThat(others).hasContent("begun in another container");
    assertThat(folder.resolve("file")).hasContent("mine");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }
}
