package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.LinkName;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Jsonable;
import dev.raya.compiler.types.Type;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Casts of json to types that hold classes (language.md 13.3, {@code rbin.md} 4.6). JSON_CAST
 * cannot call constructors, so it first makes plain objects: each class stands there as an
 * interface of its name that has its public fields. That is the whole check, with the paths and
 * names that the cast to the class would give. A function for each type then makes the instances,
 * and cannot fail but by what constructors do.
 */
final class JsonCasts {
  private final PackageTables tables;
  private final ClassLowering classes;
  private final FunctionInstances functions;
  private final IntSupplier module;
  private final Map<IrType, IrType> plain = new HashMap<>();
  private final Map<IrType, Boolean> holding = new HashMap<>();

  JsonCasts(
      PackageTables tables,
      ClassLowering classes,
      FunctionInstances functions,
      IntSupplier module) {
    this.tables = tables;
    this.classes = classes;
    this.functions = functions;
    this.module = module;
  }

  /**
   * Turns the json on the stack into a value of a type. Where code's form of the type says less,
   * the exact one is checked first.
   */
  void cast(CodeDraft code, Type type, Environment environment) {
    TypeLowering types = classes.types();
    if (types.exact().loses(type, environment)) {
      code.plain(Opcode.DUP);
      code.typed(Opcode.JSON_CAST, plain(types.exact().of(type, environment)));
      code.plain(Opcode.POP);
    }
    IrType target = types.property(type, environment);
    code.typed(Opcode.JSON_CAST, plain(target));
    make(code, target);
  }

  // --- types

  /** Whether a value of a type can be or contain an instance of a class written in Raya. */
  private boolean holdsClass(IrType type) {
    Boolean known = holding.get(type);
    if (known == null) {
      known = holdsClass(type, new HashSet<>());
      holding.put(type, known);
    }
    return known;
  }

  private boolean holdsClass(IrType type, Set<IrType> path) {
    if (!path.add(type)) {
      return false;
    }
    return switch (type) {
      case IrType.Array array -> holdsClass(array.element(), path);
      case IrType.Tuple tuple -> any(tuple.elements(), path);
      case IrType.Union union -> any(union.members(), path);
      case IrType.Shape shape ->
          any(
              tables.shapeAt(shape.number()).properties().stream()
                  .map(IrShape.Property::type)
                  .toList(),
              path);
      case IrType.ClassType c ->
          !(tables.classAt(c.number()) instanceof IrClass.Collection collection)
              || any(collection.typeArguments(), path);
      default -> false;
    };
  }

  private boolean any(List<IrType> types, Set<IrType> path) {
    return types.stream().anyMatch(t -> holdsClass(t, path));
  }

  /** The type with an interface in the place of each class. */
  private IrType plain(IrType type) {
    if (!holdsClass(type)) {
      return type;
    }
    IrType known = plain.get(type);
    if (known != null) {
      return known;
    }
    IrType made =
        switch (type) {
          case IrType.Array array -> new IrType.Array(plain(array.element()), array.readOnly());
          case IrType.Tuple tuple -> new IrType.Tuple(all(tuple.elements()), tuple.readOnly());
          case IrType.Union union -> Unions.of(all(union.members()), union.discriminant());
          case IrType.Shape shape -> {
            IrShape from = tables.shapeAt(shape.number());
            yield shape(type, from.name(), from.properties(), from.arguments());
          }
          case IrType.ClassType c
              when tables.classAt(c.number()) instanceof IrClass.Collection collection ->
              TypeLowering.collection(tables, nameOf(collection), all(collection.typeArguments()));
          case IrType.ClassType c -> {
            ClassLowering.Instance instance = instance(c);
            yield shape(type, instance.symbol().name(), properties(instance), instance.arguments());
          }
          default -> throw new IllegalStateException("holds no class: " + type);
        };
    plain.put(type, made);
    return made;
  }

  private List<IrType> all(List<IrType> types) {
    return types.stream().map(this::plain).toList();
  }

  /** The properties may lead back to the type, so the shape is known before they are. */
  private IrType shape(
      IrType of, String name, List<IrShape.Property> properties, List<IrType> arguments) {
    int number = tables.announceShape();
    IrType shape = new IrType.Shape(number);
    plain.put(of, shape);
    List<IrShape.Property> converted = new ArrayList<>();
    for (IrShape.Property p : properties) {
      converted.add(
          new IrShape.Property(p.name(), plain(p.type()), p.optional(), p.readOnly(), p.method()));
    }
    tables.define(number, new IrShape(false, name, converted, arguments));
    return shape;
  }

  private static String nameOf(IrClass.Collection collection) {
    return collection.name().startsWith("Map<") ? "Map" : "Set";
  }

  private ClassLowering.Instance instance(IrType.ClassType type) {
    ClassLowering.Instance instance = classes.instance(type.number());
    if (instance == null) {
      throw new IllegalStateException("unknown class " + tables.className(type.number()));
    }
    return instance;
  }

