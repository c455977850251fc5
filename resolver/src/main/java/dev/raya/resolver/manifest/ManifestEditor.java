package dev.raya.resolver.manifest;

import dev.raya.resolver.manifest.Dependency.GitReference;
import dev.raya.resolver.manifest.Dependency.Source;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.MutableTomlArray;
import org.tomlj.MutableTomlTable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;
import org.tomlj.TomlVersion;
import org.tomlj.TomlWriteOptions;

/**
 * Edits a {@code raya.toml} in place (packages.md section 2): only what is asked for changes;
 * comments, order, spacing and line ends of the rest survive byte for byte. Not thread-safe.
 */
public final class ManifestEditor {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Inline tables stay on one line: TOML 1.0 knows no others. */
  private static final TomlWriteOptions OPTIONS =
      TomlWriteOptions.defaults().withMaxLineWidth(100_000).withVersion(TomlVersion.V1_0_0);

  private static final List<String> SOURCE_KEYS =
      List.of("path", "git", "tag", "branch", "rev", "url", "registry", "workspace");

  private final String file;
  private final String mark;
  private final String original;
  private final TomlParseResult toml;
  private boolean changed;

  private ManifestEditor(String file, String mark, String text) {
    this.file = file;
    this.mark = mark;
    this.original = text;
    this.toml = Toml.parse(text);
  }

  /** A table of dependencies. */
  public enum Table {
    /** {@code [dependencies]}. */
    DEPENDENCIES(List.of("dependencies")),
    /** {@code [dev-dependencies]}. */
    DEV_DEPENDENCIES(List.of("dev-dependencies")),
    /** {@code [workspace.dependencies]}. */
    WORKSPACE_DEPENDENCIES(List.of("workspace", "dependencies"));

    private final List<String> path;

    Table(List<String> path) {
      this.path = path;
    }

    private List<String> key(String... more) {
      List<String> key = new ArrayList<>(path);
      key.addAll(List.of(more));
      return key;
    }
  }

  /**
   * Opens a manifest.
   *
   * @param file its name as messages shall show it
   * @param document its bytes
   * @throws ManifestException if it cannot be read as a manifest
   */
  public static ManifestEditor open(String file, byte[] document) throws ManifestException {
    ManifestReader.read(file, document);
    String text = new String(document, StandardCharsets.UTF_8);
    String mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
    return new ManifestEditor(file, mark, text.substring(mark.length()));
  }

  /** Whether the dependency stands in the table. */
  public boolean hasDependency(Table table, PackageName alias) {
    return toml.get(table.key(alias.text())) != null;
  }

  /** The range of a dependency as it is written there, or null if it has none. */
  public @Nullable String range(Table table, PackageName alias) {
    Object present = toml.get(table.key(alias.text()));
    Object range = present instanceof TomlTable there ? there.get(List.of("version")) : present;
    return range instanceof String written ? written : null;
  }

  /**
   * Adds a dependency or changes the one that stands there. A new one is a plain string if a range
   * says it all, else an inline table.
   */
  public void setDependency(Table table, PackageName alias, DependencyEdit edit) {
    List<String> key = table.key(alias.text());
    Object present = toml.get(key);
    String range = edit.range();
    if (present instanceof TomlTable there) {
      editMembers(key, there, edit);
    } else if (edit.isPlain() && range != null) {
      set(key, range);
    } else {
      MutableTomlTable entry = MutableTomlTable.createInline();
      if (range != null) {
        entry.set(List.of("version"), range);
      } else if (present instanceof String kept) {
        entry.set(List.of("version"), kept);
      }
      write(new Members(entry), edit);
      set(key, entry);
    }
  }

  /**
   * Takes a dependency away, with the comment that stands directly above it.
   *
   * @return whether it was there
   */
  public boolean removeDependency(Table table, PackageName alias) {
    return remove(table.key(alias.text()));
  }

  /**
   * Sets the version of the package.
   *
   * @throws IllegalStateException if the manifest has no {@code [package]}
   */
  public void setVersion(Version version) {
    if (!toml.isTable(List.of("package"))) {
      throw new IllegalStateException(file + " has no [package]");
    }
    set(List.of("package", "version"), version.text());
  }

  /** Pins the toolchain. */
  public void setToolchain(Version version) {
    set(List.of("toolchain", "version"), version.text());
  }

  /** Adds capabilities to {@code [grants]} for a package further down. */
  public void addGrants(PackageName name, List<Capability> capabilities) {
    List<String> key = List.of("grants", name.text());
    set(key, union(toml.get(key), texts(capabilities)));
  }

