package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.BinaryOperator;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.syntax.UnaryOperator;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of the checker for signatures and bodies of functions (language.md 4.1, 9). */
abstract sealed class Functions extends Matches permits Patterns {
  /** How often a body is checked again because a let opened; each time at least one more does. */
  private static final int MAX_ROUNDS = 50;

  Functions(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  abstract List<Stmt> block(List<Statement> statements);

  abstract List<Stmt> bindPattern(Pattern pattern, Expr value, VariableSymbol.Kind kind);

  /** Adds to a constructor's body what the class declaration says; others stay. */
  abstract List<Stmt> completeBody(FunctionWork work, List<Stmt> body);

  /** Prepares the context of a constructor. */
  abstract void enterConstructor(FunctionWork work);

  // ---- signatures ----

  @Override
  final Type.Function typeOf(FunctionWork work) {
    prepare(work);
    if (work.inherited == null && work.parameters.size() < work.syntax.parameters().size()) {
      // Asked for by the default value of one of its own parameters, while these are read.
      error(
          DiagnosticCode.E0310,
          work.symbol.span(),
          "the type of '" + work.symbol.name() + "' depends on itself; annotate its parameters");
      return new Type.Function(List.of(), Type.Primitive.INVALID);
    }
    Type declared = work.result;
    if (declared == null
        && work.syntax.body() != null
        && work.syntax.result() == null
        && work.symbol.kind() != FunctionSymbol.Kind.CONSTRUCTOR
        && work.symbol.kind() != FunctionSymbol.Kind.SETTER) {
      bodyOf(work);
      declared = work.inferred == null ? Type.Primitive.INVALID : work.inferred;
    }
    return work.type(declared == null ? Type.Primitive.VOID : declared);
  }

  private void prepare(FunctionWork work) {
    if (work.inner != null) {
      work.toldOfSignature.forEach(diagnostics::add);
      return;
    }
    int errors = diagnostics.size();
    Scope inner = new Scope(work.outer);
    work.inner = inner;
    elsewhere(
        inner,
        work.context,
        work.flow,
        () -> {
          work.typeParameters = declareTypeParameters(work.syntax.typeParameters());
          readParameters(work);
          if (work.inherited != null) {
            work.parameters.addAll(work.inherited.parameters());
          }
          readResult(work);
          return true;
        });
    work.toldOfSignature = diagnostics.since(errors);
  }

  /** A parameter without annotation is optional where the expected function's is. */
  private static Type.Parameter fromContext(FunctionWork work, int index, Type.Parameter own) {
    Type.Function expected = work.expected;
    boolean optional =
        own.kind() == Type.ParameterKind.REQUIRED
            && work.syntax.parameters().get(index).annotation() == null
            && expected != null
            && index < expected.parameters().size()
            && expected.parameters().get(index).kind() == Type.ParameterKind.OPTIONAL;
    return optional ? new Type.Parameter(own.name(), own.type(), Type.ParameterKind.OPTIONAL) : own;
  }

  /** A default value may mention the parameters to its left. */
  private void readParameters(FunctionWork work) {
    checkParameterCount(work.syntax, hasReceiver(work.symbol.kind()));
    Scope left = new Scope(scope);
    FunctionContext inner =
        new FunctionContext(work.context, work.symbol, work.context.assignments);
    inner.owner = work.owner;
    inner.self = receiver(work);
    for (int i = 0; i < work.syntax.parameters().size(); i++) {
      FunctionSyntax.Parameter p = work.syntax.parameters().get(i);
      int index = i;
      Type type = elsewhere(left, inner, flow, () -> parameterType(work, p, index));
      Type.Parameter read = fromContext(work, i, parameter(p, type));
      work.parameters.add(read);
      if (p.target() instanceof Pattern.Identifier id) {
        VariableSymbol v =
            new VariableSymbol(
                id.name().text(),
                id.name().span(),
                VariableSymbol.Kind.PARAMETER,
                work.symbol,
                module,
                false);
        v.setType(read.type());
        left.declare(id.name().text(), v);
      }
    }
  }

  private Type parameterType(FunctionWork work, FunctionSyntax.Parameter p, int index) {
    if (p.annotation() != null) {
      Type type = readType(p.annotation());
      if (p.rest() && !(type instanceof Type.Array) && !isInvalid(type)) {
        error(DiagnosticCode.E0301, p.annotation().span(), "a rest parameter must be an array");
        return Type.Primitive.INVALID;
      }
      if (type == Type.Primitive.VOID) {
        error(DiagnosticCode.E0334, p.annotation().span(), "a parameter cannot be 'void'");
        return Type.Primitive.INVALID;
      }
      return type;
    }
    Type.Function expected = work.expected;
    if (expected != null && index < expected.parameters().size()) {
      Type.Parameter given = expected.parameters().get(index);
      boolean rest = given.kind() == Type.ParameterKind.REST;
      if (rest == p.rest() && !isInvalid(given.type())) {
        return given.type();
      }
    }
    if (p.defaultValue() != null) {
      Type type = value(p.defaultValue(), null).type();
      return widened(p.defaultValue(), type);
    }
    if (!work.targetUnknown) {
      error(
          DiagnosticCode.E0309,
          p.span(),
          p.target() instanceof Pattern.Identifier id
              ? "the parameter '" + id.name().text() + "' needs a type"
              : "the parameter needs a type");
    }
    return Type.Primitive.INVALID;
  }

  private void readResult(FunctionWork work) {
    TypeNode node = work.syntax.result();
    if (node instanceof TypeNode.PredicateForm p) {
      work.predicate = readPredicate(p, work.syntax);
      work.result = Type.Primitive.BOOLEAN;
      return;
    }
    if (node == null) {
      if (work.expected != null && work.expected.result() == Type.Primitive.VOID) {
        work.result = Type.Primitive.VOID;
      }
      return;
    }
    Type result = readType(node);
    if (work.syntax.async()
        && !isInvalid(result)
        && !(result instanceof Type.ClassInstance c && library.isTask(c))) {
      error(
          DiagnosticCode.E0604,
          node.span(),
          "an async function must return Task<" + show(result) + ">");
      result = library.task(result);
    }
    work.result = result;
  }

  // ---- function expressions ----

  @Override
  final Expr checkFunction(Expression.Function f, @Nullable Type expected) {
    return closure(
        f.function(),
        f.name(),
        functionTarget(expected),
        FunctionSymbol.Kind.CLOSURE,
        null,
        f.span());
  }

  private static Type.@Nullable Function functionTarget(@Nullable Type expected) {
    if (expected == null) {
      return null;
    }
    for (Type m : Unions.members(expected)) {
      if (m instanceof Type.Function f) {
        return f;
      }
    }
    return null;
  }

  @Override
  final Expr objectMethod(
      Expression.MethodProperty m, Type.@Nullable Function expected, VariableSymbol self) {
    return closure(
        m.function(), m.name(), expected, FunctionSymbol.Kind.OBJECT_METHOD, self, m.span());
  }

  @Override
  final Expr handlerFunction(
      FunctionSyntax syntax, @Nullable Name name, Type.Function expected, Span span) {
    return closure(syntax, name, expected, FunctionSymbol.Kind.CLOSURE, null, span);
  }

  private Expr closure(
      FunctionSyntax syntax,
      @Nullable Name name,
      Type.@Nullable Function expected,
      FunctionSymbol.Kind kind,
      @Nullable VariableSymbol self,
      Span span) {
    if (!syntax.typeParameters().isEmpty()) {
      error(
          DiagnosticCode.E0310,
          span,
          "a generic function is no value: declare it, or make it the initialiser of a const");
      return invalid(span);
    }
    FunctionSymbol symbol =
        new FunctionSymbol(
            name == null ? "" : name.text(),
            span,
            kind,
            context.symbol,
            null,
            module,
            syntax.async(),
            false,
            Access.PUBLIC);
    Scope outer = new Scope(scope);
    FunctionWork work = new FunctionWork(symbol, syntax, outer, context, null, closureFlow(syntax));
    work.expected = expected;
    work.targetUnknown = targetUnknown;
    work.self = self;
    works.put(symbol, work);
    symbol.inferType(() -> typeOf(work));
    VariableSymbol holder = constantOfFunction;
    constantOfFunction = null;
    if (holder != null) {
      holder.inferType(symbol::type);
      functionOf.put(holder, symbol);
    }
    VariableSymbol own = null;
    if (name != null && kind == FunctionSymbol.Kind.CLOSURE) {
      // A named function expression may call itself: its name is a variable around it.
      own = temporaryNamed(name, symbol);
      outer.declare(name.text(), own);
    }
    int errors = diagnostics.size();
    targetUnknown = false;
    Type.Function type = symbol.type();
    FunctionTree tree = bodyOf(work);
    targetUnknown = work.targetUnknown;
    if (diagnostics.hasErrorsFrom(errors) || isInvalid(type.result())) {
      return invalid(span);
    }
    Expr closure = new Expr.Closure(span, tree);
    if (own != null && own.captured()) {
      own.markAssigned();
      return new Expr.Let(span, own, closure, new Expr.Read(span, own));
    }
    return closure;
  }

  private VariableSymbol temporaryNamed(Name name, FunctionSymbol symbol) {
    VariableSymbol v =
        new VariableSymbol(
            name.text(), name.span(), VariableSymbol.Kind.TEMPORARY, context.symbol, module, false);
    v.inferType(symbol::type);
    return v;
  }

  /** What a closure may rely on: narrowings of what nobody assigns any more. */
  private Flow closureFlow(FunctionSyntax syntax) {
    Flow kept = flow.withoutMutablePaths();
    for (Assignments.Part part : context.around()) {
      kept = kept.forgetVariables(part);
    }
    // And what the closure assigns is not known any more after it was made.
    flow = flow.forgetVariables(assignments.of(syntax));
    return kept;
  }

  // ---- bodies ----

  /** The checked body of a function. */
  final FunctionTree bodyOf(FunctionWork work) {
    prepare(work);
    FunctionTree known = work.tree;
    if (known != null) {
      work.toldOfBody.forEach(diagnostics::add);
      return known;
    }
    if (work.running) {
      return emptyTree(work);
    }
    work.running = true;
    int told = diagnostics.size();
    try {
      FunctionTree tree = null;
      for (int round = 0; round < MAX_ROUNDS; round++) {
        int errors = diagnostics.size();
        int open = opened.size();
        work.inferred = null;
        tree = checkBody(work);
        if (opened.size() == open) {
          break;
        }
        diagnostics.truncate(errors);
      }
      work.tree = tree;
      work.toldOfBody = diagnostics.since(told);
      return tree == null ? emptyTree(work) : tree;
    } finally {
      work.running = false;
    }
  }

  private static FunctionTree emptyTree(FunctionWork work) {
    return new FunctionTree(work.syntax.span(), work.symbol, null, List.of(), List.of(), true);
  }

  private FunctionTree checkBody(FunctionWork work) {
    if (work.syntax.body() == null) {
      return abstractTree(work);
    }
    VariableSymbol receiver = receiver(work);
    return checkBodyIn(contextOf(work, receiver), work, receiver);
  }

  private FunctionContext contextOf(FunctionWork work, @Nullable VariableSymbol receiver) {
    FunctionContext inner =
        new FunctionContext(work.context, work.symbol, assignments.of(work.syntax));
    inner.owner = work.owner;
    inner.async = work.syntax.async();
    inner.constructor = work.symbol.kind() == FunctionSymbol.Kind.CONSTRUCTOR;
    inner.self =
        work.self != null
            ? work.self
            : receiver != null ? receiver : work.syntax.arrow() ? work.context.self : null;
    inner.infers =
        work.result == null
            && !inner.constructor
            && work.symbol.kind() != FunctionSymbol.Kind.SETTER;
    inner.expectedResult = inner.infers ? expectedFromContext(work) : returnedType(work);
    return inner;
  }

  private FunctionTree checkBodyIn(
      FunctionContext inner, FunctionWork work, @Nullable VariableSymbol receiver) {
    Scope parameters = new Scope(work.inner);
    Flow start =
        work.symbol.kind() == FunctionSymbol.Kind.CLOSURE
                || work.symbol.kind() == FunctionSymbol.Kind.OBJECT_METHOD
            ? work.flow
            : Flow.start();
    return elsewhere(parameters, inner, start, () -> checkBodyHere(work, receiver));
  }

  private static @Nullable Type expectedFromContext(FunctionWork work) {
    if (work.expected == null || isInvalid(work.expected.result())) {
      return null;
    }
    Type result = work.expected.result();
    if (work.syntax.async()) {
      return result instanceof Type.ClassInstance c && !c.arguments().isEmpty()
          ? c.arguments().getFirst()
          : null;
    }
    return result;
  }

  /** The type of the values in return statements: of an async function what its Task gives. */
  private Type returnedType(FunctionWork work) {
    Type result = work.result == null ? Type.Primitive.VOID : work.result;
    return work.syntax.async() && result instanceof Type.ClassInstance c && library.isTask(c)
        ? c.arguments().getFirst()
        : result;
  }

  private @Nullable VariableSymbol receiver(FunctionWork work) {
    if (!hasReceiver(work.symbol.kind()) || work.owner == null) {
      return null;
    }
    List<Type> arguments = new ArrayList<>();
    work.owner.typeParameters().forEach(p -> arguments.add(new Type.Variable(p)));
    VariableSymbol self =
        new VariableSymbol(
            "this", work.symbol.span(), VariableSymbol.Kind.THIS, work.symbol, module, false);
    self.setType(new Type.ClassInstance(work.owner, arguments));
    return self;
  }

  private FunctionTree abstractTree(FunctionWork work) {
    List<FunctionTree.Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < work.parameters.size(); i++) {
      VariableSymbol v =
          new VariableSymbol(
              work.parameters.get(i).name(),
              work.syntax.parameters().get(i).span(),
              VariableSymbol.Kind.PARAMETER,
              work.symbol,
              module,
              false);
      v.setType(work.parameters.get(i).type());
      parameters.add(new FunctionTree.Parameter(v, null));
    }
    return new FunctionTree(
        work.syntax.span(), work.symbol, receiver(work), parameters, List.of(), true);
  }

