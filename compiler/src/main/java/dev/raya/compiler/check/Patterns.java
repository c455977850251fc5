package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.OperandKind;
import dev.raya.compiler.tree.Operator;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the checker that takes values apart (language.md 8.4). */
abstract sealed class Patterns extends Functions permits Statements {
  Patterns(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  @Override
  final List<Stmt> bindPattern(Pattern pattern, Expr value, VariableSymbol.Kind kind) {
    List<Stmt> out = new ArrayList<>();
    bind(pattern, value, kind, out);
    return out;
  }

  private void bind(Pattern pattern, Expr value, VariableSymbol.Kind kind, List<Stmt> out) {
    switch (pattern) {
      case Pattern.Identifier i -> bindName(i.name(), value, kind, out);
      case Pattern.ArrayPattern a -> bindArray(a, value, kind, out);
      case Pattern.ObjectPattern o -> bindObject(o, value, kind, out);
    }
  }

  private void bindName(Name name, Expr value, VariableSymbol.Kind kind, List<Stmt> out) {
    VariableSymbol v = variables.get(name);
    if (v == null) {
      v = new VariableSymbol(name.text(), name.span(), kind, context.symbol, module, false);
      declareName(name, v);
    }
    Type type =
        Unions.isLiteral(value.type()) && kind != VariableSymbol.Kind.CONST
            ? Unions.base(value.type())
            : value.type();
    v.setType(type);
    visited.add(v);
    Expr init = isInvalid(type) ? value : convert(value, type, name.span(), DiagnosticCode.E0301);
    out.add(new Stmt.Declare(name.span(), v, init));
  }

  /** The value in a variable that can be read several times. */
  private Expr once(Expr value, List<Stmt> out) {
    if (value instanceof Expr.Read r && r.variable().kind() != VariableSymbol.Kind.LET) {
      return value;
    }
    VariableSymbol t = temporary(value.span(), value.type());
    out.add(new Stmt.Declare(value.span(), t, value));
    return new Expr.Read(value.span(), t);
  }

  private boolean mayBeNull(Expr value, Span span) {
    if (Unions.hasNull(value.type())) {
      error(DiagnosticCode.E0317, span, "the value may be null and cannot be taken apart");
      return true;
    }
    return false;
  }

  /** After an error the names of a pattern still exist. */
  private void bindInvalid(Pattern pattern, VariableSymbol.Kind kind, List<Stmt> out) {
    for (Name name : names(pattern)) {
      bindName(name, invalid(name.span()), kind, out);
    }
  }

  // ---- arrays ----

  private void bindArray(
      Pattern.ArrayPattern a, Expr value, VariableSymbol.Kind kind, List<Stmt> out) {
    if (isInvalid(value.type()) || mayBeNull(value, a.span())) {
      bindInvalid(a, kind, out);
      return;
    }
    switch (value.type()) {
      case Type.Tuple t -> bindTuple(a, t, once(value, out), kind, out);
      case Type.Array t -> bindElements(a, t, once(value, out), kind, out);
      default -> {
        error(
            DiagnosticCode.E0339,
            a.span(),
            "'" + show(value.type()) + "' is neither an array nor a tuple");
        bindInvalid(a, kind, out);
      }
    }
  }

  private void bindTuple(
      Pattern.ArrayPattern a, Type.Tuple t, Expr value, VariableSymbol.Kind kind, List<Stmt> out) {
    for (int i = 0; i < a.elements().size(); i++) {
      Pattern.Element e = a.elements().get(i);
      if (e == null) {
        continue;
      }
      if (i >= t.elements().size()) {
        error(
            DiagnosticCode.E0339,
            e.span(),
            "the tuple '" + show(t) + "' has only " + t.elements().size() + " elements");
        bindInvalid(e.target(), kind, out);
        continue;
      }
      if (e.defaultValue() != null) {
        // Never used, since the position is always there; but it must be well-typed.
        assigned(e.defaultValue(), t.elements().get(i), DiagnosticCode.E0301);
      }
      bind(e.target(), new Expr.TupleGet(e.span(), value, i, t.elements().get(i)), kind, out);
    }
    if (a.rest() != null) {
      List<Type> rest =
          t.elements()
              .subList(Math.min(a.elements().size(), t.elements().size()), t.elements().size());
      List<Expr> values = new ArrayList<>();
      for (int i = a.elements().size(); i < t.elements().size(); i++) {
        values.add(new Expr.TupleGet(a.rest().span(), value, i, t.elements().get(i)));
      }
      bind(
          a.rest(),
          new Expr.TupleLiteral(a.rest().span(), values, new Type.Tuple(rest, false)),
          kind,
          out);
    }
  }

  private void bindElements(
      Pattern.ArrayPattern a, Type.Array t, Expr value, VariableSymbol.Kind kind, List<Stmt> out) {
    for (int i = 0; i < a.elements().size(); i++) {
      Pattern.Element e = a.elements().get(i);
      if (e == null) {
        continue;
      }
      bind(e.target(), arrayElement(value, t, i, e.defaultValue(), e.span()), kind, out);
    }
    if (a.rest() != null) {
      bind(a.rest(), sliceFrom(value, t, a.elements().size(), a.rest().span()), kind, out);
    }
  }

  private Expr length(Expr array, Span span) {
    Type host = library.host(array.type());
    Members.Member m = host == null ? null : Members.find(host, "length");
    if (m == null || !(m.origin() instanceof Members.Field f)) {
      throw new IllegalStateException("arrays have no length");
    }
    return new Expr.FieldGet(span, array, f.field(), Type.Primitive.INT);
  }

  private Expr sliceFrom(Expr array, Type.Array t, int from, Span span) {
    Type host = library.host(array.type());
    Members.Member m = host == null ? null : Members.find(host, "slice");
    if (m == null || !(m.origin() instanceof Members.Method f)) {
      throw new IllegalStateException("arrays have no slice");
    }
    FunctionSymbol slice = f.method();
    return new Expr.Call(
        span,
        new Callee.Builtin(library.builtinName(slice), slice, List.of(t.element()), List.of()),
        array,
        List.of(new Expr.Num(span, from)),
        null,
        new Type.Array(t.element(), false));
  }

  // ---- objects ----

  private void bindObject(
      Pattern.ObjectPattern o, Expr value, VariableSymbol.Kind kind, List<Stmt> out) {
    if (isInvalid(value.type()) || mayBeNull(value, o.span())) {
      bindInvalid(o, kind, out);
      return;
    }
    if (!isObject(value.type()) && library.host(value.type()) == null) {
      error(DiagnosticCode.E0339, o.span(), "'" + show(value.type()) + "' is not an object");
      bindInvalid(o, kind, out);
      return;
    }
    Expr object = once(value, out);
    Set<String> taken = new HashSet<>();
    for (Pattern.Property p : o.properties()) {
      taken.add(p.name().text());
      bindProperty(p, object, kind, out);
    }
    if (o.rest() != null) {
      bindRest(o.rest(), object, taken, kind, out);
    }
  }

  private void bindProperty(
      Pattern.Property p, Expr object, VariableSymbol.Kind kind, List<Stmt> out) {
    Type host = library.host(object.type());
    if (host != null && Members.find(host, p.name().text()) == null) {
      missing(
          DiagnosticCode.E0339,
          p.name().span(),
          p.name().text(),
          "'" + show(object.type()) + "' has no member '" + p.name().text() + "'",
          Members.names(host),
          p.element().target().span().start() == p.name().span().start()
              ? ": " + p.name().text()
              : "");
      bindInvalid(p.element().target(), kind, out);
      return;
    }
    Found found = findOn(object, p.name(), p.span());
    if (found == null) {
      bindInvalid(p.element().target(), kind, out);
      return;
    }
    Expr read = read(found, p.name(), p.span());
    if (p.element().defaultValue() != null) {
      boolean optional = found instanceof Found.Instance i && i.member().optional();
      Type type = optional ? Unions.withoutNull(read.type()) : read.type();
      Expr fallback = assigned(p.element().defaultValue(), type, DiagnosticCode.E0301);
      if (optional) {
        Expr kept = once(read, out);
        read =
            choose(
                p.span(),
                new Expr.IsNull(p.span(), kept),
                fallback,
                Literals.narrowTo(kept, type),
                type);
      }
    }
    bind(p.element().target(), read, kind, out);
  }

  private void bindRest(
      Name rest, Expr object, Set<String> taken, VariableSymbol.Kind kind, List<Stmt> out) {
    if (!(object.type() instanceof Type.Structure s)) {
      error(
          DiagnosticCode.E0339,
          rest.span(),
          "the rest of '" + show(object.type()) + "' cannot be taken; only of object types");
      bindName(rest, invalid(rest.span()), kind, out);
      return;
    }
    List<StructureSymbol.Property> properties = new ArrayList<>();
    List<Expr.Property> values = new ArrayList<>();
    for (StructureSymbol.Property p : Members.properties(s)) {
      if (!taken.contains(p.name()) && !p.method()) {
        properties.add(p);
        values.add(
            new Expr.Property(
                p.name(), new Expr.PropertyGet(rest.span(), object, p.name(), p.type())));
      }
    }
    Type.Structure type = structure(StructureSymbol.Kind.LITERAL, rest.span(), () -> properties);
    bindName(rest, new Expr.ObjectLiteral(rest.span(), values, type, null), kind, out);
  }

  // ---- assignment ----

  /** What an assignment does in order: keeps a value in a variable, or has an effect. */
  private record Step(@Nullable VariableSymbol variable, Expr value) {}

  @Override
  final Expr patternAssign(Expression.Assign a, Expression target) {
    if (a.operator() != null) {
      error(DiagnosticCode.E0117, target.span(), "a pattern can be assigned with '=' only");
      return invalid(a.span());
    }
    int errors = diagnostics.size();
    Expr value = value(a.value(), wanted(target, a.value()));
    List<Step> steps = new ArrayList<>();
    Expr whole = keep(value, steps);
    assign(target, whole, steps);
    if (diagnostics.hasErrorsFrom(errors)) {
      return invalid(a.span());
    }
    Expr result = whole;
    for (Step step : steps.reversed()) {
      result =
          step.variable() == null
              ? new Expr.Sequence(a.span(), List.of(step.value()), result)
              : new Expr.Let(a.span(), step.variable(), step.value(), result);
    }
    return result;
  }

  /** For an array literal whose elements go to targets of their own: the tuple of these. */
  private @Nullable Type wanted(Expression target, Expression value) {
    if (!(target instanceof Expression.ArrayLiteral t)
        || !(strip(value) instanceof Expression.ArrayLiteral v)
        || t.elements().size() != v.elements().size()
        || t.elements().stream().anyMatch(Expression.Element::spread)
        || v.elements().stream().anyMatch(Expression.Element::spread)) {
      return null;
    }
    List<Type> types = new ArrayList<>();
    int errors = diagnostics.size();
    Flow start = flow;
    for (Expression.Element e : t.elements()) {
      Place place = isPattern(strip(e.value())) ? null : place(strip(e.value()), false);
      types.add(place == null ? Type.Primitive.INVALID : place.type());
    }
    diagnostics.truncate(errors);
    flow = start;
    return types.contains(Type.Primitive.INVALID) ? null : new Type.Tuple(types, false);
  }

  private static boolean isPattern(Expression e) {
    return switch (e) {
      case Expression.ArrayLiteral _, Expression.ObjectLiteral _, Expression.Assign _ -> true;
      case Expression.Invalid _ -> true;
      default -> false;
    };
  }

  private Expr keep(Expr value, List<Step> steps) {
    VariableSymbol t = temporary(value.span(), value.type());
    steps.add(new Step(t, value));
    return new Expr.Read(value.span(), t);
  }

  private void assign(Expression target, Expr value, List<Step> steps) {
    if (isInvalid(value.type())) {
      return;
    }
    switch (strip(target)) {
      case Expression.ArrayLiteral a -> assignArray(a, value, steps);
      case Expression.ObjectLiteral o -> assignObject(o, value, steps);
      case Expression single -> {
        Place place = place(single, false);
        if (place != null) {
          steps.add(new Step(null, let(place, store(place, single, value, single.span()))));
        }
      }
    }
  }

  private void assignArray(Expression.ArrayLiteral a, Expr value, List<Step> steps) {
    if (mayBeNull(value, a.span())) {
      return;
    }
    for (int i = 0; i < a.elements().size(); i++) {
      Expression.Element e = a.elements().get(i);
      Expression target = strip(e.value());
      if (target instanceof Expression.Invalid) {
        continue;
      }
      Expression fallback = null;
      if (target instanceof Expression.Assign d && d.operator() == null) {
        fallback = d.value();
        target = strip(d.target());
      }
      Expr part = e.spread() ? restOf(a, value, i) : elementOf(a, value, i, fallback);
      if (part != null) {
        assign(target, keep(part, steps), steps);
      }
    }
  }

  private @Nullable Expr restOf(Expression.ArrayLiteral a, Expr value, int from) {
    Span span = a.elements().get(from).value().span();
    if (from == a.elements().size() - 1 && value.type() instanceof Type.Array t) {
      return sliceFrom(value, t, from, span);
    }
    error(DiagnosticCode.E0339, span, "the rest stands last, and is taken of arrays only");
    return null;
  }

  private @Nullable Expr elementOf(
      Expression.ArrayLiteral a, Expr value, int i, @Nullable Expression fallback) {
    Span span = a.elements().get(i).value().span();
    switch (value.type()) {
      case Type.Tuple t when i < t.elements().size() -> {
        return new Expr.TupleGet(span, value, i, t.elements().get(i));
      }
      case Type.Array t -> {
        return arrayElement(value, t, i, fallback, span);
      }
      default -> {
        error(
            DiagnosticCode.E0339,
            span,
            "'" + show(value.type()) + "' has no element " + i + " to assign");
        return null;
      }
    }
  }

  private Expr arrayElement(
      Expr value, Type.Array t, int i, @Nullable Expression fallback, Span span) {
    Expr index = new Expr.Int(span, i, Type.Primitive.INT);
    Expr element = new Expr.IndexGet(span, value, index, t.element());
    if (fallback == null) {
      return element;
    }
    Expr otherwise = assigned(fallback, t.element(), DiagnosticCode.E0301);
    Expr present =
        new Expr.Binary(
            span,
            Operator.LESS,
            OperandKind.INT,
            index,
            length(value, span),
            Type.Primitive.BOOLEAN);
    return choose(span, present, element, otherwise, t.element());
  }

  private void assignObject(Expression.ObjectLiteral o, Expr value, List<Step> steps) {
    if (mayBeNull(value, o.span())) {
      return;
    }
    for (Expression.Property p : o.properties()) {
      if (!(p instanceof Expression.ValueProperty v)) {
        error(DiagnosticCode.E0117, p.span(), "this cannot be assigned in a pattern");
        continue;
      }
      Type host = library.host(value.type());
      if (host != null && Members.find(host, v.name().text()) == null) {
        missing(
            DiagnosticCode.E0339,
            v.name().span(),
            v.name().text(),
            "'" + show(value.type()) + "' has no member '" + v.name().text() + "'",
            Members.names(host),
            isShorthand(v) ? ": " + v.name().text() : "");
        continue;
      }
      Found found = findOn(value, v.name(), v.span());
      if (found != null) {
        assign(v.value(), keep(read(found, v.name(), v.span()), steps), steps);
      }
    }
  }

  // ---- inference before the declaration ----

  @Override
  final Type inferVariable(Statement.Variables statement, Statement.Binding binding, Name name) {
    if (binding.annotation() != null && binding.target() instanceof Pattern.Identifier) {
      return readType(binding.annotation());
    }
    if (binding.init() == null) {
      return Type.Primitive.INVALID;
    }
    if (binding.target() instanceof Pattern.Identifier) {
      int errors = diagnostics.size();
      Type type = value(binding.init(), null).type();
      // What is found here is found again where the declaration stands; but for a type that depends
      // on itself, which is no longer being inferred then.
      List<Diagnostic> cyclic = diagnostics.since(errors, DiagnosticCode.E0310);
      diagnostics.truncate(errors);
      cyclic.forEach(diagnostics::add);
      return variableType(statement, binding, type);
    }
    error(
        DiagnosticCode.E0310,
        name.span(),
        "the type of '" + name.text() + "' is needed before its declaration; move the declaration");
    return Type.Primitive.INVALID;
  }

  /** The type of a variable without annotation, from its initialiser. */
  final Type variableType(Statement.Variables statement, Statement.Binding binding, Type init) {
    if (statement.constant() || binding.init() == null) {
      return init;
    }
    Type type = widened(binding.init(), init);
    return type == Type.Primitive.INT && opened.contains(binding) ? Type.Primitive.NUMBER : type;
  }

  /** The name a binding declares, if it is no pattern. */
  static @Nullable Name simpleName(Statement.Binding b) {
    return b.target() instanceof Pattern.Identifier i ? i.name() : null;
  }
}
