package dev.raya.registry.storage;

import dev.raya.cache.disk.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The static tree as files of one directory. */
public final class DirectoryStaticTree implements StaticTree {
  private final Path root;

  /** Takes the directory, which is there. */
  public DirectoryStaticTree(Path root) {
    this.root = root;
  }

  @Override
  public void put(String path, byte[] bytes) throws IOException {
    Path file = resolve(path);
    makeFolder(parent(file));
    AtomicFile.write(file, bytes);
  }

  @Override
  public Optional<byte[]> read(String path) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(resolve(path)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<FileState> state(String path) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(resolve(path), BasicFileAttributes.class);
      return Optional.of(
          new FileState(attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> list(String folder) throws IOException {
    Path start = resolve(folder);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(start)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .map(file -> root.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /** Makes a folder and forces each name on the way into its parent. */
  private static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = parent(folder);
    makeFolder(parent);
    Files.createDirectories(folder);
    dev.raya.cache.disk.Directories.force(parent);
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no parent");
    }
    return parent;
  }

  private Path resolve(String path) {
    Path file = root.resolve(path).normalize();
    if (!file.startsWith(root)) {
      throw new IllegalArgumentException(path + " leads out of the static tree");
    }
    return file;
  }
}