  /**
   * Warns of the variables and functions of a block that nothing reads (language.md 19, W0001). A
   * name that begins with an underscore says that this is meant.
   */
  final void warnUnused(Scope block) {
    for (Symbol symbol : block.symbols()) {
      switch (symbol) {
        case VariableSymbol v
            when v.kind() == VariableSymbol.Kind.LET || v.kind() == VariableSymbol.Kind.CONST ->
            warnUnused(v, v.used(), v.assigned() ? "is assigned but never read" : "is never used");
        case FunctionSymbol f -> warnUnused(f, isUsed(f), "is never called");
        default -> {}
      }
    }
  }

  private void warnUnused(Symbol symbol, boolean isUsed, String what) {
    if (!isUsed
        && !symbol.name().startsWith("_")
        && !module.external()
        && symbol.span().file() == module.file()) {
      error(DiagnosticCode.W0001, symbol.span(), "'" + symbol.name() + "' " + what);
    }
  }

  /**
   * Warns of parameters after the last one that is read. Those before it hold its place; those of
   * methods that others may call, override or prescribe are part of what the method is.
   */
  private void warnUnusedParameters(FunctionWork work, List<FunctionTree.Parameter> parameters) {
    boolean free =
        switch (work.symbol.kind()) {
          case FUNCTION, CLOSURE, CONSTRUCTOR -> true;
          case METHOD, STATIC_METHOD ->
              work.symbol.access() == Access.PRIVATE && work.symbol.name().indexOf(' ') < 0;
          case OBJECT_METHOD, GETTER, SETTER -> false;
        };
    if (!free || work.inherited != null) {
      return;
    }
    for (int i = parameters.size() - 1; i >= 0; i--) {
      FunctionSyntax.Parameter p = work.syntax.parameters().get(i);
      VariableSymbol v = parameters.get(i).variable();
      if (v.used() || !p.modifiers().isEmpty() || !(p.target() instanceof Pattern.Identifier)) {
        return;
      }
      warnUnused(v, false, "is never used");
    }
  }

