package dev.raya.resolver.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several registries, git and archives in one resolution. */
final class ForeignSourcesTest {
  private static final String DEFAULT = "https://raya.example";
  private static final String ACME = "https://registry.acme.example";
  private static final String REGISTRIES = "[registries]\nacme = { url = \"" + ACME + "\" }\n";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final MemoryRegistry main = new MemoryRegistry();
  private final MemoryRegistry acme = new MemoryRegistry();
  private final IndexSources indexes =
      origin -> origin == null || origin.equals(DEFAULT) ? main : origin.equals(ACME) ? acme : null;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Manifest manifest(String file, String name, String text) throws Exception {
    return ManifestReader.read(
        file, bytes("[package]\nname = \"" + name + "\"\nversion = \"0.1.0\"\n" + text));
  }

  private static ProjectManifests project(String text, FetchedPackage... fetched) throws Exception {
    Map<PackageName, FetchedPackage> byName = new java.util.TreeMap<>();
    for (FetchedPackage each : fetched) {
      byName.put(
          switch (each) {
            case FetchedPackage.FromGit git -> Objects.requireNonNull(git.manifest().name());
            case FetchedPackage.FromUrl url -> url.metadata().name();
          },
          each);
    }
    return new ProjectManifests(
        manifest("raya.toml", "app", text),
        Map.of(),
        new ForeignSources(byName, Map.of(ForeignSources.key("raya.toml", "acme"), ACME)));
  }

  private ProjectResolution resolve(ProjectManifests manifests) throws Exception {
    return new ProjectResolver(
            manifests,
            null,
            ResolveOptions.install(
                Instant.parse("2026-06-01T00:00:00Z"), Version.parse("1.0.0"), DEFAULT),
            indexes)
        .resolve();
  }

  private Lockfile lock(ProjectManifests manifests) throws Exception {
    ProjectResolution resolution = resolve(manifests);
    assertThat(resolution).isInstanceOf(ProjectResolution.Resolved.class);
    return ((ProjectResolution.Resolved) resolution).lockfile();
  }

  private static Map<String, String> sources(Lockfile lockfile) {
    Map<String, String> sources = new java.util.TreeMap<>();
    for (LockedPackage pkg : lockfile.packages()) {
      sources.put(pkg.id(), pkg.source().text());
    }
    return sources;
  }

  @Test
  void eachNameComesFromTheRegistryThatIsNamedAndDependenciesStayWithTheirPackage()
      throws Exception {
    main.with("aa 1.0.0").with("cc 9.0.0");
    acme.with("bb 1.0.0 cc^1").with("cc 1.0.0").with("aa 1.9.0");
    ProjectManifests manifests =
        project(
            "[dependencies]\naa = \"^1\"\nbb = { version = \"^1\", registry = \"acme\" }\n"
                + REGISTRIES);
    Lockfile lockfile = lock(manifests);
    assertThat(sources(lockfile))
        .containsExactly(
            Map.entry("aa 1.0.0", "registry+" + DEFAULT),
            Map.entry("bb 1.0.0", "registry+" + ACME),
            Map.entry("cc 1.0.0", "registry+" + ACME));
    LockCheck check = new LockCheck(manifests, lockfile, "raya.lock");
    check.structure(Set.of(DEFAULT));
    check.contents(
        pkg ->
            pkg.source() instanceof LockSource.Registry(String origin) && origin.equals(ACME)
                ? acme.metadata(pkg)
                : main.metadata(pkg),
        ResolveOptions.EVERYBODY);
  }

  @Test
  void aNameThatTheNamedRegistryLacksIsNotTakenFromAnother() throws Exception {
    main.with("bb 9.9.9");
    ProjectResolution resolution =
        resolve(
            project(
                "[dependencies]\nbb = { version = \"*\", registry = \"acme\" }\n" + REGISTRIES));
    assertThat(resolution).isInstanceOf(ProjectResolution.Failed.class);
  }

  @Test
  void oneNameFromTwoRegistriesIsRefusedByName() throws Exception {
    main.with("aa 1.0.0 cc^1").with("cc 1.0.0");
    acme.with("bb 1.0.0 cc^1").with("cc 1.0.0");
    assertThatThrownBy(
            () ->
                resolve(
                    project(
                        "[dependencies]\naa = \"^1\"\n"
                            + "bb = { version = \"^1\", registry = \"acme\" }\n"
                            + REGISTRIES)))
        .isInstanceOf(ProjectException.class)
        .hasMessageContaining("cc")
        .hasMessageContaining("two registries");
  }

  @Test
  void aPackageCannotLeadToARegistryThatNobodyNamed() throws Exception {
    main.with("aa 1.0.0").with("aa 1.1.0 bb^1@https://evil.example");
    assertThat(sources(lock(project("[dependencies]\naa = \"^1\"\n" + REGISTRIES))))
        .containsOnlyKeys("aa 1.0.0");
  }

