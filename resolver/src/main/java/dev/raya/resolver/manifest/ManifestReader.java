package dev.raya.resolver.manifest;

import dev.raya.resolver.manifest.Manifest.PackageSection;
import dev.raya.resolver.manifest.Manifest.ResolutionSection;
import dev.raya.resolver.manifest.Manifest.WorkspaceSection;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;

/**
 * Reads {@code raya.toml} (packages.md section 2). All faults of a file are found in one run, each
 * with file, line, column and the nearest valid spelling; unknown keys are warnings.
 */
public final class ManifestReader {
  /** Longest manifest, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /** Most keywords of a package. */
  public static final int MAX_KEYWORDS = 8;

  private static final int MAX_DEPTH = 16;

  private final ManifestFaults faults;
  private final TomlSection root;
  private final Values values;

  private ManifestReader(ManifestFaults faults, TomlParseResult toml) {
    this.faults = faults;
    this.root = new TomlSection(toml, "", faults);
    this.values = new Values();
  }

  /**
   * Reads a manifest.
   *
   * @param file its name as messages shall show it
   * @param document its bytes
   * @throws ManifestException with every fault found
   */
  public static Manifest read(String file, byte[] document) throws ManifestException {
    if (document.length > MAX_BYTES) {
      throw malformed(file, "expected at most " + MAX_BYTES + " bytes, found " + document.length);
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
    } catch (CharacterCodingException e) {
      throw malformed(file, "expected UTF-8, found an ill-formed sequence");
    }
    return read(file, text);
  }

  /**
   * Reads a manifest from disk.
   *
   * @param path the file
   * @param file its name as messages shall show it
   * @throws ManifestException if there is no such file, or with every fault found
   * @throws IOException if it is there and cannot be read
   */
  public static Manifest readFile(Path path, String file) throws ManifestException, IOException {
    return read(file, bytes(path, file));
  }

