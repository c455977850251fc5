package dev.raya.resolver.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects a problem and writes it in the format {@code raya-resolve/1}. */
final class ProblemText {
  private final String name;
  private final String mode;
  private final Map<String, String> roots = new LinkedHashMap<>();
  private final Map<String, Map<String, Map<String, String>>> packages = new LinkedHashMap<>();

  /** A problem of one version for each package. */
  ProblemText(String name) {
    this(name, "single");
  }

  ProblemText(String name, String mode) {
    this.name = name;
    this.mode = mode;
  }

  String name() {
    return name;
  }

  ProblemText root(String pkg, String range) {
    roots.put(pkg, range);
    return this;
  }

  /**
   * Adds a version.
   *
   * @param needs names and ranges in turn
   */
  ProblemText version(String pkg, String version, String... needs) {
    Map<String, String> deps = new LinkedHashMap<>();
    for (int i = 0; i < needs.length; i += 2) {
      deps.put(needs[i], needs[i + 1]);
    }
    return version(pkg, version, deps);
  }

  ProblemText version(String pkg, String version, Map<String, String> needs) {
    packages.computeIfAbsent(pkg, p -> new LinkedHashMap<>()).put(version, Map.copyOf(needs));
    return this;
  }

  int candidates() {
    return packages.values().stream().mapToInt(Map::size).sum();
  }

  String json() {
    StringBuilder out = new StringBuilder(candidates() * 64);
    out.append("{\"format\":\"raya-resolve/1\",\"name\":\"").append(name);
    out.append("\",\"origin\":\"generated\",\"mode\":\"").append(mode).append("\",\"roots\":");
    object(out, roots);
    out.append(",\"packages\":{");
    String comma = "";
    for (Map.Entry<String, Map<String, Map<String, String>>> pkg : packages.entrySet()) {
      out.append(comma).append('"').append(pkg.getKey()).append("\":{");
      comma = ",";
      List<String> entries = new ArrayList<>();
      pkg.getValue()
          .forEach(
              (version, needs) -> {
                StringBuilder entry = new StringBuilder("\"" + version + "\":{");
                if (!needs.isEmpty()) {
                  entry.append("\"deps\":");
                  object(entry, needs);
                }
                entries.add(entry.append('}').toString());
              });
      out.append(String.join(",", entries)).append("}\n");
    }
    return out.append("}}\n").toString();
  }

  private static void object(StringBuilder out, Map<String, String> members) {
    out.append('{');
    String comma = "";
    for (String key : members.keySet().stream().sorted().toList()) {
      out.append(comma).append('"').append(key).append("\":\"");
      out.append(members.get(key)).append('"');
      comma = ",";
    }
    out.append('}');
  }
}
