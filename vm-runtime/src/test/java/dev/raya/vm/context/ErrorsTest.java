package dev.raya.vm.context;

import static dev.raya.vm.context.TestProgram.ERROR;
import static dev.raya.vm.context.TestProgram.INT;
import static dev.raya.vm.context.TestProgram.STRING;
import static dev.raya.vm.context.TestProgram.print;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Label;
import dev.raya.vm.bytecode.ModuleSymbols;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Sha256;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Handlers, traps, traces, limits (vm.md 6, 9; rbin.md 6.2). */
class ErrorsTest {
  /** Protects {@code body} by a handler that prints the error's message and goes on. */
  private static void tryPrint(FunctionBuilder f, int local, int catchClass, Runnable body) {
    Label start = f.here();
    Label end = f.newLabel();
    Label handler = f.newLabel();
    Label after = f.newLabel();
    body.run();
    f.bind(end).jump(Opcode.JMP, after);
    f.bind(handler).storeLocal(local);
    f.loadLocal(local).loadField(1).builtin("console.log", 1);
    f.loadLocal(local).loadField(0).builtin("console.log", 1);
    f.bind(after);
    f.handler(start, end, handler, catchClass);
  }

  @Test
  void trapsAreCaughtAsTheirClasses() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int e = main.local(ERROR);
    int zero = main.local(INT);
    int array = p.builder.arrayOf(INT);
    tryPrint(
        main,
        e,
        ClassRef.NONE,
        () -> main.constant(1).loadLocal(zero).emit(Opcode.IDIV).emit(Opcode.POP));
    tryPrint(
        main,
        e,
        ClassRef.NONE,
        () -> main.constant(-1).emit(Opcode.NEW_ARRAY, array).emit(Opcode.POP));
    tryPrint(
        main,
        e,
        ClassRef.NONE,
        () -> main.constant("abc").constant(5).builtin("string.unitAt", 2).emit(Opcode.POP));
    tryPrint(main, e, ClassRef.NONE, () -> main.emit(Opcode.TRAP, 24));
    main.emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            """
            RangeError
            division by zero
            RangeError
            negative array length -1
            RangeError
            index 5 out of range for length 3
            TypeError
            unreachable code was reached
            """);
  }

  /**
   * A class of its own derived from the imported RangeError, thrown through two frames to a filter
   * of the parent.
   */
  @Test
  void programsThrowAndFilterTheirOwnErrors() {
    TestProgram p = new TestProgram();
    int core = p.builder.importModule(ModuleSymbols.CORE, "", Sha256.ZERO);
    CoreImports imports = new CoreImports(p, core);
    int rangeError = imports.classOf("RangeError");
    FunctionBuilder thrower = p.function("thrower", TestProgram.VOID, STRING);
    int made = thrower.local(p.builder.classType(rangeError));
    thrower.emit(Opcode.NEW, p.builder.classType(rangeError)).storeLocal(made);
    thrower.loadLocal(made).loadLocal(0).emit(Opcode.WIDEN, p.builder.nullable(STRING));
    thrower.emit(Opcode.CALL_CONSTRUCTOR, imports.constructorOf("RangeError"), 1);
    thrower.loadLocal(made).emit(Opcode.THROW);
    FunctionBuilder middle = p.function("middle", TestProgram.VOID);
    middle.constant("boom").emit(Opcode.CALL, thrower.handle(), 1).emit(Opcode.RETURN_VOID);
    FunctionBuilder main = p.main();
    int e = main.local(ERROR);
    Label start = main.here();
    Label end = main.newLabel();
    Label typeErrors = main.newLabel();
    Label rangeErrors = main.newLabel();
    Label after = main.newLabel();
    main.emit(Opcode.CALL, middle.handle(), 0).bind(end).jump(Opcode.JMP, after);
    main.bind(typeErrors)
        .emit(Opcode.POP)
        .constant("wrong")
        .builtin("console.log", 1)
        .jump(Opcode.JMP, after);
    main.bind(rangeErrors).storeLocal(e).loadLocal(e).loadField(3).builtin("console.log", 1);
    main.bind(after).emit(Opcode.RETURN_VOID);
    main.handler(start, end, typeErrors, imports.classOf("TypeError"));
    main.handler(start, end, rangeErrors, rangeError);
    TestProgram.Result result = p.run();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            """
            RangeError: boom
                at thrower (+13)
                at middle (+3)
                at main (+0)
            """);
  }

  @Test
  void finallyRunsAndRethrowKeepsTheError() {
    TestProgram p = new TestProgram();
    FunctionBuilder f = p.function("f", TestProgram.VOID);
    int zero = f.local(INT);
    Label start = f.here();
    Label end = f.newLabel();
    Label fin = f.newLabel();
    int e = f.local(ERROR);
    f.constant(1)
        .loadLocal(zero)
        .emit(Opcode.IMOD)
        .emit(Opcode.POP)
        .bind(end)
        .emit(Opcode.RETURN_VOID);
    f.bind(fin)
        .storeLocal(e)
        .constant("finally")
        .builtin("console.log", 1)
        .loadLocal(e)
        .emit(Opcode.RETHROW);
    f.handler(start, end, fin, ClassRef.NONE);
    FunctionBuilder main = p.main();
    main.emit(Opcode.CALL, f.handle(), 0).emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.out()).isEqualTo("finally\n");
    assertThat(result.err())
        .startsWith("Uncaught RangeError: division by zero\n    at f (")
        .contains("\n    at main (");
  }

  @Test
  void deepRecursionIsACatchableStackOverflow() {
    TestProgram p = new TestProgram();
    FunctionBuilder down = p.function("down", INT, INT);
    down.loadLocal(0)
        .constant(1)
        .emit(Opcode.IADD)
        .emit(Opcode.CALL, down.handle(), 1)
        .emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    int e = main.local(ERROR);
    tryPrint(
        main,
        e,
        ClassRef.NONE,
        () -> main.constant(0).emit(Opcode.CALL, down.handle(), 1).emit(Opcode.POP));
    tryPrint(
        main,
        e,
        ClassRef.NONE,
        () -> main.constant(0).emit(Opcode.CALL, down.handle(), 1).emit(Opcode.POP));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("RangeError\nmaximum call stack size exceeded\n".repeat(2));
  }

  @Test
  void fiveThousandFramesFitByDefault() {
    TestProgram p = new TestProgram();
    FunctionBuilder down = p.function("down", INT, INT);
    Label more = down.newLabel();
    down.loadLocal(0)
        .constant(5_000)
        .emit(Opcode.ILT)
        .jump(Opcode.JMP_IF_TRUE, more)
        .loadLocal(0)
        .emit(Opcode.RETURN);
    down.bind(more)
        .loadLocal(0)
        .constant(1)
        .emit(Opcode.IADD)
        .emit(Opcode.CALL, down.handle(), 1)
        .emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    print(main.constant(0).emit(Opcode.CALL, down.handle(), 1)).emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("5000\n");
  }

  private static TestProgram endless() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int e = main.local(ERROR);
    Label start = main.here();
    Label end = main.newLabel();
    Label handler = main.newLabel();
    Label loop = main.here();
    main.emit(Opcode.NOP).jump(Opcode.JMP, loop).bind(end);
    main.bind(handler)
        .storeLocal(e)
        .constant("caught")
        .builtin("console.log", 1)
        .emit(Opcode.RETURN_VOID);
    main.handler(start, end, handler, ClassRef.NONE);
    return p;
  }

  @Test
  void theStepBudgetEndsAnEndlessLoopAndCannotBeCaught() {
    VmOptions options =
        VmOptions.defaults()
            .withLimits(OptionalLong.empty(), OptionalInt.empty(), OptionalLong.of(1_000_000));
    TestProgram.Result result = endless().run(options);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("StepBudgetExceeded");
    assertThat(result.stats().stepsExecuted()).isBetween(1_000_000L, 1_000_010L);
  }

  @Test
  void stepsAreThoseOfTheInstructionsExecuted() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int i = main.local(INT);
    Label start = main.newLabel();
    Label end = main.newLabel();
    main.constant(0).storeLocal(i).bind(start);
    main.loadLocal(i).constant(10).emit(Opcode.ILT).jump(Opcode.JMP_IF_FALSE, end);
    main.emit(Opcode.IINC_LOCAL, i, 1).jump(Opcode.JMP, start).bind(end).emit(Opcode.RETURN_VOID);
    // 2 before the loop, 11 tests of 4, 10 rounds of 2, the return.
    assertThat(p.run().stats().stepsExecuted()).isEqualTo(2 + 11 * 4 + 10 * 2 + 1);
  }

  /** Keeps a list of arrays alive, or drops each at once. */
  private static TestProgram allocating(boolean keep) {
    TestProgram p = new TestProgram();
    int ints = p.builder.arrayOf(INT);
    int lists = p.builder.arrayOf(ints);
    FunctionBuilder main = p.main();
    int all = main.local(lists);
    int i = main.local(INT);
    Label start = main.newLabel();
    Label end = main.newLabel();
    main.constant(0)
        .emit(Opcode.NEW_ARRAY, lists)
        .storeLocal(all)
        .constant(0)
        .storeLocal(i)
        .bind(start);
    main.loadLocal(i).constant(2_000).emit(Opcode.ILT).jump(Opcode.JMP_IF_FALSE, end);
    if (keep) {
      main.loadLocal(all).constant(1_000).emit(Opcode.NEW_ARRAY, ints).emit(Opcode.ARRAY_PUSH);
    } else {
      main.constant(1_000).emit(Opcode.NEW_ARRAY, ints).emit(Opcode.POP);
    }
    main.emit(Opcode.IINC_LOCAL, i, 1).jump(Opcode.JMP, start).bind(end);
    main.constant("done").builtin("console.log", 1).emit(Opcode.RETURN_VOID);
    return p;
  }

  @Test
  void theHeapLimitCountsWhatIsAlive() {
    VmOptions options =
        VmOptions.defaults()
            .withLimits(OptionalLong.of(2 << 20), OptionalInt.empty(), OptionalLong.empty());
    TestProgram.Result dropped = allocating(false).run(options);
    assertThat(dropped.out()).isEqualTo("done\n");
    TestProgram.Result kept = allocating(true).run(options);
    assertThat(kept.err()).startsWith("HeapLimitExceeded");
    assertThat(kept.exitCode()).isEqualTo(1);
  }

  @Test
  void aMissingGrantIsACapabilityError() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int e = main.local(ERROR);
    tryPrint(main, e, ClassRef.NONE, () -> main.builtin("time.now", 0).emit(Opcode.POP));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run(VmOptions.defaults().withGrants(java.util.Set.of("env"))).out())
        .isEqualTo("CapabilityError\nthe grant time is missing\n");
  }

  @Test
  void argumentsAreEmptyWithoutTheGrantAndOthersOfTheProcessAreRefused() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int e = main.local(ERROR);
    main.builtin("process.args", 0).emit(Opcode.ARRAY_LEN).emit(Opcode.POP);
    tryPrint(main, e, ClassRef.NONE, () -> main.builtin("process.cwd", 0).emit(Opcode.POP));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run(VmOptions.defaults().withGrants(java.util.Set.of("env"))).out())
        .isEqualTo("CapabilityError\nthe grant process is missing\n");
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    VmOptions options = VmOptions.defaults().withMaxCallDepth(0);
    TestHost host = new TestHost();
    TestProgram p = new TestProgram();
    p.main().emit(Opcode.RETURN_VOID);
    try (RayaRuntime runtime = new RayaRuntime(host, "1.0.0")) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> runtime.run(new TestProgram.OneModule(p.verified()), "test", options))
          .isInstanceOfSatisfying(
              VmException.class, e -> assertThat(e.code()).isEqualTo("RAYA-VM-InvalidOptions"));
    }
  }

  @Test
  void instructionsOfLaterVersionsAreRefusedAtLoading() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    p.builder.setFlags(RbinModule.FLAG_REFLECTION);
    main.constant(1).emit(Opcode.REFLECT_TYPEOF).emit(Opcode.POP).emit(Opcode.RETURN_VOID);
    try (RayaRuntime runtime = new RayaRuntime(new TestHost(), "1.0.0")) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () ->
                  runtime.run(new TestProgram.OneModule(p.verified()), "app", VmOptions.defaults()))
          .isInstanceOf(VmException.class)
          .hasMessageContaining("function main uses REFLECT_TYPEOF");
    }
  }

  @Test
  void argumentsReachMain() {
    TestProgram p = new TestProgram();
    int strings = p.builder.arrayOf(STRING);
    FunctionBuilder main =
        p.builder.function(
            p.module,
            "main",
            p.builder.type(new RType.FunctionType(List.of(strings), INT)),
            dev.raya.vm.bytecode.RbinModule.FunctionDef.ENTRY);
    main.loadLocal(0).constant("+").builtin("array.join", 2).builtin("console.log", 1);
    main.loadLocal(0).emit(Opcode.ARRAY_LEN).emit(Opcode.RETURN);
    TestProgram.Result result = p.run(VmOptions.defaults(), "a", "b c");
    assertThat(result.out()).isEqualTo("a+b c\n");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void exitEndsAtOnce() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    main.constant(300).builtin("process.exit", 1);
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().exitCode()).isEqualTo(44);
  }
}
