package dev.raya.resolver.metadata;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.resolver.name.ModulePath;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.version.VersionRange;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code metadata.json}: canonical JSON, absent means empty or default. */
public final class PackageMetadataCodec {
  /** Longest document, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  private static final int MAX_TEXT = 4096;

  private PackageMetadataCodec() {}

  /**
   * Reads a document; unknown members are ignored.
   *
   * @throws JsonException if it is longer than {@value #MAX_BYTES} bytes, no JSON, of another
   *     schema, or a member is malformed
   */
  public static PackageMetadata read(byte[] document) throws JsonException {
    if (document.length > MAX_BYTES) {
      throw new JsonException(
          "expected at most " + MAX_BYTES + " bytes, found " + document.length, -1);
    }
    return read(JsonReader.read(document));
  }

  /**
   * Reads a document that was parsed from no more than {@value #MAX_BYTES} bytes; unknown members
   * are ignored.
   *
   * @throws JsonException if it is of another schema, or a member is malformed
   */
  public static PackageMetadata read(Json document) throws JsonException {
    JsonFields fields = JsonFields.root(document);
    if (!fields.string("schema").equals(PackageMetadata.SCHEMA)) {
      throw fields.fault("schema", "expected " + PackageMetadata.SCHEMA);
    }
    JsonFields toolchain = fields.optionalFields("toolchain");
    return new PackageMetadata(
        MetadataJson.name(fields, "name"),
        MetadataJson.version(fields, "version"),
        text(fields, "description"),
        fields.strings("authors"),
        text(fields, "license"),
        text(fields, "repository"),
        fields.strings("keywords"),
        MetadataJson.range(fields, "raya"),
        toolchain == null
            ? null
            : new PackageMetadata.PackedBy(
                toolchain.string("version"), toolchain.string("compiler")),
        MetadataJson.dependencies(fields),
        MetadataJson.constraints(fields),
        MetadataJson.featureTable(fields),
        exports(fields),
        strings(fields, "bin"),
        MetadataJson.natives(fields, "native"),
        MetadataJson.capabilities(fields, "capabilities"),
        MetadataJson.bytecode(fields),
        optionalDigest(fields, "interfaceDigest"),
        optionalDigest(fields, "sourceDigest"));
  }

  private static String text(JsonFields fields, String member) throws JsonException {
    String text = fields.optionalString(member);
    if (text != null && text.length() > MAX_TEXT) {
      throw fields.fault(member, "expected at most " + MAX_TEXT + " characters");
    }
    return text == null ? "" : text;
  }

  private static @Nullable Digest optionalDigest(JsonFields fields, String member)
      throws JsonException {
    return fields.optionalString(member) == null ? null : MetadataJson.digest(fields, member);
  }

  private static Map<String, String> strings(JsonFields fields, String member)
      throws JsonException {
    JsonFields table = fields.optionalFields(member);
    Map<String, String> strings = new LinkedHashMap<>();
    if (table != null) {
      for (String key : table.names()) {
        strings.put(key, table.string(key));
      }
    }
    return strings;
  }

  private static Map<ModulePath, String> exports(JsonFields fields) throws JsonException {
    Map<ModulePath, String> exports = new LinkedHashMap<>();
    for (Map.Entry<String, String> export : strings(fields, "exports").entrySet()) {
      try {
        exports.put(ModulePath.parseExport(export.getKey()), export.getValue());
      } catch (NameException e) {
        throw fields.fault("exports", e.text());
      }
    }
    return exports;
  }

  /** The canonical bytes of a document. */
  public static byte[] write(PackageMetadata m) {
    return CanonicalJson.bytes(toJson(m));
  }

  /** The document as a value. */
  public static Json.Obj toJson(PackageMetadata m) {
    PackageMetadata.PackedBy packedBy = m.packedBy();
    return Json.object()
        .put("schema", PackageMetadata.SCHEMA)
        .put("name", m.name().text())
        .put("version", m.version().text())
        .putUnlessEmpty("description", m.description())
        .putUnlessEmpty("authors", m.authors())
        .putUnlessEmpty("license", m.license())
        .putUnlessEmpty("repository", m.repository())
        .putUnlessEmpty("keywords", m.keywords())
        .putIfPresent("raya", written(m.raya()))
        .putIfPresent(
            "toolchain",
            packedBy == null
                ? null
                : Json.object()
                    .put("version", packedBy.version())
                    .put("compiler", packedBy.compiler())
                    .build())
        .putIfPresent("dependencies", MetadataJson.write(m.dependencies()))
        .putIfPresent("constraints", MetadataJson.writeConstraints(m.constraints()))
        .putIfPresent("features", MetadataJson.writeFeatures(m.features()))
        .putIfPresent("exports", exports(m.exports()))
        .putIfPresent("bin", table(m.bin()))
        .putIfPresent("native", MetadataJson.writeNatives(m.natives()))
        .putUnlessEmpty("capabilities", MetadataJson.texts(m.capabilities()))
        .put("bytecode", MetadataJson.write(m.bytecode()))
        .putIfPresent("interfaceDigest", hex(m.interfaceDigest()))
        .putIfPresent("sourceDigest", hex(m.sourceDigest()))
        .build();
  }

  /** A range as a member; null for {@code *}, the default. */
  public static @Nullable Json written(VersionRange range) {
    return range.isAny() ? null : Json.of(range.text());
  }

  private static @Nullable Json hex(@Nullable Digest digest) {
    return digest == null ? null : Json.of(digest.hex());
  }

  private static @Nullable Json exports(Map<ModulePath, String> exports) {
    Map<String, String> texts = new LinkedHashMap<>();
    exports.forEach((path, module) -> texts.put(path.exportForm(), module));
    return table(texts);
  }

  private static @Nullable Json table(Map<String, String> entries) {
    if (entries.isEmpty()) {
      return null;
    }
    Json.ObjectBuilder table = Json.object();
    entries.forEach(table::put);
    return table.build();
  }
}
