package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.Discriminants;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of the checker for {@code match} (language.md 12.4): a call that becomes a branch. Arrow
 * functions with an expression are inlined; other handlers are called.
 */
abstract sealed class Matches extends Doubles permits Functions {
  /** How one case of a subject is recognised. */
  private enum Test {
    NULL,
    KIND,
    LITERAL,
    TAG
  }

  /**
   * A case that needs a handler.
   *
   * @param key the handler's name
   * @param type what the handler receives
   * @param literal what the subject or its discriminant equals; else null
   */
  private record Case(String key, Test test, Type type, @Nullable Type literal) {}

  /** A subject that can be matched. */
  private record Subject(List<Case> cases, @Nullable String discriminant) {}

  /** A handler that was checked: its value, and the flow after it. */
  private record Handled(Case of, Expr body, Type type, Flow end) {}

  Matches(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** Checks a function that is called on the spot. */
  abstract Expr handlerFunction(
      FunctionSyntax syntax, @Nullable Name name, Type.Function expected, Span span);

  @Override
  final Expr matchCall(Expression.Call c, @Nullable Type expected) {
    if (c.arguments().size() != 2
        || c.arguments().stream().anyMatch(Expression.Element::spread)
        || !(strip(c.arguments().get(1).value()) instanceof Expression.ObjectLiteral handlers)) {
      error(
          DiagnosticCode.E0408,
          c.span(),
          "'match' takes a value and an object literal with its handlers");
      return invalid(c.span());
    }
    Type wanted = c.typeArguments().size() == 2 ? readType(c.typeArguments().get(1)) : expected;
    Expr value = value(c.arguments().getFirst().value(), null);
    if (isInvalid(value.type())) {
      return invalid(c.span());
    }
    Type type = bounded(value.type());
    Subject subject = subject(type);
    if (subject == null) {
      error(
          DiagnosticCode.E0409,
          c.arguments().getFirst().value().span(),
          "a value of type '"
              + show(value.type())
              + "' has no cases to match; it must be a union, or boolean");
      return invalid(c.span());
    }
    Map<String, Expression.Property> given = handlers(handlers, subject);
    if (given == null || !isCovered(c, subject, given)) {
      return invalid(c.span());
    }
    return branch(c, subject, value, type, given, wanted);
  }

  // ---- cases ----

  private @Nullable Subject subject(Type type) {
    List<Type> members = new ArrayList<>(Unions.members(type));
    boolean hasNull = members.remove(Type.Primitive.NULL);
    List<Case> cases = new ArrayList<>();
    String discriminant = null;
    if (members.isEmpty()) {
      return null;
    }
    if (members.stream().allMatch(m -> Unions.isLiteral(m) || m == Type.Primitive.BOOLEAN)
        && (members.stream().allMatch(Unions::isLiteral) || members.size() == 1)) {
      for (Type literal : Unions.cases(Unions.of(members))) {
        cases.add(new Case(text(literal), Test.LITERAL, literal, literal));
      }
    } else if (members.stream().allMatch(Unions::isBareMember) && (members.size() > 1 || hasNull)) {
      for (String kind : kinds(Unions.of(members))) {
        Type same = Unions.filter(Unions.of(members), m -> kindOf(m).equals(kind));
        cases.add(new Case(kind, Test.KIND, same, null));
      }
    } else if (isDiscriminated(type)) {
      discriminant = Discriminants.choose(members);
      if (discriminant == null) {
        return null;
      }
      for (Type variant : members) {
        Set<Type> literals = Discriminants.literals(variant, discriminant);
        if (literals != null) {
          for (Type literal : literals.stream().sorted(Matches::byText).toList()) {
            cases.add(new Case(text(literal), Test.TAG, variant, literal));
          }
        }
      }
    } else {
      return null;
    }
    if (hasNull) {
      cases.addFirst(new Case("null", Test.NULL, Type.Primitive.NULL, null));
    }
    long keys = cases.stream().map(Case::key).distinct().count();
    return keys == cases.size() ? new Subject(cases, discriminant) : null;
  }

  private static int byText(Type a, Type b) {
    return text(a).compareTo(text(b));
  }

  private static String text(Type literal) {
    return switch (literal) {
      case Type.StringLiteral s -> s.value();
      case Type.IntLiteral i -> Integer.toString(i.value());
      case Type.BooleanLiteral b -> Boolean.toString(b.value());
      default -> throw new IllegalStateException("not a literal: " + literal);
    };
  }

  private @Nullable Map<String, Expression.Property> handlers(
      Expression.ObjectLiteral o, Subject subject) {
    Map<String, Expression.Property> given = new LinkedHashMap<>();
    Set<String> known =
        subject.cases().stream()
            .map(Case::key)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    int errors = diagnostics.size();
    for (Expression.Property p : o.properties()) {
      Name name;
      switch (p) {
        case Expression.ValueProperty v -> name = v.name();
        case Expression.MethodProperty m -> name = m.name();
        case Expression.SpreadProperty s -> {
          error(DiagnosticCode.E0408, s.span(), "the handlers of 'match' are written one by one");
          continue;
        }
      }
      if (!known.contains(name.text())) {
        error(
            DiagnosticCode.E0405,
            name.span(),
            "the subject has no case '"
                + name.text()
                + "'; its cases are "
                + String.join(", ", known));
      } else if (given.putIfAbsent(name.text(), p) != null) {
        error(
            DiagnosticCode.E0405, name.span(), "the case '" + name.text() + "' was handled before");
      }
    }
    return diagnostics.hasErrorsFrom(errors) ? null : given;
  }

  private boolean isCovered(
      Expression.Call c, Subject subject, Map<String, Expression.Property> given) {
    List<String> missing =
        subject.cases().stream().map(Case::key).filter(k -> !given.containsKey(k)).toList();
    if (!missing.isEmpty()) {
      error(
          DiagnosticCode.E0404,
          c.callee().span(),
          "'match' lacks "
              + (missing.size() == 1 ? "a handler for " : "handlers for ")
              + String.join(", ", missing));
    }
    return missing.isEmpty();
  }

  // ---- handlers ----

  private Expr branch(
      Expression.Call c,
      Subject subject,
      Expr value,
      Type type,
      Map<String, Expression.Property> given,
      @Nullable Type expected) {
    Span at = c.arguments().getFirst().value().span();
    Expr held = fit(value, type) instanceof Expr fitted ? fitted : value;
    VariableSymbol variable = temporary(at, type);
    Expr read = new Expr.Read(at, variable);
    Flow.Path path = path(c.arguments().getFirst().value());
    Flow start = flow;
    List<Handled> handled = new ArrayList<>();
    for (Case of : subject.cases()) {
      Expression.Property p = given.get(of.key());
      if (p == null) {
        continue;
      }
      flow = path == null ? start : start.narrow(path, of.type());
      Expr narrowed =
          of.type().equals(type) ? read : new Expr.Convert(at, Conversion.NARROW, read, of.type());
      handled.add(handle(of, p, narrowed, expected));
    }
    flow = handled.getFirst().end();
    for (Handled h : handled.subList(1, handled.size())) {
      flow = Flow.join(flow, h.end());
    }
    if (handled.stream().anyMatch(h -> isInvalid(h.body().type()))) {
      return invalid(c.span());
    }
    Type result = result(c, handled, expected);
    if (isInvalid(result)) {
      return invalid(c.span());
    }
    return new Expr.Let(c.span(), variable, held, choose(c, subject, read, type, handled, result));
  }

  /** The tests in order: null first, then the discriminant once, then the cases. */
  private Expr choose(
      Expression.Call c,
      Subject subject,
      Expr read,
      Type type,
      List<Handled> handled,
      Type result) {
    List<Handled> others = new ArrayList<>(handled);
    Handled ofNull = others.getFirst().of().test() == Test.NULL ? others.removeFirst() : null;
    Type present = Unions.withoutNull(type);
    Expr value =
        ofNull == null ? read : new Expr.Convert(read.span(), Conversion.NARROW, read, present);
    VariableSymbol tested;
    Expr testedValue;
    if (subject.discriminant() == null) {
      tested = temporary(read.span(), present);
      testedValue = value;
    } else {
      Type tag = memberType(present, subject.discriminant());
      if (tag == null) {
        return invalid(c.span());
      }
      tested = temporary(read.span(), tag);
      testedValue = new Expr.PropertyGet(read.span(), value, subject.discriminant(), tag);
    }
    List<Expr.Arm> arms = new ArrayList<>();
    for (Handled h : others) {
      arms.add(arm(new Expr.Read(read.span(), tested), h, result));
    }
    Expr select =
        new Expr.Let(
            c.span(), tested, testedValue, new Expr.Select(c.span(), tested, arms, result));
    if (ofNull == null) {
      return select;
    }
    Expr.Arm isNull =
        new Expr.Arm(new Expr.IsNull(read.span(), read), null, as(ofNull.body(), result));
    Expr.Arm isPresent =
        new Expr.Arm(new Expr.Bool(read.span(), true, Type.Primitive.BOOLEAN), null, select);
    VariableSymbol whole = ((Expr.Read) read).variable();
    return new Expr.Select(c.span(), whole, List.of(isNull, isPresent), result);
  }

  private Expr.Arm arm(Expr tested, Handled h, Type result) {
    Span span = tested.span();
    Expr body = as(h.body(), result);
    return switch (h.of().literal()) {
      case null -> new Expr.Arm(new Expr.IsKind(span, tested, h.of().key()), null, body);
      case Type.StringLiteral s ->
          new Expr.Arm(equal(span, tested, new Expr.Str(span, s.value(), s)), s.value(), body);
      case Type.IntLiteral i ->
          new Expr.Arm(equal(span, tested, new Expr.Int(span, i.value(), i)), i.value(), body);
      case Type.BooleanLiteral b ->
          new Expr.Arm(equal(span, tested, new Expr.Bool(span, b.value(), b)), null, body);
      case Type other -> throw new IllegalStateException("not a literal: " + other);
    };
  }

  private Expr as(Expr body, Type result) {
    return body.type() == Type.Primitive.NEVER || result == Type.Primitive.VOID
        ? body
        : convert(body, result, body.span(), DiagnosticCode.E0301);
  }

  private Type result(Expression.Call c, List<Handled> handled, @Nullable Type expected) {
    List<Type> types = new ArrayList<>();
    for (Handled h : handled) {
      if (h.type() != Type.Primitive.NEVER) {
        types.add(h.type());
      }
    }
    if (types.isEmpty()) {
      return Type.Primitive.NEVER;
    }
    if (types.stream().allMatch(t -> t == Type.Primitive.VOID)) {
      return Type.Primitive.VOID;
    }
    if (expected != null
        && expected != Type.Primitive.VOID
        && handled.stream()
            .allMatch(h -> h.type() == Type.Primitive.NEVER || fit(h.body(), expected) != null)) {
      return expected;
    }
    Type common = types.contains(Type.Primitive.VOID) ? null : common(types);
    if (common == null) {
      error(
          DiagnosticCode.E0310,
          c.callee().span(),
          "the results of the handlers have no common type; annotate what is expected");
      return Type.Primitive.INVALID;
    }
    return common;
  }

  private Handled handle(Case of, Expression.Property p, Expr subject, @Nullable Type expected) {
    Type.Function wanted =
        new Type.Function(
            List.of(new Type.Parameter("value", of.type(), Type.ParameterKind.REQUIRED)),
            expected == null ? Type.Primitive.INVALID : expected);
    if (p instanceof Expression.MethodProperty m) {
      return called(of, handlerFunction(m.function(), m.name(), wanted, m.span()), subject);
    }
    Expression handler = strip(((Expression.ValueProperty) p).value());
    if (handler instanceof Expression.Function f) {
      return isInlined(f)
          ? inlined(of, f.function(), subject, expected)
          : called(of, handlerFunction(f.function(), f.name(), wanted, f.span()), subject);
    }
    Expr function = value(handler, wanted);
    if (!isInvalid(function.type()) && !(function.type() instanceof Type.Function)) {
      error(DiagnosticCode.E0408, handler.span(), "a handler of 'match' is a function");
      return new Handled(of, invalid(handler.span()), Type.Primitive.INVALID, flow);
    }
    return called(of, function, subject);
  }

  private Handled called(Case of, Expr function, Expr subject) {
    if (!(function.type() instanceof Type.Function type)) {
      return new Handled(of, invalid(function.span()), Type.Primitive.INVALID, flow);
    }
    if (type.required() > 1) {
      error(DiagnosticCode.E0302, function.span(), "a handler of 'match' takes one argument");
      return new Handled(of, invalid(function.span()), Type.Primitive.INVALID, flow);
    }
    List<Expr> arguments = new ArrayList<>();
    if (!type.parameters().isEmpty() && !type.hasRest()) {
      Type parameter = type.parameters().getFirst().type();
      Expr argument = convert(subject, parameter, function.span(), DiagnosticCode.E0303);
      if (isInvalid(argument.type())) {
        return new Handled(of, argument, Type.Primitive.INVALID, flow);
      }
      arguments.add(argument);
    }
    Expr call =
        new Expr.Call(
            function.span(),
            new Callee.Value(type),
            function,
            arguments,
            type.hasRest()
                ? new Expr.ArrayLiteral(
                    function.span(), List.of(), (Type.Array) type.parameters().getLast().type())
                : null,
            type.result());
    Flow end = type.result() == Type.Primitive.NEVER ? flow.unreachable() : flow;
    return new Handled(of, call, type.result(), end);
  }

  private static boolean isInlined(Expression.Function f) {
    FunctionSyntax s = f.function();
    return s.arrow()
        && !s.async()
        && s.typeParameters().isEmpty()
        && s.body() instanceof FunctionSyntax.ExpressionBody
        && s.parameters().size() <= 1
        && s.parameters().stream()
            .allMatch(
                p ->
                    p.target() instanceof Pattern.Identifier
                        && !p.rest()
                        && !p.optional()
                        && p.defaultValue() == null);
  }

  /** The body where the call stands; its parameter is a variable around it. */
  private Handled inlined(Case of, FunctionSyntax s, Expr subject, @Nullable Type expected) {
    Expression body =
        ((FunctionSyntax.ExpressionBody) java.util.Objects.requireNonNull(s.body())).expression();
    boolean async = context.async;
    context.async = false;
    try {
      return inScope(new Scope(scope), () -> inlinedHere(of, s, body, subject, expected));
    } finally {
      context.async = async;
    }
  }

  private Handled inlinedHere(
      Case of, FunctionSyntax s, Expression body, Expr subject, @Nullable Type expected) {
    VariableSymbol parameter = null;
    Expr argument = subject;
    if (!s.parameters().isEmpty()
        && s.parameters().getFirst().target() instanceof Pattern.Identifier id) {
      FunctionSyntax.Parameter p = s.parameters().getFirst();
      if (p.annotation() != null) {
        argument = convert(subject, readType(p.annotation()), p.span(), DiagnosticCode.E0303);
      }
      parameter =
          new VariableSymbol(
              id.name().text(),
              id.name().span(),
              VariableSymbol.Kind.LET,
              context.symbol,
              module,
              false);
      parameter.setType(argument.type());
      parameter.markUsed();
      visited.add(parameter);
      scope.declare(id.name().text(), parameter);
    }
    Type declared = s.result() == null ? null : readType(s.result());
    Expr tree = check(body, declared == null ? expected : declared);
    if (declared != null && declared != Type.Primitive.VOID) {
      tree = convert(tree, declared, body.span(), DiagnosticCode.E0301);
    }
    Type type =
        tree.type() == Type.Primitive.VOID || expected != null
            ? tree.type()
            : widened(body, tree.type());
    Flow end = tree.type() == Type.Primitive.NEVER ? flow.unreachable() : flow;
    Expr result =
        parameter == null || isInvalid(tree.type())
            ? tree
            : new Expr.Let(body.span(), parameter, argument, tree);
    return new Handled(of, result, declared == Type.Primitive.VOID ? declared : type, end);
  }

  /** Whether a function is the intrinsic {@code match} of {@code raya:std}. */
  static boolean isMatch(FunctionSymbol f) {
    return f.owner() == null
        && f.name().equals("match")
        && f.module().id().packageName().equals("raya:std");
  }
}
