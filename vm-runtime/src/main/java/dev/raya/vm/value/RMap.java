package dev.raya.vm.value;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A Map or Set (stdlib.md 2.7): entries in insertion order in growing arrays, found through an
 * open-addressing index of entry numbers. Keys compare as {@code ===} except that NaN equals NaN;
 * objects by identity. A removed entry leaves a gap until the table is rebuilt; a cursor keeps its
 * place by the entry's {@link #order} and so neither skips nor repeats.
 */
public final class RMap extends RObj {
  /** The greatest number of entries (stdlib.md 19). */
  public static final int MAX_SIZE = 1 << 27;

  private static final int EMPTY = -1;
  private static final Object GONE = new Object();

  private final byte keyKind;
  private final byte valueKind;
  private int[] index = newIndex(8);
  private int[] hashes = new int[4];
  private @Nullable Object[] keyRefs = new Object[4];
  private long[] keyWords = new long[4];
  private @Nullable Object[] valueRefs;
  private long[] valueWords;

  /**
   * The order of each entry once gaps were squeezed out; before, an entry's number is its order.
   */
  private long @Nullable [] order;

  private long next;
  private int used;
  private int size;

  /** Makes an empty map, or set where the class has one type argument. */
  public RMap(RClass cls) {
    super(cls);
    LinkedType[] arguments = cls.root().typeArguments;
    keyKind = arguments.length > 0 ? arguments[0].kind : Kind.V;
    valueKind = arguments.length > 1 ? arguments[1].kind : Kind.NONE;
    valueRefs = new Object[valueKind == Kind.R || valueKind == Kind.V ? 4 : 0];
    valueWords = new long[valueKind == Kind.NONE || valueKind == Kind.R ? 0 : 4];
  }

  private static int[] newIndex(int capacity) {
    int[] fresh = new int[capacity];
    Arrays.fill(fresh, EMPTY);
    return fresh;
  }

  /** Returns the number of entries. */
  public int size() {
    return size;
  }

  /** Returns one more than the greatest entry number. */
  public int bound() {
    return used;
  }

  /** Says whether an entry number below {@link #bound} is still in the map. */
  public boolean live(int entry) {
    return keyRefs[entry] != GONE;
  }

  /** Returns the word of a live entry's key. */
  public long keyWord(int entry) {
    return keyWords[entry];
  }

  /** Returns the reference of a live entry's key. */
  public @Nullable Object keyRef(int entry) {
    return keyRefs[entry];
  }

  /** Returns the word of a live entry's value. */
  public long valueWord(int entry) {
    return valueWords.length == 0 ? 0 : valueWords[entry];
  }

  /** Returns the reference of a live entry's value. */
  public @Nullable Object valueRef(int entry) {
    return valueRefs.length == 0 ? null : valueRefs[entry];
  }

  /** Returns the entry of a key, or −1. */
  public int find(long word, @Nullable Object ref) {
    int hash = hash(word, ref);
    int mask = index.length - 1;
    for (int at = hash & mask; ; at = (at + 1) & mask) {
      int entry = index[at];
      if (entry == EMPTY) {
        return -1;
      }
      if (hashes[entry] == hash && same(entry, word, ref)) {
        return entry;
      }
    }
  }

  /**
   * Adds or replaces an entry; a key that is there keeps its place. The caller has checked {@link
   * #MAX_SIZE}.
   */
  public void put(long word, @Nullable Object ref, long valueWord, @Nullable Object valueRef) {
    int entry = find(word, ref);
    if (entry < 0) {
      if (used == hashes.length) {
        rebuild();
      }
      entry = used++;
      if (order != null) {
        order[entry] = next++;
      }
      size++;
      hashes[entry] = hash(word, ref);
      keyWords[entry] = word;
      keyRefs[entry] = ref instanceof Rope rope ? rope.flatten() : ref;
      insert(entry);
    }
    if (valueWords.length != 0) {
      valueWords[entry] = valueWord;
    }
    if (valueRefs.length != 0) {
      valueRefs[entry] = valueRef;
    }
  }

  /** Removes a key; says whether it was there. */
  public boolean remove(long word, @Nullable Object ref) {
    int entry = find(word, ref);
    if (entry < 0) {
      return false;
    }
    keyRefs[entry] = GONE;
    hashes[entry] = 0;
    if (valueRefs.length != 0) {
      valueRefs[entry] = null;
    }
    size--;
    return true;
  }

  /** Removes all entries; cursors that were inside are at the end. */
  public void clear() {
    for (int i = 0; i < used; i++) {
      keyRefs[i] = GONE;
      hashes[i] = 0;
    }
    Arrays.fill(valueRefs, null);
    size = 0;
  }

