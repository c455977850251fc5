package dev.raya.resolver.solve;

import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no solution: facts of the problem that contradict each other. Drawn from the proof
 * when it is first asked for. Owned by the thread of the search.
 */
public final class Refutation {
  private final Search search;
  private @Nullable List<Fact> facts;

  private Refutation(Search search) {
    this.search = search;
  }

  /**
   * A fact of the problem.
   *
   * @param kind which
   * @param from the package whose versions require or constrain; empty for the project
   * @param feature the feature of those versions that requires it, or empty
   * @param versions those versions, ascending; none for the project
   * @param need what they require or constrain, as stated; null for structure
   * @param effective the range that counts: an override may have replaced that of the need; null
   *     for structure
   * @param statements what cannot all hold
   */
  public record Fact(
      FactKind kind,
      String from,
      String feature,
      List<Version> versions,
      @Nullable Need need,
      @Nullable VersionRange effective,
      List<Statement> statements) {
    /** Copies the lists in. */
    public Fact {
      versions = List.copyOf(versions);
      statements = List.copyOf(statements);
    }
  }

  /** The kinds of facts. */
  public enum FactKind {
    /** A requirement. */
    REQUIREMENT,
    /** A constraint on a package that is there for another reason. */
    CONSTRAINT,
    /** How features and choices between lines are put to the solver. */
    STRUCTURE
  }

  /**
   * A statement about one package.
   *
   * @param name the package; empty for the project
   * @param feature feature that it is about, or empty
   * @param versions the versions meant, ascending
   * @param all whether these are all candidates there are
   * @param chosen true for "one of them is chosen", false for "none of them is"
   */
  public record Statement(
      String name, String feature, List<Version> versions, boolean all, boolean chosen) {
    /** Copies the list in. */
    public Statement {
      versions = List.copyOf(versions);
    }
  }

  /** The refutation that a search ended with. */
  static Refutation of(Search search) {
    return new Refutation(search);
  }

  /** What is known of the packages. */
  Catalog catalog() {
    return search.catalog;
  }

  /** The facts, each once, in the order in which the search met them. */
  public List<Fact> facts() {
    List<Fact> known = facts;
    if (known == null) {
      BitSet used = used();
      List<Fact> drawn = new ArrayList<>(used.cardinality());
      for (int i = used.nextSetBit(0); i >= 0; i = used.nextSetBit(i + 1)) {
        drawn.add(fact(search.facts.get(i)));
      }
      known = List.copyOf(drawn);
      facts = known;
    }
    return known;
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

  private static Fact fact(dev.raya.resolver.solve.Fact fact) {
    SolverPackage from = fact.from();
    List<Version> versions = versions(new Term(from, fact.ranks().set(), true));
    List<Statement> statements = statements(fact.terms());
    Requirement requirement = fact.requirement();
    if (requirement == null) {
      return new Fact(
          FactKind.STRUCTURE, nameOf(from), from.feature, versions, null, null, statements);
    }
    return new Fact(
        requirement.constraint ? FactKind.CONSTRAINT : FactKind.REQUIREMENT,
        nameOf(from),
        from.feature,
        versions,
        requirement.need,
        requirement.effective.range(),
        statements);
  }

  private static String nameOf(SolverPackage from) {
    return from.kind == SolverPackage.Kind.PROJECT ? "" : from.name;
  }

  private static List<Statement> statements(List<Term> terms) {
    List<Statement> statements = new ArrayList<>();
    for (Term term : terms) {
      SolverPackage pkg = term.pkg();
      statements.add(
          new Statement(
              nameOf(pkg),
              pkg.feature,
              versions(term),
              term.set().equals(pkg.all),
              term.positive()));
    }
    return statements;
  }

  private static List<Version> versions(Term term) {
    SolverPackage pkg = term.pkg();
    List<Version> versions = new ArrayList<>();
    switch (pkg.kind) {
      case PROJECT -> {}
      case VERSIONS, FEATURE -> {
        for (int rank = 0; rank < pkg.universe(); rank++) {
          if (term.set().contains(rank)) {
            versions.add(pkg.version(rank));
          }
        }
      }
      case CHOICE -> {
        for (int line = 0; line < pkg.universe(); line++) {
          if (term.set().contains(line)) {
            versions.addAll(versions(pkg.lines.get(line)));
          }
        }
      }
    }
    return versions;
  }
}
