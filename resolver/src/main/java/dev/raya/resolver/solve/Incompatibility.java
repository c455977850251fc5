package dev.raya.resolver.solve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A fact: these terms do not all hold. Terms are about different packages. The first two are
 * watched; the engine reorders them, nothing else changes.
 */
final class Incompatibility {
  final Term[] terms;
  final Cause cause;

  Incompatibility(List<Term> terms, Cause cause) {
    this.terms = terms.toArray(new Term[0]);
    this.cause = cause;
  }

  /**
   * A fact whose terms may share packages: those of one package are joined, in order of first
   * mention.
   */
  static Incompatibility joining(List<Term> terms, Cause cause) {
    Map<SolverPackage, Term> joined = new LinkedHashMap<>();
    for (Term term : terms) {
      joined.merge(term.pkg(), term, Term::and);
    }
    List<Term> kept = new ArrayList<>();
    for (Term term : joined.values()) {
      if (!term.isTrivial()) {
        kept.add(term);
      }
    }
    return new Incompatibility(kept, cause);
  }
}
