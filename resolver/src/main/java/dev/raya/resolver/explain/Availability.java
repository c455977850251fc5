package dev.raya.resolver.explain;

import dev.raya.resolver.solve.Candidate;
import dev.raya.resolver.solve.CandidateSource;
import dev.raya.resolver.solve.CoreNeed;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverRequest.Mode;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What there is to meet a requirement, and what is left out. */
final class Availability {
  /** Why a prerelease does not match by itself. */
  static final String PRE_RELEASE = "a pre-release, which only matches if it is asked for";

  /** Why a constraint keeps a pre-release out that lies in its range. */
  static final String PRE_RELEASE_NOT_NAMED =
      "a pre-release, which a constraint only allows if it names one of the same version";

  private final SolverRequest request;
  private final CandidateSource source;
  private final Situation situation;
  private final Map<String, List<Candidate>> known = new HashMap<>();
  private final Map<String, List<Version>> versions = new HashMap<>();

  /** Whether versions meet a requirement, and if none do, why not. */
  enum State {
    MET,
    NO_PACKAGE,
    NO_VERSION,
    ONLY_MASKED,
    NO_FEATURE
  }

  Availability(SolverRequest request, CandidateSource source, Situation situation) {
    this.request = request;
    this.source = source;
    this.situation = situation;
  }

  SolverRequest request() {
    return request;
  }

  CandidateSource source() {
    return source;
  }

  Situation situation() {
    return situation;
  }

  List<Candidate> candidates(String name) {
    return known.computeIfAbsent(
        name,
        n -> {
          List<Candidate> sorted =
              new ArrayList<>(source.candidates(n).toCompletableFuture().join());
          sorted.sort(Comparator.comparing(Candidate::version));
          return List.copyOf(sorted);
        });
  }

  List<Version> versions(String name) {
    return versions.computeIfAbsent(
        name, n -> candidates(n).stream().map(Candidate::version).toList());
  }

  VersionRange effective(CoreNeed need) {
    return need.constraint() ? need.need().range() : request.effective(need.pkg(), need.need());
  }

  /** The versions that meet a requirement, ascending. */
  List<Version> meeting(CoreNeed need) {
    List<String> features = need.need().requiredFeatures();
    return matching(need)
        .filter(candidate -> candidate.features().keySet().containsAll(features))
        .map(Candidate::version)
        .toList();
  }

  /** Candidates that may be chosen and whose versions match, ascending. */
  private Stream<Candidate> matching(CoreNeed need) {
    String name = need.need().name();
    List<Candidate> all = candidates(name);
    return effective(need).matching(versions(name), request.preReleases()).stream()
        .mapToObj(all::get)
        .filter(candidate -> isOpen(name, candidate));
  }

  private boolean isOpen(String name, Candidate candidate) {
    return !candidate.masked()
        || request.locked().getOrDefault(name, List.of()).contains(candidate.version());
  }

  State state(CoreNeed need) {
    Need stated = need.need();
    if (need.constraint() || !meeting(need).isEmpty()) {
      return State.MET;
    }
    List<Candidate> all = candidates(stated.name());
    if (all.isEmpty()) {
      return State.NO_PACKAGE;
    }
    if (matching(need).findAny().isPresent()) {
      return State.NO_FEATURE;
    }
    return leftOut(need).isEmpty() ? State.NO_VERSION : State.ONLY_MASKED;
  }

  /** Whether pre-releases lie in a requirement's range that it does not let through. */
  boolean leavesPreReleasesOut(CoreNeed need) {
    Collection<String> reasons = leftOut(need).values();
    return reasons.contains(PRE_RELEASE) || reasons.contains(PRE_RELEASE_NOT_NAMED);
  }

  /** Versions that lie in a requirement's range and are not considered, each with the reason. */
  Map<Version, String> leftOut(CoreNeed need) {
    Map<Version, String> left = new TreeMap<>();
    VersionRange range = effective(need);
    for (Candidate candidate : candidates(need.need().name())) {
      Version version = candidate.version();
      if (!range.contains(version)) {
        continue;
      }
      // What nobody asks for is not missed for any other reason.
      if (!range.matches(version, request.preReleases())) {
        left.put(version, need.constraint() ? PRE_RELEASE_NOT_NAMED : PRE_RELEASE);
      } else if (!isOpen(need.need().name(), candidate)) {
        left.put(version, candidate.mask());
      }
    }
    return left;
  }

  /**
   * Whether no version meets all of these requirements on one package, which must have just one.
   */
  boolean clash(List<CoreNeed> needs) {
    String name = needs.getFirst().need().name();
    Set<Version> left = new HashSet<>(openVersions(name));
    Set<Version> any = new HashSet<>();
    for (CoreNeed need : needs) {
      List<Version> meeting = meeting(need);
      left.retainAll(meeting);
      if (!need.constraint()) {
        any.addAll(meeting);
      }
    }
    boolean one =
        request.mode() == Mode.SINGLE
            || request.singletons().contains(name)
            || any.stream().map(Version::line).distinct().count() == 1;
    return left.isEmpty() && one;
  }

  /**
   * Why versions of two lines of a package cannot be there together, although lines of one name
   * usually may; empty if nothing special forbids it.
   */
  String whySingle(String name, List<Version> some, List<Version> others) {
    boolean oneLine =
        Stream.concat(some.stream(), others.stream()).map(Version::line).distinct().count() <= 1;
    if (oneLine) {
      return "";
    }
    if (request.singletons().contains(name)) {
      return "of which there can be only one";
    }
    return request.mode() == Mode.SINGLE && !situation.strict().isEmpty()
        ? "of which the strict strategy allows only one"
        : "";
  }

  /** Whether versions of the two lists cannot be chosen side by side. */
  boolean isSingle(String name, List<Version> some, List<Version> others) {
    return request.mode() == Mode.SINGLE
        || request.singletons().contains(name)
        || Stream.concat(some.stream(), others.stream()).map(Version::line).distinct().count() == 1;
  }

  private List<Version> openVersions(String name) {
    return candidates(name).stream()
        .filter(candidate -> isOpen(name, candidate))
        .map(Candidate::version)
        .toList();
  }
}
