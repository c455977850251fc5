package dev.raya.vm.context;

import static dev.raya.vm.context.TestProgram.ERROR;
import static dev.raya.vm.context.TestProgram.INT;
import static dev.raya.vm.context.TestProgram.NUMBER;
import static dev.raya.vm.context.TestProgram.STRING;
import static dev.raya.vm.context.TestProgram.VOID;
import static dev.raya.vm.context.TestProgram.print;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Label;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Slot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arrays, objects, dispatch, closures, cells, strings (vm.md 2, 3.5, 3.6). */
class ObjectsTest {
  private static void loop(FunctionBuilder f, int counter, int rounds, Runnable body) {
    Label start = f.newLabel();
    Label end = f.newLabel();
    f.constant(0).storeLocal(counter).bind(start);
    f.loadLocal(counter).constant(rounds).emit(Opcode.ILT).jump(Opcode.JMP_IF_FALSE, end);
    body.run();
    f.emit(Opcode.IINC_LOCAL, counter, 1).jump(Opcode.JMP, start).bind(end);
  }

  @Test
  void arraysStoreLoadGrowAndTrap() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int ints = p.builder.arrayOf(INT);
    int array = main.local(ints);
    int i = main.local(INT);
    main.constant(10).emit(Opcode.NEW_ARRAY, ints).storeLocal(array);
    loop(
        main,
        i,
        10,
        () ->
            main.loadLocal(array)
                .loadLocal(i)
                .loadLocal(i)
                .loadLocal(i)
                .emit(Opcode.IMUL)
                .emit(Opcode.STORE_ELEM));
    main.loadLocal(array).constant(77).emit(Opcode.ARRAY_PUSH);
    print(main.loadLocal(array).emit(Opcode.ARRAY_LEN));
    print(main.loadLocal(array).constant(9).emit(Opcode.LOAD_ELEM));
    main.loadLocal(array).emit(Opcode.ARRAY_POP);
    print(main);
    main.loadLocal(array).constant(10).emit(Opcode.LOAD_ELEM).emit(Opcode.POP);
    main.emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.out()).isEqualTo("11\n81\n77\n");
    assertThat(result.err()).startsWith("Uncaught RangeError: index 10 out of range for length 10");
  }

  @Test
  void unsetElementsTrap() {
    TestProgram p = new TestProgram();
    int cls = p.builder.declareClass();
    p.define(cls, "Box", ClassRef.NONE, List.of(), -1, List.of());
    int boxes = p.builder.arrayOf(p.builder.classType(cls));
    FunctionBuilder main = p.main();
    main.constant(2)
        .emit(Opcode.NEW_ARRAY, boxes)
        .constant(1)
        .emit(Opcode.LOAD_ELEM)
        .emit(Opcode.POP)
        .emit(Opcode.RETURN_VOID);
    assertThat(p.run().err()).startsWith("Uncaught TypeError: field read before initialisation");
  }

  @Test
  void literalsAndTuplesKeepTheirValues() {
    TestProgram p = new TestProgram();
    int numbers = p.builder.arrayOf(NUMBER);
    int pair = p.builder.type(new RType.TupleType(List.of(STRING, INT), false));
    FunctionBuilder main = p.main();
    main.emit(Opcode.ARRAY_LITERAL, numbers, 3)
        .constant(1.5)
        .constant(2.5)
        .constant(4.0)
        .emit(Opcode.INIT_ARRAY, 3);
    main.constant(2).emit(Opcode.LOAD_ELEM);
    print(main);
    int t = main.local(pair);
    main.emit(Opcode.TUPLE_LITERAL, pair)
        .constant("seven")
        .constant(7)
        .emit(Opcode.INIT_TUPLE, 2)
        .storeLocal(t);
    print(main.loadLocal(t).emit(Opcode.TUPLE_GET, 0));
    print(main.loadLocal(t).emit(Opcode.TUPLE_GET, 1));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("4\nseven\n7\n");
  }

  /**
   * A class hierarchy: fields of the parent first, an override, and an override of another physical
   * kind.
   */
  @Test
  void methodsAreDispatchedAndAdapted() {
    TestProgram p = new TestProgram();
    int base = p.builder.declareClass();
    int derived = p.builder.declareClass();
    int area = p.type(NUMBER);
    int areaInt = p.type(INT);
    FunctionBuilder baseArea =
        p.builder.function(p.module, "area", area, FunctionDef.METHOD, base, -1);
    baseArea.loadLocal(0).loadField(0).constant(2.0).emit(Opcode.FMUL).emit(Opcode.RETURN);
    FunctionBuilder derivedArea =
        p.builder.function(p.module, "area", areaInt, FunctionDef.METHOD, derived, -1);
    derivedArea.loadLocal(0).loadField(1).emit(Opcode.RETURN);
    p.define(
        base,
        "Base",
        ClassRef.NONE,
        List.of(new FieldDef("x", NUMBER, 0)),
        -1,
        List.of(new Slot("area", baseArea.handle())));
    p.define(
        derived,
        "Derived",
        base,
        List.of(new FieldDef("n", INT, 0)),
        -1,
        List.of(new Slot("area", derivedArea.handle())));
    FunctionBuilder main = p.main();
    int a = main.local(p.builder.classType(base));
    int d = main.local(p.builder.classType(derived));
    main.emit(Opcode.NEW, p.builder.classType(base)).storeLocal(a);
    main.loadLocal(a).constant(21.0).storeField(0);
    print(main.loadLocal(a).emit(Opcode.CALL_METHOD, 0, 0));
    main.emit(Opcode.NEW, p.builder.classType(derived)).storeLocal(d);
    main.loadLocal(d).constant(5).storeField(1);
    main.loadLocal(d).storeLocal(a);
    print(main.loadLocal(a).emit(Opcode.CALL_METHOD, 0, 0).constant(0.5).emit(Opcode.FADD));
    print(main.loadLocal(a).emit(Opcode.INSTANCEOF, p.builder.classType(derived)));
    main.emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).isEqualTo("42\n5.5\ntrue\n");
  }

  @Test
  void interfaceCallsFindMethodsOfSeveralClasses() {
    TestProgram p = new TestProgram();
    int method = p.type(INT, INT);
    int shape =
        p.builder.type(
            new RType.InterfaceType(
                "Shape",
                List.of(new RType.Property("times", method, RType.Property.METHOD)),
                List.of()));
    FunctionBuilder main = p.main();
    int s = main.local(shape);
    StringBuilder expected = new StringBuilder();
    FunctionBuilder call = p.function("call", INT, shape);
    call.loadLocal(0).constant(10).callInterface("times", 1).emit(Opcode.RETURN);
    for (int k = 1; k <= 7; k++) {
      int cls = p.builder.declareClass();
      FunctionBuilder times =
          p.builder.function(p.module, "times", method, FunctionDef.METHOD, cls, -1);
      times.loadLocal(1).constant(k).emit(Opcode.IMUL).emit(Opcode.RETURN);
      p.define(
          cls, "C" + k, ClassRef.NONE, List.of(), -1, List.of(new Slot("times", times.handle())));
      main.emit(Opcode.NEW, p.builder.classType(cls)).storeLocal(s);
      print(main.loadLocal(s).emit(Opcode.CALL, call.handle(), 1));
      print(main.loadLocal(s).emit(Opcode.CALL, call.handle(), 1));
      expected.append((10 * k + "\n").repeat(2));
    }
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo(expected.toString());
  }

  @Test
  void namedFieldsAndAccessorsAreFound() {
    TestProgram p = new TestProgram();
    int shape =
        p.builder.type(
            new RType.InterfaceType(
                "Sized", List.of(new RType.Property("size", INT, 0)), List.of()));
    int plain = p.builder.declareClass();
    p.define(plain, "Plain", ClassRef.NONE, List.of(new FieldDef("size", INT, 0)), -1, List.of());
    int literal =
        p.builder.type(
            new RType.ObjectType(
                "",
                List.of(new RType.Property("name", STRING, 0), new RType.Property("size", INT, 0)),
                List.of()));
    FunctionBuilder grow = p.function("grow", INT, shape);
    grow.loadLocal(0)
        .loadLocal(0)
        .named(Opcode.LOAD_FIELD_NAMED, "size")
        .constant(1)
        .emit(Opcode.IADD)
        .named(Opcode.STORE_FIELD_NAMED, "size");
    grow.loadLocal(0).named(Opcode.LOAD_FIELD_NAMED, "size").emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    print(main.emit(Opcode.NEW, p.builder.classType(plain)).emit(Opcode.CALL, grow.handle(), 1));
    main.emit(Opcode.OBJECT_LITERAL, literal, 2)
        .constant("x")
        .constant(41)
        .emit(Opcode.INIT_OBJECT, 2);
    print(main.emit(Opcode.CALL, grow.handle(), 1));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("1\n42\n");
  }

  @Test
  void closuresCaptureAndShareCells() {
    TestProgram p = new TestProgram();
    int cell = p.builder.type(new RType.CellType(INT));
    int counterType = p.type(INT);
    FunctionBuilder main = p.main();
    FunctionBuilder next =
        p.builder.function(p.module, "next", counterType, FunctionDef.CLOSURE, -1, main.handle());
    next.capture(cell);
    next.emit(Opcode.LOAD_CAPTURED, 0)
        .emit(Opcode.LOAD_CAPTURED, 0)
        .emit(Opcode.LOAD_CELL)
        .constant(1)
        .emit(Opcode.IADD);
    next.emit(Opcode.STORE_CELL)
        .emit(Opcode.LOAD_CAPTURED, 0)
        .emit(Opcode.LOAD_CELL)
        .emit(Opcode.RETURN);
    int shared = main.local(cell);
    int f = main.local(counterType);
    main.constant(5).emit(Opcode.NEW_CELL, INT).storeLocal(shared);
    main.emit(Opcode.MAKE_CLOSURE, next.handle(), 1)
        .loadLocal(shared)
        .emit(Opcode.CLOSE_VAR, 0)
        .storeLocal(f);
    print(main.loadLocal(f).emit(Opcode.CALL_CLOSURE, 0));
    print(main.loadLocal(f).emit(Opcode.CALL_CLOSURE, 0));
    print(main.loadLocal(shared).emit(Opcode.LOAD_CELL));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("6\n7\n7\n");
  }

  /**
   * A closure of (int) -> int used where (int, string) -> number is expected: surplus dropped,
   * result widened.
   */
  @Test
  void closureCallsAdaptToTheClosuresOwnType() {
    TestProgram p = new TestProgram();
    int own = p.type(INT, INT);
    int wanted = p.type(NUMBER, INT, STRING);
    FunctionBuilder main = p.main();
    FunctionBuilder twice =
        p.builder.function(p.module, "twice", own, FunctionDef.CLOSURE, -1, main.handle());
    twice.loadLocal(0).constant(2).emit(Opcode.IMUL).emit(Opcode.RETURN);
    FunctionBuilder apply = p.function("apply", NUMBER, wanted);
    apply
        .loadLocal(0)
        .constant(21)
        .constant("ignored")
        .emit(Opcode.CALL_CLOSURE, 2)
        .constant(0.5)
        .emit(Opcode.FADD)
        .emit(Opcode.RETURN);
    print(main.emit(Opcode.MAKE_CLOSURE, twice.handle(), 0).emit(Opcode.CALL, apply.handle(), 1));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("42.5\n");
  }

  @Test
  void ropesConcatenateInLinearTime() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int s = main.local(STRING);
    int i = main.local(INT);
    loop(
        main,
        i,
        300_000,
        () -> main.loadLocal(s).constant("ab").emit(Opcode.SCONCAT).storeLocal(s));
    print(main.loadLocal(s).emit(Opcode.SLEN));
    print(main.loadLocal(s).constant(599_998.0).constant(600_000.0).builtin("string.slice", 3));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("600000\nab\n");
  }

  @Test
  void optionalParametersAreKnownByTheirCount() {
    TestProgram p = new TestProgram();
    int type = p.builder.type(new RType.FunctionType(List.of(INT, INT), INT, 1, false));
    FunctionBuilder f = p.builder.function(p.module, "f", type, 0);
    Label given = f.newLabel();
    f.jumpIfArgument(1, given);
    f.constant(100).storeLocal(1).bind(given);
    f.loadLocal(0).loadLocal(1).emit(Opcode.IADD).emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    print(main.constant(1).emit(Opcode.CALL, f.handle(), 1));
    print(main.constant(1).constant(2).emit(Opcode.CALL, f.handle(), 2));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("101\n3\n");
  }

  @Test
  void unionsCarryTheirTags() {
    TestProgram p = new TestProgram();
    int union = p.builder.unionOf(List.of(INT, STRING, TestProgram.NULL));
    FunctionBuilder kind = p.function("kind", STRING, union);
    kind.loadLocal(0).emit(Opcode.TYPEOF).emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    main.constant(3)
        .emit(Opcode.WIDEN, union)
        .emit(Opcode.CALL, kind.handle(), 1)
        .builtin("console.log", 1);
    main.constant("s")
        .emit(Opcode.WIDEN, union)
        .emit(Opcode.CALL, kind.handle(), 1)
        .builtin("console.log", 1);
    main.emit(Opcode.CONST_NULL)
        .emit(Opcode.WIDEN, union)
        .emit(Opcode.CALL, kind.handle(), 1)
        .builtin("console.log", 1);
    print(main.constant(3).emit(Opcode.WIDEN, union).emit(Opcode.CHECK_CAST, INT));
    main.constant("s")
        .emit(Opcode.WIDEN, union)
        .emit(Opcode.CHECK_CAST, INT)
        .emit(Opcode.POP)
        .emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.out()).isEqualTo("int\nstring\nnull\n3\n");
    assertThat(result.err())
        .startsWith(
            "Uncaught TypeError: value is not int but string, though a test before found that it is");
  }

  @Test
  void receiversThatAreNullAfterATestSaySo() {
    TestProgram p = new TestProgram();
    int cls = p.builder.declareClass();
    p.define(cls, "Box", ClassRef.NONE, List.of(new FieldDef("value", INT, 0)), -1, List.of());
    int nullable = p.builder.nullable(p.builder.classType(cls));
    FunctionBuilder main = p.main();
    int b = main.local(nullable);
    main.loadLocal(b).emit(Opcode.NON_NULL).loadField(0).emit(Opcode.POP).emit(Opcode.RETURN_VOID);
    assertThat(p.run().err()).startsWith("Uncaught TypeError: the value is null here, though");
    assertThat(ERROR).isNotEqualTo(VOID);
  }
}
