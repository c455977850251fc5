package dev.raya.resolver.solve;

import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.solve.SolverResult.Statistics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
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
 * After the first conflict the package with the highest decayed conflict activity goes first.
 *
 * <p>One solver serves one search, on the thread that calls it; it does not recurse.
 */
public final class Solver {
  /** Conflicts before the search first starts over; real graphs stay far below. */
  private static final long FIRST_RESTART = 1_000;

  private static final long RESTART_UNIT = 128;

  private final SolverRequest request;
  private final Universe universe;
  private final Facts facts;
  private final Engine engine;
  private final PriorityQueue<Queued> queue =
      new PriorityQueue<>(
          Comparator.comparingInt(Queued::rank)
              .thenComparingInt(Queued::seen)
              .thenComparing(queued -> queued.pkg().name));
  private final Set<String> direct = new HashSet<>();
  private long restartAt = FIRST_RESTART;
  private long restarts;
  private int seen;
  private long decisions;

  private record Queued(SolverPackage pkg, int rank, int seen) {}

  /** Takes the request and where the candidates come from. */
  public Solver(SolverRequest request, CandidateSource source) {
    this.request = request;
    this.universe = new Universe(request, source);
    this.facts = new Facts(universe, request);
    this.engine = new Engine(this::needed);
  }

  /**
   * Searches.
   *
   * @throws CompletionException if the source could not answer; its cause says why
   */
  public SolverResult solve() {
    for (Need root : request.roots()) {
      direct.add(root.name());
      universe.prefetch(root.name());
    }
    Incompatibility violated =
        engine.add(
            new Incompatibility(
                List.of(new Term(universe.project, universe.project.all, false)),
                new Cause.Project()));
    while (true) {
      if (violated == null) {
        violated = engine.propagate();
      }
      if (violated != null) {
        Incompatibility contradiction = engine.resolve(violated);
        if (contradiction != null) {
          return new SolverResult.Unsolvable(Refutation.of(contradiction), statistics());
        }
        if (engine.conflicts() >= request.conflictBudget()) {
          return new SolverResult.GaveUp(statistics());
        }
        violated = engine.conflicts() >= restartAt ? restart() : null;
        continue;
      }
      SolverPackage next = next();
      if (next == null) {
        return new SolverResult.Solved(chosen(), statistics());
      }
      violated = choose(next);
    }
  }

  private @Nullable Incompatibility restart() {
    restarts++;
    restartAt = engine.conflicts() + RESTART_UNIT * luby(restarts);
    return engine.restart();
  }

  /** The sequence 1 1 2 1 1 2 4 … (Luby, Sinclair and Zuckerman, 1993), from 1. */
  private static long luby(long index) {
    long i = index;
    while (Long.bitCount(i + 1) != 1) {
      i -= Long.highestOneBit(i) - 1;
    }
    return (i + 1) >>> 1;
  }

  private Statistics statistics() {
    return new Statistics(decisions, engine.conflicts());
  }

  private void needed(SolverPackage pkg) {
    if (pkg.seen == Integer.MAX_VALUE) {
      pkg.seen = seen++;
    }
    queue.add(new Queued(pkg, order(pkg), pkg.seen));
  }

  /**
   * The cheap order: what leaves no choice first, choices between lines last and the narrower of
   * them earlier, so that the wider find lines that are there already.
   */
  private int order(SolverPackage pkg) {
    return switch (pkg.kind) {
      case PROJECT -> 0;
      case VERSIONS -> pkg.locked >= 0 ? 1 : engine.allowed(pkg).size() == 1 ? 2 : 3;
      case FEATURE -> 4;
      case CHOICE -> 4 + pkg.universe();
    };
  }

  private @Nullable SolverPackage next() {
    if (engine.conflicts() > 0) {
      SolverPackage best = null;
      for (SolverPackage pkg : engine.raised()) {
        if (!pkg.decided && engine.isNeeded(pkg) && (best == null || comesBefore(pkg, best))) {
          best = pkg;
        }
      }
      if (best != null) {
        return best;
      }
    }
    while (true) {
      Queued queued = queue.poll();
      if (queued == null) {
        return null;
      }
      if (!queued.pkg().decided && engine.isNeeded(queued.pkg())) {
        return queued.pkg();
      }
    }
  }

