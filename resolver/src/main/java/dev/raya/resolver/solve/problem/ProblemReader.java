package dev.raya.resolver.solve.problem;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.resolver.solve.Candidate;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverRequest.Mode;
import dev.raya.resolver.solve.SolverRequest.Preference;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one problem object. Equal range texts give the same range. */
final class ProblemReader {
  private static final String FORMAT = "raya-resolve/1";
  private static final int MAX_DAYS = 36_500;
  private static final Set<String> MEMBERS =
      Set.of(
          "format",
          "name",
          "origin",
          "roots",
          "packages",
          "mode",
          "singletons",
          "locked",
          "yanked",
          "overrides",
          "policy",
          "platform",
          "rootFeatures",
          "expected");
  private static final Set<String> ENTRY =
      Set.of("deps", "constrains", "optional", "features", "when", "published");

  private final Map<String, VersionRange> ranges = new HashMap<>();
  private final Map<String, Version> versions = new HashMap<>();
  private @Nullable JsonFields platform;
  private @Nullable JsonFields yanked;
  private @Nullable Instant newest;

  Problem read(Json json) throws JsonException {
    JsonFields root = JsonFields.root(json);
    root.only(MEMBERS);
    if (!root.string("format").equals(FORMAT)) {
      throw root.fault("format", "expected \"" + FORMAT + '"');
    }
    platform = root.optionalFields("platform");
    yanked = root.optionalFields("yanked");
    JsonFields policy = root.optionalFields("policy");
    boolean preReleases = true;
    Preference preference = Preference.HIGHEST;
    if (policy != null) {
      policy.only(Set.of("prefer", "prerelease", "minAgeDays", "now"));
      preReleases = preReleases(policy);
      preference = preference(policy);
      newest = newest(policy);
    }
    SolverRequest request =
        new SolverRequest(
            roots(root),
            mode(root),
            Set.copyOf(root.strings("singletons")),
            versionLists(root.optionalFields("locked")),
            overrides(root),
            preReleases,
            preference,
            SolverRequest.DEFAULT_BUDGET);
    return new Problem(
        root.has("name") ? root.string("name") : "", request, packages(root), expected(root));
  }

  private static boolean preReleases(JsonFields policy) throws JsonException {
    if (!policy.has("prerelease")) {
      return true;
    }
    return switch (policy.string("prerelease")) {
      case "gated" -> false;
      case "allow" -> true;
      default -> throw policy.fault("prerelease", "expected \"gated\" or \"allow\"");
    };
  }

  private static Preference preference(JsonFields policy) throws JsonException {
    if (!policy.has("prefer")) {
      return Preference.HIGHEST;
    }
    return switch (policy.string("prefer")) {
      case "highest" -> Preference.HIGHEST;
      case "lowest" -> Preference.LOWEST;
      case "lowest-direct" -> Preference.LOWEST_DIRECT;
      default ->
          throw policy.fault("prefer", "expected \"highest\", \"lowest\" or \"lowest-direct\"");
    };
  }

  private static @Nullable Instant newest(JsonFields policy) throws JsonException {
    if (!policy.has("minAgeDays")) {
      return null;
    }
    int days = policy.integer("minAgeDays", 0, MAX_DAYS);
    return instant(policy, "now").minus(Duration.ofDays(days));
  }

  private static Instant instant(JsonFields fields, String name) throws JsonException {
    try {
      return Instant.parse(fields.string(name));
    } catch (DateTimeParseException e) {
      throw fields.fault(name, "expected a time such as 2026-01-02T00:00:00Z");
    }
  }

  private static Mode mode(JsonFields root) throws JsonException {
    if (!root.has("mode")) {
      return Mode.SINGLE;
    }
    return switch (root.string("mode")) {
      case "single" -> Mode.SINGLE;
      case "majors" -> Mode.MAJORS;
      default -> throw root.fault("mode", "expected \"single\" or \"majors\"");
    };
  }

  private List<Need> roots(JsonFields root) throws JsonException {
    JsonFields roots = root.fields("roots");
    JsonFields features = root.optionalFields("rootFeatures");
    List<Need> needs = new ArrayList<>();
    for (String name : roots.names()) {
      List<String> asked = features == null ? List.of() : features.strings(name);
      needs.add(new Need(name, range(roots, name), asked, ""));
    }
    return needs;
  }

  private Map<String, VersionRange> overrides(JsonFields root) throws JsonException {
    Map<String, VersionRange> overrides = new TreeMap<>();
    JsonFields written = root.optionalFields("overrides");
    if (written != null) {
      for (String name : written.names()) {
        overrides.put(name, range(written, name));
      }
    }
    return overrides;
  }

  private VersionRange range(JsonFields fields, String name) throws JsonException {
    String text = fields.string(name);
    VersionRange known = ranges.get(text);
    if (known == null) {
      try {
        known = VersionRange.parseWritten(text, this::shared);
      } catch (VersionException e) {
        throw fields.fault(name, e.text());
      }
      ranges.put(text, known);
    }
    return known;
  }

  /** The version that stands for all of its text: packages of a problem use few. */
  private Version shared(Version version) {
    Version known = versions.putIfAbsent(version.text(), version);
    return known == null ? version : known;
  }

