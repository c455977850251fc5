package dev.raya.cli.pm.rebuild;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveVisitor;
import dev.raya.cache.archive.PackageArchive;
import dev.raya.cache.archive.TreeDigest;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cli.pm.publish.Packed;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.metadata.NativeBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A published version beside what was built again: first the archive's bytes, then, since another
 * release of the compressor writes other bytes, the files.
 *
 * @param outcome what came of it
 * @param published facts of the published archive
 * @param rebuilt facts of the archive built here
 * @param differences files and native libraries that are not the same, sorted
 */
public record Comparison(
    Outcome outcome, ArchiveFacts published, ArchiveFacts rebuilt, List<Difference> differences) {
  /** Files that the cache puts beside those of the archive. */
  /** What came of a comparison. */
  public enum Outcome {
    /** The archives have the same bytes. */
    IDENTICAL("identical"),
    /** The files are the same, and were compressed otherwise. */
    SAME_CONTENT("same-content"),
    /** Files differ. */
    DIFFERENT("different");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    /** The word in documents. */
    public String word() {
      return word;
    }
  }

  /**
   * A file that is not the same on both sides.
   *
   * @param path in the archive; of a native library {@code native:MODULE TARGET}
   * @param published digest of the published one, or null if there is none
   * @param rebuilt digest of the one built here, or null if there is none
   */
  public record Difference(String path, @Nullable Digest published, @Nullable Digest rebuilt) {
    /** What is different, in a word. */
    public String word() {
      return published == null ? "added" : rebuilt == null ? "missing" : "changed";
    }

    /** As an object. */
    public Json json() {
      return Json.object()
          .put("path", path)
          .put("change", word())
          .putUnlessEmpty("published", published == null ? null : published.hex())
          .putUnlessEmpty("rebuilt", rebuilt == null ? null : rebuilt.hex())
          .build();
    }
  }

  /** Copies the list. */
  public Comparison {
    differences = List.copyOf(differences);
  }

  /**
   * Compares.
   *
   * @param claim what the registry's signed index says of the version
   * @param entry its files in the cache, which were verified
   * @throws IOException if one side cannot be read
   */
  static Comparison of(PackageClaim claim, CacheEntry entry, Packed packed) throws IOException {
    Map<String, Digest> published = entry.files();
    claim.natives().forEach((blob, digest) -> published.put("native:" + blob, digest));
    Map<String, Digest> rebuilt = files(packed.archive());
    for (NativeBlob blob : packed.metadata().natives()) {
      rebuilt.put("native:" + blob.module() + " " + blob.target(), blob.sha256());
    }
    List<Difference> differences = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(TreeDigest.BY_PATH_BYTES);
    paths.addAll(published.keySet());
    paths.addAll(rebuilt.keySet());
    for (String path : paths) {
      Digest was = published.get(path);
      Digest is = rebuilt.get(path);
      if (was == null || !was.equals(is)) {
        differences.add(new Difference(path, was, is));
      }
    }
    ArchiveFacts facts = new ArchiveFacts(claim.checksum(), claim.size(), claim.tree());
    Outcome outcome;
    if (!differences.isEmpty() || !facts.tree().equals(packed.facts().tree())) {
      outcome = Outcome.DIFFERENT;
    } else {
      outcome =
          facts.checksum().equals(packed.facts().checksum())
              ? Outcome.IDENTICAL
              : Outcome.SAME_CONTENT;
    }
    return new Comparison(outcome, facts, packed.facts(), differences);
  }

  private static Map<String, Digest> files(Path archive) throws IOException {
    Map<String, Digest> files = new TreeMap<>();
    try (InputStream in = Files.newInputStream(archive)) {
      PackageArchive.read(
          in,
          new ArchiveVisitor() {
            @Override
            public void directory(String path) {}

            @Override
            public void file(String path, long size, InputStream content) throws IOException {
              files.put(path, Digest.ofStream(content));
            }
          });
    }
    return files;
  }
}
