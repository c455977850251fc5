package dev.raya.resolver.solve;

import java.util.Arrays;

/**
 * What the variables of a search mean. A domain stands for a package of the search; its variables
 * lie side by side, one for each rank ("this rank is chosen") and one more for its presence ("one
 * of them is"), which a domain of one rank does not need. Further variables stand for sets of ranks
 * and are made as facts mention them.
 */
final class Domains {
  /** In place of a rank: the variable says that the domain's package is present. */
  static final int PRESENCE = -1;

  /** In place of a rank: the package is present and its rank lies in a set. */
  static final int WITHIN = -2;

  /** In place of a rank: if the package is present, its rank lies in a set. */
  static final int UNLESS_ABSENT = -3;

  /** In place of a rank: holds if the rank lies in a set, and requires nothing by itself. */
  static final int MEMBER = -4;

  int[] base = new int[64];
  int[] size = new int[64];

  /** The rank whose variable is true, or −1. */
  int[] chosen = new int[64];

  boolean[] present = new boolean[64];

  /** Variables of meaning {@link #MEMBER}, those that a chosen rank may make true. */
  Ints[] members = new Ints[64];

  int count;

  /** For each variable its domain, and its rank or one of the constants. */
  int[] domain = new int[256];

  int[] rank = new int[256];

  /** The sets of the variables that stand for one. */
  RankSet[] sets = new RankSet[256];

  private static final Ints NO_MEMBERS = new Ints(1);

  int add(int first, int ranks) {
    if (count == base.length) {
      int capacity = count * 2;
      base = Arrays.copyOf(base, capacity);
      size = Arrays.copyOf(size, capacity);
      chosen = Arrays.copyOf(chosen, capacity);
      present = Arrays.copyOf(present, capacity);
      members = Arrays.copyOf(members, capacity);
    }
    base[count] = first;
    size[count] = ranks;
    chosen[count] = -1;
    present[count] = false;
    members[count] = NO_MEMBERS;
    return count++;
  }

  void addMember(int domain, int variable) {
    if (members[domain] == NO_MEMBERS) {
      members[domain] = new Ints();
    }
    members[domain].add(variable);
  }

  void grow(int variables) {
    if (variables > domain.length) {
      int capacity = Math.max(variables, domain.length * 2);
      domain = Arrays.copyOf(domain, capacity);
      rank = Arrays.copyOf(rank, capacity);
      sets = Arrays.copyOf(sets, capacity);
    }
  }

  /** The variable of presence. */
  int presence(int d) {
    return size[d] == 1 ? base[d] : base[d] + size[d];
  }
}
