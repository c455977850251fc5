package dev.raya.resolver.explain;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an explanation tells of a project beyond its requirements: where its overrides and its
 * strict mode are written, and which rules it could let go.
 *
 * @param overrides override, as in the request, to its place; those without a known one left out
 * @param strict where one version per name is asked for; empty if it is not, or nowhere
 * @param relaxations rules to try without, in the order in which they are tried
 * @param places where the origins of requirements and the places of overrides are, for programs
 */
public record Situation(
    Map<String, String> overrides, String strict, List<Relaxation> relaxations, Places places) {
  /** Nothing is known. */
  public static final Situation NONE = new Situation(Map.of(), "", List.of(), Places.NONE);

  /** Copies the collections in. */
  public Situation {
    overrides = Collections.unmodifiableMap(new TreeMap<>(overrides));
    relaxations = List.copyOf(relaxations);
  }

  /**
   * The place of the override that replaces a requirement; empty if not known.
   *
   * @param from who requires; empty for the project
   * @param name what is required
   */
  String overrideOf(String from, String name) {
    String nested = overrides.get(from + '>' + name);
    return nested != null ? nested : overrides.getOrDefault(name, "");
  }
}
