package dev.raya.resolver.project;

import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.LockedPackage.LogEntry;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.name.PackageName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An index in which a locked package has the versions it is locked to and no others, as the
 * lockfile and the {@code metadata.json} of their archives describe them; other packages are asked
 * for elsewhere. A resolution that may keep its lockfile needs no more of what is locked.
 */
public final class KeptVersions implements IndexSource {
  private final Map<PackageName, IndexDocument> kept;
  private final IndexSource others;

  private KeptVersions(Map<PackageName, IndexDocument> kept, IndexSource others) {
    this.kept = Map.copyOf(kept);
    this.others = others;
  }

  /**
   * The versions of a lockfile.
   *
   * @param metadata the {@code metadata.json} of a locked package, or null where it is not at hand
   * @param others where packages that are not locked are asked for
   * @return nothing if a package comes from elsewhere than one registry or a folder, or its
   *     metadata is not at hand or not that of the locked version
   */
  public static Optional<KeptVersions> of(
      Lockfile lockfile,
      Function<LockedPackage, @Nullable PackageMetadata> metadata,
      IndexSource others) {
    Map<PackageName, List<IndexLine>> lines = new TreeMap<>();
    String origin = null;
    for (LockedPackage locked : lockfile.packages()) {
      if (locked.source() instanceof LockSource.Path) {
        continue;
      }
      if (!(locked.source() instanceof LockSource.Registry(String from))
          || (origin != null && !origin.equals(from))) {
        return Optional.empty();
      }
      origin = from;
      PackageMetadata described = metadata.apply(locked);
      VersionLine line = described == null ? null : line(locked, described);
      if (line == null) {
        return Optional.empty();
      }
      lines.computeIfAbsent(locked.name(), name -> new ArrayList<>()).add(line);
    }
    Map<PackageName, IndexDocument> kept = new TreeMap<>();
    lines.forEach((name, versions) -> kept.put(name, new IndexDocument(name, versions)));
    return Optional.of(new KeptVersions(kept, others));
  }

  private static @Nullable VersionLine line(LockedPackage locked, PackageMetadata metadata) {
    LogEntry log = locked.log();
    if (log == null
        || locked.checksum() == null
        || locked.tree() == null
        || !metadata.name().equals(locked.name())
        || !metadata.version().equals(locked.version())) {
      return null;
    }
    return VersionLine.of(
        log.index(), log.time(), metadata, locked.checksum(), locked.size(), locked.tree());
  }

  /** Whether a package is locked. */
  public boolean keeps(PackageName name) {
    return kept.containsKey(name);
  }

  @Override
  public CompletionStage<IndexAnswer> document(PackageName name) {
    IndexDocument document = kept.get(name);
    return document == null
        ? others.document(name)
        : CompletableFuture.completedFuture(new IndexAnswer.Found(document));
  }
}
