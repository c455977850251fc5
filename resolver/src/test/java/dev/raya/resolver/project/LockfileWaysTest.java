package dev.raya.resolver.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * There are several ways to a lockfile: a search over all index documents, a walk in its place, and
 * both beside the lockfile that is there, with the metadata of what is locked or without it. Which
 * of them is taken shows in nothing but the time it takes: whatever answers gives the same bytes,
 * also where documents cannot be read.
 */
final class LockfileWaysTest {
  private static final String UNREAD = "unread";
  private static final int PROJECTS = 600;
  private static final int MANY_PROJECTS = 30_000;
  private static final int EDITS = 3;

  private static final ResolveOptions OPTIONS =
      ResolveOptions.install(
          Instant.parse("2026-06-01T00:00:00Z"), version("1.0.0"), "https://raya.example");

  /** Ways that answered. */
  private enum Way {
    WALK,
    BESIDE,
    BESIDE_BY_WALK,
    WITHOUT_METADATA,
    WITHOUT_METADATA_OF_PRE_RELEASES,
    WITH_UNREAD_DOCUMENTS
  }

  private final Map<Way, Integer> answered = new EnumMap<>(Way.class);
  private final List<String> differences = new ArrayList<>();

  @Test
  void allWaysComeToTheSameLockfile() throws Exception {
    check(0, PROJECTS);
    assertThat(differences).isEmpty();
    for (Way way : Way.values()) {
      assertThat(answered).as(way.name()).containsKey(way);
    }
    assertThat(answered.get(Way.WALK)).isGreaterThan(PROJECTS / 4);
    assertThat(answered.get(Way.BESIDE)).isGreaterThan(PROJECTS / 2);
    assertThat(answered.get(Way.WITHOUT_METADATA)).isGreaterThan(PROJECTS / 20);
  }

  /** Names with several locked versions, of which the project kept others than a search does. */
  @ParameterizedTest
  @ValueSource(longs = {1734, 2024})
  void waysThatOnceWereDifferent(long seed) throws Exception {
    check(seed, seed + 1);
    assertThat(differences).isEmpty();
  }