  private FunctionTree checkBodyHere(FunctionWork work, @Nullable VariableSymbol receiver) {
    List<Stmt> body = new ArrayList<>();
    List<FunctionTree.Parameter> parameters = declareParameters(work, body);
    enterConstructor(work);
    switch (work.syntax.body()) {
      case null -> {}
      case FunctionSyntax.BlockBody b -> body.addAll(block(b.block().statements()));
      case FunctionSyntax.ExpressionBody e -> body.add(expressionBody(work, e.expression()));
    }
    if (work.syntax.body() instanceof FunctionSyntax.BlockBody b) {
      checkEnd(work, b.block().span());
    }
    checkPredicate(work);
    warnUnused(scope);
    warnUnusedParameters(work, parameters);
    Map<Span, Expr> empty = Map.of();
    if (context.infers) {
      empty = checkReturnedEmpty();
      work.inferred = inferredResult(work);
    }
    List<Stmt> complete = completeBody(work, convertReturns(work, body, empty));
    if (context.locks) {
      MutexRule.check(complete, diagnostics);
    }
    return new FunctionTree(work.syntax.span(), work.symbol, receiver, parameters, complete, false);
  }

  /** A type predicate must follow from what the one return statement tests (language.md 4.5). */
  private void checkPredicate(FunctionWork work) {
    Type.Predicate predicate = work.predicate;
    if (predicate == null || work.syntax.result() == null) {
      return;
    }
    Expression tested =
        switch (work.syntax.body()) {
          case FunctionSyntax.ExpressionBody e -> e.expression();
          case FunctionSyntax.BlockBody b ->
              b.block().statements().size() == 1
                      && b.block().statements().getFirst() instanceof Statement.Return r
                  ? r.value()
                  : null;
          case null -> null;
        };
    FunctionSyntax.Parameter p = work.syntax.parameters().get(predicate.parameter());
    boolean proved =
        tested != null
            && p.target() instanceof Pattern.Identifier id
            && scope.find(id.name().text()) instanceof VariableSymbol v
            && proves(tested, v, predicate.type());
    if (!proved) {
      error(
          DiagnosticCode.E0332,
          work.syntax.result().span(),
          "the body must be one 'return' whose test proves this predicate, and its negation the"
              + " opposite");
    }
  }

