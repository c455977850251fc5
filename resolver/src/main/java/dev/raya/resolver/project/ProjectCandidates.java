package dev.raya.resolver.project;

import dev.raya.resolver.audit.Advisory;
import dev.raya.resolver.audit.QuarantineList;
import dev.raya.resolver.explain.Relaxation;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.StatusLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.index.IndexSource.IndexAnswer;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.FeatureItem;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PublishedConstraint;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.policy.Exclusion;
import dev.raya.resolver.policy.ReleasePolicy;
import dev.raya.resolver.solve.Candidate;
import dev.raya.resolver.solve.CandidateSource;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.version.Age;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of a project's resolution: from index documents, and from the manifests of path
 * packages. What may not be chosen unless it is locked is masked with its reason. Thread-safe.
 */
public final class ProjectCandidates implements CandidateSource {
  private static final String UNVERSIONED = "0.0.0";

  private final ProjectManifests manifests;
  private final ResolveOptions options;
  private final IndexSources indexes;
  private final Set<String> kept;
  private final Map<PackageName, Loosened> loosened;
  private final Map<String, IndexAnswer> answers = new ConcurrentHashMap<>();

  /** What a walk has asked for, the search after it and the explanation ask for again. */
  private final Map<String, CompletionStage<List<Candidate>>> asked = new ConcurrentHashMap<>();

  /** How an explanation tries without an entry of {@code [constraints]}. */
  private enum Loosened {
    /** It lets pre-releases in its range through. */
    FOR_PRE_RELEASES,
    /** It is not there. */
    DROPPED
  }

  /**
   * Takes what the candidates come from.
   *
   * @param manifests the project's
   * @param options what the command adds
   * @param indexes where index documents come from
   * @param kept locked versions that are kept if they may be, the solver's name and the version
   */
  public ProjectCandidates(
      ProjectManifests manifests, ResolveOptions options, IndexSources indexes, Set<String> kept) {
    this(manifests, options, indexes, kept, Map.of());
  }

  private ProjectCandidates(
      ProjectManifests manifests,
      ResolveOptions options,
      IndexSources indexes,
      Set<String> kept,
      Map<PackageName, Loosened> loosened) {
    this.manifests = manifests;
    this.options = options;
    this.indexes = indexes;
    this.kept = Set.copyOf(kept);
    this.loosened = Map.copyOf(loosened);
  }

  /**
   * The rules that an explanation tries without: ages and dates of releases, and entries of {@code
   * [constraints]}. Licences and advisories are not among them: nobody is advised to ignore those.
   */
  List<Relaxation> relaxations() {
    List<Relaxation> relaxations = new ArrayList<>();
    ReleasePolicy policy = options.policy();
    if (!policy.minReleaseAge().isZero()) {
      relaxations.add(
          new Relaxation(
              "allow-young",
              "take releases younger than "
                  + Age.text(policy.minReleaseAge())
                  + " (--min-release-age 0s)",
              under(policy.withMinReleaseAge(Duration.ZERO))));
    }
    Instant newest = policy.excludeNewer();
    if (newest != null) {
      relaxations.add(
          new Relaxation(
              "allow-newer",
              "take releases newer than " + newest + " (no --exclude-newer)",
              under(policy.withExcludeNewer(null))));
    }
    for (Manifest.Constraint constraint : manifests.root().constraints().values()) {
      String words =
          constraint.name() + " \"" + constraint.range() + "\" (" + constraint.position() + ')';
      relaxations.add(
          new Relaxation(
              "widen-constraint",
              "name the pre-release in the constraint too: " + words,
              loosened(constraint.name(), Loosened.FOR_PRE_RELEASES)));
      relaxations.add(
          new Relaxation(
              "drop-constraint",
              "drop the constraint " + words,
              loosened(constraint.name(), Loosened.DROPPED)));
    }
    return relaxations;
  }

