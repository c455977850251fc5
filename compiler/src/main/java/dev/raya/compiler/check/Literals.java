package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Iteration;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.Discriminants;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the checker for array and object literals (language.md 3.2 rule 8, 4.2, 4.3). */
abstract sealed class Literals extends Places permits JsonValues {
  Literals(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** A method of an object literal. */
  abstract Expr objectMethod(
      Expression.MethodProperty m, Type.@Nullable Function expected, VariableSymbol self);

  // ---- arrays ----

  @Override
  final Expr checkArray(Expression.ArrayLiteral a, @Nullable Type expected, boolean constant) {
    if (expected == Type.Primitive.JSON && !constant) {
      return jsonArray(a);
    }
    Type target = expected == null ? null : arrayTarget(expected);
    if (target instanceof Type.Tuple t) {
      return tuple(a, t);
    }
    if (constant) {
      return constantTuple(a);
    }
    Type elementHint = target instanceof Type.Array array ? array.element() : null;
    List<Expr.Element> elements = new ArrayList<>();
    List<Integer> empty = new ArrayList<>();
    List<Type> types = new ArrayList<>();
    boolean failed = false;
    for (Expression.Element e : a.elements()) {
      if (e.spread()) {
        Expr subject = value(e.value(), null);
        Iteration iteration = iteration(subject.type());
        Type element = Members.elementOfIterated(subject.type());
        if (iteration == null || element == null) {
          notIterable(subject, e.value().span());
          failed = true;
          continue;
        }
        elements.add(new Expr.Element(iterated(subject), iteration));
        types.add(element);
      } else if (elementHint == null && isEmptyArray(e.value())) {
        empty.add(elements.size());
        elements.add(new Expr.Element(invalid(e.value().span()), null));
      } else {
        Expr value = value(e.value(), elementHint);
        failed |= isInvalid(value.type());
        elements.add(new Expr.Element(value, null));
        types.add(
            elementHint == null || isInvalid(elementHint)
                ? widenedInside(e.value(), value.type())
                : value.type());
      }
    }
    Type known = empty.isEmpty() || types.isEmpty() || failed ? null : common(types);
    for (int i : empty) {
      Expr value = value(a.elements().get(i).value(), known);
      failed |= isInvalid(value.type());
      elements.set(i, new Expr.Element(value, null));
      types.add(value.type());
    }
    if (failed) {
      return invalid(a.span());
    }
    Type element = elementType(a, elementHint, types);
    return element == null ? invalid(a.span()) : array(a, elements, element);
  }

  /**
   * Whether an expression is an array literal that says nothing of its elements: what stands beside
   * it does. It computes nothing, so it may be checked after that.
   */
  static boolean isEmptyArray(Expression e) {
    return strip(e) instanceof Expression.ArrayLiteral a
        && a.elements().stream().allMatch(x -> !x.spread() && isEmptyArray(x.value()));
  }

  private @Nullable Type elementType(
      Expression.ArrayLiteral a, @Nullable Type hint, List<Type> types) {
    if (hint != null && !Inference.isPartly(hint)) {
      return hint;
    }
    if (types.isEmpty()) {
      if (hint != null) {
        return Type.Primitive.NEVER;
      }
      cannotInfer(a.span(), "the element type of an empty array cannot be inferred; annotate it");
      return null;
    }
    Type element = common(types);
    if (element == null) {
      error(DiagnosticCode.E0310, a.span(), "the elements have no common type; annotate the array");
      return null;
    }
    if (element == Type.Primitive.NULL && hint == null) {
      cannotInfer(a.span(), "the element type cannot be inferred from null; annotate it");
      return null;
    }
    return element;
  }

  private Expr array(Expression.ArrayLiteral a, List<Expr.Element> elements, Type element) {
    List<Expr.Element> converted = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      Expr.Element e = elements.get(i);
      Span span = a.elements().get(i).value().span();
      if (e.spread() == null) {
        Expr value = convert(e.value(), element, span, DiagnosticCode.E0301);
        if (isInvalid(value.type())) {
          return invalid(a.span());
        }
        converted.add(new Expr.Element(value, null));
      } else {
        Type given = Members.elementOfIterated(e.value().type());
        if (given != null && !mayBeSpread(given, element)) {
          error(
              DiagnosticCode.E0301,
              span,
              "the spread elements are '" + show(given) + "', not '" + show(element) + "'");
          return invalid(a.span());
        }
        converted.add(e);
      }
    }
    return new Expr.ArrayLiteral(a.span(), converted, new Type.Array(element, false));
  }

