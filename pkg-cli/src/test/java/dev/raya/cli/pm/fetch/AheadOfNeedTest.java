package dev.raya.cli.pm.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an install unpacks before it knows what it needs is bounded, and nothing of it is lost. */
final class AheadOfNeedTest {
  private static final List<String> NAMES = List.of("fmt", "logging", "parsing");

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  /** What is needed: known as soon as every package waits to hear it, and then told. */
  private static final class Told extends CompletableFuture<Set<PackageClaim>> {
    private final Set<PackageClaim> needed;
    private final Path tmp;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong unpacked = new AtomicLong();

    Told(Set<PackageClaim> needed, Path tmp) {
      this.needed = needed;
      this.tmp = tmp;
    }

    @Override
    public Set<PackageClaim> get() throws InterruptedException, ExecutionException {
      if (waiting.incrementAndGet() == NAMES.size()) {
        try (Stream<Path> files = Files.list(tmp)) {
          unpacked.set(
              files.filter(each -> String.valueOf(each.getFileName()).startsWith("put-")).count());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } finally {
          complete(needed);
        }
      }
      return super.get();
    }
  }

  /** How many packages lie unpacked when all wait to hear what is needed, which is two of them. */
  private long unpackedAhead(String home, long bound) throws Exception {
    Pm pm = Pm.in(folder.resolve(home)).at(registry).project("fmt = \"^1.0\"");
    try (Session session = pm.session()) {
      session.home().prepare();
      Registry reached = session.registry();
      Map<PackageName, IndexDocument> documents = new TreeMap<>();
      List<PackageClaim> claims = new ArrayList<>();
      for (String name : NAMES) {
        PackageName key = new PackageName(name);
        IndexDocument document = IndexAnswers.document(session.index(reached), key);
        documents.put(key, Objects.requireNonNull(document));
        claims.add(PackageClaim.of(key, registry.origin(), document.versions().getFirst()));
      }
      PackageCache cache = session.cache();
      Told told = new Told(Set.copyOf(claims.subList(0, 2)), session.home().tmp());
      new PackageFetcher(session, reached, documents, told, bound).fetch(claims);
      List<Digest> entered =
          claims.stream().map(PackageClaim::checksum).filter(each -> isThere(cache, each)).toList();
      assertThat(entered).containsExactly(claims.get(0).checksum(), claims.get(1).checksum());
      try (Stream<Path> left = Files.list(session.home().tmp())) {
        assertThat(left.filter(each -> String.valueOf(each.getFileName()).startsWith("put-")))
            .isEmpty();
      }
      return told.unpacked.get();
    }
  }

  private static boolean isThere(PackageCache cache, Digest checksum) {
    try {
      return cache.get(checksum).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noMoreLiesUnpackedThanTheBoundAllowsAndTheRestComesWhenItIsNeeded() throws Exception {
    for (String name : NAMES) {
      registry.publish(TestPackage.of(name, "1.0.0"));
    }
    assertThat(unpackedAhead("all", 1L << 30)).isEqualTo(3);
    assertThat(unpackedAhead("one", 1L << 20)).isEqualTo(1);
    assertThat(unpackedAhead("none", 0)).isZero();
  }
}
