package dev.raya.resolver.metadata;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.resolver.manifest.FeatureItem;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members that {@code metadata.json} and the version lines of an index document share
 * (packages.md section 5, registry.md section 1.4), read strictly and bounded, written so that
 * empty and default members are absent.
 */
public final class MetadataJson {
  /** Most dependencies, constraints or features of one version. */
  public static final int MAX_DEPENDENCIES = 4096;

  /** Most native artifacts of one version. */
  public static final int MAX_NATIVES = 64;

  private MetadataJson() {}

  /**
   * A required version.
   *
   * @throws JsonException if it is absent or no version
   */
  public static Version version(JsonFields fields, String member) throws JsonException {
    String text = fields.string(member);
    Version version = Version.tryParse(text);
    if (version == null) {
      throw fields.fault(member, "expected a version, found \"" + cut(text) + '"');
    }
    return version;
  }

  /**
   * A required package name.
   *
   * @throws JsonException if it is absent or no name
   */
  public static PackageName name(JsonFields fields, String member) throws JsonException {
    String text = fields.string(member);
    PackageName name = PackageName.tryParse(text);
    if (name == null) {
      throw fields.fault(member, "expected a package name, found \"" + cut(text) + '"');
    }
    return name;
  }

  /**
   * A range in the written form; {@code *} where it is absent.
   *
   * @throws JsonException if it is no range
   */
  public static VersionRange range(JsonFields fields, String member) throws JsonException {
    String text = fields.optionalString(member);
    if (text == null) {
      return VersionRange.ANY;
    }
    try {
      return VersionRange.parseWritten(text);
    } catch (VersionException e) {
      throw fields.fault(member, e.text());
    }
  }

  /**
   * A required digest, 64 hexadecimal digits.
   *
   * @throws JsonException if it is absent or no digest
   */
  public static Digest digest(JsonFields fields, String member) throws JsonException {
    String text = fields.string(member);
    if (!Digest.isHex(text)) {
      throw fields.fault(member, "expected 64 hexadecimal digits, found \"" + cut(text) + '"');
    }
    return new Digest(text);
  }

  /**
   * A size in bytes.
   *
   * @throws JsonException if it is absent or negative
   */
  public static long size(JsonFields fields, String member) throws JsonException {
    long size = fields.integer(member);
    if (size < 0) {
      throw fields.fault(member, "expected a size, found " + size);
    }
    return size;
  }

  /**
   * {@code dependencies}.
   *
   * @throws JsonException if one is malformed, an alias occurs twice or there are too many
   */
  public static List<PublishedDependency> dependencies(JsonFields fields) throws JsonException {
    List<JsonFields> items = bounded(fields, "dependencies", MAX_DEPENDENCIES);
    List<PublishedDependency> dependencies = new ArrayList<>(items.size());
    Set<PackageName> seen = new HashSet<>();
    for (JsonFields item : items) {
      PackageName alias = name(item, "name");
      if (!seen.add(alias)) {
        throw item.fault("name", "\"" + alias + "\" occurs twice");
      }
      dependencies.add(
          new PublishedDependency(
              alias,
              item.has("package") ? name(item, "package") : alias,
              range(item, "range"),
              item.optionalString("registry"),
              item.bool("optional", false),
              features(item),
              item.bool("defaultFeatures", true),
              item.strings("targets"),
              capabilities(item, "grant")));
    }
    return dependencies;
  }

  private static List<String> features(JsonFields item) throws JsonException {
    List<String> features = item.strings("features");
    for (String feature : features) {
      if (!FeatureItem.isFeature(feature)) {
        throw item.fault("features", "expected feature names, found \"" + cut(feature) + '"');
      }
    }
    return features;
  }

  /** The value of {@code dependencies}; null if there are none. */
  public static @Nullable Json write(List<PublishedDependency> dependencies) {
    if (dependencies.isEmpty()) {
      return null;
    }
    List<Json> items = new ArrayList<>();
    for (PublishedDependency d : dependencies) {
      items.add(
          Json.object()
              .put("name", d.alias().text())
              .putIfPresent("package", d.alias().equals(d.name()) ? null : Json.of(d.name().text()))
              .put("range", d.range().text())
              .putUnlessEmpty("registry", d.registry())
              .putIfPresent("optional", d.optional() ? Json.of(true) : null)
              .putUnlessEmpty("features", d.features())
              .putIfPresent("defaultFeatures", d.defaultFeatures() ? null : Json.of(false))
              .putUnlessEmpty("targets", d.targets())
              .putUnlessEmpty("grant", texts(d.grant()))
              .build());
    }
    return Json.array(items);
  }

  /**
   * {@code constraints}.
   *
   * @throws JsonException if one is malformed, a name occurs twice or there are too many
   */
  public static List<PublishedConstraint> constraints(JsonFields fields) throws JsonException {
    List<JsonFields> items = bounded(fields, "constraints", MAX_DEPENDENCIES);
    List<PublishedConstraint> constraints = new ArrayList<>(items.size());
    Set<PackageName> seen = new HashSet<>();
    for (JsonFields item : items) {
      PackageName name = name(item, "name");
      if (!seen.add(name)) {
        throw item.fault("name", "\"" + name + "\" occurs twice");
      }
      constraints.add(new PublishedConstraint(name, range(item, "range")));
    }
    return constraints;
  }

