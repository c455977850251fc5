package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.BinaryOperator;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.UnaryOperator;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.OperandKind;
import dev.raya.compiler.tree.Operator;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the checker for names, literals and operators (language.md 5, 6). */
abstract sealed class Expressions extends GenericValues permits MemberAccess {
  Expressions(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  abstract Expr regularExpression(Expression.RegExp r);

  /** {@code json as T}. */
  abstract Expr jsonCast(Span span, Expr value, Type target);

  abstract Expr checkMember(Expression.Member m);

  /** A generic function named by a namespace or class, as the instance that is expected. */
  abstract Expr genericMember(Expression.Member m, FunctionSymbol f, Type.Function expected);

  abstract Expr checkIndex(Expression.Index i);

  abstract Expr checkNew(Expression.New n, @Nullable Type expected);

  abstract Expr checkFunction(Expression.Function f, @Nullable Type expected);

  abstract Expr checkArray(Expression.ArrayLiteral a, @Nullable Type expected, boolean constant);

  abstract Expr checkObject(Expression.ObjectLiteral o, @Nullable Type expected, boolean constant);

  abstract Expr checkAssign(Expression.Assign a);

  abstract Expr checkStep(Expression.Step s, boolean used);

  /** Starts an optional chain, if the expression is one; see {@link MemberAccess}. */
  abstract @Nullable Expr chain(Expression e, @Nullable Type expected);

  @Override
  final Expr value(Expression e, @Nullable Type expected) {
    Expr tree = check(e, expected);
    if (tree.type() == Type.Primitive.VOID) {
      error(DiagnosticCode.E0334, e.span(), "a 'void' result has no value to use");
      return invalid(e.span());
    }
    return tree;
  }

  /** The type that an expression would have, or its bound; reports nothing and assigns nothing. */
  final Type typeOnTrial(Expression e, @Nullable Type expected) {
    int errors = diagnostics.size();
    Flow start = flow;
    Type type = Relations.constraintOf(check(e, expected).type());
    diagnostics.truncate(errors);
    flow = start;
    return type;
  }

  /** A value converted to a type. */
  final Expr assigned(Expression e, Type target, DiagnosticCode code) {
    return convert(value(e, target), target, e.span(), code);
  }

  @Override
  final Expr check(Expression e, @Nullable Type expected) {
    if (expected == Type.Primitive.INVALID) {
      // Of what takes part in inference the type may be unknown without anything having been
      // refused.
      boolean outer = targetUnknown;
      targetUnknown = outer || !context.trials.running();
      Expr tree = check(e, null);
      targetUnknown = outer;
      return tree;
    }
    Trials trials = context.trials;
    if (!trials.mayRepeat(e)) {
      return checkOnce(e, expected);
    }
    Trials.Outcome known = trials.find(e, expected, targetUnknown, scope, flow);
    if (known != null) {
      known.reported().forEach(diagnostics::add);
      flow = known.after();
      return known.tree();
    }
    int before = diagnostics.size();
    Flow start = flow;
    Expr tree = checkOnce(e, expected);
    trials.add(e, expected, targetUnknown, scope, start, tree, diagnostics.since(before), flow);
    return tree;
  }

  private Expr checkOnce(Expression e, @Nullable Type expected) {
    return switch (e) {
      case Expression.Identifier i -> identifier(i, expected);
      case Expression.This t -> checkThis(t.span());
      case Expression.Super s -> {
        error(DiagnosticCode.E0212, s.span(), "'super' is not available here");
        yield invalid(s.span());
      }
      case Expression.NullLiteral n -> new Expr.Null(n.span());
      case Expression.BooleanLiteral b ->
          new Expr.Bool(b.span(), b.value(), new Type.BooleanLiteral(b.value()));
      case Expression.NumberLiteral n -> number(n.span(), n.value(), n.integral(), expected);
      case Expression.StringLiteral s ->
          isTooLong(s.value(), s.span())
              ? invalid(s.span())
              : new Expr.Str(s.span(), s.value(), new Type.StringLiteral(s.value()));
      case Expression.Template t -> template(t);
      case Expression.RegExp r -> regularExpression(r);
      case Expression.ArrayLiteral a -> checkArray(a, expected, false);
      case Expression.ObjectLiteral o -> checkObject(o, expected, false);
      case Expression.Function f -> checkFunction(f, expected);
      case Expression.ClassExpression c -> {
        error(
            DiagnosticCode.E0101,
            c.span(),
            "a class expression may only be the initialiser of a const");
        yield invalid(c.span());
      }
      case Expression.New n -> checkNew(n, expected);
      case Expression.Member _, Expression.Index _, Expression.Call _ -> suffixed(e, expected);
      case Expression.Unary u -> unary(u, expected);
      case Expression.Step s -> checkStep(s, true);
      case Expression.Binary b -> binary(b, expected);
      case Expression.Conditional c -> conditional(c, expected);
      case Expression.Assign a -> checkAssign(a);
      case Expression.As a -> as(a);
      case Expression.Parenthesized p -> check(p.inner(), expected);
      case Expression.Comma c -> comma(c);
      case Expression.Invalid i -> {
        if (i.span().text().equals(",")) {
          // A hole of an array literal that is no pattern; other causes were reported already.
          error(DiagnosticCode.E0101, i.span(), "expected an expression, found ','");
        }
        yield invalid(i.span());
      }
    };
  }

  private Expr suffixed(Expression e, @Nullable Type expected) {
    Expr chained = chain(e, expected);
    return chained != null ? chained : link(e, expected);
  }

  /** A member, index or call, whatever chain it is part of. */
  final Expr link(Expression e, @Nullable Type expected) {
    return switch (e) {
      case Expression.Member m -> {
        Type.Function wanted = functionIn(expected);
        FunctionSymbol generic = wanted == null ? null : genericNamed(m);
        yield generic == null || wanted == null
            ? checkMember(m)
            : genericMember(m, generic, wanted);
      }
      case Expression.Index i -> checkIndex(i);
      case Expression.Call c -> checkCall(c, expected);
      default -> check(e, expected);
    };
  }

  private Expr comma(Expression.Comma c) {
    List<Expr> effects = new ArrayList<>();
    for (int i = 0; i < c.expressions().size() - 1; i++) {
      effects.add(effect(c.expressions().get(i)));
    }
    Expr last = effect(c.expressions().getLast());
    return new Expr.Sequence(c.span(), effects, last);
  }

  /** An expression whose value is dropped. */
  final Expr effect(Expression e) {
    return switch (strip(e)) {
      case Expression.Step s -> checkStep(s, false);
      case Expression x -> check(x, null);
    };
  }

  final Expr checkThis(Span span) {
    VariableSymbol self = self();
    if (self == null) {
      error(DiagnosticCode.E0211, span, "'this' is not available here");
      return invalid(span);
    }
    return thisValue(self, span);
  }

  /** {@code this}, where it may be used as a whole. */
  abstract Expr thisValue(VariableSymbol self, Span span);

  // ---- literals ----

  private static Expr number(Span span, double value, boolean integral, @Nullable Type expected) {
    boolean isInt = integral && value <= Integer.MAX_VALUE;
    if (!isInt || expected == Type.Primitive.NUMBER) {
      return new Expr.Num(span, value);
    }
    return new Expr.Int(span, (int) value, new Type.IntLiteral((int) value));
  }

  /** Longest string constant, in bytes of its WTF-8 form ({@code rbin.md} 7). */
  private static final int MAX_STRING = 16 << 20;

  private boolean isTooLong(String text, Span span) {
    if (text.length() <= MAX_STRING / 3) {
      return false;
    }
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    if (bytes <= MAX_STRING) {
      return false;
    }
    error(
        DiagnosticCode.E0703,
        span,
        "the string takes "
            + bytes
            + " bytes, at most "
            + MAX_STRING
            + " are allowed; read a file");
    return true;
  }

  private Expr template(Expression.Template t) {
    if (t.chunks().stream().anyMatch(chunk -> isTooLong(chunk, t.span()))) {
      return invalid(t.span());
    }
    List<Expr> values = new ArrayList<>();
    for (Expression e : t.values()) {
      values.add(display(value(e, null)));
    }
    if (values.isEmpty()) {
      return new Expr.Str(t.span(), t.chunks().getFirst(), Type.Primitive.STRING);
    }
    return new Expr.Template(t.span(), t.chunks(), values);
  }

  /** A value as a string. */
  final Expr display(Expr e) {
    return isInvalid(e.type()) || Unions.isString(e.type()) ? e : new Expr.Display(e.span(), e);
  }

  // ---- operators ----

  private Expr unary(Expression.Unary u, @Nullable Type expected) {
    switch (u.operator()) {
      case NOT -> {
        Condition c = condition(u);
        flow = Flow.join(c.yes(), c.no());
        return c.tree();
      }
      case TYPEOF -> {
        Expr operand = typeofOperand(u);
        return isInvalid(operand.type()) ? operand : new Expr.TypeOf(u.span(), operand);
      }
      case AWAIT -> {
        return await(u, expected);
      }
      default -> {}
    }
    if (u.operator() == UnaryOperator.MINUS
        && strip(u.operand()) instanceof Expression.NumberLiteral n) {
      if (n.integral() && expected != Type.Primitive.NUMBER) {
        int value = (int) -n.value();
        return new Expr.Int(u.span(), value, new Type.IntLiteral(value), value == 0);
      }
      return new Expr.Num(u.span(), -n.value());
    }
    Expr operand = value(u.operand(), numeric(expected));
    Type type = Relations.constraintOf(operand.type());
    if (isInvalid(type)) {
      return operand;
    }
    if (!Unions.isNumeric(type)) {
      return undefinedOperator(u.span(), u.operator().text(), operand.type());
    }
    Expr plain = Unions.isInt(type) ? base(operand) : toNumber(operand);
    return switch (u.operator()) {
      case PLUS -> plain;
      case MINUS -> new Expr.Negate(u.span(), plain);
      default -> new Expr.Complement(u.span(), toInt32(plain));
    };
  }

  private static @Nullable Type numeric(@Nullable Type expected) {
    return expected == Type.Primitive.NUMBER ? expected : null;
  }

  /** An int value with literal types and bounds taken away. */
  private Expr base(Expr e) {
    Expr fitted = fit(e, Type.Primitive.INT);
    return fitted == null ? e : fitted;
  }

  private static Expr toInt32(Expr e) {
    return Unions.isInt(e.type())
        ? e
        : new Expr.Convert(e.span(), Conversion.NUMBER_TO_INT32, toNumber(e), Type.Primitive.INT);
  }

  final Expr undefinedOperator(Span span, String operator, Type... types) {
    for (Type t : types) {
      if (isInvalid(t)) {
        return invalid(span);
      }
    }
    for (Type t : types) {
      if (t == Type.Primitive.JSON) {
        error(
            DiagnosticCode.E0335,
            span,
            "a 'json' value must be cast before '" + operator + "' applies to it");
        return invalid(span);
      }
      if (Unions.hasNull(t)) {
        error(
            DiagnosticCode.E0317,
            span,
            "the operand of '" + operator + "' may be null; its type is '" + show(t) + "'");
        return invalid(span);
      }
    }
    List<String> shown = new ArrayList<>();
    for (Type t : types) {
      shown.add("'" + show(t) + "'");
    }
    error(
        DiagnosticCode.E0304,
        span,
        "'" + operator + "' is not defined for " + String.join(" and ", shown));
    return invalid(span);
  }

  private Expr await(Expression.Unary u, @Nullable Type expected) {
    Type result = expected == null ? null : Unions.withoutNull(expected);
    boolean told =
        result != null && result != Type.Primitive.NEVER && result != Type.Primitive.VOID;
    Expr task = value(u.operand(), told && result != null ? library.task(result) : null);
    if (context.symbol == null) {
      error(
          DiagnosticCode.E0511,
          u.span(),
          "'await' is not allowed at module level; use an async main");
      return invalid(u.span());
    }
    if (!context.async) {
      error(DiagnosticCode.E0601, u.span(), "'await' is only allowed in async functions");
      return invalid(u.span());
    }
    if (isInvalid(task.type())) {
      return task;
    }
    if (!(task.type() instanceof Type.ClassInstance c) || !library.isTask(c)) {
      error(
          DiagnosticCode.E0602,
          u.operand().span(),
          "only a Task can be awaited, not '" + show(task.type()) + "'");
      return invalid(u.span());
    }
    return new Expr.Await(u.span(), task, c.arguments().getFirst());
  }

  private Expr binary(Expression.Binary b, @Nullable Type expected) {
    return switch (b.operator()) {
      case EQUAL, NOT_EQUAL -> {
        Condition c = condition(b);
        flow = Flow.join(c.yes(), c.no());
        yield c.tree();
      }
      case AND, OR -> logicalValue(b, expected);
      case COALESCE -> coalesce(b, expected);
      default -> arithmeticChain(b);
    };
  }

  /** Long chains of operators lean to the left: they are walked without recursion. */
  private Expr arithmeticChain(Expression.Binary b) {
    List<Expression.Binary> spine = new ArrayList<>();
    Expression at = b;
    while (at instanceof Expression.Binary x && isArithmetic(x.operator())) {
      spine.addFirst(x);
      at = x.left();
    }
    Expr left = value(at, null);
    for (Expression.Binary x : spine) {
      Expr right = value(x.right(), null);
      left = arithmetic(x.operator(), x.span(), left, right);
    }
    return left;
  }

  private static boolean isArithmetic(BinaryOperator o) {
    return switch (o) {
      case EQUAL, NOT_EQUAL, AND, OR, COALESCE -> false;
      default -> true;
    };
  }

  /** Applies an operator other than the logical ones and equality. */
  final Expr arithmetic(BinaryOperator operator, Span span, Expr left, Expr right) {
    Type l = Relations.constraintOf(left.type());
    Type r = Relations.constraintOf(right.type());
    if (isInvalid(l) || isInvalid(r)) {
      return invalid(span);
    }
    if (operator == BinaryOperator.ADD && (Unions.isString(l) || Unions.isString(r))) {
      return concatenation(span, left, right, l, r);
    }
    boolean comparison =
        switch (operator) {
          case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> true;
          default -> false;
        };
    if (comparison && Unions.isString(l) && Unions.isString(r)) {
      return new Expr.Binary(
          span, treeOperator(operator), OperandKind.STRING, left, right, Type.Primitive.BOOLEAN);
    }
    if (!Unions.isNumeric(l) || !Unions.isNumeric(r)) {
      return undefinedOperator(span, operator.text(), left.type(), right.type());
    }
    return switch (operator) {
      case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED -> {
        Type result =
            operator == BinaryOperator.SHIFT_RIGHT_UNSIGNED && !isNonzeroShift(right)
                ? Type.Primitive.NUMBER
                : Type.Primitive.INT;
        yield new Expr.Binary(
            span,
            treeOperator(operator),
            OperandKind.INT,
            toInt32(plainInt(left)),
            toInt32(plainInt(right)),
            result);
      }
      default -> numericOperation(operator, span, left, right, l, r, comparison);
    };
  }

  private Expr plainInt(Expr e) {
    return Unions.isInt(Relations.constraintOf(e.type())) ? base(e) : e;
  }

  private Expr numericOperation(
      BinaryOperator operator,
      Span span,
      Expr left,
      Expr right,
      Type l,
      Type r,
      boolean comparison) {
    boolean ints = Unions.isInt(l) && Unions.isInt(r) && operator != BinaryOperator.POWER;
    Type result =
        comparison ? Type.Primitive.BOOLEAN : ints ? Type.Primitive.INT : Type.Primitive.NUMBER;
    return new Expr.Binary(
        span,
        treeOperator(operator),
        ints ? OperandKind.INT : OperandKind.NUMBER,
        ints ? base(left) : toNumber(left),
        ints ? base(right) : toNumber(right),
        result);
  }

  private static boolean isNonzeroShift(Expr count) {
    return count.type() instanceof Type.IntLiteral l && l.value() % 32 != 0;
  }

  private Expr concatenation(Span span, Expr left, Expr right, Type l, Type r) {
    Type other = Unions.isString(l) ? r : l;
    if (!Unions.isBare(other)) {
      error(
          DiagnosticCode.E0304,
          span,
          "'+' joins a string with primitive values only, not with '"
              + show(other)
              + "'; use a template");
      return invalid(span);
    }
    return new Expr.Binary(
        span,
        Operator.ADD,
        OperandKind.STRING,
        display(left),
        display(right),
        Type.Primitive.STRING);
  }

  static Operator treeOperator(BinaryOperator o) {
    return switch (o) {
      case ADD -> Operator.ADD;
      case SUBTRACT -> Operator.SUBTRACT;
      case MULTIPLY -> Operator.MULTIPLY;
      case DIVIDE -> Operator.DIVIDE;
      case REMAINDER -> Operator.REMAINDER;
      case POWER -> Operator.POWER;
      case LESS -> Operator.LESS;
      case LESS_EQUAL -> Operator.LESS_EQUAL;
      case GREATER -> Operator.GREATER;
      case GREATER_EQUAL -> Operator.GREATER_EQUAL;
      case EQUAL -> Operator.EQUAL;
      case NOT_EQUAL -> Operator.NOT_EQUAL;
      case BIT_AND -> Operator.BIT_AND;
      case BIT_OR -> Operator.BIT_OR;
      case BIT_XOR -> Operator.BIT_XOR;
      case SHIFT_LEFT -> Operator.SHIFT_LEFT;
      case SHIFT_RIGHT -> Operator.SHIFT_RIGHT;
      case SHIFT_RIGHT_UNSIGNED -> Operator.SHIFT_RIGHT_UNSIGNED;
      case AND, OR, COALESCE -> throw new IllegalStateException("not an arithmetic operator: " + o);
    };
  }

  // ---- logical values ----

  /**
   * An operand of a logical operator, checked once: in a chain each is the left side of the next.
   *
   * @param condition what its truth tells, if that is known yet
   * @param bool whether it is a boolean, of which the condition is the value
   */
  private record Operand(Expr tree, @Nullable Condition condition, boolean bool) {
    /** A boolean that tells something, or what is to be asked yet. */
    Operand(Expr tree, @Nullable Condition condition) {
      this(tree, condition, condition != null);
    }
  }

  private Operand operand(Expression e, @Nullable Type expected) {
    Expression plain = strip(e);
    if (plain instanceof Expression.Binary b
        && (b.operator() == BinaryOperator.AND || b.operator() == BinaryOperator.OR)) {
      return logicalOperand(b, expected);
    }
    if (plain instanceof Expression.Binary b && isCondition(b)
        || plain instanceof Expression.Unary u && u.operator() == UnaryOperator.NOT) {
      Condition c = condition(plain);
      flow = Flow.join(c.yes(), c.no());
      return new Operand(c.tree(), isInvalid(c.tree().type()) ? null : c);
    }
    Expr tree = value(e, expected);
    return new Operand(tree, Unions.isBoolean(tree.type()) ? conditionOfValue(tree, plain) : null);
  }

  /** What a boolean that has been checked as a value tells. */
  private Condition conditionOfValue(Expr tree, Expression plain) {
    Flow after = flow;
    if (plain instanceof Expression.BooleanLiteral literal) {
      Expr bool = truthy(tree);
      return literal.value()
          ? new Condition(bool, after, after.unreachable())
          : new Condition(bool, after.unreachable(), after);
    }
    return conditionOf(tree, plain);
  }

  private Expr logicalValue(Expression.Binary b, @Nullable Type expected) {
    return logicalOperand(b, expected).tree();
  }

  private Operand logicalOperand(Expression.Binary b, @Nullable Type expected) {
    boolean and = b.operator() == BinaryOperator.AND;
    Operand left = operand(b.left(), expected);
    if (isInvalid(left.tree().type())) {
      value(b.right(), expected);
      return left;
    }
    Condition known = left.condition();
    Condition l = known == null ? truthOf(left.tree(), b.left()) : known;
    flow = and ? l.yes() : l.no();
    Operand right = operand(b.right(), expected);
    Condition r = right.condition();
    if (r == null && !isInvalid(right.tree().type())) {
      r = truthOf(right.tree(), b.right());
    }
    flow = Flow.join(flow, and ? l.no() : l.yes());
    Condition both = r == null ? null : logical(b.span(), and, l, r);
    if (left.bool() && right.bool() && both != null) {
      return new Operand(both.tree(), both);
    }
    Expr tree = logicalTree(b, left, l, right.tree(), expected);
    if (both == null || isInvalid(tree.type())) {
      return new Operand(tree, null);
    }
    return Unions.isBoolean(tree.type())
        ? new Operand(tree, both)
        : new Operand(tree, new Condition(truthy(tree), both.yes(), both.no()), false);
  }

  /** One of the two operands as the value. */
  private Expr logicalTree(
      Expression.Binary b, Operand left, Condition l, Expr right, @Nullable Type expected) {
    boolean and = b.operator() == BinaryOperator.AND;
    if (left.bool()) {
      Expr short_ = new Expr.Bool(b.span(), !and, new Type.BooleanLiteral(!and));
      return choose(b.span(), l.tree(), and ? right : short_, and ? short_ : right, expected);
    }
    Type type = left.tree().type();
    VariableSymbol temporary = temporary(b.left().span(), type);
    Expr read = new Expr.Read(b.left().span(), temporary);
    Type kept = Unions.filter(type, and ? Narrowing::canBeFalsy : Narrowing::canBeTruthy);
    Expr keptValue =
        kept.equals(type) ? read : new Expr.Convert(read.span(), Conversion.NARROW, read, kept);
    Expr body =
        choose(b.span(), truthy(read), and ? right : keptValue, and ? keptValue : right, expected);
    return new Expr.Let(b.span(), temporary, left.tree(), body);
  }

  private Expr coalesce(Expression.Binary b, @Nullable Type expected) {
    Expr left = nullable(value(b.left(), expected == null ? null : Unions.orNull(expected)));
    if (isInvalid(left.type())) {
      value(b.right(), expected);
      return left;
    }
    if (!Unions.hasNull(left.type())
        && !(left.type() instanceof Type.Variable)
        && left.type() != Type.Primitive.JSON) {
      error(DiagnosticCode.W0005, b.left().span(), "the left side of '??' is never null");
    }
    Flow after = flow;
    Type present = Unions.withoutNull(left.type());
    Expr right = value(b.right(), expected == null ? present : expected);
    flow = Flow.join(after, flow);
    VariableSymbol temporary = temporary(b.left().span(), left.type());
    Expr read = new Expr.Read(b.left().span(), temporary);
    Expr kept =
        present.equals(left.type())
            ? read
            : new Expr.Convert(read.span(), Conversion.NARROW, read, present);
    Expr test = new Expr.IsNull(b.left().span(), read);
    Expr body =
        present == Type.Primitive.NEVER ? right : choose(b.span(), test, right, kept, expected);
    return new Expr.Let(b.span(), temporary, left, body);
  }

  /** A conditional value; both sides are converted to the expected or the best common type. */
  final Expr choose(Span span, Expr test, Expr then, Expr otherwise, @Nullable Type expected) {
    if (isInvalid(then.type()) || isInvalid(otherwise.type())) {
      return invalid(span);
    }
    if (expected != null && expected != Type.Primitive.VOID) {
      Expr a = fit(then, expected);
      Expr b = fit(otherwise, expected);
      if (a != null && b != null) {
        return new Expr.Conditional(span, test, a, b, expected);
      }
    }
    Type type = common(List.of(then.type(), otherwise.type()));
    if (type == null) {
      error(
          DiagnosticCode.E0310,
          span,
          "'"
              + show(then.type())
              + "' and '"
              + show(otherwise.type())
              + "' have no common type; annotate what is expected");
      return invalid(span);
    }
    return new Expr.Conditional(
        span,
        test,
        convert(then, type, then.span(), DiagnosticCode.E0301),
        convert(otherwise, type, otherwise.span(), DiagnosticCode.E0301),
        type);
  }

  private Expr conditional(Expression.Conditional c, @Nullable Type expected) {
    Condition test = condition(c.condition());
    boolean thenLast = expected == null && Literals.isEmptyArray(c.then());
    Expr then = thenLast ? null : side(test.yes(), c.then(), expected);
    Flow afterThen = flow;
    Expr otherwise =
        side(
            test.no(),
            c.otherwise(),
            then != null && expected == null && Literals.isEmptyArray(c.otherwise())
                ? then.type()
                : expected);
    if (then == null) {
      Flow afterOtherwise = flow;
      then =
          side(
              test.yes(), c.then(), Literals.isEmptyArray(c.otherwise()) ? null : otherwise.type());
      afterThen = flow;
      flow = afterOtherwise;
    }
    flow = Flow.join(afterThen, flow);
    return choose(c.span(), test.tree(), then, otherwise, expected);
  }

  private Expr side(Flow start, Expression e, @Nullable Type expected) {
    flow = start;
    return value(e, expected);
  }

  // ---- casts ----

  private Expr as(Expression.As a) {
    if (a.type() == null) {
      return constant(a.value());
    }
    Type target = readType(a.type());
    Expr tree = value(a.value(), target == Type.Primitive.JSON ? null : target);
    if (isInvalid(target) || isInvalid(tree.type())) {
      return invalid(a.span());
    }
    if (tree.type() == Type.Primitive.JSON && target != Type.Primitive.JSON) {
      return jsonCast(a.span(), tree, target);
    }
    Expr fitted =
        target == Type.Primitive.JSON && tree.type() != Type.Primitive.JSON
            ? null
            : fit(tree, target);
    if (fitted == null) {
      error(
          DiagnosticCode.E0313,
          a.span(),
          "a cast from '" + show(tree.type()) + "' to '" + show(target) + "' cannot be checked");
      return invalid(a.span());
    }
    return fitted;
  }

  private Expr constant(Expression e) {
    return switch (strip(e)) {
      case Expression.ArrayLiteral a -> checkArray(a, null, true);
      case Expression.ObjectLiteral o -> checkObject(o, null, true);
      case Expression x -> check(x, null);
    };
  }
}
