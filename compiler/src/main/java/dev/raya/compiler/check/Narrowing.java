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
import dev.raya.compiler.types.BuiltinObjects;
import dev.raya.compiler.types.Discriminants;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The part of the checker for conditions and what they tell about types (language.md 4.5). */
abstract sealed class Narrowing extends Conversions permits Predicates {
  /** A condition: a boolean, and what holds where it is true and where it is false. */
  record Condition(Expr tree, Flow yes, Flow no) {
    Condition negated(Span span) {
      return new Condition(new Expr.Not(span, tree), no, yes);
    }
  }

  Narrowing(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  abstract Expr check(Expression e, @Nullable Type expected);

  /** As check, but the value must not be void. */
  abstract Expr value(Expression e, @Nullable Type expected);

  abstract Expr checkCall(Expression.Call c, @Nullable Type expected);

  static Expression strip(Expression e) {
    return e instanceof Expression.Parenthesized p ? strip(p.inner()) : e;
  }

  // ---- paths ----

  /** The variable or property path an expression names, if narrowing applies to it. */
  final Flow.@Nullable Path path(Expression e) {
    List<String> names = new ArrayList<>();
    Expression at = e;
    while (true) {
      switch (at) {
        case Expression.Parenthesized p -> at = p.inner();
        case Expression.Member m -> {
          names.addFirst(m.name().text());
          at = m.object();
        }
        case Expression.This _ -> {
          VariableSymbol self = self();
          return self == null ? null : new Flow.Path(self, names);
        }
        case Expression.Identifier i -> {
          Symbol symbol = scope.find(i.name().text());
          return symbol instanceof VariableSymbol v ? new Flow.Path(v, names) : null;
        }
        default -> {
          return null;
        }
      }
    }
  }

  final @Nullable VariableSymbol self() {
    return context.self;
  }

  /** How often a value of which tests have left nothing was read. */
  int neverReads;

  /** A value read from a path, as the type that control flow says it has. */
  final Expr narrowed(Expr read, Flow.@Nullable Path path, boolean stable) {
    if (path == null || isInvalid(read.type())) {
      return read;
    }
    Type known = flow.narrowed(path);
    if (known == null) {
      return read;
    }
    // Of 'a?.b' null may be told because there is no 'a', which this reads from.
    boolean ofChain = Unions.hasNull(known) && !Unions.hasNull(Relations.constraintOf(read.type()));
    Type type = ofChain ? Unions.withoutNull(known) : known;
    if (type.equals(read.type()) || (ofChain && type == Type.Primitive.NEVER)) {
      return read;
    }
    if (type == Type.Primitive.NEVER) {
      neverReads++;
    }
    if (type == Type.Primitive.NEVER && flow.reachable()) {
      return new Expr.Convert(read.span(), Conversion.NARROW, read, type);
    }
    Expr from =
        Unions.members(read.type()).containsAll(Unions.members(type)) ? read : bounded(read);
    return new Expr.Convert(
        read.span(), stable ? Conversion.NARROW : Conversion.CHECKED_NARROW, from, type);
  }

  /** A value that may be null by the bound of its type only, as one of that bound. */
  final Expr nullable(Expr e) {
    return !Unions.hasNull(e.type()) && Unions.hasNull(bounded(e.type())) ? bounded(e) : e;
  }

  final Flow narrow(Flow from, Flow.@Nullable Path path, Type current, Predicate<Type> keep) {
    if (path == null || isInvalid(current)) {
      return from;
    }
    Type left = keep(current, keep);
    return left.equals(current) ? from : from.narrow(path, left);
  }

  // ---- type parameters ----

  /**
   * What tests leave of a type. A type parameter with a union as its bound is left whole, or is
   * what is left of the bound: a value of {@code T extends A | B} may then be used as the variant
   * that it is, and is one of T all the same (see {@link #fit}).
   */
  static Type keep(Type type, Predicate<Type> keep) {
    if (Unions.members(type).stream().noneMatch(Narrowing::hasUnionBound)) {
      return Unions.filter(type, keep);
    }
    List<Type> kept = new ArrayList<>();
    for (Type m : Unions.members(type)) {
      Type bound = hasUnionBound(m) ? Relations.constraintOf(m) : m;
      Type left = Unions.filter(bound, keep);
      kept.add(left.equals(bound) ? m : left);
    }
    return Unions.of(kept);
  }

  private static boolean hasUnionBound(Type m) {
    return m instanceof Type.Variable && Relations.constraintOf(m) instanceof Type.Union;
  }

  /** A type with the bounds of its type parameters in their places. */
  static Type bounded(Type type) {
    return Unions.members(type).stream().anyMatch(m -> m instanceof Type.Variable)
        ? Unions.of(Unions.members(type).stream().map(Relations::constraintOf).toList())
        : type;
  }

  /** A value as one of the bound of its type, by which tests go (language.md 11). */
  final Expr bounded(Expr e) {
    Expr fitted = fit(e, bounded(e.type()));
    return fitted == null ? e : fitted;
  }

  // ---- conditions ----

  /** Checks an expression for its truth. */
  final Condition condition(Expression e) {
    return switch (e) {
      case Expression.Parenthesized p -> condition(p.inner());
      case Expression.Unary u when u.operator() == UnaryOperator.NOT ->
          condition(u.operand()).negated(u.span());
      case Expression.BooleanLiteral b -> {
        Expr tree = new Expr.Bool(b.span(), b.value(), Type.Primitive.BOOLEAN);
        yield b.value()
            ? new Condition(tree, flow, flow.unreachable())
            : new Condition(tree, flow.unreachable(), flow);
      }
      case Expression.Binary b ->
          switch (b.operator()) {
            case AND -> logical(b, true);
            case OR -> logical(b, false);
            case EQUAL -> equality(b);
            case NOT_EQUAL -> {
              Condition c = equality(b);
              yield new Condition(negate(c.tree(), b.span()), c.no(), c.yes());
            }
            default -> truth(e);
          };
      case Expression.Call c -> predicateCall(c);
      default -> truth(e);
    };
  }

  private static Expr negate(Expr tree, Span span) {
    if (tree instanceof Expr.Binary b && b.operator() == Operator.EQUAL) {
      return new Expr.Binary(span, Operator.NOT_EQUAL, b.kind(), b.left(), b.right(), b.type());
    }
    return new Expr.Not(span, tree);
  }

  private Condition logical(Expression.Binary b, boolean and) {
    Condition left = condition(b.left());
    flow = and ? left.yes() : left.no();
    Condition right = condition(b.right());
    return logical(b.span(), and, left, right);
  }

  static Condition logical(Span span, boolean and, Condition left, Condition right) {
    Expr tree = new Expr.Logical(span, and, left.tree(), right.tree());
    return and
        ? new Condition(tree, right.yes(), Flow.join(left.no(), right.no()))
        : new Condition(tree, Flow.join(left.yes(), right.yes()), right.no());
  }

  private Condition truth(Expression e) {
    Expr tree = value(e, null);
    return truthOf(tree, e);
  }

  /** The truth of a value that has been checked already. */
  final Condition truthOf(Expr tree, Expression e) {
    Flow yes = narrowTruth(e, tree.type(), true);
    Flow no = narrowTruth(e, tree.type(), false);
    return new Condition(truthy(tree), yes, no);
  }

  static Expr truthy(Expr tree) {
    if (Unions.isBoolean(tree.type())) {
      return tree.type() == Type.Primitive.BOOLEAN
          ? tree
          : tree instanceof Expr.Bool b
              ? new Expr.Bool(b.span(), b.value(), Type.Primitive.BOOLEAN)
              : new Expr.Convert(tree.span(), Conversion.WIDEN, tree, Type.Primitive.BOOLEAN);
    }
    return new Expr.Truthy(tree.span(), tree);
  }

  private Flow narrowTruth(Expression e, Type type, boolean truth) {
    Expression plain = strip(e);
    // Of what satisfies a structural bound some are strings, which may be empty.
    boolean generic = Unions.members(type).stream().anyMatch(Narrowing::hasUnionBound);
    Flow result =
        narrow(
            flow,
            path(plain),
            type,
            m -> truth ? canBeTruthy(m) : canBeFalsy(m) || generic && m instanceof Type.Structure);
    if (truth) {
      result = narrowChain(result, plain);
    }
    if (plain instanceof Expression.Member m) {
      Flow.Path object = path(m.object());
      Type union = object == null ? null : typeAt(object);
      if (union != null
          && bounded(union) instanceof Type.Union u
          && isDiscriminated(u)
          && Discriminants.candidates(objects(u)).contains(m.name().text())) {
        String name = m.name().text();
        result =
            narrow(
                result,
                object,
                union,
                v -> {
                  if (v == Type.Primitive.NULL && m.optional()) {
                    return !truth;
                  }
                  Set<Type> literals = Discriminants.literals(v, name);
                  return literals == null
                      || literals.stream().anyMatch(l -> truth ? canBeTruthy(l) : canBeFalsy(l));
                });
      }
    }
    return result;
  }

  static boolean canBeTruthy(Type m) {
    return switch (m) {
      case Type.Primitive p ->
          p != Type.Primitive.NULL && p != Type.Primitive.NEVER && p != Type.Primitive.VOID;
      case Type.BooleanLiteral l -> l.value();
      case Type.IntLiteral l -> l.value() != 0;
      case Type.StringLiteral l -> !l.value().isEmpty();
      default -> true;
    };
  }

  static boolean canBeFalsy(Type m) {
    return switch (m) {
      case Type.Primitive p -> p != Type.Primitive.NEVER;
      case Type.BooleanLiteral l -> !l.value();
      case Type.IntLiteral l -> l.value() == 0;
      case Type.StringLiteral l -> l.value().isEmpty();
      case Type.Variable _ -> true;
      default -> false;
    };
  }

  /** Where {@code a?.b} is not null, neither is {@code a}. */
  private Flow narrowChain(Flow from, Expression e) {
    Flow result = from;
    Expression at = e;
    while (true) {
      boolean optional;
      Expression object;
      switch (at) {
        case Expression.Member m -> {
          optional = m.optional();
          object = m.object();
        }
        case Expression.Index i -> {
          optional = i.optional();
          object = i.object();
        }
        case Expression.Call c -> {
          optional = c.optional();
          object = c.callee();
        }
        default -> {
          return result;
        }
      }
      if (optional) {
        Flow.Path path = path(object);
        // What the test has told already stays: of which variant it is the property, perhaps.
        Type told = path == null ? null : result.narrowed(path);
        Type type = path == null || told != null ? told : typeAt(path);
        if (type != null) {
          result = narrow(result, path, type, m -> m != Type.Primitive.NULL);
        }
      }
      at = strip(object);
    }
  }

  /** The narrowed or declared type of a path, or null if it has no such members. */
  final @Nullable Type typeAt(Flow.Path path) {
    Type narrowed = flow.narrowed(path);
    if (narrowed != null) {
      return narrowed;
    }
    if (path.names().isEmpty()) {
      return path.root().type();
    }
    Flow.Path parent = new Flow.Path(path.root(), path.names().subList(0, path.names().size() - 1));
    Type owner = typeAt(parent);
    return owner == null ? null : memberType(Unions.withoutNull(owner), path.names().getLast());
  }

  /** The type of a property of a type, a union of objects included. */
  final @Nullable Type memberType(Type owner, String name) {
    List<Type> types = new ArrayList<>();
    for (Type m : Unions.members(bounded(owner))) {
      Type host = library.host(m);
      Members.Member found = host == null ? null : Members.find(host, name);
      if (found == null) {
        return null;
      }
      types.add(found.type());
    }
    return Unions.of(types);
  }

  // ---- equality ----

  private Condition equality(Expression.Binary b) {
    Expression left = strip(b.left());
    Expression right = strip(b.right());
    Condition special = typeofTest(b, left, right);
    if (special == null) {
      special = typeofTest(b, right, left);
    }
    if (special == null && right instanceof Expression.NullLiteral) {
      special = nullTest(b, left);
    }
    if (special == null && left instanceof Expression.NullLiteral) {
      special = nullTest(b, right);
    }
    return special != null ? special : valueEquality(b, left, right);
  }

  private Condition nullTest(Expression.Binary b, Expression operand) {
    Expr tree = value(operand, null);
    Type type = tree.type();
    if (type == Type.Primitive.JSON) {
      // With == and != what is absent counts as null, too.
      boolean strict = b.operatorSpan().text().length() == 3;
      Expr test =
          strict
              ? new Expr.Binary(
                  b.span(),
                  Operator.EQUAL,
                  OperandKind.VALUE,
                  tree,
                  new Expr.Null(b.span()),
                  Type.Primitive.BOOLEAN)
              : new Expr.IsNull(b.span(), tree);
      return new Condition(test, flow, flow);
    }
    Flow.Path path = path(operand);
    if (!Unions.hasNull(type)
        && !isInvalid(type)
        && type != Type.Primitive.JSON
        && !(type instanceof Type.Variable)
        && type != Type.Primitive.NEVER) {
      Type declared = path == null ? null : declaredType(path);
      if (declared != null && Unions.hasNull(declared)) {
        error(DiagnosticCode.W0009, b.span(), "the value is never null here");
      } else {
        error(DiagnosticCode.E0316, b.span(), "a value of type '" + show(type) + "' is never null");
      }
    } else if (type == Type.Primitive.NULL) {
      error(DiagnosticCode.W0009, b.span(), "the value is always null here");
    }
    // What is null and may be a T or null is null; what is a T stays one.
    boolean hasNull = Unions.hasNull(type);
    Flow yes =
        narrow(
            flow,
            path,
            type,
            m -> m == Type.Primitive.NULL || m instanceof Type.Variable && !hasNull);
    Flow no = narrow(flow, path, type, m -> m != Type.Primitive.NULL);
    no = narrowChain(no, operand);
    return new Condition(new Expr.IsNull(b.span(), tree), yes, no);
  }

  private @Nullable Type declaredType(Flow.Path path) {
    if (path.names().isEmpty()) {
      return path.root().type();
    }
    Flow.Path parent = new Flow.Path(path.root(), path.names().subList(0, path.names().size() - 1));
    Type owner = typeAt(parent);
    return owner == null ? null : memberType(Unions.withoutNull(owner), path.names().getLast());
  }

  private @Nullable Condition typeofTest(Expression.Binary b, Expression left, Expression right) {
    if (!(left instanceof Expression.Unary u && u.operator() == UnaryOperator.TYPEOF)
        || !(right instanceof Expression.StringLiteral text)) {
      return null;
    }
    Expr tree = typeofOperand(u);
    Type type = tree.type();
    String kind = text.value();
    if (!isInvalid(type) && type != Type.Primitive.JSON) {
      checkKind(type, kind, text.span(), DiagnosticCode.E0407);
    }
    Flow yes = narrowKind(flow, u.operand(), type, kind, true);
    Flow no = narrowKind(flow, u.operand(), type, kind, false);
    return new Condition(new Expr.IsKind(b.span(), tree, kind), yes, no);
  }

  /** Narrows what {@code typeof} was asked of by what it says; the type is that of its operand. */
  final Flow narrowKind(Flow from, Expression operand, Type type, String kind, boolean is) {
    if (type == Type.Primitive.JSON) {
      return from;
    }
    Flow.Path path = path(operand);
    Type now = path == null ? null : from.narrowed(path);
    return narrow(
        from,
        path,
        now == null ? type : now,
        m -> kindOf(Relations.constraintOf(m)).equals(kind) == is);
  }

  final void checkKind(Type type, String kind, Span span, DiagnosticCode code) {
    List<String> kinds = kinds(type);
    if (!kinds.contains(kind)) {
      error(
          code,
          span,
          "'typeof' gives "
              + String.join(", ", kinds.stream().map(k -> "\"" + k + "\"").toList())
              + " here, never \""
              + kind
              + "\"");
    }
  }

  static List<String> kinds(Type type) {
    List<String> kinds = new ArrayList<>();
    for (Type m : Unions.members(bounded(type))) {
      if (!kinds.contains(kindOf(m))) {
        kinds.add(kindOf(m));
      }
    }
    return kinds;
  }

  /** What {@code typeof} says of a member of a bare union. */
  static String kindOf(Type m) {
    return Unions.isInt(m)
        ? "int"
        : m == Type.Primitive.NUMBER
            ? "number"
            : Unions.isString(m)
                ? "string"
                : Unions.isBoolean(m) ? "boolean" : m == Type.Primitive.NULL ? "null" : "";
  }

  /**
   * The operand of typeof, whose type must be a bare union or json; of a type parameter its bound.
   */
  final Expr typeofOperand(Expression.Unary u) {
    Expr tree = bounded(value(u.operand(), null));
    Type type = tree.type();
    if (!isInvalid(type) && type != Type.Primitive.JSON && !Unions.isBare(type)) {
      error(
          DiagnosticCode.E0314,
          u.span(),
          "'typeof' needs a value of a primitive type, a union of such, or 'json', not '"
              + show(tree.type())
              + "'");
      return invalid(u.span());
    }
    return tree;
  }

  private Condition valueEquality(Expression.Binary b, Expression left, Expression right) {
    Expr l = value(b.left(), null);
    Expr r = value(b.right(), null);
    Type lt = l.type();
    Type rt = r.type();
    if (isInvalid(lt) || isInvalid(rt)) {
      return new Condition(invalid(b.span()), flow, flow);
    }
    if (lt == Type.Primitive.JSON || rt == Type.Primitive.JSON) {
      boolean literal =
          Unions.isLiteral(lt)
              || Unions.isLiteral(rt)
              || l instanceof Expr.Num
              || r instanceof Expr.Num;
      if (!literal) {
        error(
            DiagnosticCode.E0335,
            b.span(),
            "a 'json' value is compared with literals only; cast it first");
        return new Condition(invalid(b.span()), flow, flow);
      }
      Expr test =
          new Expr.Binary(
              b.span(), Operator.EQUAL, OperandKind.VALUE, l, r, Type.Primitive.BOOLEAN);
      return new Condition(test, flow, flow);
    }
    if (!comparable(lt, rt)) {
      error(
          DiagnosticCode.E0316,
          b.span(),
          "'" + show(lt) + "' and '" + show(rt) + "' have no value in common");
      return new Condition(invalid(b.span()), flow, flow);
    }
    Expr tree = equal(b.span(), l, r);
    Flow yes = flow;
    Flow no = flow;
    yes = narrowEqual(yes, left, lt, rt, true);
    no = narrowEqual(no, left, lt, rt, false);
    yes = narrowEqual(yes, right, rt, lt, true);
    no = narrowEqual(no, right, rt, lt, false);
    return new Condition(tree, yes, no);
  }

  /** Equality of two values of comparable types, converted to a common kind. */
  final Expr equal(Span span, Expr l, Expr r) {
    Type lt = Relations.constraintOf(l.type());
    Type rt = Relations.constraintOf(r.type());
    OperandKind kind;
    Expr left = l;
    Expr right = r;
    if (Unions.isInt(lt) && Unions.isInt(rt)) {
      kind = OperandKind.INT;
    } else if (Unions.isNumeric(lt) && Unions.isNumeric(rt)) {
      kind = OperandKind.NUMBER;
      left = toNumber(l);
      right = toNumber(r);
    } else if (Unions.isString(lt) && Unions.isString(rt)) {
      kind = OperandKind.STRING;
    } else if (Unions.isBoolean(lt) && Unions.isBoolean(rt)) {
      kind = OperandKind.BOOLEAN;
    } else if (isReference(lt) && isReference(rt)) {
      kind = OperandKind.REFERENCE;
    } else {
      kind = OperandKind.VALUE;
    }
    return new Expr.Binary(span, Operator.EQUAL, kind, left, right, Type.Primitive.BOOLEAN);
  }

  private static boolean isReference(Type type) {
    for (Type m : Unions.members(type)) {
      switch (m) {
        case Type.Array _,
            Type.Tuple _,
            Type.Function _,
            Type.ClassInstance _,
            Type.Structure _ -> {}
        case Type.Primitive p when p == Type.Primitive.NULL -> {}
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether two types have a common value. */
  static boolean comparable(Type a, Type b) {
    if (Unions.isLiteral(b) && Relations.constraintOf(a) instanceof Type.Union u && u.isPlain()) {
      return u.has(b)
          || u.has(Unions.base(b))
          || b instanceof Type.IntLiteral && u.has(Type.Primitive.NUMBER);
    }
    for (Type m : Unions.cases(Relations.constraintOf(a))) {
      for (Type n : Unions.cases(Relations.constraintOf(b))) {
        if (m instanceof Type.Variable
            || n instanceof Type.Variable
            || Relations.isSubtype(m, n)
            || Relations.isSubtype(n, m)
            || shareValues(m, n)
            || Unions.isNumeric(m)
                && Unions.isNumeric(n)
                && !(m instanceof Type.IntLiteral && n instanceof Type.IntLiteral)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether something can be a value of two types of which neither is part of the other. */
  private static boolean shareValues(Type m, Type n) {
    if (m instanceof Type.Function && n instanceof Type.Function) {
      return Relations.isAssignable(m, n) || Relations.isAssignable(n, m);
    }
    if (m instanceof Type.ClassInstance c && n instanceof Type.Structure) {
      return shareValues(n, c);
    }
    if (!(m instanceof Type.Structure s)
        || !(n instanceof Type.Structure
            || n instanceof Type.ClassInstance c && BuiltinObjects.isObject(c))) {
      return false;
    }
    for (StructureSymbol.Property p : Members.properties(s)) {
      Members.Member other = Members.find(n, p.name());
      if (other != null && (!other.isPublic() || !agree(p.type(), other.type()))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a member can have both types, as far as primitive values tell. */
  private static boolean agree(Type a, Type b) {
    return !Unions.isBare(a) && !Unions.isBare(b) || comparable(a, b);
  }

  final Flow narrowEqual(Flow from, Expression e, Type type, Type other, boolean equal) {
    List<Type> literals = Unions.cases(other);
    boolean unit =
        literals.size() == 1
            && (Unions.isLiteral(literals.getFirst()) || other == Type.Primitive.NULL);
    Flow result = from;
    Flow.Path path = path(e);
    if (path != null && (equal || unit)) {
      result =
          narrow(
              result,
              path,
              type,
              m -> equal ? comparable(m, other) : !m.equals(literals.getFirst()));
    }
    if (e instanceof Expression.Member m && (equal || unit)) {
      result = narrowVariants(result, m, literals, equal);
    }
    if (equal && !Unions.hasNull(other)) {
      result = narrowChain(result, e);
    }
    return result;
  }

  /** {@code x.kind === literal} selects variants of x. */
  final Flow narrowVariants(Flow from, Expression.Member m, List<Type> literals, boolean equal) {
    Flow.Path object = path(m.object());
    Type union = object == null ? null : typeAt(object);
    if (object == null || union == null) {
      return from;
    }
    // The last variant that tests have left of a union can go as well.
    if (!(bounded(union) instanceof Type.Union)) {
      Type declared = equal ? null : declaredType(object);
      if (declared == null || !(bounded(declared) instanceof Type.Union)) {
        return from;
      }
    }
    String name = m.name().text();
    return narrow(
        from,
        object,
        union,
        v -> {
          if (v == Type.Primitive.NULL) {
            return m.optional() ? !equal : true;
          }
          Set<Type> own = Discriminants.literals(v, name);
          if (own == null) {
            return true;
          }
          return equal
              ? own.stream().anyMatch(l -> literals.stream().anyMatch(x -> comparable(l, x)))
              : !(own.size() == 1 && literals.containsAll(own));
        });
  }

  static List<Type> objects(Type type) {
    List<Type> list = new ArrayList<>(Unions.members(type));
    list.remove(Type.Primitive.NULL);
    return list;
  }

  final boolean isDiscriminated(Type type) {
    List<Type> variants = objects(type);
    return variants.size() > 1 && variants.stream().allMatch(TypeReader::isObject);
  }

  // ---- predicates ----

  private Condition predicateCall(Expression.Call c) {
    return conditionOf(value(c, null), c);
  }

  /** What a call that has been checked already tells as a condition. */
  abstract Condition conditionOf(Expr tree, Expression.Call c);

  /** What a value that has been checked already tells as a condition. */
  final Condition conditionOf(Expr tree, Expression e) {
    return strip(e) instanceof Expression.Call c ? conditionOf(tree, c) : truthOf(tree, e);
  }

  /** The operators whose value is what a condition gives. */
  static boolean isCondition(Expression.Binary b) {
    return b.operator() == BinaryOperator.EQUAL || b.operator() == BinaryOperator.NOT_EQUAL;
  }
}
