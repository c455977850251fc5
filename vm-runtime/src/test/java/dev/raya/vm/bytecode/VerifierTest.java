package dev.raya.vm.bytecode;

import static dev.raya.vm.bytecode.Opcode.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import dev.raya.vm.bytecode.RbinModule.Import;
import dev.raya.vm.bytecode.RbinModule.ImportMember;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** One refused module per kind of fault that a verifier finds ({@code rbin.md} 8). */
class VerifierTest {
  private static final int INT = PredefinedType.INT;
  private static final int STRING = PredefinedType.STRING;

  /** A function {@code (int) => int} of some bytes; numbers above 255 are opcodes' ordinals. */
  private record Body(
      int maxStack, int cost, List<Handler> handlers, List<StackMap> maps, byte[] code) {
    Body(int maxStack, int cost, Object... code) {
      this(maxStack, cost, List.of(), List.of(), bytes(code));
    }

    Body with(Handler... list) {
      return new Body(maxStack, cost, List.of(list), maps, code);
    }

    Body with(StackMap... list) {
      return new Body(maxStack, cost, handlers, List.of(list), code);
    }
  }

  private static byte[] bytes(Object... parts) {
    ByteWriter out = new ByteWriter(16);
    for (Object part : parts) {
      switch (part) {
        case Opcode opcode -> out.u8(opcode.number());
        case Integer number -> out.u8(number);
        case Short number -> out.u16(number);
        case Long number -> out.u32((int) (long) number);
        default -> throw new IllegalArgumentException(part.toString());
      }
    }
    return out.toBytes();
  }

  private static RbinModule module(Body body) throws RbinException {
    RbinModule base = simple();
    FunctionDef old = base.functions().getFirst();
    FunctionDef changed =
        new FunctionDef(
            old.name(),
            old.type(),
            old.flags(),
            old.paramCount(),
            old.localTypes(),
            old.captureTypes(),
            old.ownerClass(),
            body.maxStack(),
            body.cost(),
            Code.of(body.code()),
            body.handlers(),
            body.maps());
    return withFunctions(base, List.of(changed));
  }