  /**
   * Whether what a spread gives can be elements of a new array: each is assigned by itself, so ints
   * become numbers (language.md 3.2, rule 3).
   */
  static boolean mayBeSpread(Type given, Type element) {
    if (Relations.isSubtype(given, element)) {
      return true;
    }
    return element != Type.Primitive.JSON
        && Unions.isBare(Relations.constraintOf(given))
        && Relations.isAssignable(given, element);
  }

  /** The array or tuple among the members of an expected type. */
  private @Nullable Type arrayTarget(Type expected) {
    for (Type m : Unions.members(expected)) {
      if (m instanceof Type.Array || m instanceof Type.Tuple) {
        return m;
      }
      if (m instanceof Type.Structure s && Members.iterableElement(s) != null) {
        return new Type.Array(s.arguments().getFirst(), false);
      }
    }
    return null;
  }

  private Expr tuple(Expression.ArrayLiteral a, Type.Tuple t) {
    if (a.elements().size() != t.elements().size()
        || a.elements().stream().anyMatch(Expression.Element::spread)) {
      error(
          DiagnosticCode.E0301,
          a.span(),
          "expected a tuple of "
              + t.elements().size()
              + " elements, '"
              + show(t)
              + "', found "
              + a.elements().size());
      return invalid(a.span());
    }
    List<Expr> values = new ArrayList<>();
    List<Type> types = new ArrayList<>();
    for (int i = 0; i < a.elements().size(); i++) {
      Expression syntax = a.elements().get(i).value();
      Type wanted = t.elements().get(i);
      Expr value = value(syntax, wanted);
      Type type = Inference.isPartly(wanted) ? widenedInside(syntax, value.type()) : wanted;
      Expr converted = convert(value, type, syntax.span(), DiagnosticCode.E0301);
      if (isInvalid(converted.type())) {
        return invalid(a.span());
      }
      values.add(converted);
      types.add(type);
    }
    return new Expr.TupleLiteral(a.span(), values, new Type.Tuple(types, t.readonly()));
  }

  private Expr constantTuple(Expression.ArrayLiteral a) {
    if (isTooWide(a.elements().size(), a.span(), "a tuple", "elements")) {
      return invalid(a.span());
    }
    List<Expr> values = new ArrayList<>();
    List<Type> types = new ArrayList<>();
    for (Expression.Element e : a.elements()) {
      if (e.spread()) {
        error(DiagnosticCode.E0313, e.value().span(), "a spread cannot be 'const'");
        return invalid(a.span());
      }
      Expr value = constantValue(e.value());
      if (isInvalid(value.type())) {
        return value;
      }
      values.add(value);
      types.add(value.type());
    }
    return new Expr.TupleLiteral(a.span(), values, new Type.Tuple(types, true));
  }

  private Expr constantValue(Expression e) {
    return switch (strip(e)) {
      case Expression.ArrayLiteral a -> checkArray(a, null, true);
      case Expression.ObjectLiteral o -> checkObject(o, null, true);
      case Expression x -> value(x, null);
    };
  }

  /** An array literal where json is expected. */
  abstract Expr jsonArray(Expression.ArrayLiteral a);

  /** An object literal where json is expected. */
  abstract Expr jsonObject(Expression.ObjectLiteral o);

  /** What is walked in the place of a value: of a json array its elements. */
  abstract Expr iterated(Expr subject);

  final void notIterable(Expr subject, Span span) {
    if (isInvalid(subject.type())) {
      return;
    }
    if (Unions.hasNull(subject.type())) {
      error(DiagnosticCode.E0317, span, "the value may be null; narrow it first");
      return;
    }
    error(DiagnosticCode.E0338, span, "'" + show(subject.type()) + "' cannot be iterated");
  }

