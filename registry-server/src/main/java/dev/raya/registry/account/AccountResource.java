package dev.raya.registry.account;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.QueryParameters;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.http.RequestId;
import dev.raya.registry.http.Times;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /account} and {@code /tokens}: who a token belongs to, and further tokens. */
@Path("/")
@RunOnVirtualThread
public final class AccountResource {
  private static final int MAX_DAYS = 90;
  private static final int MAX_DESCRIPTION = 200;

  private final Authenticator authenticator;
  private final SecureRandom random;
  private final InstantSource clock;

  @Inject
  AccountResource(Authenticator authenticator, SecureRandom random, InstantSource clock) {
    this.authenticator = authenticator;
    this.random = random;
    this.clock = clock;
  }

  /** The caller's account. */
  @GET
  @Path("account")
  public Response account(@HeaderParam("Authorization") @Nullable String authorization)
      throws RegistryException {
    Caller caller = authenticator.require(authorization);
    return Answers.fresh(
        Json.object()
            .put("schema", "raya/account/1")
            .put("account", caller.account())
            .put("name", caller.name())
            .put("scopes", Json.strings(ids(caller.scopes())))
            .put("packages", Json.strings(caller.packages()))
            .put("operator", caller.operator())
            .put("token", caller.token())
            .putUnlessEmpty(
                "expiresAt", caller.expires() == null ? null : Times.text(caller.expires()))
            .build());
  }

