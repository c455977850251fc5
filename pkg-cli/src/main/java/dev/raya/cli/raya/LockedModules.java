package dev.raya.cli.raya;

import dev.raya.cli.console.Environment;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.resolver.lock.LinkPlan;
import dev.raya.resolver.lock.LinkPlan.LinkedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import dev.raya.vm.context.ModuleLoader;
import dev.raya.vm.context.VmErrorKind;
import dev.raya.vm.context.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the modules of a program (vm.md 11): {@code raya:*} in the toolchain, packages through the
 * nearest {@code raya.lock} above the program's file and the content cache. The lockfile is read
 * when the first package is asked for.
 *
 * <p>Keys: {@code file:} and the program's path, {@code raya:} modules by their specifier, packages
 * by {@code name version}.
 */
final class LockedModules implements ModuleLoader {
  private static final String STANDARD = "raya:";
  private static final String PROGRAM = "file:";
  private static final String REPAIR =
      " (if its cache entry is damaged, `raya-pm install --verify` fetches it again)";
  private static final String OUTPUT = ".raya/out/module.rbin";

  private final Path file;
  private final byte @Nullable [] program;
  private final Environment environment;
  private final Set<String> programGrants;
  private @Nullable Path lockFolder;
  private @Nullable LinkPlan plan;

  /**
   * The modules of a program.
   *
   * @param file the program's file, or where it would lie
   * @param program its bytes, or null to read the file
   */
  LockedModules(
      Path file, byte @Nullable [] program, Environment environment, Set<String> programGrants) {
    this.file = file.toAbsolutePath().normalize();
    this.program = program;
    this.environment = environment;
    this.programGrants = programGrants;
  }

  String entryKey() {
    return PROGRAM + file;
  }

  /** The key of a package that the project imports, by the name it imports it under. */
  String packageKey(String name) throws VmException {
    String id = plan().project().get(name);
    if (id == null) {
      throw new VmException(
          VmErrorKind.IO_ERROR, name + " is no dependency that raya.lock knows of " + file);
    }
    return id;
  }

  @Override
  public Resolved resolve(String importerKey, String specifier) throws VmException {
    if (specifier.startsWith(STANDARD)) {
      return new Resolved(specifier, "");
    }
    Specifier wanted = Specifier.parse(specifier);
    LinkPlan known = plan();
    LinkedPackage importer =
        importerKey.startsWith(PROGRAM) ? null : known.packages().get(importerKey);
    String id =
        importer == null
            ? known.project().get(wanted.packageName())
            : importer.imports().get(wanted.packageName());
    if (id == null || !known.packages().containsKey(id)) {
      throw new VmException(
          VmErrorKind.IO_ERROR,
          displayName(importerKey)
              + " imports \""
              + specifier
              + "\", which raya.lock does not give it; run `raya-pm install`");
    }
    return new Resolved(id, wanted.subPath());
  }

  /** The lockfile, which must exist once a package is imported. */
  private LinkPlan plan() throws VmException {
    LinkPlan known = plan;
    if (known != null) {
      return known;
    }
    for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(Lockfile.FILE_NAME))) {
        try {
          known = LinkPlan.read(folder).ofProgram(file, folder);
        } catch (LockfileException | IOException e) {
          throw new VmException(
              VmErrorKind.IO_ERROR, folder.resolve(Lockfile.FILE_NAME) + ": " + e.getMessage(), e);
        }
        plan = known;
        lockFolder = folder;
        return known;
      }
    }
    throw new VmException(
        VmErrorKind.IO_ERROR,
        file + " imports packages, but there is no raya.lock beside it or above");
  }

  @Override
  public VerifiedModule load(String key) throws VmException {
    byte[] bytes = read(key);
    try {
      return Verifier.verify(RbinReader.readForExecution(bytes, warning -> {}));
    } catch (RbinException e) {
      throw new VmException(isInCache(key) ? displayName(key) + REPAIR : displayName(key), e);
    }
  }

  private static boolean isInCache(String key) {
    return !key.startsWith(PROGRAM) && !key.startsWith(STANDARD);
  }

  private byte[] read(String key) throws VmException {
    if (key.startsWith(STANDARD)) {
      return StandardModules.read(key, environment.toolchainHome());
    }
    if (key.startsWith(PROGRAM) && program != null) {
      return program;
    }
    Path from = key.startsWith(PROGRAM) ? file : location(key);
    try {
      return Files.readAllBytes(from);
    } catch (NoSuchFileException e) {
      throw new VmException(
          VmErrorKind.IO_ERROR,
          key.startsWith(PROGRAM)
              ? "no file " + from
              : displayName(key)
                  + " is not installed ("
                  + from
                  + " is missing); run `raya-pm install"
                  + (isEntry(from) ? " --verify`" : "`"),
          e);
    } catch (IOException e) {
      throw new VmException(VmErrorKind.IO_ERROR, from + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether the entry is there and only lacks this file, which a plain install does not see. */
  private static boolean isEntry(Path file) {
    Path entry = file.getParent();
    return entry != null && Files.isDirectory(entry);
  }

  private Path location(String id) throws VmException {
    LinkedPackage p = plan().packages().get(id);
    Path folder = lockFolder;
    if (p == null || folder == null) {
      throw new VmException(VmErrorKind.IO_ERROR, "raya.lock has no package " + id);
    }
    String path = p.path();
    if (path != null) {
      return folder.resolve(path).resolve(OUTPUT).normalize();
    }
    Path module = p.module(environment.rayaHome(), ProgramVersion.CURRENT);
    if (module == null) {
      throw new VmException(VmErrorKind.IO_ERROR, id + " has no bytecode that raya.lock names");
    }
    return module;
  }

  @Override
  public Set<String> grants(String key) {
    if (key.startsWith(PROGRAM) || key.startsWith(STANDARD)) {
      // The standard library guards itself at the call; what the program may do was said on the
      // command line.
      return key.startsWith(PROGRAM) ? allGrants() : ALL;
    }
    LinkedPackage p = plan == null ? null : plan.packages().get(key);
    return p == null ? Set.of() : new TreeSet<>(p.granted());
  }

  private static final Set<String> ALL = Set.copyOf(dev.raya.vm.bytecode.Capabilities.NAMES);

  /**
   * The root project has every grant at link time; denied ones fail at the call (stdlib.md 1.1).
   */
  private Set<String> allGrants() {
    Set<String> all = new TreeSet<>(ALL);
    all.addAll(programGrants);
    return all;
  }

  @Override
  public String displayName(String key) {
    if (key.startsWith(PROGRAM)) {
      Path name = file.getFileName();
      return name == null ? file.toString() : name.toString();
    }
    return key.startsWith(STANDARD) ? key : "package " + key;
  }
}
