package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Iteration;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Substitution;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The part of the checker for calls and {@code new} (language.md 4.4, 5.5, 9). */
abstract sealed class Calls extends Parts permits Doubles {
  /** Math functions whose result is int if all arguments are (stdlib.md 2.6). */
  private static final Set<String> INT_PRESERVING =
      Set.of("Math.abs", "Math.sign", "Math.min", "Math.max", "Math.clamp");

  /** A generic function of the library that takes what can be encoded (stdlib.md 12). */
  private static final String RESPONSE_JSON = "raya:http Response.json";

  /** Arguments fitted to parameters. */
  record Arguments(List<Expr> given, @Nullable Expr rest, List<Type> typeArguments, Type result) {}

  Calls(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** A call of {@code match}, which is a branch. */
  abstract Expr matchCall(Expression.Call c, @Nullable Type expected);

  /**
   * A call of {@code mock}, {@code spy} or {@code stub} of {@code raya:test}; null if it is none.
   */
  abstract @Nullable Expr doubleCall(Expression.Call c, FunctionSymbol f, @Nullable Type expected);

  /** {@code new Mock} of {@code raya:test}; null if it is something else. */
  abstract @Nullable Expr doubleNew(Expression.New n, ClassSymbol c, @Nullable Type expected);

  @Override
  final Expr checkCall(Expression.Call c, @Nullable Type expected) {
    Expression callee = strip(c.callee());
    switch (callee) {
      case Expression.Super s -> {
        return superCall(c, s.span());
      }
      case Expression.Identifier i -> {
        Symbol symbol = scope.find(i.name().text());
        if (symbol instanceof FunctionSymbol f) {
          markUsed(f);
          return callFunction(c, f, expected);
        }
        if (symbol instanceof ClassSymbol k && !c.optional()) {
          return callClass(c, k, expected);
        }
      }
      case Expression.Member m when !c.optional() -> {
        return callMember(c, m, expected);
      }
      default -> {}
    }
    Expr function = spine(c.callee(), c.optional());
    return callValue(c, function, expected);
  }

  private Expr refused(Expression.Call c) {
    checkAnyway(c.arguments());
    return invalid(c.span());
  }

  /** Checks arguments of a call that was refused, for their own errors. */
  private void checkAnyway(List<Expression.Element> arguments) {
    for (Expression.Element e : arguments) {
      if (!(strip(e.value()) instanceof Expression.Function)) {
        int errors = diagnostics.size();
        Expr tree = check(e.value(), null);
        if (isInvalid(tree.type()) && diagnostics.size() > errors + 1) {
          diagnostics.truncate(errors + 1);
        }
      }
    }
  }

  // ---- functions ----

  /** Whether type arguments were refused because the result would hold values of type void. */
  private boolean holdsVoid;

  private Expr callFunction(Expression.Call c, FunctionSymbol f, @Nullable Type expected) {
    noteUse(f, c.callee().span());
    if (f.isTypeRunning()) {
      error(
          DiagnosticCode.E0310,
          c.callee().span(),
          "the result of the recursive function '"
              + f.name()
              + "' cannot be inferred; annotate it");
      return refused(c);
    }
    if (Matches.isMatch(f)) {
      return matchCall(c, expected);
    }
    Expr made = doubleCall(c, f, expected);
    if (made != null) {
      return made;
    }
    useFunction(f);
    if (f.module() == library.module()) {
      return callBuiltin(
          c,
          library.builtinName(f),
          f.type(),
          expected,
          a ->
              new Expr.Call(
                  c.span(), direct(f, a.typeArguments()), null, a.given(), a.rest(), a.result()));
    }
    VariableSymbol nested = nestedFunctions.get(f);
    if (nested != null) {
      use(nested, c.callee().span());
      return callValue(c, new Expr.Read(c.callee().span(), nested), expected);
    }
    int errors = diagnostics.size();
    Flow start = flow;
    holdsVoid = false;
    Arguments a = arguments(f.type(), c, expected);
    if (a == null && holdsVoid && TaskTwins.ofNothing(f) instanceof FunctionSymbol ofNothing) {
      diagnostics.truncate(errors);
      flow = start;
      holdsVoid = false;
      return callFunction(c, ofNothing, expected);
    }
    if (a == null) {
      return invalid(c.span());
    }
    Callee.Direct twin = TaskTwins.of(f, a.typeArguments(), library);
    if (twin != null) {
      useFunction(twin.function());
    }
    Callee callee = twin == null ? direct(f, a.typeArguments()) : twin;
    return new Expr.Call(c.span(), callee, null, a.given(), a.rest(), a.result());
  }

  /** A conversion function written like a class: {@code String(x)}, {@code Number(s)}. */
  private Expr callClass(Expression.Call c, ClassSymbol k, @Nullable Type expected) {
    markUsed(k);
    Members.Member call = k.module() == library.module() ? Members.findStatic(k, "call") : null;
    if (call == null || !(call.origin() instanceof Members.Method m)) {
      error(
          DiagnosticCode.E0305,
          c.callee().span(),
          "a class is not called; write 'new " + k.name() + "(…)'");
      return refused(c);
    }
    FunctionSymbol f = m.method();
    return callBuiltin(
        c,
        library.builtinName(f),
        f.type(),
        expected,
        a ->
            new Expr.Call(
                c.span(),
                staticCallee(f, a.typeArguments()),
                null,
                a.given(),
                a.rest(),
                a.result()));
  }

  private Expr callMember(Expression.Call c, Expression.Member m, @Nullable Type expected) {
    Found found = find(m);
    if (found == null) {
      return refused(c);
    }
    switch (found) {
      case Found.Exported e when e.symbol() instanceof FunctionSymbol f -> {
        return callFunction(c, f, expected);
      }
      case Found.Static s when s.member().origin() instanceof Members.Method f -> {
        return callStatic(c, f.method(), expected);
      }
      case Found.OfSuper s when s.member().origin() instanceof Members.Method f -> {
        return callMethod(c, s.receiver(), f.method(), s.member(), false, expected);
      }
      case Found.Instance i when i.member().origin() instanceof Members.Method f -> {
        return callMethod(c, i.receiver(), f.method(), i.member(), true, expected);
      }
      case Found.Instance i when i.member().isMethod() -> {
        return callStructural(c, m.name(), i.receiver(), i.member().type(), expected);
      }
      case Found.Common k when k.method() -> {
        return callStructural(c, m.name(), k.receiver(), k.type(), expected);
      }
      default -> {
        Expr read = read(found, m.name(), m.span());
        return callValue(c, narrowed(read, path(m), false), expected);
      }
    }
  }

  private Expr callStatic(Expression.Call c, FunctionSymbol f, @Nullable Type expected) {
    if (f.isTypeRunning()) {
      return recursive(c, f);
    }
    Function<Arguments, Expr> make =
        a ->
            new Expr.Call(
                c.span(),
                staticCallee(f, a.typeArguments()),
                null,
                a.given(),
                a.rest(),
                a.result());
    String name = library.builtinName(f);
    boolean ofHttp = f.module().id().packageName().equals("raya:http");
    return callBuiltin(
        c, ofHttp && name.equals("Response.json") ? RESPONSE_JSON : name, f.type(), expected, make);
  }

  private Expr recursive(Expression.Call c, FunctionSymbol f) {
    error(
        DiagnosticCode.E0310,
        c.callee().span(),
        "the result of the recursive method '" + f.name() + "' cannot be inferred; annotate it");
    return refused(c);
  }

  private Expr callMethod(
      Expression.Call c,
      Expr receiver,
      FunctionSymbol method,
      Members.Member member,
      boolean virtual,
      @Nullable Type expected) {
    if (method.isTypeRunning()) {
      return recursive(c, method);
    }
    if (!(member.type() instanceof Type.Function type)) {
      return refused(c);
    }
    if (method.module() == library.module()) {
      Type host = library.host(receiver.type());
      Members.Member overload = host == null ? null : overload(c, method, receiver, host, expected);
      if (overload != null && overload.origin() instanceof Members.Method m) {
        return callMethod(c, receiver, m.method(), overload, virtual, expected);
      }
      checkSort(c, method, receiver.type());
      Type flat = flattened(method, receiver.type());
      if (flat != null) {
        type = new Type.Function(type.parameters(), flat);
      }
    }
    Type.Function called = type;
    return callBuiltin(
        c,
        library.builtinName(method),
        called,
        expected,
        a ->
            new Expr.Call(
                c.span(),
                methodCallee(method, member, a.typeArguments(), virtual),
                receiver,
                a.given(),
                a.rest(),
                a.result()));
  }

  /** The form of a member of the library for what is given, if it has several. */
  private Members.@Nullable Member overload(
      Expression.Call c, FunctionSymbol method, Expr receiver, Type host, @Nullable Type expected) {
    if (method.name().equals("filter") && method.owner() != null) {
      Type element = Members.elementOfIterated(Relations.constraintOf(receiver.type()));
      if (element == null || isArrayOf(element, expected)) {
        return null;
      }
      Type proved = proved(c);
      return proved != null && Relations.isSubtype(proved, element)
          ? Members.find(host, "filter$As")
          : null;
    }
    return stringOverload(c, method);
  }

  /** Whether an array that can be changed and holds such elements is expected. */
  private static boolean isArrayOf(Type element, @Nullable Type expected) {
    return expected != null
        && Unions.members(expected).stream()
            .anyMatch(
                m ->
                    m instanceof Type.Array a
                        && !a.readonly()
                        && Relations.same(a.element(), element));
  }

  /** What the one argument proves of its first parameter, if it is a function that does. */
  private @Nullable Type proved(Expression.Call c) {
    if (c.arguments().size() != 1 || !c.typeArguments().isEmpty()) {
      return null;
    }
    Expression argument = c.arguments().getFirst().value();
    if (strip(argument) instanceof Expression.Function f) {
      return f.function().result() instanceof TypeNode.PredicateForm p ? typeOf(p) : null;
    }
    return typeOf(argument) instanceof Type.Function given
            && given.predicate() != null
            && given.predicate().parameter() == 0
        ? given.predicate().type()
        : null;
  }

  /** What a predicate proves; what is wrong with it is reported where its function is checked. */
  private Type typeOf(TypeNode.PredicateForm p) {
    int errors = diagnostics.size();
    Type type = readType(p.type());
    diagnostics.truncate(errors);
    return type;
  }

  /** The form of a member of string that takes a regular expression, if one is given. */
  private Members.@Nullable Member stringOverload(Expression.Call c, FunctionSymbol method) {
    boolean both =
        method.owner() != null
            && method.owner().name().equals("string")
            && switch (method.name()) {
              case "split", "replace", "replaceAll" -> true;
              default -> false;
            };
    if (!both
        || c.arguments().isEmpty()
        || strip(c.arguments().getFirst().value()) instanceof Expression.StringLiteral
        || !library.isRegExp(typeOf(c.arguments().getFirst().value()))) {
      return null;
    }
    boolean function =
        !method.name().equals("split")
            && c.arguments().size() > 1
            && (strip(c.arguments().get(1).value()) instanceof Expression.Function
                || typeOf(c.arguments().get(1).value()) instanceof Type.Function);
    return library.stringMember(method.name() + (function ? "$RegExpWith" : "$RegExp"));
  }

  /** The type an expression has by itself; nothing is reported and nothing flows from it. */
  private Type typeOf(Expression e) {
    int errors = diagnostics.size();
    Flow start = flow;
    Type type = Relations.constraintOf(check(e, null).type());
    diagnostics.truncate(errors);
    flow = start;
    return type;
  }

  /** {@code flat()} of an array of arrays gives the inner array type. */
  private static @Nullable Type flattened(FunctionSymbol method, Type receiver) {
    return method.name().equals("flat")
            && receiver instanceof Type.Array a
            && a.element() instanceof Type.Array inner
        ? new Type.Array(inner.element(), false)
        : null;
  }

  private void checkSort(Expression.Call c, FunctionSymbol method, Type receiver) {
    boolean sorts = method.name().equals("sort") || method.name().equals("toSorted");
    if (sorts
        && c.arguments().isEmpty()
        && receiver instanceof Type.Array a
        && !Unions.isNumeric(Relations.constraintOf(a.element()))
        && !Unions.isString(Relations.constraintOf(a.element()))) {
      error(
          DiagnosticCode.E0342,
          c.span(),
          "elements of type '" + show(a.element()) + "' have no order; pass a comparator");
    }
  }

  private Expr callStructural(
      Expression.Call c, Name name, Expr receiver, Type type, @Nullable Type expected) {
    if (!(type instanceof Type.Function f)) {
      return notCallable(c, type);
    }
    Arguments a = arguments(f, c, expected);
    return a == null
        ? invalid(c.span())
        : new Expr.Call(
            c.span(),
            new Callee.Structural(name.text(), f),
            receiver,
            a.given(),
            a.rest(),
            a.result());
  }

  private Expr callValue(Expression.Call c, Expr function, @Nullable Type expected) {
    Type type = Relations.constraintOf(function.type());
    if (isInvalid(type)) {
      return refused(c);
    }
    if (!(type instanceof Type.Function f)) {
      return notCallable(c, type);
    }
    Arguments a = arguments(f, c, expected);
    return a == null
        ? invalid(c.span())
        : new Expr.Call(c.span(), new Callee.Value(f), function, a.given(), a.rest(), a.result());
  }

  private Expr notCallable(Expression.Call c, Type type) {
    if (type == Type.Primitive.JSON) {
      error(DiagnosticCode.E0335, c.callee().span(), "a 'json' value cannot be called");
    } else if (Unions.hasNull(type)) {
      error(
          DiagnosticCode.E0317,
          c.callee().span(),
          "the function may be null; narrow it, or call it with '?.('");
    } else {
      error(
          DiagnosticCode.E0305,
          c.callee().span(),
          "a value of type '" + show(type) + "' cannot be called");
    }
    return refused(c);
  }

  // ---- what the compiler knows of the library ----

  private Expr callBuiltin(
      Expression.Call c,
      String name,
      Type.Function type,
      @Nullable Type expected,
      Function<Arguments, Expr> make) {
    context.locks |= MutexRule.locks(name);
    if (name.startsWith("console.")) {
      return callConsole(c, make);
    }
    if (name.equals("String") && c.arguments().size() == 1 && !c.arguments().getFirst().spread()) {
      return display(value(c.arguments().getFirst().value(), null));
    }
    if (INT_PRESERVING.contains(name)) {
      return callIntPreserving(c, type, make);
    }
    Arguments a = arguments(type, c, expected);
    return a == null || !isJsonable(name, a, c) ? invalid(c.span()) : make.apply(a);
  }

  /** The functions of JSON whose type argument must have a JSON form. */
  private boolean isJsonable(String name, Arguments a, Expression.Call c) {
    return switch (name) {
      case "JSON.encode", "JSON.stringify", "JSON.toJson", RESPONSE_JSON ->
          encodable(a.typeArguments().getFirst(), c.span());
      case "JSON.decode" -> decodable(a.typeArguments().getFirst(), c.span());
      default -> true;
    };
  }

  private Expr callConsole(Expression.Call c, Function<Arguments, Expr> make) {
    List<Expr.Element> values = new ArrayList<>();
    for (Expression.Element e : c.arguments()) {
      Expr value = e.spread() ? spreadValues(e.value()) : value(e.value(), null);
      if (isInvalid(value.type())) {
        checkRest(c, e);
        return value;
      }
      // What is text already stays so: String(error) is no error, of which the stack is shown.
      boolean text =
          e.spread() || value.type() == Type.Primitive.STRING && !(value instanceof Expr.Display);
      values.add(
          new Expr.Element(
              text ? value : new Expr.Display(value.span(), value),
              e.spread() ? Iteration.ARRAY : null));
    }
    Type.Array strings = new Type.Array(Type.Primitive.STRING, false);
    Expr rest = new Expr.ArrayLiteral(c.span(), values, strings);
    return make.apply(new Arguments(List.of(), rest, List.of(), Type.Primitive.VOID));
  }

  /** What is spread into console, as an array. */
  private Expr spreadValues(Expression e) {
    Expr subject = value(e, null);
    Iteration iteration = iteration(subject.type());
    Type element = Members.elementOfIterated(subject.type());
    if (iteration == null || element == null) {
      notIterable(subject, e.span());
      return invalid(e.span());
    }
    return new Expr.ArrayLiteral(
        e.span(),
        List.of(new Expr.Element(iterated(subject), iteration)),
        new Type.Array(element, false));
  }

  private void checkRest(Expression.Call c, Expression.Element failed) {
    int from = c.arguments().indexOf(failed) + 1;
    for (Expression.Element e : c.arguments().subList(from, c.arguments().size())) {
      check(e.value(), null);
    }
  }

  /** Whether an expression would do where a type is expected; nothing is reported. */
  private boolean fits(Expression e, Type expected) {
    int errors = diagnostics.size();
    Flow start = flow;
    Expr tree = value(e, expected);
    boolean fits =
        diagnostics.size() == errors && !isInvalid(tree.type()) && fit(tree, expected) != null;
    diagnostics.truncate(errors);
    flow = start;
    return fits;
  }

  private Expr callIntPreserving(
      Expression.Call c, Type.Function type, Function<Arguments, Expr> make) {
    context.trials.begin();
    try {
      return callIntPreserved(c, type, make);
    } finally {
      context.trials.end();
    }
  }

  private Expr callIntPreserved(
      Expression.Call c, Type.Function type, Function<Arguments, Expr> make) {
    int errors = diagnostics.size();
    Flow start = flow;
    // Of an empty spread alone the result is infinite, which no int is.
    boolean ints = c.arguments().stream().anyMatch(e -> !e.spread());
    for (Expression.Element e : c.arguments()) {
      Type given = Relations.constraintOf(check(e.value(), null).type());
      Type each = e.spread() ? Members.elementOfIterated(given) : given;
      ints &= each != null && Unions.isInt(Relations.constraintOf(each));
    }
    diagnostics.truncate(errors);
    flow = start;
    Type.Function called = type;
    if (ints) {
      List<Type.Parameter> parameters = new ArrayList<>();
      for (Type.Parameter p : type.parameters()) {
        Type t =
            p.kind() == Type.ParameterKind.REST
                ? new Type.Array(Type.Primitive.INT, false)
                : Type.Primitive.INT;
        parameters.add(new Type.Parameter(p.name(), t, p.kind()));
      }
      called = new Type.Function(parameters, Type.Primitive.INT);
    }
    Arguments a = arguments(called, c, null);
    return a == null ? invalid(c.span()) : make.apply(a);
  }

  // ---- construction ----

  private Expr superCall(Expression.Call c, Span span) {
    ClassSymbol owner = context.owner;
    if (owner != null && owner.base() == null && owner.isIncomplete()) {
      return refused(c);
    }
    if (owner == null || !context.constructor || owner.base() == null) {
      error(
          DiagnosticCode.E0212,
          span,
          "'super(…)' is only available in the constructor of a class that extends another");
      return refused(c);
    }
    Type.ClassInstance base = owner.base();
    FunctionSymbol constructor = constructorOf(base.symbol());
    Type.Function type =
        constructor == null
            ? new Type.Function(List.of(), Type.Primitive.VOID)
            : constructorType(base, constructor);
    Arguments a = arguments(type, c, null);
    if (context.superMarker != null) {
      if (flow.isAssigned(context.superMarker) && flow.reachable()) {
        error(DiagnosticCode.E0324, span, "'super(…)' is called twice");
      }
      flow = flow.assign(context.superMarker);
    }
    if (a == null || context.self == null) {
      return invalid(c.span());
    }
    return new Expr.Call(
        c.span(),
        new Callee.SuperConstructor(base),
        new Expr.Read(span, context.self),
        a.given(),
        a.rest(),
        Type.Primitive.VOID);
  }

  /** The constructor a class has or inherits. */
  static @Nullable FunctionSymbol constructorOf(ClassSymbol c) {
    ClassSymbol at = c;
    for (int guard = 0; guard < Relations.MAX_DEPTH; guard++) {
      if (at.constructor() != null) {
        return at.constructor();
      }
      if (at.base() == null) {
        return null;
      }
      at = at.base().symbol();
    }
    return null;
  }

  /** The type of a constructor of a class or one of its bases, for an instance type. */
  static Type.Function constructorType(Type.ClassInstance c, FunctionSymbol constructor) {
    Type.ClassInstance at = c;
    for (int guard = 0; at != null && guard < Relations.MAX_DEPTH; guard++) {
      if (at.symbol() == constructor.owner()) {
        return Substitution.of(at.symbol().typeParameters(), at.arguments())
            .apply(constructor.type());
      }
      at = Members.base(at);
    }
    return constructor.type();
  }

  @Override
  final Expr checkNew(Expression.New n, @Nullable Type expected) {
    Symbol symbol = scope.find(n.path().getFirst().text());
    if (symbol == null) {
      if (n.path().getFirst().text().equals("Array")) {
        return newArray(n, expected);
      }
      checkAnyway(n.arguments());
      return unknown(n.path().getFirst());
    }
    markUsed(symbol);
    for (Name part : n.path().subList(1, n.path().size())) {
      Symbol inner = symbol instanceof ModuleSymbol m ? m.export(part.text()) : null;
      if (inner == null && symbol instanceof ModuleSymbol m && m.mayExport(part.text())) {
        checkAnyway(n.arguments());
        return invalid(n.span());
      }
      if (inner == null) {
        missing(
            DiagnosticCode.E0503,
            part.span(),
            part.text(),
            "'" + symbol.name() + "' has no class '" + part.text() + "'",
            symbol instanceof ModuleSymbol m ? m.exports().keySet() : List.of());
        checkAnyway(n.arguments());
        return invalid(n.span());
      }
      symbol = inner;
    }
    noteUse(symbol, n.path().getLast().span());
    if (symbol instanceof VariableSymbol && poisoned.contains(n.path().getFirst().text())
        || symbol instanceof ClassSymbol c
            && c.isIncomplete()
            && (c.constructor() == null || c.hasImplicitConstructor())) {
      checkAnyway(n.arguments());
      return invalid(n.span());
    }
    if (!(symbol instanceof ClassSymbol c)) {
      error(
          DiagnosticCode.E0306,
          n.path().getFirst().span(),
          "'" + symbol.name() + "' is not a class and cannot be constructed");
      checkAnyway(n.arguments());
      return invalid(n.span());
    }
    if (c.isAbstract()) {
      error(
          DiagnosticCode.E0306,
          n.path().getFirst().span(),
          "the class '" + c.name() + "' is abstract and cannot be constructed");
      checkAnyway(n.arguments());
      return invalid(n.span());
    }
    if (c.module() == library.module() && c.name().equals("Array")) {
      return newArray(n, expected);
    }
    Expr made = doubleNew(n, c, expected);
    return made == null ? construct(n, c, expected) : made;
  }

  private Expr newArray(Expression.New n, @Nullable Type expected) {
    Symbol symbol = scope.find("Array");
    if (!(symbol instanceof ClassSymbol c)) {
      return unknown(n.path().getFirst());
    }
    Type hint =
        expected instanceof Type.Array a ? new Type.ClassInstance(c, List.of(a.element())) : null;
    Expr made = construct(n, c, hint);
    if (!(made instanceof Expr.Call call)
        || !(call.type() instanceof Type.ClassInstance instance)) {
      return made;
    }
    Type.Array type = new Type.Array(instance.arguments().getFirst(), false);
    return new Expr.Call(call.span(), call.callee(), null, call.arguments(), call.rest(), type);
  }

  private Expr construct(Expression.New n, ClassSymbol c, @Nullable Type expected) {
    FunctionSymbol constructor = constructorOf(c);
    if (constructor == null && c.ambient()) {
      error(
          DiagnosticCode.E0306,
          n.path().getFirst().span(),
          "'" + c.name() + "' has no constructor");
      checkAnyway(n.arguments());
      return invalid(n.span());
    }
    if (constructor != null && !mayConstruct(constructor)) {
      error(
          DiagnosticCode.E0210,
          n.path().getFirst().span(),
          "the constructor of '" + c.name() + "' is not public");
    }
    checkDeclared(c, n.path().getLast().span());
    if (c.isLocal()) {
      need(c);
    }
    List<Type> variables = new ArrayList<>();
    for (TypeParameterSymbol p : c.typeParameters()) {
      variables.add(new Type.Variable(p));
    }
    Type.ClassInstance open = new Type.ClassInstance(c, variables);
    List<Type.Parameter> parameters =
        constructor == null ? List.of() : constructorType(open, constructor).parameters();
    Type.Function type = new Type.Function(c.ownTypeParameters(), parameters, open, null);
    Arguments a = arguments(type, n.arguments(), n.typeArguments(), c.name(), n.span(), expected);
    if (a == null && c.typeParameters().isEmpty() && !c.isIncomplete()) {
      // Whatever its arguments should be, what it makes is known.
      a = new Arguments(List.of(), null, List.of(), open);
    }
    if (a == null) {
      return invalid(n.span());
    }
    if (c.module() == library.module() && !c.derivesFromNamed("Error") && constructor != null) {
      return new Expr.Call(
          n.span(),
          new Callee.Builtin(c.name() + ".constructor", constructor, a.typeArguments(), List.of()),
          null,
          a.given(),
          a.rest(),
          a.result());
    }
    return new Expr.Call(
        n.span(),
        new Callee.Construct(c, c.allArguments(a.typeArguments())),
        null,
        a.given(),
        a.rest(),
        a.result());
  }

  private boolean mayConstruct(FunctionSymbol constructor) {
    if (constructor.access() == Access.PUBLIC) {
      return true;
    }
    ClassSymbol owner = constructor.owner();
    return owner != null && mayUse(owner, constructor.access());
  }

  // ---- arguments ----

  private @Nullable Arguments arguments(
      Type.Function type, Expression.Call c, @Nullable Type expected) {
    return arguments(type, c.arguments(), c.typeArguments(), "this function", c.span(), expected);
  }

  /** Fits arguments to a function's parameters; null if something was refused. */
  final @Nullable Arguments arguments(
      Type.Function type,
      List<Expression.Element> arguments,
      List<TypeNode> typeNodes,
      String what,
      Span span,
      @Nullable Type expected) {
    if (!hasRightCount(type, arguments, span)) {
      checkAnyway(arguments);
      return null;
    }
    List<TypeParameterSymbol> parameters = type.typeParameters();
    if (parameters.isEmpty()) {
      if (!typeNodes.isEmpty()) {
        error(DiagnosticCode.E0327, typeNodes.getFirst().span(), what + " takes no type arguments");
      }
      return fitAll(type, arguments, new Expr[arguments.size()], List.of(), span);
    }
    if (!typeNodes.isEmpty()) {
      List<Type> explicit = typeArguments(parameters, typeNodes, span, what);
      if (explicit == null) {
        checkAnyway(arguments);
        return null;
      }
      return fitAll(
          instantiate(type, explicit), arguments, new Expr[arguments.size()], explicit, span);
    }
    return infer(type, arguments, span, expected);
  }

  private static Type.Function instantiate(Type.Function type, List<Type> typeArguments) {
    Type.Function open =
        new Type.Function(List.of(), type.parameters(), type.result(), type.predicate());
    return Substitution.of(type.typeParameters(), typeArguments).apply(open);
  }

  private boolean hasRightCount(Type.Function type, List<Expression.Element> arguments, Span span) {
    int fixed = type.parameters().size() - (type.hasRest() ? 1 : 0);
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).spread() && (!type.hasRest() || i < fixed)) {
        error(
            DiagnosticCode.E0302,
            arguments.get(i).value().span(),
            "a spread argument can only fill a rest parameter");
        return false;
      }
    }
    int required = type.required();
    if (arguments.size() < required || arguments.size() > fixed && !type.hasRest()) {
      String wanted =
          type.hasRest()
              ? "at least " + count(required, required, "argument")
              : count(required, fixed, "argument");
      error(DiagnosticCode.E0302, span, "expected " + wanted + ", found " + arguments.size());
      return false;
    }
    return true;
  }

  /** The type a parameter wants of the argument at an index; of a rest parameter its element's. */
  private static Type wanted(Type.Function type, int index, boolean spread) {
    int last = type.parameters().size() - 1;
    if (type.hasRest() && index >= last) {
      Type rest = type.parameters().get(last).type();
      return !spread && rest instanceof Type.Array a ? a.element() : rest;
    }
    return type.parameters().get(index).type();
  }

  private @Nullable Arguments infer(
      Type.Function type, List<Expression.Element> arguments, Span span, @Nullable Type expected) {
    Trials trials = context.trials;
    trials.begin();
    try {
      return inferred(type, arguments, span, expected);
    } finally {
      trials.end();
    }
  }

  private @Nullable Arguments inferred(
      Type.Function type, List<Expression.Element> arguments, Span span, @Nullable Type expected) {
    int errors = diagnostics.size();
    List<List<Part>> functions = new ArrayList<>();
    Inference inference = new Inference(type.typeParameters());
    Expr[] trees = new Expr[arguments.size()];
    Type.Function open =
        new Type.Function(List.of(), type.parameters(), type.result(), type.predicate());
    Inference fromResult = new Inference(type.typeParameters());
    if (expected != null && expected != Type.Primitive.VOID) {
      Type result = open.result();
      boolean mayBeNull = result instanceof Type.Variable || Unions.hasNull(result);
      fromResult.learn(result, mayBeNull ? expected : Unions.withoutNull(expected));
    }
    for (int i = 0; i < arguments.size(); i++) {
      Expression.Element e = arguments.get(i);
      functions.add(new ArrayList<>());
      if (isContextSensitive(e.value())) {
        continue;
      }
      Type parameter = wanted(open, i, e.spread());
      if (!e.spread() && holdsOpenFunction(e.value())) {
        learnParts(inference, parameter, e.value(), functions.getLast());
        continue;
      }
      Substitution known = isCall(e.value()) ? inference.soFar(fromResult) : inference.soFar();
      trees[i] = value(e.value(), Inference.hint(known.apply(parameter)));
      if (isInvalid(trees[i].type())) {
        return null;
      }
      learn(inference, parameter, e.value(), trees[i].type());
    }
    preferResult(inference, fromResult, open, arguments, trees);
    for (int i = 0; i < arguments.size(); i++) {
      Expression.Element e = arguments.get(i);
      if (trees[i] != null) {
        continue;
      }
      Type parameter = wanted(open, i, e.spread());
      if (!isContextSensitive(e.value())) {
        for (Part part : functions.get(i)) {
          preferExpected(type, part.parameter(), inference, fromResult);
          learnFrom(inference, part);
        }
        continue;
      }
      preferExpected(type, parameter, inference, fromResult);
      TypeParameterSymbol given = resultOf(parameter, inference);
      Type hint = Inference.hint(inference.soFar().apply(parameter));
      trees[i] = value(e.value(), given == null ? hint : giving(hint, fromResult.form(given)));
      if (isInvalid(trees[i].type())) {
        return null;
      }
      inference.learn(parameter, trees[i].type());
      if (given != null) {
        preferResult(given, trees[i].type(), inference, fromResult);
      }
    }
    if (diagnostics.hasErrorsFrom(errors) && functions.stream().anyMatch(f -> !f.isEmpty())) {
      return null;
    }
    if (isRefusedAsNoArray(open, arguments, trees)) {
      return null;
    }
    List<Type> typeArguments = resolve(type, inference, fromResult, span);
    if (typeArguments == null || !checkConstraints(type.typeParameters(), typeArguments, span)) {
      return null;
    }
    return fitAll(instantiate(type, typeArguments), arguments, trees, typeArguments, span);
  }

  /** Reports what is given for an array and is none: it says nothing of the array's elements. */
  private boolean isRefusedAsNoArray(
      Type.Function open, List<Expression.Element> arguments, @Nullable Expr[] trees) {
    for (int i = 0; i < trees.length; i++) {
      Expr tree = trees[i];
      if (tree == null || arguments.get(i).spread()) {
        continue;
      }
      Type wanted = Unions.withoutNull(wanted(open, i, false));
      Type given = Relations.constraintOf(tree.type());
      if (wanted instanceof Type.Array && Unions.isBare(given) && !Unions.hasNull(given)) {
        convert(tree, wanted, arguments.get(i).value().span(), DiagnosticCode.E0303);
        return true;
      }
    }
    return false;
  }

  /** The type parameter of which nothing is known yet but what a function will give. */
  private static @Nullable TypeParameterSymbol resultOf(Type parameter, Inference inference) {
    return parameter instanceof Type.Function f
            && f.result() instanceof Type.Variable v
            && !inference.isKnown(v.symbol())
        ? v.symbol()
        : null;
  }

  /** A function as it is expected, with what its result should look like if that is known. */
  private static @Nullable Type giving(@Nullable Type function, @Nullable Type form) {
    return function instanceof Type.Function f && isInvalid(f.result()) && form != null
        ? new Type.Function(f.typeParameters(), f.parameters(), form, f.predicate())
        : function;
  }

  /** A result that fits what is expected of the call is as wide as that. */
  private static void preferResult(
      TypeParameterSymbol p, Type function, Inference inference, Inference fromResult) {
    Type expected = fromResult.resolve(p);
    if (expected != null
        && !isInvalid(expected)
        && function instanceof Type.Function f
        && f.result() != Type.Primitive.VOID
        && Relations.isAssignable(f.result(), expected)) {
      inference.fix(p, expected);
    }
  }

  /** What only the result is known to be is what a function is told that takes it. */
  private static void preferExpected(
      Type.Function type, Type parameter, Inference inference, Inference fromResult) {
    for (TypeParameterSymbol p : type.typeParameters()) {
      Type preferredType = fromResult.resolve(p);
      if (!inference.isKnown(p)
          && preferredType != null
          && !isInvalid(preferredType)
          && parameter instanceof Type.Function pf
          && !pf.result().equals(new Type.Variable(p))) {
        inference.fix(p, preferredType);
      }
    }
  }

  /** A fresh integer literal is a number in an inferred type argument (language.md 4.2). */
  @Override
  final void learn(Inference inference, Type parameter, Expression e, Type type) {
    boolean fresh = parameter instanceof Type.Variable && isFreshInteger(e);
    if (fresh && inference.isExact(((Type.Variable) parameter).symbol())) {
      // A Channel<int> and an int[] say what they are; the literal fits.
      return;
    }
    inference.learn(parameter, fresh ? Type.Primitive.NUMBER : type);
    if (!isLiteralSyntax(e)) {
      inference.holdExactly(parameter);
    }
  }

  private void preferResult(
      Inference inference,
      Inference fromResult,
      Type.Function open,
      List<Expression.Element> arguments,
      @Nullable Expr[] trees) {
    Substitution wanted = fromResult.soFar();
    for (int i = 0; i < trees.length; i++) {
      Expr tree = trees[i];
      if (tree != null) {
        Type parameter = wanted.apply(wanted(open, i, arguments.get(i).spread()));
        if (!isInvalid(parameter)
            && fit(tree, parameter) == null
            && !(followsExpected(arguments.get(i).value())
                && fits(arguments.get(i).value(), parameter))) {
          return;
        }
      }
    }
    fromResult.fixInto(inference);
  }

  /** Whether void, or never, stands in a type elsewhere than as a result. */
  private boolean holds(Type.Primitive what, Type type, boolean result) {
    return switch (type) {
      case Type.Primitive p -> p == what && !result;
      case Type.Array a -> holds(what, a.element(), false);
      case Type.Tuple t -> t.elements().stream().anyMatch(e -> holds(what, e, false));
      case Type.ClassInstance c ->
          c.arguments().stream().anyMatch(a -> holds(what, a, library.isTask(c)));
      case Type.Structure s -> s.arguments().stream().anyMatch(a -> holds(what, a, false));
      case Type.Union u -> u.members().stream().anyMatch(m -> holds(what, m, false));
      case Type.Function f ->
          holds(what, f.result(), true)
              || f.parameters().stream().anyMatch(p -> holds(what, p.type(), false));
      case Type.StringLiteral _, Type.IntLiteral _, Type.BooleanLiteral _, Type.Variable _ -> false;
    };
  }

  private @Nullable List<Type> resolve(
      Type.Function type, Inference inference, Inference fromResult, Span span) {
    List<Type> resolved = new ArrayList<>();
    for (TypeParameterSymbol p : type.typeParameters()) {
      Type found = inference.resolve(p);
      if (found == null || isInvalid(found)) {
        found = fromResult.resolve(p);
      }
      if (found == null && p.defaultType() != null) {
        found = Substitution.of(type.typeParameters(), resolved).apply(p.defaultType());
      }
      if (found == null || isInvalid(found)) {
        error(
            DiagnosticCode.E0310,
            span,
            "the type argument '" + p.name() + "' cannot be inferred; write it");
        return null;
      }
      resolved.add(found);
    }
    // What never ends may stand for a value of any type, and no container can be of type never.
    if (resolved.contains(Type.Primitive.NEVER)
        && holds(Type.Primitive.NEVER, instantiate(type, resolved).result(), true)) {
      resolved.replaceAll(t -> t == Type.Primitive.NEVER ? Type.Primitive.NULL : t);
    }
    if (resolved.contains(Type.Primitive.VOID)
        && holds(Type.Primitive.VOID, instantiate(type, resolved).result(), true)) {
      error(
          DiagnosticCode.E0310,
          span,
          "the result would hold 'void', which is no value; give null, and await Tasks without result"
              + " one by one");
      holdsVoid = true;
      return null;
    }
    return resolved;
  }

  /** Whether an argument is a function whose parameters need types from outside. */
  private static boolean isContextSensitive(Expression e) {
    return switch (strip(e)) {
      case Expression.Function f -> true;
      default -> false;
    };
  }

  /** Converts arguments to the parameters of a function without type parameters. */
  private @Nullable Arguments fitAll(
      Type.Function type,
      List<Expression.Element> arguments,
      @Nullable Expr[] trees,
      List<Type> typeArguments,
      Span span) {
    int fixed = type.parameters().size() - (type.hasRest() ? 1 : 0);
    List<Expr> given = new ArrayList<>();
    List<Expr.Element> rest = new ArrayList<>();
    boolean failed = false;
    for (int i = 0; i < arguments.size(); i++) {
      Expression.Element e = arguments.get(i);
      Type wanted = wanted(type, i, e.spread());
      Expr tree =
          e.spread() ? iterated(argument(e, trees[i], wanted)) : argument(e, trees[i], wanted);
      if (isInvalid(tree.type())) {
        failed = true;
      } else if (e.spread()) {
        Iteration iteration = iteration(tree.type());
        rest.add(new Expr.Element(tree, iteration == null ? Iteration.ARRAY : iteration));
      } else if (i < fixed) {
        given.add(tree);
      } else {
        rest.add(new Expr.Element(tree, null));
      }
    }
    if (failed) {
      return null;
    }
    Expr restArray = null;
    if (type.hasRest()) {
      Type last = type.parameters().getLast().type();
      Type element = last instanceof Type.Array a ? a.element() : Type.Primitive.INVALID;
      restArray = new Expr.ArrayLiteral(span, rest, new Type.Array(element, false));
    }
    return new Arguments(given, restArray, typeArguments, type.result());
  }

  private Expr argument(Expression.Element e, @Nullable Expr known, Type wanted) {
    Expr tree = known;
    if (tree != null && isContextSensitive(e.value()) && !Relations.isSubtype(tree.type(), wanted)
        || tree != null && fit(tree, wanted) == null && followsExpected(e.value())) {
      tree = null;
    }
    if (tree == null) {
      tree = value(e.value(), wanted);
    }
    if (e.spread() && wanted instanceof Type.Array a) {
      Type element = Members.elementOfIterated(tree.type());
      if (element != null && mayBeSpread(element, a.element())) {
        return tree;
      }
    }
    if (e.spread() && wanted instanceof Type.Array a) {
      return convert(
          tree, new Type.Array(a.element(), true), e.value().span(), DiagnosticCode.E0303);
    }
    return convert(tree, wanted, e.value().span(), DiagnosticCode.E0303);
  }

  /** Whether an expression may have another type where another is expected. */
  private static boolean followsExpected(Expression e) {
    return isCall(e) || isLiteralSyntax(e);
  }

  private static boolean isCall(Expression e) {
    return switch (strip(e)) {
      case Expression.Call _, Expression.New _ -> true;
      default -> false;
    };
  }

  private static boolean isLiteralSyntax(Expression e) {
    return switch (strip(e)) {
      case Expression.ArrayLiteral _, Expression.ObjectLiteral _ -> true;
      default -> false;
    };
  }
}