  private List<IrShape.Property> properties(ClassLowering.Instance instance) {
    List<IrShape.Property> properties = new ArrayList<>();
    for (FieldSymbol field : Jsonable.dataFields(instance.symbol())) {
      properties.add(
          new IrShape.Property(
              field.name(), typeOf(field, instance), field.optional(), true, false));
    }
    return properties;
  }

  private IrType typeOf(FieldSymbol field, ClassLowering.Instance instance) {
    return classes
        .types()
        .property(
            field.type(),
            Environment.EMPTY.with(
                field.owner().typeParameters(),
                classes.argumentsOf(field.owner(), instance.symbol(), instance.arguments())));
  }

  // --- making

  /** Turns the plain value on the stack into one of the type. */
  private void make(CodeDraft code, IrType type) {
    if (holdsClass(type)) {
      code.add(new Instruction.Call(Opcode.CALL, maker(type), 1));
    }
  }

  private int maker(IrType type) {
    return tables.function(
        new LinkName("fromJson", List.of(type)),
        _ -> {
          CodeDraft code = new CodeDraft();
          int value = code.local(plain(type).base(), "value");
          switch (type) {
            case IrType.Array array -> array(code, value, array);
            case IrType.Tuple tuple -> tuple(code, value, tuple);
            case IrType.Union union -> union(code, value, union);
            case IrType.Shape shape -> object(code, value, shape);
            case IrType.ClassType c
                when tables.classAt(c.number()) instanceof IrClass.Collection collection ->
                collection(code, value, c, collection);
            case IrType.ClassType c -> instance(code, value, c);
            default -> throw new IllegalStateException("holds no class: " + type);
          }
          code.leave(Opcode.RETURN);
          return new IrFunction.Local(
              "fromJson",
              new IrType.Function(List.of(plain(type).base()), type.base()),
              module.getAsInt(),
              Set.of(),
              -1,
              -1,
              code.locals(),
              List.of(),
              code.blocks(),
              code.regions(),
              code.variables());
        });
  }

  private void array(CodeDraft code, int value, IrType.Array type) {
    IrType.Array made = new IrType.Array(type.element(), false);
    int array = code.local(made);
    final int index = code.local(Basic.INT);
    code.add(new Instruction.Literal(Opcode.ARRAY_LITERAL, made, 0));
    code.add(new Instruction.Counted(Opcode.INIT_ARRAY, 0));
    code.store(array);
    final int body = code.block();
    final int test = code.block();
    final int after = code.block();
    code.jump(test);
    code.begin(body);
    code.load(array);
    code.load(value);
    code.load(index);
    code.plain(Opcode.LOAD_ELEM);
    make(code, type.element());
    code.plain(Opcode.ARRAY_PUSH);
    code.add(new Instruction.Increment(index, 1));
    code.begin(test);
    code.load(index);
    code.load(value);
    code.plain(Opcode.ARRAY_LEN);
    code.plain(Opcode.ILT);
    code.branch(Opcode.JMP_IF_TRUE, body, after);
    code.begin(after);
    code.load(array);
  }

  private void tuple(CodeDraft code, int value, IrType.Tuple type) {
    code.typed(Opcode.TUPLE_LITERAL, new IrType.Tuple(type.elements(), false));
    for (int i = 0; i < type.elements().size(); i++) {
      code.load(value);
      code.add(new Instruction.Counted(Opcode.TUPLE_GET, i));
      make(code, type.elements().get(i));
    }
    code.add(new Instruction.Counted(Opcode.INIT_TUPLE, type.elements().size()));
  }

  private void object(CodeDraft code, int value, IrType.Shape type) {
    List<IrShape.Property> properties = tables.shapeAt(type.number()).properties();
    IrType literal = new IrType.Shape(tables.shape(new IrShape(true, "", properties, List.of())));
    code.add(new Instruction.Literal(Opcode.OBJECT_LITERAL, literal, properties.size()));
    for (IrShape.Property p : properties) {
      property(code, value, p.name());
      make(code, p.type());
    }
    code.add(new Instruction.Counted(Opcode.INIT_OBJECT, properties.size()));
  }

  private static void property(CodeDraft code, int value, String name) {
    code.load(value);
    code.add(new Instruction.Named(Opcode.LOAD_FIELD_NAMED, name));
  }

  private void collection(
      CodeDraft code, int value, IrType.ClassType type, IrClass.Collection collection) {
    String name = nameOf(collection).equals("Map") ? "map" : "set";
    int made = code.local(type);
    final int cursor = code.local(Basic.FOREIGN);
    code.typed(Opcode.NEW, type);
    code.store(made);
    code.load(value);
    code.builtin(name + ".cursor", 1);
    code.store(cursor);
    final int body = code.block();
    final int test = code.block();
    final int after = code.block();
    code.jump(test);
    code.begin(body);
    code.load(made);
    if (name.equals("map")) {
      code.load(value);
      code.load(cursor);
      code.builtin("map.cursorKey", 2);
    }
    code.load(value);
    code.load(cursor);
    code.builtin(name + ".cursorValue", 2);
    make(code, collection.typeArguments().getLast());
    code.builtin(name.equals("map") ? "map.set" : "set.add", name.equals("map") ? 3 : 2);
    code.plain(Opcode.POP);
    code.begin(test);
    code.load(value);
    code.load(cursor);
    code.builtin(name + ".advance", 2);
    code.branch(Opcode.JMP_IF_TRUE, body, after);
    code.begin(after);
    code.load(made);
  }

