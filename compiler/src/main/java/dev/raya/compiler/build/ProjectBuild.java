package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.check.IncrementalCheck;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.emit.PackageParts;
import dev.raya.resolver.lock.LinkPlan;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.version.ResolverException;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
   * @param file the package's file; it exists if there is no error and the project is a package
   * @param fresh whether it was already there
   * @param diagnostics of this run; none if it was already there
   * @param made how many of its modules code was made of; that of the others was there
   */
  public record Built(Path file, boolean fresh, List<Diagnostic> diagnostics, int made) {
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
    return build(folder, output, false);
  }

  /**
   * Builds a project.
   *
   * @param output where to write, or null for the project's own output folder
   * @param force whether it is compiled although its output is what a build would make
   * @throws ResolverException if manifest or lockfile are malformed
   * @throws IOException if something cannot be read or written
   */
  public Built build(Path folder, @Nullable Path output, boolean force)
      throws ResolverException, IOException {
    Path project = folder.toAbsolutePath().normalize();
    Manifest manifest =
        ManifestReader.readFile(project.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
    LinkPlan.Located located = located(project, manifest);
    Map<String, String> local = new TreeMap<>();
    Built failed = buildLocalPackages(located, local);
    if (failed == null && manifest.about() == null) {
      // A workspace whose root is no package: its members are what there is to build.
      return new Built(project.resolve(OUTPUT), true, List.of(), 0);
    }
    return failed != null ? failed : build(project, manifest, located, local, output, force);
  }

  /** Builds one package whose local packages are built. */
  private Built build(
      Path project,
      Manifest manifest,
      LinkPlan.@Nullable Located located,
      Map<String, String> local,
      @Nullable Path output,
      boolean force)
      throws ResolverException, IOException {
    LockedImports imports = new LockedImports(project, cache, manifest, located);
    Path target = output == null ? project.resolve(OUTPUT) : output;
    Path file = target.resolve(FILE);
    Compiler.Request request = request(manifest);
    Map<String, String> inputs = inputs(project, located, local, request);
    BuildRecord record = BuildRecord.read(target);
    if (!force && record != null && record.holds(project, inputs, target)) {
      return new Built(file, true, List.of(), 0);
    }
    List<Diagnostic> missing = NamedFiles.missing(project, request);
    if (!missing.isEmpty()) {
      return new Built(file, false, missing, 0);
    }
    Compiler compiler = new Compiler(library, SourceTree.folder(project), imports);
    Path state = project.resolve(OUTPUT);
    CheckRecords checks = CheckRecords.of(state, force);
    PartRecords parts = PartRecords.of(state, digest(inputs), force);
    Compiler.Made made = compiler.build(request, checks, parts);
    Compilation done = made.compilation();
    checks.saveIfPossible();
    if (done.module() == null) {
      return new Built(file, false, done.diagnostics(), made.made());
    }
    byte[] bytes = RbinWriter.write(done.module());
    byte[] declarations = RdefText.of(done.module()).getBytes(StandardCharsets.UTF_8);
    Files.createDirectories(target);
    BuildRecord.write(target.resolve(FILE), bytes);
    BuildRecord.write(target.resolve(DECLARATIONS), declarations);
    Map<String, String> sources = new TreeMap<>();
    for (PackageParts.Module source : made.modules()) {
      if (source.file().startsWith("raya:")) {
        continue; // part of this compiler, whose version is among the inputs
      }
      sources.put(source.file(), source.digest().hex());
    }
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put(FILE, Digest.of(bytes).hex());
    outputs.put(DECLARATIONS, Digest.of(declarations).hex());
    new BuildRecord(inputs, sources, outputs).save(target);
    parts.saveIfPossible();
    return new Built(file, false, done.diagnostics(), made.made());
  }

  /**
   * Checks a project. Modules that an earlier check found in order, and that import what they
   * imported, are left out; what is found is remembered in the project's output folder. Nothing
   * else is written but the outputs of local packages it depends on.
   *
   * @param force whether everything is checked
   * @throws ResolverException if manifest or lockfile are malformed
   * @throws IOException if something cannot be read
   */
  public IncrementalCheck.Outcome check(Path folder, boolean force)
      throws ResolverException, IOException {
    Path project = folder.toAbsolutePath().normalize();
    Manifest manifest =
        ManifestReader.readFile(project.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
    LinkPlan.Located located = located(project, manifest);
    LockedImports imports = new LockedImports(project, cache, manifest, located);
    Built failed = buildLocalPackages(located, new TreeMap<>());
    if (failed != null) {
      return new IncrementalCheck.Outcome(failed.diagnostics(), 0, 0);
    }
    Compiler.Request request = request(manifest);
    List<Diagnostic> missing = NamedFiles.missing(project, request);
    if (!missing.isEmpty()) {
      return new IncrementalCheck.Outcome(missing, 0, 0);
    }
    return CheckRecords.of(project.resolve(OUTPUT), force)
        .check(project, sources -> new Compiler(library, sources, imports), request);
  }

  /**
   * Compiles a project whether or not its output is there, without writing anything but the outputs
   * of local packages it depends on.
   *
   * @throws ResolverException if manifest or lockfile are malformed
   * @throws IOException if something cannot be read
   */
  public Compilation compile(Path folder) throws ResolverException, IOException {
    Path project = folder.toAbsolutePath().normalize();
    Manifest manifest =
        ManifestReader.readFile(project.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
    LinkPlan.Located located = located(project, manifest);
    LockedImports imports = new LockedImports(project, cache, manifest, located);
    Compiler.Request request = request(manifest);
    Built failed = buildLocalPackages(located, new TreeMap<>());
    List<Diagnostic> missing =
        failed != null ? failed.diagnostics() : NamedFiles.missing(project, request);
    return missing.isEmpty()
        ? new Compiler(library, SourceTree.folder(project), imports).compile(request)
        : new Compilation(missing, null, null);
  }

  /**
   * A package with its sources at hand.
   *
   * @param folder what the names of its files are relative to
   * @param request what was compiled
   * @param module the outcome
   */
  public record SourcePackage(Path folder, Compiler.Request request, RbinModule module) {}

  /**
   * What was compiled from sources for a project.
   *
   * @param diagnostics of this run
   * @param packages the project itself, then the local packages it reaches, sorted by name; empty
   *     if there were errors
   */
  public record SourcePackages(List<Diagnostic> diagnostics, List<SourcePackage> packages) {
    /** Copies the lists. */
    public SourcePackages {
      diagnostics = List.copyOf(diagnostics);
      packages = List.copyOf(packages);
    }
  }

  /**
   * Compiles a project and the local packages it reaches, for tools that read the sources along
   * with the outcome. Of a workspace whose root is no package, the members.
   *
   * @throws ResolverException if manifest or lockfile are malformed
   * @throws IOException if something cannot be read
   */
  public SourcePackages sourcePackages(Path folder) throws ResolverException, IOException {
    Path project = folder.toAbsolutePath().normalize();
    Manifest manifest =
        ManifestReader.readFile(project.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
    LinkPlan.Located located = located(project, manifest);
    Built failed = buildLocalPackages(located, new TreeMap<>());
    if (failed != null) {
      return new SourcePackages(failed.diagnostics(), List.of());
    }
    List<SourcePackage> packages = new ArrayList<>();
    List<Diagnostic> diagnostics = List.of();
    if (manifest.about() != null) {
      Compiler.Request request = request(manifest);
      LockedImports imports = new LockedImports(project, cache, manifest, located);
      List<Diagnostic> missing = NamedFiles.missing(project, request);
      if (!missing.isEmpty()) {
        return new SourcePackages(missing, List.of());
      }
      Compilation done =
          new Compiler(library, SourceTree.folder(project), imports).compile(request);
      diagnostics = done.diagnostics();
      if (done.module() == null) {
        return new SourcePackages(diagnostics, List.of());
      }
      packages.add(new SourcePackage(project, request, done.module()));
    }
    if (located != null) {
      Map<String, SourcePackage> local = new TreeMap<>();
      for (LinkPlan.LinkedPackage locked : localPackages(located.plan())) {
        Path place = located.folder().resolve(String.valueOf(locked.path())).normalize();
        if (!place.equals(project)) {
          local.put(locked.id(), built(place));
        }
      }
      packages.addAll(local.values());
    }
    return new SourcePackages(diagnostics, packages);
  }

  /** A local package that has been built. */
  private static SourcePackage built(Path folder) throws ResolverException, IOException {
    Manifest manifest =
        ManifestReader.readFile(folder.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
    try {
      RbinModule module = RbinReader.read(Files.readAllBytes(folder.resolve(OUTPUT).resolve(FILE)));
      return new SourcePackage(folder, request(manifest), module);
    } catch (RbinException e) {
      throw new IOException("the output of " + folder + " is damaged: " + e.getMessage(), e);
    }
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

  /** The plan that holds for a project; null if it imports nothing or nothing is locked. */
  private static LinkPlan.@Nullable Located located(Path project, Manifest manifest)
      throws ResolverException, IOException {
    return manifest.dependencies().isEmpty()
            && manifest.devDependencies().isEmpty()
            && manifest.workspace() == null
        ? null
        : LinkPlan.locate(project);
  }

  /**
   * Builds the packages in folders that a project reaches, what they need themselves first.
   *
   * @param outputs gets the digest of each one's file, by id
   * @return the first that fails, or null
   */
  private @Nullable Built buildLocalPackages(
      LinkPlan.@Nullable Located located, Map<String, String> outputs)
      throws ResolverException, IOException {
    if (located == null) {
      return null;
    }
    for (LinkPlan.LinkedPackage locked : localPackages(located.plan())) {
      Path project = located.folder().resolve(String.valueOf(locked.path())).normalize();
      Manifest manifest =
          ManifestReader.readFile(project.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
      LinkPlan own = new LinkPlan(locked.imports(), located.plan().packages());
      Map<String, String> needed = new TreeMap<>();
      for (String id : locked.imports().values()) {
        String digest = outputs.get(id);
        if (digest != null) {
          needed.put(id, digest);
        }
      }
      Built built =
          build(
              project, manifest, new LinkPlan.Located(located.folder(), own), needed, null, false);
      if (!built.succeeded()) {
        return built;
      }
      outputs.put(locked.id(), Digest.ofFile(built.file()).hex());
    }
    return null;
  }

  /** The reachable packages in folders, each after those that it imports. */
  private static List<LinkPlan.LinkedPackage> localPackages(LinkPlan plan) {
    List<LinkPlan.LinkedPackage> ordered = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Deque<Iterator<String>> open = new ArrayDeque<>();
    Deque<LinkPlan.LinkedPackage> path = new ArrayDeque<>();
    open.push(plan.project().values().iterator());
    while (!open.isEmpty()) {
      if (open.element().hasNext()) {
        LinkPlan.LinkedPackage next = plan.packages().get(open.element().next());
        if (next != null && next.path() != null && seen.add(next.id())) {
          open.push(next.imports().values().iterator());
          path.push(next);
        }
      } else {
        open.pop();
        if (!path.isEmpty()) {
          ordered.add(path.pop());
        }
      }
    }
    return ordered;
  }

  /** Everything but sources that parts of the package depend on. */
  private static Digest digest(Map<String, String> inputs) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(inputs)
        .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Everything but sources that the output depends on. */
  private static Map<String, String> inputs(
      Path project,
      LinkPlan.@Nullable Located located,
      Map<String, String> local,
      Compiler.Request request)
      throws IOException {
    Map<String, String> inputs = new TreeMap<>();
    inputs.put("compiler", CompilerIdentity.text());
    inputs.put("manifest", Digest.ofFile(project.resolve(Manifest.FILE_NAME)).hex());
    Path lock = (located == null ? project : located.folder()).resolve(Lockfile.FILE_NAME);
    if (Files.isRegularFile(lock)) {
      inputs.put("lock", Digest.ofFile(lock).hex());
    }
    local.forEach((id, digest) -> inputs.put("package " + id, digest));
    inputs.put("debug", Boolean.toString(request.debug()));
    return inputs;
  }
}
