package dev.raya.registry.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.StorableJson;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionTag;
import dev.raya.signing.log.LogRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first part of a publish request: what the other parts will be (spec: registry.md 1.3).
 * Everything is bounded before a byte of them is read.
 *
 * @param name package
 * @param version version
 * @param archive digest, size and tree of the archive
 * @param natives native blobs, in the order of their parts
 * @param attestations attestations, in the order of their parts; the publish statement first
 * @param tag tag to set, or null
 * @param stage whether it is kept back until somebody promotes it
 * @param allowBreaking whether the interface may break that of the version before
 */
record Announcement(
    PackageName name,
    Version version,
    Archive archive,
    List<LogRecord.Native> natives,
    List<LogRecord.Attestation> attestations,
    @Nullable VersionTag tag,
    boolean stage,
    boolean allowBreaking) {
  /** Largest first part. */
  static final int MAX_BYTES = 64 << 10;

  /** Largest attestation. */
  static final int MAX_ATTESTATION = 256 << 10;

  private static final String SCHEMA = "raya/publish/1";
  private static final int MAX_ARCHIVE = 64 << 20;
  private static final int MAX_NATIVE = 64 << 20;
  private static final int MAX_NATIVES = 64;

  /** Native modules that come with every toolchain. */
  private static final Set<String> TOOLCHAINS = Set.of("fs", "crypto");

  private static final int MAX_ATTESTATIONS = 8;

  private static final Set<String> MEMBERS =
      Set.of(
          "schema",
          "name",
          "version",
          "archive",
          "natives",
          "attestations",
          "tag",
          "stage",
          "allowBreaking");

  /**
   * The archive as announced.
   *
   * @param digest of its bytes
   * @param size in bytes
   * @param tree of its files
   */
  record Archive(Digest digest, long size, Digest tree) {}

  /** The command that gives up what is staged under this version. */
  String dropping() {
    return "raya-pm stage drop " + name + '@' + version;
  }

  Announcement {
    natives = List.copyOf(natives);
    attestations = List.copyOf(attestations);
  }

  /**
   * Reads the part.
   *
   * @throws RegistryException if it is malformed, or something in it is larger than allowed
   */
  static Announcement read(byte[] part) throws RegistryException {
    try {
      JsonFields root = JsonFields.root(StorableJson.read(part));
      root.only(MEMBERS);
      if (!root.string("schema").equals(SCHEMA)) {
        throw root.fault("schema", "expected " + SCHEMA);
      }
      JsonFields archive = root.fields("archive");
      return new Announcement(
          PackageName.parse(root.string("name")),
          Version.parse(root.string("version")),
          new Archive(
              digest(archive, "sha256"), size(archive, MAX_ARCHIVE), digest(archive, "tree")),
          natives(root),
          attestations(root),
          tag(root),
          root.bool("stage", false),
          root.bool("allowBreaking", false));
    } catch (JsonException e) {
      throw new RegistryException(Problem.MALFORMED, "part publish: " + e.getMessage());
    } catch (NameException e) {
      throw new RegistryException(Problem.MALFORMED, "part publish: /name: " + e.getMessage());
    } catch (VersionException e) {
      throw new RegistryException(Problem.MALFORMED, "part publish: /version: " + e.getMessage());
    }
  }

  private static @Nullable VersionTag tag(JsonFields root) throws JsonException {
    String text = root.optionalString("tag");
    if (text == null) {
      return null;
    }
    if (!VersionTag.isTag(text)) {
      throw root.fault("tag", "expected a tag, such as next");
    }
    return new VersionTag(text);
  }

  private static List<LogRecord.Native> natives(JsonFields root)
      throws JsonException, RegistryException {
    List<LogRecord.Native> natives = new ArrayList<>();
    List<JsonFields> list = root.list("natives");
    if (list.size() > MAX_NATIVES) {
      throw tooLarge("expected at most " + MAX_NATIVES + " natives, found " + list.size());
    }
    Set<String> seen = new HashSet<>();
    for (JsonFields item : list) {
      LogRecord.Native blob =
          new LogRecord.Native(
              item.string("module"),
              item.string("target"),
              item.string("file"),
              size(item, MAX_NATIVE),
              digest(item, "sha256"));
      if (!blob.module().matches("[a-z][a-z0-9_]{0,63}") || TOOLCHAINS.contains(blob.module())) {
        throw item.fault("module", "not a native module's name, or one of the toolchain's");
      }
      String file = libraryFile(blob);
      if (file == null) {
        throw item.fault("target", "not a target that Raya is built for");
      }
      if (!blob.file().equals(file)) {
        throw item.fault("file", "expected " + file);
      }
      if (!seen.add(blob.module() + ' ' + blob.target())) {
        throw item.fault("module", "the same module and target twice");
      }
      natives.add(blob);
    }
    return natives;
  }

  /** What the library of a module is called on its target, or null for an unknown target. */
  private static @Nullable String libraryFile(LogRecord.Native blob) {
    return switch (blob.target()) {
      case "linux-x64", "linux-arm64", "linux-musl-x64" -> "lib" + blob.module() + ".so";
      case "macos-x64", "macos-arm64" -> "lib" + blob.module() + ".dylib";
      case "windows-x64" -> blob.module() + ".dll";
      default -> null;
    };
  }

  private static List<LogRecord.Attestation> attestations(JsonFields root)
      throws JsonException, RegistryException {
    List<LogRecord.Attestation> attestations = new ArrayList<>();
    List<JsonFields> list = root.list("attestations");
    if (list.size() > MAX_ATTESTATIONS) {
      throw tooLarge(
          "expected at most " + MAX_ATTESTATIONS + " attestations, found " + list.size());
    }
    for (JsonFields item : list) {
      String type = item.string("predicateType");
      if (type.isEmpty() || type.length() > 256) {
        throw item.fault("predicateType", "expected 1 to 256 characters");
      }
      attestations.add(
          new LogRecord.Attestation(type, size(item, MAX_ATTESTATION), digest(item, "sha256")));
    }
    return attestations;
  }

  private static long size(JsonFields fields, int limit) throws JsonException, RegistryException {
    long size = fields.integer("size");
    if (size < 1) {
      throw fields.fault("size", "expected at least 1, found " + size);
    }
    if (size > limit) {
      throw tooLarge("expected at most " + limit + " bytes, found " + size + " announced");
    }
    return size;
  }

  private static RegistryException tooLarge(String detail) {
    return new RegistryException(Problem.TOO_LARGE, "part publish: " + detail);
  }

  private static Digest digest(JsonFields fields, String name) throws JsonException {
    String hex = fields.string(name);
    if (!Digest.isHex(hex)) {
      throw fields.fault(name, "expected 64 lower-case hexadecimal digits");
    }
    return new Digest(hex);
  }
}
