package dev.raya.resolver.explain;

import dev.raya.cache.json.Json;
import dev.raya.resolver.version.VersionRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a derivation: who requires what, and why that cannot be.
 *
 * @param depth how far from the project's own requirements, 0 for these
 * @param pkg who requires; empty for the project
 * @param feature the feature of {@code pkg} that requires it; empty if it always does
 * @param versions which versions of it, as a short range; {@code *} for all
 * @param dep the package required
 * @param stated the range as stated
 * @param features features required of it
 * @param origin where the requirement is written; empty if not known
 * @param constraint whether it only binds if {@code dep} is there for another reason
 * @param override the range that replaces the stated one; null if none does
 * @param overriddenIn where that override is written; empty if not known
 * @param remarks what is wrong with it, each to be read after "but"
 */
public record Step(
    int depth,
    String pkg,
    String feature,
    String versions,
    String dep,
    VersionRange stated,
    List<String> features,
    String origin,
    boolean constraint,
    @Nullable VersionRange override,
    String overriddenIn,
    List<String> remarks) {
  /** Copies the lists in. */
  public Step {
    features = List.copyOf(features);
    remarks = List.copyOf(remarks);
  }

  /** The line without indentation. */
  public String text() {
    StringBuilder out = new StringBuilder(who());
    if (constraint) {
      out.append(" allows only ");
    } else {
      out.append(pkg.isEmpty() ? " asks for " : " needs ");
    }
    out.append(what());
    if (!pkg.isEmpty() && !origin.isEmpty()) {
      out.append(" (").append(origin).append(')');
    }
    if (override != null) {
      out.append(", overridden to ").append(RangeWords.of(override));
      if (!overriddenIn.isEmpty()) {
        out.append(" in ").append(overriddenIn);
      }
    }
    for (String remark : remarks) {
      out.append(", but ").append(remark);
    }
    return out.toString();
  }

  /** Who requires, for this line and for others that refer to it. */
  String who() {
    if (pkg.isEmpty()) {
      return origin.isEmpty() ? "the project" : origin;
    }
    String name = feature.isEmpty() ? pkg : pkg + '[' + feature + ']';
    return versions.equals("*") ? "every " + name : name + ' ' + versions;
  }

  /** What is required. */
  String what() {
    StringBuilder out = new StringBuilder(dep);
    if (!features.isEmpty()) {
      out.append('[').append(String.join(",", features)).append(']');
    }
    return out.append(' ').append(RangeWords.of(stated)).toString();
  }

  Json.Obj json(Places places) {
    return Json.object()
        .put("depth", depth)
        .put("pkg", pkg.isEmpty() ? Json.NULL : Json.of(pkg))
        .putUnlessEmpty("feature", feature)
        .put("versions", versions)
        .put("dep", dep)
        .put("range", stated.text())
        .putUnlessEmpty("features", features)
        .putUnlessEmpty("origin", origin)
        .putIfPresent("span", places.span(origin))
        .put("constraint", constraint)
        .putUnlessEmpty("override", override == null ? "" : override.text())
        .putUnlessEmpty("overriddenIn", overriddenIn)
        .putIfPresent("overrideSpan", places.span(overriddenIn))
        .putUnlessEmpty("remarks", remarks)
        .put("text", text())
        .build();
  }
}
