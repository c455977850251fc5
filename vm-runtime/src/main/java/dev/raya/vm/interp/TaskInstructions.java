package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.heap.LimitException;
import dev.raya.vm.host.Host;
import dev.raya.vm.task.Handover;
import dev.raya.vm.task.HostCall;
import dev.raya.vm.task.RChannel;
import dev.raya.vm.task.RMutex;
import dev.raya.vm.task.RTask;
import dev.raya.vm.task.RTask.Waiting;
import dev.raya.vm.task.Scheduler;
import dev.raya.vm.task.WaitGraph;
import dev.raya.vm.value.Closure;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks, channels and mutexes (vm.md 5.4, 7). A blocking instruction is run again when its task is
 * made ready: the place stays on it and its operands stay where they are, so each begins by looking
 * whether it can go on now.
 */
@SuppressWarnings("NullAway") // The verifier vouches for what the cells hold.
final class TaskInstructions {
  private final FrameStack frames;
  private final Polls polls;
  private final Scheduler scheduler;
  private final TaskLimits limits;
  private final BlockingBuiltins blocking;

  /** The number of tasks a context may have. */
  interface TaskLimits {
    /** Throws {@link LimitException} if no further task may live. */
    void beforeSpawn();
  }

  TaskInstructions(
      FrameStack frames,
      Polls polls,
      Scheduler scheduler,
      TaskLimits limits,
      HostBuiltins guard,
      Host host) {
    this.frames = frames;
    this.polls = polls;
    this.scheduler = scheduler;
    this.limits = limits;
    this.blocking = new BlockingBuiltins(this, polls, scheduler, guard, host);
  }

  int run(Loop loop, RTask task, Frame f, int op) {
    QuickCode body = f.body;
    int[] code = body.code;
    int pc = f.pc;
    long[] w = f.w;
    @Nullable Object[] r = f.r;
    switch (op) {
      case Quick.SPAWN -> {
        RFunction target = (RFunction) body.refs[code[pc + 1]];
        r[code[pc + 4]] =
            spawn(target, frames.first(target, w, r, code[pc + 3], code[pc + 2], null));
        return pc + 5;
      }
      case Quick.SPAWN_CLOSURE -> {
        Closure closure = (Closure) r[code[pc + 3]];
        CallSite site = (CallSite) body.refs[code[pc + 1]];
        Frame n = frames.closure(f, site, closure, code[pc + 2], code[pc + 3]);
        n.caller = null;
        n.depth = 1;
        n.resultAdaptation = null;
        r[code[pc + 4]] = spawn(closure.function, n);
        return pc + 5;
      }
      case Quick.AWAIT -> {
        return await(task, f, (RTask) r[code[pc + 2]], pc + 4, code[pc + 3], Long.MAX_VALUE);
      }
      case Quick.AWAIT_TIMEOUT -> {
        long deadline = deadline(task, Double.longBitsToDouble(w[code[pc + 2] + 1]));
        return await(task, f, (RTask) r[code[pc + 2]], pc + 4, code[pc + 3], deadline);
      }
      case Quick.TASK_ALL -> {
        return awaitAll(task, f, pc + 4);
      }
      case Quick.TASK_RACE -> {
        return awaitFirst(task, f, pc + 4);
      }
      case Quick.YIELD -> {
        suspendable(task);
        if (!scheduler.othersReady()) {
          return pc + 1;
        }
        f.pc = pc + 1;
        scheduler.ready(task);
        return Loop.BLOCK;
      }
      case Quick.SLEEP -> {
        return sleep(task, f, Double.longBitsToDouble(w[code[pc + 1]]));
      }
      case Quick.TASK_CANCEL -> {
        cancel((RTask) nonNull(r[code[pc + 1]], "cancel"));
        return pc + 2;
      }
      case Quick.CANCEL_REQUESTED -> {
        w[code[pc + 1]] = task.cancelRequested ? 1 : 0;
        return pc + 2;
      }
      case Quick.CHAN_NEW -> {
        r[code[pc + 1]] = newChannel((LinkedType) body.refs[code[pc + 3]], (int) w[code[pc + 2]]);
        return pc + 4;
      }
      case Quick.CHAN_SEND,
          Quick.CHAN_RECV,
          Quick.CHAN_CLOSE,
          Quick.MUTEX_LOCK,
          Quick.MUTEX_UNLOCK,
          Quick.MUTEX_TRY_LOCK -> {
        int base = code[pc + 3];
        if (Synchronizers.isDerived(r[base])) {
          CallSite method = (CallSite) body.refs[code[pc + 1]];
          Frame n = frames.byName(f, method, code[pc + 2], base);
          f.pc = pc + 5;
          task.top = n;
          loop.fuel -= n.body.entryCost;
          return Loop.RELOAD;
        }
        return synchronize(task, f, op, r[base], base);
      }
      case Quick.NEW_MUTEX -> {
        r[code[pc + 1]] = newMutex();
        return pc + 2;
      }
      case Quick.BLOCKING -> {
        return blocking.run(task, f) ? pc + 5 : Loop.BLOCK;
      }
      default -> throw new IllegalStateException("unknown instruction " + op);
    }
  }

