package dev.raya.cli.console;

import dev.raya.cache.error.ErrorCodes;
import dev.raya.cache.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Findings as a log of the Static Analysis Results Interchange Format, SARIF 2.1.0, which code
 * hosting services show beside the lines.
 */
final class SarifReport {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private SarifReport() {}

  static Json.Obj of(String program, List<Finding> findings) {
    List<Json> results = new ArrayList<>();
    TreeSet<String> codes = new TreeSet<>();
    for (Finding finding : findings) {
      results.add(result(finding));
      codes.add(finding.code());
    }
    List<Json> rules = new ArrayList<>();
    for (String code : codes) {
      rules.add(rule(code));
    }
    Json.Obj driver =
        Json.object()
            .put("name", program)
            .put("version", ProgramVersion.CURRENT)
            .put("rules", new Json.Array(rules))
            .build();
    Json.Obj run =
        Json.object()
            .put("tool", Json.object().put("driver", driver).build())
            .put("columnKind", "utf16CodeUnits")
            .put("results", new Json.Array(results))
            .build();
    return Json.object()
        .put("$schema", SCHEMA)
        .put("version", "2.1.0")
        .put("runs", Json.array(List.of(run)))
        .build();
  }

  private static Json rule(String code) {
    Json.ObjectBuilder rule = Json.object().put("id", code);
    ErrorCodes.find(code)
        .ifPresent(
            known ->
                rule.put("shortDescription", message(known.title()))
                    .put("fullDescription", message(known.cause()))
                    .put("help", message(known.remedy())));
    return rule.build();
  }

  private static Json result(Finding finding) {
    String level =
        switch (finding.severity()) {
          case ERROR -> "error";
          case WARNING -> "warning";
          case INFO -> "note";
        };
    Json.ObjectBuilder result =
        Json.object()
            .put("ruleId", finding.code())
            .put("level", level)
            .put("message", message(finding.message()));
    Span span = finding.span();
    if (span != null) {
      result.put("locations", Json.array(List.of(location(span, null))));
    }
    List<Json> related = new ArrayList<>();
    for (Finding.Note note : finding.notes()) {
      if (note.span() != null) {
        related.add(location(note.span(), note.message()));
      }
    }
    if (!related.isEmpty()) {
      result.put("relatedLocations", new Json.Array(related));
    }
    List<Json> fixes = new ArrayList<>();
    for (Finding.Fix fix : finding.fixes()) {
      if (!fix.edits().isEmpty()) {
        fixes.add(fix(fix));
      }
    }
    if (!fixes.isEmpty()) {
      result.put("fixes", new Json.Array(fixes));
    }
    return result.build();
  }

  private static Json fix(Finding.Fix fix) {
    List<Json> changes = new ArrayList<>();
    for (Finding.Edit edit : fix.edits()) {
      Json replacement =
          Json.object()
              .put("deletedRegion", region(edit.span()))
              .put("insertedContent", Json.object().put("text", edit.text()).build())
              .build();
      changes.add(
          Json.object()
              .put("artifactLocation", file(edit.span()))
              .put("replacements", Json.array(List.of(replacement)))
              .build());
    }
    return Json.object()
        .put("description", message(fix.title()))
        .put("artifactChanges", new Json.Array(changes))
        .build();
  }

  private static Json location(Span span, @Nullable String message) {
    Json.ObjectBuilder location =
        Json.object()
            .put(
                "physicalLocation",
                Json.object()
                    .put("artifactLocation", file(span))
                    .put("region", region(span))
                    .build());
    return (message == null ? location : location.put("message", message(message))).build();
  }

  private static Json file(Span span) {
    return Json.object().put("uri", span.file().replace(" ", "%20")).build();
  }

  private static Json region(Span span) {
    return Json.object()
        .put("startLine", span.start().line())
        .put("startColumn", span.start().column())
        .put("endLine", span.end().line())
        .put("endColumn", span.end().column())
        .build();
  }

  private static Json message(String text) {
    return Json.object().put("text", text).build();
  }
}
