package dev.raya.compiler.diagnostic;

import dev.raya.cache.json.Json;
import dev.raya.compiler.source.Position;
import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Diagnostics as the JSON of cli.md 1: code, severity, message, span, notes, fixes. */
public final class DiagnosticJson {
  private DiagnosticJson() {}

  /** An array of diagnostics. */
  public static Json.Array of(List<Diagnostic> diagnostics) {
    List<Json> items = new ArrayList<>();
    for (Diagnostic d : diagnostics) {
      items.add(of(d));
    }
    return new Json.Array(items);
  }

  /** One diagnostic. */
  public static Json.Obj of(Diagnostic d) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("code", new Json.Str(d.code().code()));
    members.put("severity", new Json.Str(d.severity().word()));
    members.put("message", new Json.Str(d.message()));
    members.put("span", span(d.span()));
    List<Json> notes = new ArrayList<>();
    for (Diagnostic.Note n : d.notes()) {
      notes.add(object("message", new Json.Str(n.message()), "span", span(n.span())));
    }
    members.put("notes", new Json.Array(notes));
    List<Json> fixes = new ArrayList<>();
    for (Diagnostic.Fix f : d.fixes()) {
      Map<String, Json> fix = new LinkedHashMap<>();
      fix.put("title", new Json.Str(f.title()));
      fix.put("span", span(f.span()));
      fix.put("replacement", new Json.Str(f.replacement()));
      fixes.add(new Json.Obj(fix));
    }
    members.put("fixes", new Json.Array(fixes));
    return new Json.Obj(members);
  }

  /** A span: file, start and end with line, column and byte offset. */
  public static Json.Obj span(Span span) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("file", new Json.Str(span.file().name()));
    members.put("start", position(span.from()));
    members.put("end", position(span.until()));
    return new Json.Obj(members);
  }

  private static Json position(Position p) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("line", new Json.Int(p.line()));
    members.put("column", new Json.Int(p.column()));
    members.put("offset", new Json.Int(p.offset()));
    return new Json.Obj(members);
  }

  private static Json.Obj object(String a, Json x, String b, Json y) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put(a, x);
    members.put(b, y);
    return new Json.Obj(members);
  }
}
