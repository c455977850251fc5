package dev.raya.vm.context;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.heap.LimitException;
import dev.raya.vm.host.Host;
import dev.raya.vm.interp.ExitException;
import dev.raya.vm.interp.Interpreter;
import dev.raya.vm.task.RTask;
import dev.raya.vm.task.SingleWorkerScheduler;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import java.util.ArrayList;
import java.util.List;

/** One run of a main context from its first task to its exit code (language.md 14.3, 16.4). */
final class Program {
  private final VmContext context;
  private final SingleWorkerScheduler scheduler;
  private final Interpreter interpreter;
  private final Host host;

  Program(VmContext context, SingleWorkerScheduler scheduler, Interpreter interpreter, Host host) {
    this.context = context;
    this.scheduler = scheduler;
    this.interpreter = interpreter;
    this.host = host;
  }

  int run(List<RTask.Entry> entries) {
    if (entries.isEmpty()) {
      return 0;
    }
    try {
      RTask main = interpreter.prepare(entries);
      scheduler.ready(main);
      work();
      endStuckTasks(main);
      return exitCode(main);
    } catch (ExitException exit) {
      return exit.code();
    } catch (LimitException limit) {
      host.err(limit.trap().label() + ": " + limit.getMessage() + "\n");
      return 1;
    }
  }

  private void work() {
    for (RTask task = scheduler.next(); task != null; task = scheduler.next()) {
      context.startSlice();
      interpreter.run(task);
    }
  }

  /**
   * Tasks that nothing will ever wake: the main task gets a DeadlockError, then the others are
   * cancelled, once each.
   */
  private void endStuckTasks(RTask main) {
    if (!main.isDone()) {
      interpreter.raise(main, Trap.DEADLOCK, "the task would wait for ever");
      work();
    }
    List<RTask> tried = new ArrayList<>();
    for (; ; ) {
      RTask stuck = null;
      for (RTask task : scheduler.liveTasks()) {
        if (stuck == null && !tried.contains(task)) {
          stuck = task;
        }
      }
      if (stuck == null) {
        break;
      }
      tried.add(stuck);
      if (stuck.waitingFor == RTask.Waiting.TIMER) {
        scheduler.drop(stuck);
      } else {
        interpreter.cancel(stuck);
        work();
      }
    }
    for (RTask task : scheduler.liveTasks()) {
      scheduler.drop(task);
    }
  }

  private int exitCode(RTask main) {
    int code = 0;
    if (main.error != null) {
      host.err("Uncaught " + Interpreter.report(main.error) + "\n");
      code = 1;
    } else if (main.state == RTask.State.COMPLETED) {
      LinkedType type = main.resultType;
      code = type.kind == Kind.I ? (int) main.resultWord & 0xFF : 0;
    } else {
      code = 1;
    }
    for (RTask failed : scheduler.unawaitedFailures()) {
      if (failed != main && failed.error != null && !failed.cancelled) {
        host.err("Unawaited " + Interpreter.report(failed.error) + "\n");
        code = code == 0 ? 1 : code;
      }
    }
    return code;
  }
}
