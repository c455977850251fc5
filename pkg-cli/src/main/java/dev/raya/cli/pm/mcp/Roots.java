package dev.raya.cli.pm.mcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders that tools may work in. A path is inside if, with all links followed as far as it
 * exists, it lies in one of them. Immutable.
 */
public final class Roots {
  private final List<Path> folders;

  private Roots(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /**
   * Takes folders.
   *
   * @param folders existing folders, at least one; the first is where tools work unless they are
   *     told otherwise
   * @throws IOException if one is no folder
   */
  public static Roots of(List<Path> folders) throws IOException {
    List<Path> real = new ArrayList<>();
    for (Path folder : folders) {
      Path path = folder.toRealPath();
      if (!Files.isDirectory(path)) {
        throw new IOException(folder + " is no folder");
      }
      real.add(path);
    }
    return new Roots(real);
  }

  /** The folder in which a tool works that is not told where. */
  Path first() {
    return folders.getFirst();
  }

  /** The folders, for people. */
  List<String> names() {
    return folders.stream().map(Path::toString).toList();
  }

  /**
   * A path of a call.
   *
   * @param base what a relative path is relative to; lies inside
   * @param path as written
   * @throws ToolException if it lies outside
   */
  Path inside(Path base, String path) throws ToolException {
    try {
      Path written = base.resolve(path);
      Path wanted = written.normalize();
      // A link before a ".." leads elsewhere for a command that takes the path as it is written.
      if (isInside(real(wanted)) && isInside(real(written))) {
        return wanted;
      }
    } catch (InvalidPathException | IOException unreadable) {
      throw new ToolException("\"" + path + "\" cannot be read as a path");
    }
    throw new ToolException(
        "\"" + path + "\" lies outside of what this server may touch: " + names());
  }

  private boolean isInside(Path real) {
    return folders.stream().anyMatch(real::startsWith);
  }

  /** With links followed in the part that exists. */
  private static Path real(Path path) throws IOException {
    Path existing = path;
    while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return path;
    }
    int there = existing.getNameCount();
    Path real = existing.toRealPath();
    return there == path.getNameCount()
        ? real
        : real.resolve(path.subpath(there, path.getNameCount())).normalize();
  }
}
