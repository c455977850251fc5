package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Modifier;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.BuiltinObjects;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the checker for class bodies (language.md 10). */
abstract sealed class Classes extends Switches permits ModuleChecker {
  private final Map<FunctionSyntax.Parameter, VariableSymbol> parameterVariables =
      new IdentityHashMap<>();
  private final Map<ClassSymbol, ClassWork> workOf = new IdentityHashMap<>();

  Classes(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  @Override
  final void noteParameter(
      FunctionWork work, FunctionSyntax.Parameter syntax, VariableSymbol variable) {
    parameterVariables.put(syntax, variable);
  }

  @Override
  final ClassTree checkClass(ClassWork work) {
    workOf.put(work.symbol, work);
    checkHeritage(work);
    ensureConstructor(work);
    List<FunctionTree> trees = new ArrayList<>();
    FunctionWork constructor = work.constructor;
    if (constructor != null) {
      trees.add(bodyOf(constructor));
    }
    for (FunctionWork f : work.functions) {
      f.symbol.type();
      trees.add(bodyOf(f));
    }
    List<ClassTree.StaticInit> statics = new ArrayList<>();
    for (ClassWork.FieldWork f : work.fields) {
      if (f.symbol().isStatic()) {
        staticField(work, f, statics);
      }
    }
    return new ClassTree(work.syntax.span(), work.symbol, trees, statics);
  }

  // ---- fields ----

  /** The context in which a field's initialiser is evaluated. */
  private FunctionContext fieldContext(ClassWork work, boolean isStatic) {
    FunctionContext c =
        new FunctionContext(work.context, work.context.symbol, work.context.assignments);
    c.owner = work.symbol;
    c.fields = true;
    if (!isStatic) {
      VariableSymbol self =
          new VariableSymbol(
              "this",
              work.symbol.span(),
              VariableSymbol.Kind.THIS,
              work.context.symbol,
              module,
              false);
      List<Type> arguments = new ArrayList<>();
      work.symbol.typeParameters().forEach(p -> arguments.add(new Type.Variable(p)));
      self.setType(new Type.ClassInstance(work.symbol, arguments));
      c.self = self;
    }
    return c;
  }

  @Override
  final Type inferField(ClassWork work, ClassMember.Field f) {
    boolean isStatic = has(f.modifiers(), Modifier.Kind.STATIC);
    Expression init = f.init();
    if (init == null) {
      error(
          DiagnosticCode.E0310,
          f.name().span(),
          "the field '" + f.name().text() + "' needs a type or an initial value");
      return Type.Primitive.INVALID;
    }
    int errors = diagnostics.size();
    Type type =
        elsewhere(
            isStatic ? work.outer : work.scope,
            fieldContext(work, isStatic),
            Flow.start(),
            () -> value(init, null).type());
    diagnostics.truncate(errors);
    Type widened = widenedInside(init, type);
    return f.optional() ? Unions.orNull(widened) : widened;
  }

  private void staticField(ClassWork work, ClassWork.FieldWork f, List<ClassTree.StaticInit> out) {
    Expression init = f.init();
    Type type = f.symbol().type();
    if (init == null) {
      if (!Unions.hasNull(type) && !isInvalid(type)) {
        error(
            DiagnosticCode.E0325,
            f.symbol().span(),
            "the static field '" + f.symbol().name() + "' needs an initial value");
      }
      return;
    }
    Expr value =
        elsewhere(
            work.outer,
            fieldContext(work, true),
            flow,
            () -> assigned(init, type, DiagnosticCode.E0301));
    out.add(new ClassTree.StaticInit(f.symbol(), value));
  }

  // ---- constructors ----

  /** A class without constructor gets one that takes what the base's takes. */
  private void ensureConstructor(ClassWork work) {
    ClassSymbol c = work.symbol;
    if (work.constructor != null || c.ambient()) {
      return;
    }
    FunctionSymbol inherited = c.base() == null ? null : constructorOf(c.base().symbol());
    List<FunctionSyntax.Parameter> parameters = List.of();
    FunctionSyntax syntax =
        new FunctionSyntax(
            c.span(),
            false,
            false,
            List.of(),
            parameters,
            null,
            new FunctionSyntax.BlockBody(
                new dev.raya.compiler.syntax.Statement.Block(c.span(), List.of())));
    FunctionSymbol symbol =
        new FunctionSymbol(
            "constructor",
            c.span(),
            FunctionSymbol.Kind.CONSTRUCTOR,
            work.context.symbol,
            c,
            module,
            false,
            false,
            Access.PUBLIC);
    FunctionWork constructor =
        elsewhere(work.scope, work.context, flow, () -> work(symbol, syntax, work.scope, c));
    constructor.implicit = true;
    if (inherited != null && c.base() != null) {
      constructor.inherited = constructorType(c.base(), inherited);
    }
    work.constructor = constructor;
    c.setConstructor(symbol);
    c.markImplicitConstructor();
  }

  @Override
  final void enterConstructor(FunctionWork work) {
    if (!context.constructor || work.owner == null) {
      return;
    }
    ClassWork owner = workOf.get(work.owner);
    if (owner == null || work.implicit) {
      return;
    }
    if (work.owner.base() != null) {
      context.superMarker = marker(work.symbol.span());
    }
    for (ClassWork.FieldWork f : owner.fields) {
      if (!f.symbol().isStatic()
          && f.parameter() == null
          && f.init() == null
          && !Unions.hasNull(f.symbol().type())) {
        context.fieldMarkers.put(f.symbol(), marker(f.symbol().span()));
      }
    }
  }

  private VariableSymbol marker(Span span) {
    return temporary(span, Type.Primitive.BOOLEAN);
  }

  @Override
  final void beforeReturn(Span span) {
    if (context.constructor && flow.reachable()) {
      checkInitialised(span);
    }
  }

  private void checkInitialised(Span span) {
    if (context.damaged) {
      return;
    }
    if (context.superMarker != null && !flow.isAssigned(context.superMarker)) {
      error(
          DiagnosticCode.E0324,
          context.superMarker.span(),
          "the constructor of a derived class must call 'super(…)'");
    }
    for (Map.Entry<FieldSymbol, VariableSymbol> e : context.fieldMarkers.entrySet()) {
      if (!flow.isAssigned(e.getValue())) {
        error(
            DiagnosticCode.E0325,
            e.getKey().span(),
            "the field '"
                + e.getKey().name()
                + "' is not assigned on every path through the"
                + " constructor",
            new Diagnostic.Note(span, "the constructor can end here"));
      }
    }
  }

  @Override
  final List<Stmt> completeBody(FunctionWork work, List<Stmt> body) {
    if (!context.constructor || work.owner == null || context.self == null) {
      return body;
    }
    ClassWork owner = workOf.get(work.owner);
    if (owner == null) {
      return body;
    }
    Span span = work.syntax.span();
    if (work.implicit) {
      return implicitBody(work, owner);
    }
    if (flow.reachable()) {
      checkInitialised(new Span(span.file(), Math.max(span.start(), span.end() - 1), span.end()));
    }
    List<Stmt> init = fieldInits(owner, context.self);
    if (work.owner.base() == null) {
      init.addAll(body);
      return init;
    }
    List<Stmt> out = new ArrayList<>();
    boolean placed = false;
    for (Stmt s : body) {
      out.add(s);
      if (!placed && isSuperCall(s)) {
        out.addAll(init);
        placed = true;
      }
    }
    if (!placed && !init.isEmpty()) {
      error(
          DiagnosticCode.E0324,
          work.symbol.span(),
          "in a class with field initialisers or parameter properties 'super(…)' must be a statement"
              + " of the constructor's own block");
    }
    return out;
  }

  private static boolean isSuperCall(Stmt s) {
    return s instanceof Stmt.Evaluate e
        && e.expression() instanceof Expr.Call c
        && c.callee() instanceof Callee.SuperConstructor;
  }

  private List<Stmt> implicitBody(FunctionWork work, ClassWork owner) {
    List<Stmt> out = new ArrayList<>();
    VariableSymbol self = context.self;
    if (self == null) {
      return out;
    }
    Span span = work.symbol.span();
    ClassSymbol c = owner.symbol;
    if (c.base() != null) {
      List<Expr> given = new ArrayList<>();
      Expr rest = null;
      for (VariableSymbol p : work.implicitParameters) {
        Expr read = new Expr.Read(span, p);
        boolean last = p == work.implicitParameters.getLast();
        if (last && work.inherited != null && work.inherited.hasRest()) {
          rest = read;
        } else {
          given.add(read);
        }
      }
      out.add(
          new Stmt.Evaluate(
              span,
              new Expr.Call(
                  span,
                  new Callee.SuperConstructor(c.base()),
                  new Expr.Read(span, self),
                  given,
                  rest,
                  Type.Primitive.VOID)));
    }
    out.addAll(fieldInits(owner, self));
    for (ClassWork.FieldWork f : owner.fields) {
      Type type = f.symbol().type();
      if (!f.symbol().isStatic() && f.init() == null && !Unions.hasNull(type) && !isInvalid(type)) {
        error(
            DiagnosticCode.E0325,
            f.symbol().span(),
            "the field '"
                + f.symbol().name()
                + "' is not initialised; give it a value here or in a constructor");
      }
    }
    return out;
  }

  /** Parameter properties first, then initialisers in source order. */
  private List<Stmt> fieldInits(ClassWork owner, VariableSymbol self) {
    List<Stmt> out = new ArrayList<>();
    for (ClassWork.FieldWork f : owner.fields) {
      if (f.symbol().isStatic()) {
        continue;
      }
      Span span = f.symbol().span();
      Expr receiver = new Expr.Read(span, self);
      if (f.parameter() != null) {
        VariableSymbol p = parameterVariables.get(f.parameter());
        if (p != null) {
          p.markUsed();
          out.add(
              new Stmt.Evaluate(
                  span, new Expr.FieldSet(span, receiver, f.symbol(), new Expr.Read(span, p))));
        }
        continue;
      }
      Expression init = f.init();
      if (init != null) {
        Type type = f.symbol().type();
        Expr value = inScope(new Scope(owner.scope), () -> initialiser(init, type));
        out.add(new Stmt.Evaluate(span, new Expr.FieldSet(span, receiver, f.symbol(), value)));
      }
    }
    return out;
  }

  /** An initialiser runs in the constructor, after the base's and before this class's body. */
  private Expr initialiser(Expression init, Type type) {
    Flow saved = flow;
    flow = Flow.start();
    if (context.superMarker != null) {
      flow = flow.assign(context.superMarker);
    }
    Expr value = assigned(init, type, DiagnosticCode.E0301);
    flow = saved;
    return value;
  }

  // ---- heritage ----

  private void checkHeritage(ClassWork work) {
    ClassSymbol c = work.symbol;
    checkDepth(c);
    Set<Span> overriding = new HashSet<>();
    for (ClassMember m : work.syntax.members()) {
      if (has(m.modifiers(), Modifier.Kind.OVERRIDE)) {
        switch (m) {
          case ClassMember.Method x -> overriding.add(x.name().span());
          case ClassMember.Accessor x -> overriding.add(x.name().span());
          case ClassMember.Field _, ClassMember.Constructor _ -> {}
        }
      }
    }
    for (FunctionWork f : work.functions) {
      checkOverride(work, f, overriding.contains(f.symbol.span()));
    }
    for (ClassWork.FieldWork f : work.fields) {
      checkFieldOverride(c, f);
    }
    checkAccessorPairs(c);
    if (!c.isAbstract()) {
      List<String> missing = new ArrayList<>();
      for (FunctionSymbol m : c.vtable()) {
        String name = "'" + m.name() + "'";
        boolean told =
            missing.contains(name) || c.fields().stream().anyMatch(f -> f.name().equals(m.name()));
        if (m.isAbstract() && m.owner() != c && !told) {
          missing.add(name);
        }
      }
      if (!missing.isEmpty()) {
        error(
            DiagnosticCode.E0323,
            c.span(),
            "the class '"
                + c.name()
                + "' does not implement "
                + String.join(", ", missing)
                + "; implement it or declare the class abstract");
      }
    }
    List<Type> arguments = new ArrayList<>();
    c.typeParameters().forEach(p -> arguments.add(new Type.Variable(p)));
    for (Type.Structure i : c.interfaces()) {
      checkImplements(new Type.ClassInstance(c, arguments), i, c);
    }
  }

  /** A line of classes has an end in bytecode (rbin.md 7); the first one past it is told. */
  private void checkDepth(ClassSymbol c) {
    int depth = 1;
    Type.ClassInstance at = c.base();
    while (at != null && depth <= Relations.MAX_DEPTH + 1) {
      depth++;
      at = at.symbol().base();
    }
    if (at == null && depth == Relations.MAX_DEPTH + 1) {
      c.markIncomplete();
      error(
          DiagnosticCode.E0128,
          c.span(),
          "the class '"
              + c.name()
              + "' has "
              + Relations.MAX_DEPTH
              + " classes above it, at most "
              + (Relations.MAX_DEPTH - 1)
              + " are allowed");
    }
  }

  private void checkImplements(Type.ClassInstance self, Type.Structure i, ClassSymbol c) {
    for (StructureSymbol.Property p : Members.properties(i)) {
      Members.Member m = Members.find(self, p.name());
      String problem = null;
      if (m == null && c.isIncomplete()) {
        continue;
      }
      if (m == null) {
        problem = p.optional() ? null : "it has no '" + p.name() + "'";
        if (p.optional()) {
          problem = "it must declare the optional '" + p.name() + "'";
        }
      } else if (!m.isPublic()) {
        problem = "'" + p.name() + "' is not public";
      } else if (!BuiltinObjects.isFoundByName(m)) {
        problem =
            "the built-in method '"
                + p.name()
                + "' has parameters that take a function or are optional, and such methods are called"
                + " on their own type only";
      } else if (!Relations.isAssignable(m.type(), p.type())) {
        problem =
            "'"
                + p.name()
                + "' has the type '"
                + show(m.type())
                + "', not '"
                + show(p.type())
                + "'";
      } else if (!p.readonly()
          && !p.method()
          && (!m.writable() || !Relations.same(m.type(), p.type()))) {
        problem =
            "'" + p.name() + "' must be mutable and have exactly the type '" + show(p.type()) + "'";
      }
      if (problem != null) {
        error(
            DiagnosticCode.E0321,
            c.span(),
            "the class '" + c.name() + "' does not satisfy '" + show(i) + "': " + problem);
        return;
      }
    }
  }

  private void checkOverride(ClassWork work, FunctionWork f, boolean written) {
    FunctionSymbol m = f.symbol;
    Type.ClassInstance base = work.symbol.base();
    if (m.kind() == FunctionSymbol.Kind.STATIC_METHOD) {
      return;
    }
    Members.Member inherited = base == null ? null : Members.find(base, m.name());
    if (inherited == null) {
      if (written && !work.symbol.isIncomplete()) {
        error(
            DiagnosticCode.E0322,
            m.span(),
            "'" + m.name() + "' overrides nothing: no base class has it");
      }
      return;
    }
    if (inherited.access() == Access.PRIVATE) {
      error(
          DiagnosticCode.E0322,
          m.span(),
          "'" + m.name() + "' has the name of a private member of the base class");
      return;
    }
    String problem = overrideProblem(m, inherited);
    if (problem != null) {
      error(
          overrideCode(m, inherited),
          m.span(),
          "'" + m.name() + "' does not fit the member it overrides: " + problem);
    }
  }

  /** Whether a member of the core library is found without looking at the object's class. */
  private static boolean isFixed(Members.Member inherited) {
    return inherited.owner() instanceof Type.ClassInstance owner
        && owner.symbol().module().id().packageName().equals("raya:core")
        && (inherited.origin() instanceof Members.Field
            || inherited.origin() instanceof Members.Method m
                && (m.method().name().equals("receiveResult")
                    || m.method().type().parameters().stream()
                        .anyMatch(p -> p.type() instanceof Type.Function)));
  }

  /** Generic methods are called directly, whatever the class (language.md 11). */
  private static DiagnosticCode overrideCode(FunctionSymbol m, Members.Member inherited) {
    boolean generic =
        !m.type().typeParameters().isEmpty()
            || inherited.type() instanceof Type.Function f && !f.typeParameters().isEmpty();
    return generic ? DiagnosticCode.E0345 : DiagnosticCode.E0322;
  }

  private static @Nullable String overrideProblem(FunctionSymbol m, Members.Member inherited) {
    if (m.access().compareTo(inherited.access()) < 0) {
      return "its access is narrower";
    }
    if (isFixed(inherited)) {
      return "this member of the library is called directly, whatever the class; give it another"
          + " name";
    }
    return switch (m.kind()) {
      case METHOD -> {
        if (!inherited.isMethod() || !(inherited.type() instanceof Type.Function wanted)) {
          yield "the base member is no method";
        }
        if (!m.type().typeParameters().isEmpty() || !wanted.typeParameters().isEmpty()) {
          yield "a generic method cannot be overridden";
        }
        yield Relations.isAssignable(m.type(), wanted)
            ? null
            : "'" + show(m.type()) + "' is not assignable to '" + show(wanted) + "'";
      }
      case GETTER ->
          inherited.isMethod() || inherited.origin() instanceof Members.Field
              ? "the base member is a " + (inherited.isMethod() ? "method" : "field")
              : Relations.isSubtype(m.type().result(), inherited.type())
                  ? null
                  : "its type '"
                      + show(m.type().result())
                      + "' is not '"
                      + show(inherited.type())
                      + "'";
      case SETTER ->
          inherited.isMethod() || inherited.origin() instanceof Members.Field
              ? "the base member is a " + (inherited.isMethod() ? "method" : "field")
              : m.type().parameters().isEmpty()
                      || Relations.same(m.type().parameters().getFirst().type(), inherited.type())
                  ? null
                  : "its type is not '" + show(inherited.type()) + "'";
      default -> null;
    };
  }

  private void checkFieldOverride(ClassSymbol c, ClassWork.FieldWork f) {
    Type.ClassInstance base = c.base();
    if (base == null || f.symbol().isStatic()) {
      return;
    }
    Members.Member inherited = Members.find(base, f.symbol().name());
    if (inherited != null) {
      error(
          DiagnosticCode.E0322,
          f.symbol().span(),
          "the base class has a member '"
              + f.symbol().name()
              + "' already; a field cannot be declared again"
              + (isAbstractAccessor(inherited)
                  ? ": implement it with 'get "
                      + f.symbol().name()
                      + "()', which may read a field of another name"
                  : ""));
    }
  }

  private static boolean isAbstractAccessor(Members.Member member) {
    return member.origin() instanceof Members.Accessor a
        && (a.getter() != null && a.getter().isAbstract()
            || a.setter() != null && a.setter().isAbstract());
  }

  private void checkAccessorPairs(ClassSymbol c) {
    for (FunctionSymbol g : c.methods()) {
      if (g.kind() != FunctionSymbol.Kind.GETTER) {
        continue;
      }
      for (FunctionSymbol s : c.methodsNamed(g.name())) {
        if (s.kind() == FunctionSymbol.Kind.SETTER
            && !s.type().parameters().isEmpty()
            && (!Relations.same(g.type().result(), s.type().parameters().getFirst().type())
                || g.access() != s.access())) {
          error(
              DiagnosticCode.E0344,
              s.span(),
              "getter and setter of '" + g.name() + "' differ in type or access");
        }
      }
    }
    for (FunctionSymbol s : c.staticMethods()) {
      String name = s.name().substring(s.name().indexOf(' ') + 1);
      if (s.name().equals(Members.STATIC_SETTER + name)
          && Members.findStatic(c, name) instanceof Members.Member both
          && both.origin() instanceof Members.Accessor a
          && a.getter() != null
          && !s.type().parameters().isEmpty()
          && (!Relations.same(a.getter().type().result(), s.type().parameters().getFirst().type())
              || a.getter().access() != s.access())) {
        error(
            DiagnosticCode.E0344,
            s.span(),
            "getter and setter of '" + name + "' differ in type or access");
      }
    }
  }
}
