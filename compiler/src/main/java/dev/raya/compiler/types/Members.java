package dev.raya.compiler.types;

import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Looks up members of types, with type arguments applied. */
public final class Members {
  /** What a static getter is called: the space keeps it apart from methods. */
  public static final String STATIC_GETTER = "get ";

  /** What a static setter is called. */
  public static final String STATIC_SETTER = "set ";

  private Members() {}

  /**
   * A member of a type.
   *
   * @param origin the declaration
   * @param owner the class or structure type that declares it, with its arguments
   * @param type of a property, field or accessor its type; of a method the function type
   */
  public record Member(
      Origin origin, Type owner, Type type, boolean writable, boolean optional, Access access) {
    /** Whether everyone may use it. */
    public boolean isPublic() {
      return access == Access.PUBLIC;
    }

    /** Whether it is a method (not a function-typed field). */
    public boolean isMethod() {
      return origin instanceof Method || origin instanceof Named n && n.property().method();
    }
  }

  /** Where a member is declared. */
  public sealed interface Origin {
    /** The place of the declaration; of an accessor with two parts, that of the getter. */
    default Span span() {
      return switch (this) {
        case Field(FieldSymbol field) -> field.span();
        case Method(FunctionSymbol method) -> method.span();
        case Accessor(FunctionSymbol getter, FunctionSymbol setter) ->
            Objects.requireNonNull(getter != null ? getter : setter).span();
        case Named(StructureSymbol.Property property) -> property.span();
      };
    }
  }

  /** A field of a class. */
  public record Field(FieldSymbol field) implements Origin {}

  /** A method of a class. */
  public record Method(FunctionSymbol method) implements Origin {}

  /** A getter, a setter, or both. */
  public record Accessor(@Nullable FunctionSymbol getter, @Nullable FunctionSymbol setter)
      implements Origin {}

  /** A property of a structure. */
  public record Named(StructureSymbol.Property property) implements Origin {}

  /** The base class of an instance type, with type arguments applied. */
  public static Type.@Nullable ClassInstance base(Type.ClassInstance c) {
    Type.ClassInstance base = c.symbol().base();
    if (base == null) {
      return null;
    }
    Type applied = Substitution.of(c.symbol().typeParameters(), c.arguments()).apply((Type) base);
    return (Type.ClassInstance) applied;
  }

  /** The members of a structure with type arguments applied. */
  public static List<StructureSymbol.Property> properties(Type.Structure s) {
    return properties(s, Relations::same);
  }

  /** As {@link #properties(Type.Structure)}, where members of unions are compared in some way. */
  static List<StructureSymbol.Property> properties(Type.Structure s, BiPredicate<Type, Type> same) {
    if (s.arguments().isEmpty()) {
      return s.symbol().properties();
    }
    Substitution substitution =
        Substitution.of(s.symbol().typeParameters(), s.arguments()).comparing(same);
    List<StructureSymbol.Property> out = new ArrayList<>();
    for (StructureSymbol.Property p : s.symbol().properties()) {
      out.add(
          new StructureSymbol.Property(
              p.name(),
              substitution.apply(p.type()),
              p.optional(),
              p.readonly(),
              p.method(),
              p.span()));
    }
    return out;
  }

  /** The instance member of a class or structure type, or null. */
  public static @Nullable Member find(Type type, String name) {
    return switch (type) {
      case Type.ClassInstance c -> inClass(c, name);
      case Type.Structure s -> inStructure(s, name);
      case Type.Variable v ->
          v.symbol().constraint() == null ? null : find(v.symbol().constraint(), name);
      default -> null;
    };
  }

  private static @Nullable Member inStructure(Type.Structure s, String name) {
    StructureSymbol.Property p = s.symbol().property(name);
    if (p == null) {
      return null;
    }
    Type type = Substitution.of(s.symbol().typeParameters(), s.arguments()).apply(p.type());
    return new Member(
        new Named(p), s, type, !p.readonly() && !p.method(), p.optional(), Access.PUBLIC);
  }

  private static @Nullable Member inClass(Type.ClassInstance start, String name) {
    Type.ClassInstance at = start;
    for (int guard = 0; guard < Relations.MAX_DEPTH && at != null; guard++) {
      Substitution substitution = Substitution.of(at.symbol().typeParameters(), at.arguments());
      Member own = own(at, name, substitution);
      if (own != null) {
        return own;
      }
      at = base(at);
    }
    return null;
  }

  private static @Nullable Member own(
      Type.ClassInstance c, String name, Substitution substitution) {
    for (FieldSymbol f : c.symbol().fieldsNamed(name)) {
      return new Member(
          new Field(f), c, substitution.apply(f.type()), !f.readonly(), f.optional(), f.access());
    }
    FunctionSymbol getter = null;
    FunctionSymbol setter = null;
    for (FunctionSymbol m : c.symbol().methodsNamed(name)) {
      switch (m.kind()) {
        case GETTER -> getter = m;
        case SETTER -> setter = m;
        default -> {
          return new Member(
              new Method(m), c, substitution.apply((Type) m.type()), false, false, m.access());
        }
      }
    }
    if (getter == null && setter == null) {
      return null;
    }
    return accessor(c, name, getter, setter, substitution);
  }

