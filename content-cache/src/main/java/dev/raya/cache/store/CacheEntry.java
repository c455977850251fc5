package dev.raya.cache.store;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One entry of the cache, and what its {@code entry.json} says was checked when it was put there.
 *
 * @param folder where it lies
 * @param checksum SHA-256 of the archive's bytes, or of the library's
 * @param size count of those bytes
 * @param tree digest of the unpacked files
 * @param source where it came from, spelled as in the lockfile ({@code registry+ORIGIN}, …)
 */
public record CacheEntry(Path folder, Digest checksum, long size, Digest tree, String source) {
  /** The record's name in an entry's folder. */
  public static final String FILE = "entry.json";

  private static final String SCHEMA = "raya/entry/1";

  /** A file of the entry, such as {@code module.rbin}. */
  public Path file(String path) {
    return folder.resolve(path);
  }

  /**
   * The digest of each file that came from the archive, every file read anew.
   *
   * @throws IOException if one cannot be read
   */
  public SortedMap<String, Digest> files() throws IOException {
    SortedMap<String, Digest> files = new TreeMap<>();
    List<Path> found;
    try (Stream<Path> walk = Files.walk(folder)) {
      found = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : found) {
      String path = folder.relativize(file).toString().replace('\\', '/');
      if (!path.equals(FILE) && !path.equals(PackageCache.PROOF)) {
        files.put(path, Digest.ofFile(file));
      }
    }
    return files;
  }

  byte[] toJson() {
    return CanonicalJson.bytes(
        Json.object()
            .put("schema", SCHEMA)
            .put("checksum", checksum.toString())
            .put("size", size)
            .put("tree", tree.toString())
            .put("source", source)
            .build());
  }

  static CacheEntry fromJson(Path folder, Json json) throws JsonException {
    JsonFields fields = JsonFields.root(json);
    if (!fields.string("schema").equals(SCHEMA)) {
      throw fields.fault("schema", "expected \"" + SCHEMA + '"');
    }
    return new CacheEntry(
        folder,
        digest(fields, "checksum"),
        fields.integer("size"),
        digest(fields, "tree"),
        fields.string("source"));
  }

  private static Digest digest(JsonFields fields, String name) throws JsonException {
    try {
      return Digest.parse(fields.string(name));
    } catch (IllegalArgumentException e) {
      throw fields.fault(name, String.valueOf(e.getMessage()));
    }
  }
}
