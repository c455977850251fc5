package dev.raya.resolver.manifest;

import dev.raya.resolver.manifest.Dependency.GitReference;
import dev.raya.resolver.manifest.Dependency.Source;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the tables of dependencies of a manifest. */
final class DependencyReader {
  private static final List<String> SOURCES = List.of("path", "git", "url", "workspace");

  private final Values values;

  DependencyReader(Values values) {
    this.values = values;
  }

  /**
   * Reads a table.
   *
   * @param table the table, null if it is absent
   * @param inherit whether {@code workspace = true} is allowed
   */
  Map<PackageName, Dependency> read(@Nullable TomlSection table, boolean inherit) {
    Map<PackageName, Dependency> dependencies = new LinkedHashMap<>();
    if (table == null) {
      return dependencies;
    }
    for (String key : table.keys()) {
      PackageName alias = alias(table, key);
      Dependency dependency = alias == null ? null : dependency(table, key, alias, inherit);
      if (dependency != null) {
        dependencies.put(dependency.alias(), dependency);
      }
    }
    return dependencies;
  }

  private static @Nullable PackageName alias(TomlSection table, String key) {
    PackageName alias = PackageName.tryParse(key);
    if (alias == null) {
      table
          .faults()
          .add(
              ResolverCode.BAD_NAME,
              table.at(key),
              "expected a package name such as logging or \"@acme/logging\", found \""
                  + ManifestFaults.cut(key)
                  + '"',
              PackageName.nearestText(key));
    }
    return alias;
  }

  private @Nullable Dependency dependency(
      TomlSection table, String key, PackageName alias, boolean inherit) {
    SourcePosition position = table.at(key);
    if (table.isString(key)) {
      VersionRange range = values.range(table, key, "^1.2");
      return range == null
          ? null
          : new Dependency(
              alias,
              alias,
              new Source.Registry(null),
              range,
              List.of(),
              true,
              false,
              List.of(),
              List.of(),
              position);
    }
    if (!table.isTable(key)) {
      table.unexpected(key, "a range such as \"^1.2\" or a table");
      return null;
    }
    TomlSection t = table.section(key);
    return t == null ? null : inTable(t, alias, inherit, position);
  }

  private @Nullable Dependency inTable(
      TomlSection t, PackageName alias, boolean inherit, SourcePosition position) {
    PackageName name = t.has("package") ? values.name(t, "package") : alias;
    VersionRange range = values.range(t, "version", "^1.2");
    Source source = source(t, inherit, position);
    Dependency dependency =
        name == null || source == null
            ? null
            : new Dependency(
                alias,
                name,
                source,
                range,
                values.features(t, "features"),
                t.bool("default-features", true),
                t.bool("optional", false),
                values.targets(t, "targets"),
                values.capabilities(t, "grant"),
                position);
    t.warnUnknown(
        "features",
        "default-features",
        "optional",
        "targets",
        "grant",
        "tag",
        "branch",
        "rev",
        "registry");
    return dependency;
  }

  private @Nullable Source source(TomlSection t, boolean inherit, SourcePosition position) {
    List<String> given = new ArrayList<>();
    for (String key : SOURCES) {
      if (t.has(key)) {
        given.add(key);
      }
    }
    if (given.size() > 1) {
      fault(t, position, "expected one of " + String.join(", ", given) + ", found all of them");
      return null;
    }
    if (!given.isEmpty() && t.has("registry")) {
      fault(t, position, "registry does not go together with " + given.getFirst());
      return null;
    }
    return given.isEmpty() ? registry(t, position) : of(given.getFirst(), t, inherit, position);
  }

  private static @Nullable Source registry(TomlSection t, SourcePosition position) {
    if (!t.has("version")) {
      t.missing("version", position, "a version, path, git or url");
      return null;
    }
    return new Source.Registry(t.string("registry", "acme"));
  }

  private static @Nullable Source of(
      String key, TomlSection t, boolean inherit, SourcePosition position) {
    switch (key) {
      case "path":
        {
          String path = t.string("path", "../util");
          return path == null ? null : path(t, path);
        }
      case "git":
        return git(t, position);
      case "url":
        {
          String url = t.string("url", "https://example.com/tool-1.0.0.tar.zst");
          return url == null ? null : new Source.Url(url);
        }
      default:
        if (!inherit || !t.bool("workspace", false)) {
          fault(t, position, "expected workspace = true in a member of a workspace");
          return null;
        }
        return new Source.Workspace();
    }
  }

  private static @Nullable Source path(TomlSection t, String path) {
    boolean bad =
        path.isEmpty()
            || path.startsWith("/")
            || path.length() > 1024
            || path.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':');
    if (bad) {
      t.fault(
          ResolverCode.MANIFEST_MALFORMED,
          "path",
          "expected a relative path with /, found \"" + ManifestFaults.cut(path) + '"');
      return null;
    }
    return new Source.Path(path);
  }

  private static @Nullable Source git(TomlSection t, SourcePosition position) {
    String url = t.string("git", "https://example.com/exp.git");
    GitReference kind = null;
    String reference = null;
    for (GitReference candidate : GitReference.values()) {
      String text = t.string(candidate.key(), "v0.2.0");
      if (text != null && kind != null) {
        fault(t, position, "expected one of tag, branch and rev");
        return null;
      }
      if (text != null) {
        kind = candidate;
        reference = text;
      }
    }
    return url == null ? null : new Source.Git(url, kind, reference);
  }

  private static void fault(TomlSection t, SourcePosition position, String message) {
    t.faults().add(ResolverCode.MANIFEST_MALFORMED, position, message, null);
  }
}
