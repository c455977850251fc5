package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Modifier;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.Unions;
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
abstract sealed class Declarations extends TypeReader permits Conversions {
  final Map<Name, VariableSymbol> variables = new IdentityHashMap<>();
  final Map<Statement.Function, FunctionWork> functions = new IdentityHashMap<>();
  final Map<Statement.Class, ClassWork> classes = new IdentityHashMap<>();

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

  /** The type of a field without annotation. */
  abstract Type inferField(ClassWork work, ClassMember.Field field);

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
      case Statement.Class c -> declareClass(c, ambient, shapes);
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

  private void noteDeprecation(Symbol symbol, @Nullable String doc) {
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
      error(
          DiagnosticCode.E0901,
          f.name().span(),
          "a generic function inside a block is not supported by this version; declare it at"
              + " module level");
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
                v.doc());
        classExpressions.put(b, named);
        declareClass(named, false, shapes);
        continue;
      }
      for (Name name : names(b.target())) {
        declareVariable(v, b, name, global);
      }
    }
  }

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
  }

  private List<StructureSymbol.Property> interfaceMembers(
      Statement.Interface i, StructureSymbol symbol) {
    List<StructureSymbol.Property> own = properties(i.body().members());
    List<Type.Structure> parts = new ArrayList<>();
    for (TypeNode.Reference base : i.bases()) {
      Type t = readType(base);
      if (t instanceof Type.Structure s) {
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
  private List<TypeParameterSymbol> newTypeParameters(List<TypeNode.Parameter> nodes, Scope inner) {
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

  private boolean completeTypeParameters(
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

  // ---- classes ----

  private void declareClass(Statement.Class c, boolean ambient, List<Runnable> shapes) {
    // A generic class of another package comes with its source; the core library's do not.
    boolean template = !c.typeParameters().isEmpty() && module != library.module();
    ClassSymbol symbol =
        new ClassSymbol(
            c.name().text(), c.name().span(), module, c.isAbstract(), ambient && !template);
    noteDeprecation(symbol, c.doc());
    ClassWork work = new ClassWork(symbol, c, scope, context);
    classes.put(c, work);
    symbol.setTypeParameters(newTypeParameters(c.typeParameters(), work.scope));
    declareName(c.name(), symbol);
    if (!scope.typeParameters().isEmpty()) {
      error(
          DiagnosticCode.E0901,
          c.name().span(),
          "a class inside a generic function is not supported by this version");
    }
    shapes.addFirst(
        () ->
            inScope(
                work.scope,
                () -> completeTypeParameters(c.typeParameters(), symbol.typeParameters())));
    shapes.add(() -> shapeClass(work));
    symbol.inferVtable(() -> vtable(symbol));
    deferred.run(symbol::vtable);
  }

  private void shapeClass(ClassWork work) {
    inScope(
        work.scope,
        () -> {
          readHeritage(work);
          for (ClassMember m : work.syntax.members()) {
            declareMember(work, m);
          }
          return true;
        });
  }

  private void readHeritage(ClassWork work) {
    ClassSymbol symbol = work.symbol;
    TypeNode.Reference base = work.syntax.base();
    if (base != null) {
      Type type = readType(base);
      if (type instanceof Type.ClassInstance c && mayBeBase(c.symbol())) {
        if (c.symbol().derivesFrom(symbol)) {
          error(
              DiagnosticCode.E0329,
              base.span(),
              "the class '" + symbol.name() + "' extends itself");
        } else if (c.symbol().module() == library.module()
            && !c.symbol().derivesFromNamed("Error")) {
          error(
              DiagnosticCode.E0901,
              base.span(),
              "extending '"
                  + show(type)
                  + "' is not supported by this version; hold one in a field");
        } else {
          symbol.setBase(c);
        }
      } else if (!isInvalid(type)) {
        error(
            DiagnosticCode.E0301,
            base.span(),
            "a class can extend a class only, not '" + show(type) + "'");
      }
    }
    List<Type.Structure> interfaces = new ArrayList<>();
    for (TypeNode.Reference r : work.syntax.interfaces()) {
      Type type = readType(r);
      if (type instanceof Type.Structure s) {
        interfaces.add(s);
      } else if (!isInvalid(type)) {
        error(
            DiagnosticCode.E0321,
            r.span(),
            "a class implements interfaces, not '" + show(type) + "'");
      }
    }
    symbol.setInterfaces(interfaces);
  }

  private static boolean mayBeBase(ClassSymbol c) {
    if (!c.ambient()
        || c.module().id().packageName().equals("raya:core") && c.derivesFromNamed("Error")) {
      return true;
    }
    return switch (c.name()) {
      case "Map", "Set" -> true;
      default -> !c.module().id().packageName().equals("raya:core");
    };
  }

  private static Access access(List<Modifier> modifiers) {
    for (Modifier m : modifiers) {
      switch (m.kind()) {
        case PRIVATE -> {
          return Access.PRIVATE;
        }
        case PROTECTED -> {
          return Access.PROTECTED;
        }
        default -> {}
      }
    }
    return Access.PUBLIC;
  }

  static boolean has(List<Modifier> modifiers, Modifier.Kind kind) {
    return modifiers.stream().anyMatch(m -> m.kind() == kind);
  }

  private void declareMember(ClassWork work, ClassMember m) {
    checkModifiers(work, m);
    switch (m) {
      case ClassMember.Field f -> declareField(work, f);
      case ClassMember.Method x ->
          declareMethod(
              work,
              x,
              x.name(),
              x.function(),
              has(x.modifiers(), Modifier.Kind.STATIC)
                  ? FunctionSymbol.Kind.STATIC_METHOD
                  : FunctionSymbol.Kind.METHOD);
      case ClassMember.Accessor x -> {
        if (has(x.modifiers(), Modifier.Kind.STATIC)) {
          error(
              DiagnosticCode.E0901,
              x.name().span(),
              "static accessors are not supported by this version; use a static method");
        } else {
          declareMethod(
              work,
              x,
              x.name(),
              x.function(),
              x.getter() ? FunctionSymbol.Kind.GETTER : FunctionSymbol.Kind.SETTER);
        }
      }
      case ClassMember.Constructor x -> declareConstructor(work, x);
    }
  }

  private void checkModifiers(ClassWork work, ClassMember m) {
    boolean isStatic = has(m.modifiers(), Modifier.Kind.STATIC);
    for (Modifier x : m.modifiers()) {
      boolean wrong =
          switch (x.kind()) {
            case ABSTRACT ->
                isStatic
                    || m instanceof ClassMember.Constructor
                    || !work.symbol.isAbstract() && !work.symbol.ambient()
                    || has(m.modifiers(), Modifier.Kind.PRIVATE);
            case READONLY -> !(m instanceof ClassMember.Field);
            case STATIC -> m instanceof ClassMember.Constructor;
            case OVERRIDE -> isStatic || m instanceof ClassMember.Constructor;
            case PUBLIC, PROTECTED, PRIVATE -> false;
          };
      if (wrong) {
        String why =
            x.kind() == Modifier.Kind.ABSTRACT && !work.symbol.isAbstract()
                ? "; the class '" + work.symbol.name() + "' is not abstract"
                : "";
        error(
            DiagnosticCode.E0129, x.span(), "'" + x.kind().word() + "' is not allowed here" + why);
      }
    }
  }

  private void declareField(ClassWork work, ClassMember.Field f) {
    checkMemberName(f.name());
    if (f.name().text().equals("constructor")) {
      error(DiagnosticCode.E0213, f.name().span(), "a field cannot be named 'constructor'");
    }
    boolean isStatic = has(f.modifiers(), Modifier.Kind.STATIC);
    checkDuplicate(work, f.name(), isStatic, null);
    FieldSymbol symbol =
        new FieldSymbol(
            work.symbol,
            f.name().text(),
            f.name().span(),
            access(f.modifiers()),
            isStatic,
            has(f.modifiers(), Modifier.Kind.READONLY),
            f.optional());
    Scope where = isStatic ? work.outer : work.scope;
    if (f.annotation() != null) {
      TypeNode annotation = f.annotation();
      symbol.inferType(
          () ->
              inScope(
                  where,
                  () -> {
                    Type type = readType(annotation);
                    return f.optional() ? Unions.orNull(type) : type;
                  }));
    } else {
      Runnable infer = () -> symbol.inferType(() -> inferField(work, f));
      infer.run();
      resets.add(infer);
    }
    deferred.run(symbol::type);
    work.symbol.addField(symbol);
    work.fields.add(new ClassWork.FieldWork(symbol, f, null));
  }

  private void checkDuplicate(
      ClassWork work, Name name, boolean isStatic, FunctionSymbol.@Nullable Kind kind) {
    ClassSymbol c = work.symbol;
    boolean field =
        (isStatic ? c.staticFields() : c.fields())
            .stream().anyMatch(f -> f.name().equals(name.text()));
    boolean method =
        (isStatic ? c.staticMethods() : c.methods())
            .stream()
                .anyMatch(
                    m ->
                        m.name().equals(name.text())
                            && !(m.kind() == FunctionSymbol.Kind.GETTER
                                    && kind == FunctionSymbol.Kind.SETTER
                                || m.kind() == FunctionSymbol.Kind.SETTER
                                    && kind == FunctionSymbol.Kind.GETTER));
    if (field || method) {
      error(
          DiagnosticCode.E0202,
          name.span(),
          "'" + name.text() + "' is already a member of '" + c.name() + "'");
    }
  }

  private void declareMethod(
      ClassWork work, ClassMember m, Name name, FunctionSyntax syntax, FunctionSymbol.Kind kind) {
    checkMemberName(name);
    boolean isStatic = kind == FunctionSymbol.Kind.STATIC_METHOD;
    checkDuplicate(work, name, isStatic, kind);
    boolean isAbstract = has(m.modifiers(), Modifier.Kind.ABSTRACT);
    FunctionSymbol symbol =
        new FunctionSymbol(
            name.text(),
            name.span(),
            kind,
            work.context.symbol,
            work.symbol,
            module,
            syntax.async(),
            isAbstract,
            access(m.modifiers()));
    if (work.symbol.ambient() && syntax.body() == null) {
      symbol.markAmbient();
    } else if (isAbstract && syntax.body() != null) {
      error(DiagnosticCode.E0129, name.span(), "an abstract method has no body");
    } else if (!isAbstract && syntax.body() == null) {
      error(
          DiagnosticCode.E0125,
          name.span(),
          "a method needs a body; overload signatures are not supported");
    }
    if (isAbstract && !syntax.typeParameters().isEmpty()) {
      error(DiagnosticCode.E0345, name.span(), "a generic method cannot be abstract");
    }
    checkAccessorShape(kind, name, syntax);
    FunctionWork function = work(symbol, syntax, isStatic ? work.outer : work.scope, work.symbol);
    deferred.run(() -> readAnnotated(symbol, syntax));
    work.symbol.addMethod(symbol);
    work.functions.add(function);
  }

  /** Reads the types in a signature that needs no inference, so that they are checked early. */
  private static void readAnnotated(FunctionSymbol symbol, FunctionSyntax syntax) {
    if (syntax.result() != null) {
      symbol.type();
    }
  }

  private void checkAccessorShape(FunctionSymbol.Kind kind, Name name, FunctionSyntax syntax) {
    if (kind == FunctionSymbol.Kind.GETTER && !syntax.parameters().isEmpty()
        || kind == FunctionSymbol.Kind.SETTER && syntax.parameters().size() != 1) {
      error(
          DiagnosticCode.E0308,
          name.span(),
          kind == FunctionSymbol.Kind.GETTER
              ? "a getter has no parameters"
              : "a setter has exactly one parameter");
    } else if (kind == FunctionSymbol.Kind.SETTER
        && syntax.result() != null
        && !(syntax.result() instanceof TypeNode.VoidForm)) {
      error(DiagnosticCode.E0308, syntax.result().span(), "a setter has no result");
    }
  }

  private void declareConstructor(ClassWork work, ClassMember.Constructor c) {
    if (work.constructor != null) {
      error(DiagnosticCode.E0202, c.span(), "a class has one constructor only");
      return;
    }
    FunctionSymbol symbol =
        new FunctionSymbol(
            "constructor",
            c.span(),
            FunctionSymbol.Kind.CONSTRUCTOR,
            work.context.symbol,
            work.symbol,
            module,
            false,
            false,
            access(c.modifiers()));
    if (work.symbol.ambient()) {
      symbol.markAmbient();
    }
    if (c.function().result() != null) {
      error(DiagnosticCode.E0308, c.function().result().span(), "a constructor has no result type");
    }
    FunctionWork function = work(symbol, c.function(), work.scope, work.symbol);
    work.constructor = function;
    work.symbol.setConstructor(symbol);
    int at = 0;
    for (FunctionSyntax.Parameter p : c.function().parameters()) {
      if (p.modifiers().isEmpty()) {
        continue;
      }
      if (!(p.target() instanceof Pattern.Identifier id)) {
        error(DiagnosticCode.E0129, p.span(), "a parameter property must be a name");
        continue;
      }
      checkMemberName(id.name());
      checkDuplicate(work, id.name(), false, null);
      FieldSymbol field =
          new FieldSymbol(
              work.symbol,
              id.name().text(),
              id.name().span(),
              access(p.modifiers()),
              false,
              has(p.modifiers(), Modifier.Kind.READONLY),
              p.optional());
      field.markParameter();
      field.inferType(() -> parameterType(symbol, c.function(), p));
      work.symbol.insertField(at, field);
      work.fields.add(at++, new ClassWork.FieldWork(field, null, p));
    }
  }

  private static Type parameterType(
      FunctionSymbol constructor, FunctionSyntax syntax, FunctionSyntax.Parameter p) {
    int index = syntax.parameters().indexOf(p);
    List<Type.Parameter> parameters = constructor.type().parameters();
    return index < parameters.size() ? parameters.get(index).type() : Type.Primitive.INVALID;
  }

  // ---- vtables ----

  private List<FunctionSymbol> vtable(ClassSymbol c) {
    List<FunctionSymbol> slots = new ArrayList<>();
    Type.ClassInstance base = c.base();
    if (base != null) {
      slots.addAll(base.symbol().vtable());
    }
    for (FunctionSymbol m : c.methods()) {
      int at = -1;
      for (int i = 0; i < slots.size(); i++) {
        FunctionSymbol inherited = slots.get(i);
        if (inherited.name().equals(m.name())
            && inherited.kind() == m.kind()
            && inherited.access() != Access.PRIVATE) {
          at = i;
        }
      }
      FunctionWork work = works.get(m);
      boolean generic = work != null && !work.syntax.typeParameters().isEmpty();
      if (at >= 0) {
        m.setSlot(at);
        slots.set(at, m);
      } else if (m.access() != Access.PRIVATE && !generic) {
        m.setSlot(slots.size());
        slots.add(m);
      }
    }
    return List.copyOf(slots);
  }

  /** Whether an own method replaces an inherited one, by name and kind. */
  static @Nullable FunctionSymbol inherited(ClassSymbol c, FunctionSymbol m) {
    Type.ClassInstance base = c.base();
    for (int guard = 0; base != null && guard < Relations.MAX_DEPTH; guard++) {
      for (FunctionSymbol other : base.symbol().methods()) {
        if (other.name().equals(m.name()) && other.kind() == m.kind()) {
          return other;
        }
      }
      base = base.symbol().base();
    }
    return null;
  }
}