  /** How a value of a type is walked, or null if it cannot be. */
  final @Nullable Iteration iteration(Type type) {
    Type bound = Relations.constraintOf(type);
    if (Members.elementOfIterated(bound) == null) {
      return null;
    }
    if (bound == Type.Primitive.JSON) {
      return Iteration.ARRAY;
    }
    return switch (bound) {
      case Type.Array _, Type.Tuple _ -> Iteration.ARRAY;
      case Type.ClassInstance c -> {
        if (c.symbol().derivesFromNamed("Map") || c.symbol().derivesFromNamed("ReadonlyMap")) {
          yield Iteration.MAP;
        }
        if (c.symbol().derivesFromNamed("Set")) {
          yield Iteration.SET;
        }
        yield c.symbol().derivesFromNamed("Channel") ? Iteration.CHANNEL : Iteration.ITERABLE;
      }
      case Type.Structure _ -> Iteration.ITERABLE;
      default -> Iteration.STRING;
    };
  }

  // ---- objects ----

  private static final class Shape {
    final Map<String, StructureSymbol.Property> properties = new LinkedHashMap<>();
    final List<Expr.Property> values = new ArrayList<>();
    final List<Places.Temporary> temporaries = new ArrayList<>();

    /**
     * Whether values must be computed before the object is made, to keep the order of evaluation.
     */
    boolean spreads;

    /** Where each name is given last, as far as is known before the properties are checked. */
    final Map<String, Integer> given = new HashMap<>();

    /** The keys that a spread gave last. */
    final Set<String> spread = new HashSet<>();

    boolean failed;
  }

  @Override
  final Expr checkObject(Expression.ObjectLiteral o, @Nullable Type expected, boolean constant) {
    if (expected == Type.Primitive.JSON) {
      return jsonObject(o);
    }
    Type.Structure target = expected == null ? null : structureTarget(o, expected);
    Shape shape = new Shape();
    shape.spreads = o.properties().stream().anyMatch(p -> p instanceof Expression.SpreadProperty);
    VariableSymbol self = null;
    if (shape.spreads) {
      noteGiven(o, shape);
    }
    int at = 0;
    for (Expression.Property p : o.properties()) {
      switch (p) {
        case Expression.ValueProperty v -> valueProperty(v, target, shape, constant);
        case Expression.SpreadProperty s ->
            spread(s, target, shape, at, at == o.properties().size() - 1);
        case Expression.MethodProperty _ -> {}
      }
      at++;
    }
    boolean methods = o.properties().stream().anyMatch(p -> p instanceof Expression.MethodProperty);
    if (methods) {
      self =
          new VariableSymbol(
              "this", o.span(), VariableSymbol.Kind.THIS, context.symbol, module, false);
      self.setType(target != null ? target : literalType(o, shape));
      for (Expression.Property p : o.properties()) {
        if (p instanceof Expression.MethodProperty m) {
          methodProperty(m, target, shape, self);
        }
      }
    }
    if (shape.failed) {
      return invalid(o.span());
    }
    if (target != null && !complete(o, target, shape)) {
      return invalid(o.span());
    }
    Type.Structure type = literalType(o, shape);
    boolean usesSelf = self != null && self.captured();
    if (usesSelf && self != null) {
      self.markAssigned();
      if (target == null) {
        self.setType(type);
      }
    }
    Expr literal =
        new Expr.ObjectLiteral(o.span(), inOrder(o, shape), type, usesSelf ? self : null);
    for (Places.Temporary t : shape.temporaries.reversed()) {
      literal = new Expr.Let(o.span(), t.variable(), t.value(), literal);
    }
    return literal;
  }

  /**
   * The values in the order of the literal's keys: methods were checked last, but stand in place.
   */
  private static List<Expr.Property> inOrder(Expression.ObjectLiteral o, Shape shape) {
    Map<String, Integer> order = new HashMap<>();
    for (Expression.Property p : o.properties()) {
      switch (p) {
        case Expression.ValueProperty v -> order.putIfAbsent(v.name().text(), order.size());
        case Expression.MethodProperty m -> order.putIfAbsent(m.name().text(), order.size());
        case Expression.SpreadProperty _ -> {
          return shape.values;
        }
      }
    }
    List<Expr.Property> sorted = new ArrayList<>(shape.values);
    sorted.sort(Comparator.comparingInt(p -> order.getOrDefault(p.name(), -1)));
    return sorted;
  }

  private Type.Structure literalType(Expression.ObjectLiteral o, Shape shape) {
    List<StructureSymbol.Property> properties = new ArrayList<>(shape.properties.values());
    return structure(StructureSymbol.Kind.LITERAL, o.span(), () -> properties);
  }

  /** Whether a property's name is its value as well. */
  static boolean isShorthand(Expression.ValueProperty v) {
    return v.value().span().start() == v.name().span().start();
  }

