package dev.raya.resolver.solve;

import java.util.BitSet;

/**
 * From which clauses each learnt one was resolved. Numbers of facts are even, those of learnt
 * clauses odd. Instead of the clauses that made a variable true or false once and for all, its
 * number is kept, marked as negative.
 *
 * <p>The log is bounded: a search so long that it does not fit has a refutation without a
 * derivation.
 */
final class Proof {
  /** Most ints of the log: 64 MiB. */
  static final int LIMIT = 16 << 20;

  private final Ints starts = new Ints();
  private final Ints log = new Ints(64);
  private boolean open;
  private boolean complete = true;

  /** Number of the fact at an index. */
  static int fact(int index) {
    return index << 1;
  }

  static boolean isFact(int number) {
    return (number & 1) == 0;
  }

  static int index(int number) {
    return number >> 1;
  }

  /** Begins the derivation of the next learnt clause; one that was not ended is forgotten. */
  void begin() {
    if (open) {
      log.truncate(starts.removeLast());
    }
    starts.add(log.size());
    open = true;
  }

  /** A clause that the one begun is resolved from. */
  void from(int number) {
    if (number != Clauses.STRUCTURE) {
      add(number);
    }
  }

  /** A variable that is decided once and for all. */
  void fromVariable(int variable) {
    add(~variable);
  }

  private void add(int entry) {
    if (log.size() < LIMIT) {
      log.add(entry);
    } else {
      complete = false;
    }
  }

  /** Ends the derivation begun. */
  int end() {
    open = false;
    return (starts.size() - 1) << 1 | 1;
  }

  /** Whether all of it was kept. */
  boolean isComplete() {
    return complete;
  }

  /** Entries of the derivation of a learnt clause, in the order of resolution. */
  int[] derivation(int index) {
    int end = index + 1 < starts.size() ? starts.get(index + 1) : log.size();
    int[] entries = new int[end - starts.get(index)];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = log.get(starts.get(index) + i);
    }
    return entries;
  }

  /** How a variable came to be decided once and for all. */
  interface Reasons {
    /** The number of the clause that decided it. */
    int number(int variable);

    /** The variables that this clause rests on. */
    int[] variables(int variable);
  }

  /** The facts that the last derivation rests on, as a set of indices. */
  BitSet facts(Reasons reasons) {
    BitSet facts = new BitSet();
    BitSet learnt = new BitSet();
    BitSet variables = new BitSet();
    Ints todo = new Ints();
    todo.add((starts.size() - 1) << 1 | 1);
    Ints fixed = new Ints();
    while (!todo.isEmpty() || !fixed.isEmpty()) {
      if (!fixed.isEmpty()) {
        int variable = fixed.removeLast();
        if (!variables.get(variable)) {
          variables.set(variable);
          int number = reasons.number(variable);
          if (number != Clauses.STRUCTURE) {
            todo.add(number);
          }
          for (int other : reasons.variables(variable)) {
            fixed.add(other);
          }
        }
        continue;
      }
      int number = todo.removeLast();
      if (isFact(number)) {
        facts.set(index(number));
      } else if (!learnt.get(index(number))) {
        learnt.set(index(number));
        for (int entry : derivation(index(number))) {
          if (entry < 0) {
            fixed.add(~entry);
          } else {
            todo.add(entry);
          }
        }
      }
    }
    return facts;
  }
}
