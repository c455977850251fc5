package dev.raya.registry.batch;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the members of a batch request, and guesses what a resolution will want next. */
final class BatchRequest {
  /** Largest blob that comes in a batch: an attestation's limit. */
  static final long MAX_BLOB = 256 << 10;

  private BatchRequest() {}

  /**
   * What a client holds of a package.
   *
   * @param bin version of its hash bin
   * @param bytes of its document
   */
  record Held(long bin, long bytes) {}

  /** Name to what the client holds of it. */
  static Map<PackageName, Held> names(JsonFields root) throws JsonException {
    Map<PackageName, Held> names = new LinkedHashMap<>();
    for (Json item : root.items("names")) {
      if (item instanceof Json.Array(List<Json> parts)
          && parts.size() == 3
          && parts.get(0) instanceof Json.Str(String text)
          && parts.get(1) instanceof Json.Int(long bin)
          && bin >= 0
          && parts.get(2) instanceof Json.Int(long held)
          && held >= 0) {
        PackageName name = PackageName.tryParse(text);
        if (name != null) {
          names.putIfAbsent(name, new Held(bin, held));
          continue;
        }
      }
      throw root.fault("names", "expected [name, bin version, bytes held]");
    }
    return names;
  }

  static List<Long> leaves(JsonFields root) throws JsonException {
    List<Long> leaves = new ArrayList<>();
    for (Json item : root.items("leaves")) {
      if (!(item instanceof Json.Int(long leaf)) || leaf < 0) {
        throw root.fault("leaves", "expected indexes of records");
      }
      leaves.add(leaf);
    }
    return leaves;
  }

  static List<Digest> blobs(JsonFields root) throws JsonException {
    List<Digest> blobs = new ArrayList<>();
    for (String hex : root.strings("blobs")) {
      if (!Digest.isHex(hex)) {
        throw root.fault("blobs", "expected 64 lower-case hexadecimal digits each");
      }
      blobs.add(new Digest(hex));
    }
    return blobs;
  }

  /**
   * What a resolution that takes the highest version of a range, as a cold one does, will ask for
   * next in this registry: names, each with the range asked for. Yanked versions and, where others
   * do, pre-releases are not what it takes.
   *
   * @param range what is asked of the package itself
   */
  static Map<PackageName, VersionRange> dependencies(IndexDocument parsed, VersionRange range) {
    IndexLine.VersionLine likely = likely(parsed, range, false);
    if (likely == null) {
      likely = likely(parsed, range, true);
    }
    Map<PackageName, VersionRange> wanted = new LinkedHashMap<>();
    if (likely != null) {
      for (PublishedDependency dependency : likely.dependencies()) {
        if (dependency.registry() == null && !dependency.optional()) {
          wanted.putIfAbsent(dependency.name(), dependency.range());
        }
      }
    }
    return wanted;
  }

  private static IndexLine.@Nullable VersionLine likely(
      IndexDocument document, VersionRange range, boolean preReleases) {
    Map<Version, IndexLine.StatusLine> statuses = document.statuses();
    IndexLine.VersionLine highest = null;
    for (IndexLine.VersionLine line : document.versions()) {
      IndexLine.StatusLine status = statuses.get(line.version());
      boolean gone = status != null && (status.yanked() || status.tombstone());
      if (!gone
          && range.matches(line.version(), preReleases)
          && (highest == null || line.version().compareTo(highest.version()) > 0)) {
        highest = line;
      }
    }
    return highest;
  }
}
