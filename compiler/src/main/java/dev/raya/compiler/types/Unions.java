package dev.raya.compiler.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Makes unions normal (language.md 3.4) and takes them apart. */
public final class Unions {
  /** Compares types as they are written, without a look at the members of object types. */
  static final BiPredicate<Type, Type> AS_WRITTEN = Object::equals;

  private static final Type TRUE = new Type.BooleanLiteral(true);
  private static final Type FALSE = new Type.BooleanLiteral(false);

  private Unions() {}

  /** The union of some types: flattened, without duplicates, literals absorbed by their base. */
  public static Type of(List<Type> types) {
    return of(types, Relations::same);
  }

  /** As {@link #of(List)}, where object types are compared in some way. */
  static Type of(List<Type> types, BiPredicate<Type, Type> same) {
    // Most unions are made of one type again and again.
    Type first = types.isEmpty() ? Type.Primitive.NEVER : types.getFirst();
    boolean several = first instanceof Type.Union u && !u.isDistinct();
    for (int i = 1; i < types.size() && !several; i++) {
      several = types.get(i) != first;
    }
    return several ? gathered(types, same) : first;
  }

  /**
   * The union of types as written in a declaration. Object types are not compared by their members,
   * which may not be known yet.
   */
  public static Type declared(List<Type> types) {
    return gathered(types, AS_WRITTEN);
  }

  private static Type gathered(List<Type> types, BiPredicate<Type, Type> same) {
    Gathered gathered = new Gathered(same);
    for (Type t : types) {
      for (Type m : members(t)) {
        if (m == Type.Primitive.INVALID) {
          return m;
        }
        gathered.add(m);
      }
    }
    return ofDistinct(gathered.members(), gathered.complete);
  }

  /** The members of a union on its way, in order, none of which makes another superfluous. */
  private static final class Gathered {
    private static final int UNMARKED = 0;

    private final BiPredicate<Type, Type> same;

    /** Primitive types and literals, which are the same only if they are equal. */
    private final Set<Type> plain = new LinkedHashSet<>();

    /** All members in the order of their coming; plain ones may be gone since. */
    private final List<Type> order = new ArrayList<>();

    /** The others, and those of them that may be the same, by their {@link #mark}. */
    private final List<Type> others = new ArrayList<>();

    private final Map<Integer, List<Type>> marked = new HashMap<>();
    private final Set<Type> known = new HashSet<>();

    /** Whether all were compared, with their members known. */
    boolean complete;

    Gathered(BiPredicate<Type, Type> same) {
      this.same = same;
      this.complete = same != AS_WRITTEN;
    }

    void add(Type type) {
      if (type instanceof Type.Primitive || isLiteral(type)) {
        addPlain(type);
      } else if (known.add(type)) {
        if (same == AS_WRITTEN) {
          order.add(type);
          return;
        }
        complete &= !(type instanceof Type.Structure s) || s.symbol().isComplete();
        int mark = mark(type);
        if (!isAmong(type, mark == UNMARKED ? others : of(mark), same)
            && (mark == UNMARKED || !isAmong(type, of(UNMARKED), same))) {
          others.add(type);
          order.add(type);
          marked.computeIfAbsent(mark, _ -> new ArrayList<>()).add(type);
        }
      }
    }

    private List<Type> of(int mark) {
      return marked.getOrDefault(mark, List.of());
    }

    private static boolean isAmong(Type type, List<Type> those, BiPredicate<Type, Type> same) {
      for (Type other : those) {
        if (same.test(other, type)) {
          return true;
        }
      }
      return false;
    }

    /**
     * A number that types have in common if they are the same by structure: that tells most of them
     * apart without a comparison. {@link #UNMARKED} for those of which that is not known.
     */
    private static int mark(Type type) {
      return switch (type) {
        case Type.ClassInstance c -> System.identityHashCode(c.symbol()) | 1;
        case Type.Structure s when s.arguments().isEmpty() && s.symbol().isComplete() -> {
          int sum = 0;
          for (StructureSymbol.Property p : s.symbol().properties()) {
            if (p.type() == Type.Primitive.INVALID) {
              yield UNMARKED; // the same as anything
            }
            int ofType = isLiteral(p.type()) ? p.type().hashCode() : 0;
            sum += 31 * p.name().hashCode() + ofType;
          }
          yield 2 * sum + 1;
        }
        default -> UNMARKED;
      };
    }

