package dev.raya.resolver.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.resolver.lock.LinkPlan;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.policy.ReleasePolicy;
import dev.raya.resolver.version.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProjectResolverTest {
  private static final String ORIGIN = "https://raya.example";
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private static Manifest manifest(String text) throws Exception {
    return ManifestReader.read(
        "raya.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\n" + text);
  }

  private static ResolveOptions options() throws Exception {
    return ResolveOptions.install(NOW, Version.parse("1.0.0"), ORIGIN);
  }

  private static Lockfile lock(ProjectResolution resolution) {
    assertThat(resolution).isInstanceOf(ProjectResolution.Resolved.class);
    return ((ProjectResolution.Resolved) resolution).lockfile();
  }

  private static Lockfile resolve(String manifest, MemoryRegistry registry) throws Exception {
    return lock(
        new ProjectResolver(new ProjectManifests(manifest(manifest)), null, options(), registry)
            .resolve());
  }

  private static List<String> ids(Lockfile lockfile) {
    return lockfile.packages().stream().map(LockedPackage::id).toList();
  }

  @Test
  void theHighestVersionsAreLockedWithTheirEdgesAndReadBack() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 bb^1")
            .with("aa 1.1.0 bb^1")
            .with("bb 1.0.0")
            .with("bb 1.2.0");
    Lockfile lockfile = resolve("[dependencies]\naa = \"^1\"\n", registry);
    assertThat(ids(lockfile)).containsExactly("aa 1.1.0", "bb 1.2.0");
    assertThat(lockfile.packages().getFirst().dependencies().getFirst().text())
        .isEqualTo("bb 1.2.0");
    assertThat(LockfileCodec.read("raya.lock", LockfileCodec.write(lockfile))).isEqualTo(lockfile);
  }

  @Test
  void linesOfOneNameLiveSideBySideUnlessStrict() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 cc^1")
            .with("bb 1.0.0 cc^2")
            .with("cc 1.5.0")
            .with("cc 2.5.0");
    String manifest = "[dependencies]\naa = \"^1\"\nbb = \"^1\"\n";
    assertThat(ids(resolve(manifest, registry)))
        .containsExactly("aa 1.0.0", "bb 1.0.0", "cc 1.5.0", "cc 2.5.0");
    ProjectResolution strict =
        new ProjectResolver(
                new ProjectManifests(
                    manifest(manifest + "[resolution]\nconflict-strategy = \"strict\"\n")),
                null,
                options(),
                registry)
            .resolve();
    assertThat(strict).isInstanceOf(ProjectResolution.Failed.class);
  }

  @Test
  void lockedVersionsAreKeptEvenIfYankedAndYankedOnesAreNotChosenAnew() throws Exception {
    MemoryRegistry registry = new MemoryRegistry().with("aa 1.0.0").with("aa 1.1.0");
    ProjectManifests manifests = new ProjectManifests(manifest("[dependencies]\naa = \"^1\"\n"));
    Lockfile first = lock(new ProjectResolver(manifests, null, options(), registry).resolve());
    registry.with("aa 1.2.0").yank("aa", "1.1.0");
    assertThat(ids(lock(new ProjectResolver(manifests, first, options(), registry).resolve())))
        .containsExactly("aa 1.1.0");
    registry.yank("aa", "1.2.0");
    assertThat(ids(lock(new ProjectResolver(manifests, null, options(), registry).resolve())))
        .containsExactly("aa 1.0.0");
  }

  @Test
  void youngVersionsAreNoCandidates() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry().with("aa 1.0.0").with("aa 1.1.0", NOW.minus(Duration.ofHours(2)));
    ResolveOptions aged =
        options().withPolicy(ReleasePolicy.OPEN.withMinReleaseAge(Duration.ofDays(1)));
    ProjectManifests manifests = new ProjectManifests(manifest("[dependencies]\naa = \"^1\"\n"));
    assertThat(ids(lock(new ProjectResolver(manifests, null, aged, registry).resolve())))
        .containsExactly("aa 1.0.0");
  }

  @Test
  void optionalDependenciesComeWithTheirFeatureOnly() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry().with("aa 1.0.0 ?bb^1 extra=dep:bb").with("bb 1.0.0");
    assertThat(ids(resolve("[dependencies]\naa = \"^1\"\n", registry))).containsExactly("aa 1.0.0");
    Lockfile with =
        resolve("[dependencies]\naa = { version = \"^1\", features = [\"extra\"] }\n", registry);
    assertThat(ids(with)).containsExactly("aa 1.0.0", "bb 1.0.0");
    assertThat(with.packages().getFirst().features()).containsExactly("extra");
  }

  @Test
  void overridesReplaceWhatPackagesAskFor() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry().with("aa 1.0.0 bb^1").with("bb 1.0.0").with("bb 1.5.0");
    Lockfile lockfile =
        resolve("[dependencies]\naa = \"^1\"\n[resolution.override]\nbb = \"=1.0.0\"\n", registry);
    assertThat(ids(lockfile)).containsExactly("aa 1.0.0", "bb 1.0.0");
  }

  @Test
  void grantsFlowDownTheGraphAndAreCutToWhatTheGranterHas() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 bb^1!net needs:net")
            .with("bb 1.0.0 needs:net")
            .with("cc 1.0.0 bb^1!fs.read");
    String granting = "[dependencies]\naa = { version = \"^1\", grant = [\"net\"] }\ncc = \"^1\"\n";
    Lockfile lockfile = resolve(granting, registry);
    assertThat(lockfile.packages().get(1).granted())
        .extracting(Capability::text)
        .containsExactly("net", "random", "time");

    ProjectResolution bare =
        new ProjectResolver(
                new ProjectManifests(manifest("[dependencies]\naa = \"^1\"\n")),
                null,
                options(),
                registry)
            .resolve();
    assertThat(((ProjectResolution.Resolved) bare).missing())
        .extracting(missing -> missing.name().text() + missing.path() + missing.direct())
        .containsExactly("aa[aa]true", "bb[aa, bb]false");
  }

  @Test
  void cyclesAreRefusedAndNamed() throws Exception {
    MemoryRegistry registry = new MemoryRegistry().with("aa 1.0.0 bb^1").with("bb 1.0.0 aa^1");
    assertThatThrownBy(() -> resolve("[dependencies]\naa = \"^1\"\n", registry))
        .isInstanceOf(ProjectException.class)
        .hasMessageContaining("aa 1.0.0 → bb 1.0.0 → aa 1.0.0");
  }

  @Test
  void pathPackagesComeFromTheirFolder() throws Exception {
    MemoryRegistry registry = new MemoryRegistry().with("bb 1.0.0");
    Manifest util =
        ManifestReader.read(
            "util/raya.toml",
            "[package]\nname = \"util\"\nversion = \"0.4.0\"\n[dependencies]\nbb = \"^1\"\n");
    ProjectManifests manifests =
        new ProjectManifests(
            manifest("[dependencies]\nutil = { path = \"../util\" }\n"), Map.of("../util", util));
    Lockfile lockfile = lock(new ProjectResolver(manifests, null, options(), registry).resolve());
    assertThat(ids(lockfile)).containsExactly("bb 1.0.0", "util 0.4.0");
    assertThat(lockfile.packages().get(1).source()).isEqualTo(new LockSource.Path("../util"));
    new LockCheck(manifests, lockfile, "raya.lock").structure(Set.of(ORIGIN));
  }

  @Test
  void lockfilesThatDoNotFollowAreRefused() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry().with("aa 1.0.0 bb^1!net needs:net").with("bb 1.0.0").with("zz 1.0.0");
    ProjectManifests manifests =
        new ProjectManifests(
            manifest("[dependencies]\naa = { version = \"^1\", grant = [\"net\"] }\n"));
    Lockfile good = lock(new ProjectResolver(manifests, null, options(), registry).resolve());
    LockCheck check = new LockCheck(manifests, good, "raya.lock");
    check.structure(Set.of(ORIGIN));
    check.contents(registry::metadata, ResolveOptions.EVERYBODY);
    assertThat(check.isOutdated()).isFalse();

    String text = LockfileCodec.text(good);
    for (String[] change :
        new String[][] {
          {"registry+" + ORIGIN, "registry+https://evil.example"},
          {"dependencies = [\"bb 1.0.0\"]\n", ""},
          {"version = \"1.0.0\"", "version = \"2.0.0\""}
        }) {
      byte[] changed = text.replace(change[0], change[1]).getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(
              () ->
                  new LockCheck(manifests, LockfileCodec.read("raya.lock", changed), "raya.lock")
                      .structure(Set.of(ORIGIN)))
          .isInstanceOf(LockfileException.class);
    }
    refused(
        manifests,
        registry,
        edited(good, "capabilities = [\"net\"]", "capabilities = [\"env\", \"net\"]"),
        "aa 1.0.0 needs [net], the lockfile says [env, net]");
    byte[] more =
        text.replace(
                "granted = [\"net\", \"random\", \"time\"]",
                "granted = [\"env\", \"net\", \"random\", \"time\"]")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () ->
                new LockCheck(manifests, LockfileCodec.read("raya.lock", more), "raya.lock")
                    .contents(registry::metadata, ResolveOptions.EVERYBODY))
        .isInstanceOf(LockfileException.class)
        .hasMessageContaining("env");
  }

  private void refused(
      ProjectManifests manifests, MemoryRegistry registry, Lockfile lockfile, String message) {
    LockCheck check = new LockCheck(manifests, lockfile, "raya.lock");
    assertThatThrownBy(
            () -> {
              check.structure(Set.of(ORIGIN));
              check.contents(registry::metadata, ResolveOptions.EVERYBODY);
            })
        .isInstanceOfSatisfying(
            LockfileException.class, e -> assertThat(e.code()).isEqualTo("RAYA-PKG-007"))
        .hasMessageStartingWith("raya.lock:")
        .hasMessageContaining(message);
  }

  private static Lockfile edited(Lockfile lockfile, String from, String to) throws Exception {
    String text = LockfileCodec.text(lockfile);
    String changed = text.replace(from, to);
    assertThat(changed).isNotEqualTo(text);
    return LockfileCodec.read("raya.lock", changed.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void edgesAndFeaturesOfALockfileAreCheckedAgainstTheMetadata() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0 bb^1 ?cc^1 extra=dep:cc")
            .with("bb 1.0.0")
            .with("bb 2.0.0")
            .with("cc 1.0.0");
    ProjectManifests manifests =
        new ProjectManifests(
            manifest(
                "[dependencies]\naa = { version = \"^1\", features = [\"extra\"] }\nbb = \"*\"\n"));
    Lockfile good = lock(new ProjectResolver(manifests, null, options(), registry).resolve());
    assertThat(ids(good)).containsExactly("aa 1.0.0", "bb 1.0.0", "cc 1.0.0");
    new LockCheck(manifests, good, "raya.lock")
        .contents(registry::metadata, ResolveOptions.EVERYBODY);
    ProjectManifests both =
        new ProjectManifests(
            manifest(
                "[dependencies]\naa = { version = \"^1\", features = [\"extra\"] }\nbb = \"^2\"\n"));
    Lockfile two = lock(new ProjectResolver(both, null, options(), registry).resolve());
    assertThat(ids(two)).containsExactly("aa 1.0.0", "bb 1.0.0", "bb 2.0.0", "cc 1.0.0");
    refused(both, registry, edited(two, "[\"bb 1.0.0\", ", "[\"bb 2.0.0\", "), "bb 1.0.0");
    refused(
        manifests,
        registry,
        edited(good, "[\"bb 1.0.0\", \"cc 1.0.0\"]", "[\"cc 1.0.0\"]"),
        "aa 1.0.0 asks for bb >=1.0.0 <2.0.0-0, and the lockfile has no such edge");
    refused(manifests, registry, edited(good, "features = [\"extra\"]\n", ""), "aa");
    refused(
        manifests,
        registry,
        edited(good, "features = [\"extra\"]", "features = [\"extra\", \"more\"]"),
        "is asked for with the features [extra]");
  }

  @Test
  void overridesHoldForLockfileCheckAndLinkPlan() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry().with("aa 1.0.0 bb^1").with("bb 1.0.0").with("bb 3.0.0");
    Manifest root =
        manifest(
            "[dependencies]\naa = \"^1\"\nbb = \"^2\"\n[resolution.override]\n"
                + "\"app>bb\" = \"3.0.0\"\n\"aa>bb\" = \"=1.0.0\"\nbb = \"=7.0.0\"\n");
    ProjectManifests manifests = new ProjectManifests(root);
    Lockfile lockfile = lock(new ProjectResolver(manifests, null, options(), registry).resolve());
    assertThat(ids(lockfile)).containsExactly("aa 1.0.0", "bb 1.0.0", "bb 3.0.0");
    LockCheck check = new LockCheck(manifests, lockfile, "raya.lock");
    check.structure(Set.of(ORIGIN));
    check.contents(registry::metadata, ResolveOptions.EVERYBODY);
    assertThat(LinkPlan.of(lockfile, root).project()).containsEntry("bb", "bb 3.0.0");
  }

  @Test
  void constraintsAndRayaRangesHoldForLockedVersionsToo() throws Exception {
    MemoryRegistry registry = new MemoryRegistry().with("aa 1.0.0").with("aa 1.5.0");
    String dependencies = "[dependencies]\naa = \"^1\"\n";
    Lockfile before = resolve(dependencies, registry);
    assertThat(ids(before)).containsExactly("aa 1.5.0");
    ProjectManifests constrained =
        new ProjectManifests(manifest(dependencies + "[constraints]\naa = \"<1.5\"\n"));
    assertThat(ids(lock(new ProjectResolver(constrained, before, options(), registry).resolve())))
        .containsExactly("aa 1.0.0");
    refused(constrained, registry, before, "allows aa <1.5.0");
    registry.with("aa 1.6.0 raya:>=2.0.0");
    assertThat(ids(resolve(dependencies, registry))).containsExactly("aa 1.5.0");
  }

  @Test
  void packagesOfAnotherRegistryAreNoCandidates() throws Exception {
    MemoryRegistry registry =
        new MemoryRegistry()
            .with("aa 1.0.0")
            .with("aa 1.1.0 bb^1@https://other.example")
            .with("bb 1.0.0");
    assertThat(ids(resolve("[dependencies]\naa = \"^1\"\n", registry))).containsExactly("aa 1.0.0");
  }

  @Test
  void thePinnedToolchainIsInTheLockfile() throws Exception {
    ProjectManifests manifests =
        new ProjectManifests(manifest("[toolchain]\nversion = \"1.0.0\"\n"));
    MemoryRegistry registry = new MemoryRegistry();
    Lockfile lockfile = lock(new ProjectResolver(manifests, null, options(), registry).resolve());
    assertThat(LockfileCodec.text(lockfile)).contains("[toolchain]\nversion = \"1.0.0\"\n");
    refused(
        new ProjectManifests(manifest("[toolchain]\nversion = \"1.1.0\"\n")),
        registry,
        lockfile,
        "pins the toolchain 1.1.0");
  }

  /** Whatever the graph: what the resolver writes, the check takes, and resolving again keeps. */
  @Test
  void everyLockfileThatIsWrittenIsAccepted() throws Exception {
    int solved = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      MemoryRegistry registry = randomRegistry(random);
      StringBuilder text = new StringBuilder("[dependencies]\n");
      for (int i = 0; i < 3; i++) {
        text.append("p").append(i).append(" = { version = \"").append(range(random)).append('"');
        text.append(random.nextInt(3) == 0 ? ", features = [\"ff\"]" : "");
        text.append(random.nextInt(4) == 0 ? ", default-features = false" : "");
        text.append(random.nextInt(3) == 0 ? ", grant = [\"net\"] }\n" : " }\n");
      }
      if (random.nextInt(4) == 0) {
        text.append("[resolution.override]\np4 = \"*\"\n");
      }
      ProjectManifests manifests = new ProjectManifests(manifest(text.toString()));
      ProjectResolution resolution;
      try {
        resolution = new ProjectResolver(manifests, null, options(), registry).resolve();
      } catch (ProjectException e) {
        continue;
      }
      if (!(resolution instanceof ProjectResolution.Resolved(Lockfile lockfile, var missing))) {
        continue;
      }
      solved++;
      byte[] bytes = LockfileCodec.write(lockfile);
      Lockfile back = LockfileCodec.read("raya.lock", bytes);
      LockCheck check = new LockCheck(manifests, back, "raya.lock");
      check.structure(Set.of(ORIGIN));
      check.contents(registry::metadata, ResolveOptions.EVERYBODY);
      assertThat(check.isOutdated()).isFalse();
      assertThat(
              LockfileCodec.write(
                  lock(new ProjectResolver(manifests, back, options(), registry).resolve())))
          .as("seed %d", seed)
          .isEqualTo(bytes);
    }
    assertThat(solved).isGreaterThan(200);
  }

  private static MemoryRegistry randomRegistry(Random random) throws Exception {
    MemoryRegistry registry = new MemoryRegistry();
    int names = 7;
    for (int i = 0; i < names; i++) {
      for (int major = 1; major <= 2; major++) {
        for (int minor = 0; minor < 2; minor++) {
          StringBuilder line = new StringBuilder("p" + i + ' ' + major + '.' + minor + ".0");
          for (int j = i + 1; j < names; j++) {
            if (random.nextInt(3) == 0) {
              boolean optional = random.nextInt(3) == 0;
              line.append(optional ? " ?p" : " p").append(j).append(range(random));
              line.append(random.nextInt(3) == 0 ? "!net" : "");
              line.append(
                  optional ? (random.nextBoolean() ? " ff" : " default") + "=dep:p" + j : "");
            }
          }
          registry.with(line.toString());
        }
      }
    }
    return registry;
  }

  private static String range(Random random) {
    String[] ranges = {"^1", "^2", "^1||^2", "^1.0", "^1.1", "^1"};
    return ranges[random.nextInt(ranges.length)];
  }
}
