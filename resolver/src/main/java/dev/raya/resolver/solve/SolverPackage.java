package dev.raya.resolver.solve;

import dev.raya.resolver.version.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A package as a search sees it, with its universe of ranks. Besides real packages (one for each
 * name, or for each name and compatibility line) there are the project, features, and choices
 * between lines. Holds nothing of a single search, so that several may share it, one after another.
 */
final class SolverPackage {
  /** What a package of the search stands for. */
  enum Kind {
    /** The project, with one rank. */
    PROJECT,
    /** Versions of a name. */
    VERSIONS,
    /** Versions of a name with a feature switched on; ranks as those of {@link #base}. */
    FEATURE,
    /** A requirement that several lines can meet; a rank is a line. */
    CHOICE
  }

  final int id;
  final Kind kind;
  final String name;
  final String feature;
  final List<Candidate> candidates;
  final @Nullable SolverPackage base;

  /** For a choice: the lines' packages and which of their ranks meet the requirement. */
  final List<Term> lines;

  final RankSet all;

  /** The candidates' versions, ascending. */
  final List<Version> versions;

  private final Map<RankSet, Ranks> sets = new HashMap<>();

  /** Facts that hold of it by what it is. */
  List<Fact> structure = List.of();

  /** What its ranks require, once it was asked; see {@link Catalog#requirements}. */
  @Nullable Requirements requirements;

  /**
   * Where locked versions stand, the highest first: one of several only where lines do not part.
   */
  int[] locked = {};

  SolverPackage(
      int id,
      Kind kind,
      String name,
      String feature,
      List<Candidate> candidates,
      int universe,
      @Nullable SolverPackage base,
      List<Term> lines) {
    this.id = id;
    this.kind = kind;
    this.name = name;
    this.feature = feature;
    this.candidates = candidates;
    this.base = base;
    this.lines = lines;
    this.versions =
        base == null ? candidates.stream().map(Candidate::version).toList() : base.versions;
    this.all = RankSet.full(universe);
  }

  /** Whether a rank is that of a locked version. */
  boolean isLocked(int rank) {
    for (int kept : locked) {
      if (kept == rank) {
        return true;
      }
    }
    return false;
  }

  int universe() {
    return switch (kind) {
      case PROJECT -> 1;
      case VERSIONS, FEATURE -> candidates.size();
      case CHOICE -> lines.size();
    };
  }

  Version version(int rank) {
    return versions.get(rank);
  }

  /** A set of its ranks as facts mention it. */
  Ranks ranks(RankSet set) {
    Ranks known = sets.get(set);
    if (known == null) {
      int first = set.lowest();
      boolean single = first >= 0 && set.next(first + 1) < 0;
      known = new Ranks(set, sets.size(), single ? first : -1, set.equals(all));
      sets.put(set, known);
    }
    return known;
  }
}
