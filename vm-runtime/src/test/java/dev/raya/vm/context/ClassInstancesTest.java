package dev.raya.vm.context;

import static dev.raya.vm.context.TestProgram.INT;
import static dev.raya.vm.context.TestProgram.STRING;
import static dev.raya.vm.context.TestProgram.print;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RbinErrorKind;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Slot;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Verifier;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two instances {@code Box<int>} in one file: when they are one class (rbin.md 3.12). */
class ClassInstancesTest {
  /** An instance with a method m of a type to itself that returns its argument. */
  private static int box(TestProgram p, int module, int type, List<FieldDef> fields) {
    int box = p.builder.declareClass();
    FunctionBuilder m =
        p.builder.function(module, "Box<int>#m", p.type(type, type), FunctionDef.METHOD, box, -1);
    m.loadLocal(1).emit(Opcode.RETURN);
    define(p, box, fields, m);
    return box;
  }

  private static void define(TestProgram p, int box, List<FieldDef> fields, FunctionBuilder m) {
    p.builder.defineClass(
        box,
        new ClassDef(
            "Box<int>",
            ClassRef.NONE,
            ClassDef.INSTANCE,
            fields,
            -1,
            List.of(new Slot("m", m.handle())),
            List.of(),
            List.of(INT),
            0,
            0,
            0));
  }

  /** A program that makes one of the first and calls it as one of the second. */
  private static TestProgram callsFirstAsSecond(int firstType, int secondType) {
    TestProgram p = new TestProgram();
    int first = box(p, p.module, firstType, List.of());
    int second = box(p, p.module, secondType, List.of());
    FunctionBuilder main = p.main();
    int local = main.local(p.builder.classType(second));
    main.emit(Opcode.NEW, p.builder.classType(first)).storeLocal(local);
    main.loadLocal(local);
    if (secondType == INT) {
      main.constant(7);
    } else {
      main.constant("seven");
    }
    print(main.emit(Opcode.CALL_METHOD, 0, 1));
    main.emit(Opcode.RETURN_VOID);
    return p;
  }

  @Test
  void instancesWithMethodsOfTheSameTypesAreOneClass() {
    assertThat(callsFirstAsSecond(INT, INT).run().out()).isEqualTo("7\n");
  }

  @Test
  void instancesWithMethodsOfOtherTypesAreNot() {
    TestProgram p = callsFirstAsSecond(INT, STRING);
    assertThatThrownBy(() -> Verifier.verify(RbinWriter.write(p.builder.build())))
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.TYPE_MISMATCH));
  }

  /** A program whose functions tell their module, because it exports one. */
  private static TestProgram exporting() {
    TestProgram p = new TestProgram();
    FunctionBuilder one = p.builder.function(p.module, "one", p.type(INT), FunctionDef.EXPORTED);
    one.constant(1).emit(Opcode.RETURN);
    p.builder.export(p.module, "one", ExportKind.FUNCTION, one.handle());
    return p;
  }

  /** Each is used as itself, which the verifier cannot object to. */
  private static void mergingIsRefused(TestProgram p, int first, int second) {
    FunctionBuilder main = p.main();
    main.emit(Opcode.NEW, p.builder.classType(first)).emit(Opcode.POP);
    main.emit(Opcode.NEW, p.builder.classType(second)).emit(Opcode.POP);
    main.emit(Opcode.RETURN_VOID);
    assertThatThrownBy(p::run)
        .hasMessageContaining("SignatureMismatch")
        .hasMessageContaining("Box<int> has other members");
  }

  @Test
  void linkerRefusesInstancesOfOneTemplateWithOtherMethods() {
    TestProgram p = exporting();
    mergingIsRefused(p, box(p, p.module, INT, List.of()), box(p, p.module, STRING, List.of()));
  }

  @Test
  void linkerRefusesInstancesOfOneTemplateWithOtherFields() {
    List<FieldDef> one = List.of(new FieldDef("x", INT, 0));
    for (List<FieldDef> other :
        List.of(
            List.<FieldDef>of(),
            List.of(new FieldDef("y", INT, 0)),
            List.of(new FieldDef("x", STRING, 0)),
            List.of(new FieldDef("x", INT, FieldDef.READ_ONLY)))) {
      TestProgram p = exporting();
      mergingIsRefused(p, box(p, p.module, INT, one), box(p, p.module, INT, other));
    }
  }

  /** Two modules of a file declare templates of one name: their instances are two classes. */
  @Test
  void templatesOfTwoModulesAreTwo() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    for (int i = 1; i <= 2; i++) {
      int module = p.builder.module("module" + i, false);
      int box = p.builder.declareClass();
      FunctionBuilder made =
          p.builder.function(module, "made" + i, p.type(INT), FunctionDef.EXPORTED);
      made.emit(Opcode.NEW, p.builder.classType(box)).emit(Opcode.CALL_METHOD, 0, 0);
      made.emit(Opcode.RETURN);
      p.builder.export(module, "made" + i, ExportKind.FUNCTION, made.handle());
      FunctionBuilder m =
          p.builder.function(module, "Box<int>#m", p.type(INT), FunctionDef.METHOD, box, -1);
      m.constant(i).emit(Opcode.RETURN);
      define(p, box, List.of(), m);
      print(main.emit(Opcode.CALL, made.handle(), 0));
    }
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("1\n2\n");
  }
}
