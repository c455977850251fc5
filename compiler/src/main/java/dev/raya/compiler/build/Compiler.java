package dev.raya.compiler.build;

import dev.raya.compiler.bind.ModuleResolver.Resolution;
import dev.raya.compiler.check.CheckMemory;
import dev.raya.compiler.check.CheckResult;
import dev.raya.compiler.check.Checker;
import dev.raya.compiler.check.IncrementalCheck;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.emit.RbinEmitter;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.lower.Lowering;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.ssa.Optimizer;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleId;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.vm.bytecode.RbinErrorKind;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiles packages: all modules reachable from the roots, linked into one file. The same sources,
 * imports and options give the same bytes, wherever the sources lie.
 */
public final class Compiler {
  /** The version of the language and of this compiler. */
  public static final String VERSION = "1.0.0";

  private static final String NAME = "rayac " + VERSION;

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
        () -> new Compilation(checked(request, resolver(), false).diagnostics(), null, null));
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
              ? IncrementalCheck.check(VERSION, roots, resolver, memory, threads)
              : new IncrementalCheck.Outcome(missing, 0, 0);
        });
  }

  /** Checks the package and makes its file. */
  public Compilation compile(Request request) {
    return DeepStack.call(() -> compileHere(request));
  }

  private Compilation compileHere(Request request) {
    ImportResolver resolver = resolver();
    CheckResult checked = checked(request, resolver, true);
    if (checked.hasErrors()) {
      return new Compilation(checked.diagnostics(), null, null);
    }
    Lowering.Request lowering = lowering(request, checked);
    IrPackage ir = Lowering.lower(lowering, resolver);
    Map<String, SourceFile> files = new LinkedHashMap<>();
    checked.modules().forEach(m -> files.put(m.symbol().file().name(), m.symbol().file()));
    List<Diagnostic> unwritable = Limits.passed(ir, files);
    if (!unwritable.isEmpty()) {
      return refused(checked, unwritable);
    }
    try {
      RbinModule module =
          new RbinEmitter(Optimizer.standard(), threads).generate(ir, request.debug());
      List<Diagnostic> tooLarge = Limits.passed(module, files);
      if (!tooLarge.isEmpty()) {
        return refused(checked, tooLarge);
      }
      return new Compilation(checked.diagnostics(), ir, module);
    } catch (RbinException e) {
      if (e.kind() == RbinErrorKind.STACK_OVERFLOW) {
        return refused(checked, List.of(Limits.tooDeep(files)));
      }
      SourceFile file = checked.modules().getLast().symbol().file();
      return refused(
          checked,
          List.of(
              new Diagnostic(
                  DiagnosticCode.E0701,
                  new Span(file, 0, 0),
                  "the package cannot be written: " + e.getMessage())));
    }
  }

  private static Compilation refused(CheckResult checked, List<Diagnostic> more) {
    List<Diagnostic> all = new ArrayList<>(checked.diagnostics());
    all.addAll(more);
    all.sort(Diagnostic.ORDER);
    return new Compilation(all, null, null);
  }

  private ImportResolver resolver() {
    return new ImportResolver(sources, library, packages, ofLibrary);
  }

  private CheckResult checked(Request request, ImportResolver resolver, boolean emitting) {
    Map<ModuleId, SourceFile> roots = new LinkedHashMap<>();
    List<Diagnostic> missing = roots(request, resolver, roots);
    if (!missing.isEmpty()) {
      return new CheckResult(List.of(), List.of(), List.of(), missing, 0, Set.of());
    }
    return emitting
        ? Checker.checkForCode(roots, resolver, threads)
        : Checker.check(roots, resolver, threads);
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

  private Lowering.Request lowering(Request request, CheckResult checked) {
    Map<String, Root> roots = new HashMap<>();
    request.roots().forEach(root -> roots.putIfAbsent(root.file(), root));
    List<String> paths = new ArrayList<>();
    Set<ModuleSymbol> importable = new HashSet<>();
    Set<ModuleSymbol> programs = new HashSet<>();
    ModuleSymbol entry = null;
    for (CheckedModule module : checked.modules()) {
      String name = module.symbol().id().path();
      Root root = roots.get(name);
      paths.add(root == null ? name : root.path());
      if (root != null && root.importable()) {
        importable.add(module.symbol());
      }
      if (name.equals(request.entry())) {
        entry = module.symbol();
      } else if (root != null && !root.importable()) {
        programs.add(module.symbol());
      }
    }
    RbinModule.Meta meta =
        new RbinModule.Meta(
            request.packageName(),
            request.version(),
            "",
            NAME,
            LANGUAGE_LEVEL,
            0,
            0,
            Sha256.ZERO,
            sourceDigest(checked.modules()),
            Sha256.ZERO);
    return new Lowering.Request(
        meta,
        checked.modules(),
        paths,
        importable,
        programs,
        entry,
        new LibraryFunctions(library),
        checked.templates(),
        checked.decoded());
  }

  /** Over the sorted names of the sources, each with the digest of its text. */
  private static Sha256 sourceDigest(List<CheckedModule> modules) {
    Map<String, SourceFile> files = new TreeMap<>();
    modules.forEach(m -> files.put(m.symbol().id().path(), m.symbol().file()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    files.forEach(
        (name, file) -> {
          bytes.writeBytes((file.digest() + "  " + name + "\n").getBytes(StandardCharsets.UTF_8));
        });
    return Sha256.hash(bytes.toByteArray());
  }
}
