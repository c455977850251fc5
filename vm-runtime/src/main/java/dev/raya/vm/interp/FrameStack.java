package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.task.RTask;
import dev.raya.vm.value.Closure;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.RObj;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes and removes the frames of calls, adapts arguments and results where site and target differ
 * (vm.md 3.6), and keeps the worker's pool of frames: one list per size class of eight cells.
 */
final class FrameStack {
  /** Frames that handlers may use beyond the limit once it was met (vm.md 6). */
  static final int RESERVE = 64;

  private static final int SIZE_CLASSES = 32;
  private static final int CELLS_PER_CLASS = 8;

  private final ContextTypes types;
  private final int maxDepth;
  private final @Nullable Frame[] free = new Frame[SIZE_CLASSES];

  /**
   * Frames allowed at the moment: the limit, or with the reserve while an overflow is being
   * handled.
   */
  private int depthLimit;

  FrameStack(ContextTypes types, int maxDepth) {
    this.types = types;
    this.maxDepth = maxDepth;
    this.depthLimit = maxDepth;
  }

  /** Lets handlers of a stack overflow use the reserve. */
  void openReserve() {
    depthLimit = maxDepth + RESERVE;
  }

  /** Closes the reserve once the task is back well below the limit, or another task runs. */
  void closeReserve(int depth) {
    if (depth < maxDepth - RESERVE) {
      depthLimit = maxDepth;
    }
  }

  private Frame acquire(QuickCode body, @Nullable Frame caller) {
    int sizeClass = (body.frameSize + CELLS_PER_CLASS - 1) / CELLS_PER_CLASS;
    Frame n = sizeClass < SIZE_CLASSES ? free[sizeClass] : null;
    if (n == null) {
      n = new Frame(body, sizeClass * CELLS_PER_CLASS);
    } else {
      free[sizeClass] = n.next;
      n.next = null;
      n.body = body;
    }
    n.caller = caller;
    int depth = caller == null ? 1 : caller.depth + 1;
    if (depth > depthLimit) {
      release(n);
      throw new TrapException(Trap.STACK_OVERFLOW, "maximum call stack size exceeded");
    }
    n.depth = depth;
    n.pc = 0;
    return n;
  }

  /** Gives a frame back; nothing may refer to it any more. */
  void release(Frame f) {
    int cells = f.body.refCells;
    if (cells > 0) {
      Arrays.fill(f.r, 0, cells, null);
    }
    f.caller = null;
    f.closure = null;
    f.resultAdaptation = null;
    int sizeClass = f.w.length / CELLS_PER_CLASS;
    if (sizeClass < SIZE_CLASSES) {
      f.next = free[sizeClass];
      free[sizeClass] = f;
    }
  }

  /** Gives the locals from {@code from} on their zero values. */
  private static void zero(Frame n, QuickCode body, int from) {
    long[] zeroWords = body.zeroWords;
    if (zeroWords != null) {
      System.arraycopy(zeroWords, from, n.w, from, body.localCount - from);
    } else {
      for (int i = from; i < body.localCount; i++) {
        n.w[i] = 0;
      }
    }
    @Nullable Object[] zeroRefs = body.zeroRefs;
    if (zeroRefs != null) {
      System.arraycopy(zeroRefs, from, n.r, from, body.localCount - from);
    }
  }

  /**
   * Makes the frame of a call whose arguments need no adaptation.
   *
   * @param cells receiver and arguments, which lie in the caller's cells from {@code base} on
   */
  Frame call(Frame caller, RFunction target, int cells, int base) {
    QuickCode body = types.bodyOf(target);
    Frame n = acquire(body, caller);
    // Plain loops: for the few cells of a call they are quicker than System.arraycopy.
    long[] from = caller.w;
    long[] to = n.w;
    for (int i = 0; i < cells; i++) {
      to[i] = from[base + i];
    }
    if (body.refCells > 0) {
      @Nullable Object[] refsFrom = caller.r;
      @Nullable Object[] refsTo = n.r;
      for (int i = 0; i < cells; i++) {
        refsTo[i] = refsFrom[base + i];
      }
    }
    n.argc = cells - target.receivers();
    zero(n, body, cells);
    return n;
  }