  /** The value of {@code constraints}; null if there are none. */
  public static @Nullable Json writeConstraints(List<PublishedConstraint> constraints) {
    if (constraints.isEmpty()) {
      return null;
    }
    List<Json> items = new ArrayList<>();
    for (PublishedConstraint c : constraints) {
      items.add(Json.object().put("name", c.name().text()).put("range", c.range().text()).build());
    }
    return Json.array(items);
  }

  /**
   * {@code features}: an object of lists of items.
   *
   * @throws JsonException if a name or item is malformed or there are too many
   */
  public static Map<String, List<String>> featureTable(JsonFields fields) throws JsonException {
    JsonFields table = fields.optionalFields("features");
    Map<String, List<String>> features = new LinkedHashMap<>();
    if (table == null) {
      return features;
    }
    if (table.names().size() > MAX_DEPENDENCIES) {
      throw fields.fault("features", "expected at most " + MAX_DEPENDENCIES + " features");
    }
    for (String feature : table.names()) {
      List<String> items = table.strings(feature);
      if (!FeatureItem.isFeature(feature) || items.size() > MAX_DEPENDENCIES) {
        throw table.fault(feature, "expected a feature's name and its items");
      }
      for (String item : items) {
        if (FeatureItem.tryParse(item) == null) {
          throw table.fault(
              feature, "expected dep:NAME, a feature or NAME/FEATURE, found \"" + cut(item) + '"');
        }
      }
      features.put(feature, List.copyOf(items));
    }
    return features;
  }

  /** The value of {@code features}; null if there are none. */
  public static @Nullable Json writeFeatures(Map<String, List<String>> features) {
    if (features.isEmpty()) {
      return null;
    }
    Json.ObjectBuilder table = Json.object();
    features.forEach((feature, items) -> table.put(feature, Json.strings(items)));
    return table.build();
  }

  /**
   * A list of capabilities.
   *
   * @throws JsonException if one is unknown
   */
  public static List<Capability> capabilities(JsonFields fields, String member)
      throws JsonException {
    List<Capability> capabilities = new ArrayList<>();
    for (String text : fields.strings(member)) {
      Capability capability = Capability.tryParse(text);
      if (capability == null) {
        throw fields.fault(member, "expected capabilities, found \"" + cut(text) + '"');
      }
      capabilities.add(capability);
    }
    return capabilities;
  }

  /** The texts of capabilities. */
  public static List<String> texts(List<Capability> capabilities) {
    return capabilities.stream().map(Capability::text).toList();
  }

  /**
   * Native artifacts.
   *
   * @param fields the object that holds them
   * @param member its member, {@code native} or {@code natives}
   * @throws JsonException if one is malformed, a module and target occur twice or there are too
   *     many
   */
  public static List<NativeBlob> natives(JsonFields fields, String member) throws JsonException {
    List<NativeBlob> natives = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (JsonFields item : bounded(fields, member, MAX_NATIVES)) {
      String module = item.string("module");
      if (!Capability.isNativeModule(module)) {
        throw item.fault("module", "expected a native module's name, found \"" + cut(module) + '"');
      }
      String target = item.string("target");
      if (!seen.add(module + ' ' + target)) {
        throw item.fault("target", "\"" + cut(target) + "\" occurs twice");
      }
      String file = item.string("file");
      if (file.isEmpty() || file.length() > 100 || file.indexOf('/') >= 0) {
        throw item.fault("file", "expected a file name, found \"" + cut(file) + '"');
      }
      natives.add(
          new NativeBlob(
              module,
              item.optionalString("abi"),
              target,
              file,
              size(item, "size"),
              digest(item, "sha256")));
    }
    return natives;
  }

  /** The value of {@code native} or {@code natives}; null if there are none. */
  public static @Nullable Json writeNatives(List<NativeBlob> natives) {
    if (natives.isEmpty()) {
      return null;
    }
    List<Json> items = new ArrayList<>();
    for (NativeBlob n : natives) {
      items.add(
          Json.object()
              .put("module", n.module())
              .putUnlessEmpty("abi", n.abi())
              .put("target", n.target())
              .put("file", n.file())
              .put("size", n.size())
              .put("sha256", n.sha256().hex())
              .build());
    }
    return Json.array(items);
  }

  /**
   * {@code bytecode}.
   *
   * @throws JsonException if it is absent or malformed
   */
  public static BytecodeLevel bytecode(JsonFields fields) throws JsonException {
    JsonFields level = fields.fields("bytecode");
    return new BytecodeLevel(
        level.integer("major", 0, 65535),
        level.integer("minor", 0, 65535),
        level.integer("minVm", 0, 65535),
        level.integer("languageLevel", 0, 65535));
  }

  /** The value of {@code bytecode}. */
  public static Json write(BytecodeLevel level) {
    return Json.object()
        .put("major", level.major())
        .put("minor", level.minor())
        .put("minVm", level.minVm())
        .put("languageLevel", level.languageLevel())
        .build();
  }

  private static List<JsonFields> bounded(JsonFields fields, String member, int max)
      throws JsonException {
    List<JsonFields> items = fields.list(member);
    if (items.size() > max) {
      throw fields.fault(member, "expected at most " + max + " entries, found " + items.size());
    }
    return items;
  }

  static String cut(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
