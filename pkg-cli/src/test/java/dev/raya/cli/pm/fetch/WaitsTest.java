package dev.raya.cli.pm.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said while a registry takes its time. */
final class WaitsTest {
  private static final URI ADDRESS = URI.create("https://raya.example/tuf/1.root.json");

  private final LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();

  @Test
  void silenceIsBroken() throws InterruptedException {
    try (Waits waits = new Waits(said::add, Duration.ofMillis(1));
        Waits.Wait first = waits.on(ADDRESS, "");
        Waits.Wait second = waits.on(ADDRESS, "")) {
      assertThat(said.poll(10, TimeUnit.SECONDS))
          .isEqualTo("waiting for raya.example: 1.root.json and 1 more");
      first.received(1 << 20);
      second.received(1);
      @Nullable String word = said.poll(10, TimeUnit.SECONDS);
      while (word != null && !word.isEmpty()) {
        word = said.poll(10, TimeUnit.SECONDS); // said again before something arrived
      }
      assertThat(word).as("nobody is waited for any more").isEmpty();
    }
  }

  @Test
  void oneSmallAnswerAfterTheOtherIsNoNews() throws InterruptedException {
    try (Waits waits = new Waits(said::add, Duration.ofMillis(20))) {
      @Nullable String word = null;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (word == null && System.nanoTime() < end) {
        try (Waits.Wait wait = waits.on(ADDRESS, "answer")) {
          wait.received(10);
          word = said.poll(2, TimeUnit.MILLISECONDS);
        }
      }
      assertThat(word).isEqualTo("waiting for raya.example: answer");
    }
  }
}
