package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.resolver.lock.LinkPlan;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.version.ResolverException;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds a project, the folder of a {@code raya.toml}: {@code module.rbin} and {@code module.rdef}
 * in its output folder, local packages it depends on by path first. A record beside them says what
 * they were made from, so that a build with nothing to do reads and compares and writes nothing
 * (packages.md 7).
 */
public final class ProjectBuild {
  /** The output folder, relative to the project. */
  public static final String OUTPUT = ".raya/out";

  private static final String FILE = "module.rbin";
  private static final String DECLARATIONS = "module.rdef";

  private final StandardLibrary library;
  private final Path cache;

  /** Builds with packages from a cache's folder of entries. */
  public ProjectBuild(StandardLibrary library, Path cache) {
    this.library = library;
    this.cache = cache;
  }

  /**
   * A built project.
   *
   * @param file the package's file; it exists if there is no error
   * @param fresh whether it was already there
   * @param diagnostics of this run; none if it was already there
   * @param ir what code was made from, null if nothing was compiled
   */
  public record Built(
      Path file, boolean fresh, List<Diagnostic> diagnostics, @Nullable IrPackage ir) {
    /** Copies the list. */
    public Built {
      diagnostics = List.copyOf(diagnostics);
    }

    /** Whether the file is there. */
    public boolean succeeded() {
      return diagnostics.stream().noneMatch(Diagnostic::isError);
    }
  }

  /**
   * Builds a project.
   *
   * @param folder the project's folder
   * @param output where to write, or null for the project's own output folder
   * @throws ResolverException if manifest or lockfile are malformed
   * @throws IOException if something cannot be read or written
   */
  public Built build(Path folder, @Nullable Path output) throws ResolverException, IOException {
    Path project = folder.toAbsolutePath().normalize();
    Manifest manifest =
        ManifestReader.readFile(project.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
    LockedImports imports = new LockedImports(project, cache, manifest);
    Built failed = buildLocalPackages(project, manifest);
    if (failed != null) {
      return failed;
    }
    Path target = output == null ? project.resolve(OUTPUT) : output;
    Path file = target.resolve(FILE);
    Compiler.Request request = request(manifest);
    Map<String, String> inputs = inputs(project, request);
    BuildRecord record = BuildRecord.read(target);
    if (record != null && record.holds(project, inputs, target)) {
      return new Built(file, true, List.of(), null);
    }
    Compiler compiler = new Compiler(library, SourceTree.folder(project), imports);
    Compilation done = compiler.compile(request);
    if (done.module() == null || done.ir() == null) {
      return new Built(file, false, done.diagnostics(), null);
    }
    byte[] bytes = RbinWriter.write(done.module());
    byte[] declarations = RdefText.of(done.module()).getBytes(StandardCharsets.UTF_8);
    Files.createDirectories(target);
    BuildRecord.write(target.resolve(FILE), bytes);
    BuildRecord.write(target.resolve(DECLARATIONS), declarations);
    Map<String, String> sources = new TreeMap<>();
    for (IrPackage.Source source : done.ir().sources()) {
      sources.put(source.name(), Digest.ofFile(project.resolve(source.name())).hex());
    }
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put(FILE, Digest.of(bytes).hex());
    outputs.put(DECLARATIONS, Digest.of(declarations).hex());
    new BuildRecord(inputs, sources, outputs).save(target);
    return new Built(file, false, done.diagnostics(), done.ir());
  }

  /**
   * Checks a project without writing anything but the outputs of local packages it depends on.
   *
   * @throws ResolverException if manifest or lockfile are malformed
   * @throws IOException if something cannot be read
   */
  public List<Diagnostic> check(Path folder) throws ResolverException, IOException {
    Path project = folder.toAbsolutePath().normalize();
    Manifest manifest =
        ManifestReader.readFile(project.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
    LockedImports imports = new LockedImports(project, cache, manifest);
    Built failed = buildLocalPackages(project, manifest);
    if (failed != null) {
      return failed.diagnostics();
    }
    return new Compiler(library, SourceTree.folder(project), imports)
        .check(request(manifest))
        .diagnostics();
  }

  /** What a manifest asks to be compiled. */
  public static Compiler.Request request(Manifest manifest) {
    List<Compiler.Root> roots = new ArrayList<>();
    String main = manifest.about() == null ? null : manifest.about().main();
    if (main != null) {
      roots.add(new Compiler.Root("", main, true));
    }
    manifest
        .exports()
        .forEach((path, file) -> roots.add(new Compiler.Root(path.text(), file, true)));
    manifest
        .bin()
        .values()
        .forEach(
            file -> {
              if (roots.stream().noneMatch(root -> root.file().equals(file))) {
                roots.add(new Compiler.Root(file, file, false));
              }
            });
    return new Compiler.Request(
        manifest.name() == null ? "" : manifest.name().text(),
        manifest.version() == null ? "" : manifest.version().text(),
        roots,
        main,
        true);
  }

  /** Builds the packages that the lockfile takes from folders; the first that fails, or null. */
  private @Nullable Built buildLocalPackages(Path project, Manifest manifest)
      throws ResolverException, IOException {
    boolean local =
        manifest.dependencies().values().stream()
            .anyMatch(d -> d.source() instanceof dev.raya.resolver.manifest.Dependency.Source.Path);
    if (!local || !Files.isRegularFile(project.resolve(Lockfile.FILE_NAME))) {
      return null;
    }
    for (LinkPlan.LinkedPackage locked : LinkPlan.read(project).packages().values()) {
      if (locked.path() != null) {
        Built built = build(project.resolve(locked.path()), null);
        if (!built.succeeded()) {
          return built;
        }
      }
    }
    return null;
  }

  /** Everything but sources that the output depends on. */
  private static Map<String, String> inputs(Path project, Compiler.Request request)
      throws IOException {
    Map<String, String> inputs = new TreeMap<>();
    inputs.put("compiler", Compiler.VERSION);
    inputs.put("manifest", Digest.ofFile(project.resolve(Manifest.FILE_NAME)).hex());
    Path lock = project.resolve(Lockfile.FILE_NAME);
    if (Files.isRegularFile(lock)) {
      inputs.put("lock", Digest.ofFile(lock).hex());
    }
    inputs.put("debug", Boolean.toString(request.debug()));
    return inputs;
  }
}
