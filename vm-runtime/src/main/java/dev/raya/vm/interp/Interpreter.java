package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.heap.LimitException;
import dev.raya.vm.host.Host;
import dev.raya.vm.task.RMutex;
import dev.raya.vm.task.RTask;
import dev.raya.vm.task.Scheduler;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.TypeLinker;
import java.util.List;

/**
 * Runs the tasks of one context on one worker: starts and resumes the {@link Loop}, turns traps
 * into error objects, finds handlers, and ends tasks (vm.md 3, 6, 7). Not thread-safe; the worker
 * is the thread that calls {@link #run}.
 */
public final class Interpreter {
  private final ContextTypes types;
  private final Scheduler scheduler;
  private final FrameStack frames;
  private final BuiltinFunctions builtins;
  private final TaskInstructions tasks;
  private final Loop loop;
  private final Polls polls;
  private final InternalErrors internalErrors;

  /** Hears of failures inside the VM (vm.md 6). */
  public interface InternalErrors {
    /** Takes note of a defect and returns its reference number. */
    long report(Throwable defect);
  }

  /** What an interpreter needs of its context. */
  public record Environment(
      ContextTypes types,
      Scheduler scheduler,
      Polls polls,
      Runnable beforeSpawn,
      Host host,
      int grants,
      String version,
      int maxCallDepth,
      InternalErrors internalErrors) {}

  /** Makes an interpreter. */
  public Interpreter(Environment e) {
    this.types = e.types;
    this.scheduler = e.scheduler;
    this.polls = e.polls;
    this.internalErrors = e.internalErrors;
    this.frames = new FrameStack(types, e.maxCallDepth);
    HostBuiltins guard = new HostBuiltins(e.host, e.scheduler.virtualTime(), e.grants, e.version);
    this.builtins = new BuiltinFunctions(types, e.host, guard, polls);
    this.tasks = new TaskInstructions(frames, polls, scheduler, e.beforeSpawn::run, guard, e.host);
    this.builtins.connect(tasks, polls, scheduler);
    this.loop = new Loop(frames, polls, builtins, new ColdInstructions(frames, polls, tasks));
    loop.refill();
  }

  /** Says whether this VM can run a built-in. */
  public static boolean hasBuiltin(int id) {
    return BuiltinFunctions.has(id);
  }

  /** Makes a task that will call functions one after the other; it is not ready yet. */
  public RTask prepare(List<RTask.Entry> entries) {
    RTask task = new RTask(scheduler.newId(), entries.getLast().function().type.resultType());
    task.entries.addAll(entries);
    enterNext(task);
    scheduler.add(task);
    return task;
  }

  /** Makes the frame of the next function that a task is to call; false if there is none. */
  private boolean enterNext(RTask task) {
    RTask.Entry entry = task.entries.poll();
    if (entry == null) {
      return false;
    }
    RFunction function = entry.function();
    int arguments = entry.argument() == null ? 0 : 1;
    task.top =
        frames.first(function, new long[1], new Object[] {entry.argument()}, 0, arguments, null);
    loop.fuel -= types.bodyOf(function).entryCost;
    return true;
  }

  /**
   * Runs a ready task until it ends, blocks or has had its share.
   *
   * @throws LimitException if a limit was met; the context can go no further
   * @throws ExitException if the program ended itself
   */
  public void run(RTask task) {
    task.state = RTask.State.RUNNING;
    builtins.running(task);
    frames.closeReserve(0);
    for (; ; ) {
      try {
        Frame top = Frame.top(task);
        if (top == null) {
          throw new IllegalStateException("task without frames");
        }
        switch (loop.run(task, top)) {
          case ENDED -> {
            if (enterNext(task)) {
              continue;
            }
            end(task, false);
          }
          case PREEMPTED -> scheduler.ready(task);
          case BLOCKED -> {}
        }
        return;
      } catch (Thrown thrown) {
        if (!handled(task, thrown.error)) {
          return;
        }
      } catch (TrapException trap) {
        if (!handled(task, errorOf(task, trap))) {
          return;
        }
      } catch (OutOfMemoryError full) {
        throw new LimitException(Trap.HEAP_LIMIT_EXCEEDED, "the Java heap is full");
      } catch (LimitException | ExitException end) {
        throw end;
      } catch (RuntimeException | LinkageError | StackOverflowError defect) {
        long number = internalErrors.report(defect);
        TrapException trap =
            new TrapException(Trap.NATIVE_ERROR, "Error", "internal error, reference " + number);
        if (!handled(task, errorOf(task, trap))) {
          return;
        }
      }
    }
  }

  /** Books the steps of the running chunk. */
  public int settle() {
    return loop.settle();
  }

  private RError errorOf(RTask task, TrapException trap) {
    if (trap.trap() == Trap.STACK_OVERFLOW) {
      frames.openReserve();
    }
    RClass cls = types.core(trap.errorClass());
    RError error = new RError(cls);
    error.trap = trap.trap().code();
    set(error, "message", trap.text());
    set(error, "name", trap.errorClass());
    for (TrapException.Extra extra : trap.extras()) {
      int field = error.cls.field(extra.field());
      if (field >= 0) {
        error.set(field, extra.word(), extra.ref());
      }
    }
    HostBuiltins.capture(error, task);
    return error;
  }

  private static void set(RError error, String field, String value) {
    int i = error.cls.field(field);
    if (i >= 0) {
      error.set(i, 0, value);
    }
  }

  /**
   * Finds the handler of an error, leaving frames on the way; ends the task and returns false if
   * there is none.
   */
  private boolean handled(RTask task, RError error) {
    Frame f = Frame.top(task);
    boolean top = true;
    while (f != null) {
      QuickCode body = f.body;
      int place = top ? f.pc : f.pc - 1;
      for (QuickCode.Handler h : body.handlers) {
        if (place >= h.start() && place < h.end() && catches(h, error)) {
          f.r[body.localCount] = error;
          f.pc = h.target();
          loop.fuel -= h.cost();
          if (loop.fuel < 0) {
            // Handlers that lead to each other's ranges make a loop without a backward jump.
            polls.poll(task, loop.settle());
            loop.refill();
          }
          return true;
        }
      }
      top = false;
      f = frames.drop(task, f);
    }
    task.error = error;
    task.cancelled = error.trap == Trap.CANCELLED.code();
    end(task, true);
    return false;
  }

  private static boolean catches(QuickCode.Handler handler, RError error) {
    RClass wanted = handler.catches();
    return wanted == null || error.cls.isA(wanted);
  }

  private void end(RTask task, boolean failed) {
    List<RMutex> owned = List.copyOf(task.owned);
    task.owned.clear();
    for (int i = owned.size() - 1; i >= 0; i--) {
      tasks.handOver(owned.get(i));
    }
    scheduler.end(task, failed);
  }

  /** Asks a task to end at its next suspension point. */
  public void cancel(RTask task) {
    tasks.cancel(task);
  }

  /**
   * Ends a suspended task with an error raised where it waits; it runs its handlers when it is run
   * next.
   */
  public void raise(RTask task, Trap trap, String message) {
    if (!handled(task, errorOf(task, new TrapException(trap, message)))) {
      return;
    }
    task.waitingFor = null;
    scheduler.ready(task);
  }

  /** Returns the stack of an error with those of its causes, as an uncaught error is reported. */
  public static String report(RError error) {
    return HostBuiltins.report(error);
  }

  /** Returns the type string[], for the arguments of main. */
  public static LinkedType stringArray() {
    return TypeLinker.arrayOf(TypeLinker.predefined(dev.raya.vm.bytecode.PredefinedType.STRING));
  }
}
