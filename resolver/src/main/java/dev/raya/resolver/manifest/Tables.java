package dev.raya.resolver.manifest;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.manifest.Manifest.Constraint;
import dev.raya.resolver.manifest.Manifest.NativeModule;
import dev.raya.resolver.manifest.Manifest.Override;
import dev.raya.resolver.manifest.Manifest.PolicySection;
import dev.raya.resolver.manifest.Manifest.RegistryEntry;
import dev.raya.resolver.manifest.TomlSection.Item;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.ModulePath;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.policy.LicensePolicy;
import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the smaller tables of a manifest. */
final class Tables {
  private static final Set<String> TOOLCHAIN_NATIVES = Set.of("fs", "crypto");

  private static final String ALLOW = "allow-licenses";
  private static final String DENY = "deny-licenses";

  private final Values values;

  Tables(Values values) {
    this.values = values;
  }

  Map<ModulePath, String> exports(@Nullable TomlSection t) {
    Map<ModulePath, String> exports = new LinkedHashMap<>();
    if (t == null) {
      return exports;
    }
    for (String key : t.keys()) {
      String file = values.file(t, key, "src/sinks.raya");
      try {
        ModulePath path = ModulePath.parseExport(key);
        if (file != null) {
          exports.put(path, file);
        }
      } catch (NameException e) {
        t.faults().add(ResolverCode.MANIFEST_MALFORMED, t.at(key), e.text(), null);
      }
    }
    return exports;
  }

  Map<String, String> files(TomlSection root, String key, String example) {
    Map<String, String> files = new LinkedHashMap<>();
    TomlSection t = root.section(key);
    if (t != null) {
      for (String name : t.keys()) {
        String file = values.file(t, name, example);
        if (!isCommand(name)) {
          t.faults()
              .add(
                  ResolverCode.MANIFEST_MALFORMED,
                  t.at(name),
                  "expected a command's name (letters, digits, '-', '_', '.'), found \""
                      + ManifestFaults.cut(name)
                      + '"',
                  null);
        } else if (file != null) {
          files.put(name, file);
        }
      }
    }
    return files;
  }

  PolicySection policy(@Nullable TomlSection t) {
    if (t == null) {
      return PolicySection.DEFAULT;
    }
    List<String> allow = t.has(ALLOW) ? licenses(t, ALLOW) : null;
    List<String> deny = licenses(t, DENY);
    String advisories = values.oneOf(t, "advisories", List.of("report", "refuse"));
    t.warnUnknown();
    return new PolicySection(LicensePolicy.of(allow, deny), "refuse".equals(advisories));
  }

  private static List<String> licenses(TomlSection t, String key) {
    List<String> licenses = new ArrayList<>();
    for (Item item : t.items(key, "MIT")) {
      SpdxExpression.checkEntry(t, item);
      licenses.add(item.text());
    }
    return licenses;
  }

  private static boolean isCommand(String name) {
    return name.length() <= 64 && name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*");
  }

  Map<PackageName, Constraint> constraints(@Nullable TomlSection t) {
    Map<PackageName, Constraint> constraints = new LinkedHashMap<>();
    if (t != null) {
      for (String key : t.keys()) {
        PackageName name = name(t, key, key);
        VersionRange range = values.range(t, key, "<3");
        if (name != null && range != null) {
          constraints.put(name, new Constraint(name, range, t.at(key)));
        }
      }
    }
    return constraints;
  }

  Map<PackageName, List<Capability>> grants(@Nullable TomlSection t) {
    Map<PackageName, List<Capability>> grants = new LinkedHashMap<>();
    if (t != null) {
      for (String key : t.keys()) {
        PackageName name = name(t, key, key);
        List<Capability> capabilities = values.capabilities(t, key);
        if (name != null) {
          grants.put(name, Capability.sorted(capabilities));
        }
      }
    }
    return grants;
  }

  Map<String, List<FeatureItem>> features(
      @Nullable TomlSection t, Map<PackageName, Dependency> dependencies) {
    Map<String, List<FeatureItem>> features = new LinkedHashMap<>();
    if (t == null) {
      return features;
    }
    for (String key : t.keys()) {
      if (!FeatureItem.isFeature(key)) {
        t.faults()
            .add(
                ResolverCode.MANIFEST_MALFORMED,
                t.at(key),
                "expected a feature's name, found \"" + ManifestFaults.cut(key) + '"',
                null);
      }
      List<FeatureItem> items = new ArrayList<>();
      for (TomlSection.Item written : t.items(key, "dep:fmt")) {
        FeatureItem item = FeatureItem.tryParse(written.text());
        if (item == null) {
          fault(
              t,
              written.position(),
              "expected dep:NAME, a feature or NAME/FEATURE, found \""
                  + ManifestFaults.cut(written.text())
                  + '"',
              null);
        } else {
          requireTarget(t, written.position(), item, dependencies);
          items.add(item);
        }
      }
      features.put(key, List.copyOf(items));
    }
    return features;
  }