  private boolean proves(Expression tested, VariableSymbol v, Type type) {
    int errors = diagnostics.size();
    Flow saved = flow;
    flow = Flow.start();
    Condition c = condition(tested);
    flow = saved;
    diagnostics.truncate(errors);
    if (v.type() == Type.Primitive.JSON) {
      Type kind = jsonKind(tested, v);
      return kind != null && Relations.same(kind, type);
    }
    Flow.Path path = new Flow.Path(v, List.of());
    Type yes = c.yes().narrowed(path);
    Type no = c.no().narrowed(path);
    return yes != null
        && no != null
        && Relations.isSubtype(yes, type)
        && Unions.cases(no).stream().noneMatch(m -> Relations.isSubtype(m, type));
  }

  /** The type of exactly the json values that pass a test: one of their kind, or several. */
  private @Nullable Type jsonKind(Expression tested, VariableSymbol v) {
    if (!(strip(tested) instanceof Expression.Binary b)) {
      return null;
    }
    if (b.operator() == BinaryOperator.OR) {
      Type left = jsonKind(b.left(), v);
      Type right = jsonKind(b.right(), v);
      return left == null || right == null ? null : Unions.of(left, right);
    }
    if (b.operator() != BinaryOperator.EQUAL
        || !(strip(b.left()) instanceof Expression.Unary u)
        || u.operator() != UnaryOperator.TYPEOF
        || !(strip(u.operand()) instanceof Expression.Identifier i)
        || scope.find(i.name().text()) != v
        || !(strip(b.right()) instanceof Expression.StringLiteral kind)) {
      return null;
    }
    return switch (kind.value()) {
      case "string" -> Type.Primitive.STRING;
      case "number" -> Type.Primitive.NUMBER;
      case "boolean" -> Type.Primitive.BOOLEAN;
      case "null" -> Type.Primitive.NULL;
      default -> null;
    };
  }

