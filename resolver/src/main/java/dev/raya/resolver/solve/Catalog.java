package dev.raya.resolver.solve;

import dev.raya.resolver.version.CompatibilityLine;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The packages that searches meet, made as they are reached, and their requirements as facts over
 * ranks. It depends on what the request says about packages, not on the search, so that searches
 * for the same request may share one, one after another, and what one has read the next need not.
 * Not thread-safe.
 */
public final class Catalog {
  private final SolverRequest request;
  private final CandidateSource source;
  private final Map<String, CompletableFuture<List<Candidate>>> asked = new HashMap<>();

  /** For each name its packages: one in a single mode, else one for each line, ascending. */
  private final Map<String, List<SolverPackage>> byName = new HashMap<>();

  private final Map<String, SolverPackage> features = new HashMap<>();
  private final Map<String, SolverPackage> choices = new HashMap<>();
  private final List<SolverPackage> all = new ArrayList<>();

  private final List<Requirement> numbered = new ArrayList<>();

  final SolverPackage project;

  /** A catalog in which nothing is known yet. */
  public Catalog(SolverRequest request, CandidateSource source) {
    this.request = request;
    this.source = source;
    this.project = add(SolverPackage.Kind.PROJECT, "", "", List.of(), 1, null, List.of());
  }

  /** What is asked of its packages. */
  SolverRequest request() {
    return request;
  }

  private SolverPackage add(
      SolverPackage.Kind kind,
      String name,
      String feature,
      List<Candidate> candidates,
      int universe,
      @Nullable SolverPackage base,
      List<Term> lines) {
    SolverPackage pkg =
        new SolverPackage(all.size(), kind, name, feature, candidates, universe, base, lines);
    all.add(pkg);
    return pkg;
  }

  List<SolverPackage> packages() {
    return all;
  }

  /** Asks for a package's candidates without waiting. */
  void prefetch(String name) {
    future(name);
  }

  private CompletableFuture<List<Candidate>> future(String name) {
    return asked.computeIfAbsent(name, n -> source.candidates(n).toCompletableFuture());
  }

  /**
   * The packages of a name; none if nothing of it may be chosen. Waits for its candidates.
   *
   * @throws CompletionException if the source could not answer
   */
  List<SolverPackage> versionsOf(String name) {
    List<SolverPackage> known = byName.get(name);
    if (known != null) {
      return known;
    }
    List<Version> locked = request.locked().getOrDefault(name, List.of());
    List<Candidate> open = new ArrayList<>();
    for (Candidate candidate : future(name).join()) {
      if (!candidate.masked() || locked.contains(candidate.version())) {
        open.add(candidate);
      }
    }
    open.sort(
        Comparator.comparing(Candidate::version)
            .thenComparing(candidate -> candidate.version().text()));
    boolean single =
        request.mode() == SolverRequest.Mode.SINGLE || request.singletons().contains(name);
    Map<CompatibilityLine, List<Candidate>> lines = new LinkedHashMap<>();
    for (Candidate candidate : open) {
      CompatibilityLine line =
          single ? new CompatibilityLine("*") : CompatibilityLine.of(candidate.version());
      lines.computeIfAbsent(line, l -> new ArrayList<>()).add(candidate);
    }
    List<SolverPackage> packages = new ArrayList<>();
    for (List<Candidate> line : lines.values()) {
      SolverPackage pkg =
          add(
              SolverPackage.Kind.VERSIONS,
              name,
              "",
              List.copyOf(line),
              line.size(),
              null,
              List.of());
      if (!locked.isEmpty()) {
        pkg.locked =
            IntStream.range(0, line.size())
                .map(i -> line.size() - 1 - i)
                .filter(rank -> locked.contains(pkg.version(rank)))
                .toArray();
      }
      packages.add(pkg);
    }
    byName.put(name, packages);
    return packages;
  }

  /** The range that a requirement of {@code from} really has: an override replaces it. */
  VersionRange effective(SolverPackage from, Need need) {
    return request.effective(from.name, need);
  }

  /** What the ranks of a package require. */
  Requirements requirements(SolverPackage pkg) {
    Requirements known = pkg.requirements;
    if (known == null) {
      known = Requirements.of(pkg, request, numbered.size());
      numbered.addAll(known.all());
      pkg.requirements = known;
    }
    return known;
  }

  /** How many requirements have a number. */
  int requirementCount() {
    return numbered.size();
  }

  /** The requirement of a number. */
  Requirement requirement(int number) {
    return numbered.get(number);
  }

  /** Whether the candidates that a requirement is about are here, so that nothing waits. */
  boolean isKnown(Requirement requirement) {
    return requirement.facts != null || byName.containsKey(requirement.need.name());
  }

  /**
   * The facts that a requirement means. Waits for the candidates of the name it is about.
   *
   * @throws CompletionException if the source could not answer
   */
  List<Fact> facts(Requirement requirement) {
    List<Fact> known = requirement.facts;
    if (known == null) {
      known = requirement.constraint ? constraining(requirement) : requiring(requirement);
      requirement.facts = known;
    }
    return known;
  }

  private static RankSet ranks(Requirement requirement) {
    RankSet.Builder ranks = new RankSet.Builder();
    for (int rank : requirement.ranks) {
      ranks.add(rank);
    }
    return ranks.build();
  }

