package dev.raya.vm.bytecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Slot;
import java.util.List;
import org.junit.jupiter.api.Test;

class RbinLinkerTest {
  private static final int INT = PredefinedType.INT;

  /** Exports class Point (x, y, sum) and function twice. */
  private static VerifiedModule library(String path) throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("demo"));
    int module = builder.module(path, true);
    int point = builder.declareClass();
    FunctionBuilder constructor =
        builder.function(
            module,
            "Point#constructor",
            builder.functionType(List.of(INT, INT), PredefinedType.VOID),
            FunctionDef.CONSTRUCTOR,
            point,
            -1);
    constructor.loadLocal(0).loadLocal(1).storeField(0).loadLocal(0).loadLocal(2).storeField(1);
    constructor.emit(Opcode.RETURN_VOID);
    FunctionBuilder sum =
        builder.function(
            module,
            "Point#sum",
            builder.functionType(List.of(), INT),
            FunctionDef.METHOD,
            point,
            -1);
    sum.loadLocal(0).loadField(0).loadLocal(0).loadField(1).emit(Opcode.IADD).emit(Opcode.RETURN);
    builder.defineClass(
        point,
        new ClassDef(
            "Point",
            ClassRef.NONE,
            ClassDef.EXPORTED,
            List.of(new FieldDef("x", INT, 0), new FieldDef("y", INT, 0)),
            constructor.handle(),
            List.of(new Slot("sum", sum.handle())),
            List.of(),
            List.of(),
            0,
            0,
            0));
    FunctionBuilder twice =
        builder.function(
            module, "twice", builder.functionType(List.of(INT), INT), FunctionDef.EXPORTED);
    twice.loadLocal(0).constant(2).emit(Opcode.IMUL).emit(Opcode.RETURN);
    builder.export(module, "Point", ExportKind.CLASS, point);
    builder.export(module, "Point#constructor", ExportKind.FUNCTION, constructor.handle());
    builder.export(module, "twice", ExportKind.FUNCTION, twice.handle());
    return Verifier.verify(RbinWriter.write(builder.build()));
  }

  /** Imports them under a specifier; {@code result} is the type it believes twice to have. */
  private static VerifiedModule application(String specifier, String path, int result)
      throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("demo"));
    int module = builder.module(path, true);
    int library = builder.importModule(specifier, "", Sha256.ZERO);
    builder.dependsOnImport(module, library);
    int point = builder.importClass(library, "Point");
    int pointType = builder.classType(point);
    builder.classShape(
        point,
        builder.type(
            new RType.InterfaceType(
                "Point",
                List.of(
                    new RType.Property("x", INT, 0),
                    new RType.Property("y", INT, 0),
                    new RType.Property(
                        "sum", builder.functionType(List.of(), INT), RType.Property.METHOD)),
                List.of())));
    int constructor =
        builder.importFunction(
            library,
            "Point#constructor",
            builder.functionType(List.of(INT, INT), PredefinedType.VOID));
    int twice =
        builder.importFunction(library, "twice", builder.functionType(List.of(INT), result));
    FunctionBuilder main =
        builder.function(module, "main", builder.functionType(List.of(), INT), FunctionDef.ENTRY);
    main.emit(Opcode.NEW, pointType).emit(Opcode.DUP).constant(3).constant(4);
    main.emit(Opcode.CALL_CONSTRUCTOR, constructor, 2).emit(Opcode.CALL_METHOD, 0, 0);
    main.emit(Opcode.CALL, twice, 1);
    if (result != INT) {
      main.emit(Opcode.POP).constant(0);
    }
    main.emit(Opcode.RETURN);
    return Verifier.verify(RbinWriter.write(builder.build()));
  }

  @Test
  void importsOfThePackageBecomeReferencesWithinTheFile() throws RbinException {
    RbinModule linked =
        RbinLinker.link(Modules.meta("demo"), List.of(application("lib", "", INT), library("lib")));
    assertThat(linked.imports()).isEmpty();
    assertThat(linked.modules()).extracting(RbinModule.ModuleDef::path).containsExactly("lib", "");
    assertThat(linked.modules().get(1).dependencies()).containsExactly(0);
    assertThat(linked.classes()).extracting(ClassDef::name).containsExactly("Point");
    assertThat(RbinReader.read(RbinWriter.write(linked))).isEqualTo(linked);
  }

  @Test
  void linkingOneModuleChangesNothing() throws RbinException {
    RbinModule rich = Modules.rich();
    RbinModule linked = RbinLinker.link(rich.meta(), List.of(Verifier.verify(rich)));
    assertThat(linked).isEqualTo(rich);
  }

  @Test
  void anotherTypeThanTheExportIsASignatureMismatch() {
    assertThatThrownBy(
            () ->
                RbinLinker.link(
                    Modules.meta("demo"),
                    List.of(application("lib", "", PredefinedType.STRING), library("lib"))))
        .isInstanceOfSatisfying(
            RbinException.class,
            e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.SIGNATURE_MISMATCH));
  }

  @Test
  void linkageChecksImportsBetweenFiles() throws RbinException {
    VerifiedModule library = library("");
    Linkage linkage = new Linkage((importer, index) -> new Linkage.Provider(library, 0));
    linkage.check(application("demo-lib", "", INT));
    assertThatThrownBy(() -> linkage.check(application("demo-lib", "", PredefinedType.STRING)))
        .hasMessageContaining("SignatureMismatch")
        .hasMessageContaining("twice is imported from demo-lib");
  }

  @Test
  void anExportThatIsNotThereIsAMissingImport() throws RbinException {
    VerifiedModule hello = Verifier.verify(Modules.hello());
    Linkage linkage = new Linkage((importer, index) -> new Linkage.Provider(hello, 0));
    assertThatThrownBy(() -> linkage.check(application("demo-lib", "", INT)))
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.MISSING_IMPORT));
  }

  @Test
  void modulesThatNeedEachOtherAreAnImportCycle() throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("demo"));
    int first = builder.module("a", true);
    int second = builder.module("b", true);
    builder.dependsOnModule(first, second);
    builder.dependsOnModule(second, first);
    assertThatThrownBy(builder::build)
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.IMPORT_CYCLE));
  }
}