  /**
   * A manifest's bytes, at most one more than {@link #MAX_BYTES}, which {@link #read} refuses.
   *
   * @param path the file
   * @param file its name as messages shall show it
   * @throws ManifestException if there is no such file
   * @throws IOException if it is there and cannot be read
   */
  public static byte[] bytes(Path path, String file) throws ManifestException, IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw malformed(file, "there is no such file; `raya-pm init` writes one");
    }
  }

  /**
   * Reads a manifest that is already text.
   *
   * @throws ManifestException with every fault found
   */
  public static Manifest read(String file, String document) throws ManifestException {
    SourceText source = new SourceText(file, document);
    ManifestFaults faults = new ManifestFaults(source);
    // Some editors on Windows put a byte-order mark; it is no part of the text.
    TomlParseResult toml =
        Toml.parse(source.text(), TomlParseOptions.sourceless().withMaxNestingDepth(MAX_DEPTH));
    for (TomlParseError error : toml.errors()) {
      String message = error.getMessage();
      faults.add(
          ResolverCode.MANIFEST_MALFORMED,
          faults.position(error.position()),
          "not TOML: " + (message == null ? "unreadable" : message) + hint(source.text()),
          null);
      if (!hint(source.text()).isEmpty()) {
        break; // what follows from it says nothing more
      }
    }
    faults.throwIfAny();
    return new ManifestReader(faults, toml).manifest(toml);
  }

  private static boolean isJson(String text) {
    return text.stripLeading().startsWith("{");
  }

  /** What was probably done where a document is not even nearly TOML. */
  private static String hint(String text) {
    if (isJson(text)) {
      return "; this looks like JSON, where [package] and name = \"hello\" are expected";
    }
    boolean conflict = text.lines().anyMatch(line -> line.startsWith("<<<<<<< "));
    return conflict
        ? "; a merge has left its conflict marks (<<<<<<<, =======, >>>>>>>): keep what is right of both"
            + " sides here, and `raya-pm lock --repair` merges raya.lock"
        : "";
  }

  private static ManifestException malformed(String file, String message) {
    return new ManifestException(
        List.of(
            new ManifestFault(
                ResolverCode.MANIFEST_MALFORMED, SourcePosition.beginning(file), message, null)));
  }

  private Manifest manifest(TomlParseResult toml) throws ManifestException {
    TomlSection workspaceTable = root.section("workspace");
    PackageSection about = about(root.section("package"), workspaceTable != null);
    Tables tables = new Tables(values);
    DependencyReader dependencies = new DependencyReader(values);
    Map<PackageName, Dependency> main = dependencies.read(root.section("dependencies"), true);
    Map<PackageName, Dependency> dev = dependencies.read(root.section("dev-dependencies"), true);
    WorkspaceSection workspace = workspace(workspaceTable, dependencies);
    Manifest manifest =
        new Manifest(
            faults.file(),
            about,
            tables.exports(root.section("exports")),
            main,
            dev,
            tables.constraints(root.section("constraints")),
            tables.grants(root.section("grants")),
            tables.features(root.section("features"), main),
            tables.natives(root.section("native")),
            tables.files(root, "bin", "src/cli.raya"),
            root.stringTable("scripts", "rayac fmt --check"),
            resolution(root.section("resolution"), tables),
            tables.policy(root.section("policy")),
            workspace,
            toolchain(root.section("toolchain")),
            tables.registries(root.section("registries")),
            trust(root.section("trust")),
            List.of(),
            ManifestDigest.resolutionInput(toml));
    root.warnUnknown();
    requireKnownRegistries(manifest);
    faults.throwIfAny();
    return withWarnings(manifest);
  }

  private Manifest withWarnings(Manifest m) {
    return new Manifest(
        m.file(),
        m.about(),
        m.exports(),
        m.dependencies(),
        m.devDependencies(),
        m.constraints(),
        m.grants(),
        m.features(),
        m.natives(),
        m.bin(),
        m.scripts(),
        m.resolution(),
        m.policy(),
        m.workspace(),
        m.toolchain(),
        m.registries(),
        m.trustLevel(),
        faults.warnings(),
        m.resolutionInput());
  }

  private @Nullable PackageSection about(@Nullable TomlSection t, boolean workspaceRoot) {
    if (t == null) {
      if (!workspaceRoot && !root.has("package")) {
        root.missing("package", SourcePosition.beginning(faults.file()), "a table [package]");
      }
      return null;
    }
    PackageName name = name(t);
    Version version = values.version(t, "version");
    VersionRange raya = values.range(t, "raya", ">=1.0");
    List<String> keywords = t.strings("keywords", "log");
    if (keywords.size() > MAX_KEYWORDS) {
      t.fault(
          ResolverCode.MANIFEST_MALFORMED,
          "keywords",
          "expected at most " + MAX_KEYWORDS + " keywords, found " + keywords.size());
    }
    String license = t.text("license", "MIT");
    if (!license.isEmpty()) {
      SpdxExpression.check(t, "license", license);
    }
    PackageSection about =
        name == null
            ? null
            : new PackageSection(
                name,
                version,
                t.text("description", "Structured logging"),
                t.strings("authors", "A. Name <a@example.com>"),
                license,
                t.text("repository", "https://example.com/acme/logging"),
                keywords,
                values.file(t, "main", "src/index.raya"),
                raya == null ? VersionRange.ANY : raya,
                t.strings("include", "src/**"),
                t.bool("include-source", false),
                t.has("raya") ? t.at("raya") : null);
    t.warnUnknown("description", "authors", "repository", "main", "include", "include-source");
    return about;
  }

  private @Nullable PackageName name(TomlSection t) {
    if (!t.has("name")) {
      t.missing("name", root.at("package"), "a name in [package], such as name = \"hello\"");
      return null;
    }
    PackageName name = values.name(t, "name");
    if (name != null && name.isReserved()) {
      t.fault(ResolverCode.BAD_NAME, "name", "the name \"" + name + "\" is reserved");
    }
    return name;
  }

  private @Nullable WorkspaceSection workspace(
      @Nullable TomlSection t, DependencyReader dependencies) {
    if (t == null) {
      return null;
    }
    List<String> members = t.strings("members", "packages/*");
    for (String member : members) {
      if (!Values.isInside(member)) {
        t.fault(
            ResolverCode.MANIFEST_MALFORMED,
            "members",
            "expected folders inside the workspace, found \"" + ManifestFaults.cut(member) + '"');
      }
    }
    Map<PackageName, Dependency> shared = dependencies.read(t.section("dependencies"), false);
    t.warnUnknown();
    return new WorkspaceSection(members, shared);
  }

  private ResolutionSection resolution(@Nullable TomlSection t, Tables tables) {
    if (t == null) {
      return ResolutionSection.DEFAULT;
    }
    String strategy = values.oneOf(t, "conflict-strategy", List.of("relaxed", "strict"));
    ResolutionSection section =
        new ResolutionSection(
            "strict".equals(strategy),
            values.targets(t, "targets"),
            values.age(t, "min-release-age"),
            tables.overrides(t.section("override")));
    t.warnUnknown();
    return section;
  }

  private @Nullable Version toolchain(@Nullable TomlSection t) {
    if (t == null) {
      return null;
    }
    Version version = values.version(t, "version");
    t.warnUnknown();
    return version;
  }

  private @Nullable String trust(@Nullable TomlSection t) {
    if (t == null) {
      return null;
    }
    String level = values.oneOf(t, "level", List.of("permissive", "normal", "strict"));
    t.warnUnknown();
    return level;
  }

  /** Each {@code registry = "…"} must name a key of {@code [registries]}. */
  private void requireKnownRegistries(Manifest manifest) {
    List<Dependency> all = new ArrayList<>(manifest.dependencies().values());
    all.addAll(manifest.devDependencies().values());
    WorkspaceSection workspace = manifest.workspace();
    if (workspace != null) {
      all.addAll(workspace.dependencies().values());
    }
    for (Dependency dependency : all) {
      if (dependency.source() instanceof Dependency.Source.Registry(String key)
          && key != null
          && !manifest.registries().containsKey(key)) {
        faults.add(
            ResolverCode.MANIFEST_MALFORMED,
            dependency.position(),
            "no registry \"" + ManifestFaults.cut(key) + "\" in [registries]",
            Spelling.nearest(key, manifest.registries().keySet()));
      }
    }
  }
}
