package dev.raya.registry.account;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.settings.RegistrySettings;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out who makes a request. */
@ApplicationScoped
public class Authenticator {
  private static final String SCHEME = "Bearer ";

  /** How coarse the time of last use is kept, so that a use is seldom a write. */
  private static final Duration LAST_USE = Duration.ofHours(1);

  private final Tokens tokens;
  private final InstantSource clock;

  @Inject
  Authenticator(RegistrySettings settings, SecureRandom random, InstantSource clock)
      throws IOException {
    this.tokens = new Tokens(settings.directory().secret(Tokens.PEPPER, random));
    this.clock = clock;
  }

  /**
   * The caller of a request.
   *
   * @param authorization the header's value, or null
   * @throws RegistryException with {@link Problem#NOT_SIGNED_IN} if there is no valid token
   */
  public Caller require(@Nullable String authorization) throws RegistryException {
    if (authorization == null
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw refused("this needs a token: Authorization: Bearer raya_…");
    }
    String token = authorization.substring(SCHEME.length()).strip();
    String hash =
        tokens
            .hash(token)
            .orElseThrow(() -> refused("the token is malformed or was cut off when it was copied"));
    Caller caller = QuarkusTransaction.requiringNew().call(() -> find(hash));
    if (caller == null) {
      throw refused("the token is unknown, revoked or expired");
    }
    return caller;
  }

  /** The stored form of a token that was just made. */
  public String hash(String token) {
    return tokens.hash(token).orElseThrow();
  }

  private @Nullable Caller find(String hash) {
    TokenRow row = TokenRow.find("hash", hash).firstResult();
    if (row == null || row.revokedAt != null) {
      return null;
    }
    Instant now = clock.instant();
    Instant expires = row.expiresAt;
    if (expires != null && !now.isBefore(expires)) {
      return null;
    }
    Account account = Account.findById(row.accountId);
    Instant used = row.lastUsedAt;
    if (used == null || used.plus(LAST_USE).isBefore(now)) {
      row.lastUsedAt = now;
    }
    return new Caller(
        account.id,
        account.name,
        row.id,
        row.operator,
        TokenScope.split(row.scopes),
        List.of(row.packages.split(" ", -1)),
        expires,
        row.workflow(),
        row.runAddress);
  }

  private static RegistryException refused(String detail) {
    return new RegistryException(
        Problem.NOT_SIGNED_IN,
        detail,
        "ask the operator for one (raya-registry token create) and set RAYA_TOKEN");
  }
}
