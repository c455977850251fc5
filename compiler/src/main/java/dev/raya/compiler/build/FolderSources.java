package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.StaleSourceException;
import dev.raya.resolver.manifest.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The sources below a folder, each read once. Owned by one thread at a time. */
final class FolderSources implements SourceTree {
  private static final int MAX_NAMES = 5_000;
  private static final int MAX_DEPTH = 16;

  private final Path root;
  private final @Nullable CheckRecords records;
  private final Map<String, SourceFile> known = new HashMap<>();
  private @Nullable List<String> names;

  /**
   * The sources below a folder.
   *
   * @param records what is known of files as they lie there, or null; see {@link
   *     SourceTree#folder(Path, CheckRecords)}
   */
  FolderSources(Path root, @Nullable CheckRecords records) {
    this.root = root;
    this.records = records;
  }

  @Override
  public @Nullable SourceFile file(String name) {
    SourceFile file = known.get(name);
    if (file == null) {
      file = find(name, root.resolve(name).normalize());
      if (file != null) {
        known.put(name, file);
      }
    }
    return file;
  }

  private @Nullable SourceFile find(String name, Path place) {
    FileStamp stamp = records == null ? null : FileStamp.of(place);
    if (records == null || stamp == null) {
      byte[] bytes = read(place);
      return bytes == null ? null : SourceFile.of(name, bytes);
    }
    Digest content = records.content(name, stamp);
    if (content != null) {
      return SourceFile.promised(name, content, () -> promised(place, name, content));
    }
    byte[] bytes = read(place);
    if (bytes == null) {
      return null;
    }
    SourceFile file = SourceFile.of(name, bytes);
    records.noteRead(file, stamp.equals(FileStamp.of(place)) ? stamp : null);
    return file;
  }

  private static String promised(Path place, String name, Digest content) {
    byte[] bytes = read(place);
    if (bytes == null || !Digest.of(bytes).equals(content)) {
      throw new StaleSourceException(name);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte @Nullable [] read(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + " is longer than " + MAX_BYTES + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a project the files below it, but for hidden folders and projects inside; else its own. */
  @Override
  public List<String> names() {
    List<String> all = names;
    if (all == null) {
      all = List.copyOf(list(MAX_NAMES, MAX_DEPTH));
      names = all;
    }
    return all;
  }

  @Override
  public List<String> allNames() {
    return List.copyOf(list(Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  @Override
  public boolean isPackage() {
    return Files.isRegularFile(root.resolve(Manifest.FILE_NAME));
  }

  private Set<String> list(int maxNames, int maxDepth) {
    Set<String> found = new TreeSet<>();
    SimpleFileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root)
                    || !String.valueOf(folder.getFileName()).startsWith(".")
                        && !Files.exists(folder.resolve(Manifest.FILE_NAME))
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && file.toString().endsWith(".raya")) {
              found.add(root.relativize(file).toString().replace('\\', '/'));
            }
            return found.size() < maxNames ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            return FileVisitResult.CONTINUE; // what cannot be read proposes nothing
          }
        };
    try {
      Files.walkFileTree(
          root,
          EnumSet.noneOf(java.nio.file.FileVisitOption.class),
          isPackage() ? maxDepth : 1,
          visitor);
    } catch (IOException unreadable) {
      return found;
    }
    return found;
  }
}
