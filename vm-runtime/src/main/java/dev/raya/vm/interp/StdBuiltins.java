package dev.raya.vm.interp;

import dev.raya.vm.task.RChannel;
import dev.raya.vm.task.RTask;
import dev.raya.vm.task.Scheduler;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RBytes;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RNative;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import dev.raya.vm.value.WeakBox;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The built-ins of {@code raya:std} (stdlib.md 3) and the small ones of channels and tasks. */
@SuppressWarnings("NullAway") // The verifier vouches for what the cells hold.
final class StdBuiltins {
  private static final int MAX_DEPTH = 2_000;

  private final TaskInstructions tasks;
  private final Polls polls;
  private final Scheduler scheduler;

  StdBuiltins(TaskInstructions tasks, Polls polls, Scheduler scheduler) {
    this.tasks = tasks;
    this.polls = polls;
    this.scheduler = scheduler;
  }

  void call(int id, Args a, RTask current) {
    switch (id) {
      case 450 -> a.returnInt(channel(a).buffer.size());
      case 451 -> a.returnInt(channel(a).capacity);
      case 452 -> a.returnBool(channel(a).closed);
      case 453 -> {
        RChannel channel = channel(a);
        if (channel.closed) {
          throw new TrapException(
              dev.raya.vm.bytecode.Trap.CHANNEL_CLOSED, "the channel is closed");
        }
        boolean ref = TaskInstructions.kindHasRef(channel.element);
        Args one = a;
        long[] w = new long[1];
        @Nullable Object[] r = new Object[1];
        Adaptation.of(one.type(1), channel.element).store(a.word(1), a.ref(1), w, r, 0);
        a.returnBool(tasks.offer(channel, w[0], ref ? r[0] : null));
      }
      case 454 -> {
        RChannel channel = channel(a);
        RChannel.Item item = tasks.take(channel);
        if (item == null) {
          TaskInstructions.ended(channel);
          a.returnNull();
        } else {
          a.returnValue(channel.element, item.word(), item.ref());
        }
      }
      case 456 -> a.returnInt((int) task(a).id);
      case 457 -> a.returnBool(task(a).isDone());
      case 458 -> a.returnBool(task(a).cancelled);
      case 459 -> task(a).awaited = true;
      case 460 -> task(a).timer = true;
      case 461 -> {
        a.returnBool(Synchronizers.mutex(a.ref(0), "isLocked").owner != null);
      }
      case 463 -> a.returnInt((int) current.id);
      case 464 -> scheduler.virtualTime(a.integer(0) != 0);
      case 466 -> a.returnRef(unawaited(a));
      case 467 -> tasks.fail(channel(a), (RError) a.ref(1));
      case 468 -> object(a).held = tasks.newMutex();
      case 469 -> a.returnRef(Synchronizers.mutex(a.ref(0), "lock"));
      case 470 -> a.returnBool(equal(a));
      case 471 -> a.returnInt(hash(a.word(0), Values.tagged(a.type(0), a.ref(0)), 0));
      case 472 -> {
        LinkedType type = a.type(0);
        Object copy =
            type.kind == Kind.R || type.kind == Kind.V
                ? clone(a.ref(0), new IdentityHashMap<>(), 0)
                : null;
        a.returnValue(type, a.word(0), copy);
      }
      case 473 -> a.returnRef(new WeakBox(a.ref(0)));
      case 474 -> {
        Object target = a.ref(0) instanceof WeakBox box ? box.target() : null;
        a.w[a.d] = 0;
        a.r[a.d] = target == null ? Tag.NULL : target;
      }
      case 475 -> {
        Object tag = Values.tagged(a.type(0), a.ref(0));
        a.returnRef(
            tag instanceof RObj o && !o.cls.name.isEmpty()
                ? o.cls.name
                : Values.typeName(a.type(0), a.ref(0)));
      }
      case 476 -> {
        RNative object = object(a);
        object.held = tasks.newChannel(object.cls.root().typeArguments[0], a.integer(1));
      }
      case 477 -> a.returnRef(channel(a));
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  /** The object of a class that extends Mutex or Channel, in its constructor. */
  private static RNative object(Args a) {
    if (a.ref(0) instanceof RNative object) {
      return object;
    }
    throw Traps.nullAccess("constructor");
  }

  /** Name, message and stack of each failure that nobody has awaited; they are told once. */
  private RArray unawaited(Args a) {
    List<String> texts = new ArrayList<>();
    for (RTask failed : scheduler.unawaitedFailures()) {
      failed.awaited = true;
      if (failed.error != null && !failed.cancelled) {
        texts.add(Display.field(failed.error, "name"));
        texts.add(Display.field(failed.error, "message"));
        texts.add(HostBuiltins.report(failed.error));
      }
    }
    polls.allocate(24 + 8L * texts.size());
    RArray array = RArray.make(a.site.result, texts.size());
    for (int i = 0; i < texts.size(); i++) {
      array.set(i, 0, texts.get(i));
    }
    return array;
  }

  private static RChannel channel(Args a) {
    return Synchronizers.channel(a.ref(0), "channel");
  }

  private static RTask task(Args a) {
    if (a.ref(0) instanceof RTask task) {
      return task;
    }
    throw Traps.nullAccess("task");
  }

  // ---- deepEquals

  private record Pair(Object left, Object right) {}

  private boolean equal(Args a) {
    return equal(
        a.word(0),
        Values.tagged(a.type(0), a.ref(0)),
        a.word(1),
        Values.tagged(a.type(1), a.ref(1)),
        new ArrayList<>());
  }

  private boolean equal(long wa, @Nullable Object a, long wb, @Nullable Object b, List<Pair> open) {
    if (a == null || b == null || a instanceof Tag || b instanceof Tag) {
      return primitives(wa, a, wb, b);
    }
    if (a == b) {
      return true;
    }
    if (Text.isString(a) || Text.isString(b)) {
      return Text.isString(a) && Text.isString(b) && Text.equal(a, b);
    }
    for (Pair pair : open) {
      if (pair.left == a && pair.right == b) {
        return true;
      }
    }
    if (open.size() > MAX_DEPTH) {
      throw tooDeep();
    }
    open.add(new Pair(a, b));
    boolean result =
        switch (a) {
          case RArray x -> b instanceof RArray y && arrays(x, y, open);
          case RBytes x -> b instanceof RBytes y && java.util.Arrays.equals(x.copy(), y.copy());
          case RMap x ->
              b instanceof RMap y
                  && (x.cls == y.cls || x.cls.parent == null && y.cls.parent == null)
                  && maps(x, y, open)
                  && (x.cls.parent == null || objects(x, y, open));
          case RNative x ->
              b instanceof RNative y
                  && x.cls == y.cls
                  && x.held instanceof Double d
                  && d.equals(y.held)
                  && objects(x, y, open);
          case RObj x -> b instanceof RObj y && objects(x, y, open);
          case JsonArray x ->
              b instanceof JsonArray y
                  && x.items().size() == y.items().size()
                  && jsonItems(x, y, open);
          case JsonObject x ->
              b instanceof JsonObject y
                  && x.members().keySet().equals(y.members().keySet())
                  && jsonMembers(x, y, open);
          default -> a.equals(b);
        };
    open.removeLast();
    return result;
  }

  private static boolean primitives(long wa, @Nullable Object a, long wb, @Nullable Object b) {
    if (a instanceof Tag x && b instanceof Tag y) {
      if (x == Tag.NULL || y == Tag.NULL || x == Tag.BOOL || y == Tag.BOOL) {
        return x == y && (x == Tag.NULL || wa == wb);
      }
      return Values.number(wa, x) == Values.number(wb, y);
    }
    boolean noneA = a == null || a == Tag.NULL;
    boolean noneB = b == null || b == Tag.NULL;
    return noneA && noneB;
  }

  private static TrapException tooDeep() {
    return new TrapException(
        dev.raya.vm.bytecode.Trap.RECURSION_LIMIT, "the value is nested too deep");
  }

  private boolean arrays(RArray x, RArray y, List<Pair> open) {
    if (x.length != y.length) {
      return false;
    }
    LinkedType tx = x.type.element();
    LinkedType ty = y.type.element();
    for (int i = 0; i < x.length; i++) {
      if (!equal(
          x.word(i), Values.tagged(tx, x.ref(i)), y.word(i), Values.tagged(ty, y.ref(i)), open)) {
        return false;
      }
    }
    return true;
  }

  private boolean jsonItems(JsonArray x, JsonArray y, List<Pair> open) {
    for (int i = 0; i < x.items().size(); i++) {
      if (!equal(0, x.items().get(i), 0, y.items().get(i), open)) {
        return false;
      }
    }
    return true;
  }

  private boolean jsonMembers(JsonObject x, JsonObject y, List<Pair> open) {
    for (Map.Entry<String, Object> member : x.members().entrySet()) {
      if (!equal(0, member.getValue(), 0, y.members().get(member.getKey()), open)) {
        return false;
      }
    }
    return true;
  }

  private static LinkedType[] arguments(RMap map) {
    return map.cls.root().typeArguments;
  }

  private boolean maps(RMap x, RMap y, List<Pair> open) {
    if (x.size() != y.size() || arguments(x).length != arguments(y).length) {
      return false;
    }
    boolean pairs = arguments(x).length > 1;
    for (int i = 0; i < x.bound(); i++) {
      if (!x.live(i)) {
        continue;
      }
      int other = y.find(x.keyWord(i), x.keyRef(i));
      if (other < 0) {
        return false;
      }
      if (pairs
          && !equal(
              x.valueWord(i),
              Values.tagged(arguments(x)[1], x.valueRef(i)),
              y.valueWord(other),
              Values.tagged(arguments(y)[1], y.valueRef(other)),
              open)) {
        return false;
      }
    }
    return true;
  }

  private boolean objects(RObj x, RObj y, List<Pair> open) {
    if (x.cls.sort != y.cls.sort
        || (x.cls.sort == RClass.Sort.CLASS && x.cls != y.cls)
        || x instanceof RError != y instanceof RError) {
      return false;
    }
    int compared = 0;
    for (int i = 0; i < x.cls.fieldNames.length; i++) {
      Object left = Values.tagged(x.cls.fieldTypes[i], x.ref(i));
      int field = x.cls == y.cls ? i : y.cls.field(x.cls.fieldNames[i]);
      if (field < 0) {
        if (left != null && left != Tag.NULL) {
          return false;
        }
        continue;
      }
      compared++;
      if (x instanceof RError && x.cls.fieldNames[i].equals("stack")) {
        continue;
      }
      Object right = Values.tagged(y.cls.fieldTypes[field], y.ref(field));
      if (!equal(x.word(i), left, y.word(field), right, open)) {
        return false;
      }
    }
    if (x.cls != y.cls) {
      for (int i = 0; i < y.cls.fieldNames.length; i++) {
        Object right = Values.tagged(y.cls.fieldTypes[i], y.ref(i));
        if (x.cls.field(y.cls.fieldNames[i]) < 0 && right != null && right != Tag.NULL) {
          return false;
        }
      }
    }
    return compared >= 0;
  }

  // ---- hash

  private int hash(long word, @Nullable Object tag, int depth) {
    if (depth > 64) {
      return 7;
    }
    switch (tag) {
      case null -> {
        return 1;
      }
      case Tag t -> {
        if (t == Tag.NULL) {
          return 1;
        }
        if (t == Tag.BOOL) {
          return word != 0 ? 1231 : 1237;
        }
        return Double.hashCode(Values.number(word, t) + 0.0);
      }
      case RArray array -> {
        int h = 31;
        LinkedType type = array.type.element();
        for (int i = 0; i < array.length; i++) {
          h = 31 * h + hash(array.word(i), Values.tagged(type, array.ref(i)), depth + 1);
        }
        return h;
      }
      case RBytes bytes -> {
        return java.util.Arrays.hashCode(bytes.copy());
      }
      case RMap map -> {
        int h = map.size();
        LinkedType key = arguments(map)[0];
        for (int i = 0; i < map.bound(); i++) {
          if (map.live(i)) {
            // The order of entries does not count.
            h += hash(map.keyWord(i), Values.tagged(key, map.keyRef(i)), depth + 1);
          }
        }
        return h;
      }
      case RNative object -> {
        return object.held instanceof Double d ? Double.hashCode(d) : 3;
      }
      case RError error -> {
        return Display.headline(error).hashCode();
      }
      case RObj object -> {
        int h = 17;
        for (int i = 0; i < object.cls.fieldNames.length; i++) {
          Object value = Values.tagged(object.cls.fieldTypes[i], object.ref(i));
          if (value != null && value != Tag.NULL) {
            h +=
                object.cls.fieldNames[i].hashCode() * (31 + hash(object.word(i), value, depth + 1));
          }
        }
        return h;
      }
      case JsonArray array -> {
        int h = 31;
        for (Object item : array.items()) {
          h = 31 * h + hash(0, item, depth + 1);
        }
        return h;
      }
      case JsonObject object -> {
        int h = 17;
        for (Map.Entry<String, Object> member : object.members().entrySet()) {
          h += member.getKey().hashCode() * (31 + hash(0, member.getValue(), depth + 1));
        }
        return h;
      }
      case Boolean b -> {
        return b ? 1231 : 1237;
      }
      case Double d -> {
        return Double.hashCode(d + 0.0);
      }
      default -> {
        return Text.isString(tag) ? Text.flat(tag).hashCode() : 5;
      }
    }
  }

  // ---- clone

  private @Nullable Object clone(
      @Nullable Object value, IdentityHashMap<Object, Object> done, int depth) {
    if (value == null
        || value instanceof Tag
        || (value instanceof RNative plain
            && (plain.cls.parent == null || !(plain.held instanceof Double)))) {
      return value;
    }
    Object known = done.get(value);
    if (known != null) {
      return known;
    }
    if (depth > MAX_DEPTH) {
      throw tooDeep();
    }
    switch (value) {
      case RArray array -> {
        polls.allocate(24 + 8L * array.length);
        RArray copy = array.like(array.length);
        done.put(value, copy);
        copy.copy(array, 0, 0, array.length);
        if (array.kind() == Kind.R || array.kind() == Kind.V) {
          for (int i = 0; i < array.length; i++) {
            copy.set(i, array.word(i), clone(array.ref(i), done, depth + 1));
          }
        }
        return copy;
      }
      case RMap map -> {
        RMap copy = new RMap(map.cls);
        done.put(value, copy);
        for (int i = 0; i < map.cls.fieldNames.length; i++) {
          copy.set(i, map.word(i), clone(map.ref(i), done, depth + 1));
        }
        for (int i = 0; i < map.bound(); i++) {
          if (map.live(i)) {
            polls.allocate(40);
            copy.put(
                map.keyWord(i),
                map.keyRef(i),
                map.valueWord(i),
                clone(map.valueRef(i), done, depth + 1));
          }
        }
        return copy;
      }
      case RError error -> {
        return error;
      }
      case RObj object -> {
        polls.allocate(object.cls.size);
        RObj copy = object.cls.instantiate();
        if (object instanceof RNative from && copy instanceof RNative to) {
          to.held = from.held;
        }
        done.put(value, copy);
        for (int i = 0; i < object.cls.fieldNames.length; i++) {
          copy.set(i, object.word(i), clone(object.ref(i), done, depth + 1));
        }
        return copy;
      }
      case RBytes bytes -> {
        polls.allocate(32L + bytes.length);
        return new RBytes(bytes.copy());
      }
      default -> {
        return value;
      }
    }
  }
}
