package dev.raya.resolver.solve;

import dev.raya.resolver.solve.Cause.Learnt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Conflict-driven clause learning over incompatibilities. Knows nothing of versions and ranges:
 * only of packages, sets of ranks, and facts.
 *
 * <p><b>Propagation</b> watches two terms of each fact (Moskewicz et al., Chaff, 2001), so a fact
 * is looked at only when one of these two becomes satisfied. <b>Learning</b> is PubGrub's
 * (Weizenbaum, 2018) derivation up to the first unique implication point. A term counts as a SAT
 * solver's false literal, a fact as its clause; the difference is that a package's state narrows in
 * several steps, so the "satisfier" of a term is the first assignment after which it holds.
 *
 * <p>Not thread-safe: one search owns it.
 */
final class Engine {
  private static final double ACTIVITY_LIMIT = 1e100;
  private static final double GROWTH = 1 / 0.95;

  private SolverPackage[] packages = new SolverPackage[64];
  private Term[] own = new Term[64];
  private RankSet[] allowed = new RankSet[64];
  private boolean[] positive = new boolean[64];
  private @Nullable Incompatibility[] causes = new Incompatibility[64];
  private int[] levels = new int[64];
  private int size;
  private int head;
  private int level;

  /** Consequences that were drawn later than they could have been: drawn again after a jump. */
  private final List<Late> late = new ArrayList<>();

  /** A fact, and the level at which all but one of its terms held. */
  private record Late(Incompatibility fact, int level) {}

  private final List<SolverPackage> raised = new ArrayList<>();

  private final Consumer<SolverPackage> needed;
  private double bump = 1;
  private long conflicts;

  /**
   * An empty engine.
   *
   * @param needed told of each package that must be chosen and is not decided
   */
  Engine(Consumer<SolverPackage> needed) {
    this.needed = needed;
  }

  long conflicts() {
    return conflicts;
  }

  RankSet allowed(SolverPackage pkg) {
    return pkg.assignments.size() == 0 ? pkg.all : allowed[pkg.assignments.last()];
  }

  boolean isNeeded(SolverPackage pkg) {
    return pkg.assignments.size() > 0 && positive[pkg.assignments.last()];
  }

  private boolean satisfied(Term term) {
    SolverPackage pkg = term.pkg();
    if (pkg.assignments.size() == 0) {
      return false;
    }
    return satisfiedAt(term, pkg.assignments.last());
  }

  private boolean satisfiedAt(Term term, int position) {
    return term.positive()
        ? positive[position] && allowed[position].isSubsetOf(term.set())
        : allowed[position].isDisjointFrom(term.set());
  }

  private boolean contradicted(Term term) {
    RankSet set = allowed(term.pkg());
    return term.positive()
        ? set.isDisjointFrom(term.set())
        : isNeeded(term.pkg()) && set.isSubsetOf(term.set());
  }

