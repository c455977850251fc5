package dev.raya.resolver.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A project that has a lockfile keeps it: what is released and yanked after it was written moves
 * nothing, another requirement of the project moves nothing that may stay, and an update of one
 * leaf moves that leaf alone.
 */
final class LockfileStabilityTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final List<String> VERSIONS =
      List.of("1.0.0", "1.1.0", "1.1.1", "1.2.0", "2.0.0", "2.1.0");
  private static final int PACKAGES = 60;
  private static final int MOST_DEPENDENCIES = 4;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void releasesAndYanksMoveNothing(long seed) throws Exception {
    Random random = new Random(seed);
    MemoryRegistry registry = registry(random);
    List<String> roots = List.of("p0 = \"^1\"", "p1 = \"^1\"", "p2 = \"*\"");
    Lockfile locked = resolve(roots, null, Set.of(), registry);

    registry.with("unrelated 1.0.0 p0^1");
    for (int i = 0; i < PACKAGES; i += 2) {
      registry.with("p" + i + " 1.9.0").with("p" + i + " 3.0.0 p" + (i + 1) + "^1");
    }
    for (int i = 0; i < PACKAGES; i++) {
      registry.yank("p" + i, VERSIONS.get(random.nextInt(VERSIONS.size())));
    }
    for (LockedPackage pkg : locked.packages()) {
      if (random.nextInt(3) == 0) {
        registry.yank(pkg.name().text(), pkg.version().text());
      }
    }
    assertThat(text(resolve(roots, locked, Set.of(), registry))).isEqualTo(text(locked));
    // Without the lockfile all of that does count.
    assertThat(text(resolve(roots, null, Set.of(), registry))).isNotEqualTo(text(locked));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anotherRequirementMovesNothingThatMayStay(long seed) throws Exception {
    MemoryRegistry registry = registry(new Random(seed));
    List<String> roots = List.of("p0 = \"^1\"", "p1 = \"^1\"");
    Lockfile locked = resolve(roots, null, Set.of(), registry);
    for (int i = 0; i < PACKAGES; i++) {
      registry.with("p" + i + " 1.9.0");
    }
    registry.with("added 1.0.0 p5^1 p9^1 fresh^1").with("fresh 1.0.0");
    List<String> more = List.of("p0 = \"^1\"", "p1 = \"^1\"", "added = \"^1\"");
    Set<String> before = ids(locked);
    Set<String> after = ids(resolve(more, locked, Set.of(), registry));
    assertThat(after).containsAll(before).contains("added 1.0.0", "fresh 1.0.0");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anUpdateOfALeafMovesThatLeafAlone(long seed) throws Exception {
    MemoryRegistry registry = registry(new Random(seed));
    registry.with("leaf 1.0.0").with("leaf 1.0.1").with("user 1.0.0 leaf^1 p7^1");
    List<String> roots = List.of("p0 = \"^1\"", "user = \"^1\"");
    Lockfile locked = resolve(roots, null, Set.of(), registry);
    registry.yank("leaf", "1.0.1");
    for (int i = 0; i < PACKAGES; i++) {
      registry.with("p" + i + " 1.9.0");
    }
    Set<String> expected = ids(locked);
    assertThat(expected.remove("leaf 1.0.1")).isTrue();
    expected.add("leaf 1.0.0");
    Lockfile updated = resolve(roots, locked, Set.of(PackageName.parse("leaf")), registry);
    assertThat(ids(updated)).isEqualTo(expected);
  }

  /**
   * Whether index documents of locked packages are read or not makes no difference, and not reading
   * them is enough for almost every requirement that is added or left out; where they have one
   * version each, neither need their metadata be read.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aResolutionAtFirstChoiceIsTheWholeOne(long seed) throws Exception {
    Random random = new Random(seed);
    int answered = 0;
    int walked = 0;
    for (int round = 0; round < 60; round++) {
      MemoryRegistry registry = registry(random);
      List<String> roots = new ArrayList<>(List.of("p0 = \"^1\"", "p1 = \"*\"", "p2 = \"^2\""));
      Lockfile locked = resolve(roots, null, Set.of(), registry);
      for (int i = 0; i < PACKAGES; i++) {
        if (random.nextInt(3) == 0) {
          registry.with("p" + i + " 1.9.0" + (i + 1 < PACKAGES ? " p" + (i + 1) + "^2" : ""));
        }
        if (random.nextInt(9) == 0) {
          registry.yank("p" + i, VERSIONS.get(random.nextInt(VERSIONS.size())));
        }
      }
      if (random.nextBoolean()) {
        roots.remove(random.nextInt(roots.size()));
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        String range = List.of("^1", "^1.1.0", "^1.9", "^2", "*", ">=1.1").get(random.nextInt(6));
        roots.add("p" + (3 + random.nextInt(PACKAGES - 3)) + " = \"" + range + '"');
      }
      List<String> distinct =
          roots.stream()
              .collect(Collectors.toMap(r -> r.split(" ")[0], r -> r, (a, b) -> a, TreeMap::new))
              .values()
              .stream()
              .toList();
      Optional<KeptVersions> kept =
          KeptVersions.of(locked, pkg -> metadata(registry, pkg), registry);
      Optional<ProjectResolution.Resolved> quick =
          resolver(distinct, locked, Set.of(), kept.orElseThrow()).resolveAtFirstChoice();
      // What is locked and plain need not be looked at for that.
      KeptVersions plain = KeptVersions.of(locked, PlainPackages::metadata, registry).orElseThrow();
      Optional<ProjectResolution.Resolved> walk =
          resolver(distinct, locked, Set.of(), plain).resolveWithoutSearch();
      String whole =
          quick.isPresent() || walk.isPresent()
              ? text(resolve(distinct, locked, Set.of(), registry))
              : "";
      if (quick.isPresent()) {
        answered++;
        assertThat(text(quick.get().lockfile())).isEqualTo(whole);
      }
      if (walk.isPresent()) {
        walked++;
        assertThat(text(walk.get().lockfile())).isEqualTo(whole);
      }
    }
    assertThat(answered).isGreaterThan(20);
    assertThat(walked).isPositive();
  }

  private static PackageMetadata metadata(MemoryRegistry registry, LockedPackage locked) {
    if (!(registry.document(locked.name()).toCompletableFuture().join()
        instanceof IndexSource.IndexAnswer.Found(IndexDocument document))) {
      throw new AssertionError(locked.id());
    }
    VersionLine line = Objects.requireNonNull(document.version(locked.version()));
    return new PackageMetadata(
        locked.name(),
        line.version(),
        "",
        List.of(),
        line.license(),
        "",
        List.of(),
        line.raya(),
        null,
        line.dependencies(),
        line.constraints(),
        line.features(),
        Map.of(),
        Map.of(),
        line.natives(),
        line.capabilities(),
        line.bytecode(),
        null,
        null);
  }

  /** A graph without cycles in which each version has a need that some version meets. */
  private static MemoryRegistry registry(Random random) throws Exception {
    MemoryRegistry registry = new MemoryRegistry();
    for (int p = 0; p < PACKAGES; p++) {
      for (String version : VERSIONS) {
        StringBuilder line = new StringBuilder("p" + p + ' ' + version);
        for (int target : targets(random, p)) {
          String range = List.of("^1", "^1.1.0", "^2", "^2.1.0").get(random.nextInt(4));
          line.append(" p").append(target).append(range);
        }
        registry.with(line.toString());
      }
    }
    return registry;
  }

  private static Set<Integer> targets(Random random, int from) {
    Set<Integer> targets = new LinkedHashSet<>();
    for (int i = 0; i < random.nextInt(MOST_DEPENDENCIES + 1) && from + 1 < PACKAGES; i++) {
      targets.add(from + 1 + random.nextInt(Math.min(9, PACKAGES - from - 1)));
    }
    return targets;
  }

  private static Lockfile resolve(
      List<String> roots,
      @Nullable Lockfile locked,
      Set<PackageName> update,
      MemoryRegistry registry)
      throws Exception {
    ProjectResolution resolution = resolver(roots, locked, update, registry).resolve();
    return ((ProjectResolution.Resolved) resolution).lockfile();
  }

  private static ProjectResolver resolver(
      List<String> roots, @Nullable Lockfile locked, Set<PackageName> update, IndexSource index)
      throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add("[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]");
    lines.addAll(roots);
    String manifest = String.join("\n", lines) + '\n';
    return new ProjectResolver(
        new ProjectManifests(ManifestReader.read("raya.toml", manifest)),
        locked,
        ResolveOptions.install(NOW, Version.parse("1.0.0"), "https://raya.example")
            .withUpdate(update),
        index);
  }

  private static Set<String> ids(Lockfile lockfile) {
    return lockfile.packages().stream()
        .map(LockedPackage::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String text(Lockfile lockfile) {
    return new String(LockfileCodec.write(lockfile), StandardCharsets.UTF_8);
  }
}