  private boolean comesBefore(SolverPackage a, SolverPackage b) {
    if (a.activity != b.activity) {
      return a.activity > b.activity;
    }
    int size = Integer.compare(engine.allowed(a).size(), engine.allowed(b).size());
    return size != 0 ? size < 0 : a.seen < b.seen;
  }

  /**
   * Puts the facts of the preferred rank to the engine; decides it once there is nothing new to
   * say.
   */
  private @Nullable Incompatibility choose(SolverPackage pkg) {
    int rank = preferred(pkg);
    if (pkg.expanded.contains(rank)) {
      decisions++;
      engine.decide(pkg, rank);
      return null;
    }
    Incompatibility violated = null;
    List<Incompatibility> fresh = facts.expand(pkg, rank);
    if (fresh.isEmpty()) {
      decisions++;
      engine.decide(pkg, rank);
      return null;
    }
    for (Incompatibility fact : fresh) {
      Incompatibility broken = engine.add(fact);
      if (violated == null) {
        violated = broken;
      }
    }
    queue.add(new Queued(pkg, order(pkg), pkg.seen));
    return violated;
  }

  private int preferred(SolverPackage pkg) {
    RankSet allowed = engine.allowed(pkg);
    return switch (pkg.kind) {
      case PROJECT -> 0;
      case CHOICE -> preferredLine(pkg, allowed);
      case FEATURE -> {
        SolverPackage base = pkg.base;
        RankSet both = base == null ? allowed : allowed.and(engine.allowed(base));
        RankSet open = both.isEmpty() ? allowed : both;
        int locked = base == null ? -1 : base.locked;
        yield locked >= 0 && open.contains(locked)
            ? locked
            : lowest(base == null ? pkg : base) ? open.lowest() : open.highest();
      }
      case VERSIONS ->
          pkg.locked >= 0 && allowed.contains(pkg.locked)
              ? pkg.locked
              : lowest(pkg) ? allowed.lowest() : allowed.highest();
    };
  }

  private boolean lowest(SolverPackage pkg) {
    return switch (request.preference()) {
      case HIGHEST -> false;
      case LOWEST -> true;
      case LOWEST_DIRECT -> direct.contains(pkg.name);
    };
  }

  /** A line that must be there anyway, else a locked one, else the newest (or oldest). */
  private int preferredLine(SolverPackage choice, RankSet allowed) {
    int best = -1;
    int bestScore = -1;
    for (int line = 0; line < choice.universe(); line++) {
      if (!allowed.contains(line)) {
        continue;
      }
      Term term = choice.lines.get(line);
      SolverPackage pkg = term.pkg();
      boolean open = !engine.allowed(pkg).isDisjointFrom(term.set());
      int score =
          (open ? 4 : 0)
              + (open && engine.isNeeded(pkg) ? 2 : 0)
              + (pkg.locked >= 0 && term.set().contains(pkg.locked) ? 1 : 0);
      boolean later = !lowest(pkg) || best < 0;
      if (score > bestScore || (score == bestScore && later)) {
        best = line;
        bestScore = score;
      }
    }
    return best;
  }

  private List<Chosen> chosen() {
    Map<SolverPackage, List<String>> features = new LinkedHashMap<>();
    for (SolverPackage pkg : universe.packages()) {
      if (pkg.decided && pkg.kind == SolverPackage.Kind.VERSIONS) {
        features.put(pkg, new ArrayList<>());
      }
    }
    for (SolverPackage pkg : universe.packages()) {
      if (pkg.decided && pkg.base != null) {
        features.getOrDefault(pkg.base, new ArrayList<>()).add(pkg.feature);
      }
    }
    List<Chosen> chosen = new ArrayList<>(Closure.of(universe, request.roots(), features));
    chosen.sort(Comparator.comparing(Chosen::name).thenComparing(Chosen::version));
    return chosen;
  }
}
