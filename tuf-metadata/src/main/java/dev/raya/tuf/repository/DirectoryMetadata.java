package dev.raya.tuf.repository;

import dev.raya.cache.disk.AtomicFile;
import dev.raya.cache.disk.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Metadata files in a folder, which is made with the first one. */
public final class DirectoryMetadata implements MetadataFiles {
  private static final String ARRIVING = ".same";

  private final Path folder;

  /** Takes the folder. */
  public DirectoryMetadata(Path folder) {
    this.folder = folder;
  }

  @Override
  public Optional<byte[]> read(String name) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    Files.createDirectories(folder);
    AtomicFile.write(resolve(name), content);
  }

  /**
   * One file is written, the others are links to it: 4 096 files cost little more than one. Where
   * the file system has no links, they are copies.
   */
  @Override
  public void writeSame(List<String> names, byte[] content) throws IOException {
    if (names.isEmpty()) {
      return;
    }
    write(names.getFirst(), content);
    Path first = resolve(names.getFirst());
    Path arriving = folder.resolve(ARRIVING);
    boolean links = true;
    for (String name : names.subList(1, names.size())) {
      Path target = resolve(name);
      Files.deleteIfExists(arriving);
      if (links) {
        try {
          Files.createLink(arriving, first);
        } catch (UnsupportedOperationException | IOException e) {
          links = false;
        }
      }
      if (!links) {
        write(name, content);
        continue;
      }
      // A rename over another link to the same file does nothing, and leaves the first name.
      Files.move(
          arriving, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.deleteIfExists(arriving);
    Directories.force(folder);
  }

  @Override
  public List<String> names() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json") && !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  @Override
  public Optional<Instant> written(String name) throws IOException {
    try {
      return Optional.of(Files.getLastModifiedTime(resolve(name)).toInstant());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(resolve(name));
  }

  private Path resolve(String name) {
    if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("no name of a metadata file: " + name);
    }
    return folder.resolve(name);
  }
}
