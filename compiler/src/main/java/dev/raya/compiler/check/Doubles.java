package dev.raya.compiler.check;

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
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of the checker for the doubles of {@code raya:test} (stdlib.md 6): {@code mock}, {@code
 * spy}, {@code new Mock} and {@code stub}. No type of the language says "a function with the
 * parameters of F" or "some members of T", so their calls are written out as Raya here and checked
 * like any other: a mock's function as an arrow function with F's parameters, a stub as an object
 * literal with all members of T.
 */
abstract sealed class Doubles extends Calls permits Matches {
  private static final String MODULE = "raya:test";
  private static final String MOCK = "m";
  private static final String MISSING = "stub$missing";

  Doubles(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  @Override
  final @Nullable Expr doubleCall(Expression.Call c, FunctionSymbol f, @Nullable Type expected) {
    if (f.owner() != null || !isTestModule(f.module())) {
      return null;
    }
    return switch (f.name()) {
      case "mock", "spy" -> mockCall(c, f, expected);
      case "stub" -> stubCall(c, f, expected);
      default -> null;
    };
  }

  @Override
  final @Nullable Expr doubleNew(Expression.New n, ClassSymbol c, @Nullable Type expected) {
    if (!c.name().equals("Mock") || !isTestModule(c.module()) || !n.arguments().isEmpty()) {
      return null;
    }
    FunctionSymbol mock = exported(c.module(), "mock");
    Arguments a = arguments(mock.type(), List.of(), n.typeArguments(), "Mock", n.span(), expected);
    return a == null ? invalid(n.span()) : mockOf(n.span(), c.module(), a);
  }

  /** Whether a module is {@code raya:test}, and not being compiled itself. */
  private boolean isTestModule(ModuleSymbol m) {
    return m != module && m.id().path().equals(MODULE);
  }

  private static FunctionSymbol exported(ModuleSymbol m, String name) {
    if (m.export(name) instanceof FunctionSymbol f) {
      return f;
    }
    throw new IllegalStateException(MODULE + " exports no function " + name);
  }

  // ---- mocks ----

  private Expr mockCall(Expression.Call c, FunctionSymbol f, @Nullable Type expected) {
    Arguments a =
        arguments(f.type(), c.arguments(), c.typeArguments(), f.name(), c.span(), expected);
    return a == null ? invalid(c.span()) : mockOf(c.span(), f.module(), a);
  }

  /** {@code Mock.of$<F>(recorder)}, or {@code spy$of<F>(recorder, fn)} if a function is given. */
  private Expr mockOf(Span span, ModuleSymbol test, Arguments a) {
    Type of = Relations.constraintOf(a.typeArguments().getFirst());
    if (!(of instanceof Type.Function f) || !f.typeParameters().isEmpty()) {
      error(
          DiagnosticCode.E0328,
          span,
          "a Mock stands for a function whose types are known, not for '" + show(of) + "'");
      return invalid(span);
    }
    if (!(test.export("Mock") instanceof ClassSymbol mock)) {
      throw new IllegalStateException(MODULE + " exports no class Mock");
    }
    Type.ClassInstance type = new Type.ClassInstance(mock, List.of(of));
    Type.Function wanted =
        new Type.Function(List.of(new Type.Parameter(MOCK, type, Type.ParameterKind.REQUIRED)), of);
    Scope inner = new Scope(scope);
    FunctionSymbol argument = exported(test, "mock$argument");
    FunctionSymbol many = exported(test, "mock$arguments");
    inner.declare(argument.name(), argument);
    inner.declare(many.name(), many);
    Expr recorder = inScope(inner, () -> value(recorder(span, f), wanted));
    if (isInvalid(recorder.type())) {
      return recorder;
    }
    List<Type> typeArguments = List.of(of);
    if (a.given().isEmpty()) {
      FunctionSymbol make =
          mock.staticMethods().stream()
              .filter(m -> m.name().equals("of$"))
              .findFirst()
              .orElseThrow();
      return new Expr.Call(
          span, staticCallee(make, typeArguments), null, List.of(recorder), null, type);
    }
    FunctionSymbol spy = exported(test, "spy$of");
    useFunction(spy);
    List<Expr> given = new ArrayList<>(List.of(recorder));
    given.addAll(a.given());
    return new Expr.Call(span, direct(spy, typeArguments), null, given, null, type);
  }

  /**
   * {@code (m) => (a0, …, ...rest) => m.call$(ARGUMENTS, () => m.chosen$()(a0, …, ...rest))}, with
   * {@code run$} for a function without result and {@code task$} for one that gives a Task.
   */
  private Expression recorder(Span span, Type.Function f) {
    List<String> names = new ArrayList<>();
    List<Expression.Element> plain = new ArrayList<>();
    List<Expression.Element> recorded = new ArrayList<>();
    Expression.@Nullable Identifier rest = null;
    for (int i = 0; i < f.parameters().size(); i++) {
      String name = "a" + i;
      names.add(name);
      Expression.Identifier read = identifier(span, name);
      if (f.parameters().get(i).kind() == Type.ParameterKind.REST) {
        rest = read;
        plain.add(new Expression.Element(read, true));
      } else {
        plain.add(new Expression.Element(read, false));
        recorded.add(element(call(span, identifier(span, "mock$argument"), element(read))));
      }
    }
    Expression given = new Expression.ArrayLiteral(span, recorded);
    if (rest != null) {
      given = call(span, identifier(span, "mock$arguments"), element(given), element(rest));
    }
    Expression chosen = call(span, member(span, identifier(span, MOCK), "chosen$"));
    Expression made = new Expression.Call(span, chosen, List.of(), plain, false);
    Type result = f.result();
    String how =
        result == Type.Primitive.VOID
            ? "run$"
            : result instanceof Type.ClassInstance task && library.isTask(task) ? "task$" : "call$";
    Expression record =
        call(
            span,
            member(span, identifier(span, MOCK), how),
            element(given),
            element(arrow(span, List.of(), false, made)));
    return arrow(span, List.of(MOCK), false, arrow(span, names, rest != null, record));
  }

  // ---- stubs ----

  private Expr stubCall(Expression.Call c, FunctionSymbol f, @Nullable Type expected) {
    if (c.arguments().size() != 1
        || !(strip(c.arguments().getFirst().value()) instanceof Expression.ObjectLiteral given)
        || given.properties().stream().anyMatch(p -> p instanceof Expression.SpreadProperty)) {
      error(
          DiagnosticCode.E0303,
          c.span(),
          "'stub' takes an object literal with the members that the test needs");
      return invalid(c.span());
    }
    Type of = expected;
    if (!c.typeArguments().isEmpty()) {
      List<Type> explicit =
          typeArguments(f.type().typeParameters(), c.typeArguments(), c.span(), f.name());
      of = explicit == null ? Type.Primitive.INVALID : explicit.getFirst();
    }
    if (of == null || isInvalid(of)) {
      if (of == null) {
        error(DiagnosticCode.E0310, c.span(), "the type argument 'T' cannot be inferred; write it");
      }
      return invalid(c.span());
    }
    if (!(Unions.withoutNull(of) instanceof Type.Structure structure)) {
      error(
          DiagnosticCode.E0328,
          c.span(),
          "a stub stands for an object of an interface, not for '" + show(of) + "'");
      return invalid(c.span());
    }
    return stubOf(c, f.module(), structure, given);
  }

  private Expr stubOf(
      Expression.Call c,
      ModuleSymbol test,
      Type.Structure structure,
      Expression.ObjectLiteral given) {
    Map<String, Expression.Property> known = new LinkedHashMap<>();
    for (Expression.Property p : given.properties()) {
      known.put(nameOf(p), p);
    }
    for (Expression.Property p : given.properties()) {
      if (Members.find(structure, nameOf(p)) == null) {
        error(
            DiagnosticCode.E0301,
            p.span(),
            "'" + show(structure) + "' has no member '" + nameOf(p) + "'");
        return invalid(c.span());
      }
    }
    List<StructureSymbol.Property> absent =
        Members.properties(structure).stream()
            .filter(p -> !known.containsKey(p.name()) && !p.optional())
            .toList();
    FunctionSymbol missing = exported(test, MISSING);
    Scope inner = new Scope(scope);
    inner.declare(missing.name(), missing);
    if (absent.stream().allMatch(p -> p.type() instanceof Type.Function)) {
      List<Expression.Property> all = new ArrayList<>(given.properties());
      for (StructureSymbol.Property p : absent) {
        Span at = given.span();
        all.add(new Expression.ValueProperty(at, new Name(at, p.name()), failing(at, p.name())));
      }
      return inScope(
          inner, () -> value(new Expression.ObjectLiteral(given.span(), all), structure));
    }
    return inScope(inner, () -> value(stubObject(given, structure, inner), structure));
  }

  /** {@code () => stub$missing(NAME)}. */
  private static Expression failing(Span span, String name) {
    return arrow(span, List.of(), false, missing(span, name));
  }

  private static Expression missing(Span span, String name) {
    return call(span, identifier(span, MISSING), element(new Expression.StringLiteral(span, name)));
  }

  /**
   * Where a property that is no function is missing: {@code ((p0: T0, …): T => { class Stub {
   * constructor(public NAME: T0, …) {} get MISSING(): Tn { return stub$missing(…); } … } return new
   * Stub(p0, …); })(VALUE, …)}. The types have names of their own in the scope.
   */
  private Expression stubObject(
      Expression.ObjectLiteral given, Type.Structure structure, Scope inner) {
    Span at = given.span();
    Map<String, Expression> values = new LinkedHashMap<>();
    for (Expression.Property p : given.properties()) {
      values.put(
          nameOf(p),
          switch (p) {
            case Expression.ValueProperty v -> v.value();
            case Expression.MethodProperty m -> asArrow(m);
            case Expression.SpreadProperty x -> x.value();
          });
    }
    List<ClassMember> members = new ArrayList<>();
    List<FunctionSyntax.Parameter> fields = new ArrayList<>();
    List<FunctionSyntax.Parameter> parameters = new ArrayList<>();
    List<Expression.Element> passed = new ArrayList<>();
    List<Expression.Element> arguments = new ArrayList<>();
    List<StructureSymbol.Property> optionalLast = new ArrayList<>(Members.properties(structure));
    optionalLast.sort(Comparator.comparing(StructureSymbol.Property::optional));
    for (StructureSymbol.Property p : optionalLast) {
      String alias = "T$" + p.name();
      inner.declare(alias, alias(at, alias, p.type()));
      Expression value = values.get(p.name());
      if (value == null && p.optional()) {
        value = new Expression.NullLiteral(at);
      } else if (value == null && !(p.type() instanceof Type.Function)) {
        members.add(accessor(at, p, alias, true));
        if (!p.readonly()) {
          members.add(accessor(at, p, alias, false));
        }
        continue;
      }
      fields.add(
          parameter(
              at, List.of(new Modifier(at, Modifier.Kind.PUBLIC)), p.name(), p.optional(), alias));
      String parameter = "p$" + p.name();
      parameters.add(parameter(at, List.of(), parameter, false, alias));
      passed.add(element(identifier(at, parameter)));
      arguments.add(element(value == null ? failing(at, p.name()) : value));
    }
    inner.declare("T$", alias(at, "T$", structure));
    members.addFirst(
        new ClassMember.Constructor(
            at, List.of(), function(at, false, fields, null, List.of()), null));
    Name name = new Name(at, "Stub");
    Statement.Class stub =
        new Statement.Class(at, name, false, List.of(), null, List.of(), members, false, null);
    Statement made =
        new Statement.Return(at, new Expression.New(at, List.of(name), List.of(), passed));
    FunctionSyntax maker = function(at, true, parameters, reference(at, "T$"), List.of(stub, made));
    Expression callee = new Expression.Parenthesized(at, new Expression.Function(at, null, maker));
    return new Expression.Call(at, callee, List.of(), arguments, false);
  }

  private AliasSymbol alias(Span span, String name, Type type) {
    AliasSymbol alias = new AliasSymbol(name, span, module);
    alias.setType(type);
    return alias;
  }

  private static Expression asArrow(Expression.MethodProperty m) {
    FunctionSyntax f = m.function();
    return new Expression.Function(
        m.span(),
        null,
        new FunctionSyntax(
            f.span(), f.async(), true, f.typeParameters(), f.parameters(), f.result(), f.body()));
  }

  private static ClassMember accessor(
      Span at, StructureSymbol.Property p, String alias, boolean getter) {
    Expression fails = missing(at, p.name());
    List<FunctionSyntax.Parameter> parameters =
        getter ? List.of() : List.of(parameter(at, List.of(), "value", false, alias));
    Statement body = getter ? new Statement.Return(at, fails) : new Statement.Evaluate(at, fails);
    FunctionSyntax function =
        function(at, false, parameters, getter ? reference(at, alias) : null, List.of(body));
    return new ClassMember.Accessor(at, List.of(), getter, new Name(at, p.name()), function, null);
  }

  private static String nameOf(Expression.Property p) {
    return switch (p) {
      case Expression.ValueProperty v -> v.name().text();
      case Expression.MethodProperty m -> m.name().text();
      case Expression.SpreadProperty _ -> "";
    };
  }

  // ---- syntax ----

  private static TypeNode reference(Span span, String name) {
    return new TypeNode.Reference(span, List.of(new Name(span, name)), List.of());
  }

  private static FunctionSyntax.Parameter parameter(
      Span span, List<Modifier> modifiers, String name, boolean optional, String type) {
    return new FunctionSyntax.Parameter(
        span,
        modifiers,
        new Pattern.Identifier(new Name(span, name)),
        optional,
        false,
        reference(span, type),
        null);
  }

  private static FunctionSyntax function(
      Span span,
      boolean arrow,
      List<FunctionSyntax.Parameter> parameters,
      @Nullable TypeNode result,
      List<Statement> body) {
    return new FunctionSyntax(
        span,
        false,
        arrow,
        List.of(),
        parameters,
        result,
        new FunctionSyntax.BlockBody(new Statement.Block(span, body)));
  }

  private static Expression.Identifier identifier(Span span, String name) {
    return new Expression.Identifier(new Name(span, name));
  }

  private static Expression member(Span span, Expression object, String name) {
    return new Expression.Member(span, object, new Name(span, name), false);
  }

  private static Expression.Element element(Expression value) {
    return new Expression.Element(value, false);
  }

  private static Expression call(Span span, Expression callee, Expression.Element... arguments) {
    return new Expression.Call(span, callee, List.of(), List.of(arguments), false);
  }

  private static Expression arrow(
      Span span, List<String> parameters, boolean rest, Expression body) {
    List<FunctionSyntax.Parameter> all = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      all.add(
          new FunctionSyntax.Parameter(
              span,
              List.of(),
              new Pattern.Identifier(new Name(span, parameters.get(i))),
              false,
              rest && i == parameters.size() - 1,
              null,
              null));
    }
    return new Expression.Function(
        span,
        null,
        new FunctionSyntax(
            span, false, true, List.of(), all, null, new FunctionSyntax.ExpressionBody(body)));
  }
}
