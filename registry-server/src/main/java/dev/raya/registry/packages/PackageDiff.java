package dev.raya.registry.packages;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.compat.InterfaceChange;
import dev.raya.vm.bytecode.compat.InterfaceComparison;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;

/**
 * What differs between two versions of a package: typed interface, capabilities, files (registry.md
 * 1.2). Computed from the archives each time; answers are immutable and cached by those who ask.
 */
@ApplicationScoped
public class PackageDiff {
  private static final String SEPARATOR = "...";

  /** Two archives in memory at once for each; more requests than that wait their turn. */
  private static final int AT_ONCE = 2;

  private final PackageViews packages;
  private final DirectoryBlobStore blobs;
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  @Inject
  PackageDiff(PackageViews packages, DirectoryBlobStore blobs) {
    this.packages = packages;
    this.blobs = blobs;
  }

  /**
   * Compares.
   *
   * @param pair {@code A...B}
   * @throws RegistryException if there is no such version, or the pair is none
   */
  Json.Obj json(String name, String pair) throws RegistryException {
    int at = pair.indexOf(SEPARATOR);
    if (at <= 0 || at + SEPARATOR.length() >= pair.length()) {
      throw new RegistryException(
          Problem.MALFORMED,
          "expected two versions, found \"" + pair + '"',
          "/packages/NAME/diff/1.0.0...1.1.0");
    }
    VersionRow from = packages.find(name, pair.substring(0, at)).row();
    VersionRow to = packages.find(name, pair.substring(at + SEPARATOR.length())).row();
    places.acquireUninterruptibly();
    try {
      StoredArchive before = StoredArchive.read(blobs, new Digest(from.archive));
      StoredArchive after = StoredArchive.read(blobs, new Digest(to.archive));
      return json(name, from.version, before, to.version, after);
    } catch (IOException damaged) {
      throw new RegistryException(Problem.INTERNAL, String.valueOf(damaged.getMessage()));
    } finally {
      places.release();
    }
  }

  /** The document about two archives that were read. */
  static Json.Obj json(
      String name, String from, StoredArchive before, String to, StoredArchive after) {
    return Json.object()
        .put("schema", "raya/diff/1")
        .put("name", name)
        .put("from", from)
        .put("to", to)
        .put("api", api(InterfaceComparison.of(before.module(), after.module())))
        .put("capabilities", capabilities(before, after))
        .put("files", files(before.files(), after.files()))
        .build();
  }

  private static Json api(InterfaceComparison comparison) {
    List<Json> changes = new ArrayList<>();
    for (InterfaceChange change : comparison.changes()) {
      changes.add(
          Json.object()
              .put("impact", change.impact().word())
              .put("module", change.module())
              .put("item", change.item())
              .put("change", change.what())
              .build());
    }
    return Json.array(changes);
  }

  private static Json capabilities(StoredArchive before, StoredArchive after) {
    TreeSet<String> added = new TreeSet<>(Capabilities.of(after.module().module()));
    TreeSet<String> removed = new TreeSet<>(Capabilities.of(before.module().module()));
    TreeSet<String> kept = new TreeSet<>(added);
    kept.retainAll(removed);
    added.removeAll(kept);
    removed.removeAll(kept);
    return Json.object()
        .put("added", Json.strings(List.copyOf(added)))
        .put("removed", Json.strings(List.copyOf(removed)))
        .build();
  }

  private static Json files(SortedMap<String, Digest> before, SortedMap<String, Digest> after) {
    List<Json> files = new ArrayList<>();
    TreeSet<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    for (String path : paths) {
      Digest was = before.get(path);
      Digest is = after.get(path);
      String change = was == null ? "added" : is == null ? "removed" : "changed";
      if (was == null || !was.equals(is)) {
        files.add(Json.object().put("path", path).put("change", change).build());
      }
    }
    return Json.array(files);
  }
}
