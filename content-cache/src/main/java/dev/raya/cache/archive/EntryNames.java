package dev.raya.cache.archive;

import java.util.HashMap;
import java.util.Map;

/**
 * The names seen so far in one archive, to find the ones that would meet on some file system.
 * Parents count as directories whether or not they have an entry. Only looked up, never iterated.
 */
final class EntryNames {
  private enum Kind {
    FILE,
    DIRECTORY,
    PARENT
  }

  private record Seen(String spelling, Kind kind) {}

  private final Map<String, Seen> byFolded = new HashMap<>();
  private final int limit;
  private int count;

  EntryNames(int limit) {
    this.limit = limit;
  }

  /**
   * Takes the next entry's path, without trailing slash.
   *
   * @throws ArchiveException if the name is refused, collides, or is one too many
   */
  void add(String path, boolean directory) throws ArchiveException {
    if (++count > limit) {
      throw new ArchiveException(path, "an archive has at most " + limit + " entries");
    }
    EntryName.check(path);
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      put(path, path.substring(0, slash), Kind.PARENT);
    }
    put(path, path, directory ? Kind.DIRECTORY : Kind.FILE);
  }

  private void put(String entry, String path, Kind kind) throws ArchiveException {
    Seen seen = byFolded.putIfAbsent(EntryName.fold(path), new Seen(path, kind));
    if (seen == null) {
      return;
    }
    if (seen.kind() == Kind.FILE && kind == Kind.PARENT) {
      throw new ArchiveException(entry, "it lies below the file \"" + seen.spelling() + '"');
    }
    if (!seen.spelling().equals(path)) {
      throw new ArchiveException(
          entry, "its name differs only in case from \"" + seen.spelling() + '"');
    }
    if (kind == Kind.FILE || seen.kind() == Kind.FILE) {
      throw new ArchiveException(entry, "its name is taken by an entry before it");
    }
    if (kind == Kind.DIRECTORY) {
      if (seen.kind() == Kind.DIRECTORY) {
        throw new ArchiveException(entry, "its name is taken by an entry before it");
      }
      byFolded.put(EntryName.fold(path), new Seen(path, Kind.DIRECTORY));
    }
  }
}