    private void addPlain(Type type) {
      if (type == Type.Primitive.NEVER || isAbsorbed(type) || !plain.add(type)) {
        return;
      }
      order.add(type);
      switch (type) {
        case Type.Primitive p when p == Type.Primitive.STRING ->
            plain.removeIf(t -> t instanceof Type.StringLiteral);
        case Type.Primitive p when p == Type.Primitive.BOOLEAN ->
            plain.removeIf(t -> t instanceof Type.BooleanLiteral);
        case Type.Primitive p when p == Type.Primitive.INT ->
            plain.removeIf(t -> t instanceof Type.IntLiteral);
        case Type.Primitive p when p == Type.Primitive.NUMBER ->
            plain.removeIf(t -> t == Type.Primitive.INT || t instanceof Type.IntLiteral);
        case Type.Primitive p when p == Type.Primitive.JSON -> plain.remove(Type.Primitive.NULL);
        default -> {}
      }
    }

    /** Whether a wider type is there. */
    private boolean isAbsorbed(Type type) {
      return switch (type) {
        case Type.StringLiteral _ -> plain.contains(Type.Primitive.STRING);
        case Type.BooleanLiteral _ -> plain.contains(Type.Primitive.BOOLEAN);
        case Type.IntLiteral _ ->
            plain.contains(Type.Primitive.INT) || plain.contains(Type.Primitive.NUMBER);
        case Type.Primitive p when p == Type.Primitive.INT -> plain.contains(Type.Primitive.NUMBER);
        case Type.Primitive p when p == Type.Primitive.NULL -> plain.contains(Type.Primitive.JSON);
        default -> false;
      };
    }

    List<Type> members() {
      List<Type> left = new ArrayList<>(order.size());
      for (Type type : order) {
        if (!(type instanceof Type.Primitive || isLiteral(type)) || plain.contains(type)) {
          left.add(type);
        }
      }
      return left;
    }
  }

  /** The union of two types. */
  public static Type of(Type a, Type b) {
    return a == b ? a : of(List.of(a, b));
  }

  /** A type or null. */
  public static Type orNull(Type type) {
    return of(type, Type.Primitive.NULL);
  }

  private static Type ofDistinct(List<Type> flat, boolean compared) {
    int first = -1;
    for (int i = 0; i < flat.size(); i++) {
      if (flat.get(i) instanceof Type.BooleanLiteral) {
        if (first < 0) {
          first = i;
        } else {
          flat.set(first, Type.Primitive.BOOLEAN);
          flat.remove(i);
          break;
        }
      }
    }
    return switch (flat.size()) {
      case 0 -> Type.Primitive.NEVER;
      case 1 -> flat.getFirst();
      default -> new Type.Union(flat, compared);
    };
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
        cases.add(TRUE);
        cases.add(FALSE);
      } else {
        cases.add(m);
      }
    }
    return cases;
  }

  /** What is left of a type when only some members (see {@link #cases}) are kept. */
  public static Type filter(Type type, Predicate<Type> keep) {
    List<Type> kept = new ArrayList<>();
    for (Type m : members(type)) {
      if (m != Type.Primitive.BOOLEAN) {
        if (keep.test(m)) {
          kept.add(m);
        }
      } else {
        boolean yes = keep.test(TRUE);
        boolean no = keep.test(FALSE);
        if (yes || no) {
          kept.add(yes ? no ? m : TRUE : FALSE);
        }
      }
    }
    return type instanceof Type.Union u && u.isDistinct() ? ofDistinct(kept, true) : of(kept);
  }

  /** Whether null is a value of the type. A type parameter's values are not known to be null. */
  public static boolean hasNull(Type type) {
    return type instanceof Type.Union u ? u.has(Type.Primitive.NULL) : type == Type.Primitive.NULL;
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
