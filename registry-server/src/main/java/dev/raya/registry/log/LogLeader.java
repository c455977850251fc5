package dev.raya.registry.log;

import dev.raya.registry.http.StaticFiles;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.TreeLock;
import dev.raya.registry.trust.TrustRepository;
import dev.raya.signing.SigningException;
import dev.raya.tuf.TufException;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The one thread that numbers log records and then does the outbox's work, woken by commits and
 * otherwise once a second (another server on the same database may have committed). Requests wait
 * here for their number.
 */
@ApplicationScoped
public class LogLeader {
  private static final System.Logger LOG = System.getLogger(LogLeader.class.getName());
  private static final Duration TICK = Duration.ofSeconds(1);

  /** How often the repository is looked at for what has grown old. */
  private static final Duration REFRESH = Duration.ofMinutes(20);

  private final AgroalDataSource database;
  private final LogSequencer sequencer;
  private final OutboxWorker outbox;
  private final TransparencyLog log;
  private final StaticTree tree;
  private final TrustRepository trust;
  private final InstantSource clock;
  private final Semaphore work = new Semaphore(0);
  private final Map<Long, Ticket> tickets = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean ending;

  /** Guards what is done by one thread at a time, and {@link #refreshAt}. */
  private final Object working = new Object();

  /** When the repository is looked at again for what has grown old. */
  private Instant refreshAt = Instant.MIN;

  /**
   * A record that a request waits for.
   *
   * @param pendingId number of its row in {@code log_pending}
   * @param numbered completes with its index in the log, once a checkpoint covers it
   * @param visible completes when the outbox was empty after that
   */
  public record Ticket(
      long pendingId, CompletableFuture<Long> numbered, CompletableFuture<Void> visible) {}

  @Inject
  LogLeader(
      AgroalDataSource database,
      InstantSource clock,
      StaticTree tree,
      StaticFiles files,
      TransparencyLog log,
      TrustRepository trust) {
    this.database = database;
    this.clock = clock;
    this.log = log;
    this.tree = tree;
    this.trust = trust;
    this.sequencer = new LogSequencer(clock);
    this.outbox = new OutboxWorker(tree, files, trust);
    this.thread = Thread.ofPlatform().name("raya-log").daemon().unstarted(this::run);
  }

  void start(@Observes StartupEvent event) {
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    ending = true;
    work.release();
    thread.join(TimeUnit.SECONDS.toMillis(10));
  }

  /** Announces a wait; to be called before the transaction that adds the row commits. */
  public Ticket expect(long pendingId) {
    Ticket ticket = new Ticket(pendingId, new CompletableFuture<>(), new CompletableFuture<>());
    tickets.put(pendingId, ticket);
    return ticket;
  }

  /** Ends a wait, whatever came of it. */
  public void forget(Ticket ticket) {
    tickets.remove(ticket.pendingId());
  }

  /** Says that there is work. */
  public void wake() {
    work.release();
  }

  /**
   * Does all the work there is, on the calling thread: numbers, tiles, a checkpoint over them, then
   * the outbox.
   *
   * @throws SQLException if the database fails
   * @throws IOException if a file cannot be written or the signer gives no answer
   * @throws SigningException if the log cannot go on from what was signed
   * @throws TufException if metadata is damaged or the signer refuses
   * @throws StorageException if an offline role can be neither made nor used
   */
  public void finish()
      throws SQLException, IOException, SigningException, TufException, StorageException {
    synchronized (working) {
      try (Connection connection = database.getConnection()) {
        connection.setAutoCommit(false);
        refresh(connection);
        while (sequencer.number(connection) > 0) {
          log.extend(connection);
          answer(connection);
        }
        log.extend(connection);
        answer(connection);
        while (outbox.work(connection)) {
          continue;
        }
      }
    }
  }

  private void refresh(Connection connection)
      throws SQLException, IOException, TufException, StorageException {
    Instant now = clock.instant();
    if (now.isBefore(refreshAt)) {
      return;
    }
    TreeLock.take(connection);
    try {
      if (trust.refresh()) {
        outbox.requeue(connection);
      }
      RootRecords.complete(connection, tree);
      connection.commit();
    } finally {
      connection.rollback();
    }
    refreshAt = now.plus(REFRESH);
  }

  private void run() {
    while (!ending) {
      try {
        if (work.tryAcquire(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
          work.drainPermits();
        }
        if (!ending) {
          List<Ticket> before = List.copyOf(tickets.values());
          finish();
          for (Ticket ticket : before) {
            if (ticket.numbered().isDone()) {
              ticket.visible().complete(null);
            }
          }
        }
      } catch (SQLException
          | IOException
          | SigningException
          | TufException
          | StorageException
          | RuntimeException e) {
        // The work stays in the database; the next round tries again.
        LOG.log(System.Logger.Level.ERROR, "numbering or outbox failed; trying again", e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Completes the tickets whose records the served checkpoint covers. */
  private void answer(Connection connection) throws SQLException {
    for (Ticket ticket : tickets.values()) {
      if (ticket.numbered().isDone()) {
        continue;
      }
      try (PreparedStatement select =
          connection.prepareStatement("select seq from log_leaf where pending_id = ?")) {
        select.setLong(1, ticket.pendingId());
        try (ResultSet row = select.executeQuery()) {
          if (row.next() && row.getLong(1) < log.size()) {
            ticket.numbered().complete(row.getLong(1));
          }
        }
      }
    }
    connection.rollback();
  }
}
