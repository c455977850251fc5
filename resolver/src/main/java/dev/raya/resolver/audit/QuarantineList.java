package dev.raya.resolver.audit;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions that one registry holds back, {@code advisories/quarantine.json} (security.md,
 * Policies). Versions are the same whatever their build metadata. Immutable.
 */
public final class QuarantineList {
  /** Target path of the list in a registry's metadata. */
  public static final String PATH = "advisories/quarantine.json";

  /** A registry that holds nothing back. */
  public static final QuarantineList NONE = new QuarantineList(Map.of());

  private static final String SCHEMA = "raya/quarantine/1";

  private final Map<String, String> reasons;

  private QuarantineList(Map<String, String> reasons) {
    this.reasons = Map.copyOf(reasons);
  }

  /**
   * Reads a list.
   *
   * @throws JsonException if it is malformed or of another schema
   */
  public static QuarantineList read(byte[] document) throws JsonException {
    JsonFields root = JsonFields.root(JsonReader.read(document));
    if (!root.string("schema").equals(SCHEMA)) {
      throw root.fault("schema", "expected " + SCHEMA);
    }
    Map<String, String> reasons = new TreeMap<>();
    for (JsonFields each : root.list("versions")) {
      String advisory = each.optionalString("advisory");
      reasons.put(
          key(each.string("name"), each.string("version")),
          each.string("reason") + (advisory == null ? "" : ", " + advisory));
    }
    return new QuarantineList(reasons);
  }

  /** The list without versions that the user takes nevertheless, as {@link #key} names them. */
  public QuarantineList without(Collection<String> allowed) {
    Map<String, String> rest = new HashMap<>(reasons);
    rest.keySet().removeAll(allowed);
    return new QuarantineList(rest);
  }

  /** Whether nothing is held back. */
  public boolean isEmpty() {
    return reasons.isEmpty();
  }

  /** Why a version is held back: a word and, if there is one, the advisory; null if it is not. */
  public @Nullable String reason(PackageName name, Version version) {
    return reasons.isEmpty() ? null : reasons.get(name.text() + '@' + version.precedence());
  }

  /** {@code NAME@VERSION} without build metadata. */
  public static String key(String name, String version) {
    Version parsed = Version.tryParse(version);
    return name + '@' + (parsed == null ? version : parsed.precedence());
  }
}
