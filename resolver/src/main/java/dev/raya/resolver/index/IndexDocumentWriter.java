package dev.raya.resolver.index;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.resolver.index.IndexLine.PackageLine;
import dev.raya.resolver.index.IndexLine.StatusLine;
import dev.raya.resolver.index.IndexLine.TagLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.metadata.MetadataJson;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.name.PackageName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes index documents: canonical lines, each with its LF, so that a document grows by appending
 * (registry.md section 1.4). Empty and default members are absent.
 */
public final class IndexDocumentWriter {

  private IndexDocumentWriter() {}

  /** The first line of every document. */
  public static byte[] first(PackageName name) {
    return bytes(
        Json.object().put("format", IndexDocument.FORMAT).put("name", name.text()).build());
  }

  /** One later line. */
  public static byte[] line(IndexLine line) {
    return bytes(toJson(line));
  }

  /** The whole document. */
  public static byte[] document(IndexDocument document) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(first(document.name()));
    for (IndexLine line : document.lines()) {
      out.writeBytes(line(line));
    }
    return out.toByteArray();
  }

  /** The line of a staged release as an object: it has neither {@code log} nor {@code time}. */
  public static Json.Obj staged(VersionLine line) {
    return members(Json.object().put("type", "version"), line).build();
  }

  private static byte[] bytes(Json value) {
    return (CanonicalJson.text(value) + '\n').getBytes(StandardCharsets.UTF_8);
  }

  private static Json toJson(IndexLine line) {
    return switch (line) {
      case PackageLine l ->
          head("package", l)
              .putIfPresent(
                  "publishers", l.publishers().isEmpty() ? null : Json.array(l.publishers()))
              .putIfPresent("tokenPublishing", l.tokenPublishing() ? null : Json.of(false))
              .putIfPresent("provenance", flag(l.provenance()))
              .putIfPresent("claimed", flag(l.claimed()))
              .build();
      case VersionLine l -> members(head("version", l), l).build();
      case StatusLine l ->
          head("status", l)
              .put("version", l.version().text())
              .putIfPresent("yanked", flag(l.yanked()))
              .putIfPresent("deprecated", flag(l.deprecated()))
              .putIfPresent("tombstone", flag(l.tombstone()))
              .putUnlessEmpty("reason", l.reason() == null ? null : l.reason().text())
              .putUnlessEmpty("use", l.use() == null ? null : l.use().text())
              .build();
      case TagLine l ->
          head("tag", l)
              .put("tag", l.tag().text())
              .putUnlessEmpty("version", l.version() == null ? null : l.version().text())
              .build();
    };
  }

  private static Json.ObjectBuilder members(Json.ObjectBuilder head, VersionLine l) {
    return head.put("version", l.version().text())
        .putUnlessEmpty("license", l.license())
        .putIfPresent("raya", PackageMetadataCodec.written(l.raya()))
        .put("bytecode", MetadataJson.write(l.bytecode()))
        .putIfPresent("dependencies", MetadataJson.write(l.dependencies()))
        .putIfPresent("constraints", MetadataJson.writeConstraints(l.constraints()))
        .putIfPresent("features", MetadataJson.writeFeatures(l.features()))
        .putUnlessEmpty("capabilities", MetadataJson.texts(l.capabilities()))
        .put("sha256", l.sha256().hex())
        .put("size", l.size())
        .put("tree", l.tree().hex())
        .putIfPresent("natives", MetadataJson.writeNatives(l.natives()));
  }

  private static Json.ObjectBuilder head(String type, IndexLine line) {
    return Json.object().put("type", type).put("log", line.log()).put("time", seconds(line.time()));
  }

  private static @Nullable Json flag(boolean value) {
    return value ? Json.of(true) : null;
  }

  /** RFC 3339, UTC, whole seconds. */
  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
