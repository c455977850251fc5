package dev.raya.vm.context;

import static dev.raya.vm.context.TestProgram.ERROR;
import static dev.raya.vm.context.TestProgram.INT;
import static dev.raya.vm.context.TestProgram.NUMBER;
import static dev.raya.vm.context.TestProgram.VOID;
import static dev.raya.vm.context.TestProgram.print;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Label;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * Tasks, channels, mutexes and timers on the scheduler with one worker (vm.md 7, language.md 14).
 */
class TasksTest {
  private static FunctionBuilder async(TestProgram p, String name, int result, int... params) {
    return p.builder.function(p.module, name, p.type(result, params), FunctionDef.ASYNC);
  }

  private static int task(TestProgram p, int result) {
    return p.builder.type(new RType.TaskType(result));
  }

  @Test
  void awaitGivesTheResult() {
    TestProgram p = new TestProgram();
    FunctionBuilder twice = async(p, "twice", INT, INT);
    twice.loadLocal(0).constant(2).emit(Opcode.IMUL).emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    int t = main.local(task(p, INT));
    main.constant(21).emit(Opcode.SPAWN, twice.handle(), 1).storeLocal(t);
    print(main.loadLocal(t).emit(Opcode.AWAIT));
    print(main.loadLocal(t).emit(Opcode.AWAIT));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("42\n42\n");
  }

