package dev.raya.resolver.audit;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.resolver.audit.Advisory.Affected;
import dev.raya.resolver.audit.Advisory.Span;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads advisories in the OSV format: what a registry serves at {@code /advisories/osv.json}, a
 * list of OSV records, bare or as the member {@code advisories} (or {@code vulns}, as OSV's own
 * interface names it). Withdrawn records and other ecosystems are passed over; an entry of ours
 * that cannot be read refuses the document, so that none is missed in silence.
 */
public final class OsvReader {
  /** Longest document, in bytes. */
  public static final int MAX_BYTES = 16 << 20;

  private static final int MAX_ADVISORIES = 100_000;
  private static final int MAX_ENTRIES = 10_000;
  private static final int MAX_TEXT = 400;
  private static final String FIRST = "0";

  private OsvReader() {}

  /**
   * Reads a document.
   *
   * @throws OsvException if it is too long, no JSON, or an entry of the ecosystem is malformed
   */
  public static Advisories read(byte[] document) throws OsvException {
    if (document.length > MAX_BYTES) {
      throw new OsvException("advisories: expected at most " + MAX_BYTES + " bytes");
    }
    try {
      List<Advisory> advisories = new ArrayList<>();
      Set<String> ids = new HashSet<>();
      for (JsonFields record : records(JsonReader.read(document))) {
        Advisory advisory = advisory(record);
        if (advisory != null) {
          if (!ids.add(advisory.id())) {
            throw record.fault("id", advisory.id() + " occurs twice");
          }
          advisories.add(advisory);
        }
      }
      return new Advisories(advisories);
    } catch (JsonException e) {
      throw new OsvException("advisories: " + e.getMessage());
    }
  }

  private static List<JsonFields> records(Json document) throws JsonException {
    Json.Obj holder =
        document instanceof Json.Obj object
            ? object
            : Json.object().put("advisories", document).build();
    JsonFields fields = JsonFields.root(holder);
    List<JsonFields> records = fields.list(fields.has("vulns") ? "vulns" : "advisories");
    if (records.size() > MAX_ADVISORIES) {
      throw fields.fault("advisories", "expected at most " + MAX_ADVISORIES);
    }
    return records;
  }

  private static @Nullable Advisory advisory(JsonFields record) throws JsonException {
    String id = record.string("id");
    if (id.isEmpty() || id.length() > 100 || id.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw record.fault("id", "expected an identifier");
    }
    List<Affected> affected = new ArrayList<>();
    for (JsonFields each : record.list("affected")) {
      Affected ours = affected(each);
      if (ours != null) {
        affected.add(ours);
      }
    }
    return record.optionalString("withdrawn") != null || affected.isEmpty()
        ? null
        : new Advisory(
            id,
            record.strings("aliases").stream().map(OsvReader::cut).toList(),
            cut(text(record, "summary")),
            severity(record),
            url(record),
            affected);
  }

  private static String text(JsonFields fields, String name) throws JsonException {
    String text = fields.optionalString(name);
    return text == null ? "" : text;
  }

  /** The word of the database where it gives one, else the first CVSS vector. */
  private static String severity(JsonFields record) throws JsonException {
    JsonFields specific = record.optionalFields("database_specific");
    if (specific != null && specific.object().get("severity") instanceof Json.Str(String word)) {
      return cut(word);
    }
    List<JsonFields> scores = record.list("severity");
    return scores.isEmpty() ? "" : cut(text(scores.getFirst(), "score"));
  }

  private static String url(JsonFields record) throws JsonException {
    String other = "";
    for (JsonFields reference : record.list("references")) {
      String url = cut(text(reference, "url"));
      if (text(reference, "type").equals("ADVISORY")) {
        return url;
      }
      other = other.isEmpty() ? url : other;
    }
    return other;
  }

  private static @Nullable Affected affected(JsonFields each) throws JsonException {
    JsonFields pkg = each.optionalFields("package");
    if (pkg == null || !text(pkg, "ecosystem").equalsIgnoreCase(Advisory.ECOSYSTEM)) {
      return null;
    }
    PackageName name = PackageName.tryParse(pkg.string("name"));
    if (name == null) {
      throw pkg.fault("name", "not a package name");
    }
    List<Span> spans = new ArrayList<>();
    for (JsonFields range : each.list("ranges")) {
      if (!text(range, "type").equals("GIT")) {
        spans.addAll(spans(range));
      }
    }
    Set<Version> versions = new HashSet<>();
    for (String text : each.strings("versions")) {
      versions.add(version(each, "versions", text));
    }
    if (spans.size() > MAX_ENTRIES || versions.size() > MAX_ENTRIES) {
      throw each.fault("versions", "expected at most " + MAX_ENTRIES + " entries");
    }
    return new Affected(name, spans, versions);
  }

  /**
   * Each {@code introduced} opens a span; the next {@code fixed} or {@code last_affected} ends it.
   */
  private static List<Span> spans(JsonFields range) throws JsonException {
    List<JsonFields> events = range.list("events");
    if (events.size() > MAX_ENTRIES) {
      throw range.fault("events", "expected at most " + MAX_ENTRIES);
    }
    List<Span> spans = new ArrayList<>();
    boolean open = false;
    Version introduced = null;
    for (JsonFields event : ordered(events)) {
      String first = event.optionalString("introduced");
      Version fixed = optional(event, "fixed");
      Version last = optional(event, "last_affected");
      if (first != null) {
        if (!open) {
          introduced = first.equals(FIRST) ? null : version(event, "introduced", first);
          open = true;
        }
      } else if (open && (fixed != null || last != null)) {
        spans.add(new Span(introduced, fixed, last));
        open = false;
      }
    }
    if (open) {
      spans.add(new Span(introduced, null, null));
    }
    return spans;
  }

  /** Events by version, as OSV says to evaluate them: they may stand in any order. */
  private static List<JsonFields> ordered(List<JsonFields> events) throws JsonException {
    record Placed(@Nullable Version at, JsonFields event) {}
    List<Placed> placed = new ArrayList<>();
    for (JsonFields event : events) {
      String first = event.optionalString("introduced");
      Version at =
          first != null && first.equals(FIRST)
              ? null
              : first != null
                  ? version(event, "introduced", first)
                  : optional(event, event.has("fixed") ? "fixed" : "last_affected");
      boolean limit = first == null && at == null;
      if (!limit) {
        placed.add(new Placed(at, event));
      }
    }
    placed.sort(
        (a, b) -> {
          Version left = a.at();
          Version right = b.at();
          if (left == null || right == null) {
            return Boolean.compare(left != null, right != null);
          }
          return left.compareTo(right);
        });
    return placed.stream().map(Placed::event).toList();
  }

  private static @Nullable Version optional(JsonFields event, String name) throws JsonException {
    String text = event.optionalString(name);
    return text == null ? null : version(event, name, text);
  }

  private static Version version(JsonFields fields, String member, String text)
      throws JsonException {
    Version version = Version.tryParse(text);
    if (version == null) {
      throw fields.fault(member, "expected a version, found \"" + cut(text) + '"');
    }
    return version;
  }

  private static String cut(String text) {
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < text.length() && i < MAX_TEXT; i++) {
      char c = text.charAt(i);
      kept.append(Character.isISOControl(c) ? ' ' : c);
    }
    return kept.toString();
  }
}
