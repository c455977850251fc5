package dev.raya.compiler.build;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.bind.ModuleResolver.Resolution;
import dev.raya.compiler.check.CheckMemory;
import dev.raya.compiler.check.CheckResult;
import dev.raya.compiler.check.CheckedForCode;
import dev.raya.compiler.check.Checker;
import dev.raya.compiler.check.IncrementalCheck;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.emit.PackageParts;
import dev.raya.compiler.lower.InstanceException;
import dev.raya.compiler.lower.Lowering;
import dev.raya.compiler.lower.PartSources;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleId;
import dev.raya.compiler.types.ModuleSymbol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compiles packages: all modules reachable from the roots, linked into one file. The same sources,
 * imports and options give the same bytes, wherever the sources lie.
 */
public final class Compiler {
  /** The version of the language and of this compiler. */
  public static final String VERSION = "1.0.0";

  static final String NAME = "rayac " + VERSION;

  /** The level of the language that META names; packages of later levels cannot be read. */
  static final int LANGUAGE_LEVEL = 1;

  /**
   * A module the compilation starts from.
   *
   * @param path as EXPT has it: empty for the main module, a sub-path of {@code [exports]}
   * @param file its package-relative name
   */
  public record Root(String path, String file, boolean importable) {}

  /**
   * What to compile.
   *
   * @param packageName empty outside of a package
   * @param version its version, or empty
   * @param roots main module, exported modules
   * @param entry the root whose {@code main} starts the program, or null for a library
   * @param debug whether line numbers are written
   */
  public record Request(
      String packageName, String version, List<Root> roots, @Nullable String entry, boolean debug) {
    /** Copies the list. */
    public Request {
      roots = List.copyOf(roots);
    }
  }

  private final StandardLibrary library;
  private final SourceTree sources;
  private final PackageImports packages;
  private final boolean ofLibrary;
  private final int threads;

  /** A compiler of the sources of one package, on all processors. */
  public Compiler(StandardLibrary library, SourceTree sources, PackageImports packages) {
    this(library, sources, packages, Runtime.getRuntime().availableProcessors());
  }

  /**
   * A compiler of the sources of one package.
   *
   * @param threads most threads at once; what is made does not depend on it
   */
  public Compiler(
      StandardLibrary library, SourceTree sources, PackageImports packages, int threads) {
    this.ofLibrary = false;
    this.library = library;
    this.sources = sources;
    this.packages = packages;
    this.threads = threads;
  }

  /** A compiler of a package or of a module of the standard library. */
  Compiler(
      StandardLibrary library, SourceTree sources, PackageImports packages, boolean ofLibrary) {
    this.ofLibrary = ofLibrary;
    this.threads = 1;
    this.library = library;
    this.sources = sources;
    this.packages = packages;
  }

  /** Checks a module that imports nothing. */
  static List<CheckedModule> checkAlone(SourceFile source, ImportResolver resolver) {
    CheckResult checked = Checker.check(new ModuleId("", source.name()), source, resolver);
    if (checked.hasErrors()) {
      throw new IllegalStateException(source + " has errors: " + checked.diagnostics());
    }
    return checked.modules();
  }

  /** Checks the package, without making code. */
  public Compilation check(Request request) {
    return DeepStack.call(
        () -> new Compilation(checked(request, resolver()).diagnostics(), null, null));
  }

  /**
   * Checks the package, without making code, but for the modules that an earlier check has found in
   * order.
   *
   * @param memory what earlier checks found; is brought up to date
   */
  public IncrementalCheck.Outcome check(Request request, CheckMemory memory) {
    return DeepStack.call(
        () -> {
          ImportResolver resolver = resolver();
          Map<ModuleId, SourceFile> roots = new LinkedHashMap<>();
          List<Diagnostic> missing = roots(request, resolver, roots);
          return missing.isEmpty()
              ? IncrementalCheck.check(CompilerIdentity.text(), roots, resolver, memory, threads)
              : new IncrementalCheck.Outcome(missing, 0, 0);
        });
  }

  /** Checks the package and makes its file. */
  public Compilation compile(Request request) {
    return DeepStack.call(() -> compileHere(request));
  }

  /**
   * What a build that remembers has made.
   *
   * @param compilation without parts
   * @param modules of the package; empty if there is an error
   * @param made how many of them code was made of; the others' is as it was
   */
  record Made(Compilation compilation, List<PackageParts.Module> modules, int made) {
    Made {
      modules = List.copyOf(modules);
    }
  }

