package dev.raya.registry.change;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.account.AccountKey;
import dev.raya.registry.account.AuditEvent;
import dev.raya.registry.account.Authenticator;
import dev.raya.registry.account.Caller;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.QueryParameters;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.http.RequestId;
import dev.raya.registry.http.Times;
import dev.raya.registry.log.LogLeader;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.KeyPossession;
import dev.raya.signing.key.MlDsaPublicKey;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.log.LogRecord;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code /keys}: the signing keys of an account (spec: security.md "Tokens and people"). A token
 * with scope {@code key} registers the first one; further ones need a token that an operator made,
 * until people can sign in afresh.
 */
@Path("/keys")
@RunOnVirtualThread
public final class KeysResource {
  private static final Set<String> MEMBERS =
      Set.of("publicKey", "proof", Identity.ML_DSA, KeyPossession.ML_DSA_PROOF);

  private final Authenticator authenticator;
  private final RegistrySettings settings;
  private final LogLeader leader;
  private final InstantSource clock;

  @Inject
  KeysResource(
      Authenticator authenticator,
      RegistrySettings settings,
      LogLeader leader,
      InstantSource clock) {
    this.authenticator = authenticator;
    this.settings = settings;
    this.leader = leader;
    this.clock = clock;
  }

  /** What a registration came to. */
  private record Outcome(@Nullable RegistryException refusal, boolean fresh, Json.Obj key) {}

