package dev.raya.vm.task;

import dev.raya.vm.task.RTask.State;
import dev.raya.vm.task.RTask.Waiting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of a runtime with one worker: a FIFO of ready tasks and a queue of deadlines (vm.md
 * 7). The thread that calls {@link #next} is the worker; nothing here is shared with other threads.
 */
public final class SingleWorkerScheduler implements Scheduler {
  /** The clock and the wait of the host. */
  public interface Clock {
    /** Returns a monotonic time in nanoseconds. */
    long nanoTime();

    /** Waits until that time. */
    void waitUntil(long nanoTime) throws InterruptedException;

    /** Is told before the worker waits for work of the host. */
    default void beforeWait() {}
  }

  /** Hears the number of live tasks whenever it changes. */
  public interface LiveTasks {
    /** Takes the new number. */
    void changed(int count);
  }

  private record Timer(long deadline, long order, RTask task) {}

  private final Clock clock;
  private final LiveTasks liveTasks;
  private final ArrayDeque<RTask> ready = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong(Timer::deadline).thenComparingLong(Timer::order));

  /** Tasks that wait until nothing is left to do before a virtual time. */
  private final PriorityQueue<Timer> advances =
      new PriorityQueue<>(
          Comparator.comparingLong(Timer::deadline).thenComparingLong(Timer::order));

  private final VirtualTime virtual = new VirtualTime();
  private final TreeMap<Long, RTask> live = new TreeMap<>();
  private final List<RTask> failed = new ArrayList<>();

  /** Tasks whose work of the host has ended; the only thing other threads add to. */
  private final LinkedBlockingQueue<RTask> answered = new LinkedBlockingQueue<>();

  private @Nullable ExecutorService hostThreads;
  private int hostCalls;
  private int background;
  private long ids;
  private long timerOrder;
  private long ended;

  /** Makes a scheduler without tasks. */
  public SingleWorkerScheduler(Clock clock, LiveTasks liveTasks) {
    this.clock = clock;
    this.liveTasks = liveTasks;
  }

  @Override
  public long newId() {
    return ++ids;
  }

  @Override
  public long now() {
    return virtual.isOn() ? virtual.now() : clock.nanoTime();
  }

  @Override
  public VirtualTime virtualTime() {
    return virtual;
  }

  @Override
  public void virtualTime(boolean on) {
    long before = now();
    virtual.turn(on, clock.nanoTime());
    move(now() - before);
    for (Timer goal = advances.poll(); goal != null; goal = advances.poll()) {
      reached(goal);
    }
  }

  /** The clock has jumped: what is pending keeps its distance. */
  private void move(long nanos) {
    List<Timer> pending = new ArrayList<>(timers);
    timers.clear();
    for (Timer timer : pending) {
      if (timer.task.deadline == timer.deadline) {
        timer.task.deadline += nanos;
        timers.add(new Timer(timer.task.deadline, timer.order, timer.task));
      }
    }
  }

  @Override
  public void blockUntilIdle(RTask task, long deadline) {
    task.state = State.BLOCKED;
    task.waitingFor = Waiting.TIMER;
    task.deadline = deadline;
    advances.add(new Timer(deadline, timerOrder++, task));
  }

  /**
   * Moves the virtual time on to the next deadline, or to the goal of the task that waits for it;
   * false if no task does.
   */
  private boolean moveOn() {
    Timer goal = advances.peek();
    while (goal != null && !isCurrent(goal)) {
      advances.poll();
      goal = advances.peek();
    }
    if (goal == null) {
      return false;
    }
    Timer first = timers.peek();
    if (first != null && first.deadline <= goal.deadline) {
      virtual.moveTo(first.deadline);
    } else {
      advances.poll();
      virtual.moveTo(goal.deadline);
      reached(goal);
    }
    return true;
  }

  private static boolean isCurrent(Timer timer) {
    return timer.task.state == State.BLOCKED && timer.task.deadline == timer.deadline;
  }

  private void reached(Timer timer) {
    if (isCurrent(timer)) {
      timer.task.timedOut = true;
      ready(timer.task);
    }
  }

  @Override
  public void add(RTask task) {
    live.put(task.id, task);
    liveTasks.changed(live.size());
  }

  @Override
  public void ready(RTask task) {
    if (task.state == State.READY || task.isDone()) {
      return;
    }
    if (task.state == State.BLOCKED && task.waitingFor instanceof HostCall call) {
      count(call, -1);
    }
    task.state = State.READY;
    ready.add(task);
  }

  @Override
  public void block(RTask task, Object on, long deadline) {
    task.state = State.BLOCKED;
    task.waitingFor = on;
    if (deadline != Long.MAX_VALUE && deadline != task.deadline) {
      task.deadline = deadline;
      timers.add(new Timer(deadline, timerOrder++, task));
    }
  }

  @Override
  public void block(RTask task, HostCall call) {
    task.state = State.BLOCKED;
    task.waitingFor = call;
    count(call, 1);
    ExecutorService threads = hostThreads;
    if (threads == null) {
      threads = Executors.newVirtualThreadPerTaskExecutor();
      hostThreads = threads;
    }
    call.startedAs(
        threads.submit(
            () -> {
              call.run();
              answered.add(task);
            }));
  }

  private void count(HostCall call, int more) {
    if (call.background) {
      background += more;
    } else {
      hostCalls += more;
    }
  }

  /** Says whether a task waits for something that one woken from the background could do. */
  private boolean othersWait() {
    for (RTask task : live.values()) {
      if (task.state == State.BLOCKED
          && task.waitingFor != Waiting.TIMER
          && !(task.waitingFor instanceof HostCall)
          && !task.timer) {
        return true;
      }
    }
    return false;
  }

  /** Ends the threads that run work of the host; what still runs is interrupted. */
  public void close() {
    ExecutorService threads = hostThreads;
    if (threads != null) {
      threads.shutdownNow();
    }
  }

  @Override
  public void end(RTask task, boolean asFailed) {
    task.state = asFailed ? State.FAILED : State.COMPLETED;
    task.ended = ++ended;
    task.waitingFor = null;
    task.deadline = Long.MAX_VALUE;
    live.remove(task.id);
    liveTasks.changed(live.size());
    if (asFailed) {
      failed.add(task);
    }
    for (RTask waiter : task.waiters) {
      ready(waiter);
    }
    task.waiters.clear();
  }

  @Override
  public boolean othersReady() {
    return !ready.isEmpty() || !answered.isEmpty() || timerDue();
  }

  private boolean timerDue() {
    Timer first = timers.peek();
    return first != null && now() >= first.deadline;
  }

  @Override
  public @Nullable RTask next() {
    for (; ; ) {
      expire();
      for (RTask task = answered.poll(); task != null; task = answered.poll()) {
        takeAnswer(task);
      }
      RTask task = ready.poll();
      if (task != null) {
        return task;
      }
      if (virtual.isOn() && moveOn()) {
        continue;
      }
      Timer first = virtual.isOn() ? null : timers.peek();
      boolean timersMatter = first != null && somebodyWaits();
      if (hostCalls == 0 && !timersMatter && !(background > 0 && othersWait())) {
        return null;
      }
      try {
        if (hostCalls + background > 0) {
          awaitAnswer(first);
        } else if (first != null) {
          clock.waitUntil(first.deadline);
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
  }

  /** The task goes on if it still waits for the call that has ended. */
  private void takeAnswer(RTask task) {
    if (task.state == State.BLOCKED && task.waitingFor instanceof HostCall call && call.isDone()) {
      ready(task);
    }
  }

  private void awaitAnswer(@Nullable Timer first) throws InterruptedException {
    clock.beforeWait();
    RTask task;
    if (first == null) {
      task = answered.take();
    } else {
      long left = Math.max(0, first.deadline - clock.nanoTime());
      task = answered.poll(left, TimeUnit.NANOSECONDS);
    }
    if (task != null) {
      takeAnswer(task);
    }
  }

  /**
   * Wakes the tasks whose deadline has passed; timers of tasks that no longer wait for them are
   * dropped.
   */
  private void expire() {
    for (Timer first = timers.peek(); first != null; first = timers.peek()) {
      if (isCurrent(first) && now() < first.deadline) {
        return;
      }
      timers.poll();
      reached(first);
    }
  }

  /**
   * Says whether a pending timer matters: somebody awaits its task, or its task does more than
   * sleep.
   */
  private boolean somebodyWaits() {
    for (Timer timer : timers) {
      RTask task = timer.task;
      if (task.state == State.BLOCKED
          && task.deadline == timer.deadline
          && (task.waitingFor != Waiting.TIMER || !task.waiters.isEmpty() || task.id == 1)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the tasks that have not ended, in order of id. */
  public Collection<RTask> liveTasks() {
    return List.copyOf(live.values());
  }

  /** Forgets a task that will never run again. */
  public void drop(RTask task) {
    live.remove(task.id);
    ready.remove(task);
    liveTasks.changed(live.size());
  }

  @Override
  public List<RTask> unawaitedFailures() {
    List<RTask> all = new ArrayList<>();
    for (RTask task : failed) {
      if (!task.awaited) {
        all.add(task);
      }
    }
    all.sort(Comparator.comparingLong(t -> t.id));
    return all;
  }
}
