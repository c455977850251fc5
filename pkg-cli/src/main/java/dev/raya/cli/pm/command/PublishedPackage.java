package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Nearest;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import dev.raya.resolver.version.VersionTag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A package as a registry's document of it says, or the index document that is held.
 *
 * @param name its name
 * @param document the document
 * @param latest what {@code latest} means
 * @param tags tag to version
 * @param versions highest first
 */
record PublishedPackage(
    String name,
    Json.Obj document,
    String latest,
    Map<String, String> tags,
    List<Listed> versions) {

  /**
   * A version in the list.
   *
   * @param version SemVer text
   * @param time when it was logged
   * @param yanked hidden from new resolutions
   * @param deprecated advised against
   */
  record Listed(String version, String time, boolean yanked, boolean deprecated) {
    /** The version with its marks. */
    String marked() {
      return version + (yanked ? " (yanked)" : deprecated ? " (deprecated)" : "");
    }
  }

  /** Copies the collections. */
  PublishedPackage {
    tags = new LinkedHashMap<>(tags);
    versions = List.copyOf(versions);
  }

  /**
   * Reads the document.
   *
   * @throws JsonException if it is none
   */
  static PublishedPackage of(JsonFields document) throws JsonException {
    Map<String, String> tags = new LinkedHashMap<>();
    JsonFields tagMembers = document.optionalFields("tags");
    if (tagMembers != null) {
      for (String tag : tagMembers.names()) {
        tags.put(tag, tagMembers.string(tag));
      }
    }
    List<Listed> versions = new ArrayList<>();
    for (JsonFields each : RegistryCommand.listed(document, "versions")) {
      versions.add(
          new Listed(
              each.string("version"),
              each.string("time"),
              each.bool("yanked", false),
              each.bool("deprecated", false)));
    }
    return new PublishedPackage(
        document.string("name"), document.object(), document.string("latest"), tags, versions);
  }

  /**
   * The version that a selector means: a version itself, a tag, the highest that a range takes (not
   * a yanked one), or without a selector the latest.
   *
   * @throws CommandException RAYA-RES-003 if there is none
   */
  String select(@Nullable String selector) throws CommandException {
    if (selector == null || selector.equals(VersionTag.LATEST.text())) {
      return latest;
    }
    String tagged = tags.get(selector);
    if (tagged != null) {
      return tagged;
    }
    Version exact = Version.tryParse(selector);
    VersionRange range = exact == null ? VersionRange.tryParse(selector) : null;
    for (Listed each : versions) {
      Version version = Version.tryParse(each.version());
      boolean meant =
          version != null
              && (exact != null
                  ? version.equals(exact)
                  : range != null && !each.yanked() && range.contains(version));
      if (meant) {
        return each.version();
      }
    }
    Finding finding =
        Finding.error(
            "RAYA-RES-003", name + " has no version, tag or match for \"" + selector + "\"");
    List<String> near = Nearest.among(selector, versions.stream().map(Listed::version).toList(), 3);
    throw new CommandException(
        finding.note(
            near.isEmpty()
                ? "its latest version is " + latest
                : "did you mean " + String.join(" or ", near) + "?"));
  }
}
