package dev.raya.compiler.types;

import java.util.ArrayList;
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
    Type.ClassInstance base = coreBase(c);
    if (base != null && !base.symbol().name().equals("Error")) {
      // A class that extends Map or Set is written as the Map or Set it is; none can be made.
      return made || classFault(base) != null ? c : null;
    }
    return made && !isMade(c.symbol()) ? c : fieldFault(c);
  }

  /** The class of the library that a class derives from, or null. */
  private static Type.@Nullable ClassInstance coreBase(Type.ClassInstance c) {
    Type.ClassInstance at = Members.base(c);
    while (at != null && !at.symbol().module().id().packageName().equals("raya:core")) {
      at = Members.base(at);
    }
    return at;
  }

  private @Nullable Type fieldFault(Type.ClassInstance c) {
    Type.ClassInstance base = Members.base(c);
    Type inherited = base == null ? null : fieldFault(base);
    if (inherited != null) {
      return inherited;
    }
    Substitution arguments = Substitution.of(c.symbol().typeParameters(), c.arguments());
    for (FieldSymbol field : c.symbol().fields()) {
      Type fault = field.access() == Access.PUBLIC ? fault(arguments.apply(field.type())) : null;
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  /** The fields that JSON shows of an instance and gives to a new one: the base class's first. */
  public static List<FieldSymbol> dataFields(ClassSymbol c) {
    List<FieldSymbol> fields = new ArrayList<>();
    if (c.base() != null) {
      fields.addAll(dataFields(c.base().symbol()));
    }
    c.fields().stream().filter(f -> f.access() == Access.PUBLIC).forEach(fields::add);
    return fields;
  }

  /**
   * Whether instances can be made from their public fields: the constructor takes nothing else,
   * what it does not take can be assigned, or is always the same, and no member needs variables
   * that are at hand only where the class is.
   */
  private static boolean isMade(ClassSymbol c) {
    if (c.isAbstract() || c.isCapturing() || c.constructor() == null || !takesFields(c)) {
      return false;
    }
    Set<String> taken = new HashSet<>();
    c.constructor().type().parameters().forEach(p -> taken.add(p.name()));
    for (FieldSymbol field : dataFields(c)) {
      if (field.readonly() && !taken.contains(field.name()) && !Unions.isLiteral(field.type())) {
        return false;
      }
    }
    return true;
  }

  /** Whether the parameters of the constructor, own or inherited, all are public properties. */
  private static boolean takesFields(ClassSymbol c) {
    FunctionSymbol constructor = c.constructor();
    if (constructor == null
        || constructor.access() != Access.PUBLIC
        || c.module().id().packageName().equals("raya:core")) {
      return false;
    }
    if (c.base() != null && (c.hasImplicitConstructor() || c.ambient())) {
      // What another package declares does not say whose the constructor is.
      return c.hasImplicitConstructor()
          ? takesFields(c.base().symbol())
          : takesOf(constructor, dataFields(c), false);
    }
    return takesOf(constructor, c.fields(), !c.ambient());
  }

  private static boolean takesOf(
      FunctionSymbol constructor, List<FieldSymbol> fields, boolean declaredByIt) {
    for (Type.Parameter p : constructor.type().parameters()) {
      boolean taken =
          p.kind() != Type.ParameterKind.REST
              && fields.stream()
                  .anyMatch(
                      f ->
                          f.name().equals(p.name())
                              && f.access() == Access.PUBLIC
                              && (f.isParameter() || !declaredByIt));
      if (!taken) {
        return false;
      }
    }
    return true;
  }
}
