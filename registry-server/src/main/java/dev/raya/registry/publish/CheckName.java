package dev.raya.registry.publish;

import dev.raya.registry.account.AccountKey;
import dev.raya.registry.account.Caller;
import dev.raya.registry.account.TokenRow;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.Times;
import dev.raya.registry.oidc.TrustedPublisher;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.VersionRow;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.signing.key.Identity;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.time.InstantSource;
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
  /** Most releases that one account has staged at once. */
  static final int MAX_STAGED = 50;

  private final Receipts receipts;
  private final InstantSource clock;

  CheckName(Receipts receipts, InstantSource clock) {
    this.receipts = receipts;
    this.clock = clock;
  }

  @Override
  public void run(Publication publication) throws RegistryException {
    Admission admission =
        QuarkusTransaction.requiringNew().call(() -> admission(publication, clock.instant()));
    RegistryException refusal = admission.refusal();
    if (refusal != null) {
      throw refusal;
    }
    publication.allow(admission.publishers());
    Long repeated = admission.repeated();
    if (repeated != null) {
      publication.answer(receipts.again(repeated));
    }
    StageRow staged = admission.staged();
    if (staged != null) {
      publication.answer(StageDocuments.accepted(staged));
    }
  }

  /**
   * What the database says about a publish.
   *
   * @param refusal why it cannot be, or null
   * @param publishers who may sign it
   * @param repeated number of the version that it repeats, or null
   * @param staged the staged release that it repeats, or null
   */
  record Admission(
      @Nullable RegistryException refusal,
      List<Identity> publishers,
      @Nullable Long repeated,
      @Nullable StageRow staged) {
    static Admission refuse(Problem problem, String detail, String hint) {
      return refuse(new RegistryException(problem, detail, hint));
    }

    static Admission refuse(RegistryException refusal) {
      return new Admission(refusal, List.of(), null, null);
    }

    static Admission allow(List<Identity> publishers) {
      return new Admission(null, publishers, null, null);
    }
  }

  /** Asks the database; inside a transaction. */
  static Admission admission(Publication publication, Instant now) {
    PackageName name = publication.announcement().name();
    Caller caller = publication.caller();
    if (publication.request().dryRun()
        && caller.scopes().contains(TokenScope.KEY)
        && AccountKey.count("accountId", caller.account()) == 0) {
      publication.firstKeyIsToCome();
    }
    Version version = publication.announcement().version();
    StageRow open = StageRow.open(name, version, now).orElse(null);
    PackageRow row = PackageRow.named(name.text()).orElse(null);
    if (row == null) {
      Admission used = usedRefusal(null, open, caller);
      Admission first = used == null ? firstVersion(publication, now) : used;
      return first.refusal() == null
          ? besideStaged(publication, open, first.publishers(), now)
          : first;
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
        run == null ? ownerRefusal(row, publication) : runRefusal(row, existing, open, caller, run);
    if (refusal != null) {
      return refusal;
    }
    if (existing == null) {
      return besideStaged(publication, open, row.publisherIdentities(), now);
    }
    if (same(existing, publication)) {
      return new Admission(null, row.publisherIdentities(), existing.id, null);
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

  /** A version that is not published, beside the staged release that may reserve it. */
  private static Admission besideStaged(
      Publication publication, @Nullable StageRow open, List<Identity> publishers, Instant now) {
    Announcement announced = publication.announcement();
    StageRow promoted = publication.promotes();
    if (promoted != null && open != null && promoted.id.equals(open.id)) {
      return Admission.allow(publishers);
    }
    if (open == null) {
      long staged = announced.stage() ? StageRow.countOf(publication.caller().account(), now) : 0;
      return staged < MAX_STAGED
          ? Admission.allow(publishers)
          : Admission.refuse(
              Problem.FORBIDDEN,
              "account " + publication.caller().name() + " has staged " + staged + " releases",
              "raya-pm stage list shows them; promote some, or raya-pm stage drop PKG@V");
    }
    String label = open.name + '@' + open.version;
    boolean same =
        open.version.equals(announced.version().text())
            && open.archive().equals(announced.archive().digest());
    if (same && announced.stage()) {
      return new Admission(null, publishers, null, open);
    }
    return Admission.refuse(
        Problem.VERSION_EXISTS,
        label
            + " is staged until "
            + Times.text(open.expiresAt)
            + (same
                ? " with these bytes"
                : " with the archive sha256:"
                    + open.archive().hex()
                    + "; this one is sha256:"
                    + announced.archive().digest().hex()),
        "raya-pm promote "
            + label
            + " publishes what is staged; raya-pm stage drop "
            + label
            + " frees the version");
  }

  /** Why an account may not publish a package that exists, or null. */
  private static @Nullable Admission ownerRefusal(PackageRow row, Publication publication) {
    String name = row.name;
    Caller caller = publication.caller();
    if (!isOwner(row.id, caller.account())) {
      return Admission.refuse(
          Problem.FORBIDDEN,
          "account " + caller.name() + " is no owner of " + name,
          "ask an owner of the package, or choose another name");
    }
    if (!row.tokenPublishing && publication.method().equals("token")) {
      return Admission.refuse(
          Problem.FORBIDDEN,
          name + " is published by its CI only; publishing by token is switched off",
          "publish from the workflow that its owners named");
    }
    if (row.promotedByAnother
        && publication.promotes() != null
        && publication.account() == caller.account()) {
      return Admission.refuse(
          Problem.FORBIDDEN,
          name + " asks for a second pair of eyes: who staged a release does not promote it",
          "ask another owner: raya-pm owner list " + name);
    }
    return null;
  }

  /** Why a token for one publish cannot be used once more, or null. */
  private static @Nullable Admission usedRefusal(
      @Nullable VersionRow existing, @Nullable StageRow open, Caller caller) {
    TokenRow token = TokenRow.findById(caller.token());
    Long used = token.usedVersion;
    String staged = token.usedStage;
    boolean other =
        (used != null && (existing == null || existing.id != used))
            || (staged != null
                && (open == null || !open.id.equals(staged))
                && (existing == null || !staged.equals(existing.stage)));
    return other
        ? Admission.refuse(
            Problem.FORBIDDEN,
            "this token has published a version, and is for one",
            "exchange a fresh ID token for each version")
        : null;
  }

  /** Why a workflow's run may not publish a package that exists, or null. */
  private static @Nullable Admission runRefusal(
      PackageRow row,
      @Nullable VersionRow existing,
      @Nullable StageRow open,
      Caller caller,
      Identity.Oidc run) {
    Admission used = usedRefusal(existing, open, caller);
    if (used != null) {
      return used;
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

  private static Admission firstVersion(Publication publication, Instant now) {
    PackageName name = publication.announcement().name();
    Caller caller = publication.caller();
    if (publication.account() != caller.account()) {
      return Admission.refuse(
          Problem.FORBIDDEN,
          name + " has no owner yet, and another account staged its first version",
          "whoever staged it promotes it");
    }
    StageRow reserving = StageRow.nameReservedBy(name, caller.account(), now);
    if (reserving != null) {
      return Admission.refuse(
          Problem.NAME_TAKEN,
          "the name "
              + reserving.name
              + " is reserved by a staged release until "
              + Times.text(reserving.expiresAt),
          "choose another name");
    }
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
      RegistryException refusal = scopeRefusal(scope, name, caller, now);
      if (refusal != null) {
        return Admission.refuse(refusal);
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
    if (keys.isEmpty() && !publication.isFirstKeyToCome()) {
      return Admission.refuse(
          Problem.STATEMENT_REFUSED,
          "account " + caller.name() + " has no signing key",
          "raya-pm key register");
    }
    return Admission.allow(keys);
  }

  private static @Nullable RegistryException scopeRefusal(
      String scope, PackageName name, Caller caller, Instant now) {
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
      StageRow reserving = StageRow.scopeReservedBy(skeleton(scope), caller.account(), now);
      return reserving == null
          ? null
          : new RegistryException(
              Problem.NAME_TAKEN,
              "the scope @"
                  + scope
                  + " is reserved by a staged release until "
                  + Times.text(reserving.expiresAt),
              "choose another scope");
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