  /** {@code function f(x: int): int { return x; }} and a global constant. */
  private static RbinModule simple() throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("simple"));
    int module = builder.module("", true);
    builder.global(new GlobalDef("limit", INT, GlobalDef.CONSTANT));
    FunctionBuilder f =
        builder.function(
            module, "f", builder.functionType(List.of(INT), INT), FunctionDef.EXPORTED);
    f.loadLocal(0).emit(RETURN);
    builder.export(module, "f", ExportKind.FUNCTION, f.handle());
    return builder.build();
  }

  private static RbinModule withFunctions(RbinModule m, List<FunctionDef> functions) {
    return copy(m, m.types(), m.imports(), m.classes(), m.globals(), functions, m.modules());
  }

  private static RbinModule copy(
      RbinModule m,
      List<RType> types,
      List<Import> imports,
      List<ClassDef> classes,
      List<GlobalDef> globals,
      List<FunctionDef> functions,
      List<ModuleDef> modules) {
    return new RbinModule(
        m.flags(),
        m.minVm(),
        m.meta(),
        m.constants(),
        types,
        imports,
        m.natives(),
        classes,
        globals,
        functions,
        m.entry(),
        modules,
        m.decls(),
        m.docs(),
        m.debug());
  }

  private static void refused(RbinErrorKind kind, RbinModule module) {
    assertThatThrownBy(() -> Verifier.verify(RbinWriter.write(module)))
        .isInstanceOfSatisfying(
            RbinException.class,
            e -> {
              assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
              assertThat(e.code()).isEqualTo("RAYA-RBIN-" + kind.label());
            });
  }

  private static void refused(RbinErrorKind kind, Body body) throws RbinException {
    refused(kind, module(body));
  }

  @Test
  void theUnchangedModuleVerifies() throws RbinException {
    Verifier.verify(RbinWriter.write(module(new Body(1, 2, LOAD_LOCAL_0, RETURN))));
  }

  @Test
  void unknownOpcodesAndThoseWithoutTheirFlag() throws RbinException {
    refused(RbinErrorKind.BAD_OPCODE, new Body(1, 2, 0x7E, RETURN));
    refused(RbinErrorKind.BAD_OPCODE, new Body(0, 1, EXT, 0));
    refused(RbinErrorKind.BAD_OPCODE, new Body(0, 1, BREAKPOINT));
    refused(
        RbinErrorKind.BAD_OPCODE,
        new Body(1, 4, LOAD_LOCAL_0, REFLECT_TYPEOF, POP, LOAD_LOCAL_0, RETURN));
    refused(RbinErrorKind.BAD_OPCODE, new Body(1, 3, PROBE, 0L, LOAD_LOCAL_0, RETURN));
  }

  @Test
  void operandsCutOffOrUnsorted() throws RbinException {
    refused(RbinErrorKind.BAD_OPERAND, new Body(1, 2, CONST_I32, 1, 2));
    refused(
        RbinErrorKind.BAD_OPERAND,
        new Body(1, 4, LOAD_LOCAL_0, SWITCH, 0L, (short) 2, 5L, 0L, 5L, 0L, LOAD_LOCAL_0, RETURN));
    refused(RbinErrorKind.BAD_OPERAND, new Body(1, 1, CALL, 0L, 0, RETURN));
    refused(RbinErrorKind.BAD_OPERAND, new Body(0, 1, TRAP, 99));
  }

  @Test
  void jumpsOutsideOrIntoAnInstruction() throws RbinException {
    refused(RbinErrorKind.BAD_JUMP, new Body(1, 3, JMP, 100L, LOAD_LOCAL_0, RETURN));
    refused(RbinErrorKind.BAD_JUMP, new Body(1, 3, JMP, -4L, LOAD_LOCAL_0, RETURN));
    refused(RbinErrorKind.BAD_JUMP, new Body(1, 3, JMP, -6L, LOAD_LOCAL_0, RETURN));
  }

  @Test
  void codeThatRunsOffItsEnd() throws RbinException {
    refused(RbinErrorKind.FALL_THROUGH, new Body(1, 2, LOAD_LOCAL_0, POP));
    refused(RbinErrorKind.FALL_THROUGH, new Body(0, 0));
  }

  @Test
  void stackTooShallowTooDeepOrNotAsDeclared() throws RbinException {
    refused(RbinErrorKind.STACK_UNDERFLOW, new Body(1, 3, LOAD_LOCAL_0, IADD, RETURN));
    refused(RbinErrorKind.STACK_OVERFLOW, new Body(1, 4, LOAD_LOCAL_0, LOAD_LOCAL_0, IADD, RETURN));
    refused(RbinErrorKind.BAD_FUNCTION, new Body(2, 2, LOAD_LOCAL_0, RETURN));
    refused(RbinErrorKind.BAD_FUNCTION, new Body(1, 3, LOAD_LOCAL_0, RETURN));
  }

  @Test
  void operandsAndResultsOfTheWrongType() throws RbinException {
    refused(RbinErrorKind.TYPE_MISMATCH, new Body(2, 4, LOAD_LOCAL_0, CONST_NULL, IADD, RETURN));
    refused(RbinErrorKind.TYPE_MISMATCH, new Body(1, 2, CONST_TRUE, RETURN));
    refused(RbinErrorKind.TYPE_MISMATCH, new Body(2, 3, LOAD_LOCAL_0, LOAD_LOCAL_0, RETURN));
    refused(RbinErrorKind.TYPE_MISMATCH, new Body(0, 1, RETURN_VOID));
    refused(RbinErrorKind.TYPE_MISMATCH, new Body(1, 2, LOAD_LOCAL_0, THROW));
  }

  @Test
  void pathsThatMeetWithDifferentStacks() throws RbinException {
    // JMP over a push: one value on one path, none on the other
    refused(
        RbinErrorKind.MERGE_MISMATCH,
        new Body(1, 5, CONST_TRUE, JMP_IF_TRUE, 1L, LOAD_LOCAL_0, POP, LOAD_LOCAL_0, RETURN));
    refused(
        RbinErrorKind.MERGE_MISMATCH,
        new Body(2, 4, LOAD_LOCAL_0, CONST_TRUE, JMP_IF_TRUE, 0L, RETURN)
            .with(new StackMap(7, List.of(STRING))));
  }

  @Test
  void neededMapsAreRequiredAndNeedlessOnesRefused() throws RbinException {
    Body body = new Body(2, 4, LOAD_LOCAL_0, CONST_TRUE, JMP_IF_TRUE, 0L, RETURN);
    Verifier.verify(module(body.with(new StackMap(7, List.of(INT)))));
    refused(RbinErrorKind.MERGE_MISMATCH, body);
    refused(
        RbinErrorKind.NON_CANONICAL,
        new Body(1, 2, LOAD_LOCAL_0, RETURN).with(new StackMap(1, List.of(INT))));
  }

  @Test
  void handlersWithImpossibleRanges() throws RbinException {
    Body body = new Body(1, 6, NOP, NOP, LOAD_LOCAL_0, RETURN, POP, LOAD_LOCAL_0, RETURN);
    Body right = new Body(1, 7, NOP, NOP, LOAD_LOCAL_0, RETURN, POP, LOAD_LOCAL_0, RETURN);
    Verifier.verify(module(right.with(new Handler(0, 2, 4, ClassRef.NONE))));
    refused(RbinErrorKind.BAD_HANDLER, body.with(new Handler(2, 2, 4, ClassRef.NONE)));
    refused(RbinErrorKind.BAD_HANDLER, body.with(new Handler(0, 9, 4, ClassRef.NONE)));
    refused(RbinErrorKind.BAD_HANDLER, body.with(new Handler(0, 2, 1, ClassRef.NONE)));
    refused(
        RbinErrorKind.BAD_HANDLER,
        body.with(new Handler(0, 3, 4, ClassRef.NONE), new Handler(1, 4, 4, ClassRef.NONE)));
    refused(
        RbinErrorKind.BAD_HANDLER,
        body.with(new Handler(0, 3, 4, ClassRef.NONE), new Handler(1, 2, 4, ClassRef.NONE)));
    refused(RbinErrorKind.BAD_INDEX, body.with(new Handler(0, 2, 4, 7)));
  }

  @Test
  void indicesOutsideTheirTables() throws RbinException {
    refused(RbinErrorKind.BAD_INDEX, new Body(1, 2, LOAD_LOCAL, (short) 9, RETURN));
    refused(RbinErrorKind.BAD_INDEX, new Body(1, 2, CALL, 77L, 0, RETURN));
    refused(RbinErrorKind.BAD_INDEX, new Body(1, 2, LOAD_GLOBAL, 5L, RETURN));
    refused(RbinErrorKind.BAD_INDEX, new Body(1, 2, LOAD_CONST, 500L, RETURN));
    refused(RbinErrorKind.BAD_INDEX, new Body(1, 2, CALL_BUILTIN, (short) 999, 0, RETURN));
    refused(RbinErrorKind.BAD_INDEX, new Body(1, 2, NEW, 999L, RETURN));
  }

  @Test
  void unfilledLiteralsAreUsedByTheirInstructionOnly() throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("x"));
    int module = builder.module("", true);
    FunctionBuilder f =
        builder.function(module, "f", builder.functionType(List.of(), PredefinedType.VOID), 0);
    f.emit(ARRAY_LITERAL, builder.arrayOf(INT), 0).emit(ARRAY_LEN).emit(POP).emit(RETURN_VOID);
    assertThatThrownBy(builder::build).hasMessageContaining("an unfilled value is used");
  }

  @Test
  void storesToWhatMayNotChange() throws RbinException {
    refused(
        RbinErrorKind.READ_ONLY_STORE,
        new Body(1, 4, LOAD_LOCAL_0, STORE_GLOBAL, 0L, LOAD_LOCAL_0, RETURN));
  }

  @Test
  void privateFieldsOfImportedClassesAreOutOfReach() {
    RbinBuilder builder = new RbinBuilder(Modules.meta("x"));
    int module = builder.module("", true);
    int library = builder.importModule("lib", "", Sha256.ZERO);
    int box = builder.importClass(library, "Box");
    builder.classShape(
        box,
        builder.type(
            new RType.InterfaceType(
                "Box",
                List.of(
                    new RType.Property(
                        "secret", PredefinedType.FOREIGN, ModuleSymbols.SHAPE_PRIVATE)),
                List.of())));
    FunctionBuilder f =
        builder.function(
            module,
            "f",
            builder.functionType(List.of(builder.classType(box)), PredefinedType.FOREIGN),
            0);
    f.loadLocal(0).loadField(0).emit(RETURN);
    assertThatThrownBy(builder::build).hasMessageContaining("field secret is another file's");
  }

  @Test
  void exportsOfNothingOrTwice() throws RbinException {
    RbinModule m = simple();
    refused(
        RbinErrorKind.BAD_EXPORT,
        withExports(m, list -> List.of(list.getFirst(), list.getFirst())));
    refused(
        RbinErrorKind.BAD_EXPORT,
        withExports(m, list -> List.of(new Export("f", ExportKind.FUNCTION, 0, 0, 9, 16))));
    refused(
        RbinErrorKind.BAD_EXPORT,
        withExports(m, list -> List.of(new Export("f", ExportKind.FUNCTION, 0, 0, 0, INT))));
    refused(
        RbinErrorKind.BAD_EXPORT,
        withExports(m, list -> List.of(new Export("f", ExportKind.FUNCTION, 0, 1, 0, 16))));
  }

  private static RbinModule withExports(RbinModule m, UnaryOperator<List<Export>> change) {
    ModuleDef old = m.modules().getFirst();
    ModuleDef changed =
        new ModuleDef(
            old.path(), old.flags(), old.init(), old.dependencies(), change.apply(old.exports()));
    return copy(
        m, m.types(), m.imports(), m.classes(), m.globals(), m.functions(), List.of(changed));
  }

  @Test
  void modulesInTheWrongOrder() throws RbinException {
    RbinModule m = simple();
    ModuleDef old = m.modules().getFirst();
    ModuleDef changed =
        new ModuleDef(old.path(), old.flags(), old.init(), List.of(0), old.exports());
    refused(
        RbinErrorKind.IMPORT_CYCLE,
        copy(m, m.types(), m.imports(), m.classes(), m.globals(), m.functions(), List.of(changed)));
  }

  private static RbinModule withTypes(RbinModule m, RType... more) {
    List<RType> types = new ArrayList<>(m.types());
    types.addAll(List.of(more));
    return copy(m, types, m.imports(), m.classes(), m.globals(), m.functions(), m.modules());
  }

  @Test
  void impossibleTypes() throws RbinException {
    RbinModule m = simple();
    refused(RbinErrorKind.BAD_TYPE, withTypes(m, new RType.UnionType(List.of(1), "")));
    refused(RbinErrorKind.BAD_TYPE, withTypes(m, new RType.ArrayType(PredefinedType.VOID, false)));
    refused(
        RbinErrorKind.BAD_TYPE, withTypes(m, new RType.FunctionType(List.of(INT), INT, 1, true)));
    refused(RbinErrorKind.BAD_INDEX, withTypes(m, new RType.ArrayType(99, false)));
    refused(RbinErrorKind.BAD_INDEX, withTypes(m, new RType.ClassType(0)));
    refused(RbinErrorKind.NON_CANONICAL, withTypes(m, m.types().getFirst()));
    refused(RbinErrorKind.NON_CANONICAL, withTypes(m, new RType.UnionType(List.of(3, 1), "")));
    refused(RbinErrorKind.NON_CANONICAL, withTypes(m, new RType.ArrayType(INT, false)));
  }

  @Test
  void impossibleClasses() throws RbinException {
    RbinModule rich = Modules.rich();
    refused(RbinErrorKind.BAD_CLASS, withClass(rich, 1, c -> parent(c, 1)));
    refused(RbinErrorKind.BAD_CLASS, withClass(rich, 1, c -> parent(c, 2)));
    refused(RbinErrorKind.BAD_CLASS, withClass(rich, 2, c -> vtable(c, List.of())));
    refused(
        RbinErrorKind.BAD_CLASS,
        withClass(rich, 2, c -> fields(c, new FieldDef("name", STRING, 0))));
    refused(RbinErrorKind.BAD_CLASS, withClass(rich, 0, c -> parent(c, 0)));
  }

  /** A class that extends a class of raya:core, with a method {@code get(key)}. */
  private static RbinModule extending(String base, int flags, int key) throws RbinException {
    return extending(base, flags, "get", List.of(key));
  }

  /** A class that extends a class of raya:core, with a method that gives an int or null. */
  private static RbinModule extending(String base, int flags, String method, List<Integer> params)
      throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("extending"));
    int module = builder.module("", true);
    int core = builder.importModule(ModuleSymbols.CORE, "", Sha256.ZERO);
    builder.dependsOnImport(module, core);
    List<Integer> arguments =
        switch (base) {
          case "Map<string,int>" -> List.of(STRING, INT);
          case "Channel<int>" -> List.of(INT);
          default -> List.of();
        };
    int parent = builder.declareClass();
    int heir = builder.declareClass();
    FunctionBuilder get =
        builder.function(
            module,
            "Heir#" + method,
            builder.functionType(params, builder.nullable(INT)),
            FunctionDef.METHOD,
            heir,
            -1);
    get.emit(Opcode.TRAP, Trap.UNREACHABLE.code());
    builder.defineClass(parent, row(base, ClassRef.NONE, flags, List.of(), arguments, 1 + core));
    List<RbinModule.Slot> slots = List.of(new RbinModule.Slot(method, get.handle()));
    builder.defineClass(heir, row("Heir", parent, 0, slots, List.of(), 0));
    return builder.build();
  }

  private static ClassDef row(
      String name,
      int parent,
      int flags,
      List<RbinModule.Slot> slots,
      List<Integer> arguments,
      int origin) {
    return new ClassDef(
        name, parent, flags, List.of(), -1, slots, List.of(), arguments, origin, 0, 0);
  }

  @Test
  void classesThatExtendOnesOfTheVm() throws RbinException {
    int instance = ClassDef.INSTANCE;
    Verifier.verify(RbinWriter.write(extending("Map<string,int>", instance, STRING)));
    assertThatThrownBy(() -> extending("Map<string,int>", instance, INT))
        .hasMessageContaining("get does not override the built-in");
    assertThatThrownBy(() -> extending("Map<string,int>", instance | ClassDef.FINAL, STRING))
        .hasMessageContaining("extends a final class");
    Verifier.verify(RbinWriter.write(extending("Channel<int>", instance, "receive", List.of())));
    Verifier.verify(RbinWriter.write(extending("Mutex", instance, "lock", List.of())));
    assertThatThrownBy(() -> extending("Channel<int>", instance, "receive", List.of(INT)))
        .hasMessageContaining("receive does not override the built-in");
    assertThatThrownBy(() -> extending("Mutex", instance, "tryLock", List.of()))
        .hasMessageContaining("tryLock does not override the built-in");
    assertThatThrownBy(() -> extending("Channel", instance, "receive", List.of()))
        .hasMessageContaining("no instance of its kind");
    assertThatThrownBy(() -> extending("RegExp", instance, STRING))
        .hasMessageContaining("extends a final class");
  }

  private static ClassDef parent(ClassDef c, int parent) {
    return changed(c, parent, c.fields(), c.vtable());
  }

  private static ClassDef fields(ClassDef c, FieldDef... fields) {
    return changed(c, c.parent(), List.of(fields), c.vtable());
  }

  private static ClassDef vtable(ClassDef c, List<RbinModule.Slot> vtable) {
    return changed(c, c.parent(), c.fields(), vtable);
  }

  private static ClassDef changed(
      ClassDef c, int parent, List<FieldDef> fields, List<RbinModule.Slot> vtable) {
    return new ClassDef(
        c.name(),
        parent,
        c.flags(),
        fields,
        c.constructor(),
        vtable,
        c.interfaces(),
        c.typeArguments(),
        c.origin(),
        c.staticBase(),
        c.staticCount());
  }

  private static RbinModule withClass(RbinModule m, int index, UnaryOperator<ClassDef> change) {
    List<ClassDef> classes = new ArrayList<>(m.classes());
    classes.set(index, change.apply(classes.get(index)));
    return copy(m, m.types(), m.imports(), classes, m.globals(), m.functions(), m.modules());
  }

  @Test
  void importsOutOfOrder() throws RbinException {
    RbinModule rich = Modules.rich();
    Import core = rich.imports().getFirst();
    refused(RbinErrorKind.NON_CANONICAL, withImports(rich, List.of(core, core)));
    ImportMember odd = new ImportMember(ExportKind.FUNCTION, "main", INT);
    refused(
        RbinErrorKind.BAD_TYPE,
        withImports(
            rich,
            List.of(
                new Import(
                    core.specifier(), core.versionRange(), core.interfaceDigest(), List.of(odd)))));
  }

  private static RbinModule withImports(RbinModule m, List<Import> imports) {
    return copy(m, m.types(), imports, m.classes(), m.globals(), m.functions(), m.modules());
  }

  @Test
  void faultyDebugInformationIsAWarningWhenRunning() throws RbinException {
    RbinModule rich = Modules.rich();
    RbinModule.DebugData debug = Objects.requireNonNull(rich.debug());
    List<RbinModule.FunctionDebug> functions = new ArrayList<>(debug.functions());
    functions.set(
        0,
        new RbinModule.FunctionDebug(
            List.of(new RbinModule.LineEntry(4_000, 0, 1, 1)), List.of(), List.of()));
    byte[] bytes =
        RbinWriter.write(
            rich.withDebug(new RbinModule.DebugData(debug.files(), functions, debug.probes())));
    assertThatThrownBy(() -> RbinReader.read(bytes))
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.BAD_DEBUG_INFO));
    List<RbinException> warnings = new ArrayList<>();
    assertThat(RbinReader.readForExecution(bytes, warnings::add).debug()).isNull();
    assertThat(warnings).hasSize(1);
  }
}
