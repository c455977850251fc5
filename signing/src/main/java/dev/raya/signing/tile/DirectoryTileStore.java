package dev.raya.signing.tile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A log's files in a folder. A group of files is written under other names, forced, renamed, and
 * the folders forced once each: three passes cost much less than each file by itself.
 */
public final class DirectoryTileStore implements TileStore {
  private static final String ARRIVING = ".new";

  private final Path root;

  /** Takes the folder, which is made with the first file. */
  public DirectoryTileStore(Path root) {
    this.root = root;
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
  public void write(Map<String, byte[]> files) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    Map<Path, Path> arriving = new LinkedHashMap<>();
    List<FileChannel> open = new ArrayList<>();
    try {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Path target = resolve(file.getKey());
        makeFolder(parent(target), folders);
        Path temporary = parent(target).resolve(target.getFileName() + ARRIVING);
        FileChannel channel =
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        open.add(channel);
        ByteBuffer buffer = ByteBuffer.wrap(file.getValue());
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        arriving.put(temporary, target);
      }
      for (FileChannel channel : open) {
        channel.force(false);
      }
    } finally {
      for (FileChannel channel : open) {
        channel.close();
      }
    }
    for (Map.Entry<Path, Path> file : arriving.entrySet()) {
      Files.move(
          file.getKey(),
          file.getValue(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      folders.add(parent(file.getValue()));
    }
    for (Path folder : folders) {
      force(folder);
    }
  }

  @Override
  public void deleteFolder(String path) throws IOException {
    Path folder = resolve(path);
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }

  private static void makeFolder(Path folder, Set<Path> changed) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path above = parent(folder);
    makeFolder(above, changed);
    Files.createDirectories(folder);
    changed.add(above);
  }

  private static void force(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
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
      throw new IllegalArgumentException(path + " leads out of the log");
    }
    return file;
  }
}