  /** An operation on a mutex or channel itself; what it takes lies above it. */
  private int synchronize(RTask task, Frame f, int op, @Nullable Object value, int base) {
    switch (op) {
      case Quick.CHAN_SEND -> {
        return send(task, f, Synchronizers.channel(value, "send"), base + 1);
      }
      case Quick.CHAN_RECV -> {
        int d = f.body.code[f.pc + 4];
        return receive(task, f, Synchronizers.channel(value, "receive"), d);
      }
      case Quick.CHAN_CLOSE -> close(Synchronizers.channel(value, "close"));
      case Quick.MUTEX_LOCK -> {
        return lock(task, f, Synchronizers.mutex(value, "lock"));
      }
      case Quick.MUTEX_UNLOCK -> unlock(task, Synchronizers.mutex(value, "unlock"));
      default -> {
        RMutex mutex = Synchronizers.mutex(value, "tryLock");
        if (mutex.owner == task) {
          throw new TrapException(Trap.ALREADY_LOCKED, "the task already holds the mutex");
        }
        boolean taken = mutex.owner == null;
        if (taken) {
          take(task, mutex);
        }
        f.w[f.body.code[f.pc + 4]] = taken ? 1 : 0;
      }
    }
    return f.pc + 5;
  }

  private static Object nonNull(@Nullable Object value, String member) {
    if (value == null) {
      throw Traps.nullAccess(member);
    }
    return value;
  }

  private RTask spawn(RFunction function, Frame first) {
    limits.beforeSpawn();
    polls.allocate(96);
    RTask child = new RTask(scheduler.newId(), function.type.resultType());
    child.top = first;
    scheduler.add(child);
    scheduler.ready(child);
    return child;
  }

  /** What every suspension point does first (rbin.md 5.6, vm.md 7.6). */
  void suspendable(RTask task) {
    if (!task.owned.isEmpty()) {
      throw new TrapException(Trap.AWAIT_UNDER_LOCK, "the task would wait while it holds a mutex");
    }
    cancellation(task);
  }

  private void cancellation(RTask task) {
    if (task.cancelRequested) {
      task.cancelRequested = false;
      leaveQueues(task);
      throw new TrapException(Trap.CANCELLED, "the task was cancelled");
    }
  }

  private static void leaveQueues(RTask task) {
    if (task.waitingFor instanceof RTask other) {
      other.waiters.remove(task);
    } else if (task.waitingFor instanceof RMutex mutex) {
      mutex.waiters.remove(task);
    } else if (task.waitingFor instanceof HostCall call) {
      call.abandon();
    } else if (task.selection != null) {
      task.selection.withdraw(task);
      task.selection = null;
    } else if (task.waitingFor instanceof RChannel channel) {
      channel.receivers.remove(task);
      channel.senders.removeIf(item -> item.sender() == task);
    }
    task.waitingFor = null;
    task.deadline = Long.MAX_VALUE;
  }