  /** What is locked to a pre-release is walked through without its metadata like all else. */
  @Test
  void aLockedPreReleaseCanBePlain() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry().with("aa 1.0.0 bb^1.1.0-rc.1").with("bb 1.1.0-rc.1").with("cc 1.0.0");
    ProjectManifests before = needing("aa = \"^1\"");
    Lockfile lockfile =
        ((ProjectResolution.Resolved)
                new ProjectResolver(before, null, OPTIONS, registry).resolve())
            .lockfile();
    KeptVersions plain =
        KeptVersions.of(lockfile, locked -> assumed(registry, locked), registry).orElseThrow();
    ProjectManifests more = needing("aa = \"^1\"\ncc = \"*\"");
    ProjectResolution.Resolved walked =
        new ProjectResolver(more, lockfile, OPTIONS, plain).resolveWithoutSearch().orElseThrow();
    assertThat(text(walked.lockfile()))
        .contains("1.1.0-rc.1")
        .isEqualTo(outcome(new ProjectResolver(more, lockfile, OPTIONS, registry), true));
  }

  /** The lockfile has it in both cases: by a range that names it, and by the options of then. */
  @Test
  void aPreReleaseThatNoRangeNamesIsNotKeptWithoutTheOption() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 bb^1.0")
            .with("bb 1.0.0")
            .with("bb 1.1.0-rc.1")
            .with("cc 1.0.0");
    ProjectManifests before = needing("aa = \"^1\"");
    Lockfile lockfile =
        ((ProjectResolution.Resolved)
                new ProjectResolver(before, null, OPTIONS.withPreReleases(true), registry)
                    .resolve())
            .lockfile();
    assertThat(ids(lockfile)).containsExactly("aa 1.0.0", "bb 1.1.0-rc.1");
    ProjectManifests more = needing("aa = \"^1\"\ncc = \"*\"");
    for (ResolveOptions options : List.of(OPTIONS, OPTIONS.withPreReleases(true))) {
      KeptVersions plain =
          KeptVersions.of(lockfile, locked -> assumed(registry, locked), registry).orElseThrow();
      String searched = outcome(new ProjectResolver(more, lockfile, options, registry), true);
      new ProjectResolver(more, lockfile, options, plain)
          .resolveWithoutSearch()
          .ifPresent(walked -> assertThat(text(walked.lockfile())).isEqualTo(searched));
    }
  }

  /** The search after a walk that could not answer, and the check of first choices, ask no more. */
  @Test
  void everyDocumentIsReadOnce() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 bb^1 cc^1")
            .with("bb 1.0.0 cc^1.0.0")
            .with("cc 1.0.0")
            .with("cc 1.1.0")
            .with("dd 1.0.0 cc^1");
    registry.yank("cc", "1.1.0");
    List<String> asked = new ArrayList<>();
    IndexSource counting =
        name -> {
          asked.add(name.text());
          return registry.document(name);
        };
    ProjectManifests project = needing("aa = \"^1\"\ndd = \"*\"\ncc = \"^1 || ^2\"");
    assertThat(outcome(new ProjectResolver(project, null, OPTIONS, counting), false))
        .contains("cc");
    assertThat(asked).containsExactlyInAnyOrder("aa", "bb", "cc", "dd");
    asked.clear();
    registry.with("bb 2.0.0").with("ee 1.0.0 bb^1").with("ee 2.0.0 bb^3");
    ProjectManifests hard = needing("aa = \"^1\"\nee = \"*\"");
    assertThat(outcome(new ProjectResolver(hard, null, OPTIONS, counting), false))
        .as("a search")
        .contains("name = \"ee\"\nversion = \"1.0.0\"");
    assertThat(asked).containsExactlyInAnyOrder("aa", "bb", "cc", "ee");
  }

  private static Version version(String text) {
    try {
      return Version.parse(text);
    } catch (VersionException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  private static ProjectManifests needing(String dependencies) throws Exception {
    return new ProjectManifests(
        ManifestReader.read(
            "raya.toml",
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\n"
                + dependencies
                + '\n'));
  }

  @Test
  @Tag("long")
  void allWaysComeToTheSameLockfileInManyMoreProjects() throws Exception {
    check(PROJECTS, MANY_PROJECTS);
    assertThat(differences).isEmpty();
  }

  private void check(long from, long to) throws Exception {
    for (long seed = from; seed < to; seed++) {
      RandomProject project = new RandomProject(seed);
      Case first = new Case("seed " + seed, project, null);
      first.same(Way.WALK, outcome(first.resolver(project.registry), false));
      Lockfile lockfile = first.lockfile();
      if (lockfile != null) {
        edit(project, lockfile, "seed " + seed);
      }
    }
  }

  private void edit(RandomProject project, Lockfile lockfile, String label) throws Exception {
    String rules = project.rules();
    for (int edit = 0; edit < EDITS; edit++) {
      project.goOn();
      project.nextCommand();
      project.editDependencies();
      if (edit == EDITS - 1) {
        project.editRules();
      }
      boolean dependenciesAlone = project.isOfRegistriesAlone() && project.rules().equals(rules);
      Case all = new Case(label + ", edit " + edit, project, lockfile);
      all.same(Way.WALK, outcome(all.resolver(project.registry), false));
      beside(all, lockfile, project.registry, dependenciesAlone);
      unread(all, project.some());
      beside(all, lockfile, some(project.registry, project.some()), dependenciesAlone);
    }
  }

  private static IndexSource some(MemoryRegistry registry, Set<String> unread) {
    return name ->
        unread.contains(name.text())
            ? CompletableFuture.failedStage(new IllegalStateException("unread"))
            : registry.document(name);
  }

  /** Where some documents cannot be read. */
  private static void unread(Case all, Set<String> unread) {
    IndexSource some = some(all.registry, unread);
    String searched = outcome(all.resolver(some), true);
    String found = outcome(all.resolver(some), false);
    if (!searched.equals(UNREAD)) {
      all.same(Way.WITH_UNREAD_DOCUMENTS, searched);
      all.same(Way.WITH_UNREAD_DOCUMENTS, found);
    } else if (!found.equals(UNREAD)) {
      // A walk does not ask for what is only constrained.
      all.same(Way.WALK, found);
    }
  }

  /** Beside the lockfile, as far as that answers. */
  private static void beside(
      Case all, Lockfile lockfile, IndexSource others, boolean dependenciesAlone) {
    KeptVersions kept = KeptVersions.of(lockfile, all.registry::metadata, others).orElseThrow();
    all.beside(Way.BESIDE, kept);
    all.beside(Way.BESIDE_BY_WALK, kept);
    if (dependenciesAlone) {
      boolean ofPreReleases =
          lockfile.packages().stream().anyMatch(locked -> locked.version().isPreRelease());
      all.beside(
          ofPreReleases ? Way.WITHOUT_METADATA_OF_PRE_RELEASES : Way.WITHOUT_METADATA,
          KeptVersions.of(lockfile, locked -> assumed(all.registry, locked), others).orElseThrow());
    }
  }

  private static @Nullable PackageMetadata assumed(MemoryRegistry registry, LockedPackage locked) {
    PackageMetadata metadata = registry.metadata(locked);
    return metadata != null
            && PlainPackages.isPlain(metadata, OPTIONS.toolchain())
            && PlainPackages.isToldBy(locked)
        ? PlainPackages.metadata(locked)
        : metadata;
  }

  /** A project at one moment, and what a search over all documents comes to. */
  private final class Case {
    final MemoryRegistry registry;
    private final String label;
    private final ProjectManifests manifests;
    private final ResolveOptions options;
    private final @Nullable Lockfile current;
    private final String text;
    private final String searched;
    private @Nullable Lockfile lockfile;

    Case(String label, RandomProject project, @Nullable Lockfile current) throws Exception {
      this.label = label;
      this.registry = project.registry;
      this.manifests = project.manifests();
      this.text = project.manifest();
      this.current = current;
      this.options = OPTIONS.withPreReleases(project.preReleases);
      this.searched = outcome(resolver(registry), true);
      try {
        if (resolver(registry).search() instanceof ProjectResolution.Resolved resolved) {
          lockfile = resolved.lockfile();
        }
      } catch (ProjectException refused) {
        lockfile = null;
      }
    }

    ProjectResolver resolver(IndexSource index) {
      return new ProjectResolver(manifests, current, options, index);
    }

    /** What the search found, or null. */
    @Nullable Lockfile lockfile() {
      return lockfile;
    }

    void beside(Way way, KeptVersions kept) {
      Optional<ProjectResolution.Resolved> found;
      try {
        ProjectResolver resolver = resolver(kept);
        found =
            way == Way.BESIDE ? resolver.resolveAtFirstChoice() : resolver.resolveWithoutSearch();
      } catch (ProjectException | CompletionException refusedOrUnread) {
        return;
      }
      if (found.isPresent()) {
        same(way, text(found.get().lockfile()));
      }
    }

    void same(Way way, String found) {
      answered.merge(way, 1, Integer::sum);
      if (!found.equals(searched)) {
        differences.add(
            String.join(
                "\n",
                label + ", " + way,
                text,
                current == null ? "" : "locked: " + ids(current),
                "searched: " + brief(searched),
                "found: " + brief(found)));
      }
    }
  }

  /** What two lockfiles of the same registry may differ in. */
  private static String brief(String outcome) {
    return outcome
        .lines()
        .filter(line -> line.matches("(name|version|dependencies|features) = .*|[A-Z]\\w+.*"))
        .collect(Collectors.joining(" "));
  }

  private static List<String> ids(Lockfile lockfile) {
    return lockfile.packages().stream().map(LockedPackage::id).toList();
  }

  /** A lockfile's text, or why there is none. */
  private static String outcome(ProjectResolver resolver, boolean search) {
    try {
      return switch (search ? resolver.search() : resolver.resolve()) {
        case ProjectResolution.Resolved resolved -> text(resolved.lockfile());
        case ProjectResolution.Failed failed -> failed.result().getClass().getSimpleName();
      };
    } catch (ProjectException refused) {
      return refused.code() + ' ' + refused.text();
    } catch (CompletionException unread) {
      return UNREAD;
    }
  }

  private static String text(Lockfile lockfile) {
    return new String(LockfileCodec.write(lockfile), StandardCharsets.UTF_8);
  }
}
