package dev.raya.resolver.solve;

import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A package of the search, with its universe of ranks and its state. Besides real packages (one for
 * each name, or for each name and compatibility line) there are the project, features, and choices
 * between lines. Owned by one search and its thread.
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

  /** Ranks that lie in a range, by the range's text. */
  final Map<String, RankSet> matching = new HashMap<>();

  /** Ranks whose facts were put to the engine. */
  RankSet expanded;

  /** Where a locked version stands, or −1. */
  int locked = -1;

  /** Whether the project itself asks for it. */
  boolean direct;

  /** Trail positions of the assignments to this package, ascending. */
  final IntList assignments = new IntList();

  /** Facts that watch a term of this package. */
  final List<Incompatibility> watchers = new ArrayList<>();

  boolean decided;

  /** The rank last decided. */
  int decidedRank = -1;

  boolean queued;
  double activity;

  /** Order in which packages were first needed. */
  int seen;

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
    this.versions = candidates.stream().map(Candidate::version).toList();
    this.all = RankSet.full(universe);
    this.expanded = RankSet.empty(universe);
    this.seen = Integer.MAX_VALUE;
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

  /** A growing list of ints. */
  static final class IntList {
    private int[] items = new int[4];
    private int size;

    void push(int item) {
      if (size == items.length) {
        items = java.util.Arrays.copyOf(items, size * 2);
      }
      items[size++] = item;
    }

    void pop() {
      size--;
    }

    int size() {
      return size;
    }

    int get(int index) {
      return items[index];
    }

    int last() {
      return items[size - 1];
    }
  }
}