  private void insert(int entry) {
    int mask = index.length - 1;
    int at = hashes[entry] & mask;
    while (index[at] != EMPTY) {
      at = (at + 1) & mask;
    }
    index[at] = entry;
  }

  /**
   * Makes room; if more than half of the entry numbers are gaps, these are squeezed out. A cursor
   * therefore remembers an entry's {@link #order}, not its number.
   */
  private void rebuild() {
    if (size < used / 2) {
      squeeze();
    }
    if (used == hashes.length) {
      int room = Math.max(4, used * 2);
      hashes = Arrays.copyOf(hashes, room);
      if (order != null) {
        order = Arrays.copyOf(order, room);
      }
      keyRefs = Arrays.copyOf(keyRefs, room);
      keyWords = Arrays.copyOf(keyWords, room);
      if (valueRefs.length != 0) {
        valueRefs = Arrays.copyOf(valueRefs, room);
      }
      if (valueWords.length != 0) {
        valueWords = Arrays.copyOf(valueWords, room);
      }
    }
    index = newIndex(Integer.highestOneBit(hashes.length) * 4);
    for (int i = 0; i < used; i++) {
      if (keyRefs[i] != GONE) {
        insert(i);
      }
    }
  }

  /**
   * Returns the place of an entry in the order of insertion, which no later change of the map
   * alters.
   */
  public long order(int entry) {
    return order == null ? entry : order[entry];
  }

  /**
   * Returns the first entry, live or not, whose {@link #order} is greater; {@link #bound} if there
   * is none.
   */
  public int after(long place) {
    long[] places = order;
    if (places == null) {
      return (int) Math.min(place + 1, used);
    }
    int low = 0;
    int high = used;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (places[middle] > place) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private void squeeze() {
    long[] places = order == null ? new long[hashes.length] : order;
    int to = 0;
    for (int i = 0; i < used; i++) {
      if (keyRefs[i] != GONE) {
        places[to] = order == null ? i : places[i];
        hashes[to] = hashes[i];
        keyRefs[to] = keyRefs[i];
        keyWords[to] = keyWords[i];
        if (valueRefs.length != 0) {
          valueRefs[to] = valueRefs[i];
        }
        if (valueWords.length != 0) {
          valueWords[to] = valueWords[i];
        }
        to++;
      }
    }
    if (order == null) {
      next = used;
      order = places;
    }
    Arrays.fill(keyRefs, to, used, null);
    if (valueRefs.length != 0) {
      Arrays.fill(valueRefs, to, used, null);
    }
    used = to;
  }

  private int hash(long word, @Nullable Object ref) {
    int h;
    if (keyKind == Kind.I) {
      h = (int) word;
    } else if (keyKind == Kind.F) {
      h = hashNumber(word);
    } else if (keyKind == Kind.R || !(ref instanceof Tag)) {
      h =
          ref == null
              ? 0
              : ref instanceof String s
                  ? s.hashCode()
                  : ref instanceof Rope r ? r.flatten().hashCode() : System.identityHashCode(ref);
    } else {
      h =
          ref == Tag.NUM || ref == Tag.INT
              ? hashNumber(numberBits(word, ref))
              : ref == Tag.BOOL ? (int) word + 1 : 0;
    }
    h *= 0x9E3779B9;
    return h ^ (h >>> 15);
  }

  private static long numberBits(long word, Object tag) {
    return tag == Tag.INT ? Double.doubleToRawLongBits((int) word) : word;
  }

  private static int hashNumber(long bits) {
    double d = Double.longBitsToDouble(bits);
    long b = d == 0 ? 0 : Double.doubleToLongBits(d);
    return (int) (b ^ (b >>> 32));
  }

  private boolean same(int entry, long word, @Nullable Object ref) {
    Object key = keyRefs[entry];
    if (key == GONE) {
      return false;
    }
    return switch (keyKind) {
      case Kind.I -> keyWords[entry] == word;
      case Kind.F -> sameNumber(keyWords[entry], word);
      case Kind.R -> sameRef(key, ref);
      default -> {
        boolean n1 = key == Tag.INT || key == Tag.NUM;
        boolean n2 = ref == Tag.INT || ref == Tag.NUM;
        if (n1 && n2 && key != null && ref != null) {
          yield sameNumber(numberBits(keyWords[entry], key), numberBits(word, ref));
        }
        yield key == Tag.BOOL ? ref == Tag.BOOL && keyWords[entry] == word : sameRef(key, ref);
      }
    };
  }

  private static boolean sameNumber(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return x == y || (Double.isNaN(x) && Double.isNaN(y));
  }

  private static boolean sameRef(@Nullable Object a, @Nullable Object b) {
    if (a == b) {
      return true;
    }
    return a instanceof String s && b != null && Text.isString(b) && s.equals(Text.flat(b));
  }
}
