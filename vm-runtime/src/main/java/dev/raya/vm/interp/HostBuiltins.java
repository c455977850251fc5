package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.host.EnvironmentNames;
import dev.raya.vm.host.Host;
import dev.raya.vm.task.RTask;
import dev.raya.vm.task.VirtualTime;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Text;
import dev.raya.vm.value.TraceText;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The built-ins that reach the host, and those of errors: console, traces, process, environment,
 * clocks.
 */
final class HostBuiltins {
  private final Host host;
  private final VirtualTime virtual;
  private final int grants;
  private final String version;

  HostBuiltins(Host host, VirtualTime virtual, int grants, String version) {
    this.host = host;
    this.virtual = virtual;
    this.grants = grants;
    this.version = version;
  }

  /** Throws CapabilityError if one of the grants is missing. */
  void require(int bits) {
    int missing = bits & ~grants;
    if (missing != 0) {
      String name = Capabilities.names(missing).first();
      throw new TrapException(Trap.CAPABILITY_DENIED, "the grant " + name + " is missing")
          .with("capability", name);
    }
  }

  /** Returns the time of the wall clock in milliseconds. */
  double now() {
    require(Capabilities.TIME);
    return virtual.isOn() ? Math.floor(virtual.elapsed() / 1e6) : host.clock().millis();
  }

  /** Returns the time of a clock that never goes back, in nanoseconds. */
  private double monotonic() {
    require(Capabilities.TIME);
    return virtual.isOn() ? virtual.elapsed() : host.nanoTime();
  }

  RandomGenerator random() {
    require(Capabilities.RANDOM);
    return host.random();
  }

  /** Runs a built-in with an id below 30. */
  void console(int id, Args a, RTask task) {
    switch (id) {
      case 1, 2, 3 -> host.out(line(a.text(0)));
      case 4, 5 -> host.err(line(a.text(0)));
      case 6 -> host.out(a.text(0));
      case 7 -> host.err(a.text(0));
      case 8 -> {}
      case 10 -> {
        StringBuilder out = new StringBuilder();
        Display.append(out, a.type(0), a.word(0), a.ref(0));
        a.returnRef(out.toString());
      }
      case 11 -> a.returnRef(Display.quote(a.text(0)));
      case 12 -> a.returnRef(objects(a));
      case 13 -> a.returnRef(render(a));
      case 20 -> capture(error(a), task);
      case 21 -> a.returnRef(Display.headline(error(a)));
      case 22 -> a.returnRef(report(error(a)));
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private static String line(String text) {
    return text.concat("\n");
  }

  private static RArray objects(Args a) {
    List<RObj> found = Display.objects(a.type(0), a.word(0), a.ref(0));
    RArray array = RArray.make(a.site.result, found.size());
    for (int i = 0; i < found.size(); i++) {
      array.set(i, 0, found.get(i));
    }
    return array;
  }

  private static String render(Args a) {
    RArray objects = a.array(1);
    RArray given = a.array(2);
    Map<Object, String> texts = new IdentityHashMap<>();
    for (int i = 0; i < objects.length && i < given.length; i++) {
      Object text = given.ref(i);
      if (objects.ref(i) != null && text != null) {
        texts.put(objects.ref(i), Text.flat(text));
      }
    }
    StringBuilder out = new StringBuilder();
    Display.append(out, a.type(0), a.word(0), a.ref(0), texts);
    return out.toString();
  }

  private static RError error(Args a) {
    Object value = a.ref(0);
    if (value == null) {
      throw Traps.nullAccess("stack");
    }
    return (RError) value;
  }

  /** Takes the trace of an error under construction and fills in its name and stack. */
  static void capture(RError error, RTask task) {
    error.trace = Traces.of(task, error);
    int name = error.cls.field("name");
    if (name >= 0 && Display.field(error, "name").isEmpty()) {
      error.set(name, 0, error.cls.sourceName());
    }
    int stack = error.cls.field("stack");
    if (stack >= 0) {
      error.set(stack, 0, new TraceText(error, Display.headline(error)));
    }
  }

  /** Returns the stack of an error, and those of its causes under {@code caused by: }. */
  static String report(RError error) {
    StringBuilder out = new StringBuilder();
    RError at = error;
    for (int depth = 0; at != null && depth < 100; depth++) {
      if (depth > 0) {
        out.append("\ncaused by: ");
      }
      out.append(stack(at));
      int cause = at.cls.field("cause");
      at = cause >= 0 && at.ref(cause) instanceof RError inner && inner != error ? inner : null;
    }
    return out.toString();
  }

  private static String stack(RError error) {
    String stack = Display.field(error, "stack");
    return stack.isEmpty() ? Display.headline(error) : stack;
  }

  /** Runs a built-in of the library that asks the host and does not wait. */
  void library(int id, Args a) {
    require(a.site.row.grants());
    switch (id) {
      case 556 -> setEnvironment(a.text(0), a.integer(2) != 0 ? a.text(1) : null);
      case 557 -> {
        List<String> names = host.environmentNames();
        RArray array = RArray.make(a.site.result, names.size());
        for (int i = 0; i < names.size(); i++) {
          array.set(i, 0, names.get(i));
        }
        a.returnRef(array);
      }
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  /** Refuses what no operating system takes: children could not be started any more. */
  private void setEnvironment(String name, @Nullable String value) {
    String unfit = EnvironmentNames.unfit(name, value);
    if (unfit != null) {
      throw Args.rangeError(unfit);
    }
    host.setEnvironment(name, value);
  }

  /** Runs a built-in with an id from 260 on. */
  void call(int id, Args a) {
    switch (id) {
      case 260 -> {
        // Empty without the grant (stdlib.md 11): whoever imports the module reads it at once.
        boolean granted = (grants & Capabilities.PROCESS) != 0;
        List<String> arguments = granted ? host.arguments() : List.of();
        RArray array = RArray.make(a.site.result, arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
          array.set(i, 0, arguments.get(i));
        }
        a.returnRef(array);
      }
      case 261 -> {
        require(Capabilities.PROCESS);
        a.returnRef(host.workingDirectory());
      }
      case 262 -> {
        require(Capabilities.PROCESS);
        throw new ExitException(a.integer(0) & 0xFF);
      }
      case 263 -> {
        require(Capabilities.PROCESS);
        a.returnInt((int) host.processId());
      }
      case 264 -> {
        require(Capabilities.ENV);
        String value = host.environment(a.text(0));
        if (value == null) {
          a.returnNull();
        } else {
          a.returnRef(value);
        }
      }
      case 265 -> a.returnNumber(now());
      case 266 -> a.returnNumber(monotonic() / 1e6);
      case 267 -> a.returnNumber(monotonic());
      case 268 -> a.returnRef(host.platform());
      case 269 -> a.returnRef(host.architecture());
      case 270 -> a.returnRef(version);
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }
}
