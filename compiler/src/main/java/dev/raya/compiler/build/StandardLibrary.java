package dev.raya.compiler.build;

import dev.raya.compiler.check.BuiltinClasses;
import dev.raya.compiler.lower.External;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.vm.bytecode.CoreModule;
import dev.raya.vm.bytecode.ModuleSymbols;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The modules {@code raya:*} as compilers see them: those of a toolchain's {@code lib/stdlib}, or,
 * where there is none, compiled from the sources in this program. {@code raya:core} comes from the
 * VM; its functions that take functions are sources, instantiated by every package that uses them.
 */
public final class StandardLibrary {
  /** The specifier of the module that is always there. */
  public static final String CORE = ModuleSymbols.CORE;

  /** The modules with sources, {@code raya:NAME}. */
  public static final List<String> NAMES =
      List.of("crypto", "encoding", "fs", "http", "log", "path", "process", "std", "sync", "time");

  /** The modules that give names to globals and are no files: {@code raya:NAME}. */
  static final List<String> OF_GLOBALS = List.of("core", "json");

  /**
   * The module {@code raya:test}, which is no file of its own: every suite is compiled together
   * with its source.
   */
  static final String TEST = "test";

  /**
   * The modules that are no files of their own: packages are compiled together with their source.
   */
  static final List<String> AS_SOURCE = List.of(TEST, "json/internal");

  private static final String RESOURCES = "/dev/raya/compiler/stdlib/";

  private final @Nullable Path folder;
  private final Map<String, RbinModule> modules = new HashMap<>();
  private @Nullable External core;
  private @Nullable SourceFile coreSource;
  private @Nullable List<CheckedModule> functions;
  private @Nullable BuiltinClasses builtinClasses;

  private StandardLibrary(@Nullable Path folder) {
    this.folder = folder;
  }

  /** The library of a toolchain. */
  public static StandardLibrary ofToolchain(Path home) {
    Path folder = home.resolve("lib").resolve("stdlib");
    return new StandardLibrary(Files.isDirectory(folder) ? folder : null);
  }

  /** The library compiled from its sources. */
  public static StandardLibrary fromSources() {
    return new StandardLibrary(null);
  }

  /** The module {@code raya:name}, or null if there is none. */
  public @Nullable RbinModule module(String name) {
    if (!NAMES.contains(name)) {
      return null;
    }
    RbinModule known = modules.get(name);
    if (known == null) {
      known = load(name);
      modules.put(name, known);
    }
    return known;
  }

  private RbinModule load(String name) {
    if (folder == null) {
      return compile(name);
    }
    Path file = folder.resolve(name + ".rbin");
    try {
      return RbinReader.read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the toolchain is damaged: " + file, e);
    } catch (RbinException e) {
      throw new IllegalStateException("the toolchain is damaged: " + file, e);
    }
  }

  private RbinModule compile(String name) {
    SourceFile source = source(name);
    SourceTree tree = file -> file.equals(source.name()) ? source : null;
    Compilation done =
        new Compiler(this, tree, PackageImports.NONE, true)
            .compile(
                new Compiler.Request(
                    "raya:" + name,
                    Compiler.VERSION,
                    List.of(new Compiler.Root("", source.name(), true)),
                    null,
                    true));
    if (done.module() == null) {
      throw new IllegalStateException("raya:" + name + " has errors: " + done.diagnostics());
    }
    return done.module();
  }

  /** The source of a library module. */
  static SourceFile source(String name) {
    String resource = RESOURCES + name + ".raya";
    try (InputStream in = StandardLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + resource);
      }
      return SourceFile.of(name + ".raya", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  External core() {
    External known = core;
    if (known == null) {
      known = new External(CORE, "", CoreModule.build(), 0);
      core = known;
    }
    return known;
  }

  SourceFile coreSource() {
    SourceFile known = coreSource;
    if (known == null) {
      known = source("core");
      coreSource = known;
    }
    return known;
  }

  /** The classes of built-in values; read when the first is wanted: few programs do. */
  BuiltinClasses builtinClasses() {
    BuiltinClasses known = builtinClasses;
    if (known == null) {
      known = new BuiltinClasses();
      builtinClasses = known;
    }
    return known;
  }

  /** The functions of {@code raya:core} that are Raya code, checked. */
  List<CheckedModule> coreFunctions() {
    List<CheckedModule> known = functions;
    if (known == null) {
      known =
          Compiler.checkAlone(
              coreSource(), new ImportResolver(name -> null, this, PackageImports.NONE, true));
      functions = known;
    }
    return known;
  }
}