  /** When the result was inferred, returned values are converted to the common type afterwards. */
  private List<Stmt> convertReturns(FunctionWork work, List<Stmt> body, Map<Span, Expr> empty) {
    Type result = work.inferred;
    if (!context.infers || result == null || isInvalid(result)) {
      return body;
    }
    Type value =
        work.syntax.async() && result instanceof Type.ClassInstance c
            ? c.arguments().getFirst()
            : result;
    return new ReturnConverter(this, value, empty).convertAll(body);
  }

  private Stmt expressionBody(FunctionWork work, Expression e) {
    Type wanted = context.expectedResult;
    if (wanted == Type.Primitive.VOID) {
      return new Stmt.Evaluate(e.span(), effect(e));
    }
    if (context.infers) {
      Expr tree = check(e, wanted);
      recordReturn(e, tree);
      if (tree.type() == Type.Primitive.VOID) {
        return new Stmt.Evaluate(e.span(), tree);
      }
      return new Stmt.Return(e.span(), tree);
    }
    Type target = wanted == null ? Type.Primitive.INVALID : wanted;
    return new Stmt.Return(e.span(), assigned(e, target, DiagnosticCode.E0301));
  }

  /** Notes the type of a returned value for inference. */
  final void recordReturn(Expression e, Expr tree) {
    Type type = tree.type();
    Type wanted = context.expectedResult;
    if (wanted != null && !Inference.isPartly(wanted) && fit(tree, wanted) != null) {
      context.returned.add(wanted);
    } else {
      context.returned.add(
          wanted != null && Unions.isLiteral(type) ? Unions.base(type) : widened(e, type));
    }
  }