  private List<Fact> constraining(Requirement requirement) {
    List<Fact> facts = new ArrayList<>();
    Need need = requirement.effective;
    for (SolverPackage target : versionsOf(need.name())) {
      RankSet allowed = matching(target, need.range());
      if (!allowed.equals(target.all)) {
        facts.add(
            Fact.constrains(
                requirement.from, ranks(requirement), new Term(target, allowed), requirement));
      }
    }
    return List.copyOf(facts);
  }

  private List<Fact> requiring(Requirement requirement) {
    RankSet ranks = ranks(requirement);
    List<Term> terms = terms(requirement.effective);
    if (terms.isEmpty()) {
      return List.of(Fact.never(requirement.from, ranks, requirement));
    }
    List<Fact> facts = new ArrayList<>();
    for (Term term : terms) {
      facts.add(Fact.needs(requirement.from, ranks, term, requirement));
    }
    return List.copyOf(facts);
  }

  /** A feature belongs to its version, and switches on other features of it. */
  List<Fact> featureFacts(SolverPackage pkg, SolverPackage base, int rank) {
    RankSet one = RankSet.of(rank);
    List<Fact> facts = new ArrayList<>();
    facts.add(Fact.needs(pkg, one, new Term(base, one), null));
    Candidate.Feature feature = pkg.candidates.get(rank).features().get(pkg.feature);
    if (feature != null) {
      for (String implied : feature.features()) {
        SolverPackage other = feature(base, implied);
        if (other != pkg) {
          facts.add(Fact.needs(pkg, one, new Term(other, one), null));
        }
      }
    }
    return facts;
  }

  /** Ranks of a package that lie in a range. */
  RankSet matching(SolverPackage pkg, VersionRange range) {
    return RankSet.of(range.matching(pkg.versions, request.preReleases()));
  }

  /** The terms that a requirement asks for, all of them; none if nothing can meet it. */
  List<Term> terms(Need need) {
    List<List<Term>> lines = new ArrayList<>();
    for (SolverPackage pkg : versionsOf(need.name())) {
      List<Term> line = lineTerms(pkg, need);
      if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    if (lines.size() <= 1) {
      return lines.isEmpty() ? List.of() : lines.getFirst();
    }
    SolverPackage choice = choice(need, lines);
    return List.of(new Term(choice, choice.all));
  }

  private List<Term> lineTerms(SolverPackage pkg, Need need) {
    RankSet set = matching(pkg, need.range());
    List<String> features = new ArrayList<>();
    for (String feature : need.features()) {
      RankSet having = having(pkg, feature);
      if (!feature.equals(Candidate.DEFAULT_FEATURE)) {
        set = set.and(having);
      }
      if (!having.isEmpty()) {
        features.add(feature);
      }
    }
    if (set.isEmpty()) {
      return List.of();
    }
    List<Term> terms = new ArrayList<>();
    terms.add(new Term(pkg, set));
    for (String feature : features) {
      terms.add(new Term(feature(pkg, feature), set));
    }
    return terms;
  }

  private static RankSet having(SolverPackage pkg, String feature) {
    RankSet.Builder set = new RankSet.Builder();
    for (int rank = 0; rank < pkg.universe(); rank++) {
      if (pkg.candidates.get(rank).features().containsKey(feature)) {
        set.add(rank);
      }
    }
    return set.build();
  }

  /** The package of a feature, whose version is that of its base. */
  SolverPackage feature(SolverPackage base, String feature) {
    String key = base.id + "[" + feature;
    SolverPackage known = features.get(key);
    if (known != null) {
      return known;
    }
    SolverPackage pkg =
        add(
            SolverPackage.Kind.FEATURE,
            base.name,
            feature,
            base.candidates,
            base.universe(),
            base,
            List.of());
    features.put(key, pkg);
    // A version without a default feature has nothing to switch on; of any other it is no
    // candidate.
    RankSet having = feature.equals(Candidate.DEFAULT_FEATURE) ? base.all : having(base, feature);
    List<Fact> structure = new ArrayList<>();
    RankSet lacking = pkg.all.minus(having);
    if (!lacking.isEmpty()) {
      structure.add(Fact.never(pkg, lacking, null));
    }
    if (!having.isEmpty()) {
      structure.add(Fact.needs(pkg, pkg.all, new Term(base, having), null));
    }
    pkg.structure = List.copyOf(structure);
    return pkg;
  }

  private SolverPackage choice(Need need, List<List<Term>> lines) {
    String key = need.name() + ' ' + need.range().text() + ' ' + need.features();
    SolverPackage known = choices.get(key);
    if (known != null) {
      return known;
    }
    List<Term> first = new ArrayList<>();
    for (List<Term> line : lines) {
      first.add(line.getFirst());
    }
    SolverPackage pkg =
        add(
            SolverPackage.Kind.CHOICE,
            need.name(),
            "",
            List.of(),
            lines.size(),
            null,
            List.copyOf(first));
    choices.put(key, pkg);
    List<Fact> structure = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      for (Term term : lines.get(i)) {
        structure.add(Fact.needs(pkg, RankSet.of(i), term, null));
      }
    }
    pkg.structure = List.copyOf(structure);
    return pkg;
  }
}
