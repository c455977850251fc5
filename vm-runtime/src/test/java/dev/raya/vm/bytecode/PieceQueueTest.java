package dev.raya.vm.bytecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PieceQueueTest {
  private static final int PIECES = 500;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void everyPieceIsDoneOnce(int threads) {
    AtomicIntegerArray done = new AtomicIntegerArray(PIECES);
    try (PieceQueue queue = new PieceQueue(threads)) {
      for (int i = 0; i < PIECES; i++) {
        int piece = i;
        queue.add(() -> done.incrementAndGet(piece));
      }
      queue.finish();
    }
    for (int i = 0; i < PIECES; i++) {
      assertThat(done.get(i)).isEqualTo(1);
    }
  }

  @Test
  void piecesBeginBeforeAllAreAdded() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (PieceQueue queue = new PieceQueue(2)) {
      queue.add(begun::countDown);
      begun.await();
      queue.finish();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void theFirstFailureIsTold(int threads) {
    try (PieceQueue queue = new PieceQueue(threads)) {
      for (int i = 0; i < PIECES; i++) {
        int piece = i;
        queue.add(
            () -> {
              if (piece % 100 == 50) {
                throw new IllegalArgumentException("piece " + piece);
              }
            });
      }
      assertThatThrownBy(queue::finish)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("piece 50");
    }
  }

  @Test
  void whatNobodyHasBegunIsNotDoneAfterClosing() {
    AtomicBoolean done = new AtomicBoolean();
    try (PieceQueue queue = new PieceQueue(1)) {
      queue.add(() -> done.set(true));
    }
    assertThat(done).isFalse();
  }

  @Test
  void closingWaitsForWhatIsBegun() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    try (PieceQueue queue = new PieceQueue(2)) {
      queue.add(
          () -> {
            begun.countDown();
            Thread.yield();
            done.set(true);
          });
      begun.await();
    }
    assertThat(done).isTrue();
  }
}
