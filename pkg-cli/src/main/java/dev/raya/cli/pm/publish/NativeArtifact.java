package dev.raya.cli.pm.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.Manifest.NativeModule;
import dev.raya.resolver.metadata.MetadataJson;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A native library of a package that is packed: published beside the archive, as a blob of its own
 * (packages.md 5).
 *
 * @param blob what {@code metadata.json} says of it
 * @param file where the library is
 */
public record NativeArtifact(NativeBlob blob, Path file) {
  /** Largest library (packages.md 5). */
  private static final long MAX_BYTES = 64L << 20;

  private static final String MALFORMED = "RAYA-PKG-001";

  /**
   * The libraries that a manifest lists, hashed, sorted by module and target.
   *
   * @param root the project's folder
   * @throws CommandException RAYA-PKG-001 if one is missing, no plain file, empty or too large, or
   *     there are too many
   * @throws IOException if one cannot be read
   */
  static List<NativeArtifact> of(Path root, Manifest manifest)
      throws CommandException, IOException {
    List<NativeArtifact> artifacts = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (NativeModule module : manifest.natives().values()) {
      if (module.artifacts().isEmpty()) {
        findings.add(
            Finding.error(
                MALFORMED,
                "[native." + module.module() + "] lists no artifacts",
                "write artifacts = { linux-x64 = \"native/linux-x64/…\" }"));
      }
      for (Map.Entry<String, String> each : module.artifacts().entrySet()) {
        Path file = root.resolve(each.getValue());
        String fault = fault(root, file);
        if (fault != null) {
          findings.add(
              Finding.error(
                  MALFORMED,
                  "the library of native:"
                      + module.module()
                      + " for "
                      + each.getKey()
                      + ", "
                      + each.getValue()
                      + ", "
                      + fault,
                  "build it, or take the target out of [native." + module.module() + "]"));
          continue;
        }
        Target target =
            Target.parse(each.getKey())
                .orElseThrow(() -> new IllegalStateException("the manifest's reader checks it"));
        artifacts.add(
            new NativeArtifact(
                new NativeBlob(
                    module.module(),
                    module.abi(),
                    target.id(),
                    target.libraryFile(module.module()),
                    Files.size(file),
                    Digest.ofFile(file)),
                file));
      }
    }
    if (artifacts.size() > MetadataJson.MAX_NATIVES) {
      findings.add(
          Finding.error(
              MALFORMED,
              "a version has at most "
                  + MetadataJson.MAX_NATIVES
                  + " native libraries, found "
                  + artifacts.size()));
    }
    if (!findings.isEmpty()) {
      throw new CommandException(findings);
    }
    artifacts.sort(Comparator.comparing(NativeArtifact::blob));
    return artifacts;
  }

  /** What is wrong with a library's file, or null; links would let a manifest reach elsewhere. */
  private static @Nullable String fault(Path root, Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return "is not there";
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !file.toRealPath().startsWith(root.toRealPath())) {
      return "is not a file of this project";
    }
    long size = Files.size(file);
    return size == 0
        ? "is empty"
        : size > MAX_BYTES ? "has " + size + " bytes, and at most " + MAX_BYTES + " go" : null;
  }

  /** How publish announces it, and how pack lists it. */
  public Json json() {
    return Json.object()
        .put("module", blob.module())
        .put("target", blob.target())
        .put("file", blob.file())
        .put("size", blob.size())
        .put("sha256", blob.sha256().hex())
        .build();
  }
}
