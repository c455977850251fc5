package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.Jsonable;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Types as a cast of json checks them: with the literals that elements and type arguments have
 * (language.md 13.3), which types of code do without ({@link TypeLowering}). A class whose fields
 * hold such literals stands there as an interface of its name, since casts are checked on plain
 * objects first ({@link JsonCasts}).
 *
 * <p>Type arguments of parameters that casts depend on are kept in this form, so that {@code
 * decode<"a" | "b">} has code of its own; where such a parameter types anything else, {@link
 * #loose} gives the type in code.
 */
final class ExactTypes {
  private record Key(Symbol symbol, List<IrType> arguments) {}

  private final PackageTables tables;
  private final TypeLowering types;
  private final Predicate<TypeParameterSymbol> decoded;
  private final Map<Key, IrType> shapes = new HashMap<>();
  private final Map<IrType, IrType> loose = new HashMap<>();

  ExactTypes(PackageTables tables, TypeLowering types, Predicate<TypeParameterSymbol> decoded) {
    this.tables = tables;
    this.types = types;
    this.decoded = decoded;
  }

  /** Whether a cast of json depends on a type parameter. */
  boolean isDecoded(TypeParameterSymbol parameter) {
    return decoded.test(parameter);
  }

  /** The type in code of what an exact type describes. */
  IrType loose(IrType exact) {
    IrType known = loose.get(exact);
    if (known != null) {
      return known;
    }
    return switch (exact) {
      case IrType.Array array -> new IrType.Array(loose(array.element()), array.readOnly());
      case IrType.Tuple tuple ->
          new IrType.Tuple(tuple.elements().stream().map(this::loose).toList(), tuple.readOnly());
      default -> exact.base();
    };
  }

  // --- whether there is a difference

  /** Whether code's form of a type says less than the type. */
  boolean loses(Type type, Environment environment) {
    return loses(type, environment, false, new HashSet<>());
  }

  private boolean loses(Type type, Environment environment, boolean inside, Set<Type> path) {
    return switch (type) {
      case Type.Primitive _, Type.Function _ -> false;
      case Type.StringLiteral _, Type.IntLiteral _, Type.BooleanLiteral _ -> inside;
      case Type.Array array -> loses(array.element(), environment, true, path);
      case Type.Tuple tuple -> any(tuple.elements(), environment, true, path);
      case Type.Union union -> any(union.members(), environment, inside, path);
      case Type.Variable variable -> {
        IrType bound = environment.types().get(variable.symbol());
        yield bound != null && !loose(bound).equals(bound);
      }
      case Type.Structure s -> {
        if (any(s.arguments(), environment, true, path)) {
          yield true;
        }
        yield path.add(s)
            && s.symbol().properties().stream()
                .anyMatch(p -> loses(p.type(), Environment.EMPTY, false, path));
      }
      case Type.ClassInstance c -> {
        if (any(c.arguments(), environment, true, path)) {
          yield true;
        }
        yield !CoreClasses.isCore(c.symbol())
            && path.add(c)
            && Jsonable.dataFields(c.symbol()).stream()
                .anyMatch(f -> loses(f.type(), Environment.EMPTY, false, path));
      }
    };
  }

  private boolean any(List<Type> list, Environment environment, boolean inside, Set<Type> path) {
    return list.stream().anyMatch(t -> loses(t, environment, inside, path));
  }

  // --- the exact form

  /** A type as a cast checks it. */
  IrType of(Type type, Environment environment) {
    IrType exact = exact(type, environment);
    IrType inCode = types.of(type, environment);
    if (!exact.equals(inCode)) {
      loose.put(exact, inCode);
    }
    return exact;
  }

  private List<IrType> all(List<Type> list, Environment environment) {
    return list.stream().map(t -> of(t, environment)).toList();
  }

  private IrType exact(Type type, Environment environment) {
    return switch (type) {
      case Type.Primitive _,
          Type.StringLiteral _,
          Type.IntLiteral _,
          Type.BooleanLiteral _,
          Type.Function _ ->
          types.property(type, environment);
      case Type.Array array ->
          new IrType.Array(exact(array.element(), environment), array.readonly());
      case Type.Tuple tuple ->
          new IrType.Tuple(all(tuple.elements(), environment), tuple.readonly());
      case Type.Union union ->
          Unions.of(all(union.members(), environment), Discriminants.of(union));
      case Type.Variable variable -> {
        IrType bound = environment.types().get(variable.symbol());
        yield bound == null ? types.property(type, environment) : bound;
      }
      case Type.Structure s ->
          loses(s, environment) ? shape(s, environment) : types.property(s, environment);
      case Type.ClassInstance c -> instance(c, environment);
    };
  }

  private IrType instance(Type.ClassInstance c, Environment environment) {
    if (!loses(c, environment)) {
      return types.property(c, environment);
    }
    String name = c.symbol().name();
    List<IrType> arguments = all(c.arguments(), environment);
    if (!CoreClasses.isCore(c.symbol())) {
      return shape(c.symbol(), arguments);
    }
    return types.property(c, environment) instanceof IrType.ClassType made
            && tables.classAt(made.number()) instanceof IrClass.Collection
        ? TypeLowering.collection(tables, name, arguments)
        : types.property(c, environment);
  }

  private IrType shape(Type.Structure s, Environment environment) {
    List<IrType> arguments = all(s.arguments(), environment);
    Key key = new Key(s.symbol(), arguments);
    IrType known = shapes.get(key);
    if (known != null) {
      return known;
    }
    int number = announce(key);
    boolean named = s.symbol().kind() == StructureSymbol.Kind.INTERFACE;
    Environment inside = Environment.EMPTY.with(s.symbol().typeParameters(), arguments);
    List<IrShape.Property> properties = new ArrayList<>();
    for (StructureSymbol.Property p : s.symbol().properties()) {
      properties.add(
          new IrShape.Property(
              p.name(), of(p.type(), inside), p.optional(), p.readonly(), p.method()));
    }
    tables.define(
        number,
        new IrShape(
            false,
            named ? s.symbol().name() : "",
            properties,
            named
                ? s.arguments().stream().map(a -> types.of(a, environment)).toList()
                : List.of()));
    return new IrType.Shape(number);
  }

  private IrType shape(ClassSymbol symbol, List<IrType> arguments) {
    Key key = new Key(symbol, arguments);
    IrType known = shapes.get(key);
    if (known != null) {
      return known;
    }
    int number = announce(key);
    List<IrShape.Property> properties = new ArrayList<>();
    for (FieldSymbol field : Jsonable.dataFields(symbol)) {
      properties.add(
          new IrShape.Property(
              field.name(),
              of(field.type(), ofOwner(field.owner(), symbol, arguments)),
              field.optional(),
              true,
              false));
    }
    tables.define(number, new IrShape(false, symbol.name(), properties, List.of()));
    return new IrType.Shape(number);
  }

  /** The members may lead back to the type, so its number is known before they are. */
  private int announce(Key key) {
    int number = tables.announceShape();
    shapes.put(key, new IrType.Shape(number));
    return number;
  }

  private Environment ofOwner(
      @Nullable ClassSymbol owner, ClassSymbol symbol, List<IrType> arguments) {
    Environment at = Environment.EMPTY.with(symbol.typeParameters(), arguments);
    for (ClassSymbol c = symbol; c != owner && c.base() != null; ) {
      Type.ClassInstance base = c.base();
      at = Environment.EMPTY.with(base.symbol().typeParameters(), all(base.arguments(), at));
      c = base.symbol();
    }
    return at;
  }
}