  /**
   * Checks the empty arrays that are returned: what is returned elsewhere tells what they hold
   * (language.md 4.3). They compute nothing, so they may be checked after the body.
   *
   * @return their trees by the span of their statement
   */
  private Map<Span, Expr> checkReturnedEmpty() {
    if (context.damaged || context.returned.contains(Type.Primitive.INVALID)) {
      return Map.of();
    }
    List<Type> others = new ArrayList<>(context.returned);
    others.removeIf(t -> t == Type.Primitive.VOID);
    Type known = others.isEmpty() ? null : common(others);
    if (known == null && !others.isEmpty()) {
      // That is what will be reported.
      return Map.of();
    }
    Map<Span, Expr> trees = new HashMap<>();
    context.returnedEmpty.forEach(
        (span, e) -> {
          Expr tree = check(e, known);
          trees.put(span, tree);
          if (known == null || fit(tree, known) == null) {
            context.returned.add(tree.type());
          }
        });
    return trees;
  }

  private Type inferredResult(FunctionWork work) {
    if (context.damaged) {
      return Type.Primitive.INVALID;
    }
    List<Type> types = new ArrayList<>(context.returned);
    boolean voids = types.removeIf(t -> t == Type.Primitive.VOID);
    Type result;
    if (types.isEmpty()) {
      result =
          !voids && !flow.reachable() && endsByThrow(work)
              ? Type.Primitive.NEVER
              : Type.Primitive.VOID;
      if (result == Type.Primitive.NEVER && work.symbol.kind() != FunctionSymbol.Kind.CLOSURE) {
        result = Type.Primitive.VOID;
      }
    } else {
      Type common = types.contains(Type.Primitive.INVALID) ? Type.Primitive.INVALID : common(types);
      if (common == null) {
        error(
            DiagnosticCode.E0310,
            work.symbol.span(),
            "the returned values have no common type; annotate the result");
        common = Type.Primitive.INVALID;
      } else if (flow.reachable() && work.syntax.body() instanceof FunctionSyntax.BlockBody b) {
        missingReturn(b.block().span());
      }
      result = common;
    }
    return work.syntax.async() && !isInvalid(result) ? library.task(result) : result;
  }

