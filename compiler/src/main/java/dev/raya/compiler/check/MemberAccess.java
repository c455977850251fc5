package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.Discriminants;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The part of the checker for members, elements and optional chains (language.md 5.5). */
abstract sealed class MemberAccess extends Expressions permits Places {
  /** What {@code object.name} means. */
  sealed interface Found {
    /** Something a namespace exports. */
    record Exported(Symbol symbol) implements Found {}

    /** A static member. */
    record Static(ClassSymbol symbol, Members.Member member) implements Found {}

    /** {@code super.name}. */
    record OfSuper(Expr receiver, Members.Member member) implements Found {}

    /** A member of an instance or structure; {@code self} if the object is {@code this}. */
    record Instance(Expr receiver, Members.Member member, boolean self) implements Found {}

    /** A property that all members of a union have. */
    record Common(Expr receiver, Type type, boolean writable, boolean method) implements Found {}
  }

  /** An optional link: the value it tests. */
  private record Link(VariableSymbol variable, Expr value) {}

  private List<Link> links = new ArrayList<>();

  MemberAccess(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  // ---- chains ----

  @Override
  final @Nullable Expr chain(Expression e, @Nullable Type expected) {
    if (!hasOptionalLink(e)) {
      return null;
    }
    List<Link> outer = links;
    links = new ArrayList<>();
    Expr body = link(e, null);
    List<Link> mine = links;
    links = outer;
    if (isInvalid(body.type()) || mine.isEmpty()) {
      return body;
    }
    boolean isVoid = body.type() == Type.Primitive.VOID;
    Type type = isVoid ? Type.Primitive.VOID : Unions.orNull(body.type());
    Expr result = isVoid ? body : fitOr(body, type);
    for (Link l : mine.reversed()) {
      Span span = e.span();
      Expr read = new Expr.Read(span, l.variable());
      Expr none = new Expr.Null(span);
      Expr choice =
          new Expr.Conditional(
              span, new Expr.IsNull(span, read), isVoid ? none : fitOr(none, type), result, type);
      result = new Expr.Let(span, l.variable(), l.value(), choice);
    }
    return result;
  }

  private Expr fitOr(Expr e, Type type) {
    Expr fitted = fit(e, type);
    return fitted == null ? e : fitted;
  }

  private static boolean hasOptionalLink(Expression e) {
    Expression at = e;
    while (true) {
      switch (at) {
        case Expression.Member m -> {
          if (m.optional()) {
            return true;
          }
          at = m.object();
        }
        case Expression.Index i -> {
          if (i.optional()) {
            return true;
          }
          at = i.object();
        }
        case Expression.Call c -> {
          if (c.optional()) {
            return true;
          }
          at = c.callee();
        }
        default -> {
          return false;
        }
      }
    }
  }

  /** The object of a member, index or call: part of the same chain. */
  final Expr spine(Expression object, boolean optional) {
    Expr tree =
        switch (object) {
          case Expression.Member _, Expression.Index _, Expression.Call _ -> link(object, null);
          default -> check(object, null);
        };
    if (tree.type() == Type.Primitive.VOID) {
      error(DiagnosticCode.E0334, object.span(), "a 'void' result has no value to use");
      return invalid(object.span());
    }
    return optional ? optionalLink(tree, object.span()) : tree;
  }

  private Expr optionalLink(Expr given, Span span) {
    if (isInvalid(given.type())) {
      return given;
    }
    Expr tree = nullable(given);
    if (tree.type() == Type.Primitive.JSON) {
      // A member of what is absent is absent.
      return tree;
    }
    if (!Unions.hasNull(tree.type())) {
      error(DiagnosticCode.W0005, span, "the value before '?.' is never null");
      return tree;
    }
    VariableSymbol variable = temporary(span, tree.type());
    links.add(new Link(variable, tree));
    return new Expr.Convert(
        span, Conversion.NARROW, new Expr.Read(span, variable), Unions.withoutNull(tree.type()));
  }

  // ---- finding ----

  /** Resolves {@code object.name}; null if it was refused. */
  final @Nullable Found find(Expression.Member m) {
    Expression object = strip(m.object());
    if (object instanceof Expression.Identifier i) {
      Symbol symbol = scope.find(i.name().text());
      if (symbol instanceof ModuleSymbol namespace) {
        markUsed(symbol);
        Symbol exported = namespace.export(m.name().text());
        if (exported == null && namespace.mayExport(m.name().text())) {
          return null;
        }
        if (exported == null) {
          missing(
              DiagnosticCode.E0503,
              m.name().span(),
              m.name().text(),
              "'" + namespace.name() + "' exports no '" + m.name().text() + "'",
              namespace.exports().keySet());
          return null;
        }
        return new Found.Exported(exported);
      }
      if (symbol instanceof ClassSymbol c) {
        markUsed(symbol);
        checkDeclared(c, i.name().span());
        return findStatic(c, m.name());
      }
    }
    if (object instanceof Expression.Member inner
        && strip(inner.object()) instanceof Expression.Identifier i
        && scope.find(i.name().text()) instanceof ModuleSymbol namespace
        && namespace.export(inner.name().text()) instanceof ClassSymbol c) {
      markUsed(namespace);
      return findStatic(c, m.name());
    }
    if (object instanceof Expression.Super s) {
      return findSuper(s.span(), m.name());
    }
    if (object instanceof Expression.This t) {
      return findOnThis(t.span(), m.name());
    }
    Expr receiver = spine(m.object(), m.optional());
    return findOn(receiver, m.name(), m.object().span());
  }

  private @Nullable Found findStatic(ClassSymbol c, Name name) {
    Members.Member member = Members.findStatic(c, name.text());
    if (member == null && c.isIncomplete()) {
      return null;
    }
    if (member == null) {
      List<String> known = new ArrayList<>();
      c.staticFields().forEach(f -> known.add(f.name()));
      c.staticMethods().forEach(f -> known.add(f.name().substring(f.name().indexOf(' ') + 1)));
      missing(
          DiagnosticCode.E0209,
          name.span(),
          name.text(),
          "the class '" + c.name() + "' has no static member '" + name.text() + "'",
          known);
      return null;
    }
    return isAccessible(member, name) ? new Found.Static(c, member) : null;
  }

  private @Nullable Found findSuper(Span span, Name name) {
    ClassSymbol owner = currentClass();
    VariableSymbol self = self();
    if (owner == null
        || self == null
        || !(self.type() instanceof Type.ClassInstance c)
        || c.symbol() != owner
        || Members.base(c) == null) {
      if (owner != null && owner.isIncomplete()) {
        return null;
      }
      error(
          DiagnosticCode.E0212,
          span,
          "'super' is only available in methods of a class that extends another");
      return null;
    }
    Type.ClassInstance base = Members.base(c);
    Members.Member member = base == null ? null : Members.find(base, name.text());
    if (member == null && owner.isIncomplete()) {
      return null;
    }
    if (member == null || member.origin() instanceof Members.Field) {
      error(
          DiagnosticCode.E0209,
          name.span(),
          "the base class has no method or accessor '" + name.text() + "'");
      return null;
    }
    if (member.origin() instanceof Members.Method m && m.method().isAbstract()) {
      error(DiagnosticCode.E0209, name.span(), "the base method '" + name.text() + "' is abstract");
      return null;
    }
    return new Found.OfSuper(thisValue(self, span), member);
  }

  private @Nullable Found findOnThis(Span span, Name name) {
    VariableSymbol self = self();
    if (self == null) {
      checkThis(span);
      return null;
    }
    checkSuperCalled(span);
    selfUse(self);
    Expr receiver = new Expr.Read(span, self);
    Found found = findOn(receiver, name, span);
    if (found instanceof Found.Instance i) {
      if (!(i.member().origin() instanceof Members.Field)) {
        checkFieldsAssigned(span, "'" + name.text() + "' is used");
      }
      return new Found.Instance(i.receiver(), i.member(), true);
    }
    return found;
  }

  private void selfUse(VariableSymbol self) {
    self.markUsed();
    if (self.owner() != context.symbol) {
      capture(self);
    }
  }

  @Override
  final Expr thisValue(VariableSymbol self, Span span) {
    checkSuperCalled(span);
    checkFieldsAssigned(span, "'this' is used");
    selfUse(self);
    return new Expr.Read(span, self);
  }

  private void checkSuperCalled(Span span) {
    if (context.superMarker != null && !flow.isAssigned(context.superMarker) && !context.damaged) {
      error(DiagnosticCode.E0324, span, "'super(…)' must be called before 'this' is used");
    }
  }

  private void checkFieldsAssigned(Span span, String what) {
    if (context.damaged) {
      return;
    }
    for (var e : context.fieldMarkers.entrySet()) {
      if (!flow.isAssigned(e.getValue())) {
        error(
            DiagnosticCode.E0336,
            span,
            what + " before the field '" + e.getKey().name() + "' is initialised");
        return;
      }
    }
  }

  /** A member of a value. */
  final @Nullable Found findOn(Expr given, Name name, Span objectSpan) {
    Expr receiver = given;
    if (given.type() instanceof Type.Tuple t) {
      Type array = new Type.Array(Unions.of(t.elements()), true);
      receiver = new Expr.Convert(given.span(), Conversion.TUPLE_TO_ARRAY, given, array);
    }
    Type type = receiver.type();
    if (isInvalid(type)) {
      return null;
    }
    if (type == Type.Primitive.JSON) {
      return new Found.Common(receiver, type, false, false);
    }
    Type bound = Relations.constraintOf(type);
    if (Unions.hasNull(bound)) {
      error(
          DiagnosticCode.E0317,
          objectSpan,
          bound == Type.Primitive.NULL
              ? "the value is null"
              : "the value may be null; narrow it, or use '?.' or '??'");
      return null;
    }
    if (bound instanceof Type.Union u
        && !Unions.isNumeric(u)
        && !Unions.isString(u)
        && !Unions.isBoolean(u)) {
      return findCommon(receiver, u, name);
    }
    Type host = library.host(bound);
    Members.Member member = host == null ? null : Members.find(host, name.text());
    if (member == null && host != null && Relations.isIncomplete(host)) {
      return null;
    }
    if (member == null) {
      missing(
          DiagnosticCode.E0209,
          name.span(),
          name.text(),
          type == Type.Primitive.NEVER
              ? "no value is left here of which '"
                  + name.text()
                  + "' could be read: an assignment or a test before says that it is always another"
                  + " one, null perhaps"
              : "'" + show(type) + "' has no member '" + name.text() + "'",
          host == null ? List.of() : Members.names(host));
      return null;
    }
    Expr object =
        Unions.isInt(bound) && host instanceof Type.ClassInstance ? toNumber(receiver) : receiver;
    return isAccessible(member, name) ? new Found.Instance(object, member, false) : null;
  }

  private @Nullable Found findCommon(Expr receiver, Type.Union union, Name name) {
    List<Type> types = new ArrayList<>();
    boolean writable = true;
    boolean method = true;
    for (Type m : union.members()) {
      Members.Member member = isObject(m) ? Members.find(m, name.text()) : null;
      if (member == null && Relations.isIncomplete(m)) {
        return null;
      }
      if (member == null || !member.isPublic()) {
        lacks(union, name);
        return null;
      }
      if (Discriminants.isLiteralProperty(m, name.text())) {
        writable = false;
      }
      types.add(member.type());
      writable &= member.writable();
      method &= member.isMethod();
    }
    Type type = method && allSame(types) ? types.getFirst() : Unions.of(types);
    boolean sameTypes = allSame(types);
    return new Found.Common(receiver, type, writable && sameTypes, method);
  }

  /** Reports a name that not all members of a union have, or that they have in no common way. */
  private void lacks(Type.Union union, Name name) {
    Type without = null;
    for (Type m : union.members()) {
      Type host = library.host(m);
      Members.Member member = host == null ? null : Members.find(host, name.text());
      if (member == null || !member.isPublic()) {
        without = m;
        break;
      }
    }
    missing(
        DiagnosticCode.E0209,
        name.span(),
        name.text(),
        without == null
            ? "each member of '"
                + show(union)
                + "' has a '"
                + name.text()
                + "' of its own; narrow the value first"
            : "'"
                + show(without)
                + "', a member of '"
                + show(union)
                + "', has no '"
                + name.text()
                + "'",
        common(union));
  }

  /** The names that all members of a union have. */
  private static List<String> common(Type.Union union) {
    List<String> names = new ArrayList<>(Members.names(union.members().getFirst()));
    union.members().forEach(m -> names.retainAll(Members.names(m)));
    return names;
  }

  private static boolean allSame(List<Type> types) {
    return types.stream().allMatch(t -> Relations.same(t, types.getFirst()));
  }

  private boolean isAccessible(Members.Member member, Name name) {
    if (member.access() == Access.PUBLIC || !(member.owner() instanceof Type.ClassInstance owner)) {
      return true;
    }
    if (mayUse(owner.symbol(), member.access())) {
      return true;
    }
    error(
        DiagnosticCode.E0210,
        name.span(),
        "'"
            + name.text()
            + "' is "
            + (member.access() == Access.PRIVATE ? "private" : "protected")
            + " in '"
            + owner.symbol().name()
            + "'",
        new Diagnostic.Note(member.origin().span(), "declared here"));
    return false;
  }

  // ---- reading ----

  @Override
  final Expr checkMember(Expression.Member m) {
    Found found = find(m);
    if (found == null) {
      return invalid(m.span());
    }
    Expr read = read(found, m.name(), m.span());
    return narrowed(read, path(m), isStable(found));
  }

  @Override
  final Expr genericMember(Expression.Member m, FunctionSymbol f, Type.Function expected) {
    Found found = find(m);
    if (found instanceof Found.Exported e) {
      markUsed(e.symbol());
      noteUse(e.symbol(), m.span());
    }
    return found == null ? invalid(m.span()) : instance(f, m.span(), expected);
  }

  /** Whether what was found cannot change between a test and a use. */
  private static boolean isStable(Found found) {
    return switch (found) {
      case Found.Instance i ->
          !i.member().writable()
              && !i.member().isMethod()
              && !(i.member().origin() instanceof Members.Accessor);
      case Found.Common c -> !c.writable();
      case Found.Static s ->
          !s.member().writable() && !(s.member().origin() instanceof Members.Accessor);
      case Found.Exported _, Found.OfSuper _ -> true;
    };
  }

  /** The value of what was found. */
  final Expr read(Found found, Name name, Span span) {
    return switch (found) {
      case Found.Exported e -> nameValue(e.symbol(), span, null);
      case Found.Static s ->
          switch (s.member().origin()) {
            case Members.Field f -> readStatic(f.field(), span);
            case Members.Method f -> {
              Type.Function type = f.method().type();
              yield type.typeParameters().isEmpty()
                  ? new Expr.FunctionValue(span, staticCallee(f.method(), List.of()), type)
                  : genericValue(span, name);
            }
            case Members.Accessor a -> {
              FunctionSymbol getter = a.getter();
              yield getter == null
                  ? unreadable(span)
                  : new Expr.Call(
                      span,
                      staticCallee(getter, List.of()),
                      null,
                      List.of(),
                      null,
                      s.member().type());
            }
            case Members.Named _ -> invalid(span);
          };
      case Found.OfSuper s ->
          switch (s.member().origin()) {
            case Members.Accessor a -> callGetter(a, s.receiver(), s.member(), false, span);
            case Members.Method f -> bound(s.receiver(), f.method(), s.member(), false, span, name);
            case Members.Field _, Members.Named _ -> invalid(span);
          };
      case Found.Instance i -> readInstance(i, name, span);
      case Found.Common c -> new Expr.PropertyGet(span, c.receiver(), name.text(), c.type());
    };
  }

  private Expr readStatic(FieldSymbol field, Span span) {
    if (field.isTypeRunning()) {
      error(
          DiagnosticCode.E0310,
          span,
          "the type of '" + field.name() + "' depends on itself; annotate it");
      return invalid(span);
    }
    captureStorage(field);
    return isInvalid(field.type()) ? invalid(span) : new Expr.StaticGet(span, field);
  }

  private Expr genericValue(Span span, Name name) {
    error(
        DiagnosticCode.E0310,
        span,
        "the generic method '" + name.text() + "' can only be called, or wrapped in a function");
    return invalid(span);
  }

  private Expr readInstance(Found.Instance i, Name name, Span span) {
    Members.Member member = i.member();
    return switch (member.origin()) {
      case Members.Field f -> {
        if (i.self()) {
          VariableSymbol marker = context.fieldMarkers.get(f.field());
          if (marker != null && !flow.isAssigned(marker)) {
            error(
                DiagnosticCode.E0336,
                span,
                "the field '" + name.text() + "' is read before it is initialised");
          }
        }
        if (f.field().isTypeRunning()) {
          error(
              DiagnosticCode.E0310,
              span,
              "the type of '" + name.text() + "' depends on itself; annotate it");
          yield invalid(span);
        }
        yield isInvalid(member.type())
            ? invalid(span)
            : new Expr.FieldGet(span, i.receiver(), f.field(), member.type());
      }
      case Members.Method f -> bound(i.receiver(), f.method(), member, true, span, name);
      case Members.Accessor a -> callGetter(a, i.receiver(), member, true, span);
      case Members.Named n ->
          n.property().method() && member.type() instanceof Type.Function f
              ? new Expr.BoundMethod(span, i.receiver(), new Callee.Structural(name.text(), f), f)
              : new Expr.PropertyGet(span, i.receiver(), name.text(), member.type());
    };
  }

  private Expr bound(
      Expr receiver,
      FunctionSymbol method,
      Members.Member member,
      boolean virtual,
      Span span,
      Name name) {
    if (!(member.type() instanceof Type.Function type) || method.isTypeRunning()) {
      return invalid(span);
    }
    if (!type.typeParameters().isEmpty()) {
      return genericValue(span, name);
    }
    return new Expr.BoundMethod(
        span, receiver, methodCallee(method, member, List.of(), virtual), type);
  }

  private Expr callGetter(
      Members.Accessor a, Expr receiver, Members.Member member, boolean virtual, Span span) {
    FunctionSymbol getter = a.getter();
    if (getter == null) {
      return unreadable(span);
    }
    return new Expr.Call(
        span,
        methodCallee(getter, member, List.of(), virtual),
        receiver,
        List.of(),
        null,
        member.type());
  }

  private Expr unreadable(Span span) {
    error(DiagnosticCode.E0209, span, "this accessor can only be written: it has no getter");
    return invalid(span);
  }

  /** How a method found as a member is called. */
  final Callee methodCallee(
      FunctionSymbol method, Members.Member member, List<Type> typeArguments, boolean virtual) {
    List<Type> owner = member.owner() instanceof Type.ClassInstance c ? c.arguments() : List.of();
    if (method.module() == library.module() && virtual) {
      return new Callee.Builtin(library.builtinName(method), method, owner, typeArguments);
    }
    if (method.module() == library.module()) {
      context.locks |= MutexRule.locks(library.builtinName(method));
    }
    boolean dispatched =
        virtual && method.access() != Access.PRIVATE && method.type().typeParameters().isEmpty();
    return new Callee.Method(method, owner, typeArguments, dispatched);
  }

  /** A static field of a local class is a variable of the function that the class is in. */
  final void captureStorage(FieldSymbol field) {
    if (field.storage() != null) {
      capture(field.storage());
    }
  }

  // ---- elements ----

  @Override
  final Expr checkIndex(Expression.Index i) {
    Expr object = spine(i.object(), i.optional());
    Expr index = value(i.index(), null);
    return element(object, index, i);
  }

  /** Reads an element. */
  final Expr element(Expr object, Expr index, Expression.Index i) {
    Type type = Relations.constraintOf(object.type());
    if (isInvalid(type) || isInvalid(index.type())) {
      return invalid(i.span());
    }
    if (Unions.hasNull(type)) {
      error(
          DiagnosticCode.E0317,
          i.object().span(),
          "the value may be null; narrow it, or use '?.' or '??'");
      return invalid(i.span());
    }
    if (type instanceof Type.Tuple t) {
      int position = tuplePosition(t, index, i.index().span());
      return position < 0
          ? invalid(i.span())
          : new Expr.TupleGet(i.span(), object, position, t.elements().get(position));
    }
    if (type == Type.Primitive.JSON && Unions.isString(index.type())) {
      return index instanceof Expr.Str key
          ? new Expr.PropertyGet(i.span(), object, key.value(), type)
          : jsonMember(i.span(), object, index);
    }
    if (type == Type.Primitive.JSON) {
      Expr position = indexValue(index, i.index().span());
      return isInvalid(position.type())
          ? position
          : new Expr.IndexGet(i.span(), object, jsonPosition(position), type);
    }
    Type element =
        type instanceof Type.Array a
            ? a.element()
            : Unions.isString(type)
                ? Type.Primitive.STRING
                : library.isBytes(type) ? Type.Primitive.INT : null;
    if (element == null) {
      error(
          DiagnosticCode.E0331,
          i.span(),
          "'" + show(object.type()) + "' cannot be indexed; use a Map for keys");
      return invalid(i.span());
    }
    Expr checked = indexValue(index, i.index().span());
    return isInvalid(checked.type())
        ? checked
        : new Expr.IndexGet(i.span(), object, checked, element);
  }

  /** The index of an element of json; what is no int is that of a missing one (13.2). */
  private Expr jsonPosition(Expr index) {
    if (index.type() != Type.Primitive.NUMBER) {
      return index;
    }
    Span span = index.span();
    VariableSymbol kept = temporary(span, Type.Primitive.NUMBER);
    Expr read = new Expr.Read(span, kept);
    Expr whole = new Expr.Convert(span, Conversion.NUMBER_TO_INT32, read, Type.Primitive.INT);
    Expr missing = new Expr.Int(span, -1, Type.Primitive.INT);
    Expr same = equal(span, whole, read);
    return new Expr.Let(
        span, kept, index, new Expr.Conditional(span, same, whole, missing, Type.Primitive.INT));
  }

  /** {@code json[key]}. */
  abstract Expr jsonMember(Span span, Expr object, Expr key);

  /** An index as int or number. */
  final Expr indexValue(Expr index, Span span) {
    Type type = Relations.constraintOf(index.type());
    if (Unions.isInt(type)) {
      Expr fitted = fit(index, Type.Primitive.INT);
      return fitted == null ? index : fitted;
    }
    if (Unions.isNumeric(type)) {
      return toNumber(index);
    }
    error(
        DiagnosticCode.E0331, span, "an index must be a number, not '" + show(index.type()) + "'");
    return invalid(span);
  }

  final int tuplePosition(Type.Tuple t, Expr index, Span span) {
    if (index.type() instanceof Type.IntLiteral l
        && l.value() >= 0
        && l.value() < t.elements().size()) {
      return l.value();
    }
    error(
        DiagnosticCode.E0331,
        span,
        "the index of this tuple must be a constant from 0 to " + (t.elements().size() - 1));
    return -1;
  }
}