  private void valueProperty(
      Expression.ValueProperty v, Type.@Nullable Structure target, Shape shape, boolean constant) {
    checkMemberName(v.name());
    String name = v.name().text();
    StructureSymbol.Property wanted = target == null ? null : property(target, name);
    if (target != null && wanted == null) {
      missing(
          DiagnosticCode.W0004,
          v.name().span(),
          name,
          "'" + show(target) + "' has no member '" + name + "'",
          Members.names(target),
          isShorthand(v) ? ": " + name : "");
    }
    if (shape.properties.containsKey(name) && !shape.spread.remove(name)) {
      error(DiagnosticCode.E0202, v.name().span(), "'" + name + "' is given twice");
    }
    shorthand = isShorthand(v) ? v.name() : null;
    Expr value =
        constant
            ? constantValue(v.value())
            : value(v.value(), wanted == null ? null : wanted.type());
    Type type =
        wanted != null && !Inference.isPartly(wanted.type())
            ? wanted.type()
            : constant ? value.type() : widenedInside(v.value(), value.type());
    if (wanted == null && type == Type.Primitive.NULL) {
      cannotInfer(
          v.value().span(),
          "the type of '" + name + "' cannot be inferred from null; annotate the object");
      shape.failed = true;
      return;
    }
    Expr converted = inOrder(shape, convert(value, type, v.value().span(), DiagnosticCode.E0301));
    boolean readonly = constant || wanted != null && wanted.readonly();
    put(
        shape,
        new StructureSymbol.Property(
            name, type, wanted != null && wanted.optional(), readonly, false, v.name().span()),
        converted);
  }

  /** With a spread a key may stand before others and be given after them. */
  private Expr inOrder(Shape shape, Expr value) {
    boolean constant =
        switch (value) {
          case Expr.Int _, Expr.Num _, Expr.Str _, Expr.Bool _, Expr.Null _ -> true;
          default -> false;
        };
    if (!shape.spreads || constant || isInvalid(value.type())) {
      return value;
    }
    VariableSymbol t = temporary(value.span(), value.type());
    shape.temporaries.add(new Places.Temporary(t, value));
    return new Expr.Read(value.span(), t);
  }

  private static void put(Shape shape, StructureSymbol.Property p, Expr value) {
    shape.failed |= isInvalid(value.type());
    Expr.Property made = new Expr.Property(p.name(), value);
    if (shape.properties.put(p.name(), p) == null) {
      shape.values.add(made);
      return;
    }
    for (int i = 0; i < shape.values.size(); i++) {
      if (shape.values.get(i).name().equals(p.name())) {
        shape.values.set(i, made);
      }
    }
  }

  private void methodProperty(
      Expression.MethodProperty m,
      Type.@Nullable Structure target,
      Shape shape,
      VariableSymbol self) {
    checkMemberName(m.name());
    String name = m.name().text();
    StructureSymbol.Property wanted = target == null ? null : property(target, name);
    Type.Function hint =
        wanted != null && Unions.withoutNull(wanted.type()) instanceof Type.Function f ? f : null;
    Expr closure = objectMethod(m, hint, self);
    Type type =
        wanted != null && !Inference.isPartly(wanted.type()) ? wanted.type() : closure.type();
    Expr converted = convert(closure, type, m.name().span(), DiagnosticCode.E0301);
    put(
        shape,
        new StructureSymbol.Property(
            name,
            type,
            wanted != null && wanted.optional(),
            wanted == null || wanted.readonly() || wanted.method(),
            wanted == null ? type instanceof Type.Function : wanted.method(),
            m.name().span()),
        converted);
  }

