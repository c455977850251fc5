package dev.raya.resolver.solve;

import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no solution: a derivation of the contradiction. Its leaves are facts of the problem;
 * each inner node follows from its two parents. Nodes that are used more than once are the same
 * object.
 *
 * @param conclusion the contradiction
 */
public record Refutation(Node conclusion) {

  /** A node of the derivation. */
  public sealed interface Node {
    /** Statements that cannot all hold; none in the contradiction itself. */
    List<Statement> statements();
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
      List<Statement> statements)
      implements Node {
    /** Copies the lists in. */
    public Fact {
      versions = List.copyOf(versions);
      statements = List.copyOf(statements);
    }
  }

  /** The kinds of facts. */
  public enum FactKind {
    /** The project itself. */
    PROJECT,
    /** A requirement. */
    REQUIREMENT,
    /** A constraint on a package that is there for another reason. */
    CONSTRAINT,
    /** How features and choices between lines are put to the solver. */
    STRUCTURE
  }

  /**
   * What follows from two nodes.
   *
   * @param statements what cannot all hold
   * @param first one parent
   * @param second the other
   */
  public record Conclusion(List<Statement> statements, Node first, Node second) implements Node {
    /** Copies the list in. */
    public Conclusion {
      statements = List.copyOf(statements);
    }
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

  /** The facts of the derivation, each once, in the order in which they are first used. */
  public List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>(List.of(conclusion));
    while (!open.isEmpty()) {
      Node node = open.pop();
      if (!seen.add(node)) {
        continue;
      }
      switch (node) {
        case Fact fact -> facts.add(fact);
        case Conclusion derived -> {
          open.push(derived.second());
          open.push(derived.first());
        }
      }
    }
    return List.copyOf(facts);
  }

  /** Turns the engine's facts into nodes; iterative, since a derivation may be very deep. */
  static Refutation of(Incompatibility contradiction) {
    Map<Incompatibility, Node> nodes = new IdentityHashMap<>();
    Deque<Incompatibility> open = new ArrayDeque<>(List.of(contradiction));
    while (!open.isEmpty()) {
      Incompatibility top = open.peek();
      if (nodes.containsKey(top)) {
        open.pop();
        continue;
      }
      if (top.cause instanceof Cause.Learnt(Incompatibility first, Incompatibility second)) {
        Node a = nodes.get(first);
        Node b = nodes.get(second);
        if (a == null) {
          open.push(first);
        }
        if (b == null) {
          open.push(second);
        }
        if (a != null && b != null) {
          nodes.put(top, new Conclusion(statements(top), a, b));
          open.pop();
        }
      } else {
        nodes.put(top, fact(top));
        open.pop();
      }
    }
    Node root = nodes.get(contradiction);
    if (root == null) {
      throw new IllegalStateException("the contradiction was not reached");
    }
    return new Refutation(root);
  }

  private static Node fact(Incompatibility fact) {
    List<Statement> statements = statements(fact);
    return switch (fact.cause) {
      case Cause.Project() -> new Fact(FactKind.PROJECT, "", "", List.of(), null, null, statements);
      case Cause.Requirement(SolverPackage from, Need need, Need effective) ->
          new Fact(
              FactKind.REQUIREMENT,
              nameOf(from),
              from.feature,
              versionsOf(from, fact),
              need,
              effective.range(),
              statements);
      case Cause.Constraint(SolverPackage from, Need need) ->
          new Fact(
              FactKind.CONSTRAINT,
              nameOf(from),
              from.feature,
              versionsOf(from, fact),
              need,
              need.range(),
              statements);
      case Cause.Structure(SolverPackage from) ->
          new Fact(
              FactKind.STRUCTURE,
              nameOf(from),
              from.feature,
              versionsOf(from, fact),
              null,
              null,
              statements);
      case Cause.Learnt learnt -> throw new IllegalStateException("learnt facts have parents");
    };
  }

  private static String nameOf(SolverPackage from) {
    return from.kind == SolverPackage.Kind.PROJECT ? "" : from.name;
  }

  private static List<Version> versionsOf(SolverPackage from, Incompatibility fact) {
    for (Term term : fact.terms) {
      if (term.pkg() == from) {
        return versions(term);
      }
    }
    return List.of();
  }

  private static List<Statement> statements(Incompatibility fact) {
    List<Statement> statements = new ArrayList<>();
    for (Term term : fact.terms) {
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
