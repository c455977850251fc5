package dev.raya.compiler.check;

import dev.raya.compiler.bind.ModuleInterface;
import dev.raya.compiler.bind.ModuleResolver;
import dev.raya.compiler.bind.ModuleResolver.Resolution;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.diagnostic.Suggestions;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.ModuleSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleId;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.vm.bytecode.Parallel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Checks a program: loads the modules that the entries reach, declares them, and checks their
 * bodies in initialisation order. A checker is used once, by one thread; its thread needs a deep
 * stack for deeply nested programs (see {@code Parser}).
 */
public final class Checker {
  /** How many modules a program may have. */
  public static final int MAX_MODULES = 20_000;

  /** A module on its way. */
  static final class Unit {
    final ModuleSymbol symbol;
    final ModuleSyntax syntax;
    final ModuleChecker checker;
    final Map<Statement, Unit> targets = new IdentityHashMap<>();

    /** Names in the declarations of another package's module for declarations of it. */
    final Map<String, String> aliases = new LinkedHashMap<>();

    /** Whether the module is only asked for declarations: what it imports is loaded on demand. */
    boolean lazy;

    Unit(ModuleSymbol symbol, ModuleSyntax syntax, ModuleChecker checker) {
      this.symbol = symbol;
      this.syntax = syntax;
      this.checker = checker;
    }
  }

  private final ModuleResolver resolver;
  private final ImportProposals proposals;
  private final Library library;
  private final Diagnostics diagnostics = new Diagnostics();
  private final Deferred deferred = new Deferred();
  private final Map<ModuleId, Unit> units = new LinkedHashMap<>();
  private final List<Unit> order = new ArrayList<>();
  private final Map<SourceFile, ModuleSymbol> byFile = new IdentityHashMap<>();

  /** Modules that were read before they were loaded. */
  private final Map<ModuleId, Parsed> parsed;

  /** Whether the import graph is known to be sound, so that it may be entered anywhere. */
  private boolean graphIsSound;

  /** Modules that are known to be in order, and will not be checked. */
  private Predicate<ModuleId> unchanged = id -> false;

  /** How many of {@link #order} have declared their names. */
  private int declared;

  /** A module's text, read. */
  record Parsed(ModuleSyntax syntax, Diagnostics diagnostics) {}

  Checker(ModuleResolver resolver) {
    this(resolver, Library.load(), new HashMap<>());
  }

  private Checker(ModuleResolver resolver, Library library, Map<ModuleId, Parsed> parsed) {
    this.resolver = resolver;
    this.library = library;
    this.parsed = parsed;
    this.proposals = new MissingImports(resolver, this::parse);
  }

  /**
   * Checks a program with one entry.
   *
   * @param entry the module whose main function starts the program
   */
  public static CheckResult check(ModuleId entry, SourceFile file, ModuleResolver resolver) {
    return check(Map.of(entry, file), resolver);
  }

  /** Checks several entries (of a library: its exported modules) as one program, in map order. */
  public static CheckResult check(Map<ModuleId, SourceFile> entries, ModuleResolver resolver) {
    return check(entries, resolver, 1);
  }

  /**
   * Checks several entries as one program, in map order.
   *
   * @param threads how many threads may parse; the outcome does not depend on it
   */
  public static CheckResult check(
      Map<ModuleId, SourceFile> entries, ModuleResolver resolver, int threads) {
    Checker checker = readAhead(entries, resolver, threads);
    for (Map.Entry<ModuleId, SourceFile> e : entries.entrySet()) {
      checker.load(e.getKey(), e.getValue(), new ArrayList<>());
    }
    return checker.run(entries.keySet());
  }

  // ---- loading ----

  private Unit load(ModuleId id, SourceFile file, List<Unit> path) {
    Unit known = units.get(id);
    if (known != null) {
      return known;
    }
    Parsed read = parse(id, file);
    read.diagnostics().inOrder().forEach(diagnostics::add);
    ModuleSyntax syntax = read.syntax();
    Unit unit = unit(new ModuleSymbol(id, file, false), syntax);
    units.put(id, unit);
    unit.lazy = unchanged.test(id);
    path.add(unit);
    for (Statement s : syntax.items()) {
      switch (s) {
        case Statement.Import i -> {
          if (!unit.lazy) {
            depend(unit, s, i.specifier(), isTypeOnly(i), path);
          }
        }
        case Statement.ExportNames e -> {
          if (e.from() != null) {
            depend(unit, s, e.from(), e.typeOnly(), path);
          }
        }
        case Statement.ExportAll e -> depend(unit, s, e.from(), false, path);
        default -> {}
      }
    }
    path.removeLast();
    order.add(unit);
    return unit;
  }

