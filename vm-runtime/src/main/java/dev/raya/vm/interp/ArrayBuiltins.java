package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.IntArr;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.NumArr;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.RefArr;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The members of Array that take no function (stdlib.md 2.4). */
final class ArrayBuiltins {
  private final Polls polls;

  ArrayBuiltins(Polls polls) {
    this.polls = polls;
  }

  void call(int id, Args a) {
    RArray array = a.array(0);
    int n = array.length;
    switch (id) {
      case 150 -> {
        int i = a.position(1);
        elementOrNull(a, array, i < 0 ? n + i : i);
      }
      case 151 -> elementOrNull(a, array, 0);
      case 152 -> elementOrNull(a, array, n - 1);
      case 153 -> {
        elementOrNull(a, array, 0);
        if (n > 0) {
          remove(array, 0, 1);
        }
      }
      case 154 -> {
        RArray items = a.array(1);
        insertAll(array, 0, items);
        a.returnInt(array.length);
      }
      case 155 -> insert(a, array);
      case 156 -> {
        int i = a.position(1);
        if (i < 0 || i >= n) {
          throw outside(i, n);
        }
        a.returnElement(array, i);
        remove(array, i, 1);
      }
      case 157 -> splice(a, array);
      case 158 -> array.truncate(0);
      case 159 -> {
        int from = TextBuiltins.fromEnd(a.position(2, 0), n);
        int to = TextBuiltins.fromEnd(a.position(3, n), n);
        if (from < to) {
          array.fill(from, to, a.word(1), a.ref(1));
        }
        a.returnRef(array);
      }
      case 160 -> {
        reverse(array);
        a.returnRef(array);
      }
      case 161 -> {
        sort(array);
        a.returnRef(array);
      }
      case 162 -> {
        RArray copy = copy(a, array, 0, n);
        reverse(copy);
        a.returnRef(copy);
      }
      case 163 -> {
        RArray copy = copy(a, array, 0, n);
        sort(copy);
        a.returnRef(copy);
      }
      case 164 -> {
        int from = TextBuiltins.fromEnd(a.position(1, 0), n);
        int to = TextBuiltins.fromEnd(a.position(2, n), n);
        a.returnRef(copy(a, array, from, Math.max(from, to)));
      }
      case 165 -> {
        RArray all = copy(a, array, 0, n);
        insertAll(all, n, a.array(1));
        a.returnRef(all);
      }
      case 166, 167, 168 -> find(id, a, array);
      case 169 -> join(a, array);
      case 170 -> entries(a, array);
      case 171 -> insertAll(array, n, a.array(1));
      case 172 -> {
        RArray flat = make(a.site.result, 0);
        for (int i = 0; i < array.length; i++) {
          RArray inner = (RArray) array.ref(i);
          if (inner == null) {
            throw Traps.unsetMember();
          }
          insertAll(flat, flat.length, inner);
        }
        a.returnRef(flat);
      }
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private RArray make(LinkedType type, int length) {
    polls.allocate(24 + 8L * length);
    return RArray.make(type, length);
  }

  private static TrapException outside(int i, int n) {
    return Args.rangeError("index " + i + " out of range for length " + n);
  }

  private static void elementOrNull(Args a, RArray array, int i) {
    if (i < 0 || i >= array.length) {
      a.returnNull();
    } else {
      a.returnElement(array, i);
    }
  }

  private static void remove(RArray array, int from, int count) {
    array.copy(array, from + count, from, array.length - from - count);
    array.truncate(array.length - count);
  }

  /** Opens a gap of {@code count} cells. */
  private void open(RArray array, int at, int count) {
    long length = (long) array.length + count;
    if (length > RArray.MAX_LENGTH) {
      throw new TrapException(Trap.LENGTH_LIMIT, "array longer than " + RArray.MAX_LENGTH);
    }
    polls.allocate(8L * count);
    array.reserve((int) length);
    array.copy(array, at, at + count, array.length - at);
    array.length = (int) length;
  }

  private void insertAll(RArray array, int at, RArray items) {
    int count = items.length;
    RArray source = items == array ? snapshot(array) : items;
    open(array, at, count);
    if (source.getClass() == array.getClass()) {
      array.copy(source, 0, at, count);
      return;
    }
    // A read-only operand may hold elements of a more specific type in other storage.
    Adaptation adaptation = Adaptation.of(source.type.element(), array.type.element());
    long[] w = new long[1];
    @Nullable Object[] r = new Object[1];
    for (int i = 0; i < count; i++) {
      adaptation.store(source.word(i), source.ref(i), w, r, 0);
      array.set(at + i, w[0], r[0]);
    }
  }

  private static RArray snapshot(RArray array) {
    RArray copy = array.like(array.length);
    copy.copy(array, 0, 0, array.length);
    return copy;
  }

  private void insert(Args a, RArray array) {
    int i = a.position(1);
    if (i < 0 || i > array.length) {
      throw outside(i, array.length);
    }
    open(array, i, 1);
    array.set(i, a.word(2), a.ref(2));
  }

  private void splice(Args a, RArray array) {
    int n = array.length;
    int from = TextBuiltins.fromEnd(a.position(1), n);
    int count = TextBuiltins.clamp(a.position(2, n), n - from);
    a.returnRef(null);
    RArray removed = copy(a, array, from, from + count);
    RArray items = a.count > 3 ? a.array(3) : null;
    if (items == array && items != null) {
      items = snapshot(array);
    }
    remove(array, from, count);
    if (items != null) {
      insertAll(array, from, items);
    }
    a.returnRef(removed);
  }

  /** Copies a range into a fresh array of the result's type. */
  private RArray copy(Args a, RArray array, int from, int to) {
    RArray copy = make(a.site.result, to - from);
    if (copy.getClass() == array.getClass()) {
      copy.copy(array, from, 0, to - from);
    } else {
      Adaptation adaptation = Adaptation.of(array.type.element(), a.site.result.element());
      long[] w = new long[1];
      @Nullable Object[] r = new Object[1];
      for (int i = from; i < to; i++) {
        adaptation.store(array.word(i), array.ref(i), w, r, 0);
        copy.set(i - from, w[0], r[0]);
      }
    }
    return copy;
  }

  private static void reverse(RArray array) {
    for (int i = 0, j = array.length - 1; i < j; i++, j--) {
      long w = array.word(i);
      Object r = array.ref(i);
      array.set(i, array.word(j), array.ref(j));
      array.set(j, w, r);
    }
  }

  /** Sorts numbers ascending with NaN last, strings by code units. */
  private static void sort(RArray array) {
    switch (array) {
      case IntArr ints -> Arrays.sort(ints.a, 0, ints.length);
      case NumArr numbers -> Arrays.sort(numbers.a, 0, numbers.length);
      case RefArr refs -> {
        for (int i = 0; i < refs.length; i++) {
          Object value = refs.a[i];
          if (value == null) {
            throw Traps.unsetMember();
          }
          refs.a[i] = Text.flat(value);
        }
        Arrays.sort(refs.a, 0, refs.length);
      }
      default -> throw new TrapException(Trap.TYPE_ERROR, "elements have no order");
    }
  }

  private static void find(int id, Args a, RArray array) {
    int n = array.length;
    LinkedType own = array.type.element();
    LinkedType wanted = a.type(1);
    Equality equality = new Equality(own, wanted, false, false);
    long word = a.word(1);
    Object ref = a.ref(1);
    boolean nan = id == 168 && isNaN(wanted, word, ref);
    int from = id == 166 ? TextBuiltins.fromEnd(a.position(2, 0), n) : 0;
    int last = id == 167 && a.count > 2 ? lastFrom(a.position(2), n) : n - 1;
    int found = -1;
    if (id == 167) {
      for (int i = last; i >= 0 && found < 0; i--) {
        found = equality.test(array.word(i), set(array, i), word, ref) ? i : -1;
      }
    } else {
      for (int i = from; i < n && found < 0; i++) {
        boolean same =
            equality.test(array.word(i), set(array, i), word, ref)
                || (nan && isNaN(own, array.word(i), array.ref(i)));
        found = same ? i : -1;
      }
    }
    if (id == 168) {
      a.returnBool(found >= 0);
    } else {
      a.returnInt(found);
    }
  }

  private static int lastFrom(int position, int n) {
    return position < 0 ? n + position : Math.min(position, n - 1);
  }

  private static @Nullable Object set(RArray array, int i) {
    Object ref = array.ref(i);
    LinkedType own = array.type.element();
    if (ref == null && !own.hasZero && (own.kind == Kind.R || own.kind == Kind.V)) {
      throw Traps.unsetMember();
    }
    return ref;
  }

  private static boolean isNaN(LinkedType type, long word, @Nullable Object ref) {
    return Values.tagged(type, ref) == Tag.NUM && Double.isNaN(Double.longBitsToDouble(word));
  }

  private void join(Args a, RArray array) {
    String separator = a.count > 1 ? a.text(1) : ",";
    LinkedType own = array.type.element();
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < array.length; i++) {
      if (i > 0) {
        out.append(separator);
      }
      int before = out.length();
      Display.append(out, own, array.word(i), set(array, i));
      polls.allocate(2L * (out.length() - before + separator.length()));
      if (out.length() > Text.MAX_LENGTH) {
        throw new TrapException(Trap.LENGTH_LIMIT, "string longer than " + Text.MAX_LENGTH);
      }
    }
    polls.allocate(32);
    a.returnRef(out.toString());
  }

  private void entries(Args a, RArray array) {
    LinkedType pairType = a.site.result.element();
    RClass pair = pairType.shape();
    RArray all = make(a.site.result, array.length);
    Adaptation adaptation = Adaptation.of(array.type.element(), pairType.parts[1]);
    long[] w = new long[1];
    @Nullable Object[] r = new Object[1];
    for (int i = 0; i < array.length; i++) {
      polls.allocate(pair.size);
      adaptation.store(array.word(i), set(array, i), w, r, 0);
      RObj entry = new RObj(pair);
      entry.set(0, i, null);
      entry.set(1, w[0], r[0]);
      all.set(i, 0, entry);
    }
    a.returnRef(all);
  }
}
