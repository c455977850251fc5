package dev.raya.compiler.types;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which types can be written to JSON and made from it (language.md 13.3, 13.4). */
public final class Jsonable {
  private final boolean made;
  private final Set<Type> seen = new HashSet<>();

  private Jsonable(boolean made) {
    this.made = made;
  }

  /** The part of a type that cannot be written to JSON, or null if there is none. */
  public static @Nullable Type notEncodable(Type type) {
    return new Jsonable(false).fault(type);
  }

  /** The part of a type that cannot be made from JSON, or null if there is none. */
  public static @Nullable Type notDecodable(Type type) {
    return new Jsonable(true).fault(type);
  }

  private @Nullable Type fault(Type type) {
    if (!seen.add(type)) {
      return null;
    }
    return switch (type) {
      case Type.Primitive p -> p == Type.Primitive.VOID || p == Type.Primitive.NEVER ? type : null;
      case Type.StringLiteral _, Type.IntLiteral _, Type.BooleanLiteral _, Type.Variable _ -> null;
      case Type.Array a -> fault(a.element());
      case Type.Tuple t -> first(t.elements());
      case Type.Union u -> first(u.members());
      case Type.Function _ -> type;
      case Type.Structure s -> {
        for (StructureSymbol.Property p : Members.properties(s)) {
          Type fault = p.method() ? type : fault(p.type());
          if (fault != null) {
            yield fault;
          }
        }
        yield null;
      }
      case Type.ClassInstance c -> classFault(c);
    };
  }

  private @Nullable Type first(List<Type> types) {
    for (Type t : types) {
      Type fault = fault(t);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private @Nullable Type classFault(Type.ClassInstance c) {
    if (c.symbol().module().id().packageName().equals("raya:core")) {
      return switch (c.symbol().name()) {
        case "Map" ->
            Unions.isString(c.arguments().getFirst()) ? fault(c.arguments().getLast()) : c;
        case "Set" -> fault(c.arguments().getFirst());
        default -> !made && c.symbol().derivesFromNamed("Error") ? null : c;
      };
    }
    if (made && !isPlain(c.symbol())) {
      return c;
    }
    Substitution arguments = Substitution.of(c.symbol().typeParameters(), c.arguments());
    for (FieldSymbol field : c.symbol().fields()) {
      if (field.access() == Access.PUBLIC) {
        Type fault = fault(arguments.apply(field.type()));
        if (fault != null) {
          return fault;
        }
      } else if (made) {
        return c;
      }
    }
    Type.ClassInstance base = Members.base(c);
    return base == null ? null : fault(base);
  }

  /**
   * Whether instances can be made field by field: no constructor of its own, or one whose
   * parameters all are properties.
   */
  private static boolean isPlain(ClassSymbol c) {
    if (c.isAbstract() || c.base() != null) {
      return false;
    }
    FunctionSymbol constructor = c.constructor();
    if (constructor == null) {
      return true;
    }
    List<Type.Parameter> parameters = constructor.type().parameters();
    if (parameters.isEmpty()) {
      return c.hasImplicitConstructor();
    }
    List<FieldSymbol> fields = c.fields();
    if (fields.size() != parameters.size()) {
      return false;
    }
    for (int i = 0; i < fields.size(); i++) {
      if (!fields.get(i).name().equals(parameters.get(i).name())
          || parameters.get(i).kind() == Type.ParameterKind.REST) {
        return false;
      }
    }
    return true;
  }
}
