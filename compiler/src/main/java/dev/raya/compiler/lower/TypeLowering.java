package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.LinkName;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.vm.bytecode.ModuleSymbols;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * From types of the language to concrete ones, under an assignment of types to type parameters.
 *
 * <p>Variables, parameters, results and elements have no literal types in code: {@code "a" | "b"}
 * is string there. Fields and properties keep them, because they tell the variants of a union apart
 * and are what reflection and JSON read.
 */
final class TypeLowering {
  /** What the type parameters in scope stand for. */
  record Environment(Map<TypeParameterSymbol, IrType> types) {
    static final Environment EMPTY = new Environment(Map.of());

    Environment {
      types = Map.copyOf(types);
    }

    /** This one with more parameters. */
    Environment with(List<TypeParameterSymbol> parameters, List<IrType> arguments) {
      if (parameters.isEmpty()) {
        return this;
      }
      if (parameters.size() != arguments.size()) {
        throw new IllegalStateException(parameters.size() + " parameters, " + arguments);
      }
      Map<TypeParameterSymbol, IrType> extended = new HashMap<>(types);
      for (int i = 0; i < parameters.size(); i++) {
        extended.put(parameters.get(i), arguments.get(i));
      }
      return new Environment(extended);
    }

    /** What all parameters stand for, in the order in which they are declared. */
    List<IrType> inOrder() {
      if (types.isEmpty()) {
        return List.of();
      }
      List<TypeParameterSymbol> parameters = new ArrayList<>(types.keySet());
      parameters.sort(
          Comparator.comparing((TypeParameterSymbol p) -> p.span().file().name())
              .thenComparingInt(p -> p.span().start())
              .thenComparing(TypeParameterSymbol::name));
      return bound(parameters);
    }

    /** What some parameters stand for, as they are kept. */
    List<IrType> bound(List<TypeParameterSymbol> parameters) {
      if (parameters.isEmpty()) {
        return List.of();
      }
      return parameters.stream().map(p -> Objects.requireNonNull(types.get(p))).toList();
    }
  }

  private record ShapeKey(StructureSymbol symbol, List<IrType> arguments) {}

  private final PackageTables tables;
  private final ClassLowering classes;
  private final Map<ShapeKey, Integer> shapes = new HashMap<>();

  /** Where no type parameter is in scope: one type is asked for at every place that has it. */
  private final Map<Type, IrType> closed = new IdentityHashMap<>();

  private final Map<Type, IrType> closedFields = new IdentityHashMap<>();
  private final ExactTypes exact;

  TypeLowering(
      PackageTables tables, ClassLowering classes, Predicate<TypeParameterSymbol> decoded) {
    this.tables = tables;
    this.classes = classes;
    this.exact = new ExactTypes(tables, this, decoded);
  }

  /** The types that casts of json check. */
  ExactTypes exact() {
    return exact;
  }

  /** The type of a variable, parameter, result or element. */
  IrType of(Type type, Environment environment) {
    if (type instanceof Type.Primitive primitive) {
      return primitive(primitive);
    }
    if (!environment.types().isEmpty()) {
      return property(type, environment).base();
    }
    IrType known = closed.get(type);
    if (known == null) {
      known = property(type, environment).base();
      closed.put(type, known);
    }
    return known;
  }

  List<IrType> all(List<Type> types, Environment environment) {
    if (types.isEmpty()) {
      return List.of();
    }
    List<IrType> all = new ArrayList<>(types.size());
    for (Type type : types) {
      all.add(of(type, environment));
    }
    return List.copyOf(all);
  }

  /** Type arguments; those of parameters that casts of json depend on keep their literals. */
  List<IrType> arguments(
      List<TypeParameterSymbol> parameters, List<Type> types, Environment environment) {
    List<IrType> arguments = new ArrayList<>(types.size());
    for (int i = 0; i < types.size(); i++) {
      boolean kept = i < parameters.size() && exact.isDecoded(parameters.get(i));
      arguments.add(kept ? exact.of(types.get(i), environment) : of(types.get(i), environment));
    }
    return arguments;
  }

  /** The type of a field or property. */
  IrType property(Type type, Environment environment) {
    if (!environment.types().isEmpty()) {
      return made(type, environment);
    }
    IrType known = closedFields.get(type);
    if (known == null) {
      known = made(type, environment);
      closedFields.put(type, known);
    }
    return known;
  }

  private IrType made(Type type, Environment environment) {
    return switch (type) {
      case Type.Primitive primitive -> primitive(primitive);
      case Type.StringLiteral literal -> new IrType.StringLiteral(literal.value());
      case Type.IntLiteral literal -> new IrType.IntLiteral(literal.value());
      case Type.BooleanLiteral literal -> new IrType.BoolLiteral(literal.value());
      case Type.Array array -> new IrType.Array(of(array.element(), environment), array.readonly());
      case Type.Tuple tuple ->
          new IrType.Tuple(all(tuple.elements(), environment), tuple.readonly());
      case Type.Function function -> function(function, environment);
      case Type.ClassInstance instance -> instance(instance, environment);
      case Type.Structure structure ->
          new IrType.Shape(shape(structure.symbol(), all(structure.arguments(), environment)));
      case Type.Union union -> union(union, environment);
      case Type.Variable variable -> {
        IrType bound = environment.types().get(variable.symbol());
        if (bound == null) {
          throw new IllegalStateException("no type for parameter " + variable.symbol().name());
        }
        yield exact.loose(bound);
      }
    };
  }