  @Test
  void aTreeOfTasksIsSummed() {
    TestProgram p = new TestProgram();
    FunctionBuilder sum = async(p, "sum", INT, INT);
    Label leaf = sum.newLabel();
    int left = sum.local(task(p, INT));
    sum.loadLocal(0).constant(0).emit(Opcode.IEQ).jump(Opcode.JMP_IF_TRUE, leaf);
    sum.loadLocal(0)
        .constant(1)
        .emit(Opcode.ISUB)
        .emit(Opcode.SPAWN, sum.handle(), 1)
        .storeLocal(left);
    sum.loadLocal(0)
        .constant(1)
        .emit(Opcode.ISUB)
        .emit(Opcode.SPAWN, sum.handle(), 1)
        .emit(Opcode.AWAIT);
    sum.loadLocal(left).emit(Opcode.AWAIT).emit(Opcode.IADD).emit(Opcode.RETURN);
    sum.bind(leaf).constant(1).emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    print(main.constant(12).emit(Opcode.SPAWN, sum.handle(), 1).emit(Opcode.AWAIT))
        .emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.out()).isEqualTo("4096\n");
    assertThat(result.stats().tasks()).isZero();
  }

  @Test
  void anAwaitedFailureIsThrownThere() {
    TestProgram p = new TestProgram();
    FunctionBuilder bad = async(p, "bad", INT, INT);
    bad.constant(1).loadLocal(0).emit(Opcode.IDIV).emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    main.constant(0)
        .emit(Opcode.SPAWN, bad.handle(), 1)
        .emit(Opcode.AWAIT)
        .emit(Opcode.POP)
        .emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.err())
        .startsWith("Uncaught RangeError: division by zero\n    at bad (")
        .contains("\n    at async main (");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void anUnawaitedFailureIsReportedAtTheEnd() {
    TestProgram p = new TestProgram();
    FunctionBuilder bad = async(p, "bad", VOID, INT);
    bad.constant(1).loadLocal(0).emit(Opcode.IDIV).emit(Opcode.POP).emit(Opcode.RETURN_VOID);
    FunctionBuilder main = p.main();
    main.constant(0).emit(Opcode.SPAWN, bad.handle(), 1).emit(Opcode.POP);
    main.constant("end").builtin("console.log", 1).emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.out()).isEqualTo("end\n");
    assertThat(result.err()).startsWith("Unawaited RangeError: division by zero");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void aChannelPassesValuesInOrder() {
    for (int capacity : new int[] {0, 1, -1}) {
      TestProgram p = new TestProgram();
      int channel = p.builder.type(new RType.ChannelType(INT));
      FunctionBuilder producer = async(p, "producer", VOID, channel);
      for (int i = 1; i <= 5; i++) {
        producer.loadLocal(0).constant(i).emit(Opcode.CHAN_SEND);
      }
      producer.loadLocal(0).emit(Opcode.CHAN_CLOSE).emit(Opcode.RETURN_VOID);
      FunctionBuilder main = p.main();
      int c = main.local(channel);
      int v = main.local(p.builder.nullable(INT));
      main.constant(capacity).emit(Opcode.CHAN_NEW, INT).storeLocal(c);
      main.loadLocal(c).emit(Opcode.SPAWN, producer.handle(), 1).emit(Opcode.POP);
      Label loop = main.here();
      Label end = main.newLabel();
      main.loadLocal(c).emit(Opcode.CHAN_RECV).storeLocal(v);
      main.loadLocal(v).jump(Opcode.JMP_IF_NULL, end);
      print(main.loadLocal(v)).jump(Opcode.JMP, loop).bind(end).emit(Opcode.RETURN_VOID);
      TestProgram.Result result = p.run();
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).as("capacity %s", capacity).isEqualTo("1\n2\n3\n4\n5\n");
    }
  }

  @Test
  void waitingForEachOtherIsADeadlock() {
    TestProgram p = new TestProgram();
    int channel = p.builder.type(new RType.ChannelType(INT));
    FunctionBuilder main = p.main();
    int c = main.local(channel);
    main.constant(0).emit(Opcode.CHAN_NEW, INT).storeLocal(c);
    main.loadLocal(c).emit(Opcode.CHAN_RECV).emit(Opcode.POP).emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.err()).startsWith("Uncaught DeadlockError");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void mutexesAreHandedOverInOrderAndRefuseSuspension() {
    TestProgram p = new TestProgram();
    int mutex = PredefinedType.MUTEX;
    FunctionBuilder worker = async(p, "worker", VOID, mutex, INT);
    worker.loadLocal(0).emit(Opcode.MUTEX_LOCK);
    print(worker.loadLocal(1));
    worker.loadLocal(0).emit(Opcode.MUTEX_UNLOCK).emit(Opcode.RETURN_VOID);
    FunctionBuilder main = p.main();
    int m = main.local(mutex);
    int e = main.local(ERROR);
    main.emit(Opcode.NEW_MUTEX).storeLocal(m).loadLocal(m).emit(Opcode.MUTEX_LOCK);
    for (int i = 1; i <= 3; i++) {
      main.loadLocal(m).constant(i).emit(Opcode.SPAWN, worker.handle(), 2).emit(Opcode.POP);
    }
    Label start = main.here();
    Label end = main.newLabel();
    Label handler = main.newLabel();
    main.emit(Opcode.YIELD).bind(end);
    Label after = main.newLabel();
    main.jump(Opcode.JMP, after).bind(handler).storeLocal(e);
    main.loadLocal(e).loadField(1).builtin("console.log", 1).bind(after);
    main.loadLocal(m).emit(Opcode.MUTEX_UNLOCK).emit(Opcode.RETURN_VOID);
    main.handler(start, end, handler, ClassRef.NONE);
    assertThat(p.run().out()).isEqualTo("MutexError\n1\n2\n3\n");
  }

  @Test
  void sleepsEndInTheOrderOfTheirDeadlines() {
    TestProgram p = new TestProgram();
    FunctionBuilder nap = async(p, "nap", INT, NUMBER, INT);
    nap.loadLocal(0).emit(Opcode.SLEEP);
    print(nap.loadLocal(1)).loadLocal(1).emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    int a = main.local(task(p, INT));
    int b = main.local(task(p, INT));
    main.constant(30.0).constant(1).emit(Opcode.SPAWN, nap.handle(), 2).storeLocal(a);
    main.constant(10.0).constant(2).emit(Opcode.SPAWN, nap.handle(), 2).storeLocal(b);
    main.loadLocal(a)
        .emit(Opcode.AWAIT)
        .emit(Opcode.POP)
        .loadLocal(b)
        .emit(Opcode.AWAIT)
        .emit(Opcode.POP)
        .emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("2\n1\n");
  }

  @Test
  void aTimeLimitRaisesTimeoutAndATimerNobodyAwaitsKeepsNothingAlive() {
    TestProgram p = new TestProgram();
    FunctionBuilder nap = async(p, "nap", VOID);
    nap.constant(1e9)
        .emit(Opcode.SLEEP)
        .constant("late")
        .builtin("console.log", 1)
        .emit(Opcode.RETURN_VOID);
    FunctionBuilder main = p.main();
    int e = main.local(ERROR);
    int t = main.local(task(p, VOID));
    main.emit(Opcode.SPAWN, nap.handle(), 0).storeLocal(t);
    Label start = main.here();
    Label end = main.newLabel();
    Label handler = main.newLabel();
    main.loadLocal(t).constant(5.0).emit(Opcode.AWAIT_TIMEOUT).bind(end).emit(Opcode.RETURN_VOID);
    main.bind(handler)
        .storeLocal(e)
        .loadLocal(e)
        .loadField(1)
        .builtin("console.log", 1)
        .emit(Opcode.RETURN_VOID);
    main.handler(start, end, handler, ClassRef.NONE);
    TestProgram.Result result = p.run();
    assertThat(result.out()).isEqualTo("TimeoutError\n");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void cancellationReachesTheNextSuspensionPointOnce() {
    TestProgram p = new TestProgram();
    FunctionBuilder nap = async(p, "nap", INT);
    int e = nap.local(ERROR);
    Label start = nap.here();
    Label end = nap.newLabel();
    Label handler = nap.newLabel();
    nap.constant(1e9).emit(Opcode.SLEEP).bind(end).constant(1).emit(Opcode.RETURN);
    nap.bind(handler).storeLocal(e).loadLocal(e).loadField(1).builtin("console.log", 1);
    nap.constant(1.0).emit(Opcode.SLEEP).constant(2).emit(Opcode.RETURN);
    nap.handler(start, end, handler, ClassRef.NONE);
    FunctionBuilder main = p.main();
    int t = main.local(task(p, INT));
    main.emit(Opcode.SPAWN, nap.handle(), 0).storeLocal(t).emit(Opcode.YIELD);
    main.loadLocal(t).emit(Opcode.TASK_CANCEL);
    print(main.loadLocal(t).emit(Opcode.AWAIT)).emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("CancelledError\n2\n");
  }

  @Test
  void allAndRaceWaitForSeveral() {
    TestProgram p = new TestProgram();
    FunctionBuilder nap = async(p, "nap", INT, NUMBER, INT);
    nap.loadLocal(0).emit(Opcode.SLEEP).loadLocal(1).emit(Opcode.RETURN);
    int tasks = p.builder.arrayOf(task(p, INT));
    FunctionBuilder main = p.main();
    int all = main.local(tasks);
    main.constant(0).emit(Opcode.NEW_ARRAY, tasks).storeLocal(all);
    for (int i = 1; i <= 3; i++) {
      main.loadLocal(all)
          .constant(10.0 * (4 - i))
          .constant(i)
          .emit(Opcode.SPAWN, nap.handle(), 2)
          .emit(Opcode.ARRAY_PUSH);
    }
    print(main.loadLocal(all).emit(Opcode.TASK_RACE));
    main.loadLocal(all)
        .emit(Opcode.TASK_ALL)
        .constant("-")
        .builtin("array.join", 2)
        .builtin("console.log", 1);
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("3\n1-2-3\n");
  }

  @Test
  void tasksAreLimited() {
    TestProgram p = new TestProgram();
    FunctionBuilder nap = async(p, "nap", VOID);
    nap.constant(1.0).emit(Opcode.SLEEP).emit(Opcode.RETURN_VOID);
    FunctionBuilder main = p.main();
    for (int i = 0; i < 5; i++) {
      main.emit(Opcode.SPAWN, nap.handle(), 0).emit(Opcode.POP);
    }
    main.emit(Opcode.RETURN_VOID);
    VmOptions options =
        VmOptions.defaults()
            .withLimits(OptionalLong.empty(), OptionalInt.of(3), OptionalLong.empty());
    TestProgram.Result result = p.run(options);
    assertThat(result.err()).startsWith("TaskLimitExceeded");
    assertThat(List.of(result.exitCode())).containsExactly(1);
  }
}
