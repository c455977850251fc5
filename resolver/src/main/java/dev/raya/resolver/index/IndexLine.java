package dev.raya.resolver.index;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.resolver.metadata.BytecodeLevel;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PublishedConstraint;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import dev.raya.resolver.version.VersionTag;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A line of an index document after the first (registry.md section 1.4). */
public sealed interface IndexLine {

  /** Index of the log record that the line repeats. */
  long log();

  /** Time of that record, whole seconds. */
  Instant time();

  /**
   * {@code package}: who may publish; replaces the former line of this type.
   *
   * @param log index of the record
   * @param time time of the record
   * @param publishers identities as security.md defines them, unread
   * @param tokenPublishing whether a token may publish
   * @param provenance whether every version must carry provenance
   * @param claimed whether the name is claimed
   */
  record PackageLine(
      long log,
      Instant time,
      List<Json.Obj> publishers,
      boolean tokenPublishing,
      boolean provenance,
      boolean claimed)
      implements IndexLine {
    /** Copies the list in. */
    public PackageLine {
      publishers = List.copyOf(publishers);
    }
  }

  /**
   * {@code version}: a published version.
   *
   * @param log index of the record
   * @param time time of the record
   * @param version the version
   * @param license SPDX expression, or empty
   * @param raya toolchains it runs on
   * @param bytecode of its module
   * @param dependencies sorted by alias
   * @param constraints sorted by name
   * @param features feature to its items
   * @param capabilities what its bytecode needs, sorted
   * @param sha256 of the archive
   * @param size of the archive
   * @param tree of the unpacked files
   * @param natives sorted by module, then target
   */
  record VersionLine(
      long log,
      Instant time,
      Version version,
      String license,
      VersionRange raya,
      BytecodeLevel bytecode,
      List<PublishedDependency> dependencies,
      List<PublishedConstraint> constraints,
      Map<String, List<String>> features,
      List<Capability> capabilities,
      Digest sha256,
      long size,
      Digest tree,
      List<NativeBlob> natives)
      implements IndexLine {
    /** What stands in the place of {@link #log} for a staged release, which is in no log. */
    public static final long STAGED = -1;

    /** Copies the collections in, sorted. */
    public VersionLine {
      dependencies = dependencies.stream().sorted().toList();
      constraints = constraints.stream().sorted().toList();
      features = Collections.unmodifiableMap(new TreeMap<>(features));
      capabilities = Capability.sorted(capabilities);
      natives = natives.stream().sorted().toList();
    }

    /**
     * What an index says of an archive.
     *
     * @param log index of its record
     * @param time time of the record
     * @param metadata its {@code metadata.json}
     * @param sha256 of its bytes
     * @param size in bytes
     * @param tree of its files
     */
    public static VersionLine of(
        long log, Instant time, PackageMetadata metadata, Digest sha256, long size, Digest tree) {
      return new VersionLine(
          log,
          time,
          metadata.version(),
          metadata.license(),
          metadata.raya(),
          metadata.bytecode(),
          metadata.dependencies(),
          metadata.constraints(),
          metadata.features(),
          metadata.capabilities(),
          sha256,
          size,
          tree,
          metadata.natives());
    }

    /** The line of a staged release: it has no record, and no logged time that could be young. */
    public static VersionLine staged(
        PackageMetadata metadata, Digest sha256, long size, Digest tree) {
      return of(STAGED, Instant.EPOCH, metadata, sha256, size, tree);
    }

    /** Whether this is of a staged release. */
    public boolean isStaged() {
      return log == STAGED;
    }
  }

  /**
   * {@code status}: what is to be known about a version; the last one counts.
   *
   * @param log index of the record
   * @param time time of the record
   * @param version the version
   * @param yanked whether new resolutions leave it out
   * @param deprecated whether its use is discouraged
   * @param tombstone whether its bytes are gone
   * @param reason why, or null
   * @param use what to use instead, or null
   */
  record StatusLine(
      long log,
      Instant time,
      Version version,
      boolean yanked,
      boolean deprecated,
      boolean tombstone,
      @Nullable Reason reason,
      @Nullable Version use)
      implements IndexLine {}

  /**
   * {@code tag}: points a tag to a version, or takes it away.
   *
   * @param log index of the record
   * @param time time of the record
   * @param tag the tag
   * @param version the version, or null
   */
  record TagLine(long log, Instant time, VersionTag tag, @Nullable Version version)
      implements IndexLine {}

  /** Why a version was yanked, deprecated or removed. */
  enum Reason {
    /** It does not work. */
    BROKEN("broken"),
    /** It has a vulnerability. */
    SECURITY("security"),
    /** It was published by mistake. */
    MISTAKE("mistake"),
    /** It is malware. */
    MALWARE("malware"),
    /** It had to go. */
    LEGAL("legal"),
    /** None of the others. */
    OTHER("other");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** The word in the document. */
    public String text() {
      return text;
    }

    /** The reason of that word, or null. */
    public static @Nullable Reason of(String text) {
      for (Reason reason : values()) {
        if (reason.text.equals(text)) {
          return reason;
        }
      }
      return null;
    }
  }
}
