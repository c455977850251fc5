package dev.raya.vm.task;

import dev.raya.vm.value.AnyArr;
import dev.raya.vm.value.BoolArr;
import dev.raya.vm.value.Cell;
import dev.raya.vm.value.Closure;
import dev.raya.vm.value.IntArr;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.NumArr;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RBytes;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RNative;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.RefArr;
import dev.raya.vm.value.Rope;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.WeakBox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The precise mark of a context (vm.md 9.3): walks from the roots with an explicit stack and adds
 * up the modelled sizes. Objects carry the epoch of the last mark; other values are remembered in a
 * set for the time of one mark.
 */
public final class Marker {
  private static final int FRAME = 48;

  private final int epoch;
  private final ArrayDeque<Object> pending = new ArrayDeque<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<WeakBox> weak = new ArrayList<>();
  private long bytes;
  private long objects;

  /** Starts a mark; epochs of one context differ. */
  public Marker(int epoch) {
    this.epoch = epoch;
  }

  /** Adds a root or a reference found. */
  public void reach(@Nullable Object value) {
    if (value == null || value instanceof Tag) {
      return;
    }
    if (value instanceof RObj object) {
      if (object.mark == epoch) {
        return;
      }
      object.mark = epoch;
    } else if (!seen.add(value)) {
      return;
    }
    objects++;
    pending.push(value);
  }

  /** Adds the references in cells. */
  public void reachAll(@Nullable Object[] cells) {
    for (Object cell : cells) {
      reach(cell);
    }
  }

  /** Adds the modelled size of a frame. */
  public void frame(int slots) {
    bytes += FRAME + 16L * slots;
  }

  /** Walks to the end, clears weak references to what it did not reach, returns the live bytes. */
  public long finish() {
    while (!pending.isEmpty()) {
      visit(pending.pop());
    }
    for (WeakBox box : weak) {
      if (box.target() instanceof RObj target && target.mark != epoch) {
        box.clear();
      }
    }
    return bytes;
  }

  /** Returns the live objects found so far. */
  public long objects() {
    return objects;
  }

  private void visit(Object value) {
    switch (value) {
      case RMap map -> {
        bytes += map.cls.size + 40L * map.bound();
        reachAll(map.r);
        for (int i = 0; i < map.bound(); i++) {
          if (map.live(i)) {
            reach(map.keyRef(i));
            reach(map.valueRef(i));
          }
        }
      }
      case RNative object -> {
        bytes += object.cls.size;
        reachAll(object.r);
        if (object.held instanceof RBytes.Buffer buffer) {
          reach(buffer);
        } else if (object.held instanceof RBytes view) {
          reach(view.buffer);
        } else if (object.held instanceof RChannel || object.held instanceof RMutex) {
          reach(object.held);
        }
      }
      case RBytes window -> {
        bytes += 32;
        reach(window.buffer);
      }
      case RBytes.Buffer buffer -> bytes += 32L + buffer.bytes.length;
      case JsonArray json -> {
        bytes += 24 + 8L * json.items().size();
        json.items().forEach(this::reach);
      }
      case JsonObject json -> {
        bytes += 24 + 40L * json.members().size();
        json.members().values().forEach(this::reach);
      }
      case RObj object -> {
        bytes += object.cls.size;
        reachAll(object.r);
      }
      case RArray array -> visitArray(array);
      case String s -> bytes += 32 + 2L * s.length();
      case Rope rope -> bytes += 32 + 2L * rope.length();
      case Closure closure -> {
        reach(closure.receiver);
        bytes += 96;
        reachAll(closure.r);
      }
      case Cell cell -> {
        bytes += 32;
        reach(cell.r);
      }
      case RTask task -> {
        bytes += 96;
        reach(task.resultRef);
        reach(task.error);
        reachAll(task.owned.toArray());
      }
      case RChannel channel -> {
        bytes += 64;
        channel.buffer.forEach(item -> reach(item.ref()));
        channel.senders.forEach(item -> reach(item.ref()));
        reach(channel.failure);
      }
      case RMutex mutex -> bytes += 48;
      case WeakBox box -> {
        bytes += 32;
        weak.add(box);
      }
      default -> bytes += 16;
    }
  }

  private void visitArray(RArray array) {
    bytes += 24;
    switch (array) {
      case IntArr ints -> bytes += 4L * ints.a.length;
      case NumArr numbers -> bytes += 8L * numbers.a.length;
      case BoolArr bools -> bytes += bools.a.length;
      case RefArr refs -> {
        bytes += 8L * refs.a.length;
        reachAll(refs.a);
      }
      case AnyArr any -> {
        bytes += 16L * any.r.length;
        reachAll(any.r);
      }
    }
  }
}
