package dev.raya.resolver.index;

import dev.raya.resolver.index.IndexLine.PackageLine;
import dev.raya.resolver.index.IndexLine.StatusLine;
import dev.raya.resolver.index.IndexLine.TagLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one package (registry.md section 1.4): lines in log order, later ones override
 * earlier ones.
 *
 * @param name the package
 * @param lines all lines after the first whose type is known, by ascending {@code log}
 */
public record IndexDocument(PackageName name, List<IndexLine> lines) {
  /** The value of {@code format}. */
  public static final String FORMAT = "raya-index/1";

  /** Longest document, in bytes. */
  public static final int MAX_BYTES = 16 << 20;

  /** Copies the list in. */
  public IndexDocument {
    lines = List.copyOf(lines);
  }

  /** The published versions, ascending. */
  public List<VersionLine> versions() {
    List<VersionLine> versions = new ArrayList<>();
    for (IndexLine line : lines) {
      if (line instanceof VersionLine version) {
        versions.add(version);
      }
    }
    versions.sort((a, b) -> a.version().compareTo(b.version()));
    return List.copyOf(versions);
  }

  /** The line of a version, or null if it was never published. */
  public @Nullable VersionLine version(Version version) {
    for (IndexLine line : lines) {
      if (line instanceof VersionLine published && published.version().equals(version)) {
        return published;
      }
    }
    return null;
  }

  /** The last status of each version that has one. */
  public Map<Version, StatusLine> statuses() {
    Map<Version, StatusLine> statuses = new LinkedHashMap<>();
    for (IndexLine line : lines) {
      if (line instanceof StatusLine status) {
        statuses.put(status.version(), status);
      }
    }
    return statuses;
  }

  /** The last status of a version, or null if it has none. */
  public @Nullable StatusLine status(Version version) {
    return statuses().get(version);
  }

  /** The last {@code package} line, or null if there is none. */
  public @Nullable PackageLine publishing() {
    return publishingBefore(Long.MAX_VALUE);
  }

  /** The last {@code package} line whose record is older than {@code log}, or null. */
  public @Nullable PackageLine publishingBefore(long log) {
    PackageLine last = null;
    for (IndexLine line : lines) {
      if (line instanceof PackageLine publishing && line.log() < log) {
        last = publishing;
      }
    }
    return last;
  }

  /**
   * The tags and what they point to. {@code latest}, unless set, is the highest version that is
   * neither a pre-release nor yanked; where there is none, it is left out.
   */
  public Map<VersionTag, Version> tags() {
    Map<VersionTag, Version> tags = new TreeMap<>();
    for (IndexLine line : lines) {
      if (line instanceof TagLine tag) {
        if (tag.version() == null) {
          tags.remove(tag.tag());
        } else {
          tags.put(tag.tag(), tag.version());
        }
      }
    }
    if (!tags.containsKey(VersionTag.LATEST)) {
      Version latest = highestUsable();
      if (latest != null) {
        tags.put(VersionTag.LATEST, latest);
      }
    }
    return tags;
  }

  private @Nullable Version highestUsable() {
    Map<Version, StatusLine> statuses = statuses();
    for (VersionLine line : versions().reversed()) {
      StatusLine status = statuses.get(line.version());
      boolean usable = status == null || (!status.yanked() && !status.tombstone());
      if (usable && !line.version().isPreRelease()) {
        return line.version();
      }
    }
    return null;
  }
}