  private ProjectCandidates loosened(PackageName name, Loosened how) {
    return new ProjectCandidates(manifests, options, indexes, kept, Map.of(name, how));
  }

  private ProjectCandidates under(ReleasePolicy policy) {
    return new ProjectCandidates(manifests, options.withPolicy(policy), indexes, kept, loosened);
  }

  @Override
  public CompletionStage<List<Candidate>> candidates(String text) {
    CompletionStage<List<Candidate>> known = asked.get(text);
    if (known == null) {
      CompletionStage<List<Candidate>> made = made(text);
      known = asked.putIfAbsent(text, made);
      known = known == null ? made : known;
    }
    return known;
  }

  private CompletionStage<List<Candidate>> made(String text) {
    RequiredName required = RequiredName.tryParse(text);
    if (required == null) {
      return CompletableFuture.completedFuture(List.of());
    }
    Manifest local = local(required.name());
    if (local != null) {
      return CompletableFuture.completedFuture(
          List.of(candidate(local, manifests.isMember(required.name()))));
    }
    VersionLine archive = archive(required.name());
    if (archive != null) {
      Exclusion exclusion = excluded(required, archive, constraintOn(required.name()));
      return CompletableFuture.completedFuture(
          List.of(candidate(archive, null, exclusion == null ? "" : exclusion.text())));
    }
    IndexSource index = indexes.of(required.origin());
    if (index == null) {
      return CompletableFuture.completedFuture(List.of());
    }
    return index
        .document(required.name())
        .thenCombine(
            indexes.quarantine(required.origin()),
            (answer, quarantine) -> {
              answers.put(text, answer);
              return switch (answer) {
                case IndexAnswer.Found(IndexDocument document) ->
                    candidates(required, document, quarantine);
                case IndexAnswer.Absent absent -> List.of();
              };
            });
  }

  /** The name by which the solver knows a package that is required from a registry. */
  RequiredName required(PackageName name, @Nullable String origin) {
    boolean plain = origin == null || origin.equals(options.origin()) || manifests.isFixed(name);
    return new RequiredName(name, plain ? null : origin);
  }

  /** What its registry's index said of a name that the solver asked for; null if it did not. */
  public @Nullable IndexAnswer answer(String solverName) {
    return answers.get(solverName);
  }

  /** What the index of its registry said of a package that was asked for, or null. */
  @Nullable IndexAnswer answer(RequiredName name) {
    return answers.get(name.text());
  }

  /** What the index said of a package that was asked for; null if it was not. */
  public @Nullable IndexAnswer answer(PackageName name) {
    return answers.get(name.text());
  }

  /** The manifest of a path or git package, or null. */
  @Nullable Manifest local(PackageName name) {
    return manifests.local(name);
  }

  /** What an index would say of a package that comes from an archive's address, or null. */
  @Nullable VersionLine archive(PackageName name) {
    return manifests.fetched(name) instanceof FetchedPackage.FromUrl archive
        ? archive.line()
        : null;
  }

  /** The version of a path package. */
  static Version versionOf(Manifest manifest) {
    Version version = manifest.version();
    if (version != null) {
      return version;
    }
    try {
      return Version.parse(UNVERSIONED);
    } catch (VersionException e) {
      throw new IllegalStateException(e);
    }
  }

  private Candidate candidate(Manifest manifest, boolean member) {
    List<Need> needs = new ArrayList<>();
    if (member) {
      for (Dependency dependency : manifests.developmentOf(manifest)) {
        needs.add(need(dependency, List.of()));
      }
    }
    for (Dependency dependency : manifest.dependencies().values()) {
      if (!dependency.optional()) {
        needs.add(need(dependency, List.of()));
      }
    }
    Map<String, Candidate.Feature> features = new LinkedHashMap<>();
    manifest
        .features()
        .forEach(
            (feature, items) -> {
              List<Need> optional = new ArrayList<>();
              List<String> others = new ArrayList<>();
              for (FeatureItem item : items) {
                switch (item) {
                  case FeatureItem.OtherFeature(String other) -> others.add(other);
                  case FeatureItem.OptionalDependency(PackageName alias) ->
                      addIfKnown(manifest, alias, List.of(), optional);
                  case FeatureItem.FeatureOf(PackageName alias, String asked) ->
                      addIfKnown(manifest, alias, List.of(asked), optional);
                }
              }
              features.put(feature, new Candidate.Feature(optional, others));
            });
    return new Candidate(versionOf(manifest), needs, List.of(), features, "");
  }

