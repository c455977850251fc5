package dev.raya.cli.pm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ConcurrentlyTest {
  private static final List<Integer> MANY = IntStream.range(0, 100).boxed().toList();

  @Test
  void resultsAreInTheOrderOfTheElements() throws Exception {
    assertThat(Concurrently.each(MANY, n -> n * n, 4, Thread::new))
        .isEqualTo(MANY.stream().map(n -> n * n).toList());
  }

  @Test
  void severalAreTakenAtOnce() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Set<String> threads = Collections.synchronizedSet(new HashSet<>());
    Concurrently.each(
        MANY,
        n -> {
          threads.add(Thread.currentThread().getName());
          both.countDown();
          both.await();
          return n;
        },
        2,
        Thread::new);
    assertThat(threads).hasSize(2);
  }

  @Test
  void theFailureOfTheFirstElementIsTold() {
    CountDownLatch later = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                Concurrently.each(
                    MANY,
                    n -> {
                      if (n == 1) {
                        later.countDown();
                        throw new IOException("of 1");
                      }
                      if (n == 0) {
                        later.await(); // fails after the one behind it
                        throw new IOException("of 0");
                      }
                      return n;
                    },
                    2,
                    Thread::new))
        .isInstanceOf(IOException.class)
        .hasMessage("of 0");
  }

  @Test
  void nothingIsBegunAfterAFailure() {
    Set<Integer> taken = Collections.synchronizedSet(new HashSet<>());
    assertThatThrownBy(
            () ->
                Concurrently.each(
                    MANY,
                    n -> {
                      taken.add(n);
                      throw new IllegalStateException("of " + n);
                    },
                    2,
                    Thread::new))
        .hasMessage("of 0");
    assertThat(taken.size()).isLessThanOrEqualTo(3);
  }

  @Test
  void whereTheSystemGivesNoMoreThreadsFewerDoIt() throws Exception {
    AtomicInteger made = new AtomicInteger();
    List<Integer> doubled =
        Concurrently.each(
            MANY,
            n -> 2 * n,
            4,
            work ->
                made.incrementAndGet() == 1
                    ? new Thread(work)
                    : new Thread(work) {
                      @Override
                      public void start() {
                        throw new OutOfMemoryError("unable to create native thread");
                      }
                    });
    assertThat(doubled).isEqualTo(MANY.stream().map(n -> 2 * n).toList());
    assertThat(made).hasValue(2);
  }
}
