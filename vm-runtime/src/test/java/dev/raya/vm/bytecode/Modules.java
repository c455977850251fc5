package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.Slot;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Modules that the tests of this package share. */
final class Modules {
  static final int VOID = PredefinedType.VOID;
  static final int INT = PredefinedType.INT;
  static final int STRING = PredefinedType.STRING;

  private Modules() {}

  static Meta meta(String packageName) {
    return new Meta(
        packageName, "1.0.0", "", "test 1", 1, 0, 0, Sha256.ZERO, Sha256.ZERO, Sha256.ZERO);
  }

  /** {@code function main(): void { console.log("hello"); }}. */
  static RbinModule hello() throws RbinException {
    RbinBuilder builder = new RbinBuilder(meta("hello"));
    int module = builder.module("", true);
    FunctionBuilder main =
        builder.function(module, "main", builder.functionType(List.of(), VOID), FunctionDef.ENTRY);
    main.constant("hello").builtin("console.log", 1).emit(Opcode.RETURN_VOID);
    return builder.build();
  }

  /** Classes, closures, handlers, switches, literals, a Map, globals and debug information. */
  static RbinModule rich() throws RbinException {
    RbinBuilder builder = new RbinBuilder(meta("rich"));
    int module = builder.module("", true);
    int core = builder.importModule(ModuleSymbols.CORE, "", Sha256.ZERO);
    builder.dependsOnImport(module, core);
    int file = builder.sourceFile("main.raya", Sha256.ZERO);

    int map = builder.declareClass();
    builder.defineClass(
        map,
        new ClassDef(
            "Map<string,int>",
            ClassRef.NONE,
            ClassDef.INSTANCE | ClassDef.FINAL,
            List.of(),
            -1,
            List.of(),
            List.of(),
            List.of(STRING, INT),
            1 + core,
            0,
            0));
    int mapType = builder.classType(map);

    int animal = builder.declareClass();
    int dog = builder.declareClass();
    int toText = builder.functionType(List.of(), STRING);
    FunctionBuilder constructor =
        builder.function(
            module,
            "Animal#constructor",
            builder.functionType(List.of(STRING), VOID),
            FunctionDef.CONSTRUCTOR,
            animal,
            -1);
    constructor.loadLocal(0).loadLocal(1).storeField(0).emit(Opcode.RETURN_VOID);
    FunctionBuilder name =
        builder.function(module, "Animal#speak", toText, FunctionDef.METHOD, animal, -1);
    name.emit(Opcode.TRAP, Trap.UNREACHABLE.code());
    FunctionBuilder bark =
        builder.function(module, "Dog#speak", toText, FunctionDef.METHOD, dog, -1);
    bark.loadLocal(0).loadField(0).constant(" barks").emit(Opcode.SCONCAT).emit(Opcode.RETURN);
    FunctionBuilder dogConstructor =
        builder.function(
            module,
            "Dog#constructor",
            builder.functionType(List.of(STRING), VOID),
            FunctionDef.CONSTRUCTOR,
            dog,
            -1);
    dogConstructor
        .loadLocal(0)
        .loadLocal(1)
        .emit(Opcode.CALL_SUPER, constructor.handle(), 1)
        .emit(Opcode.RETURN_VOID);
    builder.defineClass(
        dog, classDef("Dog", animal, List.of(), dogConstructor, new Slot("speak", bark.handle())));
    builder.defineClass(
        animal,
        classDef(
            "Animal",
            ClassRef.NONE,
            List.of(new FieldDef("name", STRING, FieldDef.READ_ONLY)),
            constructor,
            new Slot("speak", name.handle())));
    builder.export(module, "Animal", ExportKind.CLASS, animal);
    builder.export(module, "Dog", ExportKind.CLASS, dog);
    builder.export(module, "Dog#constructor", ExportKind.FUNCTION, dogConstructor.handle());

    int counter = builder.global(new GlobalDef("counter", INT, 0));
    FunctionBuilder init =
        builder.function(module, "<init>", builder.functionType(List.of(), VOID), FunctionDef.INIT);
    init.constant(1_000).emit(Opcode.STORE_GLOBAL, counter).emit(Opcode.RETURN_VOID);

    FunctionBuilder closures = closures(builder, module);
    FunctionBuilder pick = pick(builder, module, animal, dog, dogConstructor);

    int main = builder.functionType(List.of(), INT);
    FunctionBuilder run = builder.function(module, "main", main, FunctionDef.ENTRY);
    int table = run.local(mapType);
    Label start = run.here();
    run.line(file, 1, 1).emit(Opcode.NEW, mapType).storeLocal(table);
    run.line(file, 2, 1).loadLocal(table).constant("a").constant(7).builtin("map.set", 3);
    run.emit(Opcode.POP);
    run.loadLocal(table).constant("a").builtin("map.get", 2).emit(Opcode.NON_NULL);
    run.emit(Opcode.CALL, closures.handle(), 1).emit(Opcode.RETURN);
    Label end = run.here();
    Label caught = run.here();
    run.emit(Opcode.POP).emit(Opcode.CALL, pick.handle(), 0).emit(Opcode.RETURN);
    run.handler(start, end, caught, ClassRef.NONE);
    run.localName(table, start, end, "table");
    return builder.build();
  }