  private static Member accessor(
      Type.ClassInstance c,
      String name,
      @Nullable FunctionSymbol getter,
      @Nullable FunctionSymbol setter,
      Substitution substitution) {
    FunctionSymbol get = getter;
    FunctionSymbol set = setter;
    // A class may override one half of a pair; the other half is inherited.
    Type.ClassInstance base = base(c);
    if ((get == null || set == null) && base != null) {
      Member inherited = inClass(base, name);
      if (inherited != null && inherited.origin() instanceof Accessor a) {
        get = get == null ? a.getter() : get;
        set = set == null ? a.setter() : set;
      }
    }
    return accessor(c, get, set, substitution);
  }

  private static Member accessor(
      Type owner,
      @Nullable FunctionSymbol get,
      @Nullable FunctionSymbol set,
      Substitution substitution) {
    Type type =
        get != null
            ? get.type().result()
            : set != null && !set.type().parameters().isEmpty()
                ? set.type().parameters().getFirst().type()
                : Type.Primitive.INVALID;
    FunctionSymbol any = get != null ? get : set;
    return new Member(
        new Accessor(get, set),
        owner,
        substitution.apply(type),
        set != null,
        false,
        any == null ? Access.PUBLIC : any.access());
  }

  /** The static member of a class or its bases, or null. */
  public static @Nullable Member findStatic(ClassSymbol symbol, String name) {
    ClassSymbol at = symbol;
    for (int guard = 0; guard < Relations.MAX_DEPTH && at != null; guard++) {
      Type owner = new Type.ClassInstance(at, List.of());
      for (FieldSymbol f : at.staticFieldsNamed(name)) {
        return new Member(new Field(f), owner, f.type(), !f.readonly(), f.optional(), f.access());
      }
      for (FunctionSymbol m : at.staticMethodsNamed(name)) {
        return new Member(new Method(m), owner, m.type(), false, false, m.access());
      }
      FunctionSymbol getter = last(at.staticMethodsNamed(STATIC_GETTER + name));
      FunctionSymbol setter = last(at.staticMethodsNamed(STATIC_SETTER + name));
      if (getter != null || setter != null) {
        return accessor(owner, getter, setter, Substitution.of(List.of(), List.of()));
      }
      Type.ClassInstance base = at.base();
      at = base == null ? null : base.symbol();
    }
    return null;
  }

  private static @Nullable FunctionSymbol last(List<FunctionSymbol> found) {
    return found.isEmpty() ? null : found.getLast();
  }

  /** The names of all instance members of a class or structure, for suggestions. */
  public static List<String> names(Type type) {
    List<String> names = new ArrayList<>();
    switch (type) {
      case Type.ClassInstance c -> {
        Type.ClassInstance at = c;
        for (int guard = 0; guard < Relations.MAX_DEPTH && at != null; guard++) {
          at.symbol().fields().forEach(f -> names.add(f.name()));
          at.symbol().methods().forEach(m -> names.add(m.name()));
          at = base(at);
        }
      }
      case Type.Structure s -> s.symbol().properties().forEach(p -> names.add(p.name()));
      default -> {}
    }
    return names;
  }

  /** If a structure is the ambient {@code Iterable<T>}: T. */
  public static @Nullable Type iterableElement(Type.Structure s) {
    return s.symbol().name().equals("Iterable")
            && s.symbol().module().external()
            && s.symbol().module().id().packageName().equals("raya:core")
        ? s.arguments().getFirst()
        : null;
  }

  /** What {@code for…of} over a type gives, or null if it cannot be walked. */
  public static @Nullable Type elementOfIterated(Type type) {
    Type bound = Relations.constraintOf(type);
    return switch (bound) {
      case Type.Array a -> a.element();
      case Type.Tuple t -> Unions.of(t.elements());
      case Type.ClassInstance c -> elementOfClass(c);
      case Type.Structure s -> elementOfStructure(s);
      default ->
          Unions.isString(bound)
              ? Type.Primitive.STRING
              : bound == Type.Primitive.JSON ? Type.Primitive.JSON : null;
    };
  }

  private static @Nullable Type elementOfClass(Type.ClassInstance c) {
    Type.ClassInstance at = c;
    for (int guard = 0; guard < Relations.MAX_DEPTH && at != null; guard++) {
      if (at.symbol().ambient()) {
        switch (at.symbol().name()) {
          case "Map", "ReadonlyMap" -> {
            return new Type.Tuple(at.arguments(), false);
          }
          case "Set", "Channel" -> {
            return at.arguments().getFirst();
          }
          default -> {}
        }
      }
      at = base(at);
    }
    return elementOfIterator(find(c, "iterator"));
  }

  private static @Nullable Type elementOfStructure(Type.Structure s) {
    Type direct = iterableElement(s);
    return direct != null ? direct : elementOfIterator(find(s, "iterator"));
  }

  private static @Nullable Type elementOfIterator(@Nullable Member iterator) {
    if (iterator == null
        || !(iterator.type() instanceof Type.Function f)
        || !(find(f.result(), "next") instanceof Member next)
        || !(next.type() instanceof Type.Function g)) {
      return null;
    }
    for (Type variant : Unions.members(g.result())) {
      Member value = find(variant, "value");
      if (value != null) {
        return value.type();
      }
    }
    return null;
  }
}
