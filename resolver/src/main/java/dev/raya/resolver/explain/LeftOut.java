package dev.raya.resolver.explain;

import dev.raya.cache.json.Json;
import dev.raya.resolver.version.Version;
import java.util.List;

/**
 * Versions that lie in a range that takes part in the conflict and were not considered.
 *
 * @param name the package
 * @param reason why, for example {@code yanked}
 * @param versions which, ascending
 */
public record LeftOut(String name, String reason, List<Version> versions) {
  private static final int SHOWN = 5;

  /** Copies the list in. */
  public LeftOut {
    versions = List.copyOf(versions);
  }

  /** The note as a line. */
  public String text() {
    return name
        + ' '
        + list(versions)
        + (versions.size() == 1 ? " is" : " are")
        + " left out: "
        + reason;
  }

  /** Some versions, the highest of them if there are many. */
  static String list(List<Version> versions) {
    int skipped = Math.max(0, versions.size() - SHOWN);
    String shown =
        String.join(
            ", ",
            versions.subList(skipped, versions.size()).reversed().stream()
                .map(Version::text)
                .toList());
    return skipped == 0 ? shown : shown + " and " + skipped + " more";
  }

  Json.Obj json() {
    return Json.object()
        .put("name", name)
        .put("reason", reason)
        .put("versions", Json.strings(versions.stream().map(Version::text).toList()))
        .build();
  }
}