  /**
   * Adds what a spread gives.
   *
   * @param at its place among the properties
   * @param last whether nothing stands after it, whose evaluation could change what it reads
   */
  private void spread(
      Expression.SpreadProperty s,
      Type.@Nullable Structure target,
      Shape shape,
      int at,
      boolean last) {
    Expr subject = value(s.value(), null);
    // A type parameter offers what its constraint does.
    Type type = Relations.constraintOf(subject.type());
    if (isInvalid(type)) {
      shape.failed = true;
      return;
    }
    if (!isObject(type)) {
      error(
          DiagnosticCode.E0301,
          s.span(),
          Unions.hasNull(type)
              ? "a value that may be null cannot be spread"
              : "'" + show(subject.type()) + "' cannot be spread into an object");
      shape.failed = true;
      return;
    }
    VariableSymbol t = temporary(s.span(), subject.type());
    shape.temporaries.add(new Places.Temporary(t, subject));
    Expr read = new Expr.Read(s.span(), t);
    for (StructureSymbol.Property p : spreadable(type)) {
      Members.Member member = Members.find(type, p.name());
      if (member == null) {
        continue;
      }
      Expr value =
          member.origin() instanceof Members.Field f
              ? new Expr.FieldGet(s.span(), read, f.field(), member.type())
              : new Expr.PropertyGet(s.span(), read, p.name(), member.type());
      StructureSymbol.Property wanted = target == null ? null : property(target, p.name());
      Expr.Property before = p.optional() ? given(shape, p.name()) : null;
      Type wantedType =
          wanted == null || Inference.isPartly(wanted.type()) ? p.type() : wanted.type();
      boolean optional = wanted == null ? p.optional() : wanted.optional();
      if (before != null) {
        // An unset property is skipped: what stands before it stays.
        Expr kept = inOrder(shape, value);
        Type present = Unions.withoutNull(kept.type());
        value =
            choose(
                s.span(),
                new Expr.IsNull(s.span(), kept),
                before.value(),
                narrowTo(kept, present),
                wanted == null ? null : wantedType);
        wantedType = wanted == null ? value.type() : wantedType;
        StructureSymbol.Property earlier = shape.properties.get(p.name());
        optional = wanted == null ? earlier != null && earlier.optional() : optional;
      }
      boolean replaced = shape.given.getOrDefault(p.name(), at) > at;
      Expr fitted =
          replaced && fit(value, wantedType) == null
              ? value
              : convert(value, wantedType, s.span(), DiagnosticCode.E0301);
      put(
          shape,
          new StructureSymbol.Property(p.name(), wantedType, optional, false, false, p.span()),
          last ? fitted : inOrder(shape, fitted));
      shape.spread.add(p.name());
    }
  }

  private static Expr.@Nullable Property given(Shape shape, String name) {
    for (Expr.Property p : shape.values) {
      if (p.name().equals(name)) {
        return p;
      }
    }
    return null;
  }

  /** The public data properties of a type, in member order. */
  private static List<StructureSymbol.Property> spreadable(Type type) {
    List<StructureSymbol.Property> out = new ArrayList<>();
    switch (type) {
      case Type.Structure s -> {
        for (StructureSymbol.Property p : Members.properties(s)) {
          if (!p.method()) {
            out.add(p);
          }
        }
      }
      case Type.ClassInstance c -> {
        Type.ClassInstance base = Members.base(c);
        if (base != null) {
          out.addAll(spreadable(base));
        }
        for (FieldSymbol f : c.symbol().fields()) {
          Members.Member m = Members.find(c, f.name());
          if (f.access() == Access.PUBLIC && m != null) {
            out.add(
                new StructureSymbol.Property(
                    f.name(), m.type(), f.optional(), false, false, f.span()));
          }
        }
      }
      default -> {}
    }
    return out;
  }

  private static StructureSymbol.@Nullable Property property(Type.Structure s, String name) {
    for (StructureSymbol.Property p : Members.properties(s)) {
      if (p.name().equals(name)) {
        return p;
      }
    }
    return null;
  }

  /** Adds unset optional members, and reports missing required ones. */
  private boolean complete(Expression.ObjectLiteral o, Type.Structure target, Shape shape) {
    List<String> missing = new ArrayList<>();
    for (StructureSymbol.Property p : Members.properties(target)) {
      if (shape.properties.containsKey(p.name())) {
        continue;
      }
      if (p.optional()) {
        // What is not known yet is no type to keep: the literal is checked again with what is
        // found.
        if (!Inference.isPartly(p.type())) {
          shape.properties.put(p.name(), p);
        }
      } else {
        missing.add("'" + p.name() + "'");
      }
    }
    if (missing.isEmpty()) {
      return true;
    }
    error(
        DiagnosticCode.E0320,
        o.span(),
        "the object lacks " + String.join(", ", missing) + " of '" + show(target) + "'");
    return false;
  }