  private void addIfKnown(
      Manifest manifest, PackageName alias, List<String> features, List<Need> needs) {
    Dependency dependency = manifest.dependencies().get(alias);
    if (dependency != null) {
      needs.add(need(dependency, features));
    }
  }

  /** The requirement that a manifest's entry states. */
  Need need(Dependency dependency, List<String> more) {
    List<String> features = new ArrayList<>(dependency.features());
    features.addAll(more);
    if (dependency.defaultFeatures()) {
      features.add(Candidate.DEFAULT_FEATURE);
    }
    return new Need(
        required(dependency.name(), manifests.foreign().originOf(dependency)).text(),
        dependency.rangeOrAny(),
        features.stream().distinct().sorted().toList(),
        dependency.position().toString());
  }

  private List<Candidate> candidates(
      RequiredName required, IndexDocument document, QuarantineList quarantine) {
    Map<Version, StatusLine> statuses = document.statuses();
    VersionRange allowed = constraintOn(document.name());
    List<Candidate> candidates = new ArrayList<>();
    for (VersionLine line : document.versions()) {
      Exclusion exclusion =
          exclusion(required, line, allowed, statuses.get(line.version()), quarantine);
      boolean locked = kept.contains(required.text() + ' ' + line.version().precedence());
      if (locked && exclusion != null && !exclusion.sparesLocked()) {
        // A mask spares locked versions; this one may not be chosen although it is locked.
        continue;
      }
      candidates.add(candidate(line, required.origin(), exclusion == null ? "" : exclusion.text()));
    }
    return Collections.unmodifiableList(candidates);
  }

  private Candidate candidate(VersionLine line, @Nullable String origin, String mask) {
    return new Candidate(
        line.version(),
        needs(line, origin),
        constraints(line, origin),
        features(line, origin),
        mask);
  }

  private @Nullable VersionRange constraintOn(PackageName name) {
    Manifest.Constraint constraint = manifests.root().constraints().get(name);
    return constraint == null || loosened.get(name) == Loosened.DROPPED ? null : constraint.range();
  }

  /** Why a version is no candidate, reasons that hold for locked ones first; null if it is one. */
  private @Nullable Exclusion exclusion(
      RequiredName required,
      VersionLine line,
      @Nullable VersionRange allowed,
      @Nullable StatusLine status,
      QuarantineList quarantine) {
    Exclusion never = excluded(required, line, allowed);
    if (never != null) {
      return never;
    }
    String held = quarantine.reason(required.name(), line.version());
    return held != null ? new Exclusion.Quarantined(held) : masked(required.name(), line, status);
  }

  /** Why a version may not be chosen even if it is locked; null if it may. */
  private @Nullable Exclusion excluded(
      RequiredName of, VersionLine line, @Nullable VersionRange allowed) {
    PackageName name = of.name();
    // A raya range is compared by plain precedence (packages.md section 1).
    if (!line.raya().contains(options.toolchain())) {
      return new Exclusion.OtherToolchain(line.raya(), options.toolchain());
    }
    boolean preReleases = options.preReleases() || loosened.get(name) == Loosened.FOR_PRE_RELEASES;
    if (allowed != null && !allowed.matches(line.version(), preReleases)) {
      return new Exclusion.Constrained(allowed, allowed.contains(line.version()));
    }
    for (PublishedDependency dependency : line.dependencies()) {
      RequiredName required = required(dependency, of.origin());
      if (required.origin() != null && indexes.of(required.origin()) == null) {
        return new Exclusion.OtherRegistry(dependency.name(), required.origin());
      }
    }
    String refusal = options.policy().licenses().refusal(line.license());
    if (refusal != null) {
      return new Exclusion.LicenseRefused(refusal);
    }
    List<Advisory> hits = options.policy().refused().hitting(name, line.version());
    return hits.isEmpty() ? null : new Exclusion.Advised(hits.stream().map(Advisory::id).toList());
  }

