package dev.raya.compiler.build;

import dev.raya.resolver.lock.LinkPlan;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.version.ResolverException;
import dev.raya.vm.bytecode.RbinErrorKind;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Packages through {@code raya.toml}, {@code raya.lock} and the content cache. The lockfile is read
 * when the first package is imported.
 */
public final class LockedImports implements PackageImports {
  private static final String PATH_OUTPUT = ".raya/out/module.rbin";

  private final Path project;
  private final Path cache;
  private final Manifest manifest;
  private final Map<String, RbinModule> files = new HashMap<>();
  private LinkPlan.@Nullable Located located;

  /**
   * The imports of a project.
   *
   * @param project the folder of raya.toml; its lockfile lies beside it or at the root of its
   *     workspace
   * @param cache the folder of the cache's entries
   */
  public LockedImports(Path project, Path cache, Manifest manifest) {
    this(project, cache, manifest, null);
  }

  /**
   * The imports of a package whose lockfile is known.
   *
   * @param located the lockfile's plan, as the package sees it; null to look for it
   */
  LockedImports(Path project, Path cache, Manifest manifest, LinkPlan.@Nullable Located located) {
    this.project = project;
    this.cache = cache;
    this.manifest = manifest;
    this.located = located;
  }

  @Override
  public Answer find(String name) {
    Dependency dependency = dependency(name);
    if (dependency == null) {
      return new Answer.Missing(Reason.NOT_IN_MANIFEST, "add it with `raya-pm add " + name + "`");
    }
    try {
      LinkPlan.Located known = located;
      if (known == null) {
        known = LinkPlan.locate(project);
        located = known;
      }
      if (known == null) {
        return notInstalled("there is no raya.lock");
      }
      String id = known.plan().project().get(name);
      LinkPlan.LinkedPackage locked = id == null ? null : known.plan().packages().get(id);
      if (id == null || locked == null) {
        return notInstalled("it is not in raya.lock");
      }
      RbinModule file = file(known.folder(), locked);
      return new Answer.Found(file, locked.version(), range(dependency), id);
    } catch (NoSuchFileException e) {
      if (isOfAnEntry(e)) {
        return damaged("its entry in the cache lacks " + e.getFile());
      }
      return notInstalled("it is not installed");
    } catch (ResolverException | IOException e) {
      return notInstalled(String.valueOf(e.getMessage()));
    } catch (RbinException e) {
      if (e.kind() == RbinErrorKind.UNSUPPORTED_VERSION) {
        return new Answer.Missing(
            Reason.TOO_NEW, e.detail() + "; use a newer toolchain or an older version of it");
      }
      return damaged("its file in the cache is damaged: " + e.getMessage());
    }
  }

  /** A plain install does not look into entries; one that verifies does. */
  private static Answer damaged(String why) {
    return new Answer.Missing(
        Reason.NOT_INSTALLED, why + "; run `raya-pm install --verify`, which fetches it again");
  }

  @Override
  public @Nullable String nameOf(String url) {
    List<Dependency> all = new ArrayList<>(manifest.dependencies().values());
    all.addAll(manifest.devDependencies().values());
    for (Dependency dependency : all) {
      if (dependency.source() instanceof Dependency.Source.Url(String from) && from.equals(url)) {
        return dependency.alias().text();
      }
    }
    return null;
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    manifest.dependencies().values().forEach(d -> names.add(d.alias().text()));
    manifest.devDependencies().values().forEach(d -> names.add(d.alias().text()));
    return names;
  }

  private static Answer notInstalled(String why) {
    return new Answer.Missing(Reason.NOT_INSTALLED, why + "; run `raya-pm install`");
  }

  private boolean isOfAnEntry(NoSuchFileException missing) {
    Path file = missing.getFile() == null ? null : Path.of(missing.getFile());
    return file != null
        && file.startsWith(cache)
        && file.getParent() != null
        && Files.isDirectory(file.getParent());
  }

  private @Nullable Dependency dependency(String name) {
    for (Dependency dependency : manifest.dependencies().values()) {
      if (dependency.alias().text().equals(name)) {
        return dependency;
      }
    }
    for (Dependency dependency : manifest.devDependencies().values()) {
      if (dependency.alias().text().equals(name)) {
        return dependency;
      }
    }
    return null;
  }

  private static String range(Dependency dependency) {
    return dependency.range() == null ? "" : dependency.range().text();
  }

  private RbinModule file(Path folder, LinkPlan.LinkedPackage locked)
      throws IOException, RbinException {
    RbinModule known = files.get(locked.id());
    if (known == null) {
      known = RbinReader.read(Files.readAllBytes(location(folder, locked)));
      files.put(locked.id(), known);
    }
    return known;
  }

  /** Where a locked package's file lies. */
  private Path location(Path folder, LinkPlan.LinkedPackage locked) throws IOException {
    if (locked.path() != null) {
      return folder.resolve(locked.path()).resolve(PATH_OUTPUT).normalize();
    }
    Path home = cache.toAbsolutePath().getParent();
    Path module = home == null ? null : locked.module(home, Compiler.VERSION);
    if (module == null) {
      throw new IOException(locked.id() + " imports a folder, which a git package cannot");
    }
    return module;
  }
}