  @Test
  void overridesReachPackagesOfEveryRegistry() throws Exception {
    acme.with("bb 1.0.0 cc^1").with("cc 1.0.0").with("cc 2.0.0");
    assertThat(
            sources(
                lock(
                    project(
                        "[dependencies]\nbb = { version = \"^1\", registry = \"acme\" }\n"
                            + "[resolution.override]\ncc = \"2.0.0\"\n"
                            + REGISTRIES))))
        .containsOnlyKeys("bb 1.0.0", "cc 2.0.0");
  }

  @Test
  void aLockfileThatSwapsTheRegistryDoesNotFollow() throws Exception {
    main.with("aa 1.0.0");
    acme.with("bb 1.0.0");
    ProjectManifests manifests =
        project(
            "[dependencies]\naa = \"^1\"\nbb = { version = \"^1\", registry = \"acme\" }\n"
                + REGISTRIES);
    String good = new String(LockfileCodec.write(lock(manifests)), StandardCharsets.UTF_8);
    String swapped = good.replaceFirst("registry\\+" + DEFAULT, "registry+" + ACME);
    assertThatThrownBy(
            () ->
                new LockCheck(
                        manifests, LockfileCodec.read("raya.lock", bytes(swapped)), "raya.lock")
                    .structure(Set.of(DEFAULT)))
        .isInstanceOf(LockfileException.class)
        .hasMessageContaining("aa 1.0.0");
  }

  @Test
  void aGitPackageIsLockedByItsCommitWithWhatItsManifestAsksFor() throws Exception {
    main.with("cc 1.0.0").with("cc 1.4.0");
    Digest tree = Digest.of(bytes("tree"));
    FetchedPackage exp =
        new FetchedPackage.FromGit(
            "https://git.example/exp.git",
            COMMIT,
            "",
            tree,
            manifest("exp/raya.toml", "exp", "[dependencies]\ncc = \"^1\"\n"));
    String text = "[dependencies]\nexp = { git = \"https://git.example/exp.git\" }\n";
    Lockfile lockfile = lock(project(text, exp));
    assertThat(sources(lockfile))
        .containsExactly(
            Map.entry("cc 1.4.0", "registry+" + DEFAULT),
            Map.entry("exp 0.1.0", "git+https://git.example/exp.git#" + COMMIT));
    assertThat(lockfile.versionsOf(PackageName.parse("exp")).getFirst().tree()).isEqualTo(tree);
    assertThat(LockfileCodec.read("raya.lock", LockfileCodec.write(lockfile))).isEqualTo(lockfile);
    LockCheck check = new LockCheck(project(text, exp), lockfile, "raya.lock");
    check.structure(Set.of(DEFAULT));
    check.contents(main::metadata, ResolveOptions.EVERYBODY);

    FetchedPackage moved =
        new FetchedPackage.FromGit(
            "https://git.example/exp.git",
            COMMIT.replace('0', 'f'),
            "",
            tree,
            manifest("exp/raya.toml", "exp", ""));
    assertThatThrownBy(
            () -> new LockCheck(project(text, moved), lockfile, "raya.lock").structure(Set.of()))
        .isInstanceOf(LockfileException.class);
  }

  @Test
  void anArchiveIsLockedByItsDigest() throws Exception {
    main.with("cc 1.0.0");
    acme.with("tool 2.0.0 cc^1");
    LockedPackage model =
        new LockedPackage(
            PackageName.parse("tool"),
            Version.parse("2.0.0"),
            new LockSource.Url("https://files.example/tool.tar.zst"),
            null,
            null,
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            null,
            null);
    FetchedPackage tool =
        new FetchedPackage.FromUrl(
            "https://files.example/tool.tar.zst",
            Digest.of(bytes("archive")),
            Digest.of(bytes("tree")),
            7,
            java.util.Objects.requireNonNull(acme.metadata(model)));
    String text = "[dependencies]\ntool = { url = \"https://files.example/tool.tar.zst\" }\n";
    Lockfile lockfile = lock(project(text, tool));
    LockedPackage locked = lockfile.versionsOf(PackageName.parse("tool")).getFirst();
    assertThat(locked.source()).isEqualTo(tool.source());
    assertThat(locked.checksum()).isEqualTo(Digest.of(bytes("archive")));
    assertThat(locked.log()).isNull();
    assertThat(sources(lockfile)).containsKey("cc 1.0.0");
    assertThat(LockfileCodec.read("raya.lock", LockfileCodec.write(lockfile))).isEqualTo(lockfile);
    new LockCheck(project(text, tool), lockfile, "raya.lock").structure(Set.of(DEFAULT));
  }
}
