package dev.raya.cli.pm.publish;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.project.BuildFailure;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.RayaRange;
import dev.raya.cli.pm.project.Toolchain;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.Manifest.PackageSection;
import dev.raya.resolver.metadata.BytecodeLevel;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.ModulePath;
import dev.raya.resolver.version.Version;
import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinFormat;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compiles a project and packs its archive (packages.md 5). */
public final class Packer {
  private static final String MALFORMED = "RAYA-PKG-001";

  /** A format version is major × 65 536 + minor. */
  private static final int MINOR_VERSIONS = 1 << 16;

  private static final String NOT_REPRODUCIBLE = "RAYA-PKG-011";
  private static final String SAYS_LITTLE = "RAYA-PKG-019";

  private final ProjectFolder project;
  private final Manifest manifest;
  private final Toolchain toolchain;
  private final KnownRegistries known;
  private final Console console;
  private final Set<String> allowedSecrets;

  /**
   * Packs a project.
   *
   * @param allowedSecrets paths that are taken although they look like secrets
   */
  public Packer(
      ProjectFolder project,
      Manifest manifest,
      Toolchain toolchain,
      KnownRegistries known,
      Console console,
      Set<String> allowedSecrets) {
    this.project = project;
    this.manifest = manifest;
    this.toolchain = toolchain;
    this.known = known;
    this.console = console;
    this.allowedSecrets = Set.copyOf(allowedSecrets);
  }

  /** What people look for before they use a package, and cannot be added to a version later. */
  private void warnOfWhatIsMissing(PackageSection about) {
    List<String> missing = new ArrayList<>();
    if (about.description().isEmpty()) {
      missing.add("no description");
    }
    if (about.license().isEmpty()) {
      missing.add("no license");
    }
    if (!Files.isRegularFile(project.root().resolve("README.md"))) {
      missing.add("no README.md");
    }
    if (!missing.isEmpty()) {
      console.reportOnce(
          Finding.warning(
              SAYS_LITTLE,
              about.name() + " has " + String.join(", ", missing),
              "a published version cannot be changed: add it before you publish"));
    }
  }

  /**
   * Packs into a folder.
   *
   * @param folder an existing folder that the archive and the compiled module go into
   * @throws CommandException if the manifest or a file does not allow it
   * @throws BuildFailure if the compiler refuses the project
   * @throws InterruptedException if the thread was interrupted
   */
  public Packed pack(Path folder) throws CommandException, BuildFailure, InterruptedException {
    return pack(folder, toolchain::build);
  }

  /** How the project is compiled into a folder. */
  private interface Compilation {
    void run(Path project, Path out, Console console)
        throws CommandException, BuildFailure, InterruptedException;
  }

  private Packed pack(Path folder, Compilation compilation)
      throws CommandException, BuildFailure, InterruptedException {
    PackageSection about = manifest.about();
    Version version = manifest.version();
    if (about == null || version == null) {
      throw new CommandException(
          MALFORMED,
          about == null
              ? "a workspace root is no package; pack a member"
              : "[package] has no version, and what is packed needs one",
          "write version = \"0.1.0\" into [package] of raya.toml");
    }
    RayaRange.require(manifest);
    Path out = folder.resolve("out");
    compilation.run(project.root(), out, console);
    warnOfWhatIsMissing(about);
    try {
      byte[] bytecode = Files.readAllBytes(out.resolve("module.rbin"));
      List<NativeArtifact> natives = NativeArtifact.of(project.root(), manifest);
      PackageMetadata metadata = metadata(about, version, RbinReader.read(bytecode), natives);
      SortedMap<String, Content> files =
          new TreeMap<>(PackageFiles.of(project.root(), about, allowedSecrets, libraries()));
      files.put("module.rbin", Content.of(bytecode));
      files.put("module.rdef", Content.of(out.resolve("module.rdef")));
      files.put("docs.json", Content.of(out.resolve("docs.json")));
      files.put("metadata.json", Content.of(PackageMetadataCodec.write(metadata)));
      Path archive = folder.resolve(about.name().fileForm() + "-" + version.text() + ".tar.zst");
      ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.PACKAGE, files, archive);
      return new Packed(archive, facts, metadata, natives);
    } catch (RbinException malformed) {
      throw new CommandException(
          malformed.code(), "the compiler's module.rbin is refused: " + malformed.getMessage());
    } catch (IOException unpackable) {
      throw Failure.of(unpackable);
    }
  }

  /**
   * Packs twice, each time compiled anew, and compares.
   *
   * @param folder an existing folder
   * @return the first of the two
   * @throws CommandException RAYA-PKG-011 if they differ, else as {@link #pack}
   * @throws BuildFailure if the compiler refuses the project
   * @throws InterruptedException if the thread was interrupted
   */
  public Packed packTwice(Path folder) throws CommandException, BuildFailure, InterruptedException {
    try {
      Packed first = pack(Files.createDirectory(folder.resolve("first")));
      Packed second = pack(Files.createDirectory(folder.resolve("second")), toolchain::buildAgain);
      if (!first.facts().equals(second.facts()) || !first.natives().equals(second.natives())) {
        throw new CommandException(
            NOT_REPRODUCIBLE,
            "packing twice gave different bytes",
            "first: " + first.facts().checksum() + ", tree " + first.facts().tree(),
            "second: " + second.facts().checksum() + ", tree " + second.facts().tree(),
            "did a file change meanwhile?");
      }
      return first;
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  /** Paths of native libraries in the project, which are published beside the archive. */
  private Set<String> libraries() {
    Set<String> paths = new TreeSet<>();
    manifest.natives().values().forEach(module -> paths.addAll(module.artifacts().values()));
    return paths;
  }

  private PackageMetadata metadata(
      PackageSection about, Version version, RbinModule module, List<NativeArtifact> natives)
      throws CommandException {
    Map<String, List<String>> features = new LinkedHashMap<>();
    manifest
        .features()
        .forEach(
            (name, items) -> features.put(name, items.stream().map(item -> item.text()).toList()));
    Map<ModulePath, String> exports = new LinkedHashMap<>();
    for (ModulePath path : manifest.exports().keySet()) {
      exports.put(path, path.text());
    }
    return new PackageMetadata(
        about.name(),
        version,
        about.description(),
        about.authors(),
        about.license(),
        about.repository(),
        about.keywords(),
        about.raya(),
        new PackageMetadata.PackedBy(ProgramVersion.CURRENT, module.meta().compiler()),
        PublishedRequirements.dependencies(manifest, known),
        PublishedRequirements.constraints(manifest),
        features,
        exports,
        manifest.bin(),
        natives.stream().map(NativeArtifact::blob).toList(),
        Capabilities.of(module).stream().map(Capability::new).toList(),
        new BytecodeLevel(
            RbinFormat.VERSION / MINOR_VERSIONS,
            RbinFormat.VERSION % MINOR_VERSIONS,
            module.minVm(),
            module.meta().languageLevel()),
        digest(module.meta().interfaceDigest()),
        digest(module.meta().sourceDigest()));
  }

  private static @Nullable Digest digest(Sha256 digest) {
    return digest.isZero() ? null : new Digest(digest.hex());
  }
}