  /** Asks a task to end at its next suspension point; one that is suspended is woken for it. */
  void cancel(RTask task) {
    if (task.isDone()) {
      return;
    }
    task.cancelRequested = true;
    if (task.state == RTask.State.BLOCKED) {
      scheduler.ready(task);
    }
  }

  void block(RTask task, Object on, long deadline) {
    if (WaitGraph.closesCycle(task, on)) {
      throw new TrapException(Trap.DEADLOCK, "the tasks would wait for each other for ever");
    }
    scheduler.block(task, on, deadline);
  }

  // ---- awaiting

  /** The deadline of a time limit: set when the instruction starts, kept while it is run again. */
  long deadline(RTask task, double milliseconds) {
    if (task.deadline != Long.MAX_VALUE || task.timedOut) {
      return task.deadline;
    }
    double nanos = Math.max(0, milliseconds) * 1e6;
    return Double.isNaN(nanos) || nanos > 9e18
        ? Long.MAX_VALUE - 1
        : scheduler.now() + (long) nanos;
  }

  private int await(RTask task, Frame f, @Nullable RTask other, int next, int d, long deadline) {
    if (other == null) {
      throw Traps.nullAccess("await");
    }
    suspendable(task);
    other.awaited = true;
    if (other.isDone()) {
      clearWait(task);
      return deliver(task, f, other, next, d);
    }
    if (task.timedOut) {
      leaveQueues(task);
      clearWait(task);
      throw new TrapException(Trap.TIMEOUT, "time limit exceeded");
    }
    if (task.waitingFor != other) {
      other.waiters.add(task);
    }
    try {
      block(task, other, deadline);
    } catch (TrapException deadlock) {
      other.waiters.remove(task);
      throw deadlock;
    }
    return Loop.BLOCK;
  }

  static void clearWait(RTask task) {
    task.waitingFor = null;
    task.deadline = Long.MAX_VALUE;
    task.timedOut = false;
  }

  private int deliver(RTask task, Frame f, RTask other, int next, int d) {
    RError error = other.error;
    if (error != null) {
      error.trace = error.trace.awaitedFrom(Traces.of(task, null));
      throw new Thrown(error);
    }
    LinkedType wanted = (LinkedType) f.body.refs[f.body.code[f.pc + 1]];
    if (wanted.kind != Kind.NONE) {
      Adaptation.of(other.resultType, wanted).store(other.resultWord, other.resultRef, f.w, f.r, d);
    }
    return next;
  }

  private int awaitAll(RTask task, Frame f, int next) {
    int[] code = f.body.code;
    int pc = f.pc;
    RArray all = (RArray) nonNull(f.r[code[pc + 2]], "all");
    suspendable(task);
    boolean pending = false;
    RTask failed = null;
    for (int i = 0; i < all.length; i++) {
      RTask t = (RTask) nonNull(all.ref(i), "await");
      t.awaited = true;
      t.waiters.remove(task);
      pending |= !t.isDone();
      if (t.error != null && (failed == null || t.ended < failed.ended)) {
        failed = t;
      }
    }
    if (failed != null || !pending) {
      clearWait(task);
      if (failed != null) {
        return deliver(task, f, failed, next, code[pc + 3]);
      }
      LinkedType type = (LinkedType) f.body.refs[code[pc + 1]];
      polls.allocate(24 + 8L * all.length);
      RArray results = RArray.make(type, all.length);
      long[] w = new long[1];
      Object[] r = new Object[1];
      for (int i = 0; i < all.length; i++) {
        RTask t = (RTask) all.ref(i);
        Adaptation.of(t.resultType, type.element()).store(t.resultWord, t.resultRef, w, r, 0);
        results.set(i, w[0], r[0]);
      }
      f.r[code[pc + 3]] = results;
      return next;
    }
    for (int i = 0; i < all.length; i++) {
      RTask t = (RTask) all.ref(i);
      if (!t.isDone()) {
        t.waiters.add(task);
      }
    }
    block(task, Waiting.SEVERAL_TASKS, Long.MAX_VALUE);
    return Loop.BLOCK;
  }

