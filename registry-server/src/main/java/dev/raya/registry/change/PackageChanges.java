package dev.raya.registry.change;

import dev.raya.registry.account.Caller;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.log.LogLeader;
import dev.raya.registry.log.RecordWait;
import dev.raya.registry.packages.OwnerRow;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.PackageViews;
import dev.raya.resolver.name.PackageName;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes to packages: one transaction each, under the package's lock, for an owner with the
 * right token, with log record, outbox row and audit line in it; then waits until the log has
 * numbered it. A refusal rolls everything back. Asking for what already holds changes nothing.
 */
@ApplicationScoped
public class PackageChanges {
  private final PackageViews packages;
  private final RecordWait records;
  private final InstantSource clock;

  @Inject
  PackageChanges(PackageViews packages, RecordWait records, InstantSource clock) {
    this.packages = packages;
    this.records = records;
    this.clock = clock;
  }

  /** The transaction's part of a change. */
  @FunctionalInterface
  interface Change {
    /**
     * Makes the change.
     *
     * @throws RegistryException if it is refused
     */
    void make(Transaction transaction) throws RegistryException;
  }

  /** What a change works with; lives as long as its transaction. */
  static final class Transaction {
    private final PackageRow row;
    private final Caller caller;
    private final Instant now;
    private final List<Long> pending = new ArrayList<>();
    private boolean changed;

    private Transaction(PackageRow row, Caller caller, Instant now) {
      this.row = row;
      this.caller = caller;
      this.now = now;
    }

    /** The package. */
    PackageRow row() {
      return row;
    }

    /** Who changes it. */
    Caller caller() {
      return caller;
    }

    /** When. */
    Instant now() {
      return now;
    }

    /** Notes the number of a waiting record of this change. */
    void recorded(long pendingId) {
      pending.add(pendingId);
      changed = true;
    }

    /** Notes a change that no record tells of. */
    void changed() {
      changed = true;
    }
  }

  /**
   * Makes a change.
   *
   * @param name of the package, as the request has it
   * @param scope that the token needs
   * @return whether anything changed
   * @throws RegistryException if there is no such package, the caller may not, or the change is
   *     refused
   */
  boolean make(Caller caller, String name, TokenScope scope, Change change)
      throws RegistryException {
    caller.requirePerson();
    caller.require(scope);
    PackageName valid = PackageName.tryParse(name);
    if (valid == null) {
      throw packages.unknown(name);
    }
    caller.require(scope, valid.text());
    Outcome outcome = inTransaction(caller, valid, change);
    LogLeader.Ticket ticket = outcome.ticket();
    if (ticket != null) {
      records.await(ticket, "the change");
    }
    return outcome.changed();
  }

  /** What a transaction came to, and the record to wait for. */
  private record Outcome(boolean changed, LogLeader.@Nullable Ticket ticket) {}

  private Outcome inTransaction(Caller caller, PackageName name, Change change)
      throws RegistryException {
    try {
      return QuarkusTransaction.requiringNew().call(() -> commit(caller, name, change));
    } catch (QuarkusTransactionException e) {
      if (e.getCause() instanceof RegistryException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  private Outcome commit(Caller caller, PackageName name, Change change) throws RegistryException {
    PackageRow.lock(name);
    PackageRow row = PackageRow.named(name.text()).orElse(null);
    if (row == null) {
      throw packages.unknown(name.text());
    }
    if (OwnerRow.findById(new OwnerRow.Key(row.id, caller.account())) == null) {
      throw new RegistryException(
          Problem.FORBIDDEN,
          "account " + caller.name() + " is no owner of " + name,
          "raya-pm owner list " + name + " shows whom to ask");
    }
    Transaction transaction = new Transaction(row, caller, clock.instant());
    change.make(transaction);
    return new Outcome(
        transaction.changed,
        transaction.pending.isEmpty() ? null : records.expect(transaction.pending.getLast()));
  }
}
