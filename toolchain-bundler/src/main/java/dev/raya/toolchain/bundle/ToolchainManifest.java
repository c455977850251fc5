package dev.raya.toolchain.bundle;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.toolchain.bundle.ToolchainException.Code;
import dev.raya.toolchain.platform.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * {@code toolchain.json}: what a toolchain is and which files it consists of (toolchain.md section
 * 2).
 *
 * @param version SemVer text
 * @param target the platform
 * @param components parts present, in the order of {@link Component}
 * @param files every file but {@code toolchain.json} itself, by path
 * @param bytecode what it writes and runs
 * @param nativeAbi version of the native modules' interface
 */
public record ToolchainManifest(
    String version,
    Target target,
    List<Component> components,
    List<ToolchainFile> files,
    BytecodeLevel bytecode,
    int nativeAbi) {
  /** Name of the file in the toolchain's home. */
  public static final String FILE = "toolchain.json";

  /** Value of the member {@code schema}. */
  public static final String SCHEMA = "raya/toolchain/1";

  /** Largest file that is read. */
  public static final int MAX_BYTES = 16 << 20;

  /** Most files of a toolchain. */
  public static final int MAX_FILES = 50_000;

  private static final Set<String> MEMBERS =
      Set.of("schema", "version", "target", "components", "files", "bytecode", "nativeAbi");

  /** Sorts components and files, so that equal toolchains have equal bytes. */
  public ToolchainManifest {
    components = components.stream().distinct().sorted().toList();
    files = files.stream().sorted(Comparator.comparing(ToolchainFile::path)).toList();
  }

  /** The canonical bytes. */
  public byte[] bytes() {
    List<Json> fileList = new ArrayList<>(files.size());
    for (ToolchainFile file : files) {
      fileList.add(
          Json.object()
              .put("path", file.path())
              .put("size", file.size())
              .put("sha256", file.digest().hex())
              .put("component", file.component().id())
              .put("executable", file.executable())
              .build());
    }
    return CanonicalJson.bytes(
        Json.object()
            .put("schema", SCHEMA)
            .put("version", version)
            .put("target", target.id())
            .put("components", Json.strings(components.stream().map(Component::id).toList()))
            .put("files", Json.array(fileList))
            .put(
                "bytecode",
                Json.object()
                    .put("major", bytecode.major())
                    .put("minor", bytecode.minor())
                    .put("minVm", bytecode.minVm())
                    .put("languageLevel", bytecode.languageLevel())
                    .build())
            .put("nativeAbi", nativeAbi)
            .build());
  }

  /**
   * Reads a manifest strictly.
   *
   * @throws ToolchainException with {@link Code#BUNDLE_REFUSED} if it is malformed
   */
  public static ToolchainManifest read(byte[] document) throws ToolchainException {
    if (document.length > MAX_BYTES) {
      throw refused("expected at most " + MAX_BYTES + " bytes, found " + document.length);
    }
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      root.only(MEMBERS);
      if (!root.string("schema").equals(SCHEMA)) {
        throw root.fault("schema", "expected " + SCHEMA + ", found " + root.string("schema"));
      }
      Target target =
          Target.parse(root.string("target"))
              .orElseThrow(() -> refused("unknown target " + quote(root, "target")));
      List<Component> components = new ArrayList<>();
      for (String id : root.strings("components")) {
        components.add(component(id));
      }
      List<JsonFields> list = root.list("files");
      if (list.size() > MAX_FILES) {
        throw root.fault("files", "more than " + MAX_FILES);
      }
      List<ToolchainFile> files = new ArrayList<>(list.size());
      for (JsonFields file : list) {
        files.add(
            new ToolchainFile(
                file.string("path"),
                file.integer("size"),
                new Digest(file.string("sha256")),
                component(file.string("component")),
                file.bool("executable", false)));
      }
      JsonFields bytecode = root.fields("bytecode");
      return new ToolchainManifest(
          root.string("version"),
          target,
          components,
          files,
          new BytecodeLevel(
              level(bytecode, "major"),
              level(bytecode, "minor"),
              level(bytecode, "minVm"),
              level(bytecode, "languageLevel")),
          root.integer("nativeAbi", 1, Integer.MAX_VALUE));
    } catch (JsonException | IllegalArgumentException e) {
      throw new ToolchainException(Code.BUNDLE_REFUSED, FILE + " is refused: " + e.getMessage(), e);
    }
  }

  private static int level(JsonFields fields, String name) throws JsonException {
    return fields.integer(name, 0, Integer.MAX_VALUE);
  }

  private static Component component(String id) throws ToolchainException {
    return Component.parse(id).orElseThrow(() -> refused("unknown component \"" + id + '"'));
  }

  private static String quote(JsonFields fields, String name) {
    return String.valueOf(fields.object().get(name));
  }

  private static ToolchainException refused(String message) {
    return new ToolchainException(Code.BUNDLE_REFUSED, FILE + " is refused: " + message);
  }
}
