package dev.raya.resolver.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.metadata.BytecodeLevel;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class ProjectResolverTest {
  private static final String ORIGIN = "https://raya.example";
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  /** A registry in memory, filled by a few words: {@code "aa 1.0.0 bb^1 cc^2!net"}. */
  private static final class Registry implements IndexSource {
    private final Map<String, List<IndexLine>> lines = new HashMap<>();
    private long log = 1;

    Registry with(String text) throws Exception {
      return with(text, Instant.parse("2026-01-01T00:00:00Z"));
    }

    Registry with(String text, Instant time) throws Exception {
      String[] words = text.split(" ");
      List<PublishedDependency> dependencies = new ArrayList<>();
      List<Capability> capabilities = new ArrayList<>();
      Map<String, List<String>> features = new HashMap<>();
      for (int i = 2; i < words.length; i++) {
        if (words[i].startsWith("needs:")) {
          capabilities.add(new Capability(words[i].substring(6)));
        } else if (words[i].contains("=")) {
          features.put(
              words[i].substring(0, words[i].indexOf('=')),
              List.of(words[i].substring(words[i].indexOf('=') + 1)));
        } else {
          String[] parts = words[i].split("!");
          boolean optional = parts[0].startsWith("?");
          String need = optional ? parts[0].substring(1) : parts[0];
          PackageName name = PackageName.parse(need.substring(0, need.indexOf('^')));
          dependencies.add(
              new PublishedDependency(
                  name,
                  name,
                  VersionRange.parse(need.substring(need.indexOf('^'))),
                  null,
                  optional,
                  List.of(),
                  true,
                  List.of(),
                  parts.length > 1 ? List.of(new Capability(parts[1])) : List.of()));
        }
      }
      Digest digest = Digest.of(text.getBytes(StandardCharsets.UTF_8));
      lines
          .computeIfAbsent(words[0], n -> new ArrayList<>())
          .add(
              new IndexLine.VersionLine(
                  log++,
                  time,
                  Version.parse(words[1]),
                  VersionRange.ANY,
                  new BytecodeLevel(1, 0, 1, 1),
                  dependencies,
                  List.of(),
                  features,
                  capabilities,
                  digest,
                  100,
                  digest,
                  List.of()));
      return this;
    }

    Registry yank(String name, String version) throws Exception {
      lines
          .computeIfAbsent(name, n -> new ArrayList<>())
          .add(
              new IndexLine.StatusLine(
                  log++, NOW, Version.parse(version), true, false, false, null, null));
      return this;
    }

    @Override
    public CompletionStage<IndexAnswer> document(PackageName name) {
      List<IndexLine> found = lines.get(name.text());
      return CompletableFuture.completedFuture(
          found == null
              ? new IndexAnswer.Absent(List.of())
              : new IndexAnswer.Found(new IndexDocument(name, found)));
    }
  }

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

  private static Lockfile resolve(String manifest, Registry registry) throws Exception {
    return lock(
        new ProjectResolver(new ProjectManifests(manifest(manifest)), null, options(), registry)
            .resolve());
  }

  private static List<String> ids(Lockfile lockfile) {
    return lockfile.packages().stream().map(LockedPackage::id).toList();
  }

  @Test
  void theHighestVersionsAreLockedWithTheirEdgesAndReadBack() throws Exception {
    Registry registry =
        new Registry()
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
    Registry registry =
        new Registry()
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
    Registry registry = new Registry().with("aa 1.0.0").with("aa 1.1.0");
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
    Registry registry =
        new Registry().with("aa 1.0.0").with("aa 1.1.0", NOW.minus(Duration.ofHours(2)));
    ResolveOptions plain = options();
    ResolveOptions aged =
        new ResolveOptions(
            false,
            plain.preference(),
            NOW,
            Duration.ofDays(1),
            null,
            plain.toolchain(),
            ORIGIN,
            Set.of(),
            false,
            plain.granted());
    ProjectManifests manifests = new ProjectManifests(manifest("[dependencies]\naa = \"^1\"\n"));
    assertThat(ids(lock(new ProjectResolver(manifests, null, aged, registry).resolve())))
        .containsExactly("aa 1.0.0");
  }

  @Test
  void optionalDependenciesComeWithTheirFeatureOnly() throws Exception {
    Registry registry = new Registry().with("aa 1.0.0 ?bb^1 extra=dep:bb").with("bb 1.0.0");
    assertThat(ids(resolve("[dependencies]\naa = \"^1\"\n", registry))).containsExactly("aa 1.0.0");
    Lockfile with =
        resolve("[dependencies]\naa = { version = \"^1\", features = [\"extra\"] }\n", registry);
    assertThat(ids(with)).containsExactly("aa 1.0.0", "bb 1.0.0");
    assertThat(with.packages().getFirst().features()).containsExactly("extra");
  }

  @Test
  void overridesReplaceWhatPackagesAskFor() throws Exception {
    Registry registry = new Registry().with("aa 1.0.0 bb^1").with("bb 1.0.0").with("bb 1.5.0");
    Lockfile lockfile =
        resolve("[dependencies]\naa = \"^1\"\n[resolution.override]\nbb = \"=1.0.0\"\n", registry);
    assertThat(ids(lockfile)).containsExactly("aa 1.0.0", "bb 1.0.0");
  }

  @Test
  void grantsFlowDownTheGraphAndAreCutToWhatTheGranterHas() throws Exception {
    Registry registry =
        new Registry()
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
    Registry registry = new Registry().with("aa 1.0.0 bb^1").with("bb 1.0.0 aa^1");
    assertThatThrownBy(() -> resolve("[dependencies]\naa = \"^1\"\n", registry))
        .isInstanceOf(ProjectException.class)
        .hasMessageContaining("aa 1.0.0 → bb 1.0.0 → aa 1.0.0");
  }

  @Test
  void pathPackagesComeFromTheirFolder() throws Exception {
    Registry registry = new Registry().with("bb 1.0.0");
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
    Registry registry =
        new Registry().with("aa 1.0.0 bb^1!net needs:net").with("bb 1.0.0").with("zz 1.0.0");
    ProjectManifests manifests =
        new ProjectManifests(
            manifest("[dependencies]\naa = { version = \"^1\", grant = [\"net\"] }\n"));
    Lockfile good = lock(new ProjectResolver(manifests, null, options(), registry).resolve());
    LockCheck check = new LockCheck(manifests, good, "raya.lock");
    check.structure(Set.of(ORIGIN));
    Map<String, List<PublishedDependency>> published = new HashMap<>();
    registry.lines.forEach(
        (name, lines) ->
            published.put(name, ((IndexLine.VersionLine) lines.getFirst()).dependencies()));
    check.grants(
        pkg -> published.getOrDefault(pkg.name().text(), List.of()), ResolveOptions.EVERYBODY);
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
    byte[] more =
        text.replace(
                "granted = [\"net\", \"random\", \"time\"]",
                "granted = [\"env\", \"net\", \"random\", \"time\"]")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () ->
                new LockCheck(manifests, LockfileCodec.read("raya.lock", more), "raya.lock")
                    .grants(
                        pkg -> published.getOrDefault(pkg.name().text(), List.of()),
                        ResolveOptions.EVERYBODY))
        .isInstanceOf(LockfileException.class)
        .hasMessageContaining("env");
  }
}
