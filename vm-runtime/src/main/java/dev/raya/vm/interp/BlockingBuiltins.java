package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.host.Host;
import dev.raya.vm.host.HostFailure;
import dev.raya.vm.task.Handover;
import dev.raya.vm.task.HostCall;
import dev.raya.vm.task.RChannel;
import dev.raya.vm.task.RTask;
import dev.raya.vm.task.Scheduler;
import dev.raya.vm.task.Selection;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RBytes;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import dev.raya.vm.value.TypeLinker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Built-ins in which a task may be suspended (rbin.md 5.6): those of channels, and those that the
 * host carries out on a virtual thread. As every blocking instruction they are run again when the
 * task goes on (vm.md 5.4).
 */
@SuppressWarnings("NullAway") // The verifier vouches for what the cells hold.
final class BlockingBuiltins {
  private static final LinkedType ANY =
      TypeLinker.predefined(dev.raya.vm.bytecode.PredefinedType.ANY);

  private final TaskInstructions tasks;
  private final Polls polls;
  private final Scheduler scheduler;
  private final HostBuiltins guard;
  private final Host host;

  BlockingBuiltins(
      TaskInstructions tasks, Polls polls, Scheduler scheduler, HostBuiltins guard, Host host) {
    this.tasks = tasks;
    this.polls = polls;
    this.scheduler = scheduler;
    this.guard = guard;
    this.host = host;
  }

  /** Runs the instruction at the frame's place; false if the task was blocked. */
  boolean run(RTask task, Frame f) {
    int[] code = f.body.code;
    Args a = new Args();
    a.site = (BuiltinSite) f.body.refs[code[f.pc + 1]];
    a.count = code[f.pc + 2];
    a.base = code[f.pc + 3];
    a.d = code[f.pc + 4];
    a.w = f.w;
    a.r = f.r;
    guard.require(a.site.row.grants());
    return switch (a.site.id) {
      case 455 -> take(task, a);
      case 462 -> select(task, a);
      case 465 -> advance(task, a);
      default -> hostCall(task, a);
    };
  }

  // ---- the host

