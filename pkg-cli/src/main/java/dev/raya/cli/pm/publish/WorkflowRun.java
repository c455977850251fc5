package dev.raya.cli.pm.publish;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Answer;
import dev.raya.cli.pm.fetch.Failures;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.RegistryApi;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The run of a CI workflow that this process is part of, if its service gives ID tokens: {@code
 * RAYA_ID_TOKEN} holds one, or the service has an address to ask for one (the variables {@code
 * ACTIONS_ID_TOKEN_REQUEST_URL} and {@code …_TOKEN} of GitHub and Forgejo). Exchanging it needs no
 * stored secret (security.md, Trusted publishing).
 */
public final class WorkflowRun {
  private static final String GIVEN = "RAYA_ID_TOKEN";
  private static final String GIVEN_FOR_SIGSTORE = "SIGSTORE_ID_TOKEN";
  private static final String SIGSTORE = "sigstore";
  private static final String ADDRESS = "ACTIONS_ID_TOKEN_REQUEST_URL";
  private static final String BEARER = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
  private static final int MAX_ANSWER = 64 << 10;

  private final @Nullable String given;
  private final @Nullable String forSigstore;
  private final @Nullable URI address;
  private final @Nullable String bearer;

  /**
   * What an ID token was exchanged for.
   *
   * @param token that publishes one version
   * @param run who the registry takes the run for, and its log will name
   */
  public record Exchanged(String token, Identity.Oidc run) {}

  private WorkflowRun(
      @Nullable String given,
      @Nullable String forSigstore,
      @Nullable URI address,
      @Nullable String bearer) {
    this.given = given;
    this.forSigstore = forSigstore;
    this.address = address;
    this.bearer = bearer;
  }

  /**
   * The run that the environment tells of.
   *
   * @throws CommandException RAYA-CLI-001 if its address is malformed or would be asked in the
   *     clear
   */
  public static Optional<WorkflowRun> of(Environment environment) throws CommandException {
    String token = environment.get(GIVEN);
    if (token != null) {
      return Optional.of(
          new WorkflowRun(token.strip(), environment.get(GIVEN_FOR_SIGSTORE), null, null));
    }
    String url = environment.get(ADDRESS);
    String secret = environment.get(BEARER);
    if (url == null || secret == null) {
      return Optional.empty();
    }
    try {
      URI parsed = URI.create(url);
      boolean local = "127.0.0.1".equals(parsed.getHost()) || "localhost".equals(parsed.getHost());
      if (parsed.getHost() != null
          && ("https".equals(parsed.getScheme()) || ("http".equals(parsed.getScheme()) && local))) {
        return Optional.of(new WorkflowRun(null, null, parsed, secret));
      }
    } catch (IllegalArgumentException malformed) {
      throw unusable(url);
    }
    throw unusable(url);
  }

  private static CommandException unusable(String url) {
    return new CommandException(
        "RAYA-CLI-001", ADDRESS + " is no https address: " + url, "the CI service sets it");
  }

  /**
   * Exchanges an ID token of this run for a token that publishes one version.
   *
   * @param name what will be published
   * @param key that will sign it, made for this run and kept nowhere
   * @throws CommandException if the service gives no token, or the registry does not take it
   * @throws InterruptedException if the thread was interrupted
   */
  public Exchanged exchange(Session session, Registry registry, PackageName name, SigningKey key)
      throws CommandException, InterruptedException {
    requireOwnHost(session, registry);
    String idToken = given == null ? ask(session, registry.config().origin()) : given;
    JsonFields answer =
        registry
            .api()
            .ask(
                "tokens/exchange",
                Json.object()
                    .put("jwt", idToken)
                    .put("package", name.text())
                    .put("publicKey", key.verificationKey().base64())
                    .build());
    try {
      if (Identity.read(answer.fields("identity")) instanceof Identity.Oidc run
          && Objects.equals(key.verificationKey(), run.key())) {
        return new Exchanged(answer.string("token"), run);
      }
      throw answer.fault("identity", "expected a run with the key that was sent");
    } catch (JsonException malformed) {
      throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
    }
  }

  /**
   * An ID token of this run that is made for Sigstore, and that the registry would not take.
   *
   * @throws CommandException if there is none
   * @throws InterruptedException if the thread was interrupted
   */
  public String sigstoreToken(Session session) throws CommandException, InterruptedException {
    if (given == null) {
      return ask(session, SIGSTORE);
    }
    if (forSigstore == null) {
      throw new CommandException(
          "RAYA-SEC-022",
          "there is no ID token that Sigstore would take",
          "have the CI service put one for the audience "
              + SIGSTORE
              + " into "
              + GIVEN_FOR_SIGSTORE);
    }
    return forSigstore.strip();
  }

  /**
   * Whoever has an ID token can publish with it, so it goes to the registry that it is for and to
   * nobody else: not to a mirror, and not where an unsigned configuration points.
   */
  private static void requireOwnHost(Session session, Registry registry)
      throws CommandException, InterruptedException {
    session.metadata(registry).refresh();
    String origin = registry.config().origin();
    String asked = RegistryAddress.originOf(registry.api().address(""));
    if (!asked.equals(origin)) {
      throw new CommandException(
          "RAYA-SEC-001",
          "ID tokens go to the registry's own host only",
          "expected: " + origin,
          "found: " + asked,
          "name the registry by its own address: --registry " + origin);
    }
  }

  private String ask(Session session, String audience)
      throws CommandException, InterruptedException {
    if (address == null || bearer == null) {
      throw new IllegalStateException("a run has a token or an address");
    }
    String query = address.getRawQuery();
    URI asked =
        URI.create(
            address + (query == null ? "?" : "&") + "audience=" + RegistryApi.query(audience));
    Answer answer =
        session.transport().get(asked, Map.of("Authorization", "Bearer " + bearer), MAX_ANSWER);
    if (answer.ok()) {
      try {
        return JsonFields.root(JsonReader.read(answer.body())).string("value");
      } catch (JsonException malformed) {
        throw refused("its answer is malformed: " + malformed.getMessage());
      }
    }
    throw refused("it answered " + answer.status());
  }

  private static CommandException refused(String why) {
    return new CommandException(
        "RAYA-NET-004",
        "the CI service gives this run no ID token: " + why,
        "the workflow needs the permission to ask for ID tokens (id-token: write)");
  }
}
