package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrPackage.LocalGlobal;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.LinkName;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Classes: layout, vtables, statics, each class once for every list of type arguments. */
final class ClassLowering {
  private record Key(ClassSymbol symbol, List<IrType> arguments) {}

  /** A class with the types that its parameters stand for. */
  record Instance(ClassSymbol symbol, List<IrType> arguments) {}

  private final PackageTables tables;
  private final ExternalNames externals;
  private final FunctionInstances functions;
  private final PartSources sources;
  private final Predicate<ClassSymbol> closed;
  private final ToIntFunction<ModuleSymbol> modules;
  private final Map<ClassSymbol, List<Integer>> statics = new HashMap<>();
  private final Map<Integer, Instance> instances = new HashMap<>();
  private final Map<ClassSymbol, Map<FieldSymbol, Integer>> fieldNumbers = new HashMap<>();
  private final TypeLowering types;
  private final CoreMethods coreMethods;

  ClassLowering(
      PackageTables tables,
      ExternalNames externals,
      FunctionInstances functions,
      PartSources sources,
      Predicate<ClassSymbol> closed,
      ToIntFunction<ModuleSymbol> modules,
      Predicate<TypeParameterSymbol> decoded) {
    this.tables = tables;
    this.externals = externals;
    this.functions = functions;
    this.sources = sources;
    this.closed = closed;
    this.modules = modules;
    this.coreMethods = new CoreMethods(functions);
    this.types = new TypeLowering(tables, this, decoded);
  }

  TypeLowering types() {
    return types;
  }

  /** The number of a class. */
  int number(ClassSymbol symbol, List<IrType> arguments) {
    int number = symbol.imported() ? externals.classNumber(symbol) : local(symbol, arguments);
    instances.putIfAbsent(number, new Instance(symbol, arguments));
    return number;
  }

  private int local(ClassSymbol symbol, List<IrType> arguments) {
    String name = symbol.name() + TypeNames.arguments(tables, symbol.ownArguments(arguments));
    return tables.classNumber(
        new Key(symbol, arguments),
        () -> new LinkName(sources.name(symbol), arguments),
        name,
        number -> define(symbol, arguments, name, number));
  }

  /** The class that a number stands for, or null if none was given that number here. */
  @Nullable Instance instance(int number) {
    return instances.get(number);
  }

  private IrClass define(ClassSymbol symbol, List<IrType> arguments, String name, int number) {
    Environment environment = Environment.EMPTY.with(symbol.typeParameters(), arguments);
    int parent = -1;
    if (symbol.base() != null) {
      ClassSymbol base = symbol.base().symbol();
      List<IrType> given = argumentsOf(symbol.base(), environment);
      parent =
          CoreClasses.isExtensible(base)
              ? TypeLowering.collection(tables, base.name(), given).number()
              : number(base, given);
    }
    List<IrClass.Field> fields = new ArrayList<>();
    for (FieldSymbol field : symbol.fields()) {
      fields.add(
          new IrClass.Field(
              field.name(),
              types.property(field.type(), environment),
              field.readonly(),
              field.access() == Access.PRIVATE,
              field.access() == Access.PROTECTED));
    }
    for (Symbol held : sources.locals(symbol).held(symbol)) {
      IrType type = place(symbol, held, -1, environment).heldType();
      fields.add(new IrClass.Field("captured " + held.name(), type, false, true, false));
    }
    FunctionSymbol constructor = symbol.constructor();
    List<IrClass.Slot> vtable = new ArrayList<>();
    for (FunctionSymbol method : symbol.vtable()) {
      int function =
          CoreMethods.isOne(method)
              ? functions.number(coreMethods.inherited(symbol, method), arguments, List.of())
              : functions.number(method, argumentsOf(method.owner(), symbol, arguments), List.of());
      vtable.add(new IrClass.Slot(slot(method), function));
    }
    return new IrClass.Local(
        name,
        modules.applyAsInt(symbol.module()),
        parent,
        symbol.exported() && !symbol.module().external(),
        isError(symbol),
        !symbol.isLocal() && !arguments.isEmpty(),
        fields,
        constructor == null ? -1 : functions.number(constructor, arguments, List.of()),
        vtable,
        symbol.isLocal() ? List.of() : arguments,
        !symbol.isLocal() && arguments.isEmpty() ? staticsOf(symbol) : List.of(),
        !symbol.isLocal() && symbol.module().external() ? externals.module(symbol.module()) : -1,
        !closed.test(symbol));
  }

