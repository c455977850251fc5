package dev.raya.resolver.index;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.resolver.version.Age;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code /index/config.json}; unknown members are ignored. */
public final class RegistryConfigCodec {
  private static final String DOCUMENT = "registry configuration";

  private RegistryConfigCodec() {}

  /**
   * Reads a document.
   *
   * @throws IndexException if it is too long, no JSON, of another schema or a member is malformed
   */
  public static RegistryConfig read(byte[] document) throws IndexException {
    if (document.length > RegistryConfig.MAX_BYTES) {
      throw new IndexException(
          DOCUMENT, 0, "expected at most " + RegistryConfig.MAX_BYTES + " bytes");
    }
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(document));
      if (!fields.string("schema").equals(RegistryConfig.SCHEMA)) {
        throw fields.fault("schema", "expected " + RegistryConfig.SCHEMA);
      }
      JsonFields policy = fields.optionalFields("policy");
      return new RegistryConfig(
          origin(fields),
          fields.string("api"),
          fields.string("blobs"),
          fields.string("index"),
          fields.string("log"),
          fields.string("tuf"),
          fields.strings("features"),
          limits(fields),
          zeroIfNull(policy == null ? null : age(policy, "minReleaseAge")),
          policy == null ? null : age(policy, "freshLogin"));
    } catch (JsonException e) {
      String message = e.getMessage();
      throw new IndexException(DOCUMENT, 0, message == null ? "not JSON" : message);
    }
  }

  private static Duration zeroIfNull(@Nullable Duration duration) {
    return duration == null ? Duration.ZERO : duration;
  }

  private static String origin(JsonFields fields) throws JsonException {
    String origin = fields.string("origin");
    boolean url = origin.startsWith("https://") || origin.startsWith("http://");
    if (!url || origin.length() > 2000 || origin.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw fields.fault("origin", "expected a URL");
    }
    return origin;
  }

  private static Map<String, Long> limits(JsonFields fields) throws JsonException {
    Map<String, Long> limits = new LinkedHashMap<>();
    JsonFields table = fields.optionalFields("limits");
    if (table != null) {
      for (String name : table.names()) {
        limits.put(name, table.integer(name));
      }
    }
    return limits;
  }

  private static @Nullable Duration age(JsonFields policy, String member) throws JsonException {
    String text = policy.optionalString(member);
    if (text == null) {
      return null;
    }
    Duration age = Age.tryParse(text);
    if (age == null) {
      throw policy.fault(member, "expected a duration such as 3d");
    }
    return age;
  }

  /** The canonical bytes. */
  public static byte[] write(RegistryConfig config) {
    Json.ObjectBuilder limits = Json.object();
    config.limits().forEach(limits::put);
    Duration fresh = config.freshLogin();
    return CanonicalJson.bytes(
        Json.object()
            .put("schema", RegistryConfig.SCHEMA)
            .put("origin", config.origin())
            .put("api", config.api())
            .put("blobs", config.blobs())
            .put("index", config.index())
            .put("log", config.log())
            .put("tuf", config.tuf())
            .put("features", Json.strings(config.features()))
            .put("limits", limits.build())
            .put(
                "policy",
                Json.object()
                    .put("minReleaseAge", Age.text(config.minReleaseAge()))
                    .put("freshLogin", fresh == null ? Json.NULL : Json.of(Age.text(fresh)))
                    .build())
            .build());
  }
}