  /** The structure among the members of an expected type that a literal is meant to be. */
  private Type.@Nullable Structure structureTarget(Expression.ObjectLiteral o, Type expected) {
    List<Type.Structure> structures = new ArrayList<>();
    for (Type m : Unions.members(expected)) {
      if (m instanceof Type.Structure s) {
        structures.add(s);
      }
    }
    if (structures.size() <= 1) {
      return structures.isEmpty() ? null : structures.getFirst();
    }
    Map<String, Type> known = known(o);
    List<Type.Structure> matching = new ArrayList<>();
    for (Type.Structure s : structures) {
      if (literalsFit(known, s)) {
        matching.add(s);
      }
    }
    if (matching.isEmpty()) {
      return structures.getFirst();
    }
    for (Type.Structure s : matching) {
      if (known.keySet().containsAll(required(s))) {
        return s;
      }
    }
    return matching.getFirst();
  }

  private static Set<String> required(Type.Structure s) {
    Set<String> names = new java.util.HashSet<>();
    for (StructureSymbol.Property p : Members.properties(s)) {
      if (!p.optional()) {
        names.add(p.name());
      }
    }
    return names;
  }

  /**
   * The names that a literal gives with what is known of their types before it is checked: literals
   * as they are written, and of spreads all that a plain read has. Others have the type INVALID.
   */
  private Map<String, Type> known(Expression.ObjectLiteral o) {
    Map<String, Type> known = new HashMap<>();
    o.properties().forEach(p -> known.putAll(known(p)));
    return known;
  }

  private Map<String, Type> known(Expression.Property p) {
    return switch (p) {
      case Expression.ValueProperty v -> {
        Type literal = literalOf(v.value());
        yield Map.of(v.name().text(), literal == null ? Type.Primitive.INVALID : literal);
      }
      case Expression.MethodProperty m -> Map.of(m.name().text(), Type.Primitive.INVALID);
      case Expression.SpreadProperty s -> {
        Map<String, Type> known = new HashMap<>();
        for (StructureSymbol.Property of : spreadable(typeOfRead(s.value()))) {
          if (!of.optional()) {
            known.put(of.name(), of.type());
          }
        }
        yield known;
      }
    };
  }

  /** Where each name is given last: what a spread before it gives of that name is not kept. */
  private void noteGiven(Expression.ObjectLiteral o, Shape shape) {
    int at = 0;
    for (Expression.Property p : o.properties()) {
      for (String name : known(p).keySet()) {
        shape.given.put(name, at);
      }
      at++;
    }
  }

  /**
   * The type of a variable or of a member of one; of all else nothing is known. Reports nothing.
   */
  private Type typeOfRead(Expression e) {
    Expression read = strip(e);
    while (read instanceof Expression.Member m) {
      read = strip(m.object());
    }
    if (!(read instanceof Expression.Identifier || read instanceof Expression.This)) {
      return Type.Primitive.INVALID;
    }
    return typeOnTrial(e, null);
  }

  /** Whether what is known of properties fits the literal types of a structure. */
  private static boolean literalsFit(Map<String, Type> known, Type.Structure s) {
    for (Map.Entry<String, Type> p : known.entrySet()) {
      Set<Type> literals = Discriminants.literals(s, p.getKey());
      if (literals != null
          && Unions.cases(p.getValue()).stream().allMatch(Unions::isLiteral)
          && !literals.containsAll(Unions.cases(p.getValue()))) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Type literalOf(Expression e) {
    return switch (strip(e)) {
      case Expression.StringLiteral s -> new Type.StringLiteral(s.value());
      case Expression.BooleanLiteral b -> new Type.BooleanLiteral(b.value());
      case Expression.NumberLiteral n when n.integral() && n.value() <= Integer.MAX_VALUE ->
          new Type.IntLiteral((int) n.value());
      case Expression.As a when a.type() == null -> literalOf(a.value());
      case Expression.Identifier i ->
          scope.find(i.name().text()) instanceof VariableSymbol v && Unions.isLiteral(v.type())
              ? v.type()
              : null;
      default -> null;
    };
  }

  /** A narrowing that a pattern or a loop proves. */
  static Expr narrowTo(Expr e, Type type) {
    return e.type().equals(type) ? e : new Expr.Convert(e.span(), Conversion.NARROW, e, type);
  }

  /** The function kinds whose {@code this} is an instance. */
  static boolean hasReceiver(FunctionSymbol.Kind kind) {
    return switch (kind) {
      case METHOD, GETTER, SETTER, CONSTRUCTOR -> true;
      case FUNCTION, CLOSURE, OBJECT_METHOD, STATIC_METHOD -> false;
    };
  }
}