  private int awaitFirst(RTask task, Frame f, int next) {
    int[] code = f.body.code;
    int pc = f.pc;
    RArray all = (RArray) nonNull(f.r[code[pc + 2]], "race");
    if (all.length == 0) {
      throw new TrapException(Trap.RANGE_ERROR, "race of no tasks");
    }
    suspendable(task);
    RTask first = null;
    for (int i = 0; i < all.length; i++) {
      RTask t = (RTask) nonNull(all.ref(i), "await");
      t.awaited = true;
      t.waiters.remove(task);
      if (t.isDone() && (first == null || t.ended < first.ended)) {
        first = t;
      }
    }
    if (first != null) {
      clearWait(task);
      return deliver(task, f, first, next, code[pc + 3]);
    }
    for (int i = 0; i < all.length; i++) {
      ((RTask) all.ref(i)).waiters.add(task);
    }
    block(task, Waiting.SEVERAL_TASKS, Long.MAX_VALUE);
    return Loop.BLOCK;
  }

  private int sleep(RTask task, Frame f, double milliseconds) {
    suspendable(task);
    int next = f.pc + 2;
    if (task.timedOut) {
      clearWait(task);
      return next;
    }
    if (!(milliseconds > 0)) {
      if (!scheduler.othersReady()) {
        return next;
      }
      f.pc = next;
      scheduler.ready(task);
      return Loop.BLOCK;
    }
    scheduler.block(task, Waiting.TIMER, deadline(task, milliseconds));
    return Loop.BLOCK;
  }

  // ---- channels

  RChannel newChannel(LinkedType element, int capacity) {
    if (capacity < -1) {
      throw new TrapException(Trap.NEGATIVE_LENGTH, "a channel's capacity is negative");
    }
    if (capacity > RChannel.MAX_CAPACITY) {
      throw new TrapException(Trap.LENGTH_LIMIT, "channel capacity above " + RChannel.MAX_CAPACITY);
    }
    polls.allocate(64);
    return new RChannel(element, capacity);
  }

  private int send(RTask task, Frame f, RChannel channel, int v) {
    int next = f.pc + 5;
    Handover handover = task.handover;
    if (handover != null) {
      task.handover = null;
      task.waitingFor = null;
      if (handover.closed()) {
        throw new TrapException(Trap.CHANNEL_CLOSED, "the channel is closed");
      }
      return next;
    }
    suspendable(task);
    if (channel.closed) {
      throw new TrapException(Trap.CHANNEL_CLOSED, "the channel is closed");
    }
    long word = f.w[v];
    Object ref = kindHasRef(channel.element) ? f.r[v] : null;
    if (offer(channel, word, ref)) {
      return next;
    }
    if (task.waitingFor != channel) {
      channel.senders.add(new RChannel.Item(word, ref, task));
    }
    block(task, channel, Long.MAX_VALUE);
    return Loop.BLOCK;
  }

  static boolean kindHasRef(LinkedType t) {
    return t.kind == Kind.R || t.kind == Kind.V;
  }

  /** Hands a value to a waiting receiver or buffers it; false if the sender has to wait. */
  boolean offer(RChannel channel, long word, @Nullable Object ref) {
    RTask receiver = channel.receivers.poll();
    if (receiver != null) {
      withdraw(receiver);
      receiver.handover = new Handover(channel, false, false, word, ref);
      scheduler.ready(receiver);
      return true;
    }
    if (channel.hasRoom()) {
      polls.allocate(16);
      channel.buffer.add(new RChannel.Item(word, ref, null));
      return true;
    }
    return false;
  }

  private int receive(RTask task, Frame f, RChannel channel, int d) {
    int next = f.pc + 5;
    LinkedType wanted = ((CallSite) f.body.refs[f.body.code[f.pc + 1]]).type.resultType();
    Handover handover = task.handover;
    if (handover != null) {
      task.handover = null;
      task.waitingFor = null;
      received(f, wanted, channel, handover.closed(), handover.word(), handover.ref(), d);
      return next;
    }
    suspendable(task);
    RChannel.Item item = take(channel);
    if (item != null || channel.closed) {
      boolean end = item == null;
      received(f, wanted, channel, end, end ? 0 : item.word(), end ? null : item.ref(), d);
      return next;
    }
    if (task.waitingFor != channel) {
      channel.receivers.add(task);
    }
    block(task, channel, Long.MAX_VALUE);
    return Loop.BLOCK;
  }

