package dev.raya.resolver.bench;

import dev.raya.resolver.solve.Candidate;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.SolverRequest.Mode;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.version.CompatibilityLine;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sat4j.core.VecInt;
import org.sat4j.minisat.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.ISolver;
import org.sat4j.specs.TimeoutException;

/**
 * SAT4J on the plain translation of a problem without features: a variable for each version, a
 * clause for each need, a cardinality constraint for each package or line. Decides only.
 */
final class Sat4jPeer {
  private static final int SECONDS = 60;

  private Sat4jPeer() {}

  private record Row(List<Candidate> ascending, List<Version> versions, int first) {}

  static boolean isSatisfiable(Problem problem) {
    ISolver solver = SolverFactory.newDefault();
    solver.setTimeout(SECONDS);
    Map<String, Row> rows = new HashMap<>();
    int next = 1;
    for (Map.Entry<String, List<Candidate>> pkg : problem.packages().entrySet()) {
      List<Candidate> ascending = new ArrayList<>(pkg.getValue());
      ascending.sort((a, b) -> a.version().compareTo(b.version()));
      List<Version> versions = ascending.stream().map(Candidate::version).toList();
      rows.put(pkg.getKey(), new Row(ascending, versions, next));
      next += ascending.size();
    }
    solver.newVar(next);
    try {
      for (Need root : problem.request().roots()) {
        need(solver, rows, problem, 0, root);
      }
      for (Row row : rows.values()) {
        Map<Object, VecInt> lines = new HashMap<>();
        for (int i = 0; i < row.versions().size(); i++) {
          Object line =
              problem.request().mode() == Mode.SINGLE
                  ? ""
                  : CompatibilityLine.of(row.versions().get(i));
          lines.computeIfAbsent(line, l -> new VecInt()).push(row.first() + i);
          for (Need need : row.ascending().get(i).needs()) {
            need(solver, rows, problem, row.first() + i, need);
          }
        }
        for (VecInt line : lines.values()) {
          solver.addAtMost(line, 1);
        }
      }
      return solver.isSatisfiable();
    } catch (ContradictionException e) {
      return false;
    } catch (TimeoutException e) {
      throw new IllegalStateException(problem.name(), e);
    }
  }

  private static void need(
      ISolver solver, Map<String, Row> rows, Problem problem, int from, Need need)
      throws ContradictionException {
    VecInt clause = new VecInt();
    if (from > 0) {
      clause.push(-from);
    }
    Row row = rows.get(need.name());
    if (row != null) {
      BitSet matching = need.range().matching(row.versions(), problem.request().preReleases());
      for (int i = matching.nextSetBit(0); i >= 0; i = matching.nextSetBit(i + 1)) {
        clause.push(row.first() + i);
      }
    }
    solver.addClause(clause);
  }
}
