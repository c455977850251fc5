package dev.raya.toolchain.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of whole folders: copied, with what they allow, and listed; links are never followed.
 */
final class FolderFiles {
  private FolderFiles() {}

  static void copy(Path from, Path to) throws IOException {
    for (Path source : files(from)) {
      Path target = to.resolve(from.relativize(source).toString());
      Files.createDirectories(target.toAbsolutePath().getParent());
      Files.copy(source, target);
    }
  }

  /** The regular files below a folder, sorted by path. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    }
  }
}
