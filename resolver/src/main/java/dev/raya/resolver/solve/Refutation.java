package dev.raya.resolver.solve;

import java.util.BitSet;

/**
 * Why there is no solution: facts of the problem that contradict each other. Drawn from the proof
 * when it is first asked for. Owned by the thread of the search.
 */
public final class Refutation {
  private final Search search;

  private Refutation(Search search) {
    this.search = search;
  }

  /** The refutation that a search ended with. */
  static Refutation of(Search search) {
    return new Refutation(search);
  }

  /** What is known of the packages. */
  Catalog catalog() {
    return search.catalog;
  }

  /** Indices of the facts used; all, if the search was too long to keep its proof. */
  private BitSet used() {
    BitSet used = search.kernel.refutingFacts();
    if (used == null) {
      used = new BitSet();
      used.set(0, search.facts.size());
    }
    return used;
  }

  /** The requirements used, by number. */
  BitSet requirements() {
    BitSet used = used();
    BitSet numbers = new BitSet();
    for (int i = used.nextSetBit(0); i >= 0; i = used.nextSetBit(i + 1)) {
      Requirement requirement = search.facts.get(i).requirement();
      if (requirement != null) {
        numbers.set(requirement.number);
      }
    }
    return numbers;
  }
}
