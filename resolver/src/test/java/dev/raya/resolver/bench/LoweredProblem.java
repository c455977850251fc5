package dev.raya.resolver.bench;

import dev.raya.resolver.solve.Candidate;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.SolverRequest.Mode;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemFile;
import dev.raya.resolver.version.CompatibilityLine;
import dev.raya.resolver.version.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a problem for solvers of other projects, which know neither our ranges nor compatibility
 * lines: packages are numbered and their versions are ranks from 0, oldest first. {@code p PACKAGE
 * COUNT} begins a package with so many versions, {@code d RANK TARGET RANGE} says what one of them
 * needs; a range is {@code none} or inclusive intervals of ranks ({@code 0-4,7-7}). Package 0 is
 * the project. A need that several lines of a name can meet becomes a package of its own whose
 * versions are these lines.
 *
 * <p>What a problem says of features, constraints, locks and overrides is not written; a problem
 * that has some is refused.
 */
final class LoweredProblem {
  private final Problem problem;
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder choices = new StringBuilder();
  private final Map<String, List<Line>> lines = new LinkedHashMap<>();
  private final Map<String, Integer> known = new HashMap<>();
  private int count = 1;

  /** A package of its own: the versions of a name, or of one compatibility line of it. */
  private static final class Line {
    final int number;
    final List<Candidate> candidates;
    final List<Version> versions;

    Line(int number, List<Candidate> candidates) {
      this.number = number;
      this.candidates = candidates;
      this.versions = candidates.stream().map(Candidate::version).toList();
    }
  }

  private LoweredProblem(Problem problem) {
    this.problem = problem;
  }

  /** Writes the problems of {@code args[1…]} to {@code args[0]/NAME.low}. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (int i = 1; i < args.length; i++) {
      for (Problem problem : ProblemFile.read(Path.of(args[i]))) {
        write(problem, folder);
      }
    }
  }

  private static void write(Problem problem, Path folder) throws IOException {
    if (isPlain(problem)) {
      Files.writeString(
          folder.resolve(problem.name().replace('/', '-') + ".low"),
          new LoweredProblem(problem).text());
    } else {
      System.err.println(problem.name() + ": has more than needs, left out");
    }
  }

  private static boolean isPlain(Problem problem) {
    return problem.request().locked().isEmpty()
        && problem.request().overrides().isEmpty()
        && problem.request().singletons().isEmpty()
        && problem.packages().values().stream()
            .flatMap(List::stream)
            .allMatch(
                candidate ->
                    candidate.constraints().isEmpty()
                        && candidate.features().isEmpty()
                        && !candidate.masked());
  }

  private String text() {
    problem.packages().forEach(this::number);
    out.append("p 0 1\n");
    problem.request().roots().forEach(need -> need(out, 0, need));
    for (List<Line> ofName : lines.values()) {
      for (Line line : ofName) {
        out.append("p ").append(line.number).append(' ');
        out.append(line.candidates.size()).append('\n');
        for (int rank = 0; rank < line.candidates.size(); rank++) {
          for (Need need : line.candidates.get(rank).needs()) {
            need(out, rank, need);
          }
        }
      }
    }
    return out.append(choices).toString();
  }

  private void number(String name, List<Candidate> candidates) {
    List<Candidate> ascending = new ArrayList<>(candidates);
    ascending.sort(Comparator.comparing(Candidate::version));
    Map<CompatibilityLine, List<Candidate>> byLine = new LinkedHashMap<>();
    for (Candidate candidate : ascending) {
      CompatibilityLine line =
          problem.request().mode() == Mode.SINGLE
              ? new CompatibilityLine("*")
              : CompatibilityLine.of(candidate.version());
      byLine.computeIfAbsent(line, l -> new ArrayList<>()).add(candidate);
    }
    List<Line> ofName = new ArrayList<>();
    for (List<Candidate> line : byLine.values()) {
      ofName.add(new Line(count++, line));
    }
    lines.put(name, ofName);
  }

  private void need(StringBuilder to, int rank, Need need) {
    Map<Line, BitSet> meeting = new LinkedHashMap<>();
    for (Line line : lines.getOrDefault(need.name(), List.of())) {
      BitSet ranks = need.range().matching(line.versions, problem.request().preReleases());
      if (!ranks.isEmpty()) {
        meeting.put(line, ranks);
      }
    }
    to.append("d ").append(rank).append(' ');
    if (meeting.isEmpty()) {
      to.append("0 none\n");
    } else if (meeting.size() == 1) {
      meeting.forEach((line, ranks) -> target(to, line.number, ranks));
    } else {
      to.append(choice(need, meeting)).append(" 0-").append(meeting.size() - 1).append('\n');
    }
  }

  private int choice(Need need, Map<Line, BitSet> meeting) {
    String key = need.name() + ' ' + need.range().text();
    Integer before = known.get(key);
    if (before != null) {
      return before;
    }
    int number = count++;
    known.put(key, number);
    choices.append("p ").append(number).append(' ').append(meeting.size()).append('\n');
    int rank = 0;
    for (Map.Entry<Line, BitSet> entry : meeting.entrySet()) {
      choices.append("d ").append(rank++).append(' ');
      target(choices, entry.getKey().number, entry.getValue());
    }
    return number;
  }

  private static void target(StringBuilder to, int number, BitSet ranks) {
    to.append(number);
    char separator = ' ';
    for (int low = ranks.nextSetBit(0); low >= 0; low = ranks.nextSetBit(low)) {
      int end = ranks.nextClearBit(low);
      to.append(separator).append(low).append('-').append(end - 1);
      separator = ',';
      low = end;
    }
    to.append('\n');
  }
}