  /** The static methods and accessors of a class. */
  static List<FunctionTree> staticMethods(ClassTree tree) {
    return tree.functions().stream()
        .filter(f -> f.symbol().kind() == FunctionSymbol.Kind.STATIC_METHOD)
        .toList();
  }

  /**
   * What an instance of a class holds of the functions around the class and those it extends, with
   * the fields that hold it.
   *
   * @param arguments what the class's type parameters stand for
   */
  Map<Symbol, Place> held(ClassSymbol symbol, Environment arguments) {
    if (!symbol.isLocal()) {
      return Map.of();
    }
    Map<Symbol, Place> places = new LinkedHashMap<>();
    Type.ClassInstance base = symbol.base();
    if (base != null) {
      places.putAll(
          held(
              base.symbol(),
              Environment.EMPTY.with(
                  base.symbol().typeParameters(), argumentsOf(base, arguments))));
    }
    int field = inheritedFields(symbol) + symbol.fields().size();
    for (Symbol held : sources.locals(symbol).held(symbol)) {
      places.put(held, place(symbol, held, field++, arguments));
    }
    return places;
  }

  private Place place(ClassSymbol symbol, Symbol held, int field, Environment environment) {
    CaptureAnalysis around = sources.locals(symbol).around(symbol);
    IrType type =
        switch (held) {
          case FunctionSymbol f -> types.function(f.type(), environment);
          case VariableSymbol v when v.kind() == VariableSymbol.Kind.PARAMETER ->
              types.parameter(v.type(), environment);
          case VariableSymbol v -> types.of(v.type(), environment);
          default -> throw new IllegalStateException(held + " is not captured");
        };
    boolean cell = around.inCell(held);
    boolean unset = cell && around.startsUnset(held) && !Coercion.hasZero(type);
    return new Place(cell ? Place.Kind.HELD_CELL : Place.Kind.HELD, field, type, unset);
  }

  /** The type arguments of an ancestor, seen from an instance of a class that derives from it. */
  List<IrType> argumentsOf(
      @Nullable ClassSymbol ancestor, ClassSymbol symbol, List<IrType> arguments) {
    ClassSymbol at = symbol;
    List<IrType> have = arguments;
    while (at != ancestor) {
      Type.ClassInstance base = at.base();
      if (base == null) {
        throw new IllegalStateException(symbol + " does not derive from " + ancestor);
      }
      have = argumentsOf(base, Environment.EMPTY.with(at.typeParameters(), have));
      at = base.symbol();
    }
    return have;
  }

  private List<IrType> argumentsOf(Type.ClassInstance instance, Environment environment) {
    return types.arguments(instance.symbol().typeParameters(), instance.arguments(), environment);
  }

  /** The name of a method's slot. */
  static String slot(FunctionSymbol method) {
    return switch (method.kind()) {
      case GETTER -> "get " + method.name();
      case SETTER -> "set " + method.name();
      default -> method.name();
    };
  }

  /** The number of a method's slot in the vtable of its class. */
  int slotNumber(FunctionSymbol method) {
    ClassSymbol owner = method.owner();
    if (owner != null && owner.imported()) {
      String name = slot(method);
      List<IrClass.Method> methods = imported(owner).methods();
      for (int i = 0; i < methods.size(); i++) {
        if (methods.get(i).name().equals(name)) {
          return i;
        }
      }
      throw new IllegalStateException(owner + " has no slot " + name);
    }
    return method.slot();
  }

  /** The number of the slot of that name in the vtable of a class. */
  int slotNamed(IrType type, String name) {
    List<String> names = List.of();
    if (type instanceof IrType.ClassType c) {
      names =
          switch (tables.classAt(c.number())) {
            case IrClass.Local local -> local.vtable().stream().map(IrClass.Slot::name).toList();
            case IrClass.Imported i -> i.methods().stream().map(IrClass.Method::name).toList();
            case IrClass.Collection _ -> names;
          };
    } else if (type == IrType.Basic.ERROR) {
      names = List.of("toString");
    }
    int slot = names.indexOf(name);
    if (slot < 0) {
      throw new IllegalStateException(type + " has no slot " + name);
    }
    return slot;
  }

