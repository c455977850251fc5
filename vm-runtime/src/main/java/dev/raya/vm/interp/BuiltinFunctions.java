package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Builtins;
import dev.raya.vm.host.Host;
import dev.raya.vm.task.RTask;
import dev.raya.vm.task.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Runs CALL_BUILTIN: one group per range of ids of {@link dev.raya.vm.bytecode.Builtins} (rbin.md
 * 6.4).
 */
final class BuiltinFunctions {
  private final Args args = new Args();
  private final HostBuiltins host;
  private final ArrayBuiltins arrays;
  private final MapBuiltins maps;
  private final TextBuiltins texts;
  private final JsonBuiltins json;
  private final BytesBuiltins bytes;
  private final RegExpBuiltins expressions;
  private final DateBuiltins dates;
  private final EncodingBuiltins encodings;
  private final CryptoBuiltins crypto;
  private @Nullable StdBuiltins std;
  private @Nullable RTask current;

  BuiltinFunctions(ContextTypes types, Host world, HostBuiltins host, Polls polls) {
    this.host = host;
    this.json = new JsonBuiltins(polls);
    this.bytes = new BytesBuiltins(types, polls);
    this.expressions = new RegExpBuiltins(types, polls);
    this.encodings = new EncodingBuiltins(polls);
    this.crypto = new CryptoBuiltins(polls, host);
    this.dates = new DateBuiltins(types, host, world);
    this.arrays = new ArrayBuiltins(polls);
    this.maps = new MapBuiltins(polls);
    this.texts = new TextBuiltins(polls);
  }

  /** Sets the task whose instructions run now. */
  void running(RTask task) {
    current = task;
  }

  /**
   * Says whether this VM has the built-in of that id; loading refuses a module that calls another.
   */
  static boolean has(int id) {
    return (id >= 300 && Builtins.of(id) != null)
        || (id >= 1 && id <= 8)
        || (id >= 10 && id <= 13)
        || (id >= 20 && id <= 22)
        || (id >= 30 && id <= 41)
        || (id >= 50 && id <= 87)
        || (id >= 100 && id <= 130)
        || (id >= 150 && id <= 172)
        || (id >= 200 && id <= 214)
        || (id >= 230 && id <= 243)
        || (id >= 260 && id <= 270);
  }

  void call(BuiltinSite site, long[] w, @Nullable Object[] r, int base, int count, int d) {
    Args a = args;
    a.site = site;
    a.w = w;
    a.r = r;
    a.base = base;
    a.count = count;
    a.d = d;
    int id = site.id;
    if (id >= 200) {
      if (id >= 300) {
        library(id, a);
      } else if (id >= 260) {
        host.call(id, a);
      } else {
        maps.call(id, a);
      }
    } else if (id >= 150) {
      arrays.call(id, a);
    } else if (id >= 100) {
      texts.call(id, a);
    } else if (id >= 30) {
      NumberBuiltins.call(id, a, host);
    } else {
      host.console(id, a, task());
    }
  }

  /** Connects the built-ins that let other tasks go on. */
  void connect(TaskInstructions tasks, Polls polls, Scheduler scheduler) {
    std = new StdBuiltins(tasks, polls, scheduler);
  }

  private StdBuiltins std() {
    StdBuiltins known = std;
    if (known == null) {
      throw new IllegalStateException("not connected");
    }
    return known;
  }

  private RTask task() {
    RTask task = current;
    if (task == null) {
      throw new IllegalStateException("built-in outside a task");
    }
    return task;
  }

  private void library(int id, Args a) {
    if (id < 330) {
      json.call(id, a);
    } else if (id < 400) {
      bytes.call(id, a);
    } else if (id < 420) {
      expressions.call(id, a, task());
    } else if (id < 450) {
      dates.call(id, a);
    } else if (id < 480) {
      std().call(id, a, task());
    } else if (id < 490) {
      encodings.call(id, a);
    } else if (id < 504) {
      crypto.call(id, a);
    } else if (id < 520) {
      TimeBuiltins.call(id, a);
    } else {
      host.library(id, a);
    }
  }
}
