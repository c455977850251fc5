package dev.raya.compiler.check;

import java.util.Arrays;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map: a trie of five bits of the hash at each level, after Bagwell, "Ideal Hash
 * Trees" (2001). Putting and removing copy one way from the root; maps that come from one another
 * share the rest, so that what two of them have in common costs only what they differ in. A change
 * that changes nothing gives the same map.
 *
 * <p>The order of its entries follows from hashes, which for keys without values of their own
 * differ from run to run: nothing that is told may depend on it.
 */
final class PersistentMap<K, V> {
  private static final int BITS = 5;
  private static final int LEVELS = 7;
  private static final PersistentMap<Object, Object> EMPTY = new PersistentMap<>(null);

  /** A place in the trie. */
  private sealed interface Node<K, V> {}

  private record Leaf<K, V>(int hash, K key, V value) implements Node<K, V> {}

  /** Children by the bits of the map; on the level past the last one, by nothing: equal hashes. */
  private record Branch<K, V>(int map, Node<K, V>[] children, int size) implements Node<K, V> {}

  private final @Nullable Node<K, V> root;

  private PersistentMap(@Nullable Node<K, V> root) {
    this.root = root;
  }

  /** The map without entries. */
  @SuppressWarnings("unchecked") // holds nothing
  static <K, V> PersistentMap<K, V> empty() {
    return (PersistentMap<K, V>) EMPTY;
  }

  private PersistentMap<K, V> of(@Nullable Node<K, V> now) {
    return now == root ? this : now == null ? empty() : new PersistentMap<>(now);
  }

  boolean isEmpty() {
    return root == null;
  }

  /** The number of entries. */
  int size() {
    return size(root);
  }

  private static <K, V> int size(@Nullable Node<K, V> node) {
    return switch (node) {
      case null -> 0;
      case Leaf<K, V> _ -> 1;
      case Branch<K, V> b -> b.size();
    };
  }

  private static int hash(Object key) {
    int hash = key.hashCode();
    return hash ^ (hash >>> 16);
  }

  /** The bit of a hash on a level. */
  private static int bit(int hash, int level) {
    return 1 << (hash >>> (level * BITS));
  }

  private static int index(int map, int bit) {
    return Integer.bitCount(map & (bit - 1));
  }

  /** What a key stands for, or null. */
  @Nullable V get(K key) {
    return below(key, hash(key), 0);
  }

  /** Where a key stands among those of equal hashes, or -1. */
  private static <K, V> int placeOf(Branch<K, V> branch, K key) {
    for (int i = 0; i < branch.children().length; i++) {
      if (((Leaf<K, V>) branch.children()[i]).key().equals(key)) {
        return i;
      }
    }
    return -1;
  }

  /** The map with a key that stands for a value. */
  PersistentMap<K, V> put(K key, V value) {
    return of(put(root, new Leaf<>(hash(key), key, value), 0));
  }

  private static <K, V> Node<K, V> put(@Nullable Node<K, V> node, Leaf<K, V> leaf, int level) {
    switch (node) {
      case null -> {
        return leaf;
      }
      case Leaf<K, V> other -> {
        if (other.hash() == leaf.hash() && other.key().equals(leaf.key())) {
          return other.value() == leaf.value() ? other : leaf;
        }
        return both(other, leaf, level);
      }
      case Branch<K, V> branch when level == LEVELS -> {
        int place = placeOf(branch, leaf.key());
        return place < 0
            ? inserted(branch, 0, branch.children().length, leaf)
            : replaced(branch, place, put(branch.children()[place], leaf, level));
      }
      case Branch<K, V> branch -> {
        int bit = bit(leaf.hash(), level);
        int at = index(branch.map(), bit);
        return (branch.map() & bit) == 0
            ? inserted(branch, bit, at, leaf)
            : replaced(branch, at, put(branch.children()[at], leaf, level + 1));
      }
    }
  }

  private static <K, V> Node<K, V> both(Leaf<K, V> a, Leaf<K, V> b, int level) {
    if (level == LEVELS) {
      return branch(0, array(a, b));
    }
    int first = bit(a.hash(), level);
    int second = bit(b.hash(), level);
    if (first == second) {
      return branch(first, array(both(a, b, level + 1)));
    }
    boolean inOrder = Integer.compareUnsigned(first, second) < 0;
    return branch(first | second, inOrder ? array(a, b) : array(b, a));
  }

  @SafeVarargs
  private static <K, V> Node<K, V>[] array(Node<K, V>... nodes) {
    return nodes;
  }

  private static <K, V> Branch<K, V> branch(int map, Node<K, V>[] children) {
    int size = 0;
    for (Node<K, V> child : children) {
      size += size(child);
    }
    return new Branch<>(map, children, size);
  }

  private static <K, V> Branch<K, V> inserted(
      Branch<K, V> branch, int bit, int at, Node<K, V> child) {
    Node<K, V>[] before = branch.children();
    Node<K, V>[] children = Arrays.copyOf(before, before.length + 1);
    System.arraycopy(before, at, children, at + 1, before.length - at);
    children[at] = child;
    return branch(branch.map() | bit, children);
  }

  private static <K, V> Branch<K, V> replaced(Branch<K, V> branch, int at, Node<K, V> child) {
    if (branch.children()[at] == child) {
      return branch;
    }
    Node<K, V>[] children = branch.children().clone();
    children[at] = child;
    return branch(branch.map(), children);
  }

  /** The map without a key. */
  PersistentMap<K, V> remove(K key) {
    return of(removed(root, key, hash(key), 0));
  }

