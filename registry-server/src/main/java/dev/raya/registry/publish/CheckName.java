package dev.raya.registry.publish;

import dev.raya.registry.account.AccountKey;
import dev.raya.registry.account.Caller;
import dev.raya.registry.account.TokenRow;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.oidc.TrustedPublisher;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.VersionRow;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The name may be published under by this account, and the version is new; the very same version
 * again ends the publish with the first answer. Looks only: {@link Commit} looks again under a
 * lock.
 */
final class CheckName implements PublishStep {
  private final Receipts receipts;

  CheckName(Receipts receipts) {
    this.receipts = receipts;
  }

  @Override
  public void run(Publication publication) throws RegistryException {
    Admission admission = QuarkusTransaction.requiringNew().call(() -> admission(publication));
    RegistryException refusal = admission.refusal();
    if (refusal != null) {
      throw refusal;
    }
    publication.allow(admission.publishers());
    Long repeated = admission.repeated();
    if (repeated != null) {
      publication.answer(receipts.again(repeated));
    }
  }

  /**
   * What the database says about a publish.
   *
   * @param refusal why it cannot be, or null
   * @param publishers who may sign it
   * @param repeated number of the version that it repeats, or null
   */
  record Admission(
      @Nullable RegistryException refusal, List<Identity> publishers, @Nullable Long repeated) {
    static Admission refuse(Problem problem, String detail, String hint) {
      return new Admission(new RegistryException(problem, detail, hint), List.of(), null);
    }
  }

  /** Asks the database; inside a transaction. */
  static Admission admission(Publication publication) {
    PackageName name = publication.announcement().name();
    Caller caller = publication.caller();
    if (publication.request().dryRun()
        && caller.scopes().contains(TokenScope.KEY)
        && AccountKey.count("accountId", caller.account()) == 0) {
      publication.firstKeyIsToCome();
    }
    PackageRow row = PackageRow.named(name.text()).orElse(null);
    if (row == null) {
      return firstVersion(name, caller, publication.isFirstKeyToCome());
    }
    String refusedFor = NameReview.refusedFor(row.id);
    if (refusedFor != null) {
      return Admission.refuse(
          Problem.NAME_TAKEN,
          "the name " + name + " was refused: it is too near to " + refusedFor,
          "publish under another name");
    }
    VersionRow existing =
        VersionRow.find(
                "packageId = ?1 and precedence = ?2",
                row.id,
                publication.announcement().version().precedence())
            .firstResult();
    Identity.Oidc run = caller.run();
    Admission refusal =
        run == null ? ownerRefusal(row, caller) : runRefusal(row, existing, caller, run);
    if (refusal != null) {
      return refusal;
    }
    if (existing == null) {
      return new Admission(null, row.publisherIdentities(), null);
    }
    if (same(existing, publication)) {
      return new Admission(null, row.publisherIdentities(), existing.id);
    }
    return Admission.refuse(
        Problem.VERSION_EXISTS,
        name
            + " "
            + existing.version
            + " exists with the archive sha256:"
            + existing.archive
            + "; this one is sha256:"
            + publication.announcement().archive().digest().hex(),
        "a published version never changes: raise the version and publish again");
  }

  /** Why an account may not publish a package that exists, or null. */
  private static @Nullable Admission ownerRefusal(PackageRow row, Caller caller) {
    String name = row.name;
    if (!isOwner(row.id, caller.account())) {
      return Admission.refuse(
          Problem.FORBIDDEN,
          "account " + caller.name() + " is no owner of " + name,
          "ask an owner of the package, or choose another name");
    }
    if (!row.tokenPublishing) {
      return Admission.refuse(
          Problem.FORBIDDEN,
          name + " is published by its CI only; publishing by token is switched off",
          "publish from the workflow that its owners named");
    }
    return null;
  }

  /** Why a workflow's run may not publish a package that exists, or null. */
  private static @Nullable Admission runRefusal(
      PackageRow row, @Nullable VersionRow existing, Caller caller, Identity.Oidc run) {
    TokenRow token = TokenRow.findById(caller.token());
    Long used = token.usedVersion;
    if (used != null && (existing == null || existing.id != used)) {
      return Admission.refuse(
          Problem.FORBIDDEN,
          "this token has published a version, and is for one",
          "exchange a fresh ID token for each version");
    }
    if (!admits(row.publisherIdentities(), run)) {
      return Admission.refuse(
          Problem.FORBIDDEN,
          row.name + " no longer trusts this workflow",
          "an owner adds it: raya-pm publisher add " + row.name);
    }
    return null;
  }

