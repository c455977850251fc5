package dev.raya.registry.change;

import dev.raya.cache.json.Json;
import dev.raya.registry.account.Account;
import dev.raya.registry.account.AccountKey;
import dev.raya.registry.account.AuditEvent;
import dev.raya.registry.http.Etags;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.packages.OwnerRow;
import dev.raya.registry.packages.Owners;
import dev.raya.registry.packages.PackageRow;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.LogRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes who owns a package. Where its owners publish with registered keys, the keys of a new
 * owner may publish from then on and those of a former one no longer; what was published stays
 * verifiable, since clients look at who could publish at that place of the log.
 *
 * @param wanted from the sorted names of the present owners to those wanted
 * @param ifMatch the ETag of the owners document that the caller has seen, or null
 * @param requestId of the request, for the audit
 */
record OwnersChange(UnaryOperator<Set<String>> wanted, @Nullable String ifMatch, String requestId)
    implements PackageChanges.Change {
  private static final int MAX_OWNERS = 20;
  private static final String ROLE = "owner";

  @Override
  public void make(PackageChanges.Transaction transaction) throws RegistryException {
    PackageRow row = transaction.row();
    Map<String, Long> present = Owners.of(row.id);
    if (ifMatch != null && !Etags.matches(ifMatch, Owners.etag(row.name, present))) {
      throw new RegistryException(
          Problem.CHANGED,
          "the owners of " + row.name + " are others than the request has seen",
          "read them again: raya-pm owner list " + row.name);
    }
    Map<String, Long> next = accounts(wanted.apply(new LinkedHashSet<>(present.keySet())));
    if (next.isEmpty()) {
      throw new RegistryException(
          Problem.FORBIDDEN,
          row.name + " would have no owner",
          "add another owner first: raya-pm owner add " + row.name + " ACCOUNT");
    }
    if (next.size() > MAX_OWNERS) {
      throw new RegistryException(
          Problem.MALFORMED, "expected at most " + MAX_OWNERS + " owners, found " + next.size());
    }
    if (next.equals(present)) {
      return;
    }
    for (Map.Entry<String, Long> former : present.entrySet()) {
      if (!next.containsKey(former.getKey())) {
        OwnerRow.deleteById(new OwnerRow.Key(row.id, former.getValue()));
        record(transaction, former.getValue(), false);
      }
    }
    for (Map.Entry<String, Long> owner : next.entrySet()) {
      if (!present.containsKey(owner.getKey())) {
        OwnerRow added = new OwnerRow();
        added.packageId = row.id;
        added.accountId = owner.getValue();
        added.role = ROLE;
        added.persistAndFlush();
        record(transaction, owner.getValue(), true);
      }
    }
    publishers(transaction, present, next);
    AuditEvent.record(
        transaction.now(),
        transaction.caller(),
        "owners",
        row.name,
        Json.object()
            .put("before", Json.strings(present.keySet()))
            .put("after", Json.strings(next.keySet()))
            .build(),
        requestId);
  }

  private static Map<String, Long> accounts(Set<String> names) throws RegistryException {
    Map<String, Long> accounts = new TreeMap<>();
    for (String name : names) {
      Account account =
          Account.named(name)
              .orElseThrow(
                  () ->
                      new RegistryException(
                          Problem.NOT_FOUND,
                          "there is no account " + Owners.shown(name),
                          "the name is the one that `raya-pm whoami` shows to them"));
      accounts.put(account.name, account.id);
    }
    return accounts;
  }

  private static void record(PackageChanges.Transaction transaction, long account, boolean added) {
    transaction.recorded(
        PendingRecords.add(
            new LogRecord.Owner(
                PendingRecords.header(transaction.caller().account()),
                transaction.row().name,
                account,
                ROLE,
                added),
            transaction.row().id,
            null));
  }

  private static void publishers(
      PackageChanges.Transaction transaction, Map<String, Long> before, Map<String, Long> after)
      throws RegistryException {
    PackageRow row = transaction.row();
    List<Identity> former = row.publisherIdentities();
    List<Identity> publishers = new ArrayList<>();
    for (Identity identity : former) {
      boolean removed =
          identity instanceof Identity.Key key
              && before.containsValue(key.account())
              && !after.containsValue(key.account());
      if (!removed) {
        publishers.add(identity);
      }
    }
    if (row.isPublishedByKeys()) {
      for (Map.Entry<String, Long> owner : after.entrySet()) {
        if (!before.containsKey(owner.getKey())) {
          AccountKey.active(owner.getValue()).stream()
              .map(AccountKey::identity)
              .forEach(publishers::add);
        }
      }
    }
    if (publishers.size() > PackageRow.MAX_PUBLISHERS) {
      throw new RegistryException(
          Problem.MALFORMED,
          "the owners would have more than " + PackageRow.MAX_PUBLISHERS + " signing keys");
    }
    if (!publishers.equals(former)) {
      row.publishBy(publishers);
      row.persistAndFlush();
      transaction.recorded(
          PendingRecords.packageChanged(row, transaction.caller().account(), publishers));
    }
  }
}
