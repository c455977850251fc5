package dev.raya.cli.console;

import dev.raya.cache.error.ErrorCodes;
import dev.raya.cache.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Findings as a log of the Static Analysis Results Interchange Format, SARIF 2.1.0, which code
 * hosting services show beside the lines.
 *
 * <p>Files below the working directory are named from there, so that the log is the same wherever
 * it is made; others by their {@code file:} URI. What has no place in a file is no result of the
 * analysis but a notification about the run.
 */
final class SarifReport {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  /** The name that readers of such logs expect for the root of the sources. */
  private static final String ROOT = "%SRCROOT%";

  private static final String LIBRARY = "raya:";
  private static final String DIGEST = "sha256:";

  private final String program;
  private final Path directory;
  private final List<Finding> findings;

  /** The number of each code among the rules, in their order. */
  private final Map<String, Integer> rules = new LinkedHashMap<>();

  private SarifReport(String program, Path directory, List<Finding> findings) {
    this.program = program;
    this.directory = directory;
    this.findings = findings;
  }

  /**
   * The log of a run.
   *
   * @param directory the working directory
   * @param exit the exit code
   */
  static Json.Obj of(String program, Path directory, List<Finding> findings, int exit) {
    return new SarifReport(program, directory, findings).log(exit);
  }

  private Json.Obj log(int exit) {
    Map<String, Finding.Severity> codes = new TreeMap<>();
    for (Finding finding : findings) {
      codes.putIfAbsent(finding.code(), finding.severity());
    }
    List<Json> described = new ArrayList<>();
    for (Map.Entry<String, Finding.Severity> entry : codes.entrySet()) {
      rules.put(entry.getKey(), described.size());
      described.add(rule(entry.getKey(), entry.getValue()));
    }
    List<Json> results = new ArrayList<>();
    List<Json> notifications = new ArrayList<>();
    boolean successful = true;
    for (Finding finding : findings) {
      if (finding.span() != null) {
        results.add(result(finding, finding.span()));
      } else {
        notifications.add(notification(finding));
        successful &= finding.severity() != Finding.Severity.ERROR;
      }
    }
    Json.Obj driver =
        Json.object()
            .put("name", program)
            .put("version", ProgramVersion.CURRENT)
            .put("semanticVersion", ProgramVersion.CURRENT)
            .put("rules", new Json.Array(described))
            .build();
    Json.ObjectBuilder invocation =
        Json.object().put("executionSuccessful", new Json.Bool(successful)).put("exitCode", exit);
    if (!notifications.isEmpty()) {
      invocation.put("toolExecutionNotifications", new Json.Array(notifications));
    }
    Json.ObjectBuilder run =
        Json.object()
            .put("tool", Json.object().put("driver", driver).build())
            .put("invocations", Json.array(List.of(invocation.build())))
            .put("originalUriBaseIds", Json.object().put(ROOT, root()).build())
            .put("columnKind", "utf16CodeUnits")
            .put("language", "en")
            .put("results", new Json.Array(results));
    List<Json> artifacts = artifacts();
    if (!artifacts.isEmpty()) {
      run.put("artifacts", new Json.Array(artifacts));
    }
    return Json.object()
        .put("$schema", SCHEMA)
        .put("version", "2.1.0")
        .put("runs", Json.array(List.of(run.build())))
        .build();
  }

  /** Where the sources lie is for the reader to know: the log is the same in every checkout. */
  private static Json root() {
    return Json.object()
        .put("description", message("the directory that the command ran in"))
        .build();
  }

  private static Json rule(String code, Finding.Severity severity) {
    Json.ObjectBuilder rule =
        Json.object()
            .put("id", code)
            .put("defaultConfiguration", Json.object().put("level", level(severity)).build());
    ErrorCodes.find(code)
        .ifPresent(
            known ->
                rule.put("shortDescription", message(known.title()))
                    .put("fullDescription", message(known.cause()))
                    .put("help", message(known.remedy() + "\n\nFor example:\n" + known.example())));
    return rule.build();
  }

