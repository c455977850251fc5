package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What lockfile or index document say of one version of a registry package, as far as trust is
 * concerned.
 *
 * @param name the package
 * @param version its version
 * @param origin the registry's own name for itself
 * @param checksum digest of the archive
 * @param tree digest of the unpacked files
 * @param size of the archive in bytes
 * @param capabilities what its bytecode needs, sorted
 * @param natives digest of each native blob, by {@code module target}
 * @param log index of its record in the registry's log; of a staged release none
 * @param time logged time
 * @param stage id of the staged release that it is, or null
 */
public record PackageClaim(
    PackageName name,
    Version version,
    String origin,
    Digest checksum,
    Digest tree,
    long size,
    List<String> capabilities,
    Map<String, Digest> natives,
    long log,
    Instant time,
    @Nullable String stage) {
  /** Copies the collections. */
  public PackageClaim {
    capabilities = List.copyOf(capabilities);
    natives = Collections.unmodifiableMap(new TreeMap<>(natives));
  }

  // Both by hand, without the code that the platform makes at run time.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof PackageClaim claim
            && checksum.equals(claim.checksum)
            && name.equals(claim.name)
            && version.equals(claim.version)
            && origin.equals(claim.origin)
            && tree.equals(claim.tree)
            && size == claim.size
            && capabilities.equals(claim.capabilities)
            && natives.equals(claim.natives)
            && log == claim.log
            && time.equals(claim.time)
            && Objects.equals(stage, claim.stage));
  }

  @Override
  public int hashCode() {
    return checksum.hashCode();
  }

  /** What a lockfile says; empty if the package comes from no registry. */
  public static Optional<PackageClaim> of(LockedPackage locked) {
    Digest checksum = locked.checksum();
    Digest tree = locked.tree();
    LockedPackage.LogEntry log = locked.log();
    if (!(locked.source() instanceof LockSource.Registry(String origin))
        || checksum == null
        || tree == null
        || (log == null && locked.stage() == null)) {
      return Optional.empty();
    }
    Map<String, Digest> natives = new TreeMap<>();
    locked
        .natives()
        .forEach(
            (module, targets) ->
                targets.forEach((target, digest) -> natives.put(module + " " + target, digest)));
    return Optional.of(
        new PackageClaim(
            locked.name(),
            locked.version(),
            origin,
            checksum,
            tree,
            locked.size(),
            texts(locked.capabilities()),
            natives,
            log == null ? VersionLine.STAGED : log.index(),
            log == null ? Instant.EPOCH : log.time(),
            locked.stage()));
  }

  /** What an index document says. */
  public static PackageClaim of(PackageName name, String origin, VersionLine line) {
    Map<String, Digest> natives = new TreeMap<>();
    for (NativeBlob blob : line.natives()) {
      natives.put(blob.module() + " " + blob.target(), blob.sha256());
    }
    return new PackageClaim(
        name,
        line.version(),
        origin,
        line.sha256(),
        line.tree(),
        line.size(),
        texts(line.capabilities()),
        natives,
        line.log(),
        line.time(),
        null);
  }

  /** The same of what was staged and is in the log now, where the index says. */
  public PackageClaim published(VersionLine line) {
    return new PackageClaim(
        name,
        version,
        origin,
        checksum,
        tree,
        size,
        capabilities,
        natives,
        line.log(),
        line.time(),
        null);
  }

  /** Whether this is of a staged release, which is in no log. */
  public boolean isStaged() {
    return stage != null;
  }

  private static List<String> texts(List<Capability> capabilities) {
    List<String> texts = new ArrayList<>();
    for (Capability each : capabilities) {
      texts.add(each.text());
    }
    return texts;
  }

  /** Name and version as people write them. */
  public String label() {
    return name.text() + "@" + version.text();
  }
}
