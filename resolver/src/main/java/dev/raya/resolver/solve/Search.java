package dev.raya.resolver.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts packages and their facts to the kernel as a search reaches them: a package when a fact names
 * it, a requirement when a version that has it is about to be chosen. Owned by one search.
 */
final class Search implements Kernel.Watcher {
  private static final int NO_LITERAL = -1;

  final Kernel kernel = new Kernel(this);
  final Catalog catalog;

  /** The package of each domain. */
  final List<SolverPackage> packages = new ArrayList<>();

  /** The facts put to the kernel, by their index in the proof. */
  final List<Fact> facts = new ArrayList<>();

  /** The requirements that count, by number; null if all do. */
  private final @Nullable BitSet kept;

  private final Opened opened;
  private int[] domains = new int[64];
  private State[] states = new State[64];
  private final Ints toExpand = new Ints();

  /** Told of each domain that must get a rank. */
  interface Opened {
    void opened(int domain);
  }

  /** What of a domain's package the kernel knows. */
  private static final class State {
    final BitSet expanded = new BitSet();
    final BitSet given = new BitSet();

    /** Whether every rank is expanded. */
    boolean complete;

    int[] within = {};
    int[] unlessAbsent = {};
    int[] member = {};
  }

  Search(Catalog catalog, @Nullable BitSet kept, Opened opened) {
    this.catalog = catalog;
    this.kept = kept;
    this.opened = opened;
    Arrays.fill(domains, -1);
  }

  @Override
  public void open(int domain) {
    opened.opened(domain);
  }

  @Override
  public void chosen(int domain) {
    State state = states[domain];
    if (!state.complete && !state.expanded.get(kernel.domains.chosen[domain])) {
      toExpand.add(domain);
    }
  }

  /** Says that the project is to be there. */
  void begin() {
    int d = domain(catalog.project);
    kernel.addClause(new int[] {kernel.presenceLiteral(d)}, 1, Clauses.STRUCTURE);
  }

  /** The domain of a package, which is made if there is none. */
  int domain(SolverPackage pkg) {
    if (pkg.id >= domains.length) {
      int old = domains.length;
      domains = Arrays.copyOf(domains, Math.max(pkg.id + 1, old * 2));
      Arrays.fill(domains, old, domains.length, -1);
    }
    int d = domains[pkg.id];
    if (d < 0) {
      d = kernel.domains.count;
      if (d == states.length) {
        states = Arrays.copyOf(states, d * 2);
      }
      states[d] = new State();
      packages.add(pkg);
      domains[pkg.id] = d;
      kernel.addDomain(pkg.universe());
      for (Fact fact : pkg.structure) {
        add(fact);
      }
    }
    return d;
  }

  /** The domain of a package, or −1 if the search has not met it. */
  int known(SolverPackage pkg) {
    return pkg.id < domains.length ? domains[pkg.id] : -1;
  }

  /** Gives the facts of all ranks that were made true. False if there was nothing new. */
  boolean expandChosen() {
    boolean some = false;
    while (!toExpand.isEmpty()) {
      int d = toExpand.removeLast();
      int rank = kernel.domains.chosen[d];
      if (rank >= 0) {
        some |= expand(d, rank);
      }
    }
    return some;
  }

  boolean isExpanded(int d, int rank) {
    return states[d].expanded.get(rank);
  }

  /**
   * Gives the facts of a rank that were not given before; waits for the packages it needs.
   *
   * @return false if there was nothing new
   */
  boolean expand(int d, int rank) {
    State state = states[d];
    if (state.expanded.get(rank)) {
      return false;
    }
    state.expanded.set(rank);
    SolverPackage pkg = packages.get(d);
    Requirements requirements = catalog.requirements(pkg);
    int[] indices = requirements.byRank()[rank];
    int before = facts.size();
    for (int index : indices) {
      if (isOpen(state, requirements, index)) {
        catalog.prefetch(requirements.all().get(index).need.name());
      }
    }
    for (int index : indices) {
      if (isOpen(state, requirements, index)) {
        state.given.set(index);
        give(requirements.all().get(index));
      }
    }
    giveFeature(pkg, rank);
    return facts.size() > before;
  }

  private boolean isOpen(State state, Requirements requirements, int index) {
    return !state.given.get(index)
        && (kept == null || kept.get(requirements.all().get(index).number));
  }

  private void give(Requirement requirement) {
    for (Fact fact : catalog.facts(requirement)) {
      add(fact);
    }
  }

  private void giveFeature(SolverPackage pkg, int rank) {
    SolverPackage base = pkg.base;
    if (base != null) {
      for (Fact fact : catalog.featureFacts(pkg, base, rank)) {
        add(fact);
      }
    }
  }