  /**
   * A checker that has read what entries reach, and the library's declarations beside that.
   *
   * @param threads how many threads may parse modules; on one, modules are read as they are loaded
   */
  static Checker readAhead(
      Map<ModuleId, SourceFile> entries, ModuleResolver resolver, int threads) {
    if (threads <= 1) {
      return new Checker(resolver);
    }
    Map<ModuleId, Parsed> parsed = new HashMap<>();
    AtomicReference<Library> library = new AtomicReference<>();
    Parallel.<RuntimeException>run(
        2,
        2,
        () ->
            piece -> {
              if (piece == 0) {
                new ReadAhead(resolver, threads, parsed).read(entries);
              } else {
                library.set(Library.load());
              }
            });
    return new Checker(resolver, library.get(), parsed);
  }

  /** Reads a module, once. */
  Parsed parse(ModuleId id, SourceFile file) {
    Parsed known = parsed.get(id);
    if (known == null) {
      Diagnostics own = new Diagnostics();
      ModuleSyntax syntax = Parser.parse(file, own);
      known = new Parsed(id.isHost() ? HostModules.of(id, syntax, own) : syntax, own);
      parsed.put(id, known);
    }
    return known;
  }

  static boolean isTypeOnly(Statement.Import i) {
    return i.typeOnly()
        || !i.names().isEmpty() && i.names().stream().allMatch(Statement.ImportName::typeOnly);
  }

  private Unit unit(ModuleSymbol symbol, ModuleSyntax syntax) {
    ModuleChecker checker = new ModuleChecker(symbol, library, diagnostics, deferred);
    checker.proposals = proposals;
    return new Unit(symbol, syntax, checker);
  }

  private void depend(
      Unit from, Statement at, Statement.Specifier specifier, boolean typeOnly, List<Unit> path) {
    Unit target = resolve(from, specifier, typeOnly, path);
    if (target == null) {
      return;
    }
    from.targets.put(at, target);
    from.symbol.addDependency(
        new ModuleSymbol.Dependency(target.symbol, specifier.text(), typeOnly, specifier.span()));
  }

  private @Nullable Unit resolve(
      Unit from, Statement.Specifier specifier, boolean typeOnly, List<Unit> path) {
    return switch (resolver.resolve(from.symbol.id(), specifier.text())) {
      case Resolution.Refused refused -> {
        refuse(refused, specifier.span());
        yield null;
      }
      case Resolution.Interface(ModuleInterface module) -> external(module);
      case Resolution.Source(ModuleId id, SourceFile file) -> {
        Unit known = units.get(id);
        if (known != null && path.contains(known) && !typeOnly && !graphIsSound) {
          reportCycle(known, specifier.span(), path);
          yield null;
        }
        if (units.size() >= MAX_MODULES) {
          diagnostics.add(
              DiagnosticCode.E0501,
              specifier.span(),
              "the program has more than " + MAX_MODULES + " modules");
          yield null;
        }
        yield load(id, file, path);
      }
    };
  }

  private void refuse(Resolution.Refused refused, Span specifier) {
    String similar = refused.similar();
    if (similar == null) {
      diagnostics.add(refused.code(), specifier, refused.message());
      return;
    }
    String quote = specifier.file().text().startsWith("'", specifier.start()) ? "'" : "\"";
    diagnostics.add(
        new Diagnostic(
            refused.code(),
            specifier,
            refused.message() + Suggestions.didYouMean(List.of(similar)),
            List.of(),
            List.of(Suggestions.replace(specifier, quote + similar + quote))));
  }

