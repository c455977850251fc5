package dev.raya.cache.store;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import java.nio.file.Path;

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
