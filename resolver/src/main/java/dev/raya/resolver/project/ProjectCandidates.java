package dev.raya.resolver.project;

import dev.raya.resolver.audit.Advisory;
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
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
  private final IndexSource index;
  private final Set<String> kept;
  private final Map<String, IndexAnswer> answers = new ConcurrentHashMap<>();

  /**
   * Takes what the candidates come from.
   *
   * @param manifests the project's
   * @param options what the command adds
   * @param index where index documents come from
   * @param kept locked versions that are kept if they may be, {@code name version}
   */
  public ProjectCandidates(
      ProjectManifests manifests, ResolveOptions options, IndexSource index, Set<String> kept) {
    this.manifests = manifests;
    this.options = options;
    this.index = index;
    this.kept = Set.copyOf(kept);
  }

  @Override
  public CompletionStage<List<Candidate>> candidates(String text) {
    PackageName name = PackageName.tryParse(text);
    if (name == null) {
      return CompletableFuture.completedFuture(List.of());
    }
    Manifest local = local(name);
    if (local != null) {
      return CompletableFuture.completedFuture(List.of(candidate(local)));
    }
    return index
        .document(name)
        .thenApply(
            answer -> {
              answers.put(text, answer);
              return switch (answer) {
                case IndexAnswer.Found(IndexDocument document) -> candidates(document);
                case IndexAnswer.Absent absent -> List.of();
              };
            });
  }

  /** What the index said of a package that was asked for; null if it was not. */
  public @Nullable IndexAnswer answer(PackageName name) {
    return answers.get(name.text());
  }

  /** The manifest of a path package, or null. */
  @Nullable Manifest local(PackageName name) {
    String path = manifests.pathOf(name);
    return path == null ? null : manifests.paths().get(path);
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

  private static Candidate candidate(Manifest manifest) {
    List<Need> needs = new ArrayList<>();
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

  private static void addIfKnown(
      Manifest manifest, PackageName alias, List<String> features, List<Need> needs) {
    Dependency dependency = manifest.dependencies().get(alias);
    if (dependency != null) {
      needs.add(need(dependency, features));
    }
  }

  /** The requirement that a manifest's entry states. */
  static Need need(Dependency dependency, List<String> more) {
    List<String> features = new ArrayList<>(dependency.features());
    features.addAll(more);
    if (dependency.defaultFeatures()) {
      features.add(Candidate.DEFAULT_FEATURE);
    }
    return new Need(
        dependency.name().text(),
        dependency.rangeOrAny(),
        features.stream().distinct().sorted().toList(),
        dependency.position().toString());
  }

  private List<Candidate> candidates(IndexDocument document) {
    Map<Version, StatusLine> statuses = document.statuses();
    VersionRange allowed = constraintOn(document.name());
    List<Candidate> candidates = new ArrayList<>();
    for (VersionLine line : document.versions()) {
      Exclusion exclusion = exclusion(document.name(), line, allowed, statuses.get(line.version()));
      boolean locked = kept.contains(document.name().text() + ' ' + line.version().precedence());
      if (locked && exclusion != null && !exclusion.sparesLocked()) {
        // A mask spares locked versions; this one may not be chosen although it is locked.
        continue;
      }
      candidates.add(
          new Candidate(
              line.version(),
              needs(line),
              constraints(line),
              features(line),
              exclusion == null ? "" : exclusion.text()));
    }
    return candidates;
  }

  private @Nullable VersionRange constraintOn(PackageName name) {
    Manifest.Constraint constraint = manifests.root().constraints().get(name);
    return constraint == null ? null : constraint.range();
  }

  /** Why a version is no candidate, reasons that hold for locked ones first; null if it is one. */
  private @Nullable Exclusion exclusion(
      PackageName name,
      VersionLine line,
      @Nullable VersionRange allowed,
      @Nullable StatusLine status) {
    Exclusion never = excluded(name, line, allowed);
    return never != null ? never : masked(name, line, status);
  }

  /** Why a version may not be chosen even if it is locked; null if it may. */
  private @Nullable Exclusion excluded(
      PackageName name, VersionLine line, @Nullable VersionRange allowed) {
    // A raya range is compared by plain precedence (packages.md section 1).
    if (!line.raya().contains(options.toolchain())) {
      return new Exclusion.OtherToolchain(line.raya(), options.toolchain());
    }
    if (allowed != null && !allowed.matches(line.version(), options.preReleases())) {
      return new Exclusion.Constrained(allowed);
    }
    for (PublishedDependency dependency : line.dependencies()) {
      String registry = dependency.registry();
      if (registry != null && !registry.equals(options.origin())) {
        return new Exclusion.OtherRegistry(dependency.name(), registry);
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

  private static List<Need> needs(VersionLine line) {
    List<Need> needs = new ArrayList<>();
    for (PublishedDependency dependency : line.dependencies()) {
      if (!dependency.optional()) {
        needs.add(need(dependency, List.of()));
      }
    }
    return needs;
  }

  private static Need need(PublishedDependency dependency, List<String> more) {
    List<String> features = new ArrayList<>(dependency.features());
    features.addAll(more);
    if (dependency.defaultFeatures()) {
      features.add(Candidate.DEFAULT_FEATURE);
    }
    return new Need(
        dependency.name().text(),
        dependency.range(),
        features.stream().distinct().sorted().toList(),
        "");
  }

  private static List<Need> constraints(VersionLine line) {
    List<Need> constraints = new ArrayList<>();
    for (PublishedConstraint constraint : line.constraints()) {
      constraints.add(new Need(constraint.name().text(), constraint.range()));
    }
    return constraints;
  }

  private static Map<String, Candidate.Feature> features(VersionLine line) {
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
                      addIfKnown(line, alias, List.of(), needs);
                  case FeatureItem.FeatureOf(PackageName alias, String asked) ->
                      addIfKnown(line, alias, List.of(asked), needs);
                  case null -> {
                    // The reader of index documents lets no other text through.
                  }
                }
              }
              features.put(feature, new Candidate.Feature(needs, others));
            });
    return features;
  }

  private static void addIfKnown(
      VersionLine line, PackageName alias, List<String> features, List<Need> needs) {
    for (PublishedDependency dependency : line.dependencies()) {
      if (dependency.alias().equals(alias)) {
        needs.add(need(dependency, features));
      }
    }
  }
}