  /**
   * Makes the frame of a call of a target of another physical form than the site's.
   *
   * @param argc arguments, which lie in the caller's cells from {@code base} on
   * @param receiver the receiver, null if the target has none
   */
  Frame adapted(
      Frame caller,
      CallSite site,
      RFunction target,
      int argc,
      int base,
      @Nullable Object receiver) {
    QuickCode body = types.bodyOf(target);
    CallSite.Form form = site.form(target);
    Frame n = acquire(body, caller);
    int shift = target.receivers();
    if (shift == 1) {
      n.r[0] = receiver;
    }
    int passed = Math.min(argc, form.arguments().length);
    for (int i = 0; i < passed; i++) {
      form.arguments()[i].move(caller.w, caller.r, base + i, n.w, n.r, shift + i);
    }
    n.argc = argc;
    n.resultAdaptation = form.result() == Adaptation.NONE ? null : form.result();
    zero(n, body, shift + passed);
    return n;
  }

  /** Makes the frame of CALL_IFACE: a method of the receiver's class, or a closure in a field. */
  Frame byName(Frame caller, CallSite site, int argc, int base) {
    Object receiver = caller.r[base];
    if (receiver == null) {
      throw Traps.nullAccess(site.name);
    }
    RObj object = (RObj) receiver;
    RClass cls = object.cls;
    CallSite.Member member = site.member(cls);
    if (member == null) {
      throw new TrapException(Trap.TYPE_ERROR, cls.name + " has no member '" + site.name + "'");
    }
    RFunction method = member.method();
    if (method != null) {
      return method.signature == site.signature
          ? call(caller, method, argc + 1, base)
          : adapted(caller, site, method, argc, base + 1, receiver);
    }
    return closure(caller, site, (Closure) object.ref(member.field()), argc, base);
  }

  /** Makes the frame of a closure call; the arguments lie above {@code base}. */
  Frame closure(Frame caller, CallSite site, @Nullable Closure closure, int argc, int base) {
    if (closure == null) {
      throw Traps.nullAccess(site.name);
    }
    RFunction target = closure.function;
    Object receiver = closure.receiver;
    if (receiver != null) {
      if (target.signature != site.signature) {
        return adapted(caller, site, target, argc, base + 1, receiver);
      }
      caller.r[base] = receiver;
      return call(caller, target, argc + 1, base);
    }
    Frame n =
        target.signature == site.signature
            ? call(caller, target, argc, base + 1)
            : adapted(caller, site, target, argc, base + 1, null);
    n.closure = closure;
    return n;
  }

  /**
   * Makes the first frame of a task; the arguments lie in the cells of another frame or in arrays
   * of the host.
   */
  Frame first(
      RFunction target,
      long[] w,
      @Nullable Object[] r,
      int base,
      int cells,
      @Nullable Closure closure) {
    QuickCode body = types.bodyOf(target);
    Frame n = acquire(body, null);
    System.arraycopy(w, base, n.w, 0, cells);
    System.arraycopy(r, base, n.r, 0, cells);
    n.argc = cells - target.receivers();
    n.closure = closure;
    zero(n, body, cells);
    return n;
  }

  /**
   * Replaces a frame by that of a tail call, whose arguments lie in its cells from {@code base} on.
   */
  Frame tailCall(RTask task, Frame f, RFunction target, int cells, int base) {
    Frame n = call(f, target, cells, base);
    n.caller = f.caller;
    n.depth = f.depth;
    n.resultAdaptation = f.resultAdaptation;
    release(f);
    task.top = n;
    return n;
  }

  /**
   * Ends a frame whose result needs more than a copy: the last one of its task, or one called from
   * a site of another form.
   *
   * @return the frame to go on with, null if the task has ended
   */
  @Nullable Frame leave(RTask task, Frame f, long word, @Nullable Object ref) {
    Frame c = f.caller;
    Adaptation adaptation = f.resultAdaptation;
    release(f);
    task.top = c;
    if (c == null) {
      task.resultWord = word;
      task.resultRef = ref;
      return null;
    }
    if (adaptation != null) {
      adaptation.store(word, ref, c.w, c.r, c.body.code[c.pc - 1]);
    }
    return c;
  }

  /** Removes the frame of an activation that an error leaves. */
  @Nullable Frame drop(RTask task, Frame f) {
    Frame c = f.caller;
    release(f);
    task.top = c;
    return c;
  }
}