  /**
   * Checks the package and makes its file from the parts that earlier builds have made and new
   * ones. The outcome is that of {@link #compile}, byte for byte.
   *
   * @param memory what earlier checks found; is brought up to date
   * @param parts what earlier builds made; is brought up to date
   */
  Made build(Request request, CheckMemory memory, PartRecords parts) {
    return DeepStack.call(
        () -> {
          Made made = null;
          try {
            made = buildHere(request, memory, parts);
          } catch (IOException | CheckedForCode.UnexpectedException notAsRemembered) {
            parts.forget();
          }
          if (made != null) {
            return made;
          }
          Compilation whole = compileHere(request);
          List<PackageParts.Module> modules =
              whole.parts() == null ? List.of() : whole.parts().modules();
          return new Made(whole, modules, modules.size());
        });
  }

  /** As above; null if only a whole compilation can tell what is wrong. */
  private @Nullable Made buildHere(Request request, CheckMemory memory, PartRecords records)
      throws IOException {
    ImportResolver resolver = resolver();
    Map<ModuleId, SourceFile> roots = new LinkedHashMap<>();
    if (!roots(request, resolver, roots).isEmpty()) {
      return null;
    }
    CheckedForCode checked =
        IncrementalCheck.forCode(
            CompilerIdentity.text(), roots, resolver, memory, records.plannedBy(request), threads);
    if (checked == null) {
      return null;
    }
    if (checked.diagnostics().stream().anyMatch(Diagnostic::isError)) {
      return new Made(new Compilation(checked.diagnostics(), null, null), List.of(), 0);
    }
    return new PartBuild(library, resolver, request, checked, records, threads).run();
  }

  private Compilation compileHere(Request request) {
    ImportResolver resolver = resolver();
    CheckResult checked = checked(request, resolver);
    if (checked.hasErrors()) {
      return new Compilation(checked.diagnostics(), null, null);
    }
    Map<String, Digest> digests = new LinkedHashMap<>();
    Map<String, SourceFile> files = new LinkedHashMap<>();
    for (CheckedModule module : checked.modules()) {
      SourceFile file = module.symbol().file();
      digests.put(module.symbol().id().path(), file.digest());
      files.put(file.name(), file);
    }
    PackagePlan plan = new PackagePlan(request, NAME, digests);
    PartSources sources =
        new PartSources(new LibraryFunctions(library), new WholeProgram(checked), resolver);
    List<ModuleSymbol> importable = new ArrayList<>();
    Finish finish = new Finish(request, files, checked.diagnostics(), threads);
    try (Finish.Passes passes = finish.passes()) {
      for (CheckedModule module : checked.modules()) {
        passes.add(Lowering.module(plan.module(module), sources, plan.meta()));
        if (plan.isImportable(module.symbol().id().path())) {
          importable.add(module.symbol());
        }
      }
      passes.add(Lowering.exports(importable, sources, plan.meta()));
      Compilation refused = passes.refusal();
      if (refused != null) {
        return refused;
      }
      PackageParts lowered = new PackageParts(plan.meta(), plan.rows(), passes.lowered());
      return finish.linked(lowered.with(passes.optimized()), lowered);
    } catch (InstanceException e) {
      return finish.refused(List.of(e.diagnostic()));
    }
  }

  private ImportResolver resolver() {
    return new ImportResolver(sources, library, packages, ofLibrary);
  }

  private CheckResult checked(Request request, ImportResolver resolver) {
    Map<ModuleId, SourceFile> roots = new LinkedHashMap<>();
    List<Diagnostic> missing = roots(request, resolver, roots);
    if (!missing.isEmpty()) {
      return new CheckResult(List.of(), List.of(), List.of(), missing, 0, Set.of());
    }
    return Checker.check(roots, resolver, threads);
  }

  /** Finds the modules to start from; gives what is wrong with the first that is not there. */
  private static List<Diagnostic> roots(
      Request request, ImportResolver resolver, Map<ModuleId, SourceFile> roots) {
    for (Root root : request.roots()) {
      if (resolver.source(root.file()) instanceof Resolution.Source source) {
        roots.put(source.id(), source.file());
      } else {
        SourceFile nothing = SourceFile.of(root.file(), "");
        return List.of(
            new Diagnostic(
                DiagnosticCode.E0501,
                new Span(nothing, 0, 0),
                "there is no file '" + root.file() + "'"));
      }
    }
    return List.of();
  }
}
