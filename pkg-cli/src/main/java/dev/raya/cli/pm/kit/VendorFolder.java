package dev.raya.cli.pm.kit;

import dev.raya.cache.archive.Content;
import dev.raya.cache.disk.Directories;
import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Writes a kit as a folder that is kept with the project's sources. Files that have not changed are
 * not touched, new ones appear by one rename each, the head last; what the kit no longer holds goes
 * then. A kill in between leaves a folder whose files are all good, only not all of them.
 */
public final class VendorFolder {
  private static final Set<String> OWN =
      Set.of("packages", "libraries", "registries", KitLayout.HEAD, KitLayout.LOCKFILE);

  private VendorFolder() {}

  /**
   * What was written.
   *
   * @param written files made or replaced
   * @param removed files that went
   */
  public record Written(int written, int removed) {}

  /**
   * Writes the folder.
   *
   * @param files of the kit
   * @throws CommandException if something else lies in the folder
   * @throws IOException if it cannot be written
   */
  public static Written write(Path folder, SortedMap<String, Content> files)
      throws CommandException, IOException {
    requireOwn(folder);
    Files.createDirectories(folder);
    int written = 0;
    for (String path : files.keySet()) {
      if (!path.equals(KitLayout.HEAD) && file(folder, path, files.get(path))) {
        written++;
      }
    }
    Content head = files.get(KitLayout.HEAD);
    if (head != null && file(folder, KitLayout.HEAD, head)) {
      written++;
    }
    return new Written(written, removeOthers(folder, files.keySet()));
  }

  private static void requireOwn(Path folder) throws CommandException, IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandException("RAYA-CLI-001", folder + " is not a folder");
    }
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        String name = String.valueOf(child.getFileName());
        if (!OWN.contains(name) && !name.startsWith(".")) {
          throw new CommandException(
              "RAYA-CLI-001",
              folder + " holds something else, " + name,
              "name another folder: raya-pm vendor DIR");
        }
      }
    }
  }

  private static boolean file(Path folder, String path, Content content) throws IOException {
    Path file = folder.resolve(path);
    if (same(file, content)) {
      return false;
    }
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path made = Files.createTempFile(parent, ".new-", "");
    try {
      try (InputStream in = content.open()) {
        Files.copy(in, made, StandardCopyOption.REPLACE_EXISTING);
      }
      if (made.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("r--r--r--"));
      }
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } finally {
      Files.deleteIfExists(made);
    }
  }

  private static boolean same(Path file, Content content) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) != content.size()) {
      return false;
    }
    try (InputStream one = Files.newInputStream(file);
        InputStream other = content.open()) {
      byte[] left = new byte[1 << 16];
      byte[] right = new byte[1 << 16];
      while (true) {
        int n = one.readNBytes(left, 0, left.length);
        int m = other.readNBytes(right, 0, right.length);
        if (n != m || !java.util.Arrays.equals(left, 0, n, right, 0, m)) {
          return false;
        }
        if (n == 0) {
          return true;
        }
      }
    }
  }

  private static int removeOthers(Path folder, Set<String> kept) throws IOException {
    Set<Path> others = new TreeSet<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
            String name = String.valueOf(visited.getFileName());
            return !visited.equals(folder) && name.startsWith(".")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String path = folder.relativize(file).toString().replace('\\', '/');
            if (!kept.contains(path) && path.indexOf('/') > 0) {
              others.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    for (Path other : others) {
      Files.deleteIfExists(other);
      Path parent = other.getParent();
      if (parent != null && !parent.equals(folder) && isEmpty(parent)) {
        Directories.delete(parent);
      }
    }
    return others.size();
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.findAny().isEmpty();
    }
  }
}
