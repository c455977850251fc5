package dev.raya.resolver.explain;

import dev.raya.cache.json.Json;
import dev.raya.resolver.manifest.SourcePosition;
import dev.raya.resolver.solve.Core;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request has no solution.
 *
 * @param core requirements that contradict each other
 * @param derivation the same as lines, from the project's own requirements on
 * @param leftOut versions that were not considered and would lie in one of the ranges
 * @param suggestions changes that were tried and do resolve
 * @param places where origins are
 */
public record Conflict(
    Core core,
    List<Step> derivation,
    List<LeftOut> leftOut,
    List<Suggestion> suggestions,
    Places places) {
  /** Lines of the derivation that the text shows at most; the object holds all. */
  private static final int MOST_LINES = 100;

  private static final int DEEPEST = 20;

  /** Copies the lists in. */
  public Conflict {
    derivation = List.copyOf(derivation);
    leftOut = List.copyOf(leftOut);
    suggestions = List.copyOf(suggestions);
  }

  /** All of it as lines of text, the last without a line end. */
  public String text() {
    StringBuilder out = new StringBuilder(derivationText());
    for (LeftOut left : leftOut) {
      line(out, "note: " + left.text());
    }
    if (!suggestions.isEmpty()) {
      line(out, "This would resolve (tried):");
      for (Suggestion suggestion : suggestions) {
        line(out, "  - " + suggestion.text());
      }
    }
    return out.toString();
  }

  /** The derivation alone, one requirement a line. */
  public String derivationText() {
    StringBuilder out = new StringBuilder();
    for (Step step : derivation.subList(0, Math.min(MOST_LINES, derivation.size()))) {
      line(out, "  ".repeat(Math.min(step.depth(), DEEPEST) + 1) + step.text());
    }
    if (derivation.size() > MOST_LINES) {
      line(out, "  … and " + (derivation.size() - MOST_LINES) + " more requirements");
    }
    if (!core.minimal()) {
      line(out, "(not all of this may be needed: the search for a shorter reason was given up)");
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String line) {
    out.append(out.isEmpty() ? "" : "\n").append(line);
  }

  /** Where the first of the project's own requirements is written; null if that is not known. */
  public @Nullable SourcePosition place() {
    for (Step step : derivation) {
      SourcePosition position = places.find(step.origin());
      if (step.pkg().isEmpty() && position != null) {
        return position;
      }
    }
    return null;
  }

  /** The same content as an object. */
  public Json.Obj json() {
    return Json.object()
        .put("core", coreJson())
        .put("minimal", core.minimal())
        .put("derivation", Json.array(derivation.stream().map(step -> step.json(places)).toList()))
        .put("leftOut", Json.array(leftOut.stream().map(LeftOut::json).toList()))
        .put(
            "suggestions", Json.array(suggestions.stream().map(each -> each.json(places)).toList()))
        .build();
  }

  /** The core as {@code data/resolver/FORMAT.md} writes it. */
  public Json coreJson() {
    return Json.array(
        derivation.stream()
            .map(
                step ->
                    Json.object()
                        .put("pkg", step.pkg().isEmpty() ? Json.NULL : Json.of(step.pkg()))
                        .put("versions", step.versions())
                        .put("dep", step.dep())
                        .put("range", step.stated().text())
                        .build())
            .toList());
  }
}
