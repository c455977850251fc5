package dev.raya.resolver.solve;

import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The solution of a request where nothing has to be searched for: each requirement is met by the
 * version that it would take by itself, the locked one or else the highest, all requirements on a
 * name take the same, and no constraint forbids what came together. A {@link Solver} then comes to
 * the same without a conflict, since whatever it decides first leaves all others their first
 * choice. Where any of that is not so there is no answer, and the solver has to find out.
 *
 * <p>Serves one walk, on the thread that calls it; it does not recurse.
 */
public final class FirstChoices {
  private final SolverRequest request;
  private final CandidateSource source;
  private final Map<String, CompletionStage<List<Candidate>>> asked = new HashMap<>();
  private final Map<String, Part> parts = new HashMap<>();
  private final Deque<Edge> open = new ArrayDeque<>();

  /** A requirement with its effective range. */
  private record Edge(String name, VersionRange range, List<String> features) {}

  /** A chosen version and the features that are on. */
  private static final class Part {
    final Candidate candidate;
    final Set<String> features = new TreeSet<>();

    Part(Candidate candidate) {
      this.candidate = candidate;
    }
  }

  private FirstChoices(SolverRequest request, CandidateSource source) {
    this.request = request;
    this.source = source;
  }

  /**
   * The solution where every requirement has its first choice.
   *
   * @return as {@link SolverResult.Solved#chosen}; nothing if it takes a search to tell, or if the
   *     source could not answer for a name: a solver may do without it
   */
  public static Optional<List<Chosen>> of(SolverRequest request, CandidateSource source) {
    if (request.preference() != SolverRequest.Preference.HIGHEST) {
      return Optional.empty();
    }
    try {
      return new FirstChoices(request, source).walk();
    } catch (CompletionException unread) {
      return Optional.empty();
    }
  }

  private Optional<List<Chosen>> walk() {
    follow("", request.roots());
    while (!open.isEmpty()) {
      if (!meet(open.poll())) {
        return Optional.empty();
      }
    }
    List<Chosen> chosen = new ArrayList<>();
    for (Map.Entry<String, Part> each : parts.entrySet()) {
      Part part = each.getValue();
      if (!isAllowed(part.candidate)) {
        return Optional.empty();
      }
      chosen.add(new Chosen(each.getKey(), part.candidate.version(), List.copyOf(part.features)));
    }
    chosen.sort(Comparator.comparing(Chosen::name));
    return Optional.of(chosen);
  }

  /** Asks for all candidates at once, so that their documents arrive side by side. */
  private void follow(String from, List<Need> needs) {
    for (Need need : needs) {
      asked.computeIfAbsent(need.name(), source::candidates);
      open.add(new Edge(need.name(), request.effective(from, need), need.features()));
    }
  }

  /** Whether a requirement can have its first choice beside the choices before it. */
  private boolean meet(Edge edge) {
    Candidate first = first(edge);
    Part part = parts.get(edge.name());
    if (first == null || (part != null && part.candidate != first)) {
      return false;
    }
    if (part == null) {
      part = new Part(first);
      parts.put(edge.name(), part);
      follow(edge.name(), first.needs());
    }
    return switchOn(edge.name(), part, edge.features());
  }

  /** What a requirement takes by itself, or null where it has no plain first choice. */
  private @Nullable Candidate first(Edge edge) {
    CompletionStage<List<Candidate>> answer = asked.get(edge.name());
    List<Version> locked = request.locked().getOrDefault(edge.name(), List.of());
    if (answer == null || locked.size() > 1) {
      return null;
    }
    Candidate best = null;
    for (Candidate each : answer.toCompletableFuture().join()) {
      boolean kept = !locked.isEmpty() && each.version().equals(locked.getFirst());
      boolean eligible =
          locked.isEmpty()
              ? !each.masked() && (best == null || each.version().compareTo(best.version()) > 0)
              : kept;
      if (eligible && edge.range().matches(each.version(), request.preReleases())) {
        best = each;
      }
    }
    return best;
  }

  /** Whether the version has the features; only {@code default} need not be there. */
  private boolean switchOn(String name, Part part, List<String> features) {
    Deque<String> more = new ArrayDeque<>(features);
    while (!more.isEmpty()) {
      String wanted = more.poll();
      Candidate.Feature feature = part.candidate.features().get(wanted);
      if (feature != null) {
        if (part.features.add(wanted)) {
          follow(name, feature.needs());
          more.addAll(feature.features());
        }
      } else if (!wanted.equals(Candidate.DEFAULT_FEATURE)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the constraints of a version let through what came together; none is overridden. */
  private boolean isAllowed(Candidate candidate) {
    for (Need constraint : candidate.constraints()) {
      Part other = parts.get(constraint.name());
      if (other != null
          && !constraint.range().matches(other.candidate.version(), request.preReleases())) {
        return false;
      }
    }
    return true;
  }
}