  private void reportCycle(Unit start, Span span, List<Unit> path) {
    List<String> names = new ArrayList<>();
    for (Unit u : path.subList(path.indexOf(start), path.size())) {
      names.add(u.symbol.name());
    }
    names.add(start.symbol.name());
    diagnostics.add(
        DiagnosticCode.E0502, span, "the imports form a cycle: " + String.join(" → ", names));
  }

  /** A module of another package, from its declarations. */
  private Unit external(ModuleInterface module) {
    Unit known = units.get(module.id());
    if (known != null) {
      return known;
    }
    StringBuilder text = new StringBuilder();
    for (ModuleInterface.Declaration d : module.declarations()) {
      if (d.exported()) {
        text.append("export ");
      }
      text.append(d.text()).append('\n');
    }
    SourceFile file = SourceFile.of(module.id().toString(), text.toString());
    Diagnostics own = new Diagnostics();
    ModuleSyntax syntax = Parser.parseDeclarations(file, own);
    Unit unit = unit(new ModuleSymbol(module.id(), file, true), syntax);
    units.put(module.id(), unit);
    library.reexports(module.id().packageName()).forEach(unit.symbol::addExport);
    if (own.hasErrors()) {
      diagnostics.add(
          DiagnosticCode.E0515,
          own.sorted().getFirst().span(),
          "the declarations of '"
              + module.id()
              + "' cannot be read: "
              + own.sorted().getFirst().message());
    }
    Map<String, Statement.ExportAll> namespaces = new HashMap<>();
    for (Statement s : syntax.items()) {
      if (s instanceof Statement.ExportAll e && e.namespace() != null) {
        namespaces.put(e.namespace().text(), e);
      }
    }
    Set<String> done = new HashSet<>();
    for (ModuleInterface.Declaration d : module.declarations()) {
      for (ModuleInterface.FreeName free : d.freeNames()) {
        Statement.ExportAll namespace = namespaces.get(d.name());
        if (namespace != null) {
          Unit target = mentioned(unit, free.module());
          if (target != null) {
            unit.targets.put(namespace, target);
          }
        } else if (done.add(free.local())) {
          if (!free.module().equals(module.id())) {
            importFree(unit, free);
          } else if (!free.name().equals(free.local())) {
            unit.aliases.put(free.local(), free.name());
          }
        }
      }
    }
    order.add(unit);
    return unit;
  }

  /** A module that the declarations of another package mention; null if it was refused. */
  private @Nullable Unit mentioned(Unit unit, ModuleId id) {
    return switch (resolver.resolve(unit.symbol.id(), id.toString())) {
      case Resolution.Interface(ModuleInterface module) -> external(module);
      case Resolution.Refused refused -> {
        diagnostics.add(refused.code(), unit.symbol.span(), refused.message());
        yield null;
      }
      case Resolution.Source _ -> null;
    };
  }

  private void importFree(Unit unit, ModuleInterface.FreeName free) {
    Unit target = mentioned(unit, free.module());
    if (target == null) {
      unit.checker.poison(new Name(unit.symbol.span(), free.local()));
      return;
    }
    Span span = unit.symbol.span();
    Name name = new Name(span, free.name());
    boolean namespace = free.name().equals(ModuleInterface.NAMESPACE);
    Name local = new Name(span, free.local());
    Statement.Import i =
        new Statement.Import(
            span,
            true,
            namespace ? List.of() : List.of(new Statement.ImportName(span, true, name, local)),
            namespace ? local : null,
            new Statement.Specifier(span, free.module().toString()));
    unit.targets.put(i, target);
    unit.symbol.addDependency(
        new ModuleSymbol.Dependency(target.symbol, free.module().toString(), true, span));
  }

  // ---- checking ----