  private static boolean endsByThrow(FunctionWork work) {
    return work.syntax.body() instanceof FunctionSyntax.BlockBody;
  }

  private void checkEnd(FunctionWork work, Span block) {
    Type result = context.expectedResult;
    if (!context.infers
        && flow.reachable()
        && result != null
        && result != Type.Primitive.VOID
        && !isInvalid(result)
        && work.symbol.kind() != FunctionSymbol.Kind.CONSTRUCTOR) {
      missingReturn(block);
    }
  }

  private void missingReturn(Span block) {
    if (context.damaged) {
      return;
    }
    error(
        DiagnosticCode.E0307,
        new Span(block.file(), Math.max(block.start(), block.end() - 1), block.end()),
        "the function can end here without returning a value");
  }

  private List<FunctionTree.Parameter> declareParameters(FunctionWork work, List<Stmt> body) {
    List<FunctionTree.Parameter> trees = new ArrayList<>();
    if (work.inherited != null) {
      return inheritedParameters(work, work.inherited);
    }
    for (int i = 0; i < work.syntax.parameters().size(); i++) {
      FunctionSyntax.Parameter p = work.syntax.parameters().get(i);
      Type type = work.parameters.get(i).type();
      Expr defaultValue = null;
      if (p.defaultValue() != null) {
        defaultValue = assigned(p.defaultValue(), type, DiagnosticCode.E0301);
      }
      VariableSymbol v =
          new VariableSymbol(
              work.parameters.get(i).name(),
              p.target().span(),
              VariableSymbol.Kind.PARAMETER,
              work.symbol,
              module,
              false);
      v.setType(type);
      visited.add(v);
      if (p.target() instanceof Pattern.Identifier id) {
        declareName(id.name(), v);
        noteParameter(work, p, v);
      } else if (!isInvalid(type)) {
        body.addAll(
            bindPattern(p.target(), new Expr.Read(p.target().span(), v), VariableSymbol.Kind.LET));
      }
      trees.add(new FunctionTree.Parameter(v, defaultValue));
    }
    return trees;
  }

  /** The parameters of a constructor that only passes them to the base constructor. */
  private List<FunctionTree.Parameter> inheritedParameters(
      FunctionWork work, Type.Function inherited) {
    List<FunctionTree.Parameter> trees = new ArrayList<>();
    List<VariableSymbol> symbols = new ArrayList<>();
    for (Type.Parameter p : inherited.parameters()) {
      VariableSymbol v =
          new VariableSymbol(
              p.name(),
              work.symbol.span(),
              VariableSymbol.Kind.PARAMETER,
              work.symbol,
              module,
              false);
      v.setType(p.type());
      v.markUsed();
      symbols.add(v);
      trees.add(new FunctionTree.Parameter(v, null));
    }
    work.implicitParameters = symbols;
    return trees;
  }

  /** Parameters of bodies checked, for what parameter properties and warnings need. */
  abstract void noteParameter(
      FunctionWork work, FunctionSyntax.Parameter syntax, VariableSymbol variable);

  /** Whether a type may be thrown. */
  final boolean isError(Type type) {
    return Relations.isSubtype(type, library.error());
  }
}
