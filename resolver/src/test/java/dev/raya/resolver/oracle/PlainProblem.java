package dev.raya.resolver.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A problem as its text says, with masks and overrides worked out. */
final class PlainProblem {
  final boolean majors;
  final boolean gated;
  final String prefer;
  final Set<String> singletons = new TreeSet<>();
  final Map<String, PlainVersion> locked = new TreeMap<>();
  final Map<String, Map<PlainVersion, Release>> packages = new LinkedHashMap<>();
  final List<Need> needs = new ArrayList<>();
  final Map<String, List<String>> rootFeatures = new TreeMap<>();
  private final Map<String, PlainRange> ranges = new HashMap<>();

  /** A release: its features, each with those that it switches on. */
  record Release(String text, boolean open, Map<String, List<String>> features) {}

  /**
   * A need.
   *
   * @param pkg who needs; empty for the project
   * @param version of whom; null for the project
   * @param feature the feature that it hangs on; empty if none
   * @param constraint whether it only limits
   * @param stated the range as stated
   * @param range the range that counts
   */
  record Need(
      String pkg,
      @Nullable PlainVersion version,
      String feature,
      boolean constraint,
      String dep,
      PlainRange stated,
      PlainRange range) {}

  PlainProblem(Map<String, @Nullable Object> json) {
    majors = "majors".equals(json.get("mode"));
    Map<String, @Nullable Object> policy = JsonText.map(json.get("policy"));
    gated = "gated".equals(policy.get("prerelease"));
    prefer = policy.get("prefer") instanceof String text ? text : "highest";
    JsonText.list(json.get("singletons")).forEach(name -> singletons.add(JsonText.string(name)));
    Instant newest =
        policy.get("minAgeDays") instanceof Double days
            ? Instant.parse(JsonText.string(policy.get("now")))
                .minus(Duration.ofDays(days.longValue()))
            : Instant.MAX;
    JsonText.map(json.get("locked"))
        .forEach((name, v) -> locked.put(name, PlainVersion.of(JsonText.string(v))));
    JsonText.map(json.get("rootFeatures"))
        .forEach(
            (name, list) ->
                rootFeatures.put(
                    name, JsonText.list(list).stream().map(JsonText::string).toList()));
    Map<String, @Nullable Object> overrides = JsonText.map(json.get("overrides"));
    JsonText.map(json.get("roots"))
        .forEach((dep, range) -> add("", null, "", false, dep, range, overrides));
    Map<String, @Nullable Object> yanked = JsonText.map(json.get("yanked"));
    Map<String, @Nullable Object> platform = JsonText.map(json.get("platform"));
    JsonText.map(json.get("packages"))
        .forEach(
            (name, versions) -> {
              Map<PlainVersion, Release> releases = new TreeMap<>();
              packages.put(name, releases);
              List<PlainVersion> withdrawn =
                  JsonText.list(yanked.get(name)).stream()
                      .map(text -> PlainVersion.of(JsonText.string(text)))
                      .toList();
              JsonText.map(versions)
                  .forEach(
                      (text, written) -> {
                        PlainVersion version = PlainVersion.of(text);
                        Map<String, @Nullable Object> entry = JsonText.map(written);
                        boolean young =
                            entry.get("published") instanceof String published
                                && Instant.parse(published).isAfter(newest);
                        boolean open =
                            version.equals(locked.get(name))
                                || !(young || withdrawn.contains(version));
                        releases.put(
                            version,
                            new Release(
                                text, open, read(name, version, entry, platform, overrides)));
                      });
            });
  }

  private Map<String, List<String>> read(
      String name,
      PlainVersion version,
      Map<String, @Nullable Object> entry,
      Map<String, @Nullable Object> platform,
      Map<String, @Nullable Object> overrides) {
    Map<String, @Nullable Object> when = JsonText.map(entry.get("when"));
    JsonText.map(entry.get("deps"))
        .forEach(
            (dep, range) -> {
              if (holds(when.get(dep), platform)) {
                add(name, version, "", false, dep, range, overrides);
              }
            });
    JsonText.map(entry.get("constrains"))
        .forEach(
            (dep, range) -> {
              if (holds(when.get(dep), platform)) {
                add(name, version, "", true, dep, range, Map.of());
              }
            });
    Map<String, @Nullable Object> optional = JsonText.map(entry.get("optional"));
    Map<String, List<String>> features = new TreeMap<>();
    JsonText.map(entry.get("features"))
        .forEach(
            (feature, items) -> {
              List<String> others = new ArrayList<>();
              for (Object item : JsonText.list(items)) {
                String word = JsonText.string(item);
                if (!optional.containsKey(word)) {
                  others.add(word);
                } else if (holds(when.get(word), platform)) {
                  add(name, version, feature, false, word, optional.get(word), overrides);
                }
              }
              features.put(feature, others);
            });
    return features;
  }

  private static boolean holds(@Nullable Object condition, Map<String, @Nullable Object> platform) {
    return JsonText.map(condition).entrySet().stream()
        .allMatch(
            one ->
                !platform.containsKey(one.getKey())
                    || java.util.Objects.equals(platform.get(one.getKey()), one.getValue()));
  }

  private void add(
      String pkg,
      @Nullable PlainVersion version,
      String feature,
      boolean constraint,
      String dep,
      @Nullable Object range,
      Map<String, @Nullable Object> overrides) {
    PlainRange stated = range(JsonText.string(range));
    Object instead = overrides.get(dep);
    needs.add(
        new Need(
            pkg,
            version,
            feature,
            constraint,
            dep,
            stated,
            instead == null ? stated : range(JsonText.string(instead))));
  }

  private PlainRange range(String text) {
    return ranges.computeIfAbsent(text, PlainRange::of);
  }

  boolean matches(PlainRange range, PlainVersion version) {
    return gated ? range.matchesGated(version) : range.contains(version);
  }

  boolean isSingle(String name) {
    return !majors || singletons.contains(name);
  }

  Map<PlainVersion, Release> releases(String name) {
    return packages.getOrDefault(name, Map.of());
  }
}