  private CheckResult run(Set<ModuleId> entries) {
    declare();
    List<CheckedModule> modules = new ArrayList<>();
    List<CheckedModule> templates = new ArrayList<>();
    List<ModuleSymbol> externals = new ArrayList<>();
    for (Unit u : order) {
      if (u.symbol.external()) {
        externals.add(u.symbol);
        templates.add(u.checker.checkTemplates(u.syntax));
      } else {
        modules.add(u.checker.check(u.syntax));
      }
    }
    Instantiations found = checkInstantiations(modules);
    for (Unit u : order) {
      if (entries.contains(u.symbol.id())) {
        u.checker.checkMain();
      }
    }
    // What only the whole program shows: type arguments that JSON cannot make, given to generics
    // whose bodies, in whatever module, cast json to them.
    if (!diagnostics.hasErrors()) {
      templates.forEach(found::declarations);
      found.checkDecoded(modules, diagnostics);
    }
    return new CheckResult(
        diagnostics.hasErrors() ? List.of() : modules,
        diagnostics.hasErrors() ? List.of() : templates,
        externals,
        diagnostics.sorted(),
        order.size() - externals.size(),
        found.decoded());
  }

  /** Declares what the modules loaded last declare; what they import must be loaded. */
  private void declare() {
    List<Unit> fresh = List.copyOf(order.subList(declared, order.size()));
    declared = order.size();
    deferred.begin();
    for (Unit u : fresh) {
      if (!u.symbol.external() && !resolver.mayDeclareBuiltins(u.symbol.id())) {
        refuseBuiltins(u);
        for (Statement s : u.syntax.items()) {
          if (s instanceof Statement.AmbientModule m
              && !units.containsKey(new ModuleId("", m.name().text()))) {
            HostModules.check(m, diagnostics);
          }
        }
      }
      u.checker.declareOwn(u.syntax, u.symbol.external());
      u.checker.exportOwn(u.syntax);
    }
    fresh.forEach(u -> u.checker.exportDeclared(u.syntax));
    link(fresh);
    for (Unit u : fresh) {
      u.checker.readShapes();
    }
    deferred.end();
  }

  // ---- modules one by one, for checks that remember ----

  /** What an import of a module means that is known to be in order. */
  private @Nullable ModuleSymbol onDemand(Unit from, Statement.Import i) {
    Unit target = resolve(from, i.specifier(), isTypeOnly(i), new ArrayList<>());
    if (declared < order.size()) {
      declare();
    }
    return target == null ? null : target.symbol;
  }

  /**
   * A module of a sound graph with all that it imports, declared and linked.
   *
   * @param inOrder the modules that are known to be in order and will not be checked
   */
  Unit declared(ModuleId id, SourceFile file, Predicate<ModuleId> inOrder) {
    graphIsSound = true;
    unchanged = inOrder;
    Unit unit = load(id, file, new ArrayList<>());
    if (declared < order.size()) {
      declare();
    }
    return unit;
  }

  /** Checks a declared module's bodies and what they run before. */
  CheckedModule checkBodies(Unit unit, boolean entry) {
    CheckedModule checked = unit.checker.check(unit.syntax);
    if (entry) {
      unit.checker.checkMain();
    }
    return checked;
  }

  /** Reports what some modules would instantiate without end; those with errors are left out. */
  Instantiations checkInstantiations(List<CheckedModule> modules) {
    Instantiations found = new Instantiations();
    for (CheckedModule module : modules) {
      if (!diagnostics.hasErrorsIn(module.symbol().file())) {
        addTo(found, module);
      }
    }
    found.check(diagnostics);
    return found;
  }

  /** Adds what a module instantiates. */
  void addTo(Instantiations found, CheckedModule module) {
    Unit unit = units.get(module.symbol().id());
    if (unit != null) {
      unit.checker.genericStructures.forEach(found::structure);
      unit.checker.genericFunctions.values().forEach(found::generic);
      found.declarations(module);
    }
  }

  /** The generic code of a module of another package; asked for once. */
  CheckedModule templates(ModuleSymbol module) {
    Unit unit = units.get(module.id());
    if (unit == null) {
      throw new IllegalStateException("module " + module + " is not loaded");
    }
    return unit.checker.checkTemplates(unit.syntax);
  }

  /** The modules of other packages that are loaded, in order. */
  List<ModuleSymbol> externals() {
    return order.stream().map(u -> u.symbol).filter(ModuleSymbol::external).toList();
  }

  /** The loaded module that a file is the source or the declarations of, or null. */
  @Nullable ModuleSymbol moduleOf(SourceFile file) {
    if (byFile.size() < units.size()) {
      units.values().forEach(u -> byFile.put(u.symbol.file(), u.symbol));
    }
    return byFile.get(file);
  }

