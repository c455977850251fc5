package dev.raya.compiler.build;

import dev.raya.compiler.source.SourceFile;
import dev.raya.resolver.manifest.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  private final Map<String, SourceFile> read = new HashMap<>();
  private @Nullable List<String> names;

  FolderSources(Path root) {
    this.root = root;
  }

  @Override
  public @Nullable SourceFile file(String name) {
    SourceFile known = read.get(name);
    if (known == null) {
      Path file = root.resolve(name).normalize();
      if (!Files.isRegularFile(file)) {
        return null;
      }
      try {
        if (Files.size(file) > MAX_BYTES) {
          throw new IOException(file + " is longer than " + MAX_BYTES + " bytes");
        }
        known = SourceFile.of(name, Files.readAllBytes(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      read.put(name, known);
    }
    return known;
  }

  /** Of a project the files below it, but for hidden folders and projects inside; else its own. */
  @Override
  public List<String> names() {
    List<String> known = names;
    if (known == null) {
      known = List.copyOf(list());
      names = known;
    }
    return known;
  }

  private Set<String> list() {
    Set<String> found = new TreeSet<>();
    boolean project = Files.isRegularFile(root.resolve(Manifest.FILE_NAME));
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
            return found.size() < MAX_NAMES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
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
          project ? MAX_DEPTH : 1,
          visitor);
    } catch (IOException unreadable) {
      return found;
    }
    return found;
  }
}
