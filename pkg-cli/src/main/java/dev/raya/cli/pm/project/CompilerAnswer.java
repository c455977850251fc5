package dev.raya.cli.pm.project;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The findings in an envelope that {@code rayac --output json} printed. */
final class CompilerAnswer {
  private CompilerAnswer() {}

  /** The diagnostics of the envelope; none if it is not one. */
  static List<Finding> read(byte[] document) {
    List<Finding> findings = new ArrayList<>();
    try {
      for (JsonFields each : JsonFields.root(JsonReader.read(document)).list("diagnostics")) {
        findings.add(finding(each));
      }
    } catch (JsonException | IllegalArgumentException notAnEnvelope) {
      // The exit code counts; what the compiler said to stderr has been passed on.
      return List.of();
    }
    return findings;
  }

  private static Finding finding(JsonFields fields) throws JsonException {
    List<Finding.Note> notes = new ArrayList<>();
    for (JsonFields note : fields.list("notes")) {
      notes.add(
          new Finding.Note(
              note.string("message"),
              span(note),
              note.optionalString("excerpt"),
              note.bool("inExcerpt", false)));
    }
    return new Finding(
        fields.string("code"),
        Finding.Severity.valueOf(fields.string("severity").toUpperCase(Locale.ROOT)),
        fields.string("message"),
        span(fields),
        fields.optionalString("excerpt"),
        notes,
        List.of(),
        null);
  }

  private static @Nullable Span span(JsonFields fields) throws JsonException {
    if (!fields.has("span") || fields.value("span") instanceof Json.Null) {
      return null;
    }
    JsonFields span = fields.fields("span");
    return new Span(span.string("file"), position(span, "start"), position(span, "end"));
  }

  private static Span.Position position(JsonFields span, String member) throws JsonException {
    JsonFields position = span.fields(member);
    return new Span.Position(
        position.integer("line", 1, Integer.MAX_VALUE),
        position.integer("column", 1, Integer.MAX_VALUE),
        position.integer("offset"));
  }
}