  private static <K, V> @Nullable Node<K, V> removed(
      @Nullable Node<K, V> node, K key, int hash, int level) {
    switch (node) {
      case null -> {
        return null;
      }
      case Leaf<K, V> leaf -> {
        return leaf.hash() == hash && leaf.key().equals(key) ? null : leaf;
      }
      case Branch<K, V> branch when level == LEVELS -> {
        int place = placeOf(branch, key);
        return place < 0 ? branch : without(branch, 0, place);
      }
      case Branch<K, V> branch -> {
        int bit = bit(hash, level);
        int at = index(branch.map(), bit);
        if ((branch.map() & bit) == 0) {
          return branch;
        }
        Node<K, V> child = removed(branch.children()[at], key, hash, level + 1);
        if (child == null) {
          return without(branch, bit, at);
        }
        // A leaf alone stands where its branch stood, so that equal maps have equal shapes.
        return branch.children().length == 1 && child instanceof Leaf<K, V>
            ? child
            : replaced(branch, at, child);
      }
    }
  }

  private static <K, V> @Nullable Node<K, V> without(Branch<K, V> branch, int bit, int at) {
    Node<K, V>[] before = branch.children();
    if (before.length == 1) {
      return null;
    }
    if (before.length == 2 && before[1 - at] instanceof Leaf<K, V> other) {
      return other;
    }
    Node<K, V>[] children = Arrays.copyOf(before, before.length - 1);
    System.arraycopy(before, at + 1, children, at, children.length - at);
    return branch(branch.map() & ~bit, children);
  }

  /**
   * The keys that both maps have. What is shared by both stays as it is, without a look.
   *
   * @param merged the value of two different ones
   */
  PersistentMap<K, V> intersect(PersistentMap<K, V> other, BinaryOperator<V> merged) {
    return of(common(root, other.root, 0, merged));
  }

  private static <K, V> @Nullable Node<K, V> common(
      @Nullable Node<K, V> a, @Nullable Node<K, V> b, int level, BinaryOperator<V> merged) {
    if (a == b || a == null) {
      return a;
    }
    if (b == null) {
      return null;
    }
    if (a instanceof Leaf<K, V> leaf) {
      V value = new PersistentMap<>(b).below(leaf.key(), leaf.hash(), level);
      return value == null ? null : merged(leaf, value, merged);
    }
    if (b instanceof Leaf<K, V> leaf) {
      V value = new PersistentMap<>(a).below(leaf.key(), leaf.hash(), level);
      if (value == null) {
        return null;
      }
      V both = value == leaf.value() ? value : merged.apply(value, leaf.value());
      return both == leaf.value() ? leaf : new Leaf<>(leaf.hash(), leaf.key(), both);
    }
    return common((Branch<K, V>) a, (Branch<K, V>) b, level, merged);
  }

  private static <K, V> @Nullable Node<K, V> common(
      Branch<K, V> a, Branch<K, V> b, int level, BinaryOperator<V> merged) {
    Node<K, V>[] children = a.children().clone();
    int map = level == LEVELS ? 0 : a.map() & b.map();
    int count = 0;
    boolean same = true;
    int left = level == LEVELS ? children.length : a.map();
    for (int i = 0; i < a.children().length; i++) {
      int bit = level == LEVELS ? 0 : Integer.lowestOneBit(left);
      left &= ~bit;
      Node<K, V> child = a.children()[i];
      Node<K, V> kept;
      if (level == LEVELS) {
        kept = common(child, b, level, merged);
      } else if ((map & bit) == 0) {
        kept = null;
      } else {
        kept = common(child, b.children()[index(b.map(), bit)], level + 1, merged);
      }
      same &= kept == child;
      if (kept == null) {
        map &= ~bit;
      } else {
        children[count++] = kept;
      }
    }
    if (same) {
      return a;
    }
    if (count == 0) {
      return null;
    }
    return count == 1 && children[0] instanceof Leaf<K, V>
        ? children[0]
        : branch(map, Arrays.copyOf(children, count));
  }

  private static <K, V> Leaf<K, V> merged(Leaf<K, V> leaf, V other, BinaryOperator<V> merged) {
    V value = leaf.value() == other ? other : merged.apply(leaf.value(), other);
    return value == leaf.value() ? leaf : new Leaf<>(leaf.hash(), leaf.key(), value);
  }

  /** What a key stands for in a part of the trie that begins on a level. */
  private @Nullable V below(K key, int hash, int level) {
    Node<K, V> at = root;
    for (int l = level; at instanceof Branch<K, V> branch; l++) {
      if (l >= LEVELS) {
        int place = placeOf(branch, key);
        return place < 0 ? null : ((Leaf<K, V>) branch.children()[place]).value();
      }
      int bit = bit(hash, l);
      if ((branch.map() & bit) == 0) {
        return null;
      }
      at = branch.children()[index(branch.map(), bit)];
    }
    return at instanceof Leaf<K, V> found && found.hash() == hash && found.key().equals(key)
        ? found.value()
        : null;
  }

  /** Tells all keys, in no order that means anything. */
  void forEachKey(Consumer<K> to) {
    tell(root, to);
  }

  private static <K, V> void tell(@Nullable Node<K, V> node, Consumer<K> to) {
    switch (node) {
      case null -> {}
      case Leaf<K, V> leaf -> to.accept(leaf.key());
      case Branch<K, V> branch -> {
        for (Node<K, V> child : branch.children()) {
          tell(child, to);
        }
      }
    }
  }
}
