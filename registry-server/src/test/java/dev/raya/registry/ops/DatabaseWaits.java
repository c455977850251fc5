package dev.raya.registry.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Waits for what other requests and commands do in the database of the registry under test. */
public final class DatabaseWaits {
  private static final long PATIENCE_SECONDS = 30;

  private DatabaseWaits() {}

  /**
   * Until so many wait for the lock of a name that somebody holds.
   *
   * @param waiter one of them, which is not to end meanwhile
   */
  public static void untilNameIsWaitedFor(int waiters, Future<?> waiter) {
    until("locktype = 'advisory' and classid = 2", waiters, waiter);
  }

  /**
   * Until so many wait for another transaction, such as one that holds a row.
   *
   * @param waiter one of them, which is not to end meanwhile
   */
  public static void untilTransactionIsWaitedFor(int waiters, Future<?> waiter) {
    until("locktype in ('transactionid', 'tuple')", waiters, waiter);
  }

  /** Until nobody is writing what the outbox holds: its rows are locked until that is done. */
  public static void untilTheOutboxIsWritten() {
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                Panache.getEntityManager()
                    .createNativeQuery("select id from outbox for update")
                    .getResultList());
  }

  private static void until(String locks, int waiters, Future<?> waiter) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (waiting(locks) < waiters && !waiter.isDone() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(waiting(locks)).isGreaterThanOrEqualTo(waiters);
  }

  private static long waiting(String locks) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                ((Number)
                        Panache.getEntityManager()
                            .createNativeQuery(
                                "select count(*) from pg_locks where not granted and " + locks)
                            .getSingleResult())
                    .longValue());
  }
}