  private static void requireTarget(
      TomlSection t,
      SourcePosition position,
      FeatureItem item,
      Map<PackageName, Dependency> dependencies) {
    switch (item) {
      case FeatureItem.OptionalDependency(PackageName alias) -> {
        Dependency dependency = dependencies.get(alias);
        if (dependency == null) {
          missing(t, position, alias, dependencies);
        } else if (!dependency.optional()) {
          fault(t, position, "dep:" + alias + " names a dependency that is not optional", null);
        }
      }
      case FeatureItem.FeatureOf(PackageName alias, String feature) -> {
        if (!dependencies.containsKey(alias)) {
          missing(t, position, alias, dependencies);
        }
      }
      case FeatureItem.OtherFeature(String feature) -> {
        if (!t.keys().contains(feature)) {
          fault(
              t,
              position,
              "no feature \"" + feature + "\" in [features]",
              Spelling.nearest(feature, t.keys()));
        }
      }
    }
  }

  private static void missing(
      TomlSection t,
      SourcePosition position,
      PackageName alias,
      Map<PackageName, Dependency> dependencies) {
    fault(
        t,
        position,
        "no dependency \"" + alias + "\" in [dependencies]",
        Spelling.nearest(
            alias.text(), dependencies.keySet().stream().map(PackageName::text).toList()));
  }

  private static void fault(
      TomlSection t, SourcePosition position, String message, @Nullable String suggestion) {
    t.faults().add(ResolverCode.MANIFEST_MALFORMED, position, message, suggestion);
  }

  Map<String, NativeModule> natives(@Nullable TomlSection t) {
    Map<String, NativeModule> natives = new LinkedHashMap<>();
    if (t == null) {
      return natives;
    }
    for (String key : t.keys()) {
      TomlSection module = t.section(key);
      if (module == null) {
        continue;
      }
      if (!Capability.isNativeModule(key) || TOOLCHAIN_NATIVES.contains(key)) {
        t.faults()
            .add(
                ResolverCode.MANIFEST_MALFORMED,
                t.at(key),
                TOOLCHAIN_NATIVES.contains(key)
                    ? "native:" + key + " is the toolchain's"
                    : "expected a native module's name such as lz4, found \""
                        + ManifestFaults.cut(key)
                        + '"',
                null);
      }
      String abi = module.string("abi", "1");
      Map<String, String> artifacts = artifacts(module);
      module.warnUnknown();
      natives.put(key, new NativeModule(key, abi == null ? "1" : abi, artifacts));
    }
    return natives;
  }

  private Map<String, String> artifacts(TomlSection module) {
    Map<String, String> artifacts = new LinkedHashMap<>();
    TomlSection t = module.section("artifacts");
    if (t != null) {
      for (String target : t.keys()) {
        values.requireTarget(t, t.at(target), target);
        String file = values.file(t, target, "native/linux-x64/liblz4.so");
        if (file != null) {
          artifacts.put(target, file);
        }
      }
    }
    return artifacts;
  }

  List<Override> overrides(@Nullable TomlSection t) {
    List<Override> overrides = new ArrayList<>();
    if (t == null) {
      return overrides;
    }
    for (String key : t.keys()) {
      int arrow = key.indexOf('>');
      if (arrow != key.lastIndexOf('>')) {
        fault(
            t,
            t.at(key),
            "expected a package, or DEPENDENT>PACKAGE, found \"" + ManifestFaults.cut(key) + '"',
            null);
        continue;
      }
      PackageName dependent = arrow < 0 ? null : name(t, key, key.substring(0, arrow).strip());
      PackageName name = name(t, key, key.substring(arrow + 1).strip());
      VersionRange range = values.range(t, key, "1.5.3");
      if (name != null && range != null && (arrow < 0 || dependent != null)) {
        overrides.add(new Override(dependent, name, range, t.at(key)));
      }
    }
    return overrides;
  }

  Map<String, RegistryEntry> registries(@Nullable TomlSection t) {
    Map<String, RegistryEntry> registries = new LinkedHashMap<>();
    if (t == null) {
      return registries;
    }
    for (String key : t.keys()) {
      if (!t.isTable(key)) {
        t.unexpected(key, "a table such as { url = \"https://registry.example\" }");
        continue;
      }
      TomlSection registry = t.section(key);
      if (registry == null) {
        continue;
      }
      String url = registry.string("url", "https://registry.example");
      String root = registry.string("root", "sha256:…");
      if (root != null && !isRoot(root)) {
        registry.fault(
            ResolverCode.MANIFEST_MALFORMED,
            "root",
            "expected sha256: and 64 hex digits, as `raya-registry root` prints it, found \""
                + ManifestFaults.cut(root)
                + '"');
      }
      registry.warnUnknown();
      if (url == null) {
        if (!registry.has("url")) {
          t.fault(ResolverCode.MANIFEST_MALFORMED, key, "expected a url");
        }
      } else {
        registries.put(key, new RegistryEntry(key, url, root, t.at(key)));
      }
    }
    return registries;
  }

  private static boolean isRoot(String text) {
    return text.startsWith("sha256:") && Digest.isHex(text.substring("sha256:".length()));
  }

  /** A package name that stands in a key. */
  private static @Nullable PackageName name(TomlSection t, String key, String text) {
    PackageName name = PackageName.tryParse(text);
    if (name == null) {
      t.faults()
          .add(
              ResolverCode.BAD_NAME,
              t.at(key),
              "expected a package name such as logging or \"@acme/logging\", found \""
                  + ManifestFaults.cut(text)
                  + '"',
              PackageName.nearestText(text));
    }
    return name;
  }
}