  private Version version(JsonFields fields, String name, String text) throws JsonException {
    Version version = Version.tryParse(text);
    if (version == null) {
      throw fields.fault(name, "expected a version, found \"" + text + '"');
    }
    return shared(version);
  }

  /** For each name one version or a list of them. */
  private Map<String, List<Version>> versionLists(@Nullable JsonFields written)
      throws JsonException {
    Map<String, List<Version>> versions = new LinkedHashMap<>();
    if (written != null) {
      for (String name : written.names()) {
        versions.put(name, versionList(written, name));
      }
    }
    return versions;
  }

  private List<Version> versionList(JsonFields written, String name) throws JsonException {
    List<Version> list = new ArrayList<>();
    if (written.value(name) instanceof Json.Str(String text)) {
      list.add(version(written, name, text));
    } else {
      for (String text : written.strings(name)) {
        list.add(version(written, name, text));
      }
    }
    return list;
  }

  private Map<String, List<Candidate>> packages(JsonFields root) throws JsonException {
    Map<String, List<Candidate>> packages = new LinkedHashMap<>();
    JsonFields written = root.fields("packages");
    for (String name : written.names()) {
      JsonFields versions = written.fields(name);
      List<Version> withdrawn =
          yanked != null && yanked.has(name) ? versionList(yanked, name) : List.of();
      List<Candidate> candidates = new ArrayList<>();
      for (String text : versions.names()) {
        Version version = version(versions, text, text);
        candidates.add(candidate(version, withdrawn.contains(version), versions.fields(text)));
      }
      packages.put(name, List.copyOf(candidates));
    }
    return packages;
  }

  private Candidate candidate(Version version, boolean withdrawn, JsonFields entry)
      throws JsonException {
    entry.only(ENTRY);
    JsonFields when = entry.optionalFields("when");
    return new Candidate(
        version,
        needs(entry.optionalFields("deps"), when),
        needs(entry.optionalFields("constrains"), when),
        features(entry, when),
        withdrawn ? "yanked" : youth(entry));
  }

  private String youth(JsonFields entry) throws JsonException {
    if (newest == null || !entry.has("published")) {
      return "";
    }
    Instant published = instant(entry, "published");
    return published.isAfter(newest) ? Problem.TOO_YOUNG + " (published " + published + ')' : "";
  }

  private List<Need> needs(@Nullable JsonFields written, @Nullable JsonFields when)
      throws JsonException {
    if (written == null) {
      return List.of();
    }
    List<Need> needs = new ArrayList<>();
    for (String name : written.names()) {
      if (holdsHere(name, when)) {
        needs.add(new Need(name, range(written, name), List.of(), platformOf(name, when)));
      }
    }
    return needs;
  }

  /** Whether a need counts on the problem's platform; without a platform all do. */
  private boolean holdsHere(String name, @Nullable JsonFields when) throws JsonException {
    JsonFields condition = when == null ? null : when.optionalFields(name);
    if (condition == null || platform == null) {
      return true;
    }
    condition.only(Set.of("os", "arch"));
    for (String key : condition.names()) {
      if (platform.has(key) && !platform.string(key).equals(condition.string(key))) {
        return false;
      }
    }
    return true;
  }

  /** The platforms that a need is limited to, for explanations; empty if it holds on all. */
  private static String platformOf(String name, @Nullable JsonFields when) throws JsonException {
    JsonFields condition = when == null ? null : when.optionalFields(name);
    if (condition == null) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    for (String key : condition.names()) {
      parts.add(condition.string(key));
    }
    return "on " + String.join(", ", parts);
  }

  private Map<String, Candidate.Feature> features(JsonFields entry, @Nullable JsonFields when)
      throws JsonException {
    JsonFields written = entry.optionalFields("features");
    if (written == null) {
      return Map.of();
    }
    JsonFields optional = entry.optionalFields("optional");
    Map<String, Candidate.Feature> features = new LinkedHashMap<>();
    for (String name : written.names()) {
      List<Need> needs = new ArrayList<>();
      List<String> implied = new ArrayList<>();
      for (String item : written.strings(name)) {
        if (optional != null && optional.has(item)) {
          if (holdsHere(item, when)) {
            needs.add(new Need(item, range(optional, item), List.of(), platformOf(item, when)));
          }
        } else if (written.has(item)) {
          implied.add(item);
        } else {
          throw written.fault(name, "\"" + item + "\" is neither optional nor a feature");
        }
      }
      features.put(name, new Candidate.Feature(needs, implied));
    }
    return features;
  }

  private Problem.@Nullable Expected expected(JsonFields root) throws JsonException {
    JsonFields expected = root.optionalFields("expected");
    if (expected == null || !expected.has("status")) {
      return null;
    }
    boolean satisfiable =
        switch (expected.string("status")) {
          case "sat" -> true;
          case "unsat" -> false;
          default -> throw expected.fault("status", "expected \"sat\" or \"unsat\"");
        };
    return new Problem.Expected(
        satisfiable,
        versionLists(expected.optionalFields("versions")),
        expected.bool("exact", false));
  }
}
