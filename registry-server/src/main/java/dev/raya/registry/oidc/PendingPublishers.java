package dev.raya.registry.oidc;

import dev.raya.cache.json.Json;
import dev.raya.registry.account.AuditEvent;
import dev.raya.registry.account.Caller;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.Publishers;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Workflows that wait for the first version of a name. They reserve nothing: whoever publishes
 * first has the name.
 */
@ApplicationScoped
public class PendingPublishers {
  private static final int MAX_PER_ACCOUNT = 20;

  private final InstantSource clock;

  @Inject
  PendingPublishers(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether a name has no version yet. */
  public boolean isFree(String name) {
    return QuarkusTransaction.requiringNew().call(() -> PackageRow.named(name).isEmpty());
  }

  /** What waits for a name, of one account. */
  public List<Identity.Oidc> of(Caller caller, String name) {
    return QuarkusTransaction.requiringNew().call(() -> waiting(caller, name));
  }

  /** The documents of all names that one account waits for, by name. */
  List<Json> all(Caller caller) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              Map<String, List<Identity.Oidc>> names = new TreeMap<>();
              List<TrustedPublisher> rows =
                  TrustedPublisher.list(
                      "accountId = ?1 and packageName not in (select p.name from PackageRow p)"
                          + " order by id",
                      caller.account());
              for (TrustedPublisher row : rows) {
                names
                    .computeIfAbsent(row.packageName, name -> new ArrayList<>())
                    .add(row.workflow());
              }
              List<Json> documents = new ArrayList<>();
              names.forEach((name, waiting) -> documents.add(Publishers.pending(name, waiting)));
              return documents;
            });
  }

  private static List<Identity.Oidc> waiting(Caller caller, String name) {
    return TrustedPublisher.of(name).stream()
        .filter(row -> row.accountId == caller.account())
        .map(TrustedPublisher::workflow)
        .toList();
  }

  /**
   * Adds one.
   *
   * @return whether it was not there yet
   * @throws RegistryException if the caller may not, the name is none, or too many wait
   */
  public boolean add(Caller caller, String name, Identity.Oidc workflow, String requestId)
      throws RegistryException {
    caller.requirePerson();
    caller.require(TokenScope.OWNER, name);
    if (PackageName.tryParse(name) == null) {
      throw new RegistryException(Problem.MALFORMED, "this is no package name");
    }
    Optional<Boolean> added =
        QuarkusTransaction.requiringNew().call(() -> insert(caller, name, workflow, requestId));
    return added.orElseThrow(
        () ->
            new RegistryException(
                Problem.FORBIDDEN,
                "account "
                    + caller.name()
                    + " has "
                    + MAX_PER_ACCOUNT
                    + " publishers that wait for a first version",
                "publish one of them, or remove one: raya-pm publisher remove NAME ID"));
  }

  private Optional<Boolean> insert(
      Caller caller, String name, Identity.Oidc workflow, String requestId) {
    // A version that is just being published takes the name's lock; afterwards it is not free.
    PackageRow.lock(new PackageName(name));
    if (PackageRow.named(name).isPresent() || waiting(caller, name).contains(workflow)) {
      return Optional.of(false);
    }
    long waiting =
        TrustedPublisher.count(
            "accountId = ?1 and packageName not in (select p.name from PackageRow p)",
            caller.account());
    if (waiting >= MAX_PER_ACCOUNT) {
      return Optional.empty();
    }
    TrustedPublisher row = new TrustedPublisher();
    row.packageName = name;
    row.accountId = caller.account();
    row.identity = TrustedPublisher.text(workflow);
    row.createdAt = clock.instant();
    row.persistAndFlush();
    AuditEvent.record(row.createdAt, caller, "publisher.add", name, workflow.json(), requestId);
    return Optional.of(true);
  }

  /**
   * Removes one.
   *
   * @throws RegistryException if the caller may not, or there is none of that id
   */
  public void remove(Caller caller, String name, String id, String requestId)
      throws RegistryException {
    caller.requirePerson();
    caller.require(TokenScope.OWNER, name);
    Json.@Nullable Obj removed =
        QuarkusTransaction.requiringNew().call(() -> delete(caller, name, id, requestId));
    if (removed == null) {
      throw Publishers.unknown(name, id);
    }
  }

  private Json.@Nullable Obj delete(Caller caller, String name, String id, String requestId) {
    for (TrustedPublisher row : TrustedPublisher.of(name)) {
      if (row.accountId == caller.account() && Publishers.id(row.workflow()).equals(id)) {
        Json.Obj removed = row.workflow().json();
        row.delete();
        AuditEvent.record(clock.instant(), caller, "publisher.remove", name, removed, requestId);
        return removed;
      }
    }
    return null;
  }
}