  /** The account's tokens, without the tokens themselves. */
  @GET
  @Path("tokens")
  public Response tokens(@HeaderParam("Authorization") @Nullable String authorization)
      throws RegistryException {
    Caller caller = authenticator.require(authorization);
    caller.require(TokenScope.READ);
    List<Json> tokens =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    TokenRow.<TokenRow>list(
                            "accountId = ?1 and revokedAt is null order by id", caller.account())
                        .stream()
                        .<Json>map(AccountResource::json)
                        .toList());
    return Answers.fresh(
        Json.object().put("schema", "raya/tokens/1").put("tokens", Json.array(tokens)).build());
  }

  /** Makes a token that can do no more than the one that asks. */
  @POST
  @Path("tokens")
  public Response create(
      @HeaderParam("Authorization") @Nullable String authorization,
      RoutingContext context,
      InputStream body)
      throws RegistryException, IOException {
    QueryParameters.of(context, Set.of());
    Caller caller = authenticator.require(authorization);
    caller.requirePerson();
    JsonFields fields =
        RequestBodies.object(body, Set.of("description", "scopes", "packages", "days"));
    String token = Tokens.generate(random);
    TokenRow row = wanted(fields, caller, token);
    String requestId = RequestId.of(context);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              row.persistAndFlush();
              AuditEvent.record(
                  row.createdAt, caller, "token.create", "token " + row.id, json(row), requestId);
            });
    Json.ObjectBuilder answer = Json.object().put("token", token);
    json(row).members().forEach(answer::put);
    return Answers.json(201, answer.build())
        .header("Cache-Control", "no-store")
        .header("Location", "/tokens/" + row.id)
        .build();
  }

  /** Revokes a token of the account. */
  @DELETE
  @Path("tokens/{id}")
  public Response revoke(
      @HeaderParam("Authorization") @Nullable String authorization,
      @PathParam("id") String id,
      RoutingContext context)
      throws RegistryException {
    QueryParameters.of(context, Set.of());
    Caller caller = authenticator.require(authorization);
    long number =
        id.equals("current") ? caller.token() : id.matches("[0-9]{1,18}") ? Long.parseLong(id) : -1;
    if (number != caller.token()) {
      // A narrow token may end itself, not its fellows.
      caller.require(TokenScope.READ);
    }
    String requestId = RequestId.of(context);
    boolean revoked =
        QuarkusTransaction.requiringNew().call(() -> revoke(caller, number, requestId));
    if (!revoked) {
      throw new RegistryException(
          Problem.NOT_FOUND, "account " + caller.name() + " has no token " + id);
    }
    return Response.noContent().build();
  }

  private boolean revoke(Caller caller, long number, String requestId) {
    TokenRow row = TokenRow.findById(number);
    if (row == null || row.accountId != caller.account() || row.revokedAt != null) {
      return false;
    }
    row.revokedAt = clock.instant();
    AuditEvent.record(
        clock.instant(),
        caller,
        "token.revoke",
        "token " + number,
        Json.object().build(),
        requestId);
    return true;
  }

  private TokenRow wanted(JsonFields fields, Caller caller, String token) throws RegistryException {
    try {
      TokenRow row = new TokenRow();
      String description = fields.optionalString("description");
      row.description = description == null ? "" : description;
      if (row.description.length() > MAX_DESCRIPTION) {
        throw fields.fault("description", "expected at most " + MAX_DESCRIPTION + " characters");
      }
      row.accountId = caller.account();
      row.hash = authenticator.hash(token);
      row.scopes = TokenScope.join(scopes(fields, caller));
      row.packages = packages(fields, caller);
      row.createdAt = clock.instant();
      int days = fields.has("days") ? fields.integer("days", 1, MAX_DAYS) : MAX_DAYS;
      row.expiresAt = row.createdAt.plus(Duration.ofDays(days));
      return row;
    } catch (JsonException e) {
      throw RequestBodies.malformed(e);
    }
  }

  private static Set<TokenScope> scopes(JsonFields fields, Caller caller)
      throws JsonException, RegistryException {
    EnumSet<TokenScope> scopes = EnumSet.noneOf(TokenScope.class);
    for (String id : fields.strings("scopes")) {
      TokenScope scope =
          TokenScope.of(id)
              .orElseThrow(() -> fields.fault("scopes", "there is no scope \"" + id + '"'));
      caller.require(scope);
      scopes.add(scope);
    }
    if (scopes.isEmpty()) {
      throw fields.fault("scopes", "expected at least one scope");
    }
    return scopes;
  }

  private static String packages(JsonFields fields, Caller caller)
      throws JsonException, RegistryException {
    if (!fields.has("packages")) {
      return String.join(" ", caller.packages());
    }
    List<String> patterns = fields.strings("packages");
    if (patterns.isEmpty() || patterns.size() > 100) {
      throw fields.fault("packages", "expected 1 to 100 patterns");
    }
    for (String pattern : patterns) {
      if (!pattern.matches("[@a-z0-9/_-]{0,105}\\*?") || pattern.isEmpty()) {
        throw fields.fault("packages", "expected names, or a beginning of names and *");
      }
      boolean within =
          caller.packages().stream()
              .anyMatch(
                  own ->
                      own.endsWith("*")
                          ? pattern.startsWith(own.substring(0, own.length() - 1))
                          : pattern.equals(own));
      if (!within) {
        throw new RegistryException(
            Problem.FORBIDDEN,
            "this token is for " + String.join(", ", caller.packages()) + ", not for " + pattern);
      }
    }
    return String.join(" ", patterns);
  }

  private static List<String> ids(Set<TokenScope> scopes) {
    return List.of(TokenScope.join(scopes).split(" ", -1));
  }

  private static Json.Obj json(TokenRow row) {
    Instant expires = row.expiresAt;
    Instant used = row.lastUsedAt;
    return Json.object()
        .put("id", row.id)
        .put("description", row.description)
        .put("scopes", Json.strings(List.of(row.scopes.split(" ", -1))))
        .put("packages", Json.strings(List.of(row.packages.split(" ", -1))))
        .put("operator", row.operator)
        .put("createdAt", Times.text(row.createdAt))
        .put("expiresAt", expires == null ? Json.NULL : Json.of(Times.text(expires)))
        .put("lastUsedAt", used == null ? Json.NULL : Json.of(Times.text(used)))
        .build();
  }
}
