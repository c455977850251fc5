package dev.raya.cli.pm.install;

import dev.raya.cache.archive.TreeDigest;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.BuildFailure;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.RecordedUse;
import dev.raya.cli.pm.project.Toolchain;
import dev.raya.resolver.lock.BuildKey;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.ProjectResolution.MissingGrant;
import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compiles git packages, each once for its files, what it imports and the compiler, into {@code
 * build/KEY/} of the home. The compiler runs as a process of its own on a copy of the files, beside
 * a lockfile in which the package is a folder, so that it imports what the project's lockfile gives
 * it and nothing else. Output appears by one rename.
 */
final class GitBuilds {
  /** What is there once a package is compiled. */
  static final String MODULE = "module.rbin";

  private static final String SOURCES = "src";
  private static final String WORKSHOP = "[package]\nname = \"workshop\"\nversion = \"0.0.0\"\n";

  private final Session session;
  private final Lockfile lockfile;
  private final Map<PackageName, Path> checkouts;
  private final BuildKey keys;
  private final Map<String, Path> built = new LinkedHashMap<>();
  private final List<Digest> names = new ArrayList<>();

  /**
   * Builds the git packages of a lockfile.
   *
   * @param checkouts the folder of each one's files
   */
  GitBuilds(Session session, Lockfile lockfile, Map<PackageName, Path> checkouts) {
    this.session = session;
    this.lockfile = lockfile;
    this.checkouts = Map.copyOf(checkouts);
    this.keys = new BuildKey(lockfile);
  }

  /**
   * Builds what is not built yet.
   *
   * @return the packages whose bytecode needs more than they were granted
   * @throws CommandException if files changed, or the compiler refuses a package
   * @throws InterruptedException if the thread was interrupted
   */
  List<MissingGrant> build(Set<PackageName> direct) throws CommandException, InterruptedException {
    List<MissingGrant> missing = new ArrayList<>();
    for (LockedPackage pkg : lockfile.packages()) {
      build(pkg);
    }
    for (LockedPackage pkg : lockfile.packages()) {
      Path module = built.get(pkg.id());
      if (module != null) {
        List<Capability> lacking = new ArrayList<>(needs(pkg, module));
        lacking.removeAll(pkg.granted());
        if (!lacking.isEmpty()) {
          missing.add(
              new MissingGrant(
                  pkg.name(),
                  pkg.version().precedence(),
                  lacking,
                  List.of(pkg.name()),
                  direct.contains(pkg.name())));
        }
      }
    }
    return missing;
  }

  /** The names of what is built: folders of {@code build/}. */
  List<Digest> names() {
    return List.copyOf(names);
  }

  /** What it imports first; a lockfile has no cycles. */
  private void build(LockedPackage pkg) throws CommandException, InterruptedException {
    if (!(pkg.source() instanceof LockSource.Git(String url, String commit))
        || built.containsKey(pkg.id())) {
      return;
    }
    for (LockedPackage.LockedDependency edge : pkg.dependencies()) {
      LockedPackage to = lockfile.find(edge.name(), edge.version());
      if (to != null) {
        build(to);
      }
    }
    String sources = keys.sources(pkg);
    if (sources == null) {
      throw new CommandException(
          "RAYA-PKG-001", pkg.id() + " comes from git and imports a folder of this project");
    }
    String name = BuildKey.folder(sources, ProgramVersion.CURRENT);
    Path folder = session.home().build().resolve(name);
    Path module = folder.resolve(MODULE);
    if (Files.isRegularFile(module)) {
      used(folder);
    } else {
      session.console().status("compiling " + pkg.id() + " (" + commit.substring(0, 12) + ")");
      try {
        compile(pkg, folder);
      } catch (IOException failed) {
        throw Failure.of(failed);
      } catch (BuildFailure refused) {
        refused.report(session.console());
        throw new CommandException(
            "RAYA-PKG-018",
            pkg.id() + " of " + url + " does not compile",
            "tell its authors, or use another tag, branch or rev");
      }
    }
    built.put(pkg.id(), module);
    names.add(new Digest(name));
  }

  private void used(Path folder) throws CommandException {
    try {
      RecordedUse.ofBuild(folder, session.now());
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private void compile(LockedPackage pkg, Path folder)
      throws CommandException, IOException, BuildFailure, InterruptedException {
    RayaHome.makePrivate(session.home().build());
    Path work = Files.createTempDirectory(session.home().tmp(), "build-");
    try {
      Path sources = work.resolve(SOURCES);
      Path files = checkouts.get(pkg.name());
      if (files == null) {
        throw new IllegalStateException("a git package was not checked out: " + pkg.id());
      }
      Directories.copy(files, sources);
      Digest found = TreeDigest.ofFolder(sources, Set.of());
      if (!found.equals(pkg.tree())) {
        throw new CommandException(
            "RAYA-PKG-009",
            pkg.id() + ": the files of its commit are not those that raya.lock names",
            "expected: " + pkg.tree(),
            "found: " + found);
      }
      Files.writeString(work.resolve(ProjectFolder.MANIFEST), WORKSHOP, StandardCharsets.UTF_8);
      Files.write(work.resolve(ProjectFolder.LOCKFILE), LockfileCodec.write(asFolder(pkg)));
      Path out = Files.createDirectory(work.resolve("out"));
      Toolchain.of(session.settings().environment()).build(sources, out, session.console());
      try {
        Files.move(out, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (FileSystemException occupied) {
        // Another process was as fast; the same inputs gave it the same bytes.
        if (!Files.isRegularFile(folder.resolve(MODULE))) {
          throw occupied;
        }
      }
    } finally {
      Directories.delete(work);
    }
  }

  /** The lockfile in which one package is the folder beside it. */
  private Lockfile asFolder(LockedPackage pkg) {
    List<LockedPackage> packages = new ArrayList<>();
    for (LockedPackage each : lockfile.packages()) {
      packages.add(
          each.id().equals(pkg.id())
              ? new LockedPackage(
                  each.name(),
                  each.version(),
                  new LockSource.Path(SOURCES),
                  null,
                  null,
                  0,
                  each.dependencies(),
                  each.features(),
                  List.of(),
                  each.granted(),
                  Map.of(),
                  null,
                  null)
              : each);
    }
    return new Lockfile(lockfile.manifest(), null, packages);
  }

  private static List<Capability> needs(LockedPackage pkg, Path module) throws CommandException {
    try {
      return Capabilities.of(RbinReader.read(Files.readAllBytes(module))).stream()
          .map(Capability::new)
          .toList();
    } catch (RbinException damaged) {
      throw new CommandException(
          damaged.code(), "the compiled " + pkg.id() + " is damaged: " + damaged.getMessage());
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }
}