  /** The constructor is called by the names of its parameters, the other fields are assigned. */
  private void instance(CodeDraft code, int value, IrType.ClassType type) {
    ClassLowering.Instance instance = instance(type);
    FunctionSymbol constructor = instance.symbol().constructor();
    if (constructor == null) {
      throw new IllegalStateException(instance.symbol() + " has no constructor");
    }
    Coercion coercion = new Coercion(code);
    Map<String, FieldSymbol> fields = new HashMap<>();
    Jsonable.dataFields(instance.symbol()).forEach(f -> fields.put(f.name(), f));
    IrType.Function signature =
        classes
            .types()
            .function(
                constructor.type(),
                Environment.EMPTY.with(instance.symbol().typeParameters(), instance.arguments()));
    int made = code.local(type);
    code.typed(Opcode.NEW, type);
    code.store(made);
    code.load(made);
    Set<String> given = new HashSet<>();
    for (int i = 0; i < signature.params().size(); i++) {
      Type.Parameter parameter = constructor.type().parameters().get(i);
      FieldSymbol field = fields.get(parameter.name());
      if (field == null) {
        throw new IllegalStateException(instance.symbol() + " has no field " + parameter.name());
      }
      given.add(parameter.name());
      property(code, value, parameter.name());
      IrType fieldType = typeOf(field, instance);
      make(code, fieldType);
      coercion.widen(fieldType, signature.params().get(i), false);
    }
    code.add(
        new Instruction.Call(
            Opcode.CALL_CONSTRUCTOR,
            functions.number(constructor, instance.arguments(), List.of()),
            signature.params().size()));
    for (FieldSymbol field : Jsonable.dataFields(instance.symbol())) {
      if (!given.contains(field.name()) && !field.readonly()) {
        code.load(made);
        property(code, value, field.name());
        make(code, typeOf(field, instance));
        code.add(new Instruction.Field(Opcode.STORE_FIELD, classes.fieldNumber(field)));
      }
    }
    code.load(made);
  }

  /** Null stays, and so do members without classes; of several objects the discriminant tells. */
  private void union(CodeDraft code, int value, IrType.Union type) {
    Coercion coercion = new Coercion(code);
    final int after = code.block();
    int result = code.local(type.base());
    IrType present = Unions.withoutNull(type);
    int there = value;
    if (Unions.hasNull(type)) {
      final int none = code.block();
      final int some = code.block();
      code.load(value);
      code.branch(Opcode.JMP_IF_NULL, none, some);
      code.begin(none);
      code.plain(Opcode.CONST_NULL);
      coercion.join(Basic.NULL, type.base());
      code.store(result);
      code.jump(after);
      code.begin(some);
      there = code.local(plain(present).base());
      code.load(value);
      coercion.narrow(plain(type), plain(present));
      code.store(there);
    }
    List<IrType> open = Unions.members(present);
    for (IrType member : open) {
      final int mine = code.block();
      final int next = code.block();
      if (member != open.getLast()) {
        tests(code, there, type, member, mine, next);
        code.begin(mine);
      }
      code.load(there);
      coercion.narrow(plain(present), plain(member));
      make(code, member);
      coercion.join(member, type.base());
      code.store(result);
      code.jump(after);
      if (member != open.getLast()) {
        code.begin(next);
      }
    }
    code.begin(after);
    code.load(result);
  }

  /** Goes on at {@code mine} if the value has one of the literals of a member's discriminant. */
  private void tests(
      CodeDraft code, int value, IrType.Union union, IrType member, int mine, int next) {
    List<IrType> literals = Unions.members(discriminant(member, union.discriminant()));
    for (IrType literal : literals) {
      property(code, value, union.discriminant());
      switch (literal) {
        case IrType.StringLiteral s -> code.add(new Instruction.StringConstant(s.value()));
        case IrType.IntLiteral i -> code.constant(i.value());
        case IrType.BoolLiteral b -> code.plain(b.value() ? Opcode.CONST_TRUE : Opcode.CONST_FALSE);
        default -> throw new IllegalStateException("no literal: " + literal);
      }
      code.plain(Opcode.STRICT_EQ);
      int other = literal == literals.getLast() ? next : code.block();
      code.branch(Opcode.JMP_IF_TRUE, mine, other);
      if (other != next) {
        code.begin(other);
      }
    }
  }

  private IrType discriminant(IrType member, String name) {
    List<IrShape.Property> properties =
        member instanceof IrType.ClassType c
            ? properties(instance(c))
            : tables.shapeAt(((IrType.Shape) member).number()).properties();
    for (IrShape.Property p : properties) {
      if (p.name().equals(name)) {
        return p.type();
      }
    }
    throw new IllegalStateException(member + " has no " + name);
  }
}
