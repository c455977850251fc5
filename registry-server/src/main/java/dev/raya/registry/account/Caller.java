package dev.raya.registry.account;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.signing.key.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request, as its token says.
 *
 * @param account account number
 * @param name account name
 * @param token number of the token
 * @param operator whether an operator made the token
 * @param scopes what the token may be used for
 * @param packages patterns of the names it may be used for; a final {@code *} matches any rest
 * @param expires when the token ends, or null for never
 * @param run the workflow run that the token was exchanged for, with its key; null for a person's
 * @param runAddress where that run can be looked at, as its ID token says; null if nothing says so
 */
public record Caller(
    long account,
    String name,
    long token,
    boolean operator,
    Set<TokenScope> scopes,
    List<String> packages,
    @Nullable Instant expires,
    Identity.@Nullable Oidc run,
    @Nullable String runAddress) {
  /** Copies the collections in. */
  public Caller {
    scopes = Set.copyOf(scopes);
    packages = List.copyOf(packages);
  }

  /**
   * Refuses a token that is for one publish of a workflow.
   *
   * @throws RegistryException with {@link Problem#FORBIDDEN}
   */
  public void requirePerson() throws RegistryException {
    if (run != null) {
      throw new RegistryException(
          Problem.FORBIDDEN,
          "this token publishes one version and does nothing else",
          "use a token of an account");
    }
  }

  /**
   * Refuses a token without that scope.
   *
   * @throws RegistryException with {@link Problem#FORBIDDEN}
   */
  public void require(TokenScope scope) throws RegistryException {
    if (!scopes.contains(scope)) {
      throw new RegistryException(
          Problem.FORBIDDEN,
          "this token of account "
              + name
              + " has no scope \""
              + scope.id()
              + "\"; it has: "
              + TokenScope.join(scopes),
          "use a token with the scope " + scope.id());
    }
  }

  /**
   * Refuses a token that is not for that package.
   *
   * @throws RegistryException with {@link Problem#FORBIDDEN}
   */
  public void require(TokenScope scope, String packageName) throws RegistryException {
    require(scope);
    if (!isFor(packageName)) {
      throw new RegistryException(
          Problem.FORBIDDEN,
          "this token is for " + String.join(", ", packages) + ", not for " + packageName);
    }
  }

  /** Whether the token is for that package. */
  public boolean isFor(String packageName) {
    for (String pattern : packages) {
      boolean open = pattern.endsWith("*");
      if (open
          ? packageName.startsWith(pattern.substring(0, pattern.length() - 1))
          : packageName.equals(pattern)) {
        return true;
      }
    }
    return false;
  }
}