  private static IrType primitive(Type.Primitive primitive) {
    return switch (primitive) {
      case INT -> Basic.INT;
      case NUMBER -> Basic.NUMBER;
      case STRING -> Basic.STRING;
      case BOOLEAN -> Basic.BOOL;
      case NULL -> Basic.NULL;
      case VOID -> Basic.VOID;
      case NEVER -> Basic.NEVER;
      case JSON -> Basic.JSON;
      case INVALID -> throw new IllegalStateException("a type with an error reached lowering");
    };
  }

  /** A function type; type parameters of its own must be in the environment. */
  IrType.Function function(Type.Function function, Environment environment) {
    int optional = 0;
    List<IrType> params = new ArrayList<>();
    for (Type.Parameter parameter : function.parameters()) {
      params.add(parameter(parameter.type(), environment));
      optional = parameter.kind() == Type.ParameterKind.REQUIRED ? 0 : optional + 1;
    }
    return new IrType.Function(
        params, of(function.result(), environment), optional, function.hasRest());
  }

  /** The type of a parameter: one of type never is one that no call ever fills. */
  IrType parameter(Type type, Environment environment) {
    IrType found = of(type, environment);
    return found == Basic.NEVER ? Basic.NULL : found;
  }

  private IrType instance(Type.ClassInstance instance, Environment environment) {
    ClassSymbol symbol = instance.symbol();
    List<IrType> arguments = arguments(symbol.typeParameters(), instance.arguments(), environment);
    if (CoreClasses.isCore(symbol)) {
      return switch (symbol.name()) {
        case "Error" -> Basic.ERROR;
        case "Mutex" -> Basic.MUTEX;
        case "Uint8Array" -> Basic.BYTES;
        case "Task" -> new IrType.Task(arguments.getFirst());
        case "Channel" -> new IrType.Channel(arguments.getFirst());
        case "Map", "Set", "Date", "RegExp", "RegExpMatch", "ArrayBuffer", "DataView" ->
            collection(tables, symbol.name(), arguments);
        case "ReadonlyMap" -> collection(tables, "Map", arguments);
        case "raya$Any" -> Basic.ANY;
        case "raya$Handle" -> Basic.FOREIGN;
        case "Array" -> new IrType.Array(arguments.getFirst(), false);
        case "ReadonlyArray" -> new IrType.Array(arguments.getFirst(), true);
        default -> new IrType.ClassType(classes.number(symbol, arguments));
      };
    }
    return new IrType.ClassType(classes.number(symbol, arguments));
  }

  /** The type of a Map or Set. */
  static IrType.ClassType collection(PackageTables tables, String name, List<IrType> arguments) {
    String full = name + TypeNames.arguments(tables, arguments);
    return new IrType.ClassType(
        tables.classNumber(
            new LinkName("collection " + name, arguments),
            full,
            _ -> {
              tables.importNamed(ModuleSymbols.CORE);
              shownBy(tables, name);
              return new IrClass.Collection(full, arguments);
            }));
  }

  /** The classes that members of a class give, which its values show through structural types. */
  private static void shownBy(PackageTables tables, String name) {
    switch (name) {
      case "RegExp" -> collection(tables, "RegExpMatch", List.of());
      case "RegExpMatch" -> collection(tables, "Map", List.of(Basic.STRING, Basic.STRING));
      default -> {}
    }
  }

  private int shape(StructureSymbol symbol, List<IrType> arguments) {
    ShapeKey key = new ShapeKey(symbol, arguments);
    Integer known = shapes.get(key);
    if (known != null) {
      return known;
    }
    int number = tables.announceShape();
    shapes.put(key, number);
    Environment environment = Environment.EMPTY.with(symbol.typeParameters(), arguments);
    List<IrShape.Property> properties = new ArrayList<>();
    for (StructureSymbol.Property p : symbol.properties()) {
      properties.add(
          new IrShape.Property(
              p.name(), property(p.type(), environment), p.optional(), p.readonly(), p.method()));
    }
    boolean named = symbol.kind() == StructureSymbol.Kind.INTERFACE;
    tables.define(
        number,
        new IrShape(false, named ? symbol.name() : "", properties, named ? arguments : List.of()));
    return number;
  }

  private IrType union(Type.Union union, Environment environment) {
    List<IrType> members = new ArrayList<>();
    for (Type member : union.members()) {
      members.add(property(member, environment));
    }
    return Unions.of(members, Discriminants.of(union));
  }
}
