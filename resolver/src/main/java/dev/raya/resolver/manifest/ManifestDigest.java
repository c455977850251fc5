package dev.raya.resolver.manifest;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/**
 * The lockfile's {@code manifest}: the digest of the canonical JSON {@code {member path: its tables
 * that resolution reads, as parsed}} (packages.md section 4).
 *
 * <p>Those tables are {@value #TABLES}, and of {@code [package]} the members {@code name}, {@code
 * raya} and, in path packages, {@code version}: a new description, or a new version of the project
 * itself, changes no resolution.
 */
public final class ManifestDigest {
  /** The tables that count whole. */
  public static final String TABLES =
      "constraints dependencies dev-dependencies features grants native policy registries"
          + " resolution toolchain workspace";

  private static final Set<String> WHOLE = Set.of(TABLES.split(" "));
  private static final List<String> OF_PACKAGE = List.of("name", "raya", "version");
  private static final String ROOT = ".";

  private ManifestDigest() {}

  /**
   * The digest of a project's manifests.
   *
   * @param members folder of each member, relative to the root with {@code /}; {@code .} for the
   *     root itself
   */
  public static Digest of(Map<String, Manifest> members) {
    SortedMap<String, Json> tables = new TreeMap<>();
    members.forEach(
        (path, manifest) -> {
          Json.Obj input = manifest.resolutionInput();
          tables.put(path, path.equals(ROOT) ? withoutVersion(input) : input);
        });
    return Digest.of(CanonicalJson.bytes(new Json.Obj(tables)));
  }

  private static Json withoutVersion(Json.Obj input) {
    Map<String, Json> tables = new TreeMap<>(input.members());
    if (tables.get("package") instanceof Json.Obj(Map<String, Json> about)) {
      Map<String, Json> rest = new TreeMap<>(about);
      rest.remove("version");
      tables.put("package", new Json.Obj(rest));
    }
    return new Json.Obj(tables);
  }

  static Json.Obj resolutionInput(TomlTable root) {
    Map<String, Json> tables = new TreeMap<>();
    for (String key : root.keySet()) {
      Object value = root.get(List.of(key));
      if (value != null && WHOLE.contains(key)) {
        tables.put(key, json(value));
      } else if (key.equals("package") && value instanceof TomlTable about) {
        tables.put(key, ofPackage(about));
      }
    }
    return new Json.Obj(tables);
  }

  private static Json ofPackage(TomlTable about) {
    Map<String, Json> members = new TreeMap<>();
    for (String key : OF_PACKAGE) {
      Object value = about.get(List.of(key));
      if (value != null) {
        members.put(key, json(value));
      }
    }
    return new Json.Obj(members);
  }

  /** TOML as JSON; what JSON has no type for (dates, wide or infinite numbers) as its text. */
  private static Json json(Object value) {
    return switch (value) {
      case String s -> Json.of(s);
      case Boolean b -> Json.of(b.booleanValue());
      case Long n ->
          Math.abs(n) <= Json.Int.MAX && n != Long.MIN_VALUE ? Json.of(n) : Json.of(n.toString());
      case Double d -> Double.isFinite(d) ? new Json.Real(d) : Json.of(d.toString());
      case TomlArray array -> {
        List<Json> items = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
          items.add(json(array.get(i)));
        }
        yield new Json.Array(items);
      }
      case TomlTable table -> {
        Map<String, Json> members = new TreeMap<>();
        for (String key : table.keySet()) {
          Object member = table.get(List.of(key));
          if (member != null) {
            members.put(key, json(member));
          }
        }
        yield new Json.Obj(members);
      }
      default -> Json.of(value.toString());
    };
  }
}