  /** Whether one of the publishers stands for a signer. */
  static boolean admits(List<Identity> publishers, Identity signer) {
    return publishers.stream().anyMatch(each -> each.standsFor(signer));
  }

  private static boolean same(VersionRow existing, Publication publication) {
    Announcement announced = publication.announcement();
    // The archive's digest pins everything else: metadata.json in it lists the natives.
    return existing.version.equals(announced.version().text())
        && existing.archive.equals(announced.archive().digest().hex());
  }

  private static Admission firstVersion(PackageName name, Caller caller, boolean keyToCome) {
    if (name.isReserved() || isReserved(name)) {
      return Admission.refuse(
          Problem.NAME_TAKEN, "the name " + name + " is reserved", "choose another name");
    }
    PackageRow near = PackageRow.find("skeleton", name.skeleton()).firstResult();
    if (near != null) {
      return Admission.refuse(
          Problem.NAME_TAKEN,
          name + " is too easily mistaken for the existing package " + near.name,
          "choose a name that differs in more than - and _, 0 and o, 1 and l");
    }
    String scope = name.scope();
    if (scope != null) {
      RegistryException refusal = scopeRefusal(scope, name, caller);
      if (refusal != null) {
        return new Admission(refusal, List.of(), null);
      }
    }
    List<Identity> keys = new ArrayList<>();
    AccountKey.active(caller.account()).stream().map(AccountKey::identity).forEach(keys::add);
    Set<Long> waiting = new TreeSet<>();
    for (TrustedPublisher pending : TrustedPublisher.of(name.text())) {
      Identity.Oidc workflow = pending.workflow();
      if (pending.accountId == caller.account()) {
        keys.add(workflow);
      }
      if (caller.run() != null && workflow.admits(caller.run())) {
        waiting.add(pending.accountId);
      }
    }
    if (caller.run() != null && waiting.size() != 1) {
      return Admission.refuse(
          Problem.FORBIDDEN,
          waiting.isEmpty()
              ? name + " no longer trusts this workflow"
              : "several accounts trust this workflow with " + name + ", and one would own it",
          "publish the first version with a token of an account");
    }
    if (keys.isEmpty() && !keyToCome) {
      return Admission.refuse(
          Problem.STATEMENT_REFUSED,
          "account " + caller.name() + " has no signing key",
          "raya-pm key register");
    }
    return new Admission(null, keys, null);
  }

  private static @Nullable RegistryException scopeRefusal(
      String scope, PackageName name, Caller caller) {
    EntityManager database = Panache.getEntityManager();
    List<?> found =
        database
            .createNativeQuery(
                """
                select s.name, exists (select 1 from member m
                  where m.scope_id = s.id and m.account_id = :account)
                from scope s where s.skeleton = :skeleton""")
            .setParameter("account", caller.account())
            .setParameter("skeleton", skeleton(scope))
            .getResultList();
    if (found.isEmpty()) {
      return null;
    }
    Object[] row = (Object[]) found.getFirst();
    if (!scope.equals(row[0])) {
      return new RegistryException(
          Problem.NAME_TAKEN,
          "the scope @" + scope + " is too easily mistaken for the existing scope @" + row[0],
          "choose another scope");
    }
    return Boolean.TRUE.equals(row[1])
        ? null
        : new RegistryException(
            Problem.FORBIDDEN,
            "account " + caller.name() + " is no member of the scope @" + scope,
            "ask an owner of the scope to publish " + name + " or to take you in");
  }

  private static boolean isReserved(PackageName name) {
    return !Panache.getEntityManager()
        .createNativeQuery("select 1 from reserved_name where skeleton = :skeleton")
        .setParameter("skeleton", name.skeleton())
        .getResultList()
        .isEmpty();
  }

  private static boolean isOwner(long packageId, long account) {
    return !Panache.getEntityManager()
        .createNativeQuery(
            "select 1 from owner where package_id = :package and account_id = :account")
        .setParameter("package", packageId)
        .setParameter("account", account)
        .getResultList()
        .isEmpty();
  }

  /** A scope collides as a name does. */
  static String skeleton(String scope) {
    return new PackageName(scope).skeleton();
  }
}
