package dev.raya.resolver.index;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cache.json.UtcTimes;
import dev.raya.resolver.metadata.MetadataJson;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionTag;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The strict reader of index documents (registry.md section 1.4). Refused: another name or format,
 * a line that does not end with LF, unsorted or repeated {@code log}, a repeated version, a status
 * or tag of a version that was not published, and whatever exceeds a bound. Lines of unknown type
 * are skipped, unknown members ignored.
 */
public final class IndexDocumentReader {
  /** Longest line, in bytes. */
  public static final int MAX_LINE = 1 << 20;

  private static final int MAX_LICENSE = 4096;

  private final PackageName name;
  private final List<IndexLine> lines = new ArrayList<>();
  private final Set<Version> versions = new HashSet<>();
  private long lastLog = -1;
  private int number;

  private IndexDocumentReader(PackageName name) {
    this.name = name;
  }

  /**
   * Reads a document.
   *
   * @param name the package that was asked for
   * @param document its bytes
   * @throws IndexException if it is refused
   */
  public static IndexDocument read(PackageName name, byte[] document) throws IndexException {
    IndexDocumentReader reader = new IndexDocumentReader(name);
    if (document.length > IndexDocument.MAX_BYTES) {
      throw reader.fault(
          "expected at most " + IndexDocument.MAX_BYTES + " bytes, found " + document.length);
    }
    if (document.length == 0 || document[document.length - 1] != '\n') {
      throw reader.fault("expected a line feed at the end: the document is cut off");
    }
    int start = 0;
    while (start < document.length) {
      int end = start;
      while (document[end] != '\n') {
        end++;
      }
      reader.line(document, start, end);
      start = end + 1;
    }
    return new IndexDocument(name, reader.lines);
  }

  private void line(byte[] document, int start, int end) throws IndexException {
    number++;
    if (end - start > MAX_LINE) {
      throw fault("expected a line of at most " + MAX_LINE + " bytes, found " + (end - start));
    }
    try {
      JsonFields fields =
          JsonFields.root(JsonReader.read(Arrays.copyOfRange(document, start, end)));
      if (number == 1) {
        first(fields);
      } else {
        later(fields);
      }
    } catch (JsonException e) {
      String message = e.getMessage();
      throw fault(message == null ? "not JSON" : message);
    }
  }

  private void first(JsonFields fields) throws JsonException, IndexException {
    if (!fields.string("format").equals(IndexDocument.FORMAT)) {
      throw fields.fault("format", "expected " + IndexDocument.FORMAT);
    }
    String found = fields.string("name");
    if (!found.equals(name.text())) {
      throw fault("expected the document of " + name + ", found that of another name");
    }
    fields.only(Set.of("format", "name"));
  }

  private void later(JsonFields fields) throws JsonException {
    String type = fields.string("type");
    long log = fields.integer("log");
    if (log <= lastLog) {
      throw fields.fault("log", "expected more than " + lastLog + ", found " + log);
    }
    lastLog = log;
    Instant time = time(fields);
    IndexLine line =
        switch (type) {
          case "package" -> publishing(log, time, fields);
          case "version" -> version(log, time, fields);
          case "status" -> status(log, time, fields);
          case "tag" -> tag(log, time, fields);
          default -> null;
        };
    if (line != null) {
      lines.add(line);
    }
  }

  /** RFC 3339, UTC, whole seconds. */
  private static Instant time(JsonFields fields) throws JsonException {
    String text = fields.string("time");
    try {
      Instant time = UtcTimes.parse(text);
      if (text.length() == 20 && UtcTimes.text(time).equals(text)) {
        return time;
      }
    } catch (DateTimeException e) {
      throw notATime(fields);
    }
    throw notATime(fields);
  }

  private static JsonException notATime(JsonFields fields) {
    return fields.fault("time", "expected a time such as 2026-01-06T12:00:00Z");
  }

  private static IndexLine publishing(long log, Instant time, JsonFields fields)
      throws JsonException {
    List<Json.Obj> publishers = new ArrayList<>();
    for (JsonFields publisher : fields.list("publishers")) {
      publishers.add(publisher.object());
    }
    return new IndexLine.PackageLine(
        log,
        time,
        publishers,
        fields.bool("tokenPublishing", true),
        fields.bool("provenance", false),
        fields.bool("claimed", false));
  }

  /**
   * Reads the line of a staged release, which has neither {@code log} nor {@code time}.
   *
   * @throws JsonException if it is malformed
   */
  public static IndexLine.VersionLine staged(JsonFields fields) throws JsonException {
    return line(IndexLine.VersionLine.STAGED, Instant.EPOCH, fields);
  }

  private IndexLine version(long log, Instant time, JsonFields fields) throws JsonException {
    Version version = MetadataJson.version(fields, "version");
    if (!versions.add(version)) {
      throw fields.fault("version", "version " + version.precedence() + " occurs twice");
    }
    return line(log, time, fields);
  }

  private static IndexLine.VersionLine line(long log, Instant time, JsonFields fields)
      throws JsonException {
    Version version = MetadataJson.version(fields, "version");
    return new IndexLine.VersionLine(
        log,
        time,
        version,
        license(fields),
        MetadataJson.range(fields, "raya"),
        MetadataJson.bytecode(fields),
        MetadataJson.dependencies(fields),
        MetadataJson.constraints(fields),
        MetadataJson.featureTable(fields),
        MetadataJson.capabilities(fields, "capabilities"),
        MetadataJson.digest(fields, "sha256"),
        MetadataJson.size(fields, "size"),
        MetadataJson.digest(fields, "tree"),
        MetadataJson.natives(fields, "natives"));
  }

  /** Not checked against the SPDX list: what a policy cannot read, it refuses. */
  private static String license(JsonFields fields) throws JsonException {
    String license = fields.optionalString("license");
    if (license == null) {
      return "";
    }
    if (license.length() > MAX_LICENSE || license.chars().anyMatch(c -> c < ' ' || c > '~')) {
      throw fields.fault("license", "expected an SPDX expression");
    }
    return license;
  }

  private IndexLine status(long log, Instant time, JsonFields fields) throws JsonException {
    String reason = fields.optionalString("reason");
    String use = fields.optionalString("use");
    IndexLine.Reason known = reason == null ? null : IndexLine.Reason.of(reason);
    if (reason != null && known == null) {
      throw fields.fault("reason", "unknown reason");
    }
    return new IndexLine.StatusLine(
        log,
        time,
        published(fields),
        fields.bool("yanked", false),
        fields.bool("deprecated", false),
        fields.bool("tombstone", false),
        known,
        use == null ? null : MetadataJson.version(fields, "use"));
  }

  private IndexLine tag(long log, Instant time, JsonFields fields) throws JsonException {
    String tag = fields.string("tag");
    if (!VersionTag.isTag(tag)) {
      throw fields.fault("tag", "not a tag");
    }
    @Nullable Version version = fields.optionalString("version") == null ? null : published(fields);
    return new IndexLine.TagLine(log, time, new VersionTag(tag), version);
  }

  private Version published(JsonFields fields) throws JsonException {
    Version version = MetadataJson.version(fields, "version");
    if (!versions.contains(version)) {
      throw fields.fault("version", "version " + version.precedence() + " was not published");
    }
    return version;
  }

  private IndexException fault(String message) {
    return new IndexException("index document of " + name, number, message);
  }
}
