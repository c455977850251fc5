package dev.raya.resolver.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bytes of the lockfile depend on the project and the registry alone: not on the order of the
 * manifest, nor of what is published, nor on which of several threads answers when.
 */
final class LockfileDeterminismTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final int GRAPHS = 12;
  private static final int PACKAGES = 40;
  private static final int SHUFFLES = 3;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16})
  void lockfileHasTheSameBytes(int threads) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (long graph = 0; graph < GRAPHS; graph++) {
        Random random = new Random(graph);
        List<String> releases = releases(random);
        List<String> roots = List.of("p0", "p1", "p2", "p3");
        String expected = resolve(roots, registry(releases));
        for (int i = 0; i < SHUFFLES; i++) {
          Random order = new Random(graph * SHUFFLES + i);
          IndexSource late =
              new LateIndex(registry(shuffle(releases, order)), pool, order.nextLong());
          assertThat(resolve(shuffle(roots, order), late))
              .as("graph %s, %s threads", graph, threads)
              .isEqualTo(expected);
        }
      }
    }
  }

  /** A graph without cycles; every package has a line that nothing forbids. */
  private static List<String> releases(Random random) {
    List<String> releases = new ArrayList<>();
    for (int p = 0; p < PACKAGES; p++) {
      for (String version : List.of("1.0.0", "1.1.0", "1.2.0", "2.0.0", "2.1.0")) {
        StringBuilder line = new StringBuilder("p" + p + ' ' + version);
        for (int d = p + 1; d < Math.min(PACKAGES, p + 8); d++) {
          if (random.nextInt(4) == 0) {
            String range = List.of("^1", "^1.1.0", "^2", "^2.1.0").get(random.nextInt(4));
            line.append(" p").append(d).append(range);
          }
        }
        releases.add(line.toString());
      }
    }
    return releases;
  }

  private static MemoryRegistry registry(List<String> releases) throws Exception {
    MemoryRegistry registry = new MemoryRegistry();
    // The log numbers of releases belong to the registry, so that they are given in one order.
    for (String release : releases.stream().sorted().toList()) {
      registry.with(release);
    }
    return registry;
  }

  private static String resolve(List<String> roots, IndexSource index) throws Exception {
    StringBuilder manifest =
        new StringBuilder("[package]\nname = \"app\"\nversion = \"0.1.0\"\n[dependencies]\n");
    roots.forEach(root -> manifest.append(root).append(" = \"^1\"\n"));
    ProjectResolution resolution =
        new ProjectResolver(
                new ProjectManifests(ManifestReader.read("raya.toml", manifest.toString())),
                null,
                ResolveOptions.install(NOW, Version.parse("1.0.0"), "https://raya.example"),
                index)
            .resolve();
    byte[] bytes = LockfileCodec.write(((ProjectResolution.Resolved) resolution).lockfile());
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static <T> List<T> shuffle(List<T> list, Random random) {
    List<T> shuffled = new ArrayList<>(list);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  /** Answers on the threads of a pool, whichever question is drawn next. */
  private static final class LateIndex implements IndexSource {
    private final IndexSource index;
    private final ExecutorService pool;

    /** Guards the questions that wait, and the randomness. */
    private final Object lock = new Object();

    private final Random random;
    private final List<Runnable> waiting = new ArrayList<>();

    LateIndex(IndexSource index, ExecutorService pool, long seed) {
      this.index = index;
      this.pool = pool;
      this.random = new Random(seed);
    }

    @Override
    public CompletionStage<IndexAnswer> document(PackageName name) {
      CompletableFuture<IndexAnswer> answer = new CompletableFuture<>();
      synchronized (lock) {
        waiting.add(() -> answer.complete(index.document(name).toCompletableFuture().join()));
      }
      pool.execute(this::answerOne);
      return answer;
    }

    private void answerOne() {
      Runnable next;
      synchronized (lock) {
        next = waiting.remove(random.nextInt(waiting.size()));
      }
      next.run();
    }
  }
}