  /** Whether a class has a method or accessor of that name in its vtable. */
  boolean hasMember(IrType.ClassType type, String name) {
    List<String> names =
        switch (tables.classAt(type.number())) {
          case IrClass.Local local -> local.vtable().stream().map(IrClass.Slot::name).toList();
          case IrClass.Imported i -> i.methods().stream().map(IrClass.Method::name).toList();
          case IrClass.Collection _ -> List.of();
        };
    return names.contains(name) || names.contains("get " + name);
  }

  /** The row of the Map, Set, Date … that a class is or derives from, or null. */
  IrType.@Nullable ClassType collection(IrType type) {
    IrType at = type;
    while (at instanceof IrType.ClassType c) {
      switch (tables.classAt(c.number())) {
        case IrClass.Collection _ -> {
          return c;
        }
        case IrClass.Local local when local.parent() >= 0 ->
            at = new IrType.ClassType(local.parent());
        case IrClass.Imported imported when imported.parent() != null -> at = imported.parent();
        case IrClass.Local _, IrClass.Imported _ -> {
          return null;
        }
      }
    }
    return null;
  }

  /** The type of the library that a class is or derives from, or null. */
  @Nullable IrType builtinBase(IrType type) {
    IrType.ClassType row = collection(type);
    if (row == null || !(tables.classAt(row.number()) instanceof IrClass.Collection c)) {
      return null;
    }
    if (c.name().equals("Mutex")) {
      return IrType.Basic.MUTEX;
    }
    return c.name().startsWith("Channel<") ? new IrType.Channel(c.typeArguments().getFirst()) : row;
  }

  /** The number of a field, the inherited ones counted. */
  int fieldNumber(FieldSymbol field) {
    ClassSymbol owner = field.owner();
    if (owner.imported()) {
      List<IrClass.Field> fields = imported(owner).fields();
      for (int i = 0; i < fields.size(); i++) {
        if (fields.get(i).name().equals(field.name())) {
          return i;
        }
      }
      throw new IllegalStateException(owner + " has no field " + field.name());
    }
    return inheritedFields(owner) + numberAmong(owner, field);
  }

  private int numberAmong(ClassSymbol owner, FieldSymbol field) {
    Map<FieldSymbol, Integer> numbers = fieldNumbers.get(owner);
    if (numbers == null) {
      numbers = new IdentityHashMap<>();
      for (FieldSymbol own : owner.fields()) {
        numbers.put(own, numbers.size());
      }
      fieldNumbers.put(owner, numbers);
    }
    return numbers.getOrDefault(field, -1);
  }

  private int inheritedFields(ClassSymbol symbol) {
    Type.ClassInstance base = symbol.base();
    if (base == null) {
      return 0;
    }
    ClassSymbol ancestor = base.symbol();
    if (CoreClasses.isExtensible(ancestor)) {
      return 0;
    }
    return ancestor.imported()
        ? imported(ancestor).fields().size()
        : inheritedFields(ancestor)
            + ancestor.fields().size()
            + sources.locals(ancestor).held(ancestor).size();
  }

  private IrClass.Imported imported(ClassSymbol symbol) {
    if (tables.classAt(externals.classNumber(symbol)) instanceof IrClass.Imported imported) {
      return imported;
    }
    throw new IllegalStateException(symbol + " is not imported");
  }

  /** The number of a static field among the globals. */
  int staticNumber(FieldSymbol field) {
    ClassSymbol owner = field.owner();
    if (owner.module().external()) {
      return tables.importGlobal(
          externals.module(owner.module()), owner.name() + "." + field.name());
    }
    return staticsOf(owner).get(owner.staticFields().indexOf(field));
  }

  private List<Integer> staticsOf(ClassSymbol symbol) {
    List<Integer> known = statics.get(symbol);
    if (known == null) {
      known = new ArrayList<>();
      for (FieldSymbol field : symbol.staticFields()) {
        IrType type = types.of(field.type(), Environment.EMPTY);
        known.add(
            tables.global(
                field,
                () -> staticName(field),
                () ->
                    new LocalGlobal(
                        symbol.name() + "." + field.name(), type, false, symbol.exported(), true)));
      }
      statics.put(symbol, known);
    }
    return known;
  }

  /** What a static field is called in all parts. */
  private LinkName staticName(FieldSymbol field) {
    return new LinkName(sources.name(field.owner()) + ".static " + field.name());
  }

  private static boolean isError(ClassSymbol symbol) {
    for (ClassSymbol at = symbol; ; at = at.base().symbol()) {
      if (CoreClasses.isError(at)) {
        return true;
      }
      if (at.base() == null) {
        return false;
      }
    }
  }
}
