package dev.raya.registry.oidc;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.account.Authenticator;
import dev.raya.registry.account.TokenRow;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.account.Tokens;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.QueryParameters;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.http.Times;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.oidc.IdToken;
import dev.raya.signing.oidc.IdTokenException;
import dev.raya.signing.oidc.TrustedIssuers.Issuer;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /tokens/exchange} (spec: security.md "Trusted publishing"): an ID token of a CI
 * service for a token that publishes one version of one package within a quarter of an hour, signed
 * with the key that is named here and used for nothing else.
 */
@Path("/tokens/exchange")
@RunOnVirtualThread
public final class TokenExchange {
  private static final Duration LIFE = Duration.ofMinutes(15);

  private final IssuerDirectory issuers;
  private final Authenticator authenticator;
  private final RegistrySettings settings;
  private final SecureRandom random;
  private final InstantSource clock;

  @Inject
  TokenExchange(
      IssuerDirectory issuers,
      Authenticator authenticator,
      RegistrySettings settings,
      SecureRandom random,
      InstantSource clock) {
    this.issuers = issuers;
    this.authenticator = authenticator;
    this.settings = settings;
    this.random = random;
    this.clock = clock;
  }

  /** What the transaction came to. */
  private record Outcome(@Nullable RegistryException refusal, Instant expires) {}

  /** Exchanges a token. */
  @POST
  public Response exchange(RoutingContext context, InputStream body)
      throws RegistryException, IOException, InterruptedException {
    QueryParameters.of(context, Set.of());
    JsonFields fields = RequestBodies.object(body, Set.of("jwt", "package", "publicKey"));
    PackageName name;
    VerificationKey key;
    String jwt;
    try {
      jwt = fields.string("jwt");
      name = PackageName.tryParse(fields.string("package"));
      if (name == null) {
        throw fields.fault("package", "expected a package name");
      }
      key = VerificationKey.ofBase64(fields.string("publicKey"));
    } catch (JsonException e) {
      throw RequestBodies.malformed(e);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(Problem.MALFORMED, "/publicKey: " + e.getMessage());
    }
    try {
      IdToken token = IdToken.read(jwt);
      Issuer issuer = issuers.issuer(token.issuer());
      token.verify(issuers.keys(issuer, token.keyId()), settings.origin(), clock.instant());
      Identity.Oidc run = issuer.service().identity(token, key);
      return answer(name, token, run, issuer.service().runAddress(token, run).orElse(null));
    } catch (IdTokenException refused) {
      throw new RegistryException(
          Problem.FORBIDDEN,
          "the ID token is refused: " + refused.getMessage(),
          "ask the CI service for a fresh one with the audience " + settings.origin());
    }
  }

  private Response answer(
      PackageName name, IdToken token, Identity.Oidc run, @Nullable String address)
      throws RegistryException, IdTokenException {
    String made = Tokens.generate(random);
    String id = token.id();
    Instant remembered = token.rememberedUntil();
    Outcome outcome =
        QuarkusTransaction.requiringNew()
            .call(() -> exchange(name, id, remembered, run, address, made));
    if (outcome.refusal() != null) {
      throw outcome.refusal();
    }
    return Answers.json(
            201,
            Json.object()
                .put("schema", "raya/exchanged-token/1")
                .put("token", made)
                .put("package", name.text())
                .put("expiresAt", Times.text(outcome.expires()))
                .put("identity", run.json())
                .build())
        .header("Cache-Control", "no-store")
        .build();
  }

  private Outcome exchange(
      PackageName name,
      String id,
      Instant remembered,
      Identity.Oidc run,
      @Nullable String address,
      String made) {
    Instant now = clock.instant();
    TrustedPublisher publisher = TrustedPublisher.admitting(name.text(), run).orElse(null);
    if (publisher == null) {
      return refuse(notTrusted(name, run));
    }
    if (!remember(run.issuer(), id, remembered, now)) {
      return refuse(
          new RegistryException(
              Problem.FORBIDDEN,
              "this ID token was exchanged before",
              "ask the CI service for a fresh one; each is taken once"));
    }
    TokenRow row = new TokenRow();
    row.accountId = publisher.accountId;
    row.hash = authenticator.hash(made);
    row.description = "exchanged for a run of " + run.repository();
    row.scopes = TokenScope.PUBLISH.id();
    row.packages = name.text();
    row.createdAt = now;
    row.expiresAt = now.plus(LIFE);
    row.run = CanonicalJson.text(run.json());
    row.runAddress = address;
    row.persistAndFlush();
    record(now, row, name, run);
    return new Outcome(null, row.expiresAt);
  }

  private static Outcome refuse(RegistryException refusal) {
    return new Outcome(refusal, Instant.EPOCH);
  }

  /** Says which claims were found; whoever asks brought them along. */
  private static RegistryException notTrusted(PackageName name, Identity.Oidc run) {
    List<TrustedPublisher> known = TrustedPublisher.of(name.text());
    return new RegistryException(
        Problem.FORBIDDEN,
        name
            + (known.isEmpty() ? " has no trusted publisher" : " trusts other workflows")
            + "; this run is of "
            + CanonicalJson.text(run.json()),
        "an owner adds it: raya-pm publisher add " + name);
  }

  private static boolean remember(String issuer, String id, Instant until, Instant now) {
    Panache.getEntityManager()
        .createNativeQuery("delete from exchanged_token where until < :now")
        .setParameter("now", now)
        .executeUpdate();
    return Panache.getEntityManager()
            .createNativeQuery(
                """
                insert into exchanged_token (issuer, token_id, until)
                values (:issuer, :id, :until) on conflict do nothing""")
            .setParameter("issuer", issuer)
            .setParameter("id", id)
            .setParameter("until", until)
            .executeUpdate()
        == 1;
  }

  private static void record(Instant now, TokenRow row, PackageName name, Identity.Oidc run) {
    Panache.getEntityManager()
        .createNativeQuery(
            """
            insert into audit_event (at, account_id, token_id, action, subject, detail, request_id)
            values (:at, :account, :token, 'token.exchange', :subject, :detail, '')""")
        .setParameter("at", now)
        .setParameter("account", row.accountId)
        .setParameter("token", row.id)
        .setParameter("subject", name.text())
        .setParameter("detail", CanonicalJson.text(run.json()))
        .executeUpdate();
  }
}
