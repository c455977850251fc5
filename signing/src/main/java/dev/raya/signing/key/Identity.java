package dev.raya.signing.key;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who may publish, or has published: the same object in index documents, claims and log records
 * (security.md, Identities).
 */
public sealed interface Identity {
  /** Longest text of one member. */
  int MAX_TEXT = 1024;

  /** Member that names the ML-DSA-65 half of a hybrid key. */
  String ML_DSA = "mlDsa65";

  /**
   * A key registered to an account.
   *
   * @param account the account's number in its registry
   * @param key the Ed25519 public key
   * @param mlDsa of a hybrid key, SHA-256 of the SubjectPublicKeyInfo of its ML-DSA-65 half,
   *     without whose signature nothing is this identity's; null for a key of one half
   */
  record Key(long account, VerificationKey key, @Nullable Digest mlDsa) implements Identity {
    /** A key of one half. */
    public Key(long account, VerificationKey key) {
      this(account, key, null);
    }

    /** Checks the number. */
    public Key {
      if (account < 0 || account > Json.Int.MAX) {
        throw new IllegalArgumentException("account number " + account + " is out of range");
      }
    }

    /** As a record's own, written out: what the platform makes for it costs a command 5 ms. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key same
          && account == same.account
          && key.equals(same.key)
          && Objects.equals(mlDsa, same.mlDsa);
    }

    @Override
    public int hashCode() {
      return (Long.hashCode(account) * 31 + key.hashCode()) * 31 + Objects.hashCode(mlDsa);
    }
  }

  /**
   * A workflow that an OIDC issuer vouches for.
   *
   * @param issuer URL of the issuer
   * @param owner name of the repository's owner
   * @param ownerId its number at the issuer, as text
   * @param repository name of the repository
   * @param repositoryId its number at the issuer, as text
   * @param workflow path of the workflow file
   * @param ref git reference; in index documents and claims possibly a pattern
   * @param environment deployment environment, or null
   * @param sha commit that the workflow ran on; only where one run is named, as in log records
   * @param key that the run signed with, bound to it when its token was exchanged; null where none
   *     was, as in index documents and claims
   */
  record Oidc(
      String issuer,
      String owner,
      String ownerId,
      String repository,
      String repositoryId,
      String workflow,
      String ref,
      @Nullable String environment,
      @Nullable String sha,
      @Nullable VerificationKey key)
      implements Identity {
    /** The issuer of the public GitHub; a slash and an enterprise may follow. */
    private static final String GITHUB = "https://token.actions.githubusercontent.com";

    /** Where the issuers of own servers lie below the server: of GitHub, of Forgejo. */
    private static final List<String> ISSUERS_BELOW = List.of("/_services/token", "/api/actions");

    /** Any run of a workflow: no commit, no key. */
    public Oidc(
        String issuer,
        String owner,
        String ownerId,
        String repository,
        String repositoryId,
        String workflow,
        String ref,
        @Nullable String environment) {
      this(
          issuer, owner, ownerId, repository, repositoryId, workflow, ref, environment, null, null);
    }

    /**
     * Whether a run is one that this publisher stands for: everything equal, by names and numbers;
     * the reference as this one's pattern has it, in which {@code *} stands for any characters but
     * a slash; the environment only if this one names it.
     */
    public boolean admits(Oidc run) {
      return issuer.equals(run.issuer)
          && owner.equals(run.owner)
          && ownerId.equals(run.ownerId)
          && repository.equals(run.repository)
          && repositoryId.equals(run.repositoryId)
          && workflow.equals(run.workflow)
          && (environment == null || environment.equals(run.environment))
          && matches(ref, run.ref);
    }

    /** The same run where a certificate, and no key, shows who signed. */
    public Oidc withoutKey() {
      return new Oidc(
          issuer, owner, ownerId, repository, repositoryId, workflow, ref, environment, sha, null);
    }

    /**
     * Address of the service whose issuer this is, where its repositories lie: the issuer's own,
     * but for the services whose issuers lie elsewhere or below it.
     */
    public String server() {
      if (issuer.equals(GITHUB) || issuer.startsWith(GITHUB + '/')) {
        return "https://github.com";
      }
      for (String suffix : ISSUERS_BELOW) {
        if (issuer.endsWith(suffix)) {
          return issuer.substring(0, issuer.length() - suffix.length());
        }
      }
      return issuer;
    }

    /** Address of the repository. */
    public String repositoryAddress() {
      return server() + '/' + owner + '/' + repository;
    }

    /**
     * Reads a workflow that we wrote ourselves.
     *
     * @throws IllegalStateException if it is something else
     */
    public static Oidc stored(String json) {
      try {
        if (Identity.read(JsonFields.root(JsonReader.read(json))) instanceof Oidc oidc) {
          return oidc;
        }
      } catch (JsonException e) {
        throw new IllegalStateException("a stored identity that we did not write", e);
      }
      throw new IllegalStateException("a stored key where a workflow belongs");
    }

    /** Matches without backtracking over more than the last star, so in bounded time. */
    private static boolean matches(String pattern, String text) {
      int at = 0;
      int star = -1;
      int resume = 0;
      for (int i = 0; i < text.length(); ) {
        if (at < pattern.length() && pattern.charAt(at) == '*') {
          star = at++;
          resume = i;
        } else if (at < pattern.length() && pattern.charAt(at) == text.charAt(i)) {
          at++;
          i++;
        } else if (star >= 0 && text.charAt(resume) != '/') {
          at = star + 1;
          i = ++resume;
        } else {
          return false;
        }
      }
      while (at < pattern.length() && pattern.charAt(at) == '*') {
        at++;
      }
      return at == pattern.length();
    }
  }