  /** Sets an override; {@code dependent} null for everybody's requirement. */
  public void setOverride(@Nullable PackageName dependent, PackageName name, String range) {
    String key = dependent == null ? name.text() : dependent.text() + '>' + name.text();
    set(List.of("resolution", "override", key), range);
  }

  /** Sets a key of {@code [scripts]}. */
  public void setScript(String script, String command) {
    set(List.of("scripts", script), command);
  }

  /** The manifest's bytes with the edits; the very bytes that were opened if there are none. */
  public byte[] bytes() {
    return text().getBytes(StandardCharsets.UTF_8);
  }

  /** The manifest's text with the edits. */
  public String text() {
    String edited = changed ? toml.toToml(OPTIONS) : original;
    if (changed && Toml.parse(edited).hasErrors()) {
      throw new IllegalStateException("an edit of " + file + " does not read back");
    }
    return mark + edited;
  }

  /** Where the members of a dependency's table go. */
  private record Members(MutableTomlTable table) {
    void put(String key, Object value) {
      table.set(List.of(key), value);
    }
  }

  private void editMembers(List<String> key, TomlTable there, DependencyEdit edit) {
    MutableTomlTable entry = toml.getTable(key);
    if (entry == null) {
      throw new IllegalStateException(file + ": " + key + " is no table");
    }
    String range = edit.range();
    if (edit.source() != null) {
      for (String source : SOURCE_KEYS) {
        if (there.keySet().contains(source)) {
          entry.remove(List.of(source));
          changed = true;
        }
      }
    }
    if (range != null && !range.equals(there.get(List.of("version")))) {
      entry.set(List.of("version"), range);
      changed = true;
    }
    write(new Members(entry), edit);
  }

  private void write(Members entry, DependencyEdit edit) {
    PackageName name = edit.name();
    if (name != null) {
      put(entry, "package", name.text());
    }
    Source source = edit.source();
    if (source != null) {
      write(entry, source);
    }
    if (!edit.features().isEmpty()) {
      put(entry, "features", union(entry.table().get(List.of("features")), edit.features()));
    }
    if (edit.defaultFeatures() != null) {
      put(entry, "default-features", edit.defaultFeatures());
    }
    if (edit.optional() != null) {
      put(entry, "optional", edit.optional());
    }
    if (!edit.targets().isEmpty()) {
      put(entry, "targets", MutableTomlArray.copyOf(edit.targets()));
    }
    if (!edit.grant().isEmpty()) {
      put(entry, "grant", union(entry.table().get(List.of("grant")), texts(edit.grant())));
    }
  }

  private void write(Members entry, Source source) {
    switch (source) {
      case Source.Registry(String key) -> {
        if (key != null) {
          put(entry, "registry", key);
        }
      }
      case Source.Path(String path) -> put(entry, "path", path);
      case Source.Git(String url, GitReference kind, String reference) -> {
        put(entry, "git", url);
        if (kind != null && reference != null) {
          put(entry, kind.key(), reference);
        }
      }
      case Source.Url(String url) -> put(entry, "url", url);
      case Source.Workspace() -> put(entry, "workspace", true);
    }
  }

  /** Leaves a member alone that already has the value. */
  private void put(Members entry, String key, Object value) {
    if (!same(entry.table().get(List.of(key)), value)) {
      entry.put(key, value);
      changed = true;
    }
  }

  private void set(List<String> key, Object value) {
    if (!same(toml.get(key), value)) {
      toml.set(key, value);
      changed = true;
    }
  }

  private boolean remove(List<String> key) {
    if (toml.get(key) == null) {
      return false;
    }
    toml.remove(key);
    changed = true;
    return true;
  }

  private static boolean same(@Nullable Object present, Object value) {
    return present instanceof TomlArray a && value instanceof TomlArray b
        ? Toml.equals(a, b)
        : value.equals(present);
  }

  /** The strings of a list that stands there, then those that are new, sorted. */
  private static MutableTomlArray union(@Nullable Object present, Collection<String> added) {
    List<String> all = new ArrayList<>();
    if (present instanceof TomlArray array) {
      for (Object item : array.toList()) {
        if (item instanceof String text) {
          all.add(text);
        }
      }
    }
    for (String text : new TreeSet<>(added)) {
      if (!all.contains(text)) {
        all.add(text);
      }
    }
    return MutableTomlArray.copyOf(all);
  }

  private static List<String> texts(List<Capability> capabilities) {
    return capabilities.stream().map(Capability::text).toList();
  }
}