  private static ClassDef classDef(
      String name, int parent, List<FieldDef> fields, FunctionBuilder constructor, Slot... slots) {
    return new ClassDef(
        name,
        parent,
        ClassDef.EXPORTED,
        fields,
        constructor.handle(),
        List.of(slots),
        List.of(),
        List.of(),
        0,
        0,
        0);
  }

  /** A function whose closure adds to a shared cell. */
  private static FunctionBuilder closures(RbinBuilder builder, int module) {
    int unary = builder.functionType(List.of(INT), INT);
    FunctionBuilder outer = builder.function(module, "sum", unary, 0);
    int cell = builder.type(new RType.CellType(INT));
    FunctionBuilder inner =
        builder.function(module, "", unary, FunctionDef.CLOSURE, -1, outer.handle());
    inner.capture(cell);
    inner.emit(Opcode.LOAD_CAPTURED, 0).emit(Opcode.LOAD_CELL).loadLocal(0).emit(Opcode.IADD);
    inner.emit(Opcode.RETURN);
    int shared = outer.local(cell);
    outer.loadLocal(0).emit(Opcode.NEW_CELL, INT).storeLocal(shared);
    outer.emit(Opcode.MAKE_CLOSURE, inner.handle(), 1).loadLocal(shared);
    outer.emit(Opcode.CLOSE_VAR, 0).constant(5).emit(Opcode.CALL_CLOSURE, 1).emit(Opcode.RETURN);
    return outer;
  }

  /** Switches, literals and a conditional whose branches meet with values on the stack. */
  private static FunctionBuilder pick(
      RbinBuilder builder, int module, int animal, int dog, FunctionBuilder dogConstructor) {
    FunctionBuilder pick =
        builder.function(module, "pick", builder.functionType(List.of(), INT), 0);
    int numbers = builder.arrayOf(INT);
    int array = pick.local(numbers);
    int beast = pick.local(builder.nullable(builder.classType(animal)));
    Label other = pick.newLabel();
    Label joined = pick.newLabel();
    pick.emit(Opcode.ARRAY_LITERAL, numbers, 2).constant(1).constant(true);
    pick.jump(Opcode.JMP_IF_FALSE, other).constant(2).jump(Opcode.JMP, joined);
    pick.bind(other).constant(300).bind(joined);
    pick.emit(Opcode.INIT_ARRAY, 2).storeLocal(array);
    pick.emit(Opcode.NEW, builder.classType(dog)).emit(Opcode.DUP).constant("Rex");
    pick.emit(Opcode.CALL_CONSTRUCTOR, dogConstructor.handle(), 1).storeLocal(beast);
    Map<Integer, Label> cases = new TreeMap<>();
    Label one = pick.newLabel();
    Label none = pick.newLabel();
    cases.put(1, one);
    cases.put(2, one);
    pick.loadLocal(array).constant(0).emit(Opcode.LOAD_ELEM);
    pick.intSwitch(new TreeMap<>(cases), none);
    pick.bind(one).loadLocal(beast).emit(Opcode.NON_NULL).emit(Opcode.CALL_METHOD, 0, 0);
    pick.stringSwitch(Map.of("Rex barks", none, "", one), none);
    pick.bind(none).loadLocal(array).emit(Opcode.ARRAY_LEN).emit(Opcode.RETURN);
    return pick;
  }
}
