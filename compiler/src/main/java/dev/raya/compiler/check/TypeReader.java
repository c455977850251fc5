package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.diagnostic.ForeignNames;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.TypeNode;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.Discriminants;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Substitution;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the checker that reads types as written (language.md 3). */
abstract sealed class TypeReader extends CheckerState permits Declarations {
  /** Types without declaration that a program may name. */
  private static final List<String> PREDEFINED =
      List.of("int", "number", "string", "boolean", "never", "json", "Array", "ReadonlyArray");

  private static final Set<String> FOREIGN_TYPES =
      Set.of("unknown", "undefined", "object", "symbol", "bigint");

  TypeReader(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** Names whose import failed: what they mean is unknown, and nothing more is reported. */
  final Set<String> poisoned = new java.util.HashSet<>();

  /** Names declared in what could not be read: where nothing else has them, nothing is reported. */
  Set<String> lost = Set.of();

  /** Records that an imported name is used. */
  abstract void markUsed(Symbol symbol);

  /** Whether {@link #markUsed} was called for a symbol. */
  abstract boolean isUsed(Symbol symbol);

  final Type readType(TypeNode node) {
    return switch (node) {
      case TypeNode.NullForm _ -> Type.Primitive.NULL;
      case TypeNode.VoidForm _ -> Type.Primitive.VOID;
      case TypeNode.LiteralForm l -> literal(l);
      case TypeNode.ArrayForm a ->
          new Type.Array(readHeld(a.element(), "an element"), a.readonly());
      case TypeNode.TupleForm t ->
          isTooWide(t.elements().size(), t.span(), "a tuple", "elements")
              ? Type.Primitive.INVALID
              : new Type.Tuple(
                  t.elements().stream().map(e -> readHeld(e, "an element")).toList(), t.readonly());
      case TypeNode.UnionForm u ->
          isTooWide(u.members().size(), u.span(), "a union", "members")
              ? Type.Primitive.INVALID
              : union(u);
      case TypeNode.IntersectionForm i -> intersection(i);
      case TypeNode.FunctionForm f -> {
        if (!f.signature().typeParameters().isEmpty()) {
          error(
              DiagnosticCode.E0126,
              f.span(),
              "a function value has one type, so its type has no type parameters");
          yield Type.Primitive.INVALID;
        }
        yield readSignature(f.signature());
      }
      case TypeNode.ObjectForm o -> objectType(o);
      case TypeNode.PredicateForm p -> {
        error(DiagnosticCode.E0126, p.span(), "a type predicate may only be a result type");
        yield Type.Primitive.INVALID;
      }
      case TypeNode.Invalid _ -> Type.Primitive.INVALID;
      case TypeNode.Reference r -> reference(r);
    };
  }

  /** How many elements a tuple and members a union may have ({@code rbin.md} 3.3, 7). */
  private static final int MAX_WIDTH = 255;

  final boolean isTooWide(int width, Span span, String what, String parts) {
    if (width <= MAX_WIDTH) {
      return false;
    }
    error(
        DiagnosticCode.E0126,
        span,
        what + " has at most " + MAX_WIDTH + " " + parts + ", this one has " + width);
    return true;
  }

  private static Type literal(TypeNode.LiteralForm l) {
    return switch (l.value()) {
      case String s -> new Type.StringLiteral(s);
      case Integer i -> new Type.IntLiteral(i);
      case Boolean b -> new Type.BooleanLiteral(b);
      default -> Type.Primitive.INVALID;
    };
  }

  // ---- references ----

  private Type reference(TypeNode.Reference r) {
    Name first = r.path().getFirst();
    Symbol symbol = scope.find(first.text());
    if (symbol == null
        || r.path().size() == 1
            && isPredefined(first.text())
            && !(symbol instanceof TypeParameterSymbol)) {
      Type predefined = r.path().size() == 1 ? predefined(r, first) : null;
      if (predefined != null) {
        return predefined;
      }
    }
    if (poisoned.contains(first.text())) {
      return Type.Primitive.INVALID;
    }
    if (symbol == null && lost.contains(first.text())) {
      return Type.Primitive.INVALID;
    }
    if (symbol == null) {
      unknownName(
          DiagnosticCode.E0206,
          first,
          "type",
          () -> {
            List<String> known = new ArrayList<>(PREDEFINED);
            known.addAll(scope.visible(TypeReader::isType));
            return known;
          });
      return Type.Primitive.INVALID;
    }
    markUsed(symbol);
    for (Name part : r.path().subList(1, r.path().size())) {
      if (!(symbol instanceof ModuleSymbol m)) {
        error(DiagnosticCode.E0206, part.span(), "'" + symbol.name() + "' has no types inside");
        return Type.Primitive.INVALID;
      }
      symbol = m.export(part.text());
      if (symbol == null && m.mayExport(part.text())) {
        return Type.Primitive.INVALID;
      }
      if (symbol == null) {
        missing(
            DiagnosticCode.E0206,
            part.span(),
            part.text(),
            "'" + m.name() + "' exports no '" + part.text() + "'",
            m.exports().keySet());
        return Type.Primitive.INVALID;
      }
    }
    return typeOf(symbol, r);
  }

  private static boolean isType(Symbol symbol) {
    return switch (symbol) {
      case ClassSymbol _, StructureSymbol _, AliasSymbol _, TypeParameterSymbol _ -> true;
      case ModuleSymbol _, VariableSymbol _, FunctionSymbol _ -> false;
    };
  }

  private static boolean isPredefined(String name) {
    return switch (name) {
      case "int",
          "i32",
          "number",
          "float",
          "f64",
          "string",
          "boolean",
          "never",
          "json",
          "any",
          "Array",
          "ReadonlyArray" ->
          true;
      default -> FOREIGN_TYPES.contains(name);
    };
  }

  private @Nullable Type predefined(TypeNode.Reference r, Name name) {
    Type simple =
        switch (name.text()) {
          case "int", "i32" -> Type.Primitive.INT;
          case "number", "float", "f64" -> Type.Primitive.NUMBER;
          case "string" -> Type.Primitive.STRING;
          case "boolean" -> Type.Primitive.BOOLEAN;
          case "never" -> Type.Primitive.NEVER;
          case "json" -> Type.Primitive.JSON;
          default -> null;
        };
    if (simple != null) {
      if (!r.arguments().isEmpty()) {
        error(DiagnosticCode.E0327, r.span(), "'" + name.text() + "' takes no type arguments");
      }
      return simple;
    }
    if (name.text().equals("Array") || name.text().equals("ReadonlyArray")) {
      if (r.arguments().size() != 1) {
        error(
            DiagnosticCode.E0327, r.span(), "'" + name.text() + "' takes exactly 1 type argument");
        return Type.Primitive.INVALID;
      }
      return new Type.Array(
          readType(r.arguments().getFirst()), name.text().equals("ReadonlyArray"));
    }
    if (name.text().equals("any")) {
      error(DiagnosticCode.E0311, name.span(), "'any' is banned; write the type, or 'json'");
      return Type.Primitive.INVALID;
    }
    if (FOREIGN_TYPES.contains(name.text())) {
      String instead = ForeignNames.insteadOfType(name.text());
      error(
          DiagnosticCode.E0312,
          name.span(),
          "the type '"
              + name.text()
              + "' does not exist in Raya"
              + (instead == null ? "" : "; " + instead));
      return Type.Primitive.INVALID;
    }
    return null;
  }

  private Type typeOf(Symbol symbol, TypeNode.Reference r) {
    return switch (symbol) {
      case ClassSymbol c -> {
        List<Type> arguments =
            typeArguments(c.ownTypeParameters(), r.arguments(), r.span(), c.name());
        yield arguments == null
            ? Type.Primitive.INVALID
            : new Type.ClassInstance(c, c.allArguments(arguments));
      }
      case StructureSymbol s -> {
        List<Type> arguments = typeArguments(s.typeParameters(), r.arguments(), r.span(), s.name());
        yield arguments == null ? Type.Primitive.INVALID : new Type.Structure(s, arguments);
      }
      case AliasSymbol a -> {
        List<Type> arguments = typeArguments(a.typeParameters(), r.arguments(), r.span(), a.name());
        Type type = a.type();
        if (type == null) {
          error(DiagnosticCode.E0329, r.span(), "the type '" + a.name() + "' refers to itself");
          yield Type.Primitive.INVALID;
        }
        yield arguments == null
            ? Type.Primitive.INVALID
            : Substitution.of(a.typeParameters(), arguments).apply(type);
      }
      case TypeParameterSymbol p -> {
        if (!r.arguments().isEmpty()) {
          error(DiagnosticCode.E0327, r.span(), "'" + p.name() + "' takes no type arguments");
        }
        yield new Type.Variable(p);
      }
      default -> {
        error(
            DiagnosticCode.E0207,
            r.span(),
            "'" + symbol.name() + "' is a value and cannot be used as a type");
        yield Type.Primitive.INVALID;
      }
    };
  }

  /** Type arguments as written, checked in number and against constraints; null if unusable. */
  final @Nullable List<Type> typeArguments(
      List<TypeParameterSymbol> parameters, List<TypeNode> nodes, Span span, String what) {
    List<Type> arguments = new ArrayList<>();
    for (TypeNode n : nodes) {
      arguments.add(readType(n));
    }
    int required = 0;
    for (TypeParameterSymbol p : parameters) {
      if (p.defaultType() == null) {
        required++;
      }
    }
    if (arguments.size() > parameters.size() || arguments.size() < required) {
      error(
          DiagnosticCode.E0327,
          span,
          "'"
              + what
              + "' takes "
              + count(required, parameters.size(), "type argument")
              + ", found "
              + arguments.size());
      return null;
    }
    for (int i = arguments.size(); i < parameters.size(); i++) {
      Type defaultType = parameters.get(i).defaultType();
      if (defaultType == null) {
        return null;
      }
      arguments.add(Substitution.of(parameters, arguments).apply(defaultType));
    }
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i) == Type.Primitive.VOID && !what.equals("Task")) {
        error(
            DiagnosticCode.E0328,
            span,
            "'void' cannot be a type argument: it is no value; take null, and await Tasks without"
                + " result one by one");
        return null;
      }
      if (arguments.get(i) == Type.Primitive.NEVER && !what.equals("Task") && !nodes.isEmpty()) {
        error(DiagnosticCode.E0328, span, "'never' cannot be a type argument");
        return null;
      }
    }
    Span where = nodes.isEmpty() ? span : nodes.getFirst().span();
    deferred.run(() -> checkConstraints(parameters, arguments, where));
    return arguments;
  }

  static String count(int from, int to, String what) {
    String number = from == to ? Integer.toString(from) : from + " to " + to;
    return number + " " + what + (from == 1 && to == 1 ? "" : "s");
  }

  final boolean checkConstraints(
      List<TypeParameterSymbol> parameters, List<Type> arguments, Span span) {
    Map<TypeParameterSymbol, Type> violated = violated(parameters, arguments);
    if (violated.isEmpty()) {
      return true;
    }
    Map.Entry<TypeParameterSymbol, Type> first = violated.entrySet().iterator().next();
    error(
        DiagnosticCode.E0328,
        span,
        "the type '"
            + show(arguments.get(parameters.indexOf(first.getKey())))
            + "' does not satisfy '"
            + first.getKey().name()
            + " extends "
            + show(first.getValue())
            + "'");
    return false;
  }

  /** The constraints that type arguments do not satisfy. */
  final Map<TypeParameterSymbol, Type> violated(
      List<TypeParameterSymbol> parameters, List<Type> arguments) {
    if (parameters.stream().allMatch(p -> p.constraint() == null)) {
      return Map.of();
    }
    Substitution substitution = Substitution.of(parameters, arguments);
    Map<TypeParameterSymbol, Type> violated = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      Type constraint = parameters.get(i).constraint();
      Type bound = constraint == null ? null : substitution.apply(constraint);
      if (bound != null && !satisfiesConstraint(arguments.get(i), bound)) {
        violated.put(parameters.get(i), bound);
      }
    }
    return violated;
  }

  /** As language.md 3.2: int satisfies what number does, built-in members satisfy structures. */
  private boolean satisfiesConstraint(Type argument, Type bound) {
    if (Relations.isSubtype(argument, bound)
        || Unions.isInt(argument) && Relations.isSubtype(Type.Primitive.NUMBER, bound)) {
      return true;
    }
    if (!(bound instanceof Type.Structure s)) {
      return false;
    }
    Type host = library.host(argument);
    return host != null
        && Members.properties(s).stream()
            .allMatch(
                p -> {
                  Members.Member m = Members.find(host, p.name());
                  return m != null
                      && m.isPublic()
                      && (p.readonly() || p.method())
                      && Relations.isAssignable(m.type(), p.type());
                });
  }

  // ---- composed types ----

  /** The type of something that holds a value: neither void nor never. */
  private Type readHeld(TypeNode node, String what) {
    Type type = readType(node);
    if (type == Type.Primitive.VOID) {
      error(DiagnosticCode.E0334, node.span(), what + " cannot be 'void'");
      return Type.Primitive.INVALID;
    }
    if (type == Type.Primitive.NEVER) {
      error(
          DiagnosticCode.E0126,
          node.span(),
          what + " cannot be 'never', which has no values; write 'null' for one that is not there");
      return Type.Primitive.INVALID;
    }
    return type;
  }

  private Type union(TypeNode.UnionForm u) {
    List<Type> members = new ArrayList<>();
    for (TypeNode n : u.members()) {
      Type m = readType(n);
      if (m == Type.Primitive.VOID) {
        error(DiagnosticCode.E0319, n.span(), "'void' cannot be a member of a union");
        return Type.Primitive.INVALID;
      }
      members.add(m);
    }
    Type type = Unions.declared(members);
    deferred.run(() -> checkUnion(type, u.span()));
    return type;
  }

  /** Reports a union that is not well-formed (language.md 3.4); true if it is. */
  final boolean checkUnion(Type type, Span span) {
    List<Type> variants = new ArrayList<>(Unions.members(type));
    variants.remove(Type.Primitive.NULL);
    if (variants.size() <= 1 || variants.stream().allMatch(Unions::isBareMember)) {
      return true;
    }
    for (Type v : variants) {
      if (!isObject(v)) {
        error(
            DiagnosticCode.E0319,
            span,
            "a union holds either primitive types or object types; '"
                + show(type)
                + "' mixes them");
        return false;
      }
    }
    if (Discriminants.candidates(variants).isEmpty()) {
      error(
          DiagnosticCode.E0401,
          span,
          "the members of '" + show(type) + "' have no literal property in common");
      return false;
    }
    if (Discriminants.choose(variants) == null) {
      error(
          DiagnosticCode.E0402,
          span,
          "no literal property tells the members of '"
              + show(type)
              + "' apart: the values overlap");
      return false;
    }
    return true;
  }

  static boolean isObject(Type type) {
    return type instanceof Type.Structure || type instanceof Type.ClassInstance;
  }

  /** Whether a union would be well-formed; nothing is reported. */
  final boolean isWellFormedUnion(Type type) {
    int errors = diagnostics.size();
    boolean fine = checkUnion(type, module.span());
    diagnostics.truncate(errors);
    return fine;
  }

  private Type intersection(TypeNode.IntersectionForm node) {
    List<Type.Structure> parts = new ArrayList<>();
    for (TypeNode n : node.members()) {
      Type t = readType(n);
      if (t instanceof Type.Structure s) {
        parts.add(s);
      } else if (!isInvalid(t)) {
        error(
            DiagnosticCode.E0126,
            n.span(),
            "only object types and interfaces can be intersected, not '" + show(t) + "'");
      }
    }
    return structure(
        StructureSymbol.Kind.OBJECT_TYPE, node.span(), () -> merge(parts, node.span()));
  }

  /** The members of several structures; a member in two must have the same type. */
  final List<StructureSymbol.Property> merge(List<Type.Structure> parts, Span span) {
    List<StructureSymbol.Property> all = new ArrayList<>();
    for (Type.Structure part : parts) {
      for (StructureSymbol.Property p : Members.properties(part)) {
        StructureSymbol.Property known = null;
        for (StructureSymbol.Property q : all) {
          if (q.name().equals(p.name())) {
            known = q;
          }
        }
        if (known == null) {
          all.add(p);
        } else if (!Relations.same(known.type(), p.type()) || known.optional() != p.optional()) {
          error(
              DiagnosticCode.E0343,
              span,
              "the member '"
                  + p.name()
                  + "' has two types: '"
                  + show(known.type())
                  + "' and '"
                  + show(p.type())
                  + "'");
        }
      }
    }
    return all;
  }

  private Type objectType(TypeNode.ObjectForm node) {
    Scope here = scope;
    return structure(
        StructureSymbol.Kind.OBJECT_TYPE,
        node.span(),
        () -> inScope(here, () -> properties(node.members())));
  }

  /** An anonymous structure; the type parameters in scope are its own. */
  final Type.Structure structure(
      StructureSymbol.Kind kind,
      Span span,
      java.util.function.Supplier<List<StructureSymbol.Property>> members) {
    List<TypeParameterSymbol> parameters = scope.typeParameters();
    StructureSymbol symbol = new StructureSymbol("", span, kind, module, parameters);
    symbol.inferProperties(members);
    deferred.run(symbol::properties);
    List<Type> arguments = new ArrayList<>();
    for (TypeParameterSymbol p : parameters) {
      arguments.add(new Type.Variable(p));
    }
    return new Type.Structure(symbol, arguments);
  }

  /** The members of an object type as written. */
  final List<StructureSymbol.Property> properties(List<TypeNode.Member> members) {
    List<StructureSymbol.Property> properties = new ArrayList<>();
    for (TypeNode.Member m : members) {
      checkMemberName(m.name());
      for (StructureSymbol.Property p : properties) {
        if (p.name().equals(m.name().text())) {
          error(
              DiagnosticCode.E0202,
              m.name().span(),
              "'" + m.name().text() + "' is already a member of this type");
        }
      }
      if (m.method()
          && m.type() instanceof TypeNode.FunctionForm f
          && !f.signature().typeParameters().isEmpty()) {
        error(
            DiagnosticCode.E0345,
            m.name().span(),
            "a generic method cannot be virtual, so it cannot stand in an interface");
        continue;
      }
      Type type = m.optional() ? readType(m.type()) : readHeld(m.type(), "a property");
      // What may be missing is no method but a value: m?(): R is readonly m?: () => R.
      boolean maybe = m.method() && m.optional();
      properties.add(
          new StructureSymbol.Property(
              m.name().text(),
              m.optional() ? Unions.orNull(type) : type,
              m.optional(),
              m.readonly() || maybe,
              m.method() && !maybe,
              m.name().span()));
    }
    return properties;
  }

  final void checkMemberName(Name name) {
    switch (name.text()) {
      case "$type", "$value", "__proto__", "prototype" ->
          error(DiagnosticCode.E0213, name.span(), "'" + name.text() + "' cannot be a member name");
      default -> {}
    }
  }

  // ---- functions ----

  /** Declares type parameters in the current scope and reads their bounds. */
  final List<TypeParameterSymbol> declareTypeParameters(List<TypeNode.Parameter> nodes) {
    List<TypeParameterSymbol> symbols = new ArrayList<>();
    for (TypeNode.Parameter p : nodes) {
      TypeParameterSymbol symbol = new TypeParameterSymbol(p.name().text(), p.name().span());
      if (!scope.declare(p.name().text(), symbol)) {
        error(
            DiagnosticCode.E0202,
            p.name().span(),
            "'" + p.name().text() + "' is already declared here");
      }
      symbols.add(symbol);
    }
    for (int i = 0; i < nodes.size(); i++) {
      TypeNode.Parameter p = nodes.get(i);
      symbols
          .get(i)
          .complete(
              p.constraint() == null ? null : readType(p.constraint()),
              p.defaultType() == null ? null : readType(p.defaultType()));
    }
    return symbols;
  }

  /** How many parameters a function may have, {@code this} included ({@code rbin.md} 7). */
  private static final int MAX_PARAMETERS = 255;

  /** Reports a function that has more parameters than a call can give. */
  final void checkParameterCount(FunctionSyntax signature, boolean receives) {
    int most = receives ? MAX_PARAMETERS - 1 : MAX_PARAMETERS;
    if (signature.parameters().size() > most) {
      error(
          DiagnosticCode.E0702,
          signature.parameters().get(most).span(),
          "a "
              + (receives ? "method" : "function")
              + " has at most "
              + most
              + " parameters; pass an object or an array");
    }
  }

  private Type.Function readSignature(FunctionSyntax signature) {
    checkParameterCount(signature, false);
    List<Type.Parameter> parameters = new ArrayList<>();
    for (FunctionSyntax.Parameter p : signature.parameters()) {
      Type type = p.annotation() == null ? Type.Primitive.INVALID : readType(p.annotation());
      parameters.add(parameter(p, type));
    }
    TypeNode result = signature.result();
    if (result instanceof TypeNode.PredicateForm predicate) {
      return new Type.Function(
          List.of(), parameters, Type.Primitive.BOOLEAN, readPredicate(predicate, signature));
    }
    return new Type.Function(
        List.of(), parameters, result == null ? Type.Primitive.VOID : readType(result), null);
  }

  final Type.@Nullable Predicate readPredicate(
      TypeNode.PredicateForm predicate, FunctionSyntax signature) {
    Type type = readType(predicate.type());
    for (int i = 0; i < signature.parameters().size(); i++) {
      if (signature.parameters().get(i).target() instanceof Pattern.Identifier id
          && id.name().text().equals(predicate.parameter().text())) {
        return new Type.Predicate(i, type);
      }
    }
    error(
        DiagnosticCode.E0201,
        predicate.parameter().span(),
        "'" + predicate.parameter().text() + "' is not a parameter");
    return null;
  }

  /** A parameter of a function type, from its syntax and annotated (or inferred) type. */
  static Type.Parameter parameter(FunctionSyntax.Parameter p, Type type) {
    String name = p.target() instanceof Pattern.Identifier id ? id.name().text() : "";
    if (p.rest()) {
      return new Type.Parameter(name, type, Type.ParameterKind.REST);
    }
    if (p.defaultValue() != null) {
      return new Type.Parameter(name, type, Type.ParameterKind.DEFAULT);
    }
    return p.optional()
        ? new Type.Parameter(
            name,
            type == Type.Primitive.JSON ? type : Unions.orNull(type),
            Type.ParameterKind.OPTIONAL)
        : new Type.Parameter(name, type, Type.ParameterKind.REQUIRED);
  }
}