  /** The account's keys. */
  @GET
  public Response list(@HeaderParam("Authorization") @Nullable String authorization)
      throws RegistryException {
    Caller caller = authenticator.require(authorization);
    List<Json> keys =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    AccountKey.active(caller.account()).stream()
                        .<Json>map(KeysResource::json)
                        .toList());
    return Answers.fresh(
        Json.object()
            .put("schema", "raya/keys/1")
            .put("account", caller.account())
            .put("keys", Json.array(keys))
            .build());
  }

  /** Registers a key with its proof of possession. */
  @POST
  public Response register(
      @HeaderParam("Authorization") @Nullable String authorization,
      RoutingContext context,
      InputStream body)
      throws RegistryException, IOException {
    QueryParameters.of(context, Set.of());
    Caller caller = authenticator.require(authorization);
    caller.require(TokenScope.KEY);
    PublisherKey.Public key = proven(RequestBodies.object(body, MEMBERS));
    Outcome outcome =
        QuarkusTransaction.requiringNew().call(() -> register(caller, key, RequestId.of(context)));
    RegistryException refusal = outcome.refusal();
    if (refusal != null) {
      throw refusal;
    }
    leader.wake();
    return Answers.json(outcome.fresh() ? 201 : 200, outcome.key())
        .header("Cache-Control", "no-store")
        .header("Location", "/keys")
        .build();
  }

  /**
   * Revokes a key of the account: it signs nothing from then on. What it signed before stays as it
   * is, since clients ask who could publish at that place of the log.
   */
  @DELETE
  @Path("{id: [0-9a-f]{64}}")
  public Response revoke(
      @HeaderParam("Authorization") @Nullable String authorization,
      @PathParam("id") String id,
      RoutingContext context)
      throws RegistryException {
    QueryParameters.of(context, Set.of());
    Caller caller = authenticator.require(authorization);
    caller.require(TokenScope.KEY);
    boolean revoked =
        QuarkusTransaction.requiringNew().call(() -> revoke(caller, id, RequestId.of(context)));
    if (!revoked) {
      throw new RegistryException(
          Problem.NOT_FOUND,
          "account " + caller.name() + " has no key of that id",
          "raya-pm key list --registered shows its keys");
    }
    leader.wake();
    return Response.noContent().build();
  }

  private boolean revoke(Caller caller, String id, String requestId) {
    lock(caller);
    AccountKey row = AccountKey.findById(id);
    if (row == null || row.accountId != caller.account() || row.revokedAt != null) {
      return false;
    }
    row.revokedAt = clock.instant();
    row.persistAndFlush();
    Identity.Key identity = row.identity();
    PendingRecords.add(
        new LogRecord.KeyChange(PendingRecords.header(caller.account()), identity, false));
    for (PackageRow owned : owned(caller)) {
      List<Identity> publishers = new ArrayList<>(owned.publisherIdentities());
      if (publishers.remove(identity)) {
        owned.publishBy(publishers);
        PendingRecords.packageChanged(owned, caller.account(), publishers);
      }
    }
    AuditEvent.record(
        clock.instant(), caller, "key.revoke", "key " + id, identity.json(), requestId);
    return true;
  }

  /**
   * One change of an account's keys at a time. No stronger: who publishes or yanks has the lock of
   * the name and then names the account in a row, and we ask for the name's lock afterwards.
   */
  private static void lock(Caller caller) {
    Panache.getEntityManager()
        .createNativeQuery("select 1 from account where id = :account for no key update")
        .setParameter("account", caller.account())
        .getResultList();
  }

  /** What the account owns, under the locks of those packages, taken in one order. */
  private static List<PackageRow> owned(Caller caller) {
    List<?> names =
        Panache.getEntityManager()
            .createNativeQuery(
                """
                select p.name from package p join owner o on o.package_id = p.id
                where o.account_id = :account order by p.skeleton""")
            .setParameter("account", caller.account())
            .getResultList();
    names.forEach(name -> PackageRow.lock(new PackageName((String) name)));
    return PackageRow.list(
        "id in (select o.packageId from OwnerRow o where o.accountId = ?1) order by id",
        caller.account());
  }

  private PublisherKey.Public proven(JsonFields fields) throws RegistryException {
    try {
      VerificationKey key = half(fields, "publicKey", VerificationKey::ofBase64);
      MlDsaPublicKey second =
          fields.has(Identity.ML_DSA)
              ? half(fields, Identity.ML_DSA, MlDsaPublicKey::ofBase64)
              : null;
      String proof = fields.string("proof");
      boolean holds =
          second == null
              ? KeyPossession.holds(settings.origin(), key, proof)
              : KeyPossession.holds(
                  settings.origin(), key, second, proof, fields.string(KeyPossession.ML_DSA_PROOF));
      if (!holds) {
        throw new RegistryException(
            Problem.MALFORMED,
            "/proof: the signature does not prove possession of the key to " + settings.origin(),
            "raya-pm key register makes the proof");
      }
      return new PublisherKey.Public(key, second);
    } catch (JsonException e) {
      throw RequestBodies.malformed(e);
    }
  }

  private static <T> T half(JsonFields fields, String member, Function<String, T> reader)
      throws JsonException, RegistryException {
    try {
      return reader.apply(fields.string(member));
    } catch (IllegalArgumentException e) {
      throw new RegistryException(Problem.MALFORMED, '/' + member + ": " + e.getMessage());
    }
  }

  private Outcome register(Caller caller, PublisherKey.Public key, String requestId) {
    lock(caller);
    AccountKey existing = AccountKey.findById(key.keyId().hex());
    if (existing != null) {
      // The same Ed25519 half with another second one, or without, is another key.
      return existing.revokedAt == null
              && existing.identity().equals(key.identity(caller.account()))
          ? new Outcome(null, false, json(existing))
          : refuse(
              Problem.FORBIDDEN,
              "this key was revoked, belongs to another account, or is registered with another"
                  + " ML-DSA-65 half or none",
              "raya-pm key generate makes a new one");
    }
    // Revoked ones count: else a stolen token could put its own key in the place of the first.
    boolean first = AccountKey.count("accountId", caller.account()) == 0;
    if (!first && !caller.operator()) {
      return refuse(
          Problem.FORBIDDEN,
          "account " + caller.name() + " has or had a key; a further one needs a fresh login",
          "use the key it has, or a token made by raya-registry token create");
    }
    Instant now = clock.instant();
    AccountKey row = new AccountKey();
    row.keyId = key.keyId().hex();
    row.accountId = caller.account();
    row.publicKey = key.ed25519().base64();
    row.mlDsa = key.mlDsa() == null ? null : key.mlDsa().keyId().hex();
    row.createdAt = now;
    row.persistAndFlush();
    PendingRecords.add(
        new LogRecord.KeyChange(PendingRecords.header(caller.account()), row.identity(), true));
    addToPackages(caller, row.identity());
    AuditEvent.record(
        now, caller, "key.register", "key " + row.keyId, row.identity().json(), requestId);
    return new Outcome(null, true, json(row));
  }

  /** The packages that the account owns and that are published by key may be published by it. */
  private static void addToPackages(Caller caller, Identity.Key added) {
    for (PackageRow row : owned(caller)) {
      List<Identity> publishers = new ArrayList<>(row.publisherIdentities());
      if (row.isPublishedByKeys() && publishers.size() < PackageRow.MAX_PUBLISHERS) {
        publishers.add(added);
        row.publishBy(publishers);
        PendingRecords.packageChanged(row, caller.account(), publishers);
      }
    }
  }

  private static Outcome refuse(Problem problem, String detail, String hint) {
    return new Outcome(new RegistryException(problem, detail, hint), false, Json.object().build());
  }

  private static Json.Obj json(AccountKey key) {
    return Json.object()
        .put("account", key.accountId)
        .put("keyId", key.keyId)
        .put("publicKey", key.publicKey)
        .putUnlessEmpty(Identity.ML_DSA, key.mlDsa)
        .put("createdAt", Times.text(key.createdAt))
        .build();
  }
}