  /**
   * Gives all facts about packages whose candidates are here, reached or not, so that the kernel
   * sees the whole of what is hard about the problem.
   */
  void expandAll() {
    for (int d = 0; d < packages.size(); d++) {
      SolverPackage pkg = packages.get(d);
      State state = states[d];
      Requirements requirements = catalog.requirements(pkg);
      for (int i = 0; i < requirements.all().size(); i++) {
        if (isOpen(state, requirements, i) && catalog.isKnown(requirements.all().get(i))) {
          state.given.set(i);
          give(requirements.all().get(i));
        }
      }
      for (int rank = 0; rank < pkg.universe(); rank++) {
        if (state.expanded.get(rank)) {
          continue;
        }
        giveFeature(pkg, rank);
        boolean all = true;
        for (int index : requirements.byRank()[rank]) {
          all &= !isOpen(state, requirements, index);
        }
        if (all) {
          state.expanded.set(rank);
        }
      }
      state.complete = state.expanded.cardinality() == pkg.universe();
    }
  }

  /** Whether none of the ranks that a fact is about can be chosen, whatever is decided. */
  private boolean isIdle(Fact fact) {
    int d = known(fact.from());
    int only = fact.ranks().only();
    return only >= 0 && d >= 0 && kernel.isFixedFalse(kernel.rankLiteral(d, only));
  }

  private void add(Fact fact) {
    if (isIdle(fact)) {
      return;
    }
    int number = Proof.fact(facts.size());
    facts.add(fact);
    SolverPackage target = fact.target();
    Ranks targets = fact.targets();
    int from = domain(fact.from());
    if (target == null || targets == null) {
      kernel.addClause(new int[] {ranksLiteral(from, fact) ^ 1}, 1, number);
    } else if (target == fact.from()) {
      RankSet wrong = fact.ranks().set().minus(targets.set());
      for (int rank = wrong.lowest(); rank >= 0; rank = wrong.next(rank + 1)) {
        kernel.addClause(new int[] {kernel.rankLiteral(from, rank) ^ 1}, 1, number);
      }
    } else {
      int to = domain(target);
      int consequence = fact.requires() ? within(to, targets) : unlessAbsent(to, targets);
      kernel.addClause(new int[] {ranksLiteral(from, fact) ^ 1, consequence}, 2, number);
    }
  }

  /** The literal that says that one of the fact's ranks is chosen. */
  private int ranksLiteral(int d, Fact fact) {
    Ranks ranks = fact.ranks();
    if (ranks.only() >= 0) {
      return kernel.rankLiteral(d, ranks.only());
    }
    if (ranks.isAll()) {
      return kernel.presenceLiteral(d);
    }
    State state = states[d];
    int number = ranks.number();
    state.member = room(state.member, number);
    if (state.member[number] == NO_LITERAL) {
      state.member[number] = kernel.addSet(d, ranks.set(), Domains.MEMBER);
    }
    return state.member[number];
  }

  /** The literal that says that a rank must be there and lie in a set. */
  int within(int d, Ranks ranks) {
    if (ranks.only() >= 0) {
      return kernel.rankLiteral(d, ranks.only());
    }
    if (ranks.isAll()) {
      return kernel.presenceLiteral(d);
    }
    State state = states[d];
    int number = ranks.number();
    state.within = room(state.within, number);
    if (state.within[number] == NO_LITERAL) {
      state.within[number] = kernel.addSet(d, ranks.set(), Domains.WITHIN);
    }
    return state.within[number];
  }

  private int unlessAbsent(int d, Ranks ranks) {
    if (ranks.set().isEmpty()) {
      return kernel.presenceLiteral(d) ^ 1;
    }
    State state = states[d];
    int number = ranks.number();
    state.unlessAbsent = room(state.unlessAbsent, number);
    if (state.unlessAbsent[number] == NO_LITERAL) {
      state.unlessAbsent[number] = kernel.addSet(d, ranks.set(), Domains.UNLESS_ABSENT);
    }
    return state.unlessAbsent[number];
  }

  private static int[] room(int[] literals, int number) {
    if (number < literals.length) {
      return literals;
    }
    int[] grown = Arrays.copyOf(literals, Math.max(number + 1, literals.length * 2));
    Arrays.fill(grown, literals.length, grown.length, NO_LITERAL);
    return grown;
  }

  /** Whether a rank may still be chosen. */
  boolean isAllowed(int d, int rank) {
    return !kernel.isFalse(kernel.rankLiteral(d, rank));
  }

  /** How many ranks may still be chosen, counted up to a limit. */
  int allowed(int d, int limit) {
    int count = 0;
    for (int rank = kernel.domains.size[d] - 1; rank >= 0 && count < limit; rank--) {
      count += isAllowed(d, rank) ? 1 : 0;
    }
    return count;
  }

  int highest(int d) {
    int rank = kernel.domains.size[d] - 1;
    while (rank >= 0 && !isAllowed(d, rank)) {
      rank--;
    }
    return rank;
  }

  int lowest(int d) {
    for (int rank = 0; rank < kernel.domains.size[d]; rank++) {
      if (isAllowed(d, rank)) {
        return rank;
      }
    }
    return -1;
  }
}
