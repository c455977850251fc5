package dev.raya.registry.log;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits, after a commit, until its record has a number and, shortly, until it is shown. */
@ApplicationScoped
public class RecordWait {
  private static final long NUMBER_SECONDS = 30;

  /**
   * A client looks at the index as soon as it has its answer; waiting a little spares it a round.
   */
  private static final long VISIBLE_SECONDS = 2;

  private final LogLeader leader;

  @Inject
  RecordWait(LogLeader leader) {
    this.leader = leader;
  }

  /**
   * Announces a wait; to be called inside the transaction that adds the record.
   *
   * @param pendingId number of the record among the waiting ones
   */
  public LogLeader.Ticket expect(long pendingId) {
    return leader.expect(pendingId);
  }

  /**
   * Waits until a record has its number.
   *
   * @param what was stored, for the message
   * @return its index in the log
   * @throws RegistryException with {@link Problem#BUSY} if that takes too long; the change is
   *     committed then, and asking for it again changes nothing
   */
  public long await(LogLeader.Ticket ticket, String what) throws RegistryException {
    try {
      leader.wake();
      long index = ticket.numbered().get(NUMBER_SECONDS, TimeUnit.SECONDS);
      orTimeout(ticket.visible());
      return index;
    } catch (TimeoutException e) {
      throw unnumbered(what);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unnumbered(what);
    } finally {
      leader.forget(ticket);
    }
  }

  /** The refusal while a stored record has no number. */
  public static RegistryException unnumbered(String what) {
    return new RegistryException(
        Problem.BUSY,
        what + " is stored, but has no number in the log yet",
        "ask again in a moment: the same request only waits");
  }

  /** The answer does not depend on visibility: if it takes long, the client looks again. */
  private static void orTimeout(CompletableFuture<Void> visible)
      throws InterruptedException, ExecutionException {
    try {
      visible.get(VISIBLE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return;
    }
  }
}
