package dev.raya.compiler.types;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Types for type parameters, applied to types. */
public final class Substitution {
  /** Replaces nothing. */
  public static final Substitution NONE = new Substitution(Map.of());

  private final Map<TypeParameterSymbol, Type> types;

  /** Compares the members of the unions that come out. */
  private final BiPredicate<Type, Type> same;

  private Substitution(Map<TypeParameterSymbol, Type> types) {
    this(types, Relations::same);
  }

  private Substitution(Map<TypeParameterSymbol, Type> types, BiPredicate<Type, Type> same) {
    this.types = types;
    this.same = same;
  }

  /** The same one, but for how the members of unions are compared. */
  Substitution comparing(BiPredicate<Type, Type> comparison) {
    return new Substitution(types, comparison);
  }

  /** Each parameter by the argument at its place; missing arguments leave the parameter. */
  public static Substitution of(List<TypeParameterSymbol> parameters, List<Type> arguments) {
    if (parameters.isEmpty()) {
      return NONE;
    }
    Map<TypeParameterSymbol, Type> types = new HashMap<>();
    for (int i = 0; i < parameters.size() && i < arguments.size(); i++) {
      types.put(parameters.get(i), arguments.get(i));
    }
    return new Substitution(types);
  }

  /** By a map, which is copied. */
  public static Substitution of(Map<TypeParameterSymbol, Type> types) {
    return new Substitution(Map.copyOf(types));
  }

  /** What a parameter becomes, or null if it stays. */
  public @Nullable Type get(TypeParameterSymbol parameter) {
    return types.get(parameter);
  }

  /** A type with the parameters replaced. */
  public Type apply(Type type) {
    if (types.isEmpty()) {
      return type;
    }
    return switch (type) {
      case Type.Primitive p -> p;
      case Type.StringLiteral l -> l;
      case Type.IntLiteral l -> l;
      case Type.BooleanLiteral l -> l;
      case Type.Array a -> {
        Type element = apply(a.element());
        yield element == a.element() ? a : new Type.Array(element, a.readonly());
      }
      case Type.Tuple t -> {
        List<Type> elements = apply(t.elements());
        yield elements == t.elements() ? t : new Type.Tuple(elements, t.readonly());
      }
      case Type.Function f -> apply(f);
      case Type.ClassInstance c -> {
        List<Type> arguments = apply(c.arguments());
        yield arguments == c.arguments() ? c : new Type.ClassInstance(c.symbol(), arguments);
      }
      case Type.Structure s -> {
        List<Type> arguments = apply(s.arguments());
        yield arguments == s.arguments() ? s : new Type.Structure(s.symbol(), arguments);
      }
      case Type.Union u -> {
        List<Type> members = apply(u.members());
        yield members == u.members() && u.isDistinct() ? u : Unions.of(members, same);
      }
      case Type.Variable v -> types.getOrDefault(v.symbol(), v);
    };
  }

  /** Each type of a list with the parameters replaced; the same list if there are none. */
  public List<Type> apply(List<Type> list) {
    List<Type> out = list;
    for (int i = 0; i < list.size(); i++) {
      Type before = list.get(i);
      Type after = apply(before);
      if (after != before && out == list) {
        out = new ArrayList<>(list.size());
        out.addAll(list.subList(0, i));
      }
      if (out != list) {
        out.add(after);
      }
    }
    return out;
  }

  /** A function type with the parameters replaced; its own type parameters stay. */
  public Type.Function apply(Type.Function f) {
    List<Type.Parameter> parameters = new ArrayList<>();
    for (Type.Parameter p : f.parameters()) {
      parameters.add(new Type.Parameter(p.name(), apply(p.type()), p.kind()));
    }
    Type.Predicate predicate =
        f.predicate() == null
            ? null
            : new Type.Predicate(f.predicate().parameter(), apply(f.predicate().type()));
    return new Type.Function(f.typeParameters(), parameters, apply(f.result()), predicate);
  }
}
