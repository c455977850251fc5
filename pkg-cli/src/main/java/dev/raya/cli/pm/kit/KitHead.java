package dev.raya.cli.pm.kit;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code kit.json}: what a kit holds besides the packages of its {@code raya.lock}.
 *
 * @param registries the registries that packages come from, sorted by origin
 * @param toolchain digest of the {@code toolchain.json} of the toolchain inside, or null
 */
record KitHead(List<Registry> registries, @Nullable Digest toolchain) {
  private static final String SCHEMA = "raya/kit/1";
  private static final int MAX_REGISTRIES = 1_000;

  /**
   * A registry.
   *
   * @param origin its own name for itself
   * @param root digest of its first root metadata, which lies in the kit
   */
  record Registry(String origin, Digest root) {}

  /** Copies the list. */
  KitHead {
    registries = List.copyOf(registries);
  }

  byte[] bytes() {
    List<Json> list = new ArrayList<>();
    for (Registry registry : registries) {
      list.add(
          Json.object()
              .put("origin", registry.origin())
              .put("root", registry.root().toString())
              .build());
    }
    return CanonicalJson.bytes(
        Json.object()
            .put("registries", new Json.Array(list))
            .put("schema", SCHEMA)
            .putIfPresent(
                "toolchain", toolchain == null ? null : new Json.Str(toolchain.toString()))
            .build());
  }

  static KitHead read(byte[] document) throws JsonException {
    JsonFields fields = JsonFields.root(JsonReader.read(document));
    if (!fields.string("schema").equals(SCHEMA)) {
      throw fields.fault("schema", "expected \"" + SCHEMA + '"');
    }
    List<Registry> registries = new ArrayList<>();
    List<JsonFields> list = fields.list("registries");
    if (list.size() > MAX_REGISTRIES) {
      throw fields.fault("registries", "more than " + MAX_REGISTRIES);
    }
    for (JsonFields each : list) {
      registries.add(new Registry(each.string("origin"), digest(each, "root")));
    }
    return new KitHead(registries, fields.has("toolchain") ? digest(fields, "toolchain") : null);
  }

  private static Digest digest(JsonFields fields, String name) throws JsonException {
    try {
      return Digest.parse(fields.string(name));
    } catch (IllegalArgumentException malformed) {
      throw fields.fault(name, String.valueOf(malformed.getMessage()));
    }
  }
}
