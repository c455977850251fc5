package dev.raya.resolver.solve;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Conflict-driven clause learning on literals, with two watched literals for each clause (Moskewicz
 * et al., Chaff, 2001; the form is that of Eén and Sörensson, MiniSat, 2003). Knows nothing of
 * versions and ranges: only of domains (see {@link Domains}), whose "at most one rank" and "rank in
 * set" it draws by itself without clauses, and of clauses.
 *
 * <p>Variables and clauses may be added at any time. What a late clause implies belongs to a level
 * below the current one; such literals keep their level and outlive the jump back over the later
 * ones (Nadel and Ryvchin, Chronological Backtracking, 2018), and {@link #recheck} holds the
 * clauses whose turn comes only after a jump.
 *
 * <p>Flat arrays, no recursion, no hashing. Not thread-safe: one search owns it.
 */
final class Kernel {
  /** No conflict. */
  static final int NONE = -1;

  /** A conflict of two literals that contradict each other by what they mean. */
  static final int PAIR = -2;

  /** Reason of a set's variable that is false because each rank of the set is. */
  static final int EMPTIED = Integer.MIN_VALUE;

  private static final int FIRST_REDUCTION = 500;
  private static final int NEXT_REDUCTION = 150;
  private static final int KEPT_DISTANCE = 2;
  private static final int USED_DISTANCE = 4;

  /** Told what happens to domains. */
  interface Watcher {
    /** A domain must be present and has no rank, or has none any more. */
    void open(int domain);

    /** A domain got its rank. */
    void chosen(int domain);
  }

  final Domains domains = new Domains();
  final ActivityHeap variablesByActivity = new ActivityHeap();
  final ActivityHeap domainActivity = new ActivityHeap();

  /** Domains that took part in conflicts, in the order in which they first did. */
  final Ints raised = new Ints();

  private final Watcher watcher;
  final Clauses clauses = new Clauses();
  private final Watches watches = new Watches();
  private final Supports supports = new Supports(this);
  private final ConflictAnalysis analysis = new ConflictAnalysis(this);
  final Proof proof = new Proof();

  /** For each literal 1 if it is true, −1 if it is false, 0 if it is open. */
  byte[] value = new byte[512];

  int[] level = new int[256];

  /** For each variable the clause that implies it, NONE, EMPTIED, or −2 − a literal that does. */
  int[] reason = new int[256];

  private boolean[] phase = new boolean[256];
  int variables;

  int[] trail = new int[256];
  int trailSize;
  private int head;
  private final Ints starts = new Ints();

  private final Ints recheck = new Ints();
  private int pending = NONE;
  int pairA;
  int pairB;

  private final Ints learntClauses = new Ints();
  private long reduceAt = FIRST_REDUCTION;
  private int reductions;
  private long conflicts;
  private int lastDistance;
  private int openDomains;
  boolean free;

  private int[] buffer = new int[64];

  Kernel(Watcher watcher) {
    this.watcher = watcher;
  }

  long conflicts() {
    return conflicts;
  }

  /** How many levels the clause last learnt spans. */
  int lastDistance() {
    return lastDistance;
  }

  int level() {
    return starts.size();
  }

  /** How many domains must be present and have no rank. */
  int openDomains() {
    return openDomains;
  }

  boolean isTrue(int literal) {
    return value[literal] > 0;
  }

  boolean isFalse(int literal) {
    return value[literal] < 0;
  }

  /** Whether a literal is false whatever is decided. */
  boolean isFixedFalse(int literal) {
    return value[literal] < 0 && level[literal >> 1] == 0;
  }

  int rankLiteral(int d, int rank) {
    return (domains.base[d] + rank) << 1;
  }

  int presenceLiteral(int d) {
    return domains.presence(d) << 1;
  }

  private int newVariable(int domain, int rank) {
    int v = variables++;
    if (v == level.length) {
      int capacity = v * 2;
      value = Arrays.copyOf(value, capacity * 2);
      level = Arrays.copyOf(level, capacity);
      reason = Arrays.copyOf(reason, capacity);
      phase = Arrays.copyOf(phase, capacity);
      trail = Arrays.copyOf(trail, capacity);
    }
    watches.grow(variables * 2);
    watches.open(v * 2);
    watches.open(v * 2 + 1);
    domains.grow(variables);
    supports.grow(variables);
    domains.domain[v] = domain;
    domains.rank[v] = rank;
    variablesByActivity.add();
    if (free && isDecidable(v)) {
      variablesByActivity.insert(v);
    }
    return v;
  }

  /** A domain of so many ranks, at least one. */
  int addDomain(int ranks) {
    int d = domains.add(variables, ranks);
    domainActivity.add();
    for (int rank = 0; rank < ranks; rank++) {
      newVariable(d, rank);
    }
    if (ranks > 1) {
      int presence = newVariable(d, Domains.PRESENCE);
      int[] literals = room(ranks + 1);
      literals[0] = presence * 2 + 1;
      for (int rank = 0; rank < ranks; rank++) {
        literals[rank + 1] = rankLiteral(d, rank);
      }
      addClause(literals, ranks + 1, Clauses.STRUCTURE);
    }
    return d;
  }

  /**
   * The literal of a set of at least one of a domain's ranks.
   *
   * @param meaning what it says of the set: one of the constants of {@link Domains}
   */
  int addSet(int d, RankSet ranks, int meaning) {
    int v = newVariable(d, meaning);
    domains.sets[v] = ranks;
    int literal = v * 2;
    if (meaning == Domains.WITHIN) {
      supports.begin(v);
    } else if (meaning == Domains.MEMBER) {
      domains.addMember(d, v);
      int rank = domains.chosen[d];
      if (rank >= 0 && ranks.contains(rank)) {
        int chosen = rankLiteral(d, rank);
        assign(literal, -2 - chosen, level[chosen >> 1]);
      }
    }
    return literal;
  }

  int[] room(int count) {
    if (count > buffer.length) {
      buffer = new int[count * 2];
    }
    return buffer;
  }

  /** Adds a clause of distinct literals and draws what follows from it alone at once. */
  void addClause(int[] literals, int count, int number) {
    for (int slot = 0; slot < Math.min(2, count); slot++) {
      int best = slot;
      for (int i = slot + 1; i < count && value[literals[best]] < 0; i++) {
        if (value[literals[i]] >= 0 || level[literals[i] >> 1] > level[literals[best] >> 1]) {
          best = i;
        }
      }
      int literal = literals[best];
      literals[best] = literals[slot];
      literals[slot] = literal;
    }
    int clause = clauses.add(literals, count, number, false, 0);
    watch(clause, literals, count);
    examine(clause);
  }

  private void watch(int clause, int[] literals, int count) {
    if (count > 1) {
      int place = count == 2 ? ~clause : clause;
      watches.add(literals[0], place, literals[1]);
      watches.add(literals[1], place, literals[0]);
    }
  }

  private void examine(int clause) {
    int[] words = clauses.words;
    int begin = Clauses.literals(clause);
    int end = begin + clauses.size(clause);
    int open = -1;
    int since = 0;
    for (int i = begin; i < end; i++) {
      int literal = words[i];
      if (value[literal] < 0) {
        since = Math.max(since, level[literal >> 1]);
      } else if (open >= 0) {
        return;
      } else {
        open = literal;
      }
    }
    if (open < 0) {
      pending = pending == NONE ? clause : pending;
      recheck.add(clause);
    } else if (value[open] == 0) {
      assign(open, clause, since);
    } else if (level[open >> 1] > since) {
      recheck.add(clause);
    }
  }

  void assign(int literal, int why, int at) {
    int v = literal >> 1;
    value[literal] = 1;
    value[literal ^ 1] = -1;
    level[v] = at;
    reason[v] = why;
    trail[trailSize++] = literal;
    if ((literal & 1) == 0) {
      int rank = domains.rank[v];
      if (rank >= Domains.PRESENCE) {
        madeTrue(v, rank);
      }
    }
  }

  private void madeTrue(int v, int rank) {
    int d = domains.domain[v];
    boolean wasOpen = domains.present[d] && domains.chosen[d] < 0;
    if (rank >= 0 && domains.chosen[d] < 0) {
      domains.chosen[d] = rank;
      watcher.chosen(d);
    }
    if (v == domains.presence(d)) {
      domains.present[d] = true;
    }
    boolean isOpen = domains.present[d] && domains.chosen[d] < 0;
    if (isOpen != wasOpen) {
      openDomains += isOpen ? 1 : -1;
      if (isOpen) {
        watcher.open(d);
      }
    }
  }

  private void undo(int literal) {
    int v = literal >> 1;
    value[literal] = 0;
    value[literal ^ 1] = 0;
    phase[v] = (literal & 1) == 0;
    if (free && isDecidable(v)) {
      variablesByActivity.insert(v);
    }
    int rank = domains.rank[v];
    if ((literal & 1) != 0 || rank < Domains.PRESENCE) {
      return;
    }
    int d = domains.domain[v];
    boolean wasOpen = domains.present[d] && domains.chosen[d] < 0;
    if (rank >= 0 && domains.chosen[d] == rank) {
      domains.chosen[d] = otherChosen(d);
      if (domains.chosen[d] >= 0) {
        watcher.chosen(d);
      }
    }
    if (v == domains.presence(d)) {
      domains.present[d] = false;
    }
    boolean isOpen = domains.present[d] && domains.chosen[d] < 0;
    if (isOpen != wasOpen) {
      openDomains += isOpen ? 1 : -1;
      if (isOpen) {
        watcher.open(d);
      }
    }
  }

  /** Two ranks may both have been made true before the contradiction was seen. */
  private int otherChosen(int d) {
    for (int rank = 0; rank < domains.size[d]; rank++) {
      if (value[rankLiteral(d, rank)] > 0) {
        return rank;
      }
    }
    return -1;
  }

  /** Decides that an open literal is true. */
  void decide(int literal) {
    starts.add(trailSize);
    assign(literal, NONE, starts.size());
  }

  /**
   * Draws all consequences.
   *
   * @return a conflict for {@link #resolve}, or {@link #NONE}
   */
  int propagate() {
    if (pending != NONE) {
      int conflict = pending;
      pending = NONE;
      return conflict;
    }
    while (head < trailSize) {
      int literal = trail[head++];
      int at = level[literal >> 1];
      if (!drawMeaning(literal, at)) {
        return PAIR;
      }
      int conflict = pending == NONE ? visit(literal ^ 1, at) : pending;
      pending = NONE;
      if (conflict != NONE) {
        return conflict;
      }
    }
    return NONE;
  }

  /** Draws what a true literal says about its domain. False if that contradicts. */
  private boolean drawMeaning(int literal, int at) {
    int v = literal >> 1;
    int rank = domains.rank[v];
    int d = domains.domain[v];
    if ((literal & 1) == 0) {
      if (rank >= 0) {
        return drawChosen(literal, rank, d, at);
      }
      if (rank == Domains.WITHIN) {
        boolean agrees =
            imply(literal, presenceLiteral(d), at) && exclude(literal, domains.sets[v], false, at);
        if (agrees) {
          supports.write(v);
        }
        return agrees;
      }
      if (rank == Domains.UNLESS_ABSENT) {
        return exclude(literal, domains.sets[v], false, at);
      }
      return true;
    }
    if (rank >= 0) {
      supports.drop(v, at);
      return true;
    }
    if (rank == Domains.PRESENCE) {
      int from = domains.base[d] * 2 + 1;
      int to = from + 2 * domains.size[d];
      for (int other = from; other < to; other += 2) {
        if (value[other] <= 0 && !imply(literal, other, at)) {
          return false;
        }
      }
      return true;
    }
    if (rank == Domains.MEMBER) {
      return exclude(literal, domains.sets[v], true, at);
    }
    return true;
  }

  private boolean drawChosen(int literal, int rank, int d, int at) {
    if (domains.size[d] > 1) {
      int from = domains.base[d] * 2 + 1;
      int to = from + 2 * domains.size[d];
      int own = literal + 1;
      for (int other = from; other < to; other += 2) {
        if (value[other] <= 0 && other != own && !imply(literal, other, at)) {
          return false;
        }
      }
      if (!imply(literal, presenceLiteral(d), at)) {
        return false;
      }
    }
    Ints members = domains.members[d];
    for (int i = 0; i < members.size(); i++) {
      int member = members.get(i);
      if (value[member * 2] <= 0
          && domains.sets[member].contains(rank)
          && !imply(literal, member * 2, at)) {
        return false;
      }
    }
    return true;
  }

  /** Makes the ranks inside or outside a set false. */
  private boolean exclude(int literal, RankSet set, boolean inside, int at) {
    int d = domains.domain[literal >> 1];
    int from = inside ? set.lowest() : 0;
    int size = inside ? set.highest() + 1 : domains.size[d];
    int first = domains.base[d] * 2 + 1;
    for (int rank = from; rank < size; rank++) {
      if (set.contains(rank) == inside
          && value[first + 2 * rank] <= 0
          && !imply(literal, first + 2 * rank, at)) {
        return false;
      }
    }
    return true;
  }

  private boolean imply(int cause, int literal, int at) {
    if (value[literal] > 0) {
      return true;
    }
    if (value[literal] < 0) {
      pairA = cause ^ 1;
      pairB = literal;
      return false;
    }
    assign(literal, -2 - cause, at);
    return true;
  }

  /** Looks at the clauses that watch a literal that has become false. */
  private int visit(int falseLiteral, int at) {
    int[] list = watches.lists[falseLiteral];
    int end = watches.sizes[falseLiteral];
    byte[] values = value;
    int kept = 0;
    int i = 0;
    int conflict = NONE;
    visiting:
    while (i < end) {
      int place = list[i];
      int blocker = list[i + 1];
      i += 2;
      if (values[blocker] > 0) {
        list[kept] = place;
        list[kept + 1] = blocker;
        kept += 2;
        continue;
      }
      if (place < 0) {
        list[kept] = place;
        list[kept + 1] = blocker;
        kept += 2;
        if (values[blocker] < 0) {
          conflict = ~place;
          break;
        }
        assign(blocker, ~place, at);
        continue;
      }
      int[] words = clauses.words;
      int begin = Clauses.literals(place);
      if (words[begin] == falseLiteral) {
        words[begin] = words[begin + 1];
        words[begin + 1] = falseLiteral;
      }
      int first = words[begin];
      if (first != blocker && values[first] > 0) {
        list[kept] = place;
        list[kept + 1] = first;
        kept += 2;
        continue;
      }
      int stop = begin + clauses.size(place);
      for (int k = begin + 2; k < stop; k++) {
        int literal = words[k];
        if (values[literal] >= 0) {
          words[begin + 1] = literal;
          words[k] = falseLiteral;
          watches.add(literal, place, first);
          continue visiting;
        }
      }
      list[kept] = place;
      list[kept + 1] = first;
      kept += 2;
      if (values[first] < 0) {
        conflict = place;
        break;
      }
      assign(first, place, at == starts.size() ? at : latest(begin + 1, stop));
    }
    if (kept != i) {
      System.arraycopy(list, i, list, kept, end - i);
      watches.sizes[falseLiteral] = kept + end - i;
    }
    return conflict;
  }

  private int latest(int begin, int end) {
    int latest = 0;
    for (int i = begin; i < end; i++) {
      latest = Math.max(latest, level[clauses.words[i] >> 1]);
    }
    return latest;
  }

  /**
   * Learns from a conflict and jumps back to where what was learnt says something new.
   *
   * @return false if there is no solution; {@link #refutingFacts} then says why
   */
  boolean resolve(int conflict) {
    conflicts++;
    int top = conflictLevel(conflict);
    proof.begin();
    if (top == 0) {
      analysis.conclude(conflict);
      proof.end();
      return false;
    }
    jumpBack(top);
    Ints learnt = analysis.learn(conflict, top);
    int back = 0;
    for (int i = 1; i < learnt.size(); i++) {
      int at = level[learnt.get(i) >> 1];
      if (at > back) {
        back = at;
        int literal = learnt.get(1);
        learnt.set(1, learnt.get(i));
        learnt.set(i, literal);
      }
    }
    lastDistance = analysis.distance();
    jumpBack(back);
    int count = learnt.size();
    int[] literals = room(count);
    for (int i = 0; i < count; i++) {
      literals[i] = learnt.get(i);
    }
    int clause = clauses.add(literals, count, proof.end(), true, lastDistance);
    watch(clause, literals, count);
    if (count > 2) {
      learntClauses.add(clause);
    }
    assign(literals[0], clause, back);
    recheckAll();
    variablesByActivity.decay();
    domainActivity.decay();
    if (conflicts >= reduceAt) {
      reductions++;
      reduceAt += FIRST_REDUCTION + NEXT_REDUCTION * reductions;
      reduce();
    }
    return true;
  }

  private int conflictLevel(int conflict) {
    if (conflict == PAIR) {
      return Math.max(level[pairA >> 1], level[pairB >> 1]);
    }
    int begin = Clauses.literals(conflict);
    return latest(begin, begin + clauses.size(conflict));
  }

  /** Goes back to the level of what holds whatever is decided, keeping what was learnt. */
  void restart() {
    jumpBack(0);
    recheckAll();
  }

  private void jumpBack(int target) {
    if (target >= starts.size()) {
      return;
    }
    int start = starts.get(target);
    int kept = start;
    // From the end, so that of two ranks of one domain the later one goes first.
    for (int i = trailSize - 1; i >= start; i--) {
      if (level[trail[i] >> 1] > target) {
        undo(trail[i]);
      }
    }
    for (int i = start; i < trailSize; i++) {
      if (value[trail[i]] != 0) {
        trail[kept++] = trail[i];
      }
    }
    trailSize = kept;
    head = Math.min(head, start);
    starts.truncate(target);
  }

  private void recheckAll() {
    pending = NONE;
    int[] again = recheck.toArray();
    recheck.clear();
    for (int clause : again) {
      examine(clause);
    }
  }

  /**
   * Forgets half of the learnt clauses, those that span the most levels and of these the oldest,
   * except those in use and those that took part in a conflict since the last time.
   */
  private void reduce() {
    int count = learntClauses.size();
    long[] order = new long[count];
    int open = 0;
    for (int i = 0; i < count; i++) {
      int clause = learntClauses.get(i);
      boolean used = clauses.wasUsed(clause);
      int distance = clauses.distance(clause);
      if (distance > KEPT_DISTANCE && !(used && distance <= USED_DISTANCE) && !isReason(clause)) {
        order[open++] = (long) distance << 32 | count - i;
      }
    }
    Arrays.sort(order, 0, open);
    for (int i = open - 1; i >= Math.max(0, open - count / 2); i--) {
      clauses.delete(learntClauses.get(count - (int) order[i]));
    }
    compact();
  }

  private boolean isReason(int clause) {
    int begin = Clauses.literals(clause);
    for (int i = begin; i < begin + 2; i++) {
      int literal = clauses.words[i];
      if (value[literal] > 0 && reason[literal >> 1] == clause) {
        return true;
      }
    }
    return false;
  }

  private void compact() {
    BitSet deleted = new BitSet();
    int kept = 0;
    for (int i = 0; i < learntClauses.size(); i++) {
      int clause = learntClauses.get(i);
      if (clauses.isDeleted(clause)) {
        deleted.set(clause);
      } else {
        learntClauses.set(kept++, clause);
      }
    }
    learntClauses.truncate(kept);
    Clauses.Moved moved = clauses.compact();
    for (int i = 0; i < kept; i++) {
      learntClauses.set(i, moved.place(learntClauses.get(i)));
    }
    for (int i = 0; i < recheck.size(); i++) {
      recheck.set(i, moved.place(recheck.get(i)));
    }
    for (int i = 0; i < trailSize; i++) {
      int v = trail[i] >> 1;
      if (reason[v] >= 0) {
        reason[v] = moved.place(reason[v]);
      }
    }
    if (pending != NONE) {
      pending = moved.place(pending);
    }
    watches.move(variables * 2, moved, deleted);
  }

  /** From now on any rank may be decided, the most active first. */
  void decideFreely() {
    free = true;
    for (int v = 0; v < variables; v++) {
      if (isDecidable(v)) {
        variablesByActivity.insert(v);
      }
    }
  }

  /** Ranks are: once they have their values, presence and sets have theirs. */
  private boolean isDecidable(int v) {
    return domains.rank[v] >= 0;
  }

  /** The most active open variable as a literal of the sign that it last had, or −1. */
  int nextFree() {
    while (!variablesByActivity.isEmpty()) {
      int v = variablesByActivity.pop();
      if (value[v * 2] == 0) {
        return phase[v] ? v * 2 : v * 2 + 1;
      }
    }
    return -1;
  }

  /** Prefers a literal's sign as long as its variable had none. */
  void prefer(int literal) {
    phase[literal >> 1] = (literal & 1) == 0;
  }

  /** The facts, as indices, that the contradiction rests on; null if the proof grew too long. */
  @Nullable BitSet refutingFacts() {
    return proof.isComplete() ? proof.facts(reasons()) : null;
  }

  Proof proof() {
    return proof;
  }

  /** Adds the variables whose values imply that of another. */
  void addReasons(int variable, Ints others) {
    int why = reason[variable];
    if (why == EMPTIED) {
      int first = domains.base[domains.domain[variable]];
      RankSet ranks = domains.sets[variable];
      for (int rank = ranks.lowest(); rank >= 0; rank = ranks.next(rank + 1)) {
        others.add(first + rank);
      }
    } else if (why < NONE) {
      others.add((-2 - why) >> 1);
    } else if (why != NONE) {
      int begin = Clauses.literals(why);
      int end = begin + clauses.size(why);
      for (int i = begin; i < end; i++) {
        int other = clauses.words[i] >> 1;
        if (other != variable) {
          others.add(other);
        }
      }
    }
  }

  /** How literals that hold whatever is decided came about. */
  Proof.Reasons reasons() {
    return new Proof.Reasons() {
      @Override
      public int number(int variable) {
        int why = reason[variable];
        return why >= 0 ? clauses.number(why) : Clauses.STRUCTURE;
      }

      @Override
      public int[] variables(int variable) {
        Ints others = new Ints();
        addReasons(variable, others);
        return others.toArray();
      }
    };
  }
}
