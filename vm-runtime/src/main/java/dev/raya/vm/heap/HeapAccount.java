package dev.raya.vm.heap;

import dev.raya.vm.bytecode.Trap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The modelled heap of a context (vm.md 9): counts every allocation, and marks what is alive before
 * it says that the limit is met. Without a limit nothing is marked and the count is that of all
 * allocations. One worker writes it.
 */
public final class HeapAccount {
  private static final long MIN_THRESHOLD = 1 << 20;
  private static final int GROWTH = 2;

  private final long limit;
  private final LongConsumer published;
  private LongSupplier marker = () -> Long.MAX_VALUE;
  private long used;
  private long live;
  private long threshold = MIN_THRESHOLD;
  private long marks;

  /**
   * Makes an account.
   *
   * @param limit bytes, Long.MAX_VALUE for none
   * @param published hears the count at marks and at {@link #publish}
   */
  public HeapAccount(long limit, LongConsumer published) {
    this.limit = limit;
    this.published = published;
  }

  /** Sets what computes the live bytes: a mark over all roots. */
  public void marker(LongSupplier liveBytes) {
    marker = liveBytes;
  }

  /**
   * Counts an allocation before it is made.
   *
   * @throws LimitException if it does not fit even after a mark
   */
  public void allocate(long bytes) {
    used += bytes;
    if (limit != Long.MAX_VALUE && (used > limit || used - live > threshold)) {
      mark(bytes);
    }
  }

  private void mark(long bytes) {
    marks++;
    live = marker.getAsLong();
    published.accept(used);
    used = live + bytes;
    threshold = Math.max(MIN_THRESHOLD, live * (GROWTH - 1));
    if (used > limit) {
      used = live;
      throw new LimitException(
          Trap.HEAP_LIMIT_EXCEEDED,
          "the heap limit of " + limit + " bytes does not allow " + bytes + " more");
    }
  }

  /** Returns how often the heap was marked. */
  public long marks() {
    return marks;
  }

  /** Makes the count visible to other threads. */
  public void publish() {
    published.accept(used);
  }
}
