package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.BinaryOperator;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The part of the checker for assignments (language.md 5.2, 8.4). */
abstract sealed class Places extends MemberAccess permits Literals {
  /**
   * Something that can be assigned.
   *
   * @param type what may be stored
   * @param temporaries what must be evaluated once, in order
   * @param read the present value, narrowed; null if the place cannot be read
   * @param write makes the assignment of a converted value
   * @param assigned what to do with the flow after the assignment of a value of a type
   */
  record Place(
      Type type,
      List<Temporary> temporaries,
      @Nullable Expr read,
      UnaryOperator<Expr> write,
      java.util.function.Consumer<Type> assigned) {}

  /** A value computed once. */
  record Temporary(VariableSymbol variable, Expr value) {}

  /** The binding that declares a let without annotation and with an int initialiser. */
  final Map<VariableSymbol, Statement.Binding> openable = new IdentityHashMap<>();

  Places(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  // ---- expressions ----

  @Override
  final Expr checkAssign(Expression.Assign a) {
    Expression target = strip(a.target());
    if (target instanceof Expression.ArrayLiteral || target instanceof Expression.ObjectLiteral) {
      return patternAssign(a, target);
    }
    if (a.operator() == null) {
      return plainAssign(a, target);
    }
    Place place = place(target, true);
    if (place == null) {
      value(a.value(), null);
      return invalid(a.span());
    }
    return switch (a.operator()) {
      case AND, OR, COALESCE -> logicalAssign(a, a.operator(), place);
      default -> compoundAssign(a, a.operator(), place);
    };
  }

  /** {@code [a, b] = value} and {@code ({ a, b } = value)}. */
  abstract Expr patternAssign(Expression.Assign a, Expression target);

  private Expr plainAssign(Expression.Assign a, Expression target) {
    Place place = place(target, false);
    if (place == null) {
      value(a.value(), null);
      return invalid(a.span());
    }
    Expr value = value(a.value(), place.type());
    return let(place, store(place, target, value, a.value().span()));
  }

  /** Converts and stores a value. */
  final Expr store(Place place, Expression target, Expr value, Span span) {
    Type stored = value.type();
    Type type = place.type();
    if (opens(target, value)) {
      type = Type.Primitive.NUMBER;
    }
    Expr converted = convert(value, type, span, DiagnosticCode.E0301);
    if (isInvalid(converted.type())) {
      place.assigned().accept(place.type());
      return converted;
    }
    place.assigned().accept(Relations.isAssignable(stored, place.type()) ? stored : place.type());
    return place.write().apply(converted);
  }

  /** Whether the assignment of a number makes an open int variable a number (language.md 4.2). */
  private boolean opens(Expression target, Expr value) {
    if (!(target instanceof Expression.Identifier i)
        || !(scope.find(i.name().text()) instanceof VariableSymbol v)
        || value.type() != Type.Primitive.NUMBER
        || v.type() != Type.Primitive.INT) {
      return false;
    }
    Statement.Binding binding = openable.get(v);
    if (binding == null) {
      return false;
    }
    opened.add(binding);
    return true;
  }

  private Expr compoundAssign(Expression.Assign a, BinaryOperator operator, Place place) {
    Expr read = place.read();
    if (read == null) {
      return invalid(a.span());
    }
    Expr right = value(a.value(), null);
    Expr result = arithmetic(operator, a.span(), read, right);
    return let(place, store(place, strip(a.target()), result, a.span()));
  }

  private Expr logicalAssign(Expression.Assign a, BinaryOperator operator, Place place) {
    Expr read = place.read();
    if (read == null || isInvalid(read.type())) {
      return invalid(a.span());
    }
    Flow before = flow;
    VariableSymbol temporary = temporary(a.span(), read.type());
    Expr again = new Expr.Read(a.target().span(), temporary);
    Expr value = value(a.value(), place.type());
    Expr stored = store(place, strip(a.target()), value, a.value().span());
    if (isInvalid(stored.type())) {
      return stored;
    }
    Type kept =
        switch (operator) {
          case COALESCE -> Unions.withoutNull(read.type());
          case AND -> Unions.filter(read.type(), Narrowing::canBeFalsy);
          default -> Unions.filter(read.type(), Narrowing::canBeTruthy);
        };
    Expr keptValue =
        kept.equals(read.type())
            ? again
            : new Expr.Convert(again.span(), Conversion.NARROW, again, kept);
    Type assigned = narrowedBy(place.type(), value.type());
    if (assigned != Type.Primitive.NEVER) {
      stored = Literals.narrowTo(stored, assigned);
    }
    Type result = Unions.of(kept, stored.type());
    Flow.Path path = path(a.target());
    flow = before;
    if (path != null) {
      flow = flow.record(path, result);
    }
    Expr test =
        operator == BinaryOperator.COALESCE ? new Expr.IsNull(again.span(), again) : truthy(again);
    Expr then = operator == BinaryOperator.OR ? keptValue : stored;
    Expr otherwise = operator == BinaryOperator.OR ? stored : keptValue;
    Expr body = choose(a.span(), test, then, otherwise, result);
    return let(place, new Expr.Let(a.span(), temporary, read, body));
  }

  @Override
  final Expr checkStep(Expression.Step s, boolean used) {
    Expression target = strip(s.target());
    Place place = place(target, true);
    if (place == null || place.read() == null || isInvalid(place.read().type())) {
      return invalid(s.span());
    }
    Expr one = new Expr.Int(s.span(), 1, Type.Primitive.INT);
    Expr read = place.read();
    BinaryOperator operator = s.increment() ? BinaryOperator.ADD : BinaryOperator.SUBTRACT;
    if (!Unions.isNumeric(Relations.constraintOf(read.type()))) {
      // Not as '+ 1': that joins to a string.
      return undefinedOperator(s.span(), s.increment() ? "++" : "--", read.type());
    }
    if (s.prefix() || !used) {
      return let(place, store(place, target, arithmetic(operator, s.span(), read, one), s.span()));
    }
    Type type = Unions.isInt(read.type()) ? Type.Primitive.INT : Type.Primitive.NUMBER;
    Expr plain = convert(read, type, s.span(), DiagnosticCode.E0301);
    VariableSymbol old = temporary(s.span(), type);
    Expr oldRead = new Expr.Read(s.span(), old);
    Expr store = store(place, target, arithmetic(operator, s.span(), oldRead, one), s.span());
    return let(
        place,
        new Expr.Let(s.span(), old, plain, new Expr.Sequence(s.span(), List.of(store), oldRead)));
  }

  static Expr let(Place place, Expr body) {
    Expr result = body;
    for (Temporary t : place.temporaries().reversed()) {
      result = new Expr.Let(body.span(), t.variable(), t.value(), result);
    }
    return result;
  }

  // ---- places ----

  /** What an expression names as a target; both read and written if it must be evaluated once. */
  final @Nullable Place place(Expression target, boolean both) {
    return switch (target) {
      case Expression.Identifier i -> variablePlace(i, both);
      case Expression.Member m -> memberPlace(m, both);
      case Expression.Index i -> elementPlace(i, both);
      case Expression.Invalid _ -> null;
      default -> {
        error(DiagnosticCode.E0117, target.span(), "this cannot be assigned");
        yield null;
      }
    };
  }

  private @Nullable Place variablePlace(Expression.Identifier i, boolean both) {
    Symbol symbol = scope.find(i.name().text());
    if (symbol == null) {
      unknown(i.name());
      return null;
    }
    markUsed(symbol);
    if (!(symbol instanceof VariableSymbol v)
        || v.kind() == VariableSymbol.Kind.CONST
        || v.module() != module) {
      String what =
          switch (symbol) {
            case VariableSymbol v when v.module() != module -> "an import and cannot be assigned";
            case VariableSymbol _ -> "a 'const' and cannot be assigned";
            case FunctionSymbol _ -> "a function and cannot be assigned";
            case ClassSymbol _ -> "a class and cannot be assigned";
            default -> "not a variable";
          };
      error(DiagnosticCode.E0205, i.span(), "'" + i.name().text() + "' is " + what);
      return null;
    }
    Expr read = both ? read(v, i.span()) : null;
    if (!both && v.owner() != context.symbol && !v.isGlobal()) {
      capture(v);
    }
    v.markAssigned();
    return new Place(
        v.type(),
        List.of(),
        read,
        value -> new Expr.Write(i.span(), v, value),
        type -> assigned(v, type));
  }

  /** What control flow knows after an assignment of a variable. */
  final void assigned(VariableSymbol v, Type value) {
    // Only of variables declared without a value anybody asks whether they have one.
    Flow known = flow.forget(v);
    flow = unassigned.contains(v) ? known.assign(v) : known;
    narrowByValue(new Flow.Path(v, List.of()), v.type(), value);
  }

  /** The declared type narrowed to the type of the value (language.md 4.5). */
  final void narrowByValue(Flow.Path path, Type declared, Type value) {
    if (!(declared instanceof Type.Union) || isInvalid(value)) {
      return;
    }
    Type kept = narrowedBy(declared, value);
    if (kept != Type.Primitive.NEVER) {
      flow = flow.record(path, kept);
    }
  }

  /** The members of a declared type that a value of a type can be; never if that is unknown. */
  private static Type narrowedBy(Type declared, Type value) {
    if (!(declared instanceof Type.Union)) {
      return declared;
    }
    Type kept =
        Unions.filter(
            declared,
            m ->
                Unions.cases(value).stream()
                    .anyMatch(v -> Relations.isSubtype(v, m) || Relations.isSubtype(m, v)));
    if (kept == Type.Primitive.NEVER) {
      kept =
          Unions.filter(
              declared,
              m -> Unions.cases(value).stream().anyMatch(v -> Relations.isAssignable(v, m)));
    }
    return kept;
  }

  private @Nullable Place memberPlace(Expression.Member m, boolean both) {
    Found found = find(m);
    if (found == null) {
      return null;
    }
    List<Temporary> temporaries = new ArrayList<>();
    Found once = both ? once(found, temporaries) : found;
    Place place = writable(once, m, temporaries, both);
    return place;
  }

  private Found once(Found found, List<Temporary> temporaries) {
    return switch (found) {
      case Found.Instance i ->
          new Found.Instance(keep(i.receiver(), temporaries), i.member(), i.self());
      case Found.Common c ->
          new Found.Common(keep(c.receiver(), temporaries), c.type(), c.writable(), c.method());
      case Found.OfSuper s -> new Found.OfSuper(keep(s.receiver(), temporaries), s.member());
      case Found.Exported _, Found.Static _ -> found;
    };
  }

  private Expr keep(Expr e, List<Temporary> temporaries) {
    if (e instanceof Expr.Read r
        && (r.variable().kind() == VariableSymbol.Kind.THIS
            || r.variable().kind() == VariableSymbol.Kind.CONST)) {
      return e;
    }
    VariableSymbol t = temporary(e.span(), e.type());
    temporaries.add(new Temporary(t, e));
    return new Expr.Read(e.span(), t);
  }

  private @Nullable Place writable(
      Found found, Expression.Member m, List<Temporary> temporaries, boolean both) {
    Span span = m.span();
    String name = m.name().text();
    Flow.Path path = path(m);
    UnaryOperator<Expr> write;
    Type type;
    switch (found) {
      case Found.Exported e -> {
        error(DiagnosticCode.E0205, span, "'" + e.symbol().name() + "' is an import");
        return null;
      }
      case Found.Static s -> {
        if (s.member().origin() instanceof Members.Accessor a) {
          if (a.setter() == null) {
            return readonly(m);
          }
          write = staticSetter(a.setter(), span);
          type = s.member().type();
          break;
        }
        if (!(s.member().origin() instanceof Members.Field f)) {
          error(DiagnosticCode.E0326, m.name().span(), "'" + name + "' cannot be assigned");
          return null;
        }
        if (f.field().readonly()) {
          return readonly(m);
        }
        captureStorage(f.field());
        write = value -> new Expr.StaticSet(span, f.field(), value);
        type = s.member().type();
      }
      case Found.OfSuper s -> {
        if (!(s.member().origin() instanceof Members.Accessor a) || a.setter() == null) {
          return readonly(m);
        }
        write = setter(s.receiver(), a.setter(), s.member(), false, span);
        type = s.member().type();
      }
      case Found.Instance i -> {
        switch (i.member().origin()) {
          case Members.Field f -> {
            if (f.field().readonly() && !isInitialisation(f.field(), i)) {
              return readonly(m);
            }
            write = value -> new Expr.FieldSet(span, i.receiver(), f.field(), value);
          }
          case Members.Accessor a -> {
            if (a.setter() == null) {
              return readonly(m);
            }
            write = setter(i.receiver(), a.setter(), i.member(), true, span);
          }
          case Members.Named n -> {
            if (!i.member().writable()) {
              return readonly(m);
            }
            write = value -> new Expr.PropertySet(span, i.receiver(), name, value);
          }
          case Members.Method _ -> {
            return readonly(m);
          }
        }
        type = i.member().type();
      }
      case Found.Common c -> {
        if (!c.writable()) {
          return readonly(m);
        }
        write = value -> new Expr.PropertySet(span, c.receiver(), name, value);
        type = c.type();
      }
    }
    Expr read = both ? narrowed(read(found, m.name(), span), path, true) : null;
    Type declared = type;
    return new Place(
        declared,
        temporaries,
        read,
        write,
        value -> {
          flow = flow.forgetProperty(name);
          if (path != null) {
            narrowByValue(path, declared, value);
          }
          if (found instanceof Found.Instance i
              && i.self()
              && i.member().origin() instanceof Members.Field f) {
            VariableSymbol marker = context.fieldMarkers.get(f.field());
            if (marker != null) {
              flow = flow.assign(marker);
            }
          }
        });
  }

  private @Nullable Place readonly(Expression.Member m) {
    error(
        DiagnosticCode.E0326,
        m.name().span(),
        "'" + m.name().text() + "' is readonly and cannot be assigned here");
    return null;
  }

  /** Whether a readonly field may be assigned: in the constructor of its class. */
  private boolean isInitialisation(FieldSymbol field, Found.Instance i) {
    return i.self() && context.constructor && context.owner == field.owner();
  }

  private UnaryOperator<Expr> setter(
      Expr receiver, FunctionSymbol setter, Members.Member member, boolean virtual, Span span) {
    return setter(methodCallee(setter, member, List.of(), virtual), receiver, span);
  }

  private UnaryOperator<Expr> staticSetter(FunctionSymbol setter, Span span) {
    return setter(staticCallee(setter, List.of()), null, span);
  }

  private UnaryOperator<Expr> setter(Callee callee, @Nullable Expr receiver, Span span) {
    return value -> {
      // The value of an assignment is the value assigned, not what the setter returns.
      VariableSymbol t = temporary(span, value.type());
      Expr read = new Expr.Read(span, t);
      Expr call = new Expr.Call(span, callee, receiver, List.of(read), null, Type.Primitive.VOID);
      return new Expr.Let(span, t, value, new Expr.Sequence(span, List.of(call), read));
    };
  }

  private @Nullable Place elementPlace(Expression.Index i, boolean both) {
    Expr object = spine(i.object(), i.optional());
    Expr index = value(i.index(), null);
    Type type = Relations.constraintOf(object.type());
    if (isInvalid(type) || isInvalid(index.type())) {
      return null;
    }
    if (Unions.hasNull(type)) {
      error(DiagnosticCode.E0317, i.object().span(), "the value may be null; narrow it first");
      return null;
    }
    List<Temporary> temporaries = new ArrayList<>();
    Expr target = both ? keep(object, temporaries) : object;
    if (type == Type.Primitive.JSON) {
      error(DiagnosticCode.E0326, i.span(), "'json' values cannot be changed");
      return null;
    }
    if (type instanceof Type.Tuple t) {
      int position = tuplePosition(t, index, i.index().span());
      if (position < 0) {
        return null;
      }
      if (t.readonly()) {
        error(DiagnosticCode.E0326, i.span(), "the tuple is readonly");
        return null;
      }
      error(
          DiagnosticCode.E0326,
          i.span(),
          "the positions of a tuple do not change; make a new tuple");
      return null;
    }
    if (!(type instanceof Type.Array) && !library.isBytes(type)) {
      if (Unions.isString(type)) {
        error(DiagnosticCode.E0326, i.span(), "strings are immutable");
      } else {
        error(
            DiagnosticCode.E0331,
            i.span(),
            "'" + show(object.type()) + "' cannot be indexed; use a Map for keys");
      }
      return null;
    }
    if (type instanceof Type.Array a && a.readonly()) {
      error(DiagnosticCode.E0326, i.span(), "the array is readonly");
      return null;
    }
    Type element = type instanceof Type.Array a ? a.element() : Type.Primitive.INT;
    Expr position = indexValue(index, i.index().span());
    if (isInvalid(position.type())) {
      return null;
    }
    Expr at = both ? keep(position, temporaries) : position;
    return new Place(
        element,
        temporaries,
        both ? new Expr.IndexGet(i.span(), target, at, element) : null,
        value -> new Expr.IndexSet(i.span(), target, at, value),
        value -> {});
  }
}
