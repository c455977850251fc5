package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.UnaryOperator;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Iteration;
import dev.raya.compiler.tree.Label;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.Discriminants;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the checker for statements (language.md 8, 15). */
abstract sealed class Statements extends Patterns permits Switches {
  Statements(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  abstract ClassTree checkClass(ClassWork work);

  abstract Stmt switchStatement(Statement.Switch s, @Nullable String label);

  // ---- blocks ----

  /** Checks statements in a scope of their own. */
  @Override
  final List<Stmt> block(List<Statement> statements) {
    Scope inner = new Scope(scope);
    return inScope(
        inner,
        () -> {
          declareAll(statements, false, false);
          List<Stmt> checked = statements(statements, inner);
          warnUnused(inner);
          return checked;
        });
  }

  /** Checks statements whose names are declared already; functions come first. */
  final List<Stmt> statements(List<Statement> statements, Scope own) {
    List<Stmt> out = new ArrayList<>();
    for (Statement s : statements) {
      checked(s, out);
    }
    List<FunctionWork> nested = new ArrayList<>();
    for (Statement s : statements) {
      FunctionWork work = functionOf(s);
      if (work != null) {
        nested.add(work);
      }
    }
    return nested.isEmpty() ? out : hoist(nested, own, out);
  }

  /** The generic functions declared in blocks. */
  final Map<FunctionSymbol, FunctionTree> genericFunctions = new LinkedHashMap<>();

  /** The function that a statement declares, or null. */
  final @Nullable FunctionWork functionOf(Statement s) {
    return switch (s) {
      case Statement.Function f -> functions.get(f);
      case Statement.Variables v -> {
        Statement.Function f = functionExpressions.get(v.bindings().getFirst());
        yield f == null ? null : functions.get(f);
      }
      default -> null;
    };
  }

  /**
   * Functions declared in a block are closures in variables. They are made at the start of the
   * block, so the variables of the block that they use exist from there on, and are assigned later.
   */
  private List<Stmt> hoist(List<FunctionWork> nested, Scope own, List<Stmt> statements) {
    Set<VariableSymbol> early = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Stmt> closures = new ArrayList<>();
    List<VariableSymbol> order = new ArrayList<>();
    for (FunctionWork work : nested) {
      VariableSymbol variable = nestedFunctions.get(work.symbol);
      if (variable == null) {
        work.symbol.type();
        genericFunctions.put(work.symbol, bodyOf(work));
        closures.add(new Stmt.DeclareFunction(work.symbol.span(), bodyOf(work)));
      } else {
        Expr closure = new Expr.Closure(work.symbol.span(), bodyOf(work));
        order.add(variable);
        early.add(variable);
        variable.markAssigned();
        visited.add(variable);
        closures.add(
            new Stmt.Evaluate(
                work.symbol.span(), new Expr.Write(work.symbol.span(), variable, closure)));
      }
    }
    for (FunctionWork work : nested) {
      for (VariableSymbol v : work.symbol.captures()) {
        if (own.own(v.name()) == v && early.add(v)) {
          v.markAssigned();
          order.add(v);
        }
      }
    }
    List<Stmt> out = new ArrayList<>();
    for (VariableSymbol v : order) {
      out.add(new Stmt.Declare(v.span(), v, null));
    }
    out.addAll(closures);
    for (Stmt s : statements) {
      if (s instanceof Stmt.Declare d && early.contains(d.variable())) {
        if (d.init() != null) {
          out.add(new Stmt.Evaluate(d.span(), new Expr.Write(d.span(), d.variable(), d.init())));
        }
      } else {
        out.add(s);
      }
    }
    return out;
  }

  private boolean reportedUnreachable;

  /** Checks a statement of a list, and warns of the first that is never reached. */
  final void checked(Statement s, List<Stmt> out) {
    if (flow.reachable()) {
      reportedUnreachable = false;
    }
    if (flow.reachable() || reportedUnreachable || !runs(s)) {
      statement(s, null, out);
      return;
    }
    reportedUnreachable = true;
    boolean exhausted = flow.exhausted();
    int reads = neverReads;
    int errors = diagnostics.size();
    statement(s, null, out);
    // A chain of tests that covers all cases may end by saying so: what is left is 'never'. What is
    // refused there was meant to say it.
    boolean says =
        neverReads != reads || s instanceof Statement.Throw || diagnostics.hasErrorsFrom(errors);
    if ((!exhausted || !says) && !context.damaged) {
      error(DiagnosticCode.W0002, s.span(), "this is never reached");
    }
  }

  private static boolean runs(Statement s) {
    return switch (s) {
      case Statement.Function _,
          Statement.Interface _,
          Statement.Alias _,
          Statement.Empty _,
          Statement.Class _ ->
          false;
      case Statement.ExportDeclaration e -> runs(e.declaration());
      case Statement.ModuleItem _ -> false;
      default -> true;
    };
  }

  /** A statement as the body of another one. */
  final Stmt nested(Statement s) {
    List<Stmt> out = s instanceof Statement.Block b ? block(b.statements()) : block(List.of(s));
    return new Stmt.Block(s.span(), out, null);
  }

  private Stmt.Block blockOf(Statement.Block b) {
    return new Stmt.Block(b.span(), block(b.statements()), null);
  }

  final void statement(Statement s, @Nullable String label, List<Stmt> out) {
    switch (s) {
      case Statement.Block b -> out.add(blockOf(b));
      case Statement.Evaluate e -> evaluate(e, out);
      case Statement.Empty e -> context.damaged |= e.damaged();
      case Statement.If i -> out.add(ifStatement(i));
      case Statement.While w -> out.add(whileStatement(w, label));
      case Statement.DoWhile w -> out.add(doStatement(w, label));
      case Statement.For f -> out.add(forStatement(f, label));
      case Statement.ForOf f -> out.add(forOfStatement(f, label));
      case Statement.Switch w -> out.add(switchStatement(w, label));
      case Statement.Try t -> out.add(tryStatement(t));
      case Statement.Return r -> out.add(returnStatement(r));
      case Statement.Throw t -> out.add(throwStatement(t));
      case Statement.Break b -> jump(b.span(), b.label(), false, out);
      case Statement.Continue c -> jump(c.span(), c.label(), true, out);
      case Statement.Debugger d -> out.add(new Stmt.Debugger(d.span()));
      case Statement.Labeled l -> labeled(l, out);
      case Statement.Variables v -> variables(v, out);
      case Statement.Class c -> classDeclaration(c, out);
      case Statement.Function _, Statement.Interface _, Statement.Alias _ -> {}
      case Statement.ExportDeclaration e -> statement(e.declaration(), null, out);
      case Statement.Import _,
          Statement.ExportNames _,
          Statement.ExportAll _,
          Statement.Ambient _,
          Statement.AmbientModule _ -> {}
    }
  }

  private void evaluate(Statement.Evaluate e, List<Stmt> out) {
    Expr tree = effect(e.expression());
    if (tree.type() instanceof Type.ClassInstance c
        && library.isTask(c)
        && tree instanceof Expr.Call) {
      error(
          DiagnosticCode.W0006, e.span(), "the Task is dropped; await it, or pass it to detach(…)");
    }
    if (tree instanceof Expr.Call && isResult(tree.type())) {
      error(
          DiagnosticCode.W0007,
          e.span(),
          "the Result is dropped, and with it an error; look at its 'status', or use unwrap(…)");
    }
    if (tree.type() == Type.Primitive.NEVER) {
      flow = flow.unreachable();
    }
    out.add(new Stmt.Evaluate(e.span(), tree));
  }

  /** Whether a type is a {@code Result}: told apart by a status that is ok or error. */
  private static boolean isResult(Type type) {
    if (!(type instanceof Type.Union u) || u.members().size() != 2) {
      return false;
    }
    Set<Type> ok = Discriminants.literals(u.members().getFirst(), "status");
    Set<Type> failed = Discriminants.literals(u.members().getLast(), "status");
    return Set.of(new Type.StringLiteral("ok")).equals(ok)
        && Set.of(new Type.StringLiteral("error")).equals(failed);
  }

  /** The classes declared in blocks and functions; those of superseded checks stay unused. */
  final Map<ClassSymbol, ClassTree> localClasses = new LinkedHashMap<>();

  private void classDeclaration(Statement.Class c, List<Stmt> out) {
    ClassWork work = classes.get(c);
    if (work != null) {
      visitedClasses.add(work.symbol);
      ClassTree tree = checkClass(work);
      localClasses.put(work.symbol, tree);
      out.add(new Stmt.DeclareClass(c.span(), tree));
    }
  }

  // ---- variables ----

  private void variables(Statement.Variables v, List<Stmt> out) {
    for (Statement.Binding b : v.bindings()) {
      Statement.Class named = classExpressions.get(b);
      if (named != null) {
        classDeclaration(named, out);
      } else if (!functionExpressions.containsKey(b)) {
        binding(v, b, out);
      }
    }
  }

  private void binding(Statement.Variables v, Statement.Binding b, List<Stmt> out) {
    Name name = simpleName(b);
    if (name == null) {
      patternBinding(v, b, out);
      return;
    }
    VariableSymbol symbol = variables.get(name);
    if (symbol == null) {
      return;
    }
    Type declared = b.annotation() == null ? null : readType(b.annotation());
    if (declared == Type.Primitive.VOID) {
      error(
          DiagnosticCode.E0334,
          b.annotation() == null ? b.span() : b.annotation().span(),
          "a variable cannot be 'void'");
      declared = Type.Primitive.INVALID;
    }
    if (b.init() == null) {
      uninitialised(v, b, symbol, declared, out);
      return;
    }
    if (declared == null) {
      if (v.constant() && isFunction(b.init())) {
        constantOfFunction = symbol;
      } else {
        // While its own initialiser is checked, asking for its type is a cycle.
        symbol.inferType(() -> Type.Primitive.INVALID);
        initialising.add(symbol);
      }
    }
    if (declared != null) {
      symbol.setType(declared);
    }
    Expr init = value(b.init(), declared);
    initialising.remove(symbol);
    Type type = declared == null ? variableType(v, b, init.type()) : declared;
    if (declared == null && type == Type.Primitive.NULL) {
      error(
          DiagnosticCode.E0310,
          b.span(),
          "the type of '" + name.text() + "' cannot be inferred from null; annotate it");
      type = Type.Primitive.INVALID;
    }
    symbol.setType(type);
    if (declared == null && !v.constant() && Unions.isInt(init.type()) && !opened.contains(b)) {
      openable.put(symbol, b);
    }
    Expr converted = convert(init, type, b.init().span(), DiagnosticCode.E0301);
    visited.add(symbol);
    assigned(symbol, init.type());
    out.add(new Stmt.Declare(b.span(), symbol, converted));
  }

  private static boolean isFunction(Expression e) {
    return strip(e) instanceof Expression.Function;
  }

  private void uninitialised(
      Statement.Variables v,
      Statement.Binding b,
      VariableSymbol symbol,
      @Nullable Type declared,
      List<Stmt> out) {
    if (v.constant()) {
      error(DiagnosticCode.E0101, b.span(), "a 'const' needs an initial value");
    } else if (declared == null) {
      error(
          DiagnosticCode.E0310,
          b.span(),
          "'" + symbol.name() + "' needs a type or an initial value");
    }
    symbol.setType(declared == null ? Type.Primitive.INVALID : declared);
    symbol.markAssigned();
    visited.add(symbol);
    unassigned.add(symbol);
    out.add(new Stmt.Declare(b.span(), symbol, null));
  }

  private void patternBinding(Statement.Variables v, Statement.Binding b, List<Stmt> out) {
    Type declared = b.annotation() == null ? null : readType(b.annotation());
    if (b.init() == null) {
      error(DiagnosticCode.E0101, b.span(), "a pattern needs an initial value");
      return;
    }
    Expr init =
        declared == null
            ? value(b.init(), null)
            : assigned(b.init(), declared, DiagnosticCode.E0301);
    out.addAll(
        bindPattern(
            b.target(), init, v.constant() ? VariableSymbol.Kind.CONST : VariableSymbol.Kind.LET));
  }

  // ---- conditions and loops ----

  private Stmt ifStatement(Statement.If i) {
    Condition c = condition(i.condition());
    flow = c.yes();
    Stmt then = nested(i.then());
    Flow afterThen = flow;
    flow = c.no();
    Stmt otherwise = i.otherwise() == null ? null : nested(i.otherwise());
    flow = Flow.join(afterThen, flow);
    return new Stmt.If(i.span(), c.tree(), then, otherwise);
  }

  final FunctionContext.Target enter(@Nullable String label, boolean loop, boolean plain) {
    FunctionContext.Target t =
        new FunctionContext.Target(new Label(label == null ? "" : label), label, loop, plain);
    context.targets.push(t);
    return t;
  }

  /** Leaves a loop or switch; the flow joins those of its breaks. */
  final void leave(FunctionContext.Target t) {
    context.targets.pop();
    for (Flow f : t.breaks) {
      flow = Flow.join(flow, f);
    }
  }

  private void joinContinues(FunctionContext.Target t) {
    for (Flow f : t.continues) {
      flow = Flow.join(flow, f);
    }
    t.continues.clear();
  }

  /** At the head of a loop nothing is known of what its body assigns. */
  private void enterLoop(@Nullable Object... parts) {
    for (Object part : parts) {
      flow = flow.forgetAll(assignments.of(part));
    }
  }

  private Stmt whileStatement(Statement.While w, @Nullable String label) {
    enterLoop(w.condition(), w.body());
    Condition c = condition(w.condition());
    FunctionContext.Target t = enter(label, true, true);
    flow = c.yes();
    Stmt body = nested(w.body());
    flow = c.no();
    leave(t);
    return new Stmt.While(w.span(), c.tree(), body, t.label);
  }

  private Stmt doStatement(Statement.DoWhile w, @Nullable String label) {
    enterLoop(w.condition(), w.body());
    FunctionContext.Target t = enter(label, true, true);
    Stmt body = nested(w.body());
    joinContinues(t);
    Condition c = condition(w.condition());
    flow = c.no();
    leave(t);
    return new Stmt.DoWhile(w.span(), body, c.tree(), t.label);
  }

  private Stmt forStatement(Statement.For f, @Nullable String label) {
    Scope inner = new Scope(scope);
    return inScope(
        inner,
        () -> {
          Stmt checked = forIn(f, label, inner);
          warnUnused(inner);
          return checked;
        });
  }

  private Stmt forIn(Statement.For f, @Nullable String label, Scope inner) {
    List<Stmt> init = new ArrayList<>();
    if (f.init() != null) {
      declareAll(List.of(f.init()), false, false);
      statement(f.init(), null, init);
    }
    enterLoop(f.condition(), f.update(), f.body());
    Condition c = f.condition() == null ? null : condition(f.condition());
    FunctionContext.Target t = enter(label, true, true);
    if (c != null) {
      flow = c.yes();
    }
    Stmt body = nested(f.body());
    joinContinues(t);
    Expr update = f.update() == null ? null : effect(f.update());
    flow = c == null ? flow.unreachable() : c.no();
    leave(t);
    List<VariableSymbol> perIteration = new ArrayList<>();
    for (Stmt s : init) {
      if (s instanceof Stmt.Declare d && d.variable().captured() && d.variable().assigned()) {
        perIteration.add(d.variable());
      }
    }
    return new Stmt.For(
        f.span(), init, perIteration, c == null ? null : c.tree(), update, body, t.label);
  }

  private Stmt forOfStatement(Statement.ForOf f, @Nullable String label) {
    Expr subject = value(f.subject(), null);
    Iteration iteration = isInvalid(subject.type()) ? null : iteration(subject.type());
    Type element = Members.elementOfIterated(subject.type());
    if (iteration == null || element == null) {
      notIterable(subject, f.subject().span());
      element = Type.Primitive.INVALID;
      iteration = Iteration.ARRAY;
    }
    Expr walked = iterated(subject);
    enterLoop(f.body());
    Flow before = flow;
    FunctionContext.Target t = enter(label, true, true);
    Scope inner = new Scope(scope);
    Type item = element;
    List<Stmt> prelude = new ArrayList<>();
    VariableSymbol.Kind kind = f.constant() ? VariableSymbol.Kind.CONST : VariableSymbol.Kind.LET;
    VariableSymbol[] variable = new VariableSymbol[1];
    Stmt body =
        inScope(
            inner,
            () -> {
              variable[0] = loopVariable(f.target(), item, kind, prelude);
              Stmt b = nested(f.body());
              warnUnused(inner);
              if (prelude.isEmpty()) {
                return b;
              }
              List<Stmt> all = new ArrayList<>(prelude);
              all.add(b);
              return new Stmt.Block(f.span(), all, null);
            });
    joinContinues(t);
    flow = Flow.join(before, flow);
    leave(t);
    return new Stmt.ForOf(f.span(), variable[0], iteration, walked, body, t.label);
  }

  private VariableSymbol loopVariable(
      Pattern target, Type item, VariableSymbol.Kind kind, List<Stmt> prelude) {
    VariableSymbol v;
    if (target instanceof Pattern.Identifier i) {
      v = new VariableSymbol(i.name().text(), i.name().span(), kind, context.symbol, module, false);
      v.setType(item);
      declareName(i.name(), v);
    } else {
      v = temporary(target.span(), item);
      prelude.addAll(bindPattern(target, new Expr.Read(target.span(), v), kind));
    }
    visited.add(v);
    return v;
  }

  // ---- jumps ----

  private void jump(Span span, @Nullable Name label, boolean isContinue, List<Stmt> out) {
    for (FunctionContext.Target t : context.targets) {
      boolean fits =
          label == null
              ? isContinue ? t.loop : t.plainBreak
              : label.text().equals(t.name) && (!isContinue || t.loop);
      if (fits) {
        (isContinue ? t.continues : t.breaks).add(flow);
        flow = flow.unreachable();
        out.add(isContinue ? new Stmt.Continue(span, t.label) : new Stmt.Break(span, t.label));
        return;
      }
    }
    String word = isContinue ? "continue" : "break";
    error(
        DiagnosticCode.E0122,
        span,
        label == null
            ? "'" + word + "' outside a loop" + (isContinue ? "" : " or switch")
            : "no enclosing "
                + (isContinue ? "loop" : "statement")
                + " is labelled '"
                + label.text()
                + "'");
  }

  private void labeled(Statement.Labeled l, List<Stmt> out) {
    for (FunctionContext.Target t : context.targets) {
      if (l.label().text().equals(t.name)) {
        error(
            DiagnosticCode.E0202,
            l.label().span(),
            "the label '" + l.label().text() + "' is already used");
      }
    }
    switch (l.body()) {
      case Statement.While _,
          Statement.DoWhile _,
          Statement.For _,
          Statement.ForOf _,
          Statement.Switch _ ->
          statement(l.body(), l.label().text(), out);
      default -> {
        FunctionContext.Target t = enter(l.label().text(), false, false);
        List<Stmt> inner =
            l.body() instanceof Statement.Block b
                ? block(b.statements())
                : block(List.of(l.body()));
        leave(t);
        out.add(new Stmt.Block(l.span(), inner, t.label));
      }
    }
  }

  private Stmt returnStatement(Statement.Return r) {
    if (context.symbol == null) {
      error(DiagnosticCode.E0123, r.span(), "'return' outside a function");
    }
    Stmt result = returned(r);
    beforeReturn(r.span());
    if (context.symbol != null) {
      flow = flow.unreachable();
    }
    return result;
  }

  /** What must hold when a constructor ends. */
  abstract void beforeReturn(Span span);

  private Stmt returned(Statement.Return r) {
    Type wanted = context.expectedResult;
    if (r.value() == null) {
      if (context.infers) {
        context.returned.add(Type.Primitive.VOID);
      } else if (context.symbol != null
          && wanted != null
          && wanted != Type.Primitive.VOID
          && !isInvalid(wanted)) {
        error(
            DiagnosticCode.E0301,
            r.span(),
            "a value of type '" + show(wanted) + "' must be returned");
      }
      return new Stmt.Return(r.span(), null);
    }
    if (context.symbol == null) {
      return new Stmt.Evaluate(r.span(), check(r.value(), null));
    }
    if (context.infers) {
      if (wanted == null && Literals.isEmptyArray(r.value())) {
        context.returnedEmpty.put(r.span(), r.value());
        return new Stmt.Return(r.span(), null);
      }
      Expr tree = check(r.value(), wanted);
      recordReturn(r.value(), tree);
      return returnOf(r, tree);
    }
    if (wanted == Type.Primitive.VOID) {
      return returnNothing(r);
    }
    Type target = wanted == null ? Type.Primitive.INVALID : wanted;
    return new Stmt.Return(r.span(), assigned(r.value(), target, DiagnosticCode.E0301));
  }

  private static Stmt returnOf(Statement.Return r, Expr tree) {
    if (tree.type() != Type.Primitive.VOID) {
      return new Stmt.Return(r.span(), tree);
    }
    return new Stmt.Block(
        r.span(),
        List.of(new Stmt.Evaluate(r.span(), tree), new Stmt.Return(r.span(), null)),
        null);
  }

  /** A value returned where nothing is expected: legal for a void call, else an error. */
  private Stmt returnNothing(Statement.Return r) {
    Expr tree = check(r.value() == null ? new Expression.NullLiteral(r.span()) : r.value(), null);
    boolean closure =
        context.symbol != null
            && context.symbol.kind() == dev.raya.compiler.types.FunctionSymbol.Kind.CLOSURE;
    if (tree.type() != Type.Primitive.VOID && !isInvalid(tree.type()) && !closure) {
      error(
          DiagnosticCode.E0301,
          r.span(),
          "this function returns nothing, but a value of type '"
              + show(tree.type())
              + "' is returned");
    }
    return new Stmt.Block(
        r.span(),
        List.of(new Stmt.Evaluate(r.span(), tree), new Stmt.Return(r.span(), null)),
        null);
  }

  private Stmt throwStatement(Statement.Throw t) {
    Expr value = value(t.value(), null);
    if (!isInvalid(value.type()) && !isError(value.type())) {
      error(
          DiagnosticCode.E0333,
          t.value().span(),
          "only an Error can be thrown, not '" + show(value.type()) + "'; write 'new Error(…)'");
    }
    flow = flow.unreachable();
    return new Stmt.Throw(t.span(), value);
  }

  // ---- try ----

  private Stmt tryStatement(Statement.Try t) {
    Flow start = flow;
    Assignments.Part inBlock = assignments.of(t.block());
    Stmt.Block body = blockOf(t.block());
    Flow end = flow;
    Stmt.Catch handler = null;
    Flow anywhere = start.forgetAll(inBlock);
    if (t.handler() != null) {
      flow = anywhere;
      handler = catchClause(t.handler());
      end = Flow.join(end, flow);
    }
    Stmt.Block finalizer = null;
    flow = end;
    if (t.finalizer() != null) {
      // Whatever was assigned before it, the finalizer may run after only a part of it.
      flow = anywhere;
      if (t.handler() != null) {
        flow = flow.forgetAll(assignments.of(t.handler().body()));
      }
      finalizer = blockOf(t.finalizer());
      Flow afterFinalizer = flow;
      flow = afterFinalizer.reachable() ? end.withAssigned(afterFinalizer) : afterFinalizer;
      flow = flow.forgetAll(assignments.of(t.finalizer()));
    }
    return new Stmt.Try(t.span(), body, handler, finalizer);
  }

  private Stmt.Catch catchClause(Statement.Catch c) {
    Type type = library.error();
    Type.ClassInstance filter = null;
    if (c.filter() != null) {
      Type read = readType(c.filter());
      if (read instanceof Type.ClassInstance instance && isError(read)) {
        filter = instance;
        type = read;
      } else if (!isInvalid(read)) {
        error(
            DiagnosticCode.E0333,
            c.filter().span(),
            "a catch filter must be a class derived from Error, not '" + show(read) + "'");
      }
    }
    Type.ClassInstance caught = filter;
    Type variableType = type;
    Scope inner = new Scope(scope);
    return inScope(
        inner,
        () -> {
          List<Stmt> prelude = new ArrayList<>();
          VariableSymbol v =
              c.parameter() == null ? null : catchVariable(c.parameter(), variableType, prelude);
          List<Stmt> body = new ArrayList<>(prelude);
          body.addAll(block(c.body().statements()));
          Type.ClassInstance only =
              caught == null || caught.symbol() == library.error().symbol() ? null : caught;
          return new Stmt.Catch(c.span(), v, only, new Stmt.Block(c.body().span(), body, null));
        });
  }

  private VariableSymbol catchVariable(Pattern parameter, Type type, List<Stmt> prelude) {
    VariableSymbol v;
    if (parameter instanceof Pattern.Identifier i) {
      v =
          new VariableSymbol(
              i.name().text(),
              i.name().span(),
              VariableSymbol.Kind.CATCH,
              context.symbol,
              module,
              false);
      v.setType(type);
      declareName(i.name(), v);
    } else {
      v = temporary(parameter.span(), type);
      prelude.addAll(
          bindPattern(parameter, new Expr.Read(parameter.span(), v), VariableSymbol.Kind.LET));
    }
    visited.add(v);
    return v;
  }

  /** The operand of a typeof, or null if the expression is none. */
  static Expression.@Nullable Unary typeofOf(Expression e) {
    return strip(e) instanceof Expression.Unary u && u.operator() == UnaryOperator.TYPEOF
        ? u
        : null;
  }
}
