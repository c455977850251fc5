package dev.raya.resolver.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.audit.Advisory;
import dev.raya.resolver.explain.Explainer;
import dev.raya.resolver.explain.ResolutionException;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.policy.LicensePolicy;
import dev.raya.resolver.policy.ReleasePolicy;
import dev.raya.resolver.solve.SolverRequest.Preference;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.version.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of packages.md section 3, one by one, on a project. */
final class ProjectRulesTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private static ProjectManifests manifests(String text) throws Exception {
    Manifest manifest =
        ManifestReader.read("raya.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\n" + text);
    return new ProjectManifests(manifest);
  }

  private static ProjectManifests needing(String... dependencies) throws Exception {
    return manifests("[dependencies]\n" + String.join("\n", dependencies) + "\n");
  }

  private static ProjectResolution resolve(
      ProjectManifests manifests,
      @Nullable Lockfile current,
      MemoryRegistry registry,
      UnaryOperator<ResolveOptions> options)
      throws Exception {
    ResolveOptions plain =
        ResolveOptions.install(NOW, Version.parse("1.0.0"), "https://raya.example");
    return new ProjectResolver(manifests, current, options.apply(plain), registry).resolve();
  }

  private static Lockfile lock(
      ProjectManifests manifests,
      @Nullable Lockfile current,
      MemoryRegistry registry,
      UnaryOperator<ResolveOptions> options)
      throws Exception {
    ProjectResolution resolution = resolve(manifests, current, registry, options);
    assertThat(resolution).isInstanceOf(ProjectResolution.Resolved.class);
    return ((ProjectResolution.Resolved) resolution).lockfile();
  }

  private static List<String> ids(
      ProjectManifests manifests, MemoryRegistry registry, UnaryOperator<ResolveOptions> options)
      throws Exception {
    return ids(lock(manifests, null, registry, options));
  }

  private static List<String> ids(Lockfile lockfile) {
    return lockfile.packages().stream().map(LockedPackage::id).toList();
  }

  /** What the user reads when the resolution fails under a policy. */
  private static String refusal(
      ProjectManifests manifests, MemoryRegistry registry, ReleasePolicy policy) throws Exception {
    ProjectResolution resolution =
        resolve(manifests, null, registry, options -> options.withPolicy(policy));
    ProjectResolution.Failed failed = (ProjectResolution.Failed) resolution;
    ResolutionException refusal =
        new Explainer(failed.request(), failed.candidates())
            .refusal((SolverResult.Unsolvable) failed.result());
    return refusal.code() + ' ' + refusal.text();
  }

  private static Advisories advisory(String id, String name, String fixed) throws Exception {
    return new Advisories(
        List.of(
            new Advisory(
                id,
                List.of(),
                "",
                "",
                "",
                List.of(
                    new Advisory.Affected(
                        new PackageName(name),
                        List.of(new Advisory.Span(null, Version.parse(fixed), null)),
                        Set.of())))));
  }

  @Test
  void minimalVersionsTakeTheLowestAndDirectMinimalOnlyOfWhatTheManifestNames() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 bb^1")
            .with("aa 1.4.0 bb^1")
            .with("bb 1.0.0")
            .with("bb 1.7.0");
    ProjectManifests project = needing("aa = \"^1\"");
    assertThat(ids(project, registry, options -> options)).containsExactly("aa 1.4.0", "bb 1.7.0");
    assertThat(ids(project, registry, options -> options.withPreference(Preference.LOWEST)))
        .containsExactly("aa 1.0.0", "bb 1.0.0");
    assertThat(ids(project, registry, options -> options.withPreference(Preference.LOWEST_DIRECT)))
        .containsExactly("aa 1.0.0", "bb 1.7.0");
  }

  @Test
  void preReleasesMatchWhereTheRangeNamesOneOrWithPre() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry().with("aa 1.0.0").with("aa 1.1.0-rc.1").with("aa 2.0.0-beta.2");
    assertThat(ids(needing("aa = \"^1\""), registry, options -> options))
        .containsExactly("aa 1.0.0");
    assertThat(ids(needing("aa = \"^1\""), registry, options -> options.withPreReleases(true)))
        .containsExactly("aa 1.1.0-rc.1");
    assertThat(ids(needing("aa = \"^2.0.0-beta.1\""), registry, options -> options))
        .containsExactly("aa 2.0.0-beta.2");
    // A lockfile written with --pre is kept by a plain install.
    Lockfile pre = lock(needing("aa = \"^1.1.0-0\""), null, registry, options -> options);
    assertThat(ids(lock(needing("aa = \"^1.1.0-0\""), pre, registry, options -> options)))
        .containsExactly("aa 1.1.0-rc.1");
  }

  @Test
  void ageAndDateLeaveOutWhatIsNotLocked() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0", NOW.minus(Duration.ofDays(10)))
            .with("aa 1.1.0", NOW.minus(Duration.ofHours(5)));
    ProjectManifests project = needing("aa = \"^1\"");
    UnaryOperator<ResolveOptions> aged =
        options -> options.withPolicy(ReleasePolicy.OPEN.withMinReleaseAge(Duration.ofDays(1)));
    assertThat(ids(project, registry, aged)).containsExactly("aa 1.0.0");
    Lockfile young = lock(project, null, registry, options -> options);
    assertThat(ids(lock(project, young, registry, aged))).containsExactly("aa 1.1.0");
    assertThat(
            ids(
                project,
                registry,
                options ->
                    options.withPolicy(
                        ReleasePolicy.OPEN.withExcludeNewer(NOW.minus(Duration.ofDays(2))))))
        .containsExactly("aa 1.0.0");
    assertThat(
            ids(
                project,
                registry,
                options ->
                    options.withPolicy(
                        new ReleasePolicy(
                            Duration.ofDays(1),
                            Set.of(new PackageName("aa")),
                            null,
                            LicensePolicy.ANY,
                            Advisories.NONE,
                            false))))
        .containsExactly("aa 1.1.0");
    assertThat(
            refusal(
                needing("aa = \"^1.1\""),
                registry,
                ReleasePolicy.OPEN.withMinReleaseAge(Duration.ofDays(1))))
        .startsWith("RAYA-RES-004")
        .contains("5h old, 1d asked");
  }

  @Test
  void updateOfNamedPackagesMovesThoseAndWhatMust() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 cc^1.0")
            .with("bb 1.0.0 cc^1.0")
            .with("cc 1.0.0")
            .with("dd 1.0.0");
    ProjectManifests project = needing("aa = \"^1\"", "bb = \"^1\"", "dd = \"^1\"");
    Lockfile before = lock(project, null, registry, options -> options);
    registry.with("aa 1.1.0 cc^1.1").with("bb 1.1.0 cc^1.0").with("cc 1.1.0").with("cc 1.2.0");
    registry.with("dd 1.1.0");
    Lockfile after =
        lock(
            project,
            before,
            registry,
            options -> options.withUpdate(Set.of(new PackageName("aa"))));
    // cc must move because aa 1.1.0 asks for more; bb and dd stay although there are newer ones.
    assertThat(ids(after)).containsExactly("aa 1.1.0", "bb 1.0.0", "cc 1.2.0", "dd 1.0.0");
    assertThat(ids(lock(project, before, registry, options -> options))).isEqualTo(ids(before));
  }

  @Test
  void aLicenceThatIsNotTakenIsNoCandidateLockedOrNot() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 license:MIT")
            .with("aa 1.1.0 license:AGPL-3.0-only_OR_Apache-2.0")
            .with("aa 1.2.0 license:AGPL-3.0-only");
    ProjectManifests project = needing("aa = \"^1\"");
    ReleasePolicy policy =
        ReleasePolicy.OPEN.withLicenses(LicensePolicy.of(List.of("MIT", "Apache-2.0"), List.of()));
    Lockfile before = lock(project, null, registry, options -> options);
    assertThat(ids(before)).containsExactly("aa 1.2.0");
    assertThat(ids(lock(project, before, registry, options -> options.withPolicy(policy))))
        .containsExactly("aa 1.1.0");
    assertThat(refusal(needing("aa = \"=1.2.0\""), registry, policy))
        .startsWith("RAYA-RES-004")
        .contains("its licence AGPL-3.0-only is not allowed by [policy]");
  }

  @Test
  void aVersionThatAnAdvisoryHitsIsNoCandidateWhereThatIsAsked() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry().with("aa 1.0.0").with("aa 1.1.0").with("aa 1.2.0");
    ProjectManifests project = needing("aa = \"<1.2\"");
    Lockfile before = lock(project, null, registry, options -> options);
    assertThat(ids(before)).containsExactly("aa 1.1.0");
    ReleasePolicy fixed = ReleasePolicy.OPEN.withRefused(advisory("RAYA-2026-7", "aa", "1.1.0"));
    assertThat(ids(lock(project, before, registry, options -> options.withPolicy(fixed))))
        .containsExactly("aa 1.1.0");
    ReleasePolicy later = ReleasePolicy.OPEN.withRefused(advisory("RAYA-2026-7", "aa", "1.2.0"));
    assertThat(refusal(project, registry, later))
        .startsWith("RAYA-RES-004")
        .contains("hit by RAYA-2026-7");
    assertThat(
            ids(
                lock(
                    needing("aa = \"^1\""),
                    before,
                    registry,
                    options -> options.withPolicy(later))))
        .containsExactly("aa 1.2.0");
  }

  @Test
  void yankedVersionsStayWhereLockedButNotUnderTheStrictPolicy() throws Exception {
    MemoryRegistry registry = new MemoryRegistry().with("aa 1.0.0").with("aa 1.1.0");
    ProjectManifests project = needing("aa = \"^1\"");
    Lockfile before = lock(project, null, registry, options -> options);
    registry.yank("aa", "1.1.0");
    assertThat(ids(lock(project, before, registry, options -> options)))
        .containsExactly("aa 1.1.0");
    ReleasePolicy strict =
        new ReleasePolicy(Duration.ZERO, Set.of(), null, LicensePolicy.ANY, Advisories.NONE, true);
    assertThat(ids(lock(project, before, registry, options -> options.withPolicy(strict))))
        .containsExactly("aa 1.0.0");
  }

  @Test
  void aliasesReachTwoLinesOfOnePackageByTheirOwnNames() throws Exception {
    MemoryRegistry registry = new MemoryRegistry().with("json 1.0.0").with("json 2.0.0");
    Lockfile lockfile =
        lock(
            needing(
                "old-json = { package = \"json\", version = \"^1\" }",
                "json = { version = \"^2\" }"),
            null,
            registry,
            options -> options);
    assertThat(ids(lockfile)).containsExactly("json 1.0.0", "json 2.0.0");
  }

  @Test
  void devDependenciesOfTheProjectCountAndThoseOfOthersDoNot() throws Exception {
    MemoryRegistry registry = new MemoryRegistry().with("aa 1.0.0").with("kit 1.0.0");
    assertThat(
            ids(
                manifests("[dependencies]\naa = \"^1\"\n[dev-dependencies]\nkit = \"^1\"\n"),
                registry,
                options -> options))
        .containsExactly("aa 1.0.0", "kit 1.0.0");
    Manifest util =
        ManifestReader.read(
            "util/raya.toml",
            "[package]\nname = \"util\"\nversion = \"0.4.0\"\n[dev-dependencies]\nkit = \"^1\"\n");
    ProjectManifests project =
        new ProjectManifests(
            manifests("[dependencies]\nutil = { path = \"util\" }\n").root(),
            java.util.Map.of("util", util));
    assertThat(ids(project, registry, options -> options)).containsExactly("util 0.4.0");
  }

  @Test
  void defaultFeaturesAreOnUnlessSwitchedOff() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry().with("aa 1.0.0 ?bb^1 default=dep:bb").with("bb 1.0.0");
    assertThat(ids(needing("aa = \"^1\""), registry, options -> options))
        .containsExactly("aa 1.0.0", "bb 1.0.0");
    assertThat(
            ids(
                needing("aa = { version = \"^1\", default-features = false }"),
                registry,
                options -> options))
        .containsExactly("aa 1.0.0");
  }

  @Test
  void targetsOfADependencyDoNotReachTheLockfile() throws Exception {
    MemoryRegistry registry = new MemoryRegistry().with("gpu 1.0.0");
    Lockfile everywhere =
        lock(
            needing("gpu = { version = \"^1\", targets = [\"windows-x64\"] }"),
            null,
            registry,
            options -> options);
    assertThat(ids(everywhere)).containsExactly("gpu 1.0.0");
  }

  @Test
  void nestedOverridesTouchOnlyTheirDependent() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 zz^1.0")
            .with("bb 1.0.0 zz^1.0")
            .with("zz 1.0.0")
            .with("zz 1.5.0")
            .with("zz 2.0.0");
    String needs = "[dependencies]\naa = \"^1\"\nbb = \"^1\"\n[resolution.override]\n";
    assertThat(ids(manifests(needs + "\"aa>zz\" = \"^2\"\n"), registry, options -> options))
        .containsExactly("aa 1.0.0", "bb 1.0.0", "zz 1.5.0", "zz 2.0.0");
    assertThat(ids(manifests(needs + "zz = \"=1.0.0\"\n"), registry, options -> options))
        .containsExactly("aa 1.0.0", "bb 1.0.0", "zz 1.0.0");
    // An override adds nothing by itself.
    registry.with("yy 1.0.0");
    assertThat(ids(manifests(needs + "yy = \"^1\"\n"), registry, options -> options))
        .doesNotContain("yy 1.0.0");
  }
}
