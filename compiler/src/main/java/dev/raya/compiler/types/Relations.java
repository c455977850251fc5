package dev.raya.compiler.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Relations between types (language.md 3.2): sameness, subtyping without conversion, and
 * assignability with implicit conversion. Recursive structures are compared under the assumption
 * that what is being compared holds.
 */
public final class Relations {
  /** How deep classes may derive and types may nest before a comparison gives up. */
  public static final int MAX_DEPTH = 256;

  /** How often one comparison of two declarations may lead to a further one of the same two. */
  private static final int MAX_NESTED = 2;

  /** Steps of one comparison, after which the types count as different. */
  private static final int MAX_STEPS = 1_000_000;

  /** Two types and what is asked of them: whether they are the same, or the first a subtype. */
  private record Pair(Type a, Type b, boolean same) {}

  /** What is being compared, outermost first. */
  private List<Pair> open = List.of();

  /**
   * What holds as long as the comparisons do in which it was found, in the order of finding; and
   * the same as a set. A comparison that fails takes back what was found in it.
   */
  private List<Pair> found = List.of();

  private Set<Pair> holding = Set.of();
  private int depth;
  private int steps;

  private Relations() {}

  /** Whether two types have the same values and representation. */
  public static boolean same(Type a, Type b) {
    return a == b || new Relations().isSame(a, b);
  }

  /** Whether a value of one type is one of the other without conversion. */
  public static boolean isSubtype(Type a, Type b) {
    return a == b || new Relations().subtype(a, b);
  }

  /** Whether a value may be used where the other type is expected, conversions included. */
  public static boolean isAssignable(Type a, Type b) {
    return a == b || new Relations().assignable(a, b);
  }

  /** Whether a type of objects may have members that are not known, because of an error. */
  public static boolean isIncomplete(Type type) {
    return switch (type) {
      case Type.ClassInstance c -> c.symbol().isIncomplete();
      case Type.Structure s -> s.symbol().isIncomplete();
      default -> false;
    };
  }

  /** Notes a comparison; what leads back to it takes it for true (a greatest fixed point). */
  private int begin(Pair pair) {
    if (holding.isEmpty() && open.isEmpty()) {
      // Most comparisons never get here.
      open = new ArrayList<>();
      found = new ArrayList<>();
      holding = new HashSet<>();
    }
    open.add(pair);
    found.add(pair);
    holding.add(pair);
    return found.size() - 1;
  }

  private boolean end(int begun, boolean holds) {
    open.removeLast();
    while (!holds && found.size() > begun) {
      holding.remove(found.removeLast());
    }
    return holds;
  }

  /** Ends the whole comparison: other ways to go would come as deep, each at full cost. */
  private boolean giveUp() {
    depth--;
    steps = MAX_STEPS;
    return false;
  }

  // ---- same ----

  private boolean isSame(Type a, Type b) {
    if (a == b || a.equals(b)) {
      return true;
    }
    if (a == Type.Primitive.INVALID || b == Type.Primitive.INVALID) {
      return true;
    }
    if (++depth > MAX_DEPTH || ++steps > MAX_STEPS) {
      return giveUp();
    }
    boolean result =
        switch (a) {
          case Type.Array x ->
              b instanceof Type.Array y
                  && x.readonly() == y.readonly()
                  && isSame(x.element(), y.element());
          case Type.Tuple x ->
              b instanceof Type.Tuple y
                  && x.readonly() == y.readonly()
                  && allSame(x.elements(), y.elements());
          case Type.Function x -> b instanceof Type.Function y && sameFunction(x, y);
          case Type.ClassInstance x ->
              b instanceof Type.ClassInstance y
                  && x.symbol() == y.symbol()
                  && allSame(x.arguments(), y.arguments());
          case Type.Structure x -> b instanceof Type.Structure y && sameStructure(x, y);
          case Type.Union x -> b instanceof Type.Union y && sameUnion(x, y);
          case Type.Primitive _,
              Type.StringLiteral _,
              Type.IntLiteral _,
              Type.BooleanLiteral _,
              Type.Variable _ ->
              false;
        };
    depth--;
    return result;
  }

