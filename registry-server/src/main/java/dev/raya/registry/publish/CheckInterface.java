package dev.raya.registry.publish;

import dev.raya.cache.blob.BlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.StoredArchive;
import dev.raya.registry.packages.VersionRow;
import dev.raya.resolver.version.Predecessor;
import dev.raya.resolver.version.Version;
import dev.raya.vm.bytecode.compat.InterfaceChange;
import dev.raya.vm.bytecode.compat.InterfaceComparison;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The typed interface of a version does not break that of its predecessor on the same compatibility
 * line, unless the publisher says that it may; then the breaks are kept with the version.
 */
final class CheckInterface implements PublishStep {
  /** Most changes that an answer lists; a rewrite of a large package has thousands. */
  static final int MAX_LISTED = 100;

  private final BlobStore blobs;
  private final ModuleMemory memory;

  CheckInterface(BlobStore blobs, ModuleMemory memory) {
    this.blobs = blobs;
    this.memory = memory;
  }

  @Override
  public void run(Publication publication) throws RegistryException, IOException {
    Version next = publication.announcement().version();
    VersionRow before = QuarkusTransaction.requiringNew().call(() -> predecessor(publication));
    if (before == null) {
      return;
    }
    List<InterfaceChange> breaking;
    try (ModuleMemory.Share share = memory.take(before.size)) {
      assert share != null;
      StoredArchive stored = StoredArchive.read(blobs, new Digest(before.archive));
      breaking = InterfaceComparison.of(stored.module(), publication.module()).breaking();
    } catch (ModuleMemory.ExhaustedException e) {
      throw new RegistryException(
          Problem.BUSY, String.valueOf(e.getMessage()), "try again in a moment");
    }
    if (breaking.isEmpty()) {
      return;
    }
    String detail =
        next.text()
            + " breaks users of "
            + before.version
            + " in "
            + breaking.size()
            + (breaking.size() == 1 ? " place" : " places");
    if (!publication.announcement().allowBreaking()) {
      throw new RegistryException(
              Problem.API_CHANGE,
              detail + ": " + listed(breaking),
              (publication.promotes() == null
                      ? ""
                      : publication.announcement().dropping() + " frees this version; then ")
                  + "publish it as "
                  + next.line().next()
                  + ", restore what changed, or publish with --allow-breaking")
          .with(faults(breaking));
    }
    for (InterfaceChange change : breaking.subList(0, Math.min(MAX_LISTED, breaking.size()))) {
      publication.remark(
          Json.object()
              .put("code", Problem.API_CHANGE.code())
              .put("severity", "warning")
              .put("message", "since " + before.version + ": " + change.text())
              .build());
    }
  }

  private static String listed(List<InterfaceChange> changes) {
    StringBuilder text = new StringBuilder();
    for (InterfaceChange change : changes.subList(0, Math.min(10, changes.size()))) {
      text.append(text.isEmpty() ? "" : "; ").append(change.text());
    }
    return changes.size() > 10
        ? text + "; and " + (changes.size() - 10) + " more"
        : text.toString();
  }

  private static List<RegistryException.Fault> faults(List<InterfaceChange> changes) {
    return changes.stream()
        .limit(MAX_LISTED)
        .map(change -> new RegistryException.Fault("module.rbin", change.text()))
        .toList();
  }

  /** The row of the version to compare with; yanked ones and those taken down do not count. */
  private static @Nullable VersionRow predecessor(Publication publication) {
    PackageRow row = PackageRow.named(publication.announcement().name().text()).orElse(null);
    if (row == null) {
      return null;
    }
    Map<Version, VersionRow> published = new LinkedHashMap<>();
    for (VersionRow candidate : VersionRow.visible(row.id)) {
      Version version = Version.tryParse(candidate.version);
      if (version != null && !candidate.yanked && !candidate.tombstone) {
        published.put(version, candidate);
      }
    }
    return Predecessor.of(publication.announcement().version(), published.keySet())
        .map(published::get)
        .orElse(null);
  }
}
