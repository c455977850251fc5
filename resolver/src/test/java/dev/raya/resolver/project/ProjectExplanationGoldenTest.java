package dev.raya.resolver.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.resolver.explain.Conflict;
import dev.raya.resolver.explain.Explainer;
import dev.raya.resolver.explain.ResolutionException;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.policy.ReleasePolicy;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.version.Version;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user reads when a project cannot be resolved: {@code golden/explain/NAME.toml} with the
 * releases of {@code NAME.registry} (a line each, as {@link MemoryRegistry} reads them; {@code
 * young} and {@code yank} before it say so) and perhaps a path package {@code NAME.member.toml} in
 * {@code lib}, against {@code NAME.out}: text, then the object. With {@code -Draya.golden=DIR} the
 * files are written to that folder instead.
 */
final class ProjectExplanationGoldenTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private static Path folder() throws Exception {
    URL url = ProjectExplanationGoldenTest.class.getResource("/golden/explain");
    return Path.of(Objects.requireNonNull(url).toURI());
  }

  static List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".registry"))
          .map(name -> name.substring(0, name.indexOf('.')))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void textAndObjectAreAsWritten(String name) throws Exception {
    MemoryRegistry registry = registry(name);
    Path member = folder().resolve(name + ".member.toml");
    Map<String, Manifest> paths =
        Files.exists(member)
            ? Map.of("lib", ManifestReader.read("lib/raya.toml", Files.readString(member)))
            : Map.of();
    Manifest root = ManifestReader.read("raya.toml", read(name + ".toml"));
    ResolveOptions options = options();
    ProjectResolution.Failed failed =
        (ProjectResolution.Failed)
            new ProjectResolver(new ProjectManifests(root, paths), null, options, registry)
                .resolve();
    ResolutionException refusal =
        new Explainer(
                failed.request(), failed.candidates(), failed.situation(), Explainer.DEFAULT_EFFORT)
            .refusal((Unsolvable) failed.result());
    Conflict conflict = Objects.requireNonNull(refusal.conflict());
    assertThat(conflict.core().minimal()).isTrue();
    String actual =
        refusal.code()
            + '\n'
            + refusal.text()
            + "\n\n"
            + CanonicalJson.text(conflict.json())
            + '\n';
    String to = System.getProperty("raya.golden");
    if (to != null) {
      Files.writeString(Path.of(to, name + ".out"), actual);
      return;
    }
    assertThat(actual).isEqualTo(read(name + ".out"));
  }

  private static String read(String file) throws Exception {
    return Files.readString(folder().resolve(file), StandardCharsets.UTF_8);
  }

  private static MemoryRegistry registry(String name) throws Exception {
    MemoryRegistry registry = new MemoryRegistry();
    for (String line : read(name + ".registry").strip().split("\n", -1)) {
      String[] words = line.split(" ", 3);
      switch (words[0]) {
        case "yank" -> registry.yank(words[1], words[2]);
        case "young" -> registry.with(line.substring(6), NOW.minus(Duration.ofHours(30)));
        default -> registry.with(line);
      }
    }
    return registry;
  }

  private static ResolveOptions options() throws Exception {
    return ResolveOptions.install(NOW, Version.parse("1.0.0"), "https://raya.example")
        .withPolicy(ReleasePolicy.OPEN.withMinReleaseAge(Duration.ofDays(7)));
  }
}
