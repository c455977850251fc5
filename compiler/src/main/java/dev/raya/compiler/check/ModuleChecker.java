package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.parse.SourceWords;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.ModuleSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The checker of one module: what it declares, imports, exports, and its body. */
final class ModuleChecker extends Classes {
  private static final int MAX_ROUNDS = 20;

  /** An imported name and where it stands. */
  private record Imported(Name local, Symbol symbol) {}

  private final Set<Symbol> usedSymbols = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Imported> imported = new ArrayList<>();
  private final Map<String, Span> exportSpans = new LinkedHashMap<>();
  private List<Runnable> shapes = List.of();

  ModuleChecker(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  @Override
  void markUsed(Symbol symbol) {
    usedSymbols.add(symbol);
  }

  @Override
  boolean isUsed(Symbol symbol) {
    return usedSymbols.contains(symbol);
  }

  // ---- the library ----

  /** Declares the globals of the ambient library in its scope. */
  void declareLibrary(Scope globals, ModuleSyntax syntax) {
    scope = globals;
    declareAll(syntax.items(), true, true);
  }

  // ---- declarations, imports, exports ----

  /** Declares what the module's own statements declare. */
  void declareOwn(ModuleSyntax syntax, boolean ambient) {
    lost = syntax.lost();
    lost.forEach(module::markLost);
    assignments.of(syntax.items());
    shapes = declareNames(syntax.items(), true, ambient);
  }

  /** Declares the own exports; re-exports follow when their modules are known. */
  void exportOwn(ModuleSyntax syntax) {
    for (Statement s : syntax.items()) {
      switch (s) {
        case Statement.ExportDeclaration e -> exportDeclaration(e.declaration());
        default -> {}
      }
    }
  }

  private void exportDeclaration(Statement.Declaration d) {
    switch (d) {
      case Statement.Function f -> exportName(f.name(), f.name());
      case Statement.Class c -> exportName(c.name(), c.name());
      case Statement.Interface i -> exportName(i.name(), i.name());
      case Statement.Alias a -> exportName(a.name(), a.name());
      case Statement.Variables v -> {
        for (Statement.Binding b : v.bindings()) {
          for (Name name : names(b.target())) {
            exportName(name, name);
          }
        }
      }
    }
  }

  private void exportName(Name local, Name exported) {
    Symbol symbol = scope.own(local.text());
    if (poisoned.contains(local.text()) || symbol == null && lost.contains(local.text())) {
      module.markLost(exported.text());
      return;
    }
    if (symbol == null) {
      module.markLost(exported.text());
      missing(
          DiagnosticCode.E0201,
          local.span(),
          local.text(),
          "unknown name '" + local.text() + "'",
          scope.named(declared -> true).keySet());
      return;
    }
    markUsed(symbol);
    addExport(exported.text(), symbol, exported.span());
  }

  private void addExport(String name, Symbol symbol, Span span) {
    Span first = exportSpans.putIfAbsent(name, span);
    if (first != null || module.export(name) != null) {
      if (module.export(name) != symbol) {
        error(
            DiagnosticCode.E0504,
            span,
            "'" + name + "' is already exported",
            new Diagnostic.Note(first == null ? span : first, "first exported here"));
      }
      return;
    }
    module.addExport(name, symbol);
    if (isOwn(symbol)) {
      markExported(symbol);
    }
  }

  /** Whether the module's own scope has the symbol under its name. */
  boolean declaresAtTop(Symbol symbol) {
    return scope.own(symbol.name()) == symbol;
  }

  private boolean isOwn(Symbol symbol) {
    return switch (symbol) {
      case VariableSymbol v -> v.module() == module;
      case FunctionSymbol f -> f.module() == module;
      case ClassSymbol c -> c.module() == module;
      case StructureSymbol s -> s.module() == module;
      case AliasSymbol a -> a.module() == module;
      case ModuleSymbol _, TypeParameterSymbol _ -> false;
    };
  }

  private static void markExported(Symbol symbol) {
    switch (symbol) {
      case VariableSymbol v -> v.markExported();
      case FunctionSymbol f -> f.markExported();
      case ClassSymbol c -> c.markExported();
      case StructureSymbol s -> s.markExported();
      case AliasSymbol a -> a.markExported();
      case ModuleSymbol _, TypeParameterSymbol _ -> {}
    }
  }

  /** Declares the names of an import. */
  void link(Statement.Import i, ModuleSymbol target) {
    if (i.namespace() != null) {
      declareName(i.namespace(), target);
      imported.add(new Imported(i.namespace(), target));
    }
    for (Statement.ImportName n : i.names()) {
      Symbol symbol = exported(target, n.name(), i.specifier().text());
      if (symbol != null) {
        declareName(n.local(), symbol);
        imported.add(new Imported(n.local(), symbol));
      } else {
        poison(n.local());
      }
    }
  }

  /**
   * Declares the names of an import that is known to be in order; the module imported is loaded
   * when one of them is asked for.
   */
  void linkLazily(Statement.Import i, Supplier<@Nullable ModuleSymbol> target) {
    if (i.namespace() != null) {
      scope.declareLazily(i.namespace().text(), target::get);
    }
    for (Statement.ImportName n : i.names()) {
      scope.declareLazily(
          n.local().text(),
          () -> {
            ModuleSymbol module = target.get();
            return module == null ? null : module.export(n.name().text());
          });
    }
  }

  /** After a failed import its name exists, so that uses report nothing. */
  void poison(Name local) {
    VariableSymbol v =
        new VariableSymbol(
            local.text(), local.span(), VariableSymbol.Kind.CONST, null, module, true);
    v.setType(Type.Primitive.INVALID);
    visited.add(v);
    scope.declare(local.text(), v);
    poisoned.add(local.text());
  }

  private @Nullable Symbol exported(ModuleSymbol target, Name name, String specifier) {
    Symbol symbol = target.export(name.text());
    if (symbol == null && !target.mayExport(name.text())) {
      missing(
          DiagnosticCode.E0503,
          name.span(),
          name.text(),
          "'" + specifier + "' exports no '" + name.text() + "'",
          target.exports().keySet());
    }
    return symbol;
  }

  /** {@code export { a } from "m"}. */
  void reExport(Statement.ExportNames e, ModuleSymbol target) {
    String specifier = e.from() == null ? "" : e.from().text();
    for (Statement.ExportName n : e.names()) {
      Symbol symbol = exported(target, n.local(), specifier);
      if (symbol != null) {
        addExport(n.exported().text(), symbol, n.exported().span());
      } else {
        module.markLost(n.exported().text());
      }
    }
  }

  /** {@code export { a as b }} of what the module declares, before its imports. */
  void exportDeclared(ModuleSyntax syntax) {
    for (Statement s : syntax.items()) {
      if (s instanceof Statement.ExportNames e && e.from() == null) {
        for (Statement.ExportName n : e.names()) {
          if (scope.own(n.local().text()) != null) {
            exportName(n.local(), n.exported());
          }
        }
      }
    }
  }

  /** {@code export { a as b }}, after the imports. */
  void exportLocals(ModuleSyntax syntax) {
    for (Statement s : syntax.items()) {
      if (s instanceof Statement.ExportNames e && e.from() == null) {
        for (Statement.ExportName n : e.names()) {
          exportName(n.local(), n.exported());
        }
      }
    }
  }

  /** {@code export * from "m"}: what the module does not export itself. */
  void reExportAll(Statement.ExportAll e, ModuleSymbol target) {
    if (e.namespace() != null) {
      addExport(e.namespace().text(), target, e.namespace().span());
      return;
    }
    if (target.mayExport("")) {
      module.markOpen();
    }
    for (Map.Entry<String, Symbol> x : target.exports().entrySet()) {
      Symbol own = module.export(x.getKey());
      if (own == null) {
        addExport(x.getKey(), x.getValue(), e.span());
        fromStars.add(x.getKey());
      } else if (own != x.getValue() && fromStars.contains(x.getKey())) {
        error(
            DiagnosticCode.E0504,
            e.span(),
            "'" + x.getKey() + "' is exported by two modules; export it by name");
      }
    }
  }

  private final Set<String> fromStars = new java.util.HashSet<>();

  /** Reads the shapes of the types declared; after all modules have declared their names. */
  void readShapes() {
    for (Runnable shape : shapes) {
      shape.run();
    }
    shapes = List.of();
  }

  // ---- bodies ----

  /** Checks everything at module level and in functions. */
  CheckedModule check(ModuleSyntax syntax) {
    if (module.id().isHost()) {
      checkCapability();
    }
    for (int round = 0; ; round++) {
      int errors = diagnostics.size();
      int open = opened.size();
      CheckedModule checked = checkOnce(syntax);
      if (opened.size() == open || round == MAX_ROUNDS) {
        warnUnused();
        return checked;
      }
      diagnostics.truncate(errors);
      resets.forEach(Runnable::run);
      visited.clear();
      visitedClasses.clear();
      unassigned.clear();
      flow = Flow.start();
    }
  }

  /** What a capability takes and gives is copied as json (stdlib.md 8). */
  private void checkCapability() {
    for (Symbol exported : module.exports().values()) {
      if (exported instanceof FunctionSymbol f) {
        for (Type.Parameter p : f.type().parameters()) {
          encodable(p.type(), f.span());
        }
        if (f.type().result() != Type.Primitive.VOID) {
          decodable(f.type().result(), f.span());
        }
      }
    }
  }

  private CheckedModule checkOnce(ModuleSyntax syntax) {
    List<Stmt> body = new ArrayList<>();
    for (Statement s : syntax.items()) {
      checked(s, body);
    }
    if (context.locks) {
      MutexRule.check(body, diagnostics);
    }
    List<FunctionTree> functionTrees = new ArrayList<>();
    List<ClassTree> classTrees = new ArrayList<>();
    List<VariableSymbol> globals = new ArrayList<>();
    for (Statement s : syntax.items()) {
      Statement d = s instanceof Statement.ExportDeclaration e ? e.declaration() : s;
      FunctionWork work = functionOf(d);
      if (work != null) {
        work.symbol.type();
        functionTrees.add(bodyOf(work));
      }
      switch (d) {
        case Statement.Variables v -> {
          for (Statement.Binding b : v.bindings()) {
            for (Name name : names(b.target())) {
              VariableSymbol symbol = variables.get(name);
              if (symbol != null) {
                globals.add(symbol);
              }
            }
          }
        }
        default -> {}
      }
    }
    if (!localClasses.isEmpty()) {
      spreadCaptures(localClasses.keySet());
      checkCasts();
    }
    for (Stmt s : body) {
      if (s instanceof Stmt.DeclareClass c) {
        classTrees.add(c.declaration());
      }
    }
    classTrees.forEach(c -> localClasses.remove(c.symbol()));
    return new CheckedModule(
        module,
        functionTrees,
        classTrees,
        List.copyOf(localClasses.values()),
        globals,
        body,
        docs(syntax),
        templates(syntax));
  }

  // ---- generic declarations that importers compile ----

  /** Checks what an imported module's declarations have bodies for. */
  CheckedModule checkTemplates(ModuleSyntax syntax) {
    visitedClasses.addAll(declaredIn.keySet());
    List<FunctionTree> functionTrees = new ArrayList<>();
    List<ClassTree> classTrees = new ArrayList<>();
    for (Statement s : syntax.items()) {
      templateBody(functionOf(declared(s)), functionTrees);
      switch (declared(s)) {
        case Statement.Class c -> {
          ClassWork work = classes.get(c);
          if (work != null && !work.symbol.ambient()) {
            classTrees.add(checkClass(work));
          } else if (work != null) {
            work.functions.forEach(m -> templateBody(m, functionTrees));
          }
        }
        default -> {}
      }
    }
    return new CheckedModule(
        module,
        functionTrees,
        classTrees,
        List.copyOf(localClasses.values()),
        List.of(),
        List.of(),
        Map.of(),
        Map.of());
  }

  private void templateBody(@Nullable FunctionWork work, List<FunctionTree> out) {
    if (work != null && !work.symbol.ambient()) {
      work.symbol.type();
      out.add(bodyOf(work));
    }
  }

  /** Another name in an imported module's declarations for one of them. */
  void alias(String local, String name) {
    Symbol symbol = scope.own(name);
    if (symbol != null && scope.own(local) == null) {
      scope.declare(local, symbol);
    }
  }

  private static Statement declared(Statement s) {
    return switch (s) {
      case Statement.ExportDeclaration e -> e.declaration();
      case Statement.Ambient a -> a.declaration();
      default -> s;
    };
  }

  private Map<Symbol, CheckedModule.Template> templates(ModuleSyntax syntax) {
    Map<Symbol, CheckedModule.Template> found = new IdentityHashMap<>();
    for (Statement s : syntax.items()) {
      switch (declared(s)) {
        case Statement.Function f when !f.function().typeParameters().isEmpty() ->
            template(f.name(), f.span(), found);
        case Statement.Variables v when functionOf(v) instanceof FunctionWork f ->
            template(new Name(f.symbol.span(), f.symbol.name()), v.span(), found);
        case Statement.Interface i when !i.typeParameters().isEmpty() ->
            template(i.name(), i.span(), found);
        case Statement.Alias a when !a.typeParameters().isEmpty() ->
            template(a.name(), a.span(), found);
        case Statement.Class c when !c.typeParameters().isEmpty() ->
            template(c.name(), c.span(), found);
        case Statement.Class c -> {
          ClassWork work = classes.get(c);
          if (work != null) {
            for (FunctionWork m : work.functions) {
              if (!m.syntax.typeParameters().isEmpty()) {
                memberTemplate(c, m, found);
              }
            }
          }
        }
        default -> {}
      }
    }
    return found;
  }

  private void template(Name name, Span span, Map<Symbol, CheckedModule.Template> found) {
    Symbol symbol = scope.own(name.text());
    if (symbol != null) {
      found.put(symbol, template(span));
    }
  }

  private void memberTemplate(
      Statement.Class c, FunctionWork m, Map<Symbol, CheckedModule.Template> found) {
    for (ClassMember member : c.members()) {
      if (member instanceof ClassMember.Method x && x.function() == m.syntax) {
        found.put(m.symbol, template(x.span()));
      }
    }
  }

  private CheckedModule.Template template(Span span) {
    List<SourceWords.Word> words = SourceWords.of(span);
    Map<String, Symbol> names = new LinkedHashMap<>();
    for (SourceWords.Word word : words) {
      Symbol symbol = word.free() ? scope.own(word.text()) : null;
      if (symbol != null) {
        names.put(word.text(), symbol);
      }
    }
    return new CheckedModule.Template(SourceWords.join(words), names);
  }

  /** The doc comments of the module's declarations, by declared name. */
  private static Map<String, String> docs(ModuleSyntax syntax) {
    Map<String, String> docs = new LinkedHashMap<>();
    for (Statement s : syntax.items()) {
      Statement declared = s instanceof Statement.ExportDeclaration e ? e.declaration() : s;
      if (declared instanceof Statement.Declaration d && d.doc() != null) {
        for (String name : declaredNames(d)) {
          docs.put(name, d.doc());
        }
      }
    }
    return docs;
  }

  private static List<String> declaredNames(Statement.Declaration d) {
    return switch (d) {
      case Statement.Function f -> List.of(f.name().text());
      case Statement.Class c -> List.of(c.name().text());
      case Statement.Interface i -> List.of(i.name().text());
      case Statement.Alias a -> List.of(a.name().text());
      case Statement.Variables v ->
          v.bindings().stream().flatMap(b -> names(b.target()).stream()).map(Name::text).toList();
    };
  }

  private void warnUnused() {
    for (Imported i : imported) {
      if (!usedSymbols.contains(i.symbol())
          && !(i.symbol() instanceof VariableSymbol v && v.used())) {
        error(DiagnosticCode.W0003, i.local().span(), "'" + i.local().text() + "' is never used");
      }
    }
  }

  // ---- main ----

  /**
   * Reports a main function of the entry module whose shape is not supported (language.md 16.4).
   */
  void checkMain() {
    if (!(scope.own("main") instanceof FunctionSymbol main) || main.module() != module) {
      return;
    }
    Type.Function type = main.type();
    boolean parameters =
        type.typeParameters().isEmpty()
            && (type.parameters().isEmpty()
                || type.parameters().size() == 1
                    && type.parameters()
                        .getFirst()
                        .type()
                        .equals(new Type.Array(Type.Primitive.STRING, false)));
    Type result = type.result();
    if (main.async() && result instanceof Type.ClassInstance c && library.isTask(c)) {
      result = c.arguments().getFirst();
    }
    boolean fine =
        result == Type.Primitive.VOID
            || result == Type.Primitive.NEVER
            || Unions.isInt(result)
            || isInvalid(result);
    if (!parameters || !fine) {
      error(
          DiagnosticCode.E0512,
          main.span(),
          "'main' takes nothing or 'args: string[]' and returns void or int, not '"
              + show(type)
              + "'");
    }
  }
}