  private static void received(
      Frame f,
      LinkedType wanted,
      RChannel channel,
      boolean end,
      long word,
      @Nullable Object ref,
      int d) {
    if (end) {
      ended(channel);
      f.w[d] = 0;
      f.r[d] = wanted.kind == Kind.V ? Tag.NULL : null;
    } else {
      Adaptation.of(channel.element, wanted).store(word, ref, f.w, f.r, d);
    }
  }

  /** Throws what a channel that is closed and drained failed with, if it did. */
  static void ended(RChannel channel) {
    if (channel.failure != null) {
      throw new Thrown(channel.failure);
    }
  }

  /** Takes the oldest value, letting a blocked sender follow; null if there is none. */
  RChannel.@Nullable Item take(RChannel channel) {
    RChannel.Item item = channel.buffer.poll();
    RChannel.Item waiting = channel.senders.poll();
    if (waiting != null) {
      RTask sender = waiting.sender();
      withdraw(sender);
      sender.handover = new Handover(channel, true, false, 0, null);
      scheduler.ready(sender);
      if (item == null) {
        return waiting;
      }
      channel.buffer.add(new RChannel.Item(waiting.word(), waiting.ref(), null));
    }
    return item;
  }

  /** Closes a channel so that its receivers are thrown an error, unless it is closed already. */
  void fail(RChannel channel, RError error) {
    if (!channel.closed) {
      channel.failure = error;
      close(channel);
    }
  }

  private void close(RChannel channel) {
    channel.closed = true;
    for (RTask receiver : List.copyOf(channel.receivers)) {
      withdraw(receiver);
      receiver.handover = new Handover(channel, false, true, 0, null);
      scheduler.ready(receiver);
    }
    channel.receivers.clear();
    for (RChannel.Item item : List.copyOf(channel.senders)) {
      RTask sender = item.sender();
      withdraw(sender);
      sender.handover = new Handover(channel, true, true, 0, null);
      scheduler.ready(sender);
    }
    channel.senders.clear();
  }

  /** A task whose select was committed on one channel waits for none of the others. */
  private static void withdraw(RTask task) {
    if (task.selection != null) {
      task.selection.withdraw(task);
    }
  }

  // ---- mutexes

  RMutex newMutex() {
    polls.allocate(48);
    return new RMutex();
  }

  private int lock(RTask task, Frame f, RMutex mutex) {
    int next = f.pc + 5;
    if (mutex.owner == task) {
      if (task.waitingFor == mutex) {
        task.waitingFor = null;
        return next;
      }
      throw new TrapException(Trap.ALREADY_LOCKED, "the task already holds the mutex");
    }
    cancellation(task);
    if (mutex.owner == null) {
      take(task, mutex);
      return next;
    }
    if (task.waitingFor != mutex) {
      mutex.waiters.add(task);
    }
    try {
      block(task, mutex, Long.MAX_VALUE);
    } catch (TrapException deadlock) {
      mutex.waiters.remove(task);
      throw deadlock;
    }
    return Loop.BLOCK;
  }

  private static void take(RTask task, RMutex mutex) {
    mutex.owner = task;
    task.owned.add(mutex);
  }

  private void unlock(RTask task, RMutex mutex) {
    if (mutex.owner != task) {
      throw new TrapException(Trap.NOT_OWNER, "the task does not hold the mutex");
    }
    task.owned.remove(mutex);
    handOver(mutex);
  }

  /** Gives a mutex to its first waiter, or to nobody. */
  void handOver(RMutex mutex) {
    mutex.owner = null;
    RTask first = mutex.waiters.poll();
    if (first != null) {
      take(first, mutex);
      scheduler.ready(first);
    }
  }
}