  /** Why a version may not be chosen unless it is locked; null if it may. */
  private @Nullable Exclusion masked(
      PackageName name, VersionLine line, @Nullable StatusLine status) {
    ReleasePolicy policy = options.policy();
    if (status != null && status.tombstone()) {
      return new Exclusion.TakenDown();
    }
    if (status != null && status.yanked()) {
      return new Exclusion.Yanked(!policy.yankedNever());
    }
    Duration age = Duration.between(line.time(), options.now());
    if (age.compareTo(policy.minReleaseAge()) < 0 && !policy.ageExempt().contains(name)) {
      return new Exclusion.TooYoung(age, policy.minReleaseAge());
    }
    Instant newest = policy.excludeNewer();
    return newest != null && line.time().isAfter(newest) ? new Exclusion.TooNew(newest) : null;
  }

  private RequiredName required(PublishedDependency dependency, @Nullable String origin) {
    String registry = dependency.registry();
    return required(dependency.name(), registry == null ? origin : registry);
  }

  private List<Need> needs(VersionLine line, @Nullable String origin) {
    List<Need> needs = new ArrayList<>();
    for (PublishedDependency dependency : line.dependencies()) {
      if (!dependency.optional()) {
        needs.add(need(dependency, origin, List.of()));
      }
    }
    return needs;
  }

  private Need need(PublishedDependency dependency, @Nullable String origin, List<String> more) {
    List<String> features = new ArrayList<>(dependency.features());
    features.addAll(more);
    if (dependency.defaultFeatures()) {
      features.add(Candidate.DEFAULT_FEATURE);
    }
    return new Need(
        required(dependency, origin).text(),
        dependency.range(),
        features.stream().distinct().sorted().toList(),
        "");
  }

  private List<Need> constraints(VersionLine line, @Nullable String origin) {
    List<Need> constraints = new ArrayList<>();
    for (PublishedConstraint constraint : line.constraints()) {
      constraints.add(new Need(required(constraint.name(), origin).text(), constraint.range()));
    }
    return constraints;
  }

  private Map<String, Candidate.Feature> features(VersionLine line, @Nullable String origin) {
    Map<String, Candidate.Feature> features = new LinkedHashMap<>();
    line.features()
        .forEach(
            (feature, items) -> {
              List<Need> needs = new ArrayList<>();
              List<String> others = new ArrayList<>();
              for (String text : items) {
                switch (FeatureItem.tryParse(text)) {
                  case FeatureItem.OtherFeature(String other) -> others.add(other);
                  case FeatureItem.OptionalDependency(PackageName alias) ->
                      addIfKnown(line, origin, alias, List.of(), needs);
                  case FeatureItem.FeatureOf(PackageName alias, String asked) ->
                      addIfKnown(line, origin, alias, List.of(asked), needs);
                  case null -> {
                    // The reader of index documents lets no other text through.
                  }
                }
              }
              features.put(feature, new Candidate.Feature(needs, others));
            });
    return features;
  }

  private void addIfKnown(
      VersionLine line,
      @Nullable String origin,
      PackageName alias,
      List<String> features,
      List<Need> needs) {
    for (PublishedDependency dependency : line.dependencies()) {
      if (dependency.alias().equals(alias)) {
        needs.add(need(dependency, origin, features));
      }
    }
  }
}