  Diagnostics diagnostics() {
    return diagnostics;
  }

  /** The symbol of a module that is loaded. */
  ModuleSymbol symbol(ModuleId id) {
    Unit unit = units.get(id);
    if (unit == null) {
      throw new IllegalStateException("module " + id + " is not loaded");
    }
    return unit.symbol;
  }

  /** Whether a symbol is the one that a loaded module declares at its top under its name. */
  boolean declaresAtTop(ModuleSymbol module, Symbol symbol) {
    Unit unit = units.get(module.id());
    return unit != null && unit.checker.declaresAtTop(symbol);
  }

  Library library() {
    return library;
  }

  /**
   * What is declared without body is native; that of a program stands in {@code declare module}.
   */
  private void refuseBuiltins(Unit u) {
    for (Statement s : u.syntax.items()) {
      if (s instanceof Statement.Ambient a) {
        diagnostics.add(
            DiagnosticCode.E0509,
            a.span(),
            "what is declared without a body must be native, and only the standard library declares"
                + " such things alone; give it a body, or import it");
      }
    }
  }

  /**
   * What a module exports may be what others export again, and what it imports what it exports; so
   * each is linked when what it names is there, in the order of loading for the most part. Modules
   * that name each other's types in a circle do so by what they declare.
   */
  private void link(List<Unit> fresh) {
    Set<Unit> open = new LinkedHashSet<>(fresh);
    int before;
    do {
      before = open.size();
      for (Unit u : List.copyOf(open)) {
        if (u.targets.entrySet().stream().allMatch(e -> isThere(e.getKey(), e.getValue(), open))) {
          linkExports(u);
          linkImports(u);
          open.remove(u);
        }
      }
    } while (!open.isEmpty() && open.size() < before);
    open.forEach(this::linkExports);
    open.forEach(this::linkImports);
  }

  /** Whether all is known that an import, or an export from another module, names. */
  private static boolean isThere(Statement s, Unit target, Set<Unit> open) {
    if (!open.contains(target)) {
      return true;
    }
    return switch (s) {
      case Statement.Import i ->
          i.names().stream().allMatch(n -> target.symbol.export(n.name().text()) != null);
      case Statement.ExportNames e ->
          e.names().stream().allMatch(n -> target.symbol.export(n.local().text()) != null);
      case Statement.ExportAll e -> e.namespace() != null;
      default -> true;
    };
  }

  private void linkExports(Unit u) {
    for (Statement s : u.syntax.items()) {
      Unit target = u.targets.get(s);
      if (target == null) {
        loseExports(u, s);
        continue;
      }
      switch (s) {
        case Statement.ExportNames e -> u.checker.reExport(e, target.symbol);
        case Statement.ExportAll e -> u.checker.reExportAll(e, target.symbol);
        default -> {}
      }
    }
  }

  /** What a module exports again of one that was refused is not known. */
  private static void loseExports(Unit u, Statement s) {
    switch (s) {
      case Statement.ExportNames e -> {
        if (e.from() != null) {
          e.names().forEach(n -> u.symbol.markLost(n.exported().text()));
        }
      }
      case Statement.ExportAll e -> {
        if (e.namespace() == null) {
          u.symbol.markOpen();
        } else {
          u.symbol.markLost(e.namespace().text());
        }
      }
      default -> {}
    }
  }

  private void linkImports(Unit u) {
    for (Map.Entry<Statement, Unit> e : u.targets.entrySet()) {
      if (e.getKey() instanceof Statement.Import i && u.symbol.external()) {
        u.checker.link(i, e.getValue().symbol);
      }
    }
    u.aliases.forEach(u.checker::alias);
    for (Statement s : u.syntax.items()) {
      if (s instanceof Statement.Import i) {
        Unit target = u.targets.get(s);
        if (u.lazy) {
          u.checker.linkLazily(i, () -> onDemand(u, i));
        } else if (target != null) {
          u.checker.link(i, target.symbol);
        } else {
          i.names().forEach(n -> u.checker.poison(n.local()));
          if (i.namespace() != null) {
            u.checker.poison(i.namespace());
          }
        }
      }
    }
    u.checker.exportLocals(u.syntax);
  }
}