  /**
   * Whether this publisher stands for a signer: the same key, or a workflow whose run it is.
   *
   * @param signer of a log record
   */
  default boolean standsFor(Identity signer) {
    return switch (this) {
      case Key key -> key.equals(signer);
      case Oidc workflow -> signer instanceof Oidc run && workflow.admits(run);
    };
  }

  /** The JSON object. */
  default Json.Obj json() {
    return switch (this) {
      case Key(long account, VerificationKey key, Digest mlDsa) ->
          Json.object()
              .put("kind", "key")
              .put("account", account)
              .put("keyId", key.keyId().hex())
              .put("publicKey", key.base64())
              .putUnlessEmpty(ML_DSA, mlDsa == null ? null : mlDsa.hex())
              .build();
      case Oidc oidc ->
          Json.object()
              .put("kind", "oidc")
              .put("issuer", oidc.issuer())
              .put("owner", oidc.owner())
              .put("ownerId", oidc.ownerId())
              .put("repository", oidc.repository())
              .put("repositoryId", oidc.repositoryId())
              .put("workflow", oidc.workflow())
              .put("ref", oidc.ref())
              .putUnlessEmpty("environment", oidc.environment())
              .putUnlessEmpty("sha", oidc.sha())
              .putUnlessEmpty("publicKey", oidc.key() == null ? null : oidc.key().base64())
              .build();
    };
  }

  /**
   * Reads the JSON object.
   *
   * @throws JsonException if it is malformed, of an unknown kind, or its keyId is not its key's
   */
  static Identity read(JsonFields fields) throws JsonException {
    String kind = fields.string("kind");
    return switch (kind) {
      case "key" -> readKey(fields);
      case "oidc" ->
          new Oidc(
              text(fields, "issuer"),
              text(fields, "owner"),
              text(fields, "ownerId"),
              text(fields, "repository"),
              text(fields, "repositoryId"),
              text(fields, "workflow"),
              text(fields, "ref"),
              fields.has("environment") ? text(fields, "environment") : null,
              fields.has("sha") ? text(fields, "sha") : null,
              fields.has("publicKey") ? publicKey(fields) : null);
      default -> throw fields.fault("kind", "expected \"key\" or \"oidc\", found \"" + kind + '"');
    };
  }

  private static Identity readKey(JsonFields fields) throws JsonException {
    VerificationKey key = publicKey(fields);
    if (!key.keyId().hex().equals(fields.string("keyId"))) {
      throw fields.fault("keyId", "expected " + key.keyId().hex() + ", the digest of publicKey");
    }
    return new Key(account(fields), key, mlDsa(fields));
  }

  /**
   * The number of an account.
   *
   * @throws JsonException if it is malformed
   */
  static long account(JsonFields fields) throws JsonException {
    long account = fields.integer("account");
    if (account < 0) {
      throw fields.fault("account", "expected a number of at least 0, found " + account);
    }
    return account;
  }

  /**
   * The digest of a key's ML-DSA-65 half.
   *
   * @return null if it has none
   * @throws JsonException if it is malformed
   */
  static @Nullable Digest mlDsa(JsonFields fields) throws JsonException {
    if (!fields.has(ML_DSA)) {
      return null;
    }
    String hex = fields.string(ML_DSA);
    if (!Digest.isHex(hex)) {
      throw fields.fault(ML_DSA, "expected 64 lower-case hexadecimal digits");
    }
    return new Digest(hex);
  }

  private static VerificationKey publicKey(JsonFields fields) throws JsonException {
    try {
      return VerificationKey.ofBase64(fields.string("publicKey"));
    } catch (IllegalArgumentException e) {
      throw fields.fault("publicKey", String.valueOf(e.getMessage()));
    }
  }

  private static String text(JsonFields fields, String name) throws JsonException {
    String text = fields.string(name);
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      throw fields.fault(name, "expected 1 to " + MAX_TEXT + " characters");
    }
    return text;
  }
}