  /** The first trail position after which a satisfied term holds; MAX_VALUE if it does not hold. */
  private int satisfier(Term term) {
    SolverPackage.IntList assignments = term.pkg().assignments;
    int low = 0;
    int high = assignments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (satisfiedAt(term, assignments.get(middle))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == assignments.size() ? Integer.MAX_VALUE : assignments.get(low);
  }

  /** Chooses a rank of a package. */
  void decide(SolverPackage pkg, int rank) {
    level++;
    assign(new Term(pkg, RankSet.of(pkg.universe(), rank), true), null);
    pkg.decided = true;
    pkg.decidedRank = rank;
  }

  private void assign(Term term, @Nullable Incompatibility cause) {
    SolverPackage pkg = term.pkg();
    if (size == packages.length) {
      grow();
    }
    boolean was = isNeeded(pkg);
    RankSet before = allowed(pkg);
    packages[size] = pkg;
    own[size] = term;
    allowed[size] = term.positive() ? before.and(term.set()) : before.minus(term.set());
    positive[size] = was || term.positive();
    causes[size] = cause;
    levels[size] = level;
    pkg.assignments.push(size);
    size++;
    if (!was && term.positive()) {
      needed.accept(pkg);
    }
  }

  private void grow() {
    int capacity = size * 2;
    packages = Arrays.copyOf(packages, capacity);
    own = Arrays.copyOf(own, capacity);
    allowed = Arrays.copyOf(allowed, capacity);
    positive = Arrays.copyOf(positive, capacity);
    causes = Arrays.copyOf(causes, capacity);
    levels = Arrays.copyOf(levels, capacity);
  }

  /**
   * Adds a fact and draws what follows from it alone at once.
   *
   * @return the fact if it is violated already
   */
  @Nullable Incompatibility add(Incompatibility fact) {
    if (fact.terms.length == 0) {
      return fact;
    }
    if (fact.terms.length == 1) {
      fact.terms[0].pkg().watchers.add(fact);
    } else {
      watchLatest(fact, true);
    }
    return enforce(fact);
  }

  /**
   * Watches the two terms that were or will be satisfied last, so that undoing undoes them first.
   */
  private void watchLatest(Incompatibility fact, boolean fresh) {
    Term[] terms = fact.terms;
    SolverPackage first = terms[0].pkg();
    SolverPackage second = terms[1].pkg();
    for (int slot = 0; slot < 2; slot++) {
      int best = slot;
      int bestAt = satisfier(terms[slot]);
      for (int i = slot + 1; i < terms.length && bestAt != Integer.MAX_VALUE; i++) {
        int at = satisfier(terms[i]);
        if (at > bestAt) {
          best = i;
          bestAt = at;
        }
      }
      Term term = terms[best];
      terms[best] = terms[slot];
      terms[slot] = term;
    }
    for (int slot = 0; slot < 2; slot++) {
      SolverPackage pkg = terms[slot].pkg();
      if (fresh || (pkg != first && pkg != second)) {
        pkg.watchers.add(fact);
      }
    }
  }

  /** Assigns the negation of the one term that does not hold, if there is just one. */
  private @Nullable Incompatibility enforce(Incompatibility fact) {
    Term open = null;
    int since = 0;
    for (Term term : fact.terms) {
      int at = satisfier(term);
      if (at != Integer.MAX_VALUE) {
        since = Math.max(since, levels[at]);
      } else if (open != null) {
        return null;
      } else {
        open = term;
      }
    }
    if (open == null) {
      return fact;
    }
    if (since < level) {
      late.add(new Late(fact, since));
    }
    if (!contradicted(open)) {
      assign(open.negated(), fact);
    }
    return null;
  }

  /**
   * Draws all consequences.
   *
   * @return a violated fact, or null
   */
  @Nullable Incompatibility propagate() {
    while (head < size) {
      Incompatibility violated = visit(packages[head++]);
      if (violated != null) {
        head = size;
        return violated;
      }
    }
    return null;
  }

  private @Nullable Incompatibility visit(SolverPackage pkg) {
    List<Incompatibility> watchers = pkg.watchers;
    int kept = 0;
    int count = watchers.size();
    for (int i = 0; i < count; i++) {
      Incompatibility fact = watchers.get(i);
      Term[] terms = fact.terms;
      if (terms.length == 1) {
        watchers.set(kept++, fact);
        if (satisfied(terms[0])) {
          keepRest(watchers, kept, i + 1, count);
          return fact;
        }
        continue;
      }
      if (terms[0].pkg() == pkg) {
        Term term = terms[0];
        terms[0] = terms[1];
        terms[1] = term;
      }
      if (terms[1].pkg() != pkg) {
        // It watches other packages by now.
        continue;
      }
      if (!satisfied(terms[1]) || contradicted(terms[0])) {
        watchers.set(kept++, fact);
        continue;
      }
      if (moveWatch(fact)) {
        continue;
      }
      watchers.set(kept++, fact);
      if (satisfied(terms[0])) {
        keepRest(watchers, kept, i + 1, count);
        return fact;
      }
      assign(terms[0].negated(), fact);
    }
    keepRest(watchers, kept, count, count);
    return null;
  }

  private boolean moveWatch(Incompatibility fact) {
    Term[] terms = fact.terms;
    for (int i = 2; i < terms.length; i++) {
      if (!satisfied(terms[i])) {
        Term term = terms[i];
        terms[i] = terms[1];
        terms[1] = term;
        term.pkg().watchers.add(fact);
        return true;
      }
    }
    return false;
  }

  private static void keepRest(List<Incompatibility> watchers, int kept, int from, int count) {
    int to = kept;
    for (int i = from; i < count; i++) {
      watchers.set(to++, watchers.get(i));
    }
    for (int i = watchers.size(); i > to; i--) {
      watchers.removeLast();
    }
  }

  /**
   * Learns from a violated fact and jumps back to where what was learnt says something new; again
   * as long as that violates a fact at once.
   *
   * @return null if the search goes on, else the contradiction: there is no solution
   */
  @Nullable Incompatibility resolve(Incompatibility violated) {
    Incompatibility open = violated;
    while (open != null) {
      conflicts++;
      bump *= GROWTH;
      Analysis analysis = analyse(open);
      if (analysis.learnt().terms.length == 0) {
        return analysis.learnt();
      }
      open = learn(analysis, open);
    }
    return null;
  }

  /** What was learnt, and the level to which it leads back. */
  private record Analysis(Incompatibility learnt, int level) {}

  /** Goes back through the causes until one assignment alone, of its level, is to blame. */
  private Analysis analyse(Incompatibility violated) {
    Incompatibility current = violated;
    while (current.terms.length > 0) {
      int latest = -1;
      int previous = -1;
      Term latestTerm = current.terms[0];
      for (Term term : current.terms) {
        raise(term.pkg());
        int at = satisfier(term);
        if (at > latest) {
          previous = latest;
          latest = at;
          latestTerm = term;
        } else if (at > previous) {
          previous = at;
        }
      }
      Term difference = null;
      if (!own[latest].implies(latestTerm)) {
        // The assignment alone does not satisfy the term: what came before did its part.
        difference = own[latest].and(latestTerm.negated());
        previous = Math.max(previous, satisfier(difference.negated()));
      }
      int previousLevel = previous < 0 ? 0 : levels[previous];
      Incompatibility cause = causes[latest];
      if (cause == null || previousLevel < levels[latest]) {
        Incompatibility shorter = current == violated ? current : minimised(current, latestTerm);
        return new Analysis(shorter, shorter.terms.length == 1 ? 0 : previousLevel);
      }
      current = resolvent(current, latestTerm, cause, difference);
    }
    return new Analysis(current, 0);
  }

  private static Incompatibility resolvent(
      Incompatibility current, Term resolved, Incompatibility cause, @Nullable Term difference) {
    List<Term> terms = new ArrayList<>(current.terms.length + cause.terms.length);
    for (Term term : current.terms) {
      if (term != resolved) {
        terms.add(term);
      }
    }
    for (Term term : cause.terms) {
      if (term.pkg() != resolved.pkg()) {
        terms.add(term);
      }
    }
    if (difference != null) {
      terms.add(difference.negated());
    }
    return Incompatibility.joining(terms, new Learnt(current, cause));
  }

  /**
   * Leaves out each term that follows from the others by one fact (self-subsumption; Sörensson and
   * Biere, 2009), except the one that will be negated.
   */
  private Incompatibility minimised(Incompatibility learnt, Term kept) {
    Incompatibility current = learnt;
    for (Term term : learnt.terms) {
      int at = satisfier(term);
      Incompatibility cause = causes[at];
      if (term != kept
          && cause != null
          && own[at].implies(term)
          && followsFromOthers(cause, term.pkg(), current)) {
        current = resolvent(current, term, cause, null);
      }
    }
    return current;
  }

  private static boolean followsFromOthers(
      Incompatibility cause, SolverPackage except, Incompatibility current) {
    for (Term needed : cause.terms) {
      if (needed.pkg() != except && !isImplied(needed, current)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isImplied(Term needed, Incompatibility current) {
    for (Term term : current.terms) {
      if (term.pkg() == needed.pkg()) {
        return term.implies(needed);
      }
    }
    return false;
  }

  private @Nullable Incompatibility learn(Analysis analysis, Incompatibility violated) {
    Incompatibility broken = jumpBack(analysis.level());
    Incompatibility learnt = analysis.learnt();
    Incompatibility next;
    if (learnt == violated) {
      if (learnt.terms.length > 1) {
        watchLatest(learnt, false);
      }
      next = enforce(learnt);
    } else {
      next = add(learnt);
    }
    return next == null ? broken : next;
  }

  private void raise(SolverPackage pkg) {
    if (pkg.activity == 0) {
      raised.add(pkg);
    }
    pkg.activity += bump;
    if (pkg.activity > ACTIVITY_LIMIT) {
      for (SolverPackage other : raised) {
        other.activity = Math.max(other.activity / ACTIVITY_LIMIT, Double.MIN_NORMAL);
      }
      bump /= ACTIVITY_LIMIT;
    }
  }

  /** Packages that took part in conflicts, in the order in which they first did. */
  List<SolverPackage> raised() {
    return raised;
  }

  /**
   * Goes back to the project's own level, keeping what was learnt.
   *
   * @return a violated fact, or null
   */
  @Nullable Incompatibility restart() {
    return jumpBack(0);
  }

  private @Nullable Incompatibility jumpBack(int target) {
    while (size > 0 && levels[size - 1] > target) {
      size--;
      SolverPackage pkg = packages[size];
      pkg.assignments.pop();
      if (causes[size] == null) {
        pkg.decided = false;
        if (isNeeded(pkg)) {
          needed.accept(pkg);
        }
      }
    }
    head = Math.min(head, size);
    level = target;
    return repeatLate(target);
  }

  /** Draws the consequences again that belong to a level still standing but were drawn later. */
  private @Nullable Incompatibility repeatLate(int target) {
    Incompatibility broken = null;
    List<Late> again = List.copyOf(late);
    late.clear();
    for (Late entry : again) {
      if (entry.level() <= target) {
        Incompatibility violated = enforce(entry.fact());
        if (broken == null) {
          broken = violated;
        }
      }
    }
    return broken;
  }
}
