package dev.raya.compiler.check;

import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Substitution;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.Unions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Type arguments found from arguments (language.md 4.4). */
final class Inference {
  private static final int MAX_DEPTH = 32;

  private final List<TypeParameterSymbol> parameters;
  private final Map<TypeParameterSymbol, List<Type>> candidates = new HashMap<>();

  /** What tuples are expected to be that have unknown parts. */
  private final Map<TypeParameterSymbol, Type.Tuple> forms = new HashMap<>();

  private final java.util.Set<TypeParameterSymbol> exact = new java.util.HashSet<>();

  /** What values are told to be where some parameters stand, whatever was found for these. */
  private final Map<TypeParameterSymbol, Type> bounds;

  Inference(List<TypeParameterSymbol> parameters, Map<TypeParameterSymbol, Type> bounds) {
    this.parameters = parameters;
    this.bounds = bounds;
  }

  /** Learns from a value of a type given for a parameter of another. */
  void learn(Type parameter, Type argument) {
    learn(parameter, argument, 0);
  }

  private void learn(Type parameter, Type argument, int depth) {
    if (depth > MAX_DEPTH || argument == Type.Primitive.INVALID) {
      return;
    }
    switch (parameter) {
      case Type.Variable v -> {
        // A hint may have unknown parts; such a type says nothing of the parameter.
        if (!parameters.contains(v.symbol())) {
          return;
        }
        if (!isPartly(argument)) {
          candidates.computeIfAbsent(v.symbol(), k -> new ArrayList<>()).add(argument);
        } else if (argument instanceof Type.Tuple tuple) {
          forms.putIfAbsent(v.symbol(), tuple);
        }
      }
      case Type.Array a -> {
        if (argument instanceof Type.Array b) {
          learn(a.element(), b.element(), depth + 1);
        } else if (argument instanceof Type.Tuple t && a.readonly()) {
          learn(a.element(), Unions.of(t.elements()), depth + 1);
        }
      }
      case Type.Tuple a -> {
        if (argument instanceof Type.Tuple b) {
          each(a.elements(), b.elements(), depth);
        }
      }
      case Type.Function f -> {
        if (argument instanceof Type.Function g) {
          for (int i = 0; i < Math.min(f.parameters().size(), g.parameters().size()); i++) {
            learn(f.parameters().get(i).type(), g.parameters().get(i).type(), depth + 1);
          }
          learn(f.result(), g.result(), depth + 1);
          if (f.predicate() != null && g.predicate() != null) {
            learn(f.predicate().type(), g.predicate().type(), depth + 1);
          }
        }
      }
      case Type.ClassInstance c -> {
        Type at = argument;
        for (int guard = 0; at instanceof Type.ClassInstance d && guard < MAX_DEPTH; guard++) {
          if (d.symbol() == c.symbol()) {
            for (Type t : c.arguments()) {
              if (t instanceof Type.Variable v) {
                exact.add(v.symbol());
              }
            }
            each(c.arguments(), d.arguments(), depth);
            return;
          }
          at = Members.base(d);
        }
      }
      case Type.Structure s -> learnStructure(s, argument, depth);
      case Type.Union u -> learnUnion(u, argument, depth);
      case Type.Primitive _, Type.StringLiteral _, Type.IntLiteral _, Type.BooleanLiteral _ -> {}
    }
  }

  /**
   * Notes that a value was given for a parameter that holds values of a type parameter. A container
   * of ints is none of numbers, whereas a method that gives ints also gives numbers.
   */
  void holdExactly(Type parameter) {
    List<Type> held =
        switch (parameter) {
          case Type.Array a when !a.readonly() -> List.of(a.element());
          case Type.Structure s ->
              Members.properties(s).stream().map(StructureSymbol.Property::type).toList();
          default -> List.of();
        };
    for (Type t : held) {
      if (t instanceof Type.Variable v) {
        exact.add(v.symbol());
      }
    }
    if (parameter instanceof Type.Union u) {
      u.members().forEach(this::holdExactly);
    }
  }

  private void each(List<Type> parameter, List<Type> argument, int depth) {
    for (int i = 0; i < Math.min(parameter.size(), argument.size()); i++) {
      learn(parameter.get(i), argument.get(i), depth + 1);
    }
  }

  private void learnStructure(Type.Structure s, Type argument, int depth) {
    if (argument instanceof Type.Structure t && t.symbol() == s.symbol()) {
      each(s.arguments(), t.arguments(), depth);
      return;
    }
    Type element = Members.iterableElement(s);
    Type given = element == null ? null : Members.elementOfIterated(argument);
    if (element != null && given != null) {
      learn(element, given, depth + 1);
      return;
    }
    if (!TypeReader.isObject(argument) || s.arguments().isEmpty()) {
      return;
    }
    for (StructureSymbol.Property p : Members.properties(s)) {
      Members.Member m = Members.find(argument, p.name());
      if (m != null) {
        learn(p.type(), m.type(), depth + 1);
      }
    }
  }

