package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.UnaryOperator;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.BuiltinObjects;
import dev.raya.compiler.types.Discriminants;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypePrinter;
import dev.raya.compiler.types.Unions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the checker that makes values fit expected types (language.md 3.2, 4.2, 4.3). */
abstract sealed class Conversions extends ClassDeclarations permits Narrowing {
  Conversions(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /** Makes a value fit, or reports with the code (or a more specific one). */
  final Expr convert(Expr e, Type target, Span span, DiagnosticCode code) {
    Type from = e.type();
    if (isInvalid(from) || isInvalid(target) || from.equals(target)) {
      return e;
    }
    Expr fitted = fit(e, target);
    if (fitted != null) {
      return fitted;
    }
    reportMismatch(from, target, span, code);
    return invalid(span);
  }

  /** The value as the target type, or null if it is not assignable. */
  final @Nullable Expr fit(Expr e, Type target) {
    Type from = e.type();
    if (isInvalid(from) || isInvalid(target) || from.equals(target)) {
      return e;
    }
    if (from == Type.Primitive.VOID || target == Type.Primitive.VOID) {
      return null;
    }
    if (Relations.isSubtype(from, target)) {
      return Relations.same(from, target) ? e : widen(e, target);
    }
    if (!Relations.isAssignable(from, target)) {
      Expr whole = ofParameter(e);
      return whole == null ? null : fit(whole, target);
    }
    if (target == Type.Primitive.NUMBER) {
      return toNumber(e);
    }
    if (target instanceof Type.Union u) {
      if (Unions.isInt(from) && u.members().contains(Type.Primitive.NUMBER)) {
        return widen(toNumber(e), target);
      }
      for (Type m : u.members()) {
        if (!(from instanceof Type.Union) && Relations.isAssignable(from, m)) {
          Expr inner = fit(e, m);
          if (inner != null) {
            return widen(inner, target);
          }
        }
      }
      return widen(e, target);
    }
    if (target == Type.Primitive.JSON) {
      return new Expr.Convert(e.span(), Conversion.TO_JSON, e, target);
    }
    if (target instanceof Type.Structure) {
      return new Expr.Convert(e.span(), Conversion.TO_ITERABLE, e, target);
    }
    if (target instanceof Type.Function) {
      return new Expr.Convert(e.span(), Conversion.ADAPT_FUNCTION, e, target);
    }
    return widen(e, target);
  }

  /**
   * What was read as a value of a type parameter and narrowed by its bound, as one of the type
   * parameter, which it is whatever tests have told of it; null if it is something else.
   */
  private static @Nullable Expr ofParameter(Expr e) {
    if (!(e instanceof Expr.Convert narrowed)
        || narrowed.conversion() != Conversion.NARROW
            && narrowed.conversion() != Conversion.CHECKED_NARROW
        || !(narrowed.operand() instanceof Expr.Convert bounded)
        || bounded.conversion() != Conversion.WIDEN) {
      return null;
    }
    Expr read = bounded.operand();
    boolean mayBeNull = Unions.hasNull(narrowed.type());
    Type whole =
        Unions.filter(
            read.type(), m -> m instanceof Type.Variable || mayBeNull && m == Type.Primitive.NULL);
    if (whole == Type.Primitive.NEVER) {
      return null;
    }
    return whole.equals(read.type())
        ? read
        : new Expr.Convert(e.span(), narrowed.conversion(), read, whole);
  }

  private static Expr widen(Expr e, Type target) {
    return switch (e) {
      case Expr.Int i when target == Type.Primitive.INT ->
          new Expr.Int(i.span(), i.value(), target, i.negativeZero());
      case Expr.Str s when target == Type.Primitive.STRING ->
          new Expr.Str(s.span(), s.value(), target);
      case Expr.Bool b when target == Type.Primitive.BOOLEAN ->
          new Expr.Bool(b.span(), b.value(), target);
      default -> new Expr.Convert(e.span(), Conversion.WIDEN, e, target);
    };
  }

  /** An int as a number; constants are converted here. */
  static Expr toNumber(Expr e) {
    if (e.type() == Type.Primitive.NUMBER || isInvalid(e.type())) {
      return e;
    }
    if (e instanceof Expr.Int i) {
      return new Expr.Num(i.span(), i.negativeZero() ? -0.0 : i.value());
    }
    return new Expr.Convert(e.span(), Conversion.INT_TO_NUMBER, e, Type.Primitive.NUMBER);
  }

  private void reportMismatch(Type from, Type target, Span span, DiagnosticCode code) {
    if (from == Type.Primitive.VOID) {
      error(DiagnosticCode.E0334, span, "a 'void' result has no value to use");
    } else if (from == Type.Primitive.JSON) {
      error(
          DiagnosticCode.E0335,
          span,
          "a 'json' value must be cast before it is used as '"
              + show(target)
              + "': write 'as "
              + show(target)
              + "'");
    } else if (target == Type.Primitive.INT && Unions.isNumeric(from)) {
      error(
          DiagnosticCode.E0318,
          span,
          "a 'number' does not convert to 'int' by itself; write int(…), Math.trunc(…) or"
              + " Math.floor(…)");
    } else if (Relations.failsByMutabilityOnly(from, target)) {
      error(
          DiagnosticCode.E0340,
          span,
          notAssignable(from, target)
              + ", because what is written through the one could not be read through the other;"
              + " make the target 'readonly', or annotate the source");
    } else {
      error(code, span, notAssignable(from, target) + smallestDifference(from, target, "", 0));
    }
  }

  private static String notAssignable(Type from, Type target) {
    List<String> texts = TypePrinter.print(from, target);
    return "'" + texts.getFirst() + "' is not assignable to '" + texts.getLast() + "'";
  }

  /**
   * Names the innermost part of a structural type that differs.
   *
   * @param path the members that lead to the types, each with a point behind it
   */
  private static String smallestDifference(Type from, Type target, String path, int depth) {
    if (depth > 4) {
      return "";
    }
    if (from instanceof Type.Union || target instanceof Type.Union) {
      return differenceOfVariants(from, target, path, depth);
    }
    if (!(target instanceof Type.Structure s) || !isObject(from)) {
      return "";
    }
    if (from instanceof Type.ClassInstance c && !BuiltinObjects.isObject(c)) {
      return ": a '"
          + c.symbol().name()
          + "' is seen through its own type only; write an object literal or a class with the"
          + " members you need";
    }
    List<StructureSymbol.Property> properties = new ArrayList<>(Members.properties(s));
    // Types that contain themselves differ in themselves too, which says nothing.
    properties.sort(
        Comparator.comparing(
            p -> Unions.members(p.type()).stream().anyMatch(Conversions::isObject)));
    for (StructureSymbol.Property p : properties) {
      String name = "'" + path + p.name() + "'";
      Members.Member m = Members.find(from, p.name());
      if (m == null) {
        return ": the member " + name + " is missing";
      }
      if (!BuiltinObjects.isFoundByName(m)) {
        return ": the built-in method "
            + name
            + " has parameters that take a function or are optional, and such methods are called on"
            + " their own type only; write a class with a method of that name";
      }
      if (!m.isPublic()) {
        return ": the member " + name + " is not public";
      }
      if (!Relations.isAssignable(m.type(), p.type())) {
        boolean again = m.type().equals(from) && p.type().equals(target);
        String inside =
            again ? "" : smallestDifference(m.type(), p.type(), path + p.name() + ".", depth + 1);
        List<String> texts = TypePrinter.print(m.type(), p.type());
        return inside.isEmpty()
            ? ": the member "
                + name
                + " has the type '"
                + texts.getFirst()
                + "', not '"
                + texts.getLast()
                + "'"
            : inside;
      }
      if (!p.readonly() && !p.method() && !m.writable()) {
        return ": the member " + name + " is readonly";
      }
      if (!p.readonly() && !p.method() && !Relations.same(m.type(), p.type())) {
        List<String> texts = TypePrinter.print(m.type(), p.type());
        return ": the mutable member "
            + name
            + " must have exactly the type '"
            + texts.getLast()
            + "', not '"
            + texts.getFirst()
            + "'";
      }
    }
    return "";
  }

  /** Names the variant that has no place, and what parts it from the one that looks like it. */
  private static String differenceOfVariants(Type from, Type target, String path, int depth) {
    List<Type> variants = Unions.members(from);
    for (Type variant : variants) {
      if (Relations.isAssignable(variant, target)) {
        continue;
      }
      List<Type> alike =
          Unions.members(target).stream().filter(t -> looksLike(variant, t)).toList();
      return (variants.size() == 1 ? "" : nameOf(variant))
          + (alike.size() == 1
              ? smallestDifference(variant, alike.getFirst(), path, depth + 1)
              : "");
    }
    return "";
  }

  /** A variant by the literal that tells it from others, if it has one. */
  private static String nameOf(Type variant) {
    for (String name : isObject(variant) ? Members.names(variant) : Set.<String>of()) {
      Set<Type> literals = Discriminants.literals(variant, name);
      if (literals != null && literals.size() == 1) {
        return ": where '" + name + "' is '" + show(literals.iterator().next()) + "'";
      }
    }
    return ": '" + show(variant) + "' is not";
  }

  /** Whether the literal properties of two object types do not tell them apart. */
  private static boolean looksLike(Type one, Type other) {
    if (!isObject(one) || !(other instanceof Type.Structure s)) {
      return false;
    }
    for (StructureSymbol.Property p : Members.properties(s)) {
      Set<Type> wanted = Discriminants.literals(s, p.name());
      Set<Type> given = Discriminants.literals(one, p.name());
      if (wanted != null && given != null && Collections.disjoint(wanted, given)) {
        return false;
      }
    }
    return true;
  }

  // ---- widening of literals ----

  /** Whether an expression is a literal whose type widens: what a variable takes its base of. */
  static boolean isFresh(Expression e) {
    return switch (e) {
      case Expression.NumberLiteral _, Expression.StringLiteral _, Expression.BooleanLiteral _ ->
          true;
      case Expression.Parenthesized p -> isFresh(p.inner());
      case Expression.Unary u ->
          (u.operator() == UnaryOperator.MINUS || u.operator() == UnaryOperator.PLUS)
              && isFresh(u.operand());
      case Expression.Conditional c -> isFresh(c.then()) && isFresh(c.otherwise());
      default -> false;
    };
  }

  /** Whether an expression is an integer literal, which becomes a number inside a container. */
  static boolean isFreshInteger(Expression e) {
    return switch (e) {
      case Expression.NumberLiteral n -> n.integral();
      case Expression.Parenthesized p -> isFreshInteger(p.inner());
      case Expression.Unary u -> u.operator() == UnaryOperator.MINUS && isFreshInteger(u.operand());
      case Expression.Conditional c -> isFreshInteger(c.then()) && isFreshInteger(c.otherwise());
      default -> false;
    };
  }

  /** The type of a mutable variable with this initialiser. */
  static Type widened(Expression e, Type type) {
    return isConst(e) ? type : isFresh(e) || Unions.isLiteral(type) ? Unions.base(type) : type;
  }

  /** The type of a mutable element or property with this initialiser. */
  static Type widenedInside(Expression e, Type type) {
    if (isConst(e)) {
      return type;
    }
    return isFreshInteger(e) ? Type.Primitive.NUMBER : widened(e, type);
  }

  static boolean isConst(Expression e) {
    return e instanceof Expression.As a && a.type() == null
        || e instanceof Expression.Parenthesized p && isConst(p.inner());
  }

  /**
   * The best common type of several (language.md 4.3), or null if their union is not well-formed
   * and no class is common.
   */
  final @Nullable Type common(List<Type> types) {
    Type union = Unions.of(types);
    if (isInvalid(union)) {
      return union;
    }
    if (types.contains(Type.Primitive.JSON)
        && types.stream().allMatch(t -> Relations.isAssignable(t, Type.Primitive.JSON))) {
      return Type.Primitive.JSON;
    }
    List<Type> variants = new ArrayList<>(Unions.members(union));
    boolean hasNull = variants.remove(Type.Primitive.NULL);
    if (variants.size() <= 1) {
      return union;
    }
    for (Type candidate : variants) {
      if (variants.stream().allMatch(v -> Relations.isSubtype(v, candidate))) {
        return hasNull ? Unions.orNull(candidate) : candidate;
      }
    }
    Type base = commonBase(variants);
    if (base != null) {
      return hasNull ? Unions.orNull(base) : base;
    }
    return isWellFormedUnion(union) ? union : null;
  }

  private static @Nullable Type commonBase(List<Type> variants) {
    if (!(variants.getFirst() instanceof Type.ClassInstance first)) {
      return null;
    }
    Type.ClassInstance at = first;
    for (int guard = 0; at != null && guard < Relations.MAX_DEPTH; guard++) {
      Type.ClassInstance candidate = at;
      if (variants.stream().allMatch(v -> Relations.isSubtype(v, candidate))) {
        return candidate;
      }
      at = Members.base(at);
    }
    return null;
  }
}
