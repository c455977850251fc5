package dev.raya.resolver.manifest;

import dev.raya.resolver.manifest.TomlSection.Item;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Age;
import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the values that several tables of a manifest have. */
final class Values {
  /** The platforms there are (toolchain.md section 1). */
  static final List<String> TARGETS =
      List.of(
          "linux-x64", "linux-arm64", "linux-musl-x64", "macos-x64", "macos-arm64", "windows-x64");

  @Nullable PackageName name(TomlSection t, String key) {
    String text = t.string(key, "@acme/logging");
    return text == null ? null : name(t, key, text);
  }

  /** A name that is itself a key. */
  @Nullable PackageName name(TomlSection t, String key, String text) {
    try {
      return PackageName.parse(text);
    } catch (NameException e) {
      PackageName near = PackageName.nearest(text);
      t.fault(ResolverCode.BAD_NAME, key, e.text(), near == null ? null : near.text());
      return null;
    }
  }

  @Nullable Version version(TomlSection t, String key) {
    String text = t.string(key, "1.0.0");
    if (text == null) {
      return null;
    }
    try {
      return Version.parse(text);
    } catch (VersionException e) {
      Version near = Version.nearest(text);
      t.fault(ResolverCode.BAD_VERSION, key, e.text(), near == null ? null : near.text());
      return null;
    }
  }

  @Nullable VersionRange range(TomlSection t, String key, String example) {
    String text = t.string(key, example);
    if (text == null) {
      return null;
    }
    try {
      return VersionRange.parse(text);
    } catch (VersionException e) {
      t.fault(ResolverCode.BAD_VERSION, key, e.text());
      return null;
    }
  }

  @Nullable Duration age(TomlSection t, String key) {
    String text = t.string(key, "3d");
    if (text == null) {
      return null;
    }
    Duration age = Age.tryParse(text);
    if (age == null) {
      t.fault(
          ResolverCode.MANIFEST_MALFORMED,
          key,
          "expected a number and s, m, h, d or w, such as \"3d\", found \""
              + ManifestFaults.cut(text)
              + '"');
    }
    return age;
  }

  @Nullable String oneOf(TomlSection t, String key, List<String> words) {
    String text = t.string(key, words.getFirst());
    if (text == null || words.contains(text)) {
      return text;
    }
    t.fault(
        ResolverCode.MANIFEST_MALFORMED,
        key,
        "expected one of "
            + String.join(", ", words)
            + ", found \""
            + ManifestFaults.cut(text)
            + '"',
        Spelling.nearest(text, words));
    return null;
  }

  List<String> targets(TomlSection t, String key) {
    List<Item> targets = t.items(key, "linux-x64");
    for (Item target : targets) {
      requireTarget(t, target.position(), target.text());
    }
    return targets.stream().map(Item::text).toList();
  }

  void requireTarget(TomlSection t, SourcePosition position, String target) {
    if (!TARGETS.contains(target)) {
      t.faults()
          .add(
              ResolverCode.MANIFEST_MALFORMED,
              position,
              "expected targets ("
                  + String.join(", ", TARGETS)
                  + "), found \""
                  + ManifestFaults.cut(target)
                  + '"',
              Spelling.nearest(target, TARGETS));
    }
  }

  List<Capability> capabilities(TomlSection t, String key) {
    List<Capability> capabilities = new ArrayList<>();
    for (Item item : t.items(key, "net")) {
      String text = item.text();
      Capability capability = Capability.tryParse(text);
      if (capability == null) {
        t.faults()
            .add(
                ResolverCode.MANIFEST_MALFORMED,
                item.position(),
                "expected capabilities ("
                    + String.join(", ", Capability.NAMES)
                    + " or native:NAME), found \""
                    + ManifestFaults.cut(text)
                    + '"',
                Spelling.nearest(text, Capability.NAMES));
      } else {
        capabilities.add(capability);
      }
    }
    return capabilities;
  }

  List<String> features(TomlSection t, String key) {
    List<Item> features = t.items(key, "color");
    for (Item feature : features) {
      if (!FeatureItem.isFeature(feature.text())) {
        t.faults()
            .add(
                ResolverCode.MANIFEST_MALFORMED,
                feature.position(),
                "expected names of features, found \"" + ManifestFaults.cut(feature.text()) + '"',
                null);
      }
    }
    return features.stream().map(Item::text).toList();
  }

  /** A path of a file inside the package, with {@code /}. */
  @Nullable String file(TomlSection t, String key, String example) {
    String text = t.string(key, example);
    if (text != null && !isInside(text)) {
      t.fault(
          ResolverCode.MANIFEST_MALFORMED,
          key,
          "expected a path inside the package such as \""
              + example
              + "\", found \""
              + ManifestFaults.cut(text)
              + '"');
      return null;
    }
    return text;
  }

  /** Whether the path is relative, without {@code ..}, backslash, drive or control character. */
  static boolean isInside(String path) {
    if (path.isEmpty() || path.startsWith("/") || path.length() > 255) {
      return false;
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c < ' ' || c == '\\' || c == ':' || c == 0x7f) {
        return false;
      }
    }
    return !List.of(path.split("/", -1)).contains("..");
  }
}