  private boolean hostCall(RTask task, Args a) {
    if (task.waitingFor instanceof HostCall call && call.isDone()) {
      task.waitingFor = null;
      Throwable failure = call.failure();
      if (failure != null) {
        throw trap(failure);
      }
      store(a, call.result());
      return true;
    }
    tasks.suspendable(task);
    String function = a.site.row.name();
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < a.count; i++) {
      arguments.add(argument(a, i));
    }
    boolean background = function.equals("process.awaitSignal");
    scheduler.block(task, new HostCall(() -> call(function, arguments), background));
    return false;
  }

  private @Nullable Object call(String function, List<Object> arguments)
      throws HostFailure, InterruptedException {
    return function.equals("crypto.pbkdf2")
        ? CryptoBuiltins.pbkdf2(arguments)
        : host.calls().call(function, arguments);
  }

  private static TrapException trap(Throwable failure) {
    if (failure instanceof TrapException trap) {
      return trap;
    }
    if (failure instanceof OutOfMemoryError full) {
      throw full;
    }
    if (failure instanceof HostFailure f) {
      TrapException trap =
          new TrapException(Trap.NATIVE_ERROR, f.errorClass(), String.valueOf(f.getMessage()));
      return f.errorClass().equals("IOError")
          ? trap.with("code", f.code()).with("path", f.path())
          : trap;
    }
    if (failure instanceof InterruptedException) {
      return new TrapException(Trap.NATIVE_ERROR, "IOError", "interrupted").with("code", "EINTR");
    }
    throw new IllegalStateException("a call of the host failed", failure);
  }

  private static Object argument(Args a, int i) {
    LinkedType type = a.type(i);
    Object ref = a.ref(i);
    return switch (type.kind) {
      case Kind.I -> type.isBool() ? (Object) (a.integer(i) != 0) : (Object) a.integer(i);
      case Kind.F -> a.number(i);
      default ->
          switch (ref) {
            case null -> throw Traps.nullAccess("argument");
            case RBytes bytes -> bytes.copy();
            case RArray array -> texts(array);
            case Object o when Text.isString(o) -> Text.flat(o);
            default -> ref;
          };
    };
  }

  private static List<String> texts(RArray array) {
    List<String> texts = new ArrayList<>(array.length);
    for (int i = 0; i < array.length; i++) {
      Object text = array.ref(i);
      if (text == null) {
        throw Traps.unsetMember();
      }
      texts.add(Text.flat(text));
    }
    return texts;
  }

  private void store(Args a, @Nullable Object result) {
    LinkedType type = a.site.result;
    switch (result) {
      case null -> {
        if (type.kind != Kind.NONE) {
          a.returnNull();
        }
      }
      case Boolean b -> a.returnBool(b);
      case Integer i -> a.returnInt(i);
      case Double d -> a.returnNumber(d);
      case byte[] bytes -> {
        polls.allocate(32L + bytes.length);
        a.returnRef(new RBytes(bytes));
      }
      case String text -> {
        polls.allocate(32 + 2L * text.length());
        a.returnRef(text);
      }
      case List<?> list -> {
        polls.allocate(24 + 8L * list.size());
        RArray array = RArray.make(type, list.size());
        for (int i = 0; i < list.size(); i++) {
          Object item = list.get(i);
          long word = item instanceof Double d ? Double.doubleToRawLongBits(d) : 0;
          array.set(i, word, item instanceof Double ? null : item);
        }
        a.returnRef(array);
      }
      default -> a.returnRef(result);
    }
  }

  // ---- virtual time

  /** Moves the virtual time on, letting others do what falls due meanwhile. */
  private boolean advance(RTask task, Args a) {
    tasks.suspendable(task);
    if (task.timedOut) {
      TaskInstructions.clearWait(task);
      return true;
    }
    scheduler.blockUntilIdle(task, tasks.deadline(task, a.number(0)));
    return false;
  }

  // ---- channels

  /** Receives a value into an array; an empty one if the channel is closed and drained. */
  private boolean take(RTask task, Args a) {
    RChannel channel = Synchronizers.channel(a.ref(0), "receive");
    Handover handover = task.handover;
    if (handover != null) {
      task.handover = null;
      task.waitingFor = null;
      taken(a, channel, handover.closed(), handover.word(), handover.ref());
      return true;
    }
    tasks.suspendable(task);
    RChannel.Item item = tasks.take(channel);
    if (item != null || channel.closed) {
      boolean end = item == null;
      taken(a, channel, end, end ? 0 : item.word(), end ? null : item.ref());
      return true;
    }
    if (task.waitingFor != channel) {
      channel.receivers.add(task);
    }
    tasks.block(task, channel, Long.MAX_VALUE);
    return false;
  }

  private void taken(Args a, RChannel channel, boolean closed, long word, @Nullable Object ref) {
    if (closed) {
      TaskInstructions.ended(channel);
    }
    polls.allocate(32);
    RArray array = RArray.make(a.site.result, closed ? 0 : 1);
    if (!closed) {
      array.set(0, word, ref);
    }
    a.returnRef(array);
  }

  /** CHAN_SELECT: channels, whether to send, values, time limit, whether to wait. */
  private boolean select(RTask task, Args a) {
    RArray channels = a.array(0);
    RArray sends = a.array(1);
    RArray values = a.array(2);
    boolean wait = a.integer(4) != 0;
    Selection selection = task.selection;
    Handover handover = task.handover;
    if (handover != null && selection != null) {
      task.handover = null;
      task.selection = null;
      TaskInstructions.clearWait(task);
      int i = selection.caseOf(handover);
      if (handover.closed()) {
        if (!selection.sends()[i]) {
          TaskInstructions.ended(handover.channel());
        }
        a.returnInt(-2 - i);
      } else {
        received(values, i, selection, handover.word(), handover.ref());
        a.returnInt(i);
      }
      return true;
    }
    if (wait) {
      tasks.suspendable(task);
    }
    if (selection == null) {
      selection = selection(channels, sends, values);
      int possible = attempt(selection, values);
      if (possible != -1 || !wait) {
        a.returnInt(possible);
        return true;
      }
      for (int i = 0; i < selection.channels().length; i++) {
        RChannel channel = selection.channels()[i];
        if (selection.sends()[i]) {
          channel.senders.add(new RChannel.Item(selection.words()[i], selection.refs()[i], task));
        } else {
          channel.receivers.add(task);
        }
      }
      task.selection = selection;
    } else if (task.timedOut) {
      selection.withdraw(task);
      task.selection = null;
      TaskInstructions.clearWait(task);
      a.returnInt(-1);
      return true;
    }
    double limit = a.number(3);
    long deadline = Double.isNaN(limit) ? Long.MAX_VALUE : tasks.deadline(task, limit);
    scheduler.block(task, RTask.Waiting.SEVERAL_CHANNELS, deadline);
    return false;
  }

  private static Selection selection(RArray channels, RArray sends, RArray values) {
    int n = channels.length;
    if (sends.length != n || values.length != n) {
      throw new TrapException(Trap.ARGUMENT_ERROR, "select needs lists of equal length");
    }
    RChannel[] all = new RChannel[n];
    boolean[] directions = new boolean[n];
    long[] words = new long[n];
    @Nullable Object[] refs = new Object[n];
    for (int i = 0; i < n; i++) {
      if (!(Synchronizers.itself(channels.ref(i)) instanceof RChannel channel)) {
        throw new TrapException(Trap.TYPE_ERROR, "select of something that is no channel");
      }
      all[i] = channel;
      directions[i] = sends.word(i) != 0;
      if (directions[i]) {
        LinkedType element = channel.element;
        long[] w = new long[1];
        @Nullable Object[] r = new Object[1];
        if (!new Cast(ANY, element).test(values.word(i), values.ref(i))) {
          throw new TrapException(
              Trap.TYPE_ERROR, new Cast(ANY, element).complaint(values.word(i), values.ref(i)));
        }
        Adaptation.of(ANY, element).store(values.word(i), values.ref(i), w, r, 0);
        words[i] = w[0];
        refs[i] = TaskInstructions.kindHasRef(element) ? r[0] : null;
      }
    }
    return new Selection(all, directions, words, refs);
  }

  /** Does the first case that is possible: its number, −2 − i for a closed channel, else −1. */
  private int attempt(Selection s, RArray values) {
    for (int i = 0; i < s.channels().length; i++) {
      RChannel channel = s.channels()[i];
      if (s.sends()[i]) {
        if (channel.closed) {
          return -2 - i;
        }
        if (tasks.offer(channel, s.words()[i], s.refs()[i])) {
          return i;
        }
      } else {
        RChannel.Item item = tasks.take(channel);
        if (item != null) {
          received(values, i, s, item.word(), item.ref());
          return i;
        }
        if (channel.closed) {
          TaskInstructions.ended(channel);
          return -2 - i;
        }
      }
    }
    return -1;
  }

  private static void received(RArray values, int i, Selection s, long word, @Nullable Object ref) {
    if (s.sends()[i]) {
      return;
    }
    LinkedType element = s.channels()[i].element;
    long[] w = new long[1];
    @Nullable Object[] r = new Object[1];
    Adaptation.of(element, ANY).store(word, ref, w, r, 0);
    values.set(i, w[0], element.form == Form.NULL ? Tag.NULL : r[0]);
  }
}
