package dev.raya.resolver.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.resolver.manifest.Dependency.GitReference;
import dev.raya.resolver.manifest.Dependency.Source;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.ModulePath;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.ResolverCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ManifestReaderTest {
  private static final Path ERRORS =
      Path.of("src/test/resources/dev/raya/resolver/manifest/errors");

  static String full() {
    try (InputStream in = ManifestReaderTest.class.getResourceAsStream("full.toml")) {
      if (in == null) {
        throw new IllegalStateException("full.toml is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Dependency dependency(Manifest manifest, String alias) {
    Dependency dependency = manifest.dependencies().get(new PackageName(alias));
    if (dependency == null) {
      throw new AssertionError("no dependency " + alias);
    }
    return dependency;
  }

  @Test
  void everyTableOfTheManifestIsRead() throws ManifestException {
    Manifest m = ManifestReader.read("raya.toml", full());
    assertThat(m.warnings()).isEmpty();
    assertThat(m.name()).isEqualTo(new PackageName("@acme/logging"));
    assertThat(m.version()).hasToString("1.2.3");
    assertThat(m.exports()).containsExactly(Map.entry(new ModulePath("sinks"), "src/sinks.raya"));
    assertThat(m.dependencies()).hasSize(11);
    assertThat(dependency(m, "time").rangeOrAny()).hasToString(">=2.0.0 <3.0.0-0");
    assertThat(dependency(m, "time").position()).hasToString("raya.toml:18:1");
    assertThat(dependency(m, "fmt").optional()).isTrue();
    assertThat(dependency(m, "json5").name()).hasToString("json-five");
    assertThat(dependency(m, "util").source()).isEqualTo(new Source.Path("../util"));
    assertThat(dependency(m, "exp").source())
        .isEqualTo(new Source.Git("https://example.com/exp.git", GitReference.TAG, "v0.2.0"));
    assertThat(dependency(m, "tool").range()).isNull();
    assertThat(dependency(m, "gpu").targets()).containsExactly("linux-x64", "linux-arm64");
    assertThat(dependency(m, "net-lib").grant()).containsExactly(new Capability("net"));
    assertThat(dependency(m, "lean").defaultFeatures()).isFalse();
    assertThat(dependency(m, "private").source()).isEqualTo(new Source.Registry("acme"));
    assertThat(dependency(m, "shared").source()).isEqualTo(new Source.Workspace());
    assertThat(m.devDependencies()).hasSize(1);
    assertThat(m.grants()).containsKey(new PackageName("dns"));
    assertThat(m.features().get("all"))
        .extracting(FeatureItem::text)
        .containsExactly("color", "lean/tls");
    assertThat(m.natives()).containsKey("lz4");
    assertThat(m.resolution().strict()).isFalse();
    assertThat(m.resolution().minReleaseAge()).isEqualTo(Duration.ofDays(3));
    assertThat(m.resolution().overrides())
        .extracting(o -> o.dependent() + " " + o.name() + " " + o.range())
        .containsExactly("null http =1.5.3", "fmt zip =2.0.0");
    assertThat(m.workspace()).isNotNull();
    assertThat(m.toolchain()).hasToString("1.0.0");
    assertThat(m.registries()).containsKey("acme");
    assertThat(m.trustLevel()).isEqualTo("strict");
  }

  static Stream<Path> errors() throws IOException {
    try (Stream<Path> files = Files.list(ERRORS)) {
      return files.filter(f -> f.toString().endsWith(".toml")).sorted().toList().stream();
    }
  }

  /** Each file's faults and warnings stand beside it; {@code -Dgolden.write=true} writes them. */
  @ParameterizedTest
  @MethodSource("errors")
  void faultsNamePlaceAndNearestSpelling(Path file) throws IOException {
    List<String> found = new ArrayList<>();
    try {
      ManifestReader.readFile(file, "raya.toml").warnings().forEach(w -> found.add(line(w)));
    } catch (ManifestException e) {
      e.faults().forEach(f -> found.add(line(f)));
    }
    String text = String.join("\n", found) + '\n';
    Path golden = Path.of(file.toString().replace(".toml", ".out"));
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(golden, text);
    }
    assertThat(text).isEqualTo(Files.readString(golden));
  }

  private static String line(ManifestFault fault) {
    return fault.code().code() + ' ' + fault;
  }

  @Test
  void unknownKeysWarnAndAreKept() throws ManifestException {
    Manifest m =
        ManifestReader.read(
            "raya.toml", "[package]\nname = \"hello\"\nlicence = \"MIT\"\n[extra]\nx = 1\n");
    assertThat(m.warnings())
        .extracting(ManifestFault::toString)
        .containsExactly(
            "raya.toml:3:1: unknown key \"licence\" in [package]; did you mean \"license\"?",
            "raya.toml:4:1: unknown key \"extra\"");
    assertThat(m.warnings()).allMatch(w -> w.code() == ResolverCode.UNKNOWN_KEY);
  }

  @Test
  void aMissingFileIsAFaultOfTheManifest() {
    assertThatThrownBy(() -> ManifestReader.readFile(ERRORS.resolve("none.toml"), "raya.toml"))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("raya.toml")
        .hasMessageContaining("raya-pm init");
  }

  @Test
  void hostileBytesAreRefused() {
    assertThatThrownBy(() -> ManifestReader.read("raya.toml", new byte[] {(byte) 0xc3, 0x28}))
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(
            () -> ManifestReader.read("raya.toml", new byte[ManifestReader.MAX_BYTES + 1]))
        .hasMessageContaining("at most");
    assertThatThrownBy(
            () -> ManifestReader.read("raya.toml", "x = " + "[".repeat(5_000) + "]".repeat(5_000)))
        .isInstanceOf(ManifestException.class);
  }

  /** Damaged manifests are refused with a place or read; nothing else ever comes out. */
  @Test
  void damagedManifestsNeverCrashTheReader() {
    Random random = new Random(5);
    String text = full();
    for (int round = 0; round < 300; round++) {
      StringBuilder damaged = new StringBuilder(text);
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        int at = random.nextInt(damaged.length());
        switch (random.nextInt(3)) {
          case 0 -> damaged.deleteCharAt(at);
          case 1 -> damaged.setCharAt(at, "\"'[]{}=,.#\n a1".charAt(random.nextInt(14)));
          default -> damaged.insert(at, "\"'[]{}=,.#\n a1".charAt(random.nextInt(14)));
        }
      }
      try {
        ManifestReader.read("raya.toml", damaged.toString());
      } catch (ManifestException e) {
        assertThat(e.faults()).isNotEmpty().allMatch(f -> f.position().line() >= 1);
      }
    }
  }

  @Test
  void theDigestDependsOnWhatResolutionReads() throws ManifestException {
    String text = full();
    Manifest manifest = ManifestReader.read("raya.toml", text);
    Manifest other =
        ManifestReader.read(
            "x.toml",
            text.replace("Structured logging", "Logs")
                .replace("version = \"1.2.3\"", "version='2.0.0'")
                .replace("time = \"^2.0.0\"", "time   = '^2.0.0' # spaced"));
    Manifest changed = ManifestReader.read("raya.toml", text.replace("^2.0.0", "^2.0.1"));
    assertThat(ManifestDigest.of(Map.of(".", other)))
        .isEqualTo(ManifestDigest.of(Map.of(".", manifest)))
        .isNotEqualTo(ManifestDigest.of(Map.of(".", changed)))
        .isNotEqualTo(ManifestDigest.of(Map.of("packages/a", manifest)));
  }
}