  private static String level(Finding.Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFO -> "note";
    };
  }

  private Json result(Finding finding, Span span) {
    Json.ObjectBuilder result =
        Json.object()
            .put("ruleId", finding.code())
            .put("ruleIndex", number(finding))
            .put("level", level(finding.severity()))
            .put("message", message(text(finding)))
            .put("locations", Json.array(List.of(location(span).build())));
    List<Json> related = new ArrayList<>();
    for (Finding.Note note : finding.notes()) {
      if (note.span() != null) {
        related.add(
            location(note.span())
                .put("id", related.size() + 1)
                .put("message", message(note.message()))
                .build());
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

  private Json notification(Finding finding) {
    Json descriptor = Json.object().put("id", finding.code()).put("index", number(finding)).build();
    return Json.object()
        .put("associatedRule", descriptor)
        .put("level", level(finding.severity()))
        .put("message", message(text(finding)))
        .build();
  }

  private int number(Finding finding) {
    return rules.getOrDefault(finding.code(), -1);
  }

  /** The message with what has no place of its own: notes, and advice that is no edit. */
  private static String text(Finding finding) {
    StringBuilder text = new StringBuilder(finding.message());
    for (Finding.Note note : finding.notes()) {
      if (note.span() == null) {
        text.append('\n').append(note.message());
      }
    }
    for (Finding.Fix fix : finding.fixes()) {
      if (fix.edits().isEmpty()) {
        text.append('\n').append(fix.title());
      }
    }
    return text.toString();
  }

  /** The edits of a fix, those of a file together: they are only good together. */
  private Json fix(Finding.Fix fix) {
    Map<String, List<Json>> replacements = new LinkedHashMap<>();
    for (Finding.Edit edit : fix.edits()) {
      replacements
          .computeIfAbsent(edit.span().file(), none -> new ArrayList<>())
          .add(
              Json.object()
                  .put("deletedRegion", region(edit.span()))
                  .put("insertedContent", Json.object().put("text", edit.text()).build())
                  .build());
    }
    List<Json> changes = new ArrayList<>();
    for (Map.Entry<String, List<Json>> entry : replacements.entrySet()) {
      changes.add(
          Json.object()
              .put("artifactLocation", file(entry.getKey()))
              .put("replacements", new Json.Array(entry.getValue()))
              .build());
    }
    return Json.object()
        .put("description", message(fix.title()))
        .put("artifactChanges", new Json.Array(changes))
        .build();
  }

  /** The files that fixes are for, with the digests of the contents that they are for. */
  private List<Json> artifacts() {
    Map<String, String> digests = new TreeMap<>();
    for (Finding finding : findings) {
      for (Finding.Fix fix : finding.fixes()) {
        for (Finding.Edit edit : fix.edits()) {
          String digest = edit.digest();
          if (digest != null && digest.startsWith(DIGEST)) {
            digests.put(edit.span().file(), digest.substring(DIGEST.length()));
          }
        }
      }
    }
    List<Json> artifacts = new ArrayList<>();
    for (Map.Entry<String, String> entry : digests.entrySet()) {
      artifacts.add(
          Json.object()
              .put("location", file(entry.getKey()))
              .put("hashes", Json.object().put("sha-256", entry.getValue()).build())
              .build());
    }
    return artifacts;
  }

  private Json.ObjectBuilder location(Span span) {
    return Json.object()
        .put(
            "physicalLocation",
            Json.object()
                .put("artifactLocation", file(span.file()))
                .put("region", region(span))
                .build());
  }

  /** Where a file lies. A module of the standard library is none and has its name. */
  private Json file(String shown) {
    if (shown.startsWith(LIBRARY)) {
      return Json.object().put("uri", LIBRARY + encoded(shown.substring(LIBRARY.length()))).build();
    }
    Path path = directory.resolve(shown).normalize();
    if (path.startsWith(directory)) {
      String relative = slashed(directory.relativize(path));
      return Json.object().put("uri", encoded(relative)).put("uriBaseId", ROOT).build();
    }
    String absolute = slashed(path);
    String rooted = absolute.startsWith("/") ? absolute : "/" + absolute;
    return Json.object().put("uri", "file://" + encoded(rooted)).build();
  }

  private static String slashed(Path path) {
    return path.toString().replace('\\', '/');
  }

  /** A path of a URI, RFC 3986: everything but unreserved characters is escaped byte by byte. */
  private static String encoded(String path) {
    StringBuilder uri = new StringBuilder();
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (letter || "-._~/".indexOf(c) >= 0) {
        uri.append(c);
      } else {
        uri.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
      }
    }
    return uri.toString();
  }

  private static Json region(Span span) {
    return Json.object()
        .put("startLine", span.start().line())
        .put("startColumn", span.start().column())
        .put("endLine", span.end().line())
        .put("endColumn", span.end().column())
        .put("byteOffset", span.start().offset())
        .put("byteLength", span.end().offset() - span.start().offset())
        .build();
  }

  private static Json message(String text) {
    return Json.object().put("text", text).build();
  }
}
