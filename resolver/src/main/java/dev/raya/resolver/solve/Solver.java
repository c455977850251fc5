package dev.raya.resolver.solve;

import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.solve.SolverResult.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Finds versions that meet a request, or a derivation of why there are none. Complete: it finds a
 * solution whenever one exists, within the conflict budget. Deterministic: the answer depends on
 * the request and on what the source says, not on the order or time of its answers.
 *
 * <p>While no conflict has happened, packages are decided in the cheap order: locked ones, those
 * with one candidate left, then in the order seen, so that the common case visits only the answer.
 * After the first conflict the package with the highest decayed conflict activity goes first. After
 * {@link #ORDERLY} conflicts the problem is no ordinary one: then all facts that are at hand are
 * put to the kernel, and any literal may be decided, the most active first.
 *
 * <p>One solver serves one search, on the thread that calls it; it does not recurse.
 */
public final class Solver {
  /** Conflicts after which the search is no longer led by what is preferred; see the class. */
  private static final long ORDERLY = 100;

  private static final int LAST_ORDER = 1023;
  private static final int SEEN_BITS = 26;

  private final SolverRequest request;
  private final Catalog catalog;
  private final Search search;

  /** Whether requirements are left out; then it only counts whether there is a solution. */
  private final boolean partial;

  private final Kernel kernel;
  private final LongHeap queue = new LongHeap();
  private final Set<String> direct = new HashSet<>();
  private final Ints seen = new Ints();
  private final Restarts restarts = new Restarts();
  private int seenCount;
  private boolean free;
  private long decisions;

  /** Takes the request and where the candidates come from. */
  public Solver(SolverRequest request, CandidateSource source) {
    this(request, new Catalog(request, source), null);
  }

  /** Takes packages of which earlier solves may have read some. */
  public Solver(Catalog catalog) {
    this(catalog.request(), catalog, null);
  }

  /**
   * A search that leaves some of the problem out.
   *
   * @param request that of the catalog, but for the budget
   * @param kept numbers of the requirements that count, or null if all do
   */
  Solver(SolverRequest request, Catalog catalog, @Nullable BitSet kept) {
    this.request = request;
    this.catalog = catalog;
    this.partial = kept != null;
    this.search = new Search(catalog, kept, this::opened);
    this.kernel = search.kernel;
  }

  /**
   * Searches.
   *
   * @throws CompletionException if the source could not answer; its cause says why
   */
  public SolverResult solve() {
    for (Need root : request.roots()) {
      direct.add(root.name());
      catalog.prefetch(root.name());
    }
    search.begin();
    while (true) {
      int conflict = kernel.propagate();
      if (conflict != Kernel.NONE) {
        if (!kernel.resolve(conflict)) {
          return new SolverResult.Unsolvable(Refutation.of(search), statistics());
        }
        if (kernel.conflicts() >= request.conflictBudget()) {
          return new SolverResult.GaveUp(statistics());
        }
        pace();
      } else if (!search.expandChosen() && !step()) {
        return new SolverResult.Solved(partial ? List.of() : chosen(), statistics());
      }
    }
  }

  /** Sets the search free, or starts it over, where it is time. */
  private void pace() {
    long conflicts = kernel.conflicts();
    if (!free && conflicts >= ORDERLY) {
      free = true;
      kernel.restart();
      search.expandAll();
      kernel.decideFreely();
    } else if (free && restarts.isTime(kernel.lastDistance())) {
      kernel.restart();
    }
  }

  private Statistics statistics() {
    return new Statistics(decisions, kernel.conflicts());
  }

  /** Decides something. False if everything that must be there is. */
  private boolean step() {
    if (free) {
      int literal = kernel.openDomains() == 0 ? -1 : kernel.nextFree();
      if (literal < 0) {
        return false;
      }
      decisions++;
      kernel.decide(literal);
      return true;
    }
    int d = next();
    if (d < 0) {
      return false;
    }
    int rank = preferred(d);
    if (search.expand(d, rank)) {
      push(d);
    } else {
      decisions++;
      kernel.decide(kernel.rankLiteral(d, rank));
    }
    return true;
  }

  private void opened(int d) {
    while (seen.size() <= d) {
      seen.add(-1);
    }
    if (seen.get(d) < 0) {
      seen.set(d, seenCount++);
    }
    if (!free) {
      push(d);
    }
  }

  private void push(int d) {
    queue.add(((long) order(d) << SEEN_BITS | seen.get(d)) << SEEN_BITS | d);
  }

  /**
   * The cheap order: what leaves no choice first, choices between lines last and the narrower of
   * them earlier, so that the wider find lines that are there already.
   */
  private int order(int d) {
    SolverPackage pkg = search.packages.get(d);
    return switch (pkg.kind) {
      case PROJECT -> 0;
      case VERSIONS -> pkg.locked.length > 0 ? 1 : search.allowed(d, 2) == 1 ? 2 : 3;
      case FEATURE -> 4;
      case CHOICE -> Math.min(LAST_ORDER, 4 + pkg.universe());
    };
  }

  private boolean isOpen(int d) {
    return kernel.domains.present[d] && kernel.domains.chosen[d] < 0;
  }

  private int next() {
    int best = -1;
    for (int i = 0; i < kernel.raised.size(); i++) {
      int d = kernel.raised.get(i);
      if (isOpen(d) && (best < 0 || comesBefore(d, best))) {
        best = d;
      }
    }
    while (best < 0 && !queue.isEmpty()) {
      int d = (int) (queue.poll() & (1L << SEEN_BITS) - 1);
      if (isOpen(d)) {
        best = d;
      }
    }
    return best;
  }

  private boolean comesBefore(int a, int b) {
    double more = kernel.domainActivity.activity(a) - kernel.domainActivity.activity(b);
    if (more != 0) {
      return more > 0;
    }
    int size =
        Integer.compare(search.allowed(a, Integer.MAX_VALUE), search.allowed(b, Integer.MAX_VALUE));
    return size != 0 ? size < 0 : seen.get(a) < seen.get(b);
  }

  private int preferred(int d) {
    SolverPackage pkg = search.packages.get(d);
    return switch (pkg.kind) {
      case PROJECT -> 0;
      case CHOICE -> preferredLine(d, pkg);
      case FEATURE -> preferredOfBase(d, pkg.base == null ? pkg : pkg.base);
      case VERSIONS -> {
        for (int rank : pkg.locked) {
          if (search.isAllowed(d, rank)) {
            yield rank;
          }
        }
        yield lowest(pkg) ? search.lowest(d) : search.highest(d);
      }
    };
  }

  /** A feature goes with the version that its package has or would get. */
  private int preferredOfBase(int d, SolverPackage base) {
    int other = search.known(base);
    for (int rank : base.locked) {
      if (search.isAllowed(d, rank) && (other < 0 || search.isAllowed(other, rank))) {
        return rank;
      }
    }
    int best = -1;
    for (int rank = 0; rank < base.universe(); rank++) {
      if (search.isAllowed(d, rank) && (other < 0 || search.isAllowed(other, rank))) {
        best = best >= 0 && lowest(base) ? best : rank;
      }
    }
    return best >= 0 ? best : lowest(base) ? search.lowest(d) : search.highest(d);
  }

  private boolean lowest(SolverPackage pkg) {
    return switch (request.preference()) {
      case HIGHEST -> false;
      case LOWEST -> true;
      case LOWEST_DIRECT -> direct.contains(pkg.name);
    };
  }

  private static boolean hasLocked(Term term) {
    for (int rank : term.pkg().locked) {
      if (term.set().contains(rank)) {
        return true;
      }
    }
    return false;
  }

  /** A line that must be there anyway, else a locked one, else the newest (or oldest). */
  private int preferredLine(int choice, SolverPackage pkg) {
    int best = -1;
    int bestScore = -1;
    for (int line = 0; line < pkg.universe(); line++) {
      if (!search.isAllowed(choice, line)) {
        continue;
      }
      Term term = pkg.lines.get(line);
      int d = search.domain(term.pkg());
      boolean open = !kernel.isFalse(search.within(d, term.pkg().ranks(term.set())));
      int score =
          (open ? 4 : 0) + (open && kernel.domains.present[d] ? 2 : 0) + (hasLocked(term) ? 1 : 0);
      boolean later = !lowest(term.pkg()) || best < 0;
      if (score > bestScore || (score == bestScore && later)) {
        best = line;
        bestScore = score;
      }
    }
    return best;
  }

  /** After a solution was found: for each package's id in the catalog its rank, or −1. */
  int[] choices() {
    int[] choices = new int[catalog.packages().size()];
    Arrays.fill(choices, -1);
    for (int d = 0; d < search.packages.size(); d++) {
      choices[search.packages.get(d).id] = kernel.domains.chosen[d];
    }
    return choices;
  }

  private List<Chosen> chosen() {
    int[] rankOf = choices();
    List<Chosen> chosen = closure(rankOf);
    boolean raises = free;
    while (true) {
      // What was decided and is not needed in the end may have held others down meanwhile.
      raises |= leaveOut(rankOf, chosen);
      if (!raises || !new Raising(search, rankOf).run(this::order)) {
        return chosen;
      }
      chosen = closure(rankOf);
    }
  }

  /** Takes back the choice of what nobody needs; whether there was any. */
  private boolean leaveOut(int[] rankOf, List<Chosen> chosen) {
    Set<String> needed = new HashSet<>();
    for (Chosen one : chosen) {
      needed.add(one.name() + ' ' + one.version().text());
    }
    boolean left = false;
    for (SolverPackage pkg : search.packages) {
      int rank = rankOf[pkg.id];
      SolverPackage versions = pkg.base == null ? pkg : pkg.base;
      if (rank >= 0
          && versions.kind == SolverPackage.Kind.VERSIONS
          && !needed.contains(versions.name + ' ' + versions.version(rank).text())) {
        rankOf[pkg.id] = -1;
        left = true;
      }
    }
    if (left) {
      leaveChoices(rankOf);
    }
    return left;
  }

  /**
   * Takes back the choices of lines that only what was left out has asked for, and turns those that
   * chose what was left out to a line that is there.
   */
  private void leaveChoices(int[] rankOf) {
    Set<SolverPackage> asked = new HashSet<>();
    for (SolverPackage pkg : search.packages) {
      int rank = rankOf[pkg.id];
      if (rank >= 0 && pkg.kind != SolverPackage.Kind.CHOICE) {
        Requirements requirements = catalog.requirements(pkg);
        for (int index : requirements.byRank()[rank]) {
          for (Fact fact : catalog.facts(requirements.all().get(index))) {
            asked.add(fact.target());
          }
        }
      }
    }
    for (SolverPackage pkg : search.packages) {
      if (pkg.kind == SolverPackage.Kind.CHOICE && rankOf[pkg.id] >= 0) {
        rankOf[pkg.id] = asked.contains(pkg) ? presentLine(rankOf, pkg) : -1;
      }
    }
  }

  /** The chosen line of a choice, or where it was left out the highest one that meets it. */
  private static int presentLine(int[] rankOf, SolverPackage choice) {
    int line = rankOf[choice.id];
    for (int other = choice.universe(); other >= 0; other--) {
      int tried = other == choice.universe() ? line : other;
      Term term = choice.lines.get(tried);
      int rank = term.pkg().id < rankOf.length ? rankOf[term.pkg().id] : -1;
      if (rank >= 0 && term.set().contains(rank)) {
        return tried;
      }
    }
    return line;
  }

  /** The ranks of a package, the most preferred first. */
  private int[] order(SolverPackage pkg) {
    int universe = pkg.universe();
    int[] order = new int[universe];
    int count = 0;
    for (int rank : pkg.locked) {
      order[count++] = rank;
    }
    for (int i = 0; i < universe; i++) {
      int rank = lowest(pkg) ? i : universe - 1 - i;
      if (!pkg.isLocked(rank)) {
        order[count++] = rank;
      }
    }
    return order;
  }

  /** What the project needs of a solution. */
  private List<Chosen> closure(int[] rankOf) {
    Map<SolverPackage, Closure.Decided> decided = new LinkedHashMap<>();
    for (SolverPackage pkg : search.packages) {
      if (rankOf[pkg.id] >= 0 && pkg.kind == SolverPackage.Kind.VERSIONS) {
        decided.put(pkg, new Closure.Decided(rankOf[pkg.id], new ArrayList<>()));
      }
    }
    for (SolverPackage pkg : search.packages) {
      Closure.Decided base = pkg.base == null ? null : decided.get(pkg.base);
      if (base != null && rankOf[pkg.id] >= 0) {
        base.features().add(pkg.feature);
      }
    }
    List<Chosen> chosen = new ArrayList<>(Closure.of(catalog, request.roots(), decided));
    chosen.sort(Comparator.comparing(Chosen::name).thenComparing(Chosen::version));
    return chosen;
  }
}