  private void learnUnion(Type.Union u, Type argument, int depth) {
    List<Type> open = new ArrayList<>();
    List<Type> fixed = new ArrayList<>();
    for (Type m : u.members()) {
      (m instanceof Type.Variable v && parameters.contains(v.symbol()) ? open : fixed).add(m);
    }
    Type rest = argument;
    if (!fixed.isEmpty()) {
      rest = Unions.filter(argument, m -> fixed.stream().noneMatch(f -> Relations.isSubtype(m, f)));
    }
    if (rest != Type.Primitive.NEVER) {
      for (Type o : open) {
        learn(o, rest, depth + 1);
      }
    }
    for (Type f : fixed) {
      for (Type m : Unions.members(argument)) {
        learn(f, m, depth + 1);
      }
    }
  }

  /**
   * What has been found so far; unknown parameters become the type that accepts everything, or
   * their constraint if that asks for literals.
   */
  Substitution soFar() {
    return soFar(this);
  }

  /** As {@link #soFar()}, and what is not found here as the other knows it. */
  Substitution soFar(Inference other) {
    Map<TypeParameterSymbol, Type> map = new HashMap<>();
    for (TypeParameterSymbol p : parameters) {
      Type bound = bounds.get(p);
      Type found = bound != null ? bound : isKnown(p) ? resolve(p) : other.resolve(p);
      Type constraint = p.constraint();
      boolean literals = constraint != null && wantsLiterals(constraint);
      map.put(p, found != null ? found : literals ? constraint : Type.Primitive.INVALID);
    }
    return Substitution.of(map);
  }

  /**
   * What an argument is told of a parameter type in which unknown parameters are INVALID: nothing
   * from which it would take a type that says less than its own.
   */
  static @Nullable Type hint(Type type) {
    return switch (type) {
      case Type.Array a ->
          a.element() != Type.Primitive.INVALID
                  && !(a.element() instanceof Type.Tuple)
                  && isPartly(a.element())
              ? null
              : type;
      case Type.Function f ->
          f.result() != Type.Primitive.INVALID && isPartly(f.result())
              ? new Type.Function(
                  f.typeParameters(), f.parameters(), Type.Primitive.INVALID, f.predicate())
              : type;
      default -> type;
    };
  }

  /** Whether a type has an unknown part. */
  static boolean isPartly(Type type) {
    return switch (type) {
      case Type.Primitive p -> p == Type.Primitive.INVALID;
      case Type.Array a -> isPartly(a.element());
      case Type.Tuple t -> t.elements().stream().anyMatch(Inference::isPartly);
      case Type.ClassInstance c -> c.arguments().stream().anyMatch(Inference::isPartly);
      case Type.Structure s -> s.arguments().stream().anyMatch(Inference::isPartly);
      case Type.Union u -> u.members().stream().anyMatch(Inference::isPartly);
      case Type.Function f ->
          isPartly(f.result()) || f.parameters().stream().anyMatch(p -> isPartly(p.type()));
      case Type.StringLiteral _, Type.IntLiteral _, Type.BooleanLiteral _, Type.Variable _ -> false;
    };
  }

  /** Whether a parameter stands for exactly what the type of an argument says. */
  boolean isExact(TypeParameterSymbol p) {
    return isKnown(p) && exact.contains(p) && resolve(p) != Type.Primitive.NEVER;
  }

  /** Whether values are told what the parameter's constraint is. */
  boolean isBounded(TypeParameterSymbol p) {
    return bounds.containsKey(p);
  }

  boolean isKnown(TypeParameterSymbol p) {
    return candidates.containsKey(p);
  }

  /**
   * What a value for a parameter should look like as far as that is known: the parameter's type, or
   * a tuple of which parts are unknown. Null if nothing is.
   */
  @Nullable Type form(TypeParameterSymbol p) {
    Type found = resolve(p);
    return found == null || found == Type.Primitive.INVALID ? forms.get(p) : found;
  }

  /** Sets a parameter for good. */
  void fix(TypeParameterSymbol p, Type type) {
    candidates.put(p, new ArrayList<>(List.of(type)));
  }

  /** The type all candidates of a parameter are assignable to, or null. */
  @Nullable Type resolve(TypeParameterSymbol p) {
    List<Type> list = candidates.get(p);
    if (list == null) {
      return null;
    }
    boolean keepLiterals = p.constraint() != null && wantsLiterals(p.constraint());
    List<Type> types = keepLiterals ? list : list.stream().map(t -> literalFree(t)).toList();
    for (Type t : types) {
      if (types.stream().allMatch(o -> Relations.isSubtype(o, t))) {
        return t;
      }
    }
    for (Type t : types) {
      if (types.stream().allMatch(o -> Relations.isAssignable(o, t))) {
        return t;
      }
    }
    return keepLiterals ? Unions.of(types) : types.getFirst();
  }

  private static Type literalFree(Type t) {
    return Unions.isLiteral(t) ? Unions.base(t) : t;
  }

  private static boolean wantsLiterals(Type constraint) {
    return Unions.members(constraint).stream().anyMatch(Unions::isLiteral);
  }

  /** What this one knows becomes the only candidate of the other. */
  void fixInto(Inference other) {
    for (TypeParameterSymbol p : parameters) {
      Type type = resolve(p);
      if (type != null && type != Type.Primitive.INVALID && other.isKnown(p)) {
        other.fix(p, type);
      }
    }
  }
}
