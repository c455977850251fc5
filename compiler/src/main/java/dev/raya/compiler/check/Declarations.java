package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of the checker that declares what a block or module contains: first all names, then the
 * shapes of types, so that declarations may use each other in any order (language.md 8.2).
 */
abstract sealed class Declarations extends TypeReader permits ClassDeclarations {
  final Map<Name, VariableSymbol> variables = new IdentityHashMap<>();
  final Map<Statement.Function, FunctionWork> functions = new IdentityHashMap<>();
  final Map<Statement.Class, ClassWork> classes = new IdentityHashMap<>();

  /** The functions that this module's classes are declared in. */
  final Map<ClassSymbol, FunctionContext> declaredIn = new IdentityHashMap<>();

  /** The interfaces with type parameters. */
  final List<StructureSymbol> genericStructures = new ArrayList<>();

  /** The work on every function symbol whose source is at hand. */
  final Map<FunctionSymbol, FunctionWork> works = new IdentityHashMap<>();

  /** How to forget what was inferred at module level, for checking it again. */
  final List<Runnable> resets = new ArrayList<>();

  Declarations(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** The type of a declared function. */
  abstract Type.Function typeOf(FunctionWork work);

  /** Infers the type of a variable from its declaration, for uses that come before it. */
  abstract Type inferVariable(Statement.Variables statement, Statement.Binding binding, Name name);

  /** Declares a class; what reads its shape is added. */
  abstract void declareClass(
      Statement.Class c, boolean global, boolean ambient, List<Runnable> shapes);

  /** Declares everything of a list of statements in the current scope. */
  final void declareAll(List<Statement> statements, boolean global, boolean ambient) {
    deferred.begin();
    try {
      for (Runnable shape : declareNames(statements, global, ambient)) {
        shape.run();
      }
    } finally {
      deferred.end();
    }
  }

  /** Declares the names only; what is returned reads the shapes of types, to be run in order. */
  final List<Runnable> declareNames(List<Statement> statements, boolean global, boolean ambient) {
    List<Runnable> shapes = new ArrayList<>();
    for (Statement s : statements) {
      declare(s, global, ambient, shapes);
    }
    return shapes;
  }

  private void declare(Statement s, boolean global, boolean ambient, List<Runnable> shapes) {
    switch (s) {
      case Statement.ExportDeclaration e -> declare(e.declaration(), global, ambient, shapes);
      case Statement.Ambient a -> declare(a.declaration(), global, true, shapes);
      case Statement.Function f -> declareFunction(f, global, ambient);
      case Statement.Class c -> declareClass(c, global, ambient, shapes);
      case Statement.Interface i -> declareInterface(i, shapes);
      case Statement.Alias a -> declareAlias(a, shapes);
      case Statement.Variables v -> declareVariables(v, global, shapes);
      default -> {}
    }
  }

  final void declareName(Name name, Symbol symbol) {
    if (!scope.declare(name.text(), symbol)) {
      Symbol first = scope.own(name.text());
      String message = "'" + name.text() + "' is already declared in this scope";
      if (first != null && first.span().file() == name.span().file()) {
        error(
            DiagnosticCode.E0202,
            name.span(),
            message,
            new Diagnostic.Note(first.span(), "first declared here"));
      } else {
        error(DiagnosticCode.E0202, name.span(), message);
      }
    }
  }

  // ---- deprecation ----

  final void noteDeprecation(Symbol symbol, @Nullable String doc) {
    int at = doc == null ? -1 : doc.indexOf("@deprecated");
    if (doc != null && at >= 0) {
      int end = doc.indexOf('\n', at);
      String why = doc.substring(at + "@deprecated".length(), end < 0 ? doc.length() : end);
      library.deprecated().put(symbol, why.strip());
    }
  }

  /** Warns of the use of a declaration whose comment says that it is deprecated. */
  final void noteUse(Symbol symbol, Span span) {
    String why = library.deprecated().get(symbol);
    if (why != null) {
      error(
          DiagnosticCode.W0010,
          span,
          "'" + symbol.name() + "' is deprecated" + (why.isEmpty() ? "" : ": " + why));
    }
  }

  // ---- functions and variables ----

  private void declareFunction(Statement.Function f, boolean global, boolean ambient) {
    FunctionSymbol symbol =
        new FunctionSymbol(
            f.name().text(),
            f.name().span(),
            FunctionSymbol.Kind.FUNCTION,
            context.symbol,
            null,
            module,
            f.function().async(),
            false,
            Access.PUBLIC);
    if (ambient && f.function().body() == null) {
      symbol.markAmbient();
    }
    noteDeprecation(symbol, f.doc());
    FunctionWork work = work(symbol, f.function(), scope, null);
    functions.put(f, work);
    declareName(f.name(), symbol);
    if (!global) {
      declareNested(f, symbol);
    }
  }

  /** A function inside a block is a constant closure, made when the block is entered. */
  private void declareNested(Statement.Function f, FunctionSymbol symbol) {
    if (!f.function().typeParameters().isEmpty()) {
      return; // no value: made where it is called, once for each list of type arguments
    }
    VariableSymbol variable =
        new VariableSymbol(
            f.name().text(),
            f.name().span(),
            VariableSymbol.Kind.TEMPORARY,
            context.symbol,
            module,
            false);
    variable.inferType(symbol::type);
    nestedFunctions.put(symbol, variable);
  }

  /** The variables that hold the closures of functions declared in blocks. */
  final Map<FunctionSymbol, VariableSymbol> nestedFunctions = new IdentityHashMap<>();

  final FunctionWork work(
      FunctionSymbol symbol, FunctionSyntax syntax, Scope outer, @Nullable ClassSymbol owner) {
    FunctionWork work = new FunctionWork(symbol, syntax, outer, context, owner, Flow.start());
    works.put(symbol, work);
    symbol.inferType(() -> typeOf(work));
    if (context.symbol == null) {
      resets.add(
          () -> {
            work.reset();
            symbol.inferType(() -> typeOf(work));
          });
    }
    return work;
  }

  private void declareVariables(Statement.Variables v, boolean global, List<Runnable> shapes) {
    for (Statement.Binding b : v.bindings()) {
      if (b.init() instanceof Expression.ClassExpression c
          && b.target() instanceof Pattern.Identifier id
          && v.constant()) {
        Statement.Class d = c.declaration();
        Statement.Class named =
            new Statement.Class(
                d.span(),
                id.name(),
                false,
                d.typeParameters(),
                d.base(),
                d.interfaces(),
                d.members(),
                d.damaged(),
                v.doc());
        classExpressions.put(b, named);
        declareClass(named, global, false, shapes);
        continue;
      }
      Statement.Function generic = genericFunction(v, b);
      if (generic != null) {
        functionExpressions.put(b, generic);
        declareFunction(generic, global, false);
        continue;
      }
      for (Name name : names(b.target())) {
        declareVariable(v, b, name, global);
      }
    }
  }

  /** The declaration that {@code const f = <T>(…) => …} is, as there are no generic values. */
  private static Statement.@Nullable Function genericFunction(
      Statement.Variables v, Statement.Binding b) {
    return v.constant()
            && v.bindings().size() == 1
            && b.annotation() == null
            && b.target() instanceof Pattern.Identifier id
            && b.init() instanceof Expression.Function f
            && f.name() == null
            && !f.function().typeParameters().isEmpty()
        ? new Statement.Function(v.span(), id.name(), f.function(), v.doc())
        : null;
  }

  /** The function declarations that consts with generic functions stand for. */
  final Map<Statement.Binding, Statement.Function> functionExpressions = new IdentityHashMap<>();

  /** The class declarations that consts with class expressions stand for. */
  final Map<Statement.Binding, Statement.Class> classExpressions = new IdentityHashMap<>();

  private void declareVariable(
      Statement.Variables v, Statement.Binding b, Name name, boolean global) {
    VariableSymbol symbol =
        new VariableSymbol(
            name.text(),
            name.span(),
            v.constant() ? VariableSymbol.Kind.CONST : VariableSymbol.Kind.LET,
            context.symbol,
            module,
            global);
    Scope here = scope;
    FunctionContext function = context;
    Runnable infer =
        () ->
            symbol.inferType(
                () -> elsewhere(here, function, Flow.start(), () -> inferVariable(v, b, name)));
    infer.run();
    if (global) {
      resets.add(infer);
    }
    variables.put(name, symbol);
    declareName(name, symbol);
    noteDeprecation(symbol, v.doc());
  }

  /** The names a pattern binds, in source order. */
  static List<Name> names(Pattern pattern) {
    List<Name> names = new ArrayList<>();
    collect(pattern, names);
    return names;
  }

  private static void collect(Pattern pattern, List<Name> names) {
    switch (pattern) {
      case Pattern.Identifier i -> names.add(i.name());
      case Pattern.ArrayPattern a -> {
        for (Pattern.Element e : a.elements()) {
          if (e != null) {
            collect(e.target(), names);
          }
        }
        if (a.rest() != null) {
          collect(a.rest(), names);
        }
      }
      case Pattern.ObjectPattern o -> {
        for (Pattern.Property p : o.properties()) {
          collect(p.element().target(), names);
        }
        if (o.rest() != null) {
          names.add(o.rest());
        }
      }
    }
  }

  // ---- interfaces and aliases ----

  private void declareInterface(Statement.Interface i, List<Runnable> shapes) {
    StructureSymbol symbol =
        new StructureSymbol(
            i.name().text(), i.name().span(), StructureSymbol.Kind.INTERFACE, module, List.of());
    declareName(i.name(), symbol);
    Scope inner = new Scope(scope);
    symbol.setTypeParameters(newTypeParameters(i.typeParameters(), inner));
    shapes.add(
        () ->
            inScope(
                inner, () -> completeTypeParameters(i.typeParameters(), symbol.typeParameters())));
    symbol.inferProperties(() -> inScope(inner, () -> interfaceMembers(i, symbol)));
    deferred.run(symbol::properties);
    noteGeneric(symbol);
  }

  private void noteGeneric(StructureSymbol symbol) {
    if (!symbol.typeParameters().isEmpty()) {
      genericStructures.add(symbol);
    }
  }

  private List<StructureSymbol.Property> interfaceMembers(
      Statement.Interface i, StructureSymbol symbol) {
    List<StructureSymbol.Property> own = properties(i.body().members());
    List<Type.Structure> parts = new ArrayList<>();
    for (TypeNode.Reference base : i.bases()) {
      int before = diagnostics.size();
      Type t = readType(base);
      if (t instanceof Type.Structure s) {
        if (s.symbol().isIncomplete()) {
          symbol.markIncomplete();
        }
        if (s.symbol() == symbol || !s.symbol().isComplete()) {
          error(DiagnosticCode.E0329, base.span(), "'" + symbol.name() + "' extends itself");
        } else {
          parts.add(s);
        }
      } else if (!isInvalid(t)) {
        error(
            DiagnosticCode.E0301,
            base.span(),
            "an interface extends interfaces, not '" + show(t) + "'");
      }
      if (isInvalid(t) || diagnostics.hasErrorsFrom(before)) {
        symbol.markIncomplete();
      }
    }
    if (parts.isEmpty()) {
      return own;
    }
    StructureSymbol mine =
        new StructureSymbol("", i.span(), StructureSymbol.Kind.INTERFACE, module, List.of());
    mine.setProperties(own);
    parts.add(new Type.Structure(mine, List.of()));
    return merge(parts, i.name().span());
  }

  private void declareAlias(Statement.Alias a, List<Runnable> shapes) {
    Scope inner = new Scope(scope);
    if (a.type() instanceof TypeNode.ObjectForm form) {
      StructureSymbol symbol =
          new StructureSymbol(
              a.name().text(), a.name().span(), StructureSymbol.Kind.INTERFACE, module, List.of());
      declareName(a.name(), symbol);
      symbol.setTypeParameters(newTypeParameters(a.typeParameters(), inner));
      shapes.add(
          () ->
              inScope(
                  inner,
                  () -> completeTypeParameters(a.typeParameters(), symbol.typeParameters())));
      symbol.inferProperties(() -> inScope(inner, () -> properties(form.members())));
      deferred.run(symbol::properties);
      noteGeneric(symbol);
      return;
    }
    AliasSymbol symbol = new AliasSymbol(a.name().text(), a.name().span(), module);
    declareName(a.name(), symbol);
    symbol.setTypeParameters(newTypeParameters(a.typeParameters(), inner));
    shapes.add(
        () ->
            inScope(
                inner, () -> completeTypeParameters(a.typeParameters(), symbol.typeParameters())));
    symbol.inferType(() -> inScope(inner, () -> readType(a.type())));
    deferred.run(symbol::type);
  }

  /** Type parameters whose bounds are read later. */
  final List<TypeParameterSymbol> newTypeParameters(List<TypeNode.Parameter> nodes, Scope inner) {
    List<TypeParameterSymbol> symbols = new ArrayList<>();
    for (TypeNode.Parameter p : nodes) {
      TypeParameterSymbol symbol = new TypeParameterSymbol(p.name().text(), p.name().span());
      if (!inner.declare(p.name().text(), symbol)) {
        error(
            DiagnosticCode.E0202,
            p.name().span(),
            "'" + p.name().text() + "' is already declared here");
      }
      symbols.add(symbol);
    }
    return symbols;
  }

  final boolean completeTypeParameters(
      List<TypeNode.Parameter> nodes, List<TypeParameterSymbol> symbols) {
    for (int i = 0; i < nodes.size(); i++) {
      TypeNode.Parameter p = nodes.get(i);
      symbols
          .get(i)
          .complete(
              p.constraint() == null ? null : readType(p.constraint()),
              p.defaultType() == null ? null : readType(p.defaultType()));
    }
    return true;
  }
}