  private boolean allSame(List<Type> a, List<Type> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!isSame(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean sameFunction(Type.Function a, Type.Function b) {
    if (a.parameters().size() != b.parameters().size()
        || a.typeParameters().size() != b.typeParameters().size()) {
      return false;
    }
    for (int i = 0; i < a.parameters().size(); i++) {
      if (!sameKind(a.parameters().get(i).kind(), b.parameters().get(i).kind())
          || !isSame(a.parameters().get(i).type(), b.parameters().get(i).type())) {
        return false;
      }
    }
    return isSame(a.result(), b.result());
  }

  private static boolean sameKind(Type.ParameterKind a, Type.ParameterKind b) {
    boolean optionalA = a == Type.ParameterKind.OPTIONAL || a == Type.ParameterKind.DEFAULT;
    boolean optionalB = b == Type.ParameterKind.OPTIONAL || b == Type.ParameterKind.DEFAULT;
    return a == b || optionalA && optionalB;
  }

  private boolean sameStructure(Type.Structure a, Type.Structure b) {
    if (a.symbol() == b.symbol() && allSame(a.arguments(), b.arguments())) {
      return true;
    }
    if (!a.symbol().isComplete() || !b.symbol().isComplete()) {
      // One of them is just being read, while the other mentions it: not the same declaration.
      return false;
    }
    if (a.symbol().properties().size() != b.symbol().properties().size()) {
      return false;
    }
    Pair pair = new Pair(a, b, true);
    if (holding.contains(pair)) {
      return true;
    }
    if (isNestedOften(a, b)) {
      return false;
    }
    int begun = begin(pair);
    // Making unions of the members compares theirs, which may be a and b again: not by structure.
    List<StructureSymbol.Property> left = Members.properties(a, Unions.AS_WRITTEN);
    List<StructureSymbol.Property> right = Members.properties(b, Unions.AS_WRITTEN);
    Map<String, StructureSymbol.Property> byName = new HashMap<>();
    right.forEach(q -> byName.putIfAbsent(q.name(), q));
    boolean result = true;
    for (StructureSymbol.Property p : left) {
      StructureSymbol.Property q = byName.get(p.name());
      if (q == null
          || p.optional() != q.optional()
          || p.readonly() != q.readonly() && !(p.method() || q.method())
          || !isSame(p.type(), q.type())) {
        result = false;
        break;
      }
    }
    return end(begun, result);
  }

  /**
   * Whether the declarations of two types are being compared again and again, each time with larger
   * arguments. Such types have no end, so that those of different declarations count as different.
   */
  private boolean isNestedOften(Type.Structure a, Type.Structure b) {
    int nested = 0;
    for (Pair p : open) {
      if (p.a instanceof Type.Structure x
          && p.b instanceof Type.Structure y
          && x.symbol() == a.symbol()
          && y.symbol() == b.symbol()) {
        nested++;
      }
    }
    return nested >= MAX_NESTED;
  }

  /** Either may hold members that are the same, if it was made without looking at them closely. */
  private boolean sameUnion(Type.Union a, Type.Union b) {
    return isAmong(a, b) && isAmong(b, a);
  }

  private boolean isAmong(Type.Union types, Type.Union others) {
    for (Type type : types.members()) {
      boolean found = others.has(type);
      for (Type other : found ? List.<Type>of() : others.members()) {
        if (isSame(type, other)) {
          found = true;
          break;
        }
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  // ---- subtype ----

  /** Whether an error hides if one type of objects is a subtype of the other. */
  private static boolean isHidden(Type a, Type b) {
    return (a instanceof Type.ClassInstance || a instanceof Type.Structure)
        && (b instanceof Type.ClassInstance || b instanceof Type.Structure)
        && (isIncomplete(a) || b instanceof Type.Structure && isIncomplete(b));
  }

  private boolean subtype(Type a, Type b) {
    if (a == b || a == Type.Primitive.INVALID || b == Type.Primitive.INVALID) {
      return true;
    }
    if (a == Type.Primitive.NEVER) {
      return true;
    }
    if (++depth > MAX_DEPTH || steps >= MAX_STEPS) {
      return giveUp();
    }
    boolean result = subtypeUnbounded(a, b) || isHidden(a, b);
    depth--;
    return result;
  }

  private boolean subtypeUnbounded(Type a, Type b) {
    if (a instanceof Type.Union u) {
      for (Type m : u.members()) {
        if (!subtype(m, b)) {
          return false;
        }
      }
      return true;
    }
    if (b instanceof Type.Union u) {
      if (u.has(a)) {
        return true;
      }
      if (u.isPlain() && (a instanceof Type.Primitive || Unions.isLiteral(a))) {
        return a == Type.Primitive.BOOLEAN
            ? u.has(new Type.BooleanLiteral(true)) && u.has(new Type.BooleanLiteral(false))
            : u.has(Unions.base(a));
      }
      for (Type m : u.members()) {
        if (subtype(a, m)) {
          return true;
        }
      }
      if (a == Type.Primitive.BOOLEAN) {
        return u.members().contains(new Type.BooleanLiteral(true))
            && u.members().contains(new Type.BooleanLiteral(false));
      }
      return a instanceof Type.Variable v
          && v.symbol().constraint() != null
          && subtype(v.symbol().constraint(), b);
    }
    return switch (a) {
      case Type.Primitive p -> p == b;
      case Type.StringLiteral _ -> b == Type.Primitive.STRING || a.equals(b);
      case Type.IntLiteral _ -> b == Type.Primitive.INT || a.equals(b);
      case Type.BooleanLiteral _ -> b == Type.Primitive.BOOLEAN || a.equals(b);
      case Type.Array x -> b instanceof Type.Array y && arraySubtype(x, y);
      case Type.Tuple x -> b instanceof Type.Tuple y && tupleSubtype(x, y);
      case Type.Function x -> b instanceof Type.Function y && functionSubtype(x, y, false);
      case Type.ClassInstance x ->
          switch (b) {
            case Type.ClassInstance y -> classSubtype(x, y);
            case Type.Structure y -> BuiltinObjects.isObject(x) && structural(x, y);
            default -> false;
          };
      case Type.Structure x -> b instanceof Type.Structure y && structural(x, y);
      case Type.Variable v ->
          a.equals(b) || v.symbol().constraint() != null && subtype(v.symbol().constraint(), b);
      case Type.Union _ -> throw new IllegalStateException("unions were taken apart");
    };
  }

  private boolean arraySubtype(Type.Array a, Type.Array b) {
    if (b.readonly()) {
      return subtype(a.element(), b.element());
    }
    return !a.readonly() && isSame(a.element(), b.element());
  }

  private boolean tupleSubtype(Type.Tuple a, Type.Tuple b) {
    if (a.elements().size() != b.elements().size() || a.readonly() && !b.readonly()) {
      return false;
    }
    for (int i = 0; i < a.elements().size(); i++) {
      Type x = a.elements().get(i);
      Type y = b.elements().get(i);
      if (b.readonly() ? !subtype(x, y) : !isSame(x, y)) {
        return false;
      }
    }
    return true;
  }

  private boolean classSubtype(Type.ClassInstance a, Type.ClassInstance b) {
    Type.ClassInstance at = a;
    for (int guard = 0; guard < MAX_DEPTH; guard++) {
      if (at.symbol() == b.symbol()) {
        return argumentsSubtype(at, b);
      }
      if (isCore(at, "Map") && isCore(b, "ReadonlyMap")) {
        return argumentsSubtype(at, b);
      }
      Type.ClassInstance base = Members.base(at);
      if (base == null) {
        return false;
      }
      at = base;
    }
    return false;
  }

  private static boolean isCore(Type.ClassInstance c, String name) {
    return c.symbol().ambient()
        && c.symbol().name().equals(name)
        && c.symbol().module().id().packageName().equals("raya:core");
  }

  private boolean argumentsSubtype(Type.ClassInstance a, Type.ClassInstance b) {
    boolean covariant = a.symbol().ambient() && a.symbol().name().equals("Task");
    for (int i = 0; i < a.arguments().size() && i < b.arguments().size(); i++) {
      Type x = a.arguments().get(i);
      Type y = b.arguments().get(i);
      if (covariant ? !(subtype(x, y) || y == Type.Primitive.VOID) : !isSame(x, y)) {
        return false;
      }
    }
    return true;
  }

  private boolean structural(Type a, Type.Structure b) {
    if (a instanceof Type.Structure s
        && s.symbol() == b.symbol()
        && s.arguments().equals(b.arguments())) {
      return true;
    }
    Pair pair = new Pair(a, b, false);
    if (holding.contains(pair)) {
      return true;
    }
    int begun = begin(pair);
    boolean result = true;
    for (StructureSymbol.Property p : Members.properties(b)) {
      if (!satisfies(a, p)) {
        result = false;
        break;
      }
    }
    return end(begun, result);
  }

  private boolean satisfies(Type a, StructureSymbol.Property wanted) {
    Members.Member member = Members.find(a, wanted.name());
    if (member == null || !member.isPublic() || !BuiltinObjects.isFoundByName(member)) {
      return false;
    }
    if (member.isMethod()) {
      return (wanted.method() || wanted.readonly())
          && subtypeOfMethod(member.type(), wanted.type());
    }
    if (wanted.method()) {
      return subtypeOfMethod(member.type(), wanted.type());
    }
    if (wanted.readonly()) {
      return subtype(member.type(), wanted.type());
    }
    return member.writable()
        && member.optional() == wanted.optional()
        && isSame(member.type(), wanted.type());
  }

  private boolean subtypeOfMethod(Type a, Type b) {
    Type wanted = Unions.withoutNull(b);
    return a instanceof Type.Function f
        && wanted instanceof Type.Function g
        && functionSubtype(f, g, true);
  }

  /** Function subtyping, with int to number conversions in parameters and result allowed or not. */
  private boolean functionSubtype(Type.Function a, Type.Function b, boolean adapt) {
    if (!a.typeParameters().isEmpty()) {
      return sameFunction(a, b);
    }
    int n = b.parameters().size();
    for (int i = 0; i < a.parameters().size(); i++) {
      Type.Parameter x = a.parameters().get(i);
      if (i >= n) {
        if (x.kind() == Type.ParameterKind.REQUIRED || x.kind() == Type.ParameterKind.REST) {
          return false;
        }
        continue;
      }
      Type.Parameter y = b.parameters().get(i);
      boolean restX = x.kind() == Type.ParameterKind.REST;
      boolean restY = y.kind() == Type.ParameterKind.REST;
      if (restX != restY) {
        return false;
      }
      boolean omittableY =
          y.kind() == Type.ParameterKind.OPTIONAL || y.kind() == Type.ParameterKind.DEFAULT;
      if (x.kind() == Type.ParameterKind.REQUIRED
          && omittableY
          && !subtype(Type.Primitive.NULL, x.type())) {
        return false;
      }
      if (!(adapt ? assignable(y.type(), x.type()) : subtype(y.type(), x.type()))) {
        return false;
      }
    }
    if (b.result() == Type.Primitive.VOID) {
      return true;
    }
    if (b.predicate() != null
        && (a.predicate() == null || !isSame(a.predicate().type(), b.predicate().type()))) {
      return false;
    }
    return adapt ? assignable(a.result(), b.result()) : subtype(a.result(), b.result());
  }

  // ---- assignable ----

  private boolean assignable(Type a, Type b) {
    if (subtype(a, b)) {
      return true;
    }
    if (a instanceof Type.Union u) {
      for (Type m : u.members()) {
        if (!assignable(m, b)) {
          return false;
        }
      }
      return true;
    }
    if (b instanceof Type.Union u) {
      for (Type m : u.members()) {
        if (assignable(a, m)) {
          return true;
        }
      }
      return false;
    }
    if (b == Type.Primitive.NUMBER) {
      return Unions.isInt(constraintOf(a));
    }
    if (b instanceof Type.Function g && a instanceof Type.Function f) {
      return functionSubtype(f, g, true);
    }
    if (b == Type.Primitive.JSON) {
      return Unions.isBare(a);
    }
    return b instanceof Type.Structure s
        && Members.iterableElement(s) != null
        && assignableToIterable(a, s);
  }

  private boolean assignableToIterable(Type a, Type.Structure iterable) {
    Type wanted = Members.iterableElement(iterable);
    Type element = Members.elementOfIterated(a);
    return wanted != null && element != null && isSame(element, wanted);
  }

  /** A type parameter's bound, or the type itself. */
  public static Type constraintOf(Type type) {
    Type at = type;
    for (int guard = 0; guard < MAX_DEPTH; guard++) {
      if (at instanceof Type.Variable v && v.symbol().constraint() != null) {
        at = v.symbol().constraint();
      } else {
        return at;
      }
    }
    return at;
  }

  /**
   * Whether only mutability prevents an assignment: it would be legal to the read-only form of the
   * target (E0340).
   */
  public static boolean failsByMutabilityOnly(Type a, Type b) {
    return switch (b) {
      case Type.Array y when !y.readonly() ->
          a instanceof Type.Array && isSubtype(a, new Type.Array(y.element(), true));
      case Type.Tuple y when !y.readonly() ->
          a instanceof Type.Tuple && isSubtype(a, new Type.Tuple(y.elements(), true));
      case Type.Structure s -> structureFailsByMutability(a, s);
      case Type.Union u -> {
        Type rest = Unions.withoutNull(u);
        yield !rest.equals(b) && failsByMutabilityOnly(Unions.withoutNull(a), rest);
      }
      default -> false;
    };
  }

  private static boolean structureFailsByMutability(Type a, Type.Structure b) {
    boolean mutability = false;
    for (StructureSymbol.Property p : Members.properties(b)) {
      Members.Member m = Members.find(a, p.name());
      if (m == null || !m.isPublic()) {
        return false;
      }
      Relations relations = new Relations();
      if (!relations.satisfies(a, p)) {
        StructureSymbol.Property readonly =
            new StructureSymbol.Property(
                p.name(), p.type(), p.optional(), true, p.method(), p.span());
        if (!relations.satisfies(a, readonly)) {
          return false;
        }
        mutability = true;
      }
    }
    return mutability;
  }
}
