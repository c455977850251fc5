package dev.raya.resolver.lock;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.name.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a program needs of a lockfile to find its packages, as plain texts: for the VM's launcher,
 * which knows nothing of names, versions and digests.
 *
 * @param project the project's own imports: name or alias to package id
 * @param packages package id ({@code name version}) to what is known of it
 */
public record LinkPlan(Map<String, String> project, Map<String, LinkedPackage> packages) {

  /** Copies the maps in, keeping their order. */
  public LinkPlan {
    project = Collections.unmodifiableMap(new LinkedHashMap<>(project));
    packages = Collections.unmodifiableMap(new LinkedHashMap<>(packages));
  }

  /**
   * One package.
   *
   * @param id {@code name version}
   * @param name the package's name
   * @param version its version
   * @param checksum digest of its archive, 64 hexadecimal digits; null for git and path
   * @param path folder of a path package, relative to the lockfile's folder; null for others
   * @param sources what a git package is compiled from, as {@link BuildKey#sources}; null for
   *     others
   * @param imports name or alias to package id
   * @param granted what it may do
   * @param natives native module to target to digest of the library, 64 hexadecimal digits
   */
  public record LinkedPackage(
      String id,
      String name,
      String version,
      @Nullable String checksum,
      @Nullable String path,
      @Nullable String sources,
      Map<String, String> imports,
      List<String> granted,
      Map<String, Map<String, String>> natives) {
    /** Copies the collections in. */
    public LinkedPackage {
      imports = Collections.unmodifiableMap(new LinkedHashMap<>(imports));
      granted = List.copyOf(granted);
      natives = Collections.unmodifiableMap(new LinkedHashMap<>(natives));
    }

    /**
     * Where the package's linked bytecode lies in the home; null for a path package, which has it
     * in its own folder.
     *
     * @param home the home's folder
     * @param compiler version of the compiler, whose output of git packages is meant
     */
    public @Nullable Path module(Path home, String compiler) {
      if (checksum != null) {
        return home.resolve("cache").resolve(checksum).resolve(MODULE);
      }
      return sources == null
          ? null
          : home.resolve("build").resolve(BuildKey.folder(sources, compiler)).resolve(MODULE);
    }
  }

  private static final String MODULE = "module.rbin";

  /**
   * A plan and the folder of its lockfile, to which the paths of its packages are relative.
   *
   * @param folder the folder of {@code raya.lock}
   * @param plan the plan
   */
  public record Located(Path folder, LinkPlan plan) {}

  /**
   * Reads {@code raya.lock} of a folder and, for the project's own imports, {@code raya.toml}
   * beside it.
   *
   * @throws LockfileException if the lockfile or the manifest is malformed
   * @throws IOException if one of them cannot be read
   */
  public static LinkPlan read(Path folder) throws LockfileException, IOException {
    Lockfile lockfile =
        LockfileCodec.read(
            Lockfile.FILE_NAME, Files.readAllBytes(folder.resolve(Lockfile.FILE_NAME)));
    Manifest manifest;
    try {
      manifest = ManifestReader.readFile(folder.resolve(Manifest.FILE_NAME), Manifest.FILE_NAME);
    } catch (ManifestException e) {
      throw new LockfileException(e);
    }
    return of(lockfile, manifest);
  }

  /**
   * The plan for a project: from the lockfile in its folder, or from the nearest one above that
   * holds the project as a package in a folder, as the root of a workspace does for its members.
   *
   * @param project the folder of a {@code raya.toml}
   * @return the plan, or null if there is no such lockfile
   * @throws LockfileException if a lockfile or its manifest is malformed
   * @throws IOException if one of them cannot be read
   */
  public static @Nullable Located locate(Path project) throws LockfileException, IOException {
    Path start = project.toAbsolutePath().normalize();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(Lockfile.FILE_NAME))) {
        LinkPlan plan = read(folder);
        if (folder.equals(start)) {
          return new Located(folder, plan);
        }
        LinkPlan member = plan.ofFolder(start, folder);
        if (member != null) {
          return new Located(folder, member);
        }
      }
    }
    return null;
  }

  /**
   * The plan as a package in a folder sees it, or null if the lockfile has no such package.
   *
   * @param project the package's folder
   * @param lockFolder the lockfile's folder
   */
  public @Nullable LinkPlan ofFolder(Path project, Path lockFolder) {
    String relative = lockFolder.relativize(project).toString().replace('\\', '/');
    for (LinkedPackage linked : packages.values()) {
      if (relative.equals(linked.path())) {
        return new LinkPlan(linked.imports(), packages);
      }
    }
    return null;
  }

  /**
   * The plan as a program sees it: that of the package in whose folder its file lies, else this.
   *
   * @param file the program's file, below the lockfile's folder
   * @param lockFolder the lockfile's folder
   */
  public LinkPlan ofProgram(Path file, Path lockFolder) {
    for (Path at = file.getParent(); at != null && !at.equals(lockFolder); at = at.getParent()) {
      if (Files.isRegularFile(at.resolve(Manifest.FILE_NAME))) {
        LinkPlan member = ofFolder(at, lockFolder);
        return member == null ? this : member;
      }
    }
    return this;
  }

  /**
   * The plan of a lockfile and the manifest of its project. The members of a workspace count as
   * imports of its root.
   *
   * @param lockfile the lockfile
   * @param manifest the project's manifest
   */
  public static LinkPlan of(Lockfile lockfile, Manifest manifest) {
    Map<String, String> project = new TreeMap<>();
    List<Dependency> dependencies = new ArrayList<>(manifest.dependencies().values());
    dependencies.addAll(manifest.devDependencies().values());
    for (Dependency dependency : dependencies) {
      LockedPackage chosen = Edges.choose(lockfile, manifest, dependency);
      if (chosen != null) {
        project.putIfAbsent(dependency.alias().text(), chosen.id());
      }
    }
    Manifest.WorkspaceSection workspace = manifest.workspace();
    BuildKey keys = new BuildKey(lockfile);
    Map<String, LinkedPackage> packages = new TreeMap<>();
    for (LockedPackage p : lockfile.packages()) {
      packages.put(p.id(), linked(p, keys.sources(p)));
      if (workspace != null
          && p.source() instanceof LockSource.Path(String path)
          && workspace.contains(path)) {
        project.putIfAbsent(p.name().text(), p.id());
      }
    }
    return new LinkPlan(project, packages);
  }

  private static LinkedPackage linked(LockedPackage p, @Nullable String sources) {
    Map<String, String> imports = new TreeMap<>();
    for (LockedPackage.LockedDependency d : p.dependencies()) {
      imports.put(d.alias().text(), d.name().text() + ' ' + d.version().precedence());
    }
    Map<String, Map<String, String>> natives = new TreeMap<>();
    p.natives()
        .forEach(
            (module, targets) -> {
              Map<String, String> digests = new TreeMap<>();
              targets.forEach((target, digest) -> digests.put(target, digest.hex()));
              natives.put(module, digests);
            });
    Digest checksum = p.checksum();
    return new LinkedPackage(
        p.id(),
        p.name().text(),
        p.version().text(),
        checksum == null ? null : checksum.hex(),
        p.source() instanceof LockSource.Path(String path) ? path : null,
        sources,
        imports,
        p.granted().stream().map(Capability::text).toList(),
        natives);
  }
}
