package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RObj;
import org.jspecify.annotations.Nullable;

/** The members of Map and Set (stdlib.md 2.7). */
final class MapBuiltins {
  private final Polls polls;

  /**
   * A walk in insertion order; it remembers the order of the last entry, so that the map may change
   * meanwhile.
   */
  private static final class Cursor {
    final RMap map;
    long last = -1;
    int entry = -1;

    Cursor(RMap map) {
      this.map = map;
    }
  }

  MapBuiltins(Polls polls) {
    this.polls = polls;
  }

  void call(int id, Args a) {
    if (id >= 230) {
      set(id, a);
      return;
    }
    RMap map = a.map(0);
    switch (id) {
      case 200 -> a.returnInt(map.size());
      case 201 -> {
        int entry = map.find(a.word(1), keyRef(a, 1));
        if (entry < 0) {
          a.returnNull();
        } else {
          a.returnValue(value(map), map.valueWord(entry), map.valueRef(entry));
        }
      }
      case 202 -> {
        int entry = map.find(a.word(1), keyRef(a, 1));
        if (entry < 0) {
          a.returnValue(a.type(2), a.word(2), a.ref(2));
        } else {
          a.returnValue(value(map), map.valueWord(entry), map.valueRef(entry));
        }
      }
      case 203 -> {
        put(map, a.word(1), keyRef(a, 1), a.word(2), keyRef(a, 2));
        a.returnRef(map);
      }
      case 204 -> a.returnBool(map.find(a.word(1), keyRef(a, 1)) >= 0);
      case 205 -> a.returnBool(map.remove(a.word(1), keyRef(a, 1)));
      case 206 -> map.clear();
      case 207 -> keys(a, map);
      case 208 -> {
        RArray values = make(a, map.size());
        int to = 0;
        for (int i = 0; i < map.bound(); i++) {
          if (map.live(i)) {
            values.set(to++, map.valueWord(i), map.valueRef(i));
          }
        }
        a.returnRef(values);
      }
      case 209 -> entries(a, map);
      case 210 -> a.returnRef(new Cursor(map));
      case 211 -> a.returnBool(advance(cursor(a, map)));
      case 212 -> key(a, map, cursor(a, map));
      case 213 -> {
        Cursor cursor = current(cursor(a, map));
        a.returnValue(value(map), map.valueWord(cursor.entry), map.valueRef(cursor.entry));
      }
      case 214 -> {
        RArray pairs = a.array(1);
        for (int i = 0; i < pairs.length; i++) {
          RObj pair = (RObj) pairs.ref(i);
          if (pair == null) {
            throw Traps.unsetMember();
          }
          put(map, pair.word(0), pair.ref(0), pair.word(1), pair.ref(1));
        }
      }
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private void set(int id, Args a) {
    RMap set = a.map(0);
    switch (id) {
      case 230 -> a.returnInt(set.size());
      case 231 -> {
        put(set, a.word(1), keyRef(a, 1), 0, null);
        a.returnRef(set);
      }
      case 232 -> a.returnBool(set.find(a.word(1), keyRef(a, 1)) >= 0);
      case 233 -> a.returnBool(set.remove(a.word(1), keyRef(a, 1)));
      case 234 -> set.clear();
      case 235 -> keys(a, set);
      case 236 -> {
        RMap all = empty(set);
        addAll(all, set, null, false);
        addAll(all, a.map(1), null, false);
        a.returnRef(all);
      }
      case 237, 238 -> {
        RMap some = empty(set);
        addAll(some, set, a.map(1), id == 237);
        a.returnRef(some);
      }
      case 239 -> {
        RMap other = a.map(1);
        boolean all = true;
        for (int i = 0; i < set.bound() && all; i++) {
          all = !set.live(i) || other.find(set.keyWord(i), set.keyRef(i)) >= 0;
        }
        a.returnBool(all);
      }
      case 240 -> a.returnRef(new Cursor(set));
      case 241 -> a.returnBool(advance(cursor(a, set)));
      case 242 -> key(a, set, cursor(a, set));
      case 243 -> {
        RArray items = a.array(1);
        LinkedType own = items.type.element();
        long[] w = new long[1];
        @Nullable Object[] r = new Object[1];
        for (int i = 0; i < items.length; i++) {
          ColdInstructions.element(items, i, own, w, r, 0);
          put(set, w[0], r[0], 0, null);
        }
      }
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private static @Nullable Object keyRef(Args a, int i) {
    byte kind = a.type(i).kind;
    return kind == Kind.R || kind == Kind.V ? a.ref(i) : null;
  }

  private static LinkedType[] arguments(RMap map) {
    return map.cls.root().typeArguments;
  }

  private static LinkedType value(RMap map) {
    return arguments(map)[1];
  }

  private void put(
      RMap map, long word, @Nullable Object ref, long valueWord, @Nullable Object valueRef) {
    if (map.size() == RMap.MAX_SIZE) {
      throw new TrapException(Trap.LENGTH_LIMIT, "more than " + RMap.MAX_SIZE + " entries");
    }
    polls.allocate(40);
    map.put(word, ref, valueWord, valueRef);
  }

  private RArray make(Args a, int length) {
    polls.allocate(24 + 8L * length);
    return RArray.make(a.site.result, length);
  }

  private void keys(Args a, RMap map) {
    RArray keys = make(a, map.size());
    int to = 0;
    for (int i = 0; i < map.bound(); i++) {
      if (map.live(i)) {
        keys.set(to++, map.keyWord(i), map.keyRef(i));
      }
    }
    a.returnRef(keys);
  }

  private void entries(Args a, RMap map) {
    RArray all = make(a, map.size());
    RClass pair = a.site.result.element().shape();
    int to = 0;
    for (int i = 0; i < map.bound(); i++) {
      if (map.live(i)) {
        polls.allocate(pair.size);
        RObj entry = new RObj(pair);
        entry.set(0, map.keyWord(i), map.keyRef(i));
        entry.set(1, map.valueWord(i), map.valueRef(i));
        all.set(to++, 0, entry);
      }
    }
    a.returnRef(all);
  }

  private static Cursor cursor(Args a, RMap map) {
    if (a.ref(1) instanceof Cursor cursor && cursor.map == map) {
      return cursor;
    }
    throw new TrapException(Trap.ARGUMENT_ERROR, "not a cursor of this collection");
  }

  private static boolean advance(Cursor cursor) {
    RMap map = cursor.map;
    int entry = map.after(cursor.last);
    while (entry < map.bound() && !map.live(entry)) {
      entry++;
    }
    if (entry >= map.bound()) {
      cursor.entry = -1;
      return false;
    }
    cursor.entry = entry;
    cursor.last = map.order(entry);
    return true;
  }

  /**
   * The cursor with its entry number found anew; the entry may have been removed or moved since it
   * advanced.
   */
  private static Cursor current(Cursor cursor) {
    RMap map = cursor.map;
    if (cursor.last >= 0) {
      int entry = map.after(cursor.last - 1);
      if (entry < map.bound() && map.order(entry) == cursor.last && map.live(entry)) {
        cursor.entry = entry;
        return cursor;
      }
    }
    throw new TrapException(Trap.ARGUMENT_ERROR, "the cursor is not on an entry");
  }

  private static void key(Args a, RMap map, Cursor at) {
    Cursor cursor = current(at);
    a.returnValue(arguments(map)[0], map.keyWord(cursor.entry), map.keyRef(cursor.entry));
  }

  private RMap empty(RMap like) {
    polls.allocate(like.cls.size);
    return new RMap(like.cls.root());
  }

  private void addAll(RMap to, RMap from, @Nullable RMap filter, boolean keep) {
    for (int i = 0; i < from.bound(); i++) {
      if (from.live(i)
          && (filter == null || (filter.find(from.keyWord(i), from.keyRef(i)) >= 0) == keep)) {
        put(to, from.keyWord(i), from.keyRef(i), 0, null);
      }
    }
  }
}
