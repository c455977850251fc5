package dev.raya.compiler.types;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Makes unions normal (language.md 3.4) and takes them apart. */
public final class Unions {
  private Unions() {}

  /** The union of some types: flattened, without duplicates, literals absorbed by their base. */
  public static Type of(List<Type> types) {
    return of(types, Relations::same);
  }

  /** As {@link #of(List)}, where object types are compared in some way. */
  static Type of(List<Type> types, BiPredicate<Type, Type> same) {
    List<Type> flat = new ArrayList<>();
    for (Type t : types) {
      for (Type m : members(t)) {
        if (m == Type.Primitive.INVALID) {
          return m;
        }
        if (m != Type.Primitive.NEVER) {
          add(flat, m, same);
        }
      }
    }
    return ofDistinct(flat);
  }

  /**
   * The union of types as written in a declaration. Object types are not compared by their members,
   * which may not be known yet.
   */
  public static Type declared(List<Type> types) {
    List<Type> flat = new ArrayList<>();
    for (Type t : types) {
      for (Type m : members(t)) {
        if (m == Type.Primitive.INVALID) {
          return m;
        }
        if (m instanceof Type.Primitive || isLiteral(m)) {
          if (m != Type.Primitive.NEVER) {
            add(flat, m, Relations::same);
          }
        } else if (!flat.contains(m)) {
          flat.add(m);
        }
      }
    }
    return ofDistinct(flat);
  }

  /** The union of two types. */
  public static Type of(Type a, Type b) {
    return a == b ? a : of(List.of(a, b));
  }

  /** A type or null. */
  public static Type orNull(Type type) {
    return of(type, Type.Primitive.NULL);
  }

  private static void add(List<Type> flat, Type type, BiPredicate<Type, Type> same) {
    for (Type other : flat) {
      if (absorbs(other, type, same)) {
        return;
      }
    }
    flat.removeIf(other -> absorbs(type, other, same));
    flat.add(type);
  }

  private static Type ofDistinct(List<Type> flat) {
    boolean yes = flat.contains(new Type.BooleanLiteral(true));
    boolean no = flat.contains(new Type.BooleanLiteral(false));
    if (yes && no) {
      int at = flat.indexOf(new Type.BooleanLiteral(true));
      int other = flat.indexOf(new Type.BooleanLiteral(false));
      flat.set(Math.min(at, other), Type.Primitive.BOOLEAN);
      flat.remove(Math.max(at, other));
    }
    return switch (flat.size()) {
      case 0 -> Type.Primitive.NEVER;
      case 1 -> flat.getFirst();
      default -> new Type.Union(flat);
    };
  }

  /** Whether a member makes another one superfluous. */
  private static boolean absorbs(Type wide, Type narrow, BiPredicate<Type, Type> same) {
    if (wide instanceof Type.Primitive p) {
      return switch (p) {
        case STRING -> narrow == p || narrow instanceof Type.StringLiteral;
        case INT -> narrow == p || narrow instanceof Type.IntLiteral;
        case NUMBER ->
            narrow == p || narrow == Type.Primitive.INT || narrow instanceof Type.IntLiteral;
        case BOOLEAN -> narrow == p || narrow instanceof Type.BooleanLiteral;
        case JSON -> narrow == p || narrow == Type.Primitive.NULL;
        default -> narrow == p;
      };
    }
    return same.test(wide, narrow);
  }

  /** The members of a union, or the type alone. */
  public static List<Type> members(Type type) {
    return type instanceof Type.Union u ? u.members() : List.of(type);
  }

  /** As {@link #members}, with boolean taken as its two literals. */
  public static List<Type> cases(Type type) {
    List<Type> cases = new ArrayList<>();
    for (Type m : members(type)) {
      if (m == Type.Primitive.BOOLEAN) {
        cases.add(new Type.BooleanLiteral(true));
        cases.add(new Type.BooleanLiteral(false));
      } else {
        cases.add(m);
      }
    }
    return cases;
  }

  /** What is left of a type when only some members (see {@link #cases}) are kept. */
  public static Type filter(Type type, Predicate<Type> keep) {
    List<Type> kept = new ArrayList<>();
    for (Type m : cases(type)) {
      if (keep.test(m)) {
        kept.add(m);
      }
    }
    return of(kept);
  }

  /** Whether null is a value of the type. A type parameter's values are not known to be null. */
  public static boolean hasNull(Type type) {
    return members(type).contains(Type.Primitive.NULL);
  }

  /** The type without null. */
  public static Type withoutNull(Type type) {
    return hasNull(type) ? filter(type, m -> m != Type.Primitive.NULL) : type;
  }

  /** A literal type's base type; of a union each member's; other types stay. */
  public static Type base(Type type) {
    return switch (type) {
      case Type.StringLiteral _ -> Type.Primitive.STRING;
      case Type.IntLiteral _ -> Type.Primitive.INT;
      case Type.BooleanLiteral _ -> Type.Primitive.BOOLEAN;
      case Type.Union u -> of(u.members().stream().map(Unions::base).toList());
      default -> type;
    };
  }

  /** Whether the type is one literal. */
  public static boolean isLiteral(Type type) {
    return type instanceof Type.StringLiteral
        || type instanceof Type.IntLiteral
        || type instanceof Type.BooleanLiteral;
  }

  /** Whether a type is int, or literals of it. */
  public static boolean isInt(Type type) {
    return all(type, m -> m == Type.Primitive.INT || m instanceof Type.IntLiteral);
  }

  /** Whether a type is int or number. */
  public static boolean isNumeric(Type type) {
    return all(
        type,
        m -> m == Type.Primitive.INT || m == Type.Primitive.NUMBER || m instanceof Type.IntLiteral);
  }

  /** Whether a type is string, or literals of it. */
  public static boolean isString(Type type) {
    return all(type, m -> m == Type.Primitive.STRING || m instanceof Type.StringLiteral);
  }

  /** Whether a type is boolean, or literals of it. */
  public static boolean isBoolean(Type type) {
    return all(type, m -> m == Type.Primitive.BOOLEAN || m instanceof Type.BooleanLiteral);
  }

  /** Whether every member is primitive or literal, null included. */
  public static boolean isBare(Type type) {
    return all(type, Unions::isBareMember);
  }

  /** Whether a member may stand in a bare union. */
  public static boolean isBareMember(Type m) {
    return isLiteral(m)
        || m == Type.Primitive.INT
        || m == Type.Primitive.NUMBER
        || m == Type.Primitive.STRING
        || m == Type.Primitive.BOOLEAN
        || m == Type.Primitive.NULL;
  }

  private static boolean all(Type type, Predicate<Type> test) {
    if (type == Type.Primitive.NEVER) {
      return false;
    }
    for (Type m : members(type)) {
      if (!test.test(m)) {
        return false;
      }
    }
    return true;
  }
}
