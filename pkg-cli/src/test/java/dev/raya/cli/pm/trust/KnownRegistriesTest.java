package dev.raya.cli.pm.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.RayaHome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a home knows of registries, when several threads of one process learn of some at once. */
final class KnownRegistriesTest {
  private static final int THREADS = 8;

  @TempDir Path folder = Path.of("");

  @Test
  void threadsOfOneProcessWaitForEachOtherAndLoseNothing() throws Exception {
    RayaHome home = new RayaHome(folder.resolve("home"));
    CountDownLatch start = new CountDownLatch(1);
    List<Future<KnownRegistries.Known>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < THREADS; i++) {
        String origin = "https://registry-" + i + ".example";
        all.add(
            threads.submit(
                () -> {
                  start.await();
                  return new KnownRegistries(home)
                      .remember(
                          origin,
                          Digest.of(origin.getBytes(StandardCharsets.UTF_8)),
                          URI.create(origin + "/"));
                }));
      }
      start.countDown();
      for (Future<KnownRegistries.Known> each : all) {
        KnownRegistries.Known remembered = each.get();
        assertThat(new KnownRegistries(home).all()).contains(remembered);
      }
    }
    assertThat(new KnownRegistries(home).all()).hasSize(THREADS);
  }
}
