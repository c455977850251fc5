package dev.raya.registry.oidc;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.trust.TrustFiles;
import dev.raya.signing.oidc.IdTokenException;
import dev.raya.signing.oidc.IssuerKeys;
import dev.raya.signing.oidc.TrustedIssuers;
import dev.raya.signing.oidc.TrustedIssuers.Issuer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The issuers that this registry takes tokens of, and their keys, which are asked for when a token
 * needs them and kept for a while. The addresses come from the operator's list and from what the
 * issuer itself says there, never from a token.
 */
@ApplicationScoped
public class IssuerDirectory {
  /** The operator's list below the data directory; absent means {@link TrustFiles#ISSUERS}. */
  public static final String FILE = "trust/oidc.json";

  private static final Duration KEPT = Duration.ofMinutes(10);

  /** How soon a key that is not known may make us ask again. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  /** How old held keys may be where the issuer does not answer. */
  private static final Duration STALE = Duration.ofHours(24);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MAX_CONFIGURATION = 256 << 10;

  private final Path file;
  private final InstantSource clock;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> asking = new ConcurrentHashMap<>();

  /**
   * What is known of an issuer's keys.
   *
   * @param keys null if they were never had
   * @param fetched when they were
   * @param tried when they were last asked for, with whatever outcome
   */
  private record Kept(@Nullable IssuerKeys keys, Instant fetched, Instant tried) {}

  /** The client is only made when the first token comes. */
  private static final class Http {
    static final HttpClient CLIENT =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
  }

  @Inject
  IssuerDirectory(RegistrySettings settings, InstantSource clock) {
    this.file = settings.directory().root().resolve(FILE);
    this.clock = clock;
  }

  /**
   * The issuer of that URL.
   *
   * @throws RegistryException with {@link Problem#FORBIDDEN} if the operator did not name it
   */
  public Issuer issuer(String url) throws RegistryException {
    return issuers()
        .find(url)
        .orElseThrow(
            () ->
                new RegistryException(
                    Problem.FORBIDDEN,
                    "this registry takes no tokens of the issuer " + shown(url),
                    "its operator can name it in " + FILE));
  }

  /** The list in force. */
  public TrustedIssuers issuers() {
    try {
      return Files.exists(file)
          ? TrustedIssuers.read(Files.readAllBytes(file))
          : TrustFiles.ISSUERS;
    } catch (IOException | IdTokenException unusable) {
      throw new IllegalStateException(file + ": " + unusable.getMessage(), unusable);
    }
  }

  /**
   * The issuer's keys, among them the one named if it has it.
   *
   * @throws RegistryException with {@link Problem#BUSY} if the issuer cannot be asked
   */
  IssuerKeys keys(Issuer issuer, String keyId) throws RegistryException, InterruptedException {
    ReentrantLock one = asking.computeIfAbsent(issuer.url(), url -> new ReentrantLock());
    one.lockInterruptibly();
    try {
      return locked(issuer, keyId, clock.instant());
    } finally {
      one.unlock();
    }
  }

  private IssuerKeys locked(Issuer issuer, String keyId, Instant now)
      throws RegistryException, InterruptedException {
    Kept before = kept.get(issuer.url());
    IssuerKeys held = before == null ? null : before.keys();
    boolean known = held != null && held.has(keyId);
    if (before != null && held != null && known && isYounger(before.fetched(), KEPT, now)) {
      return held;
    }
    // Anybody can make us ask, with a key id that nobody has: so we ask seldom.
    if (before != null && isYounger(before.tried(), AGAIN, now)) {
      if (held != null) {
        return held;
      }
      throw unavailable(issuer, "they could not be had a moment ago");
    }
    try {
      IssuerKeys keys = fetch(issuer);
      kept.put(issuer.url(), new Kept(keys, now, now));
      return keys;
    } catch (IOException | JsonException | IdTokenException unusable) {
      Instant fetched = before == null ? Instant.EPOCH : before.fetched();
      kept.put(issuer.url(), new Kept(held, fetched, now));
      if (held != null && known && isYounger(fetched, STALE, now)) {
        return held;
      }
      throw unavailable(issuer, String.valueOf(unusable.getMessage()));
    }
  }

  private static boolean isYounger(Instant time, Duration than, Instant now) {
    return Duration.between(time, now).compareTo(than) < 0;
  }

  private static RegistryException unavailable(Issuer issuer, String why) {
    return new RegistryException(
        Problem.BUSY,
        "the keys of the issuer " + issuer.url() + " cannot be had: " + why,
        "try again in a minute; the token stays good until it expires");
  }

  private static IssuerKeys fetch(Issuer issuer)
      throws IOException, InterruptedException, JsonException, IdTokenException {
    String base = issuer.url().endsWith("/") ? issuer.url() : issuer.url() + "/";
    URI configuration = URI.create(base + ".well-known/openid-configuration");
    JsonFields fields = JsonFields.root(JsonReader.read(get(configuration, MAX_CONFIGURATION)));
    if (!fields.string("issuer").equals(issuer.url())) {
      throw fields.fault("issuer", "expected " + issuer.url());
    }
    URI keys = address(fields.string("jwks_uri"), issuer);
    if (keys == null) {
      throw fields.fault("jwks_uri", "expected an https address");
    }
    return IssuerKeys.read(get(keys, IssuerKeys.MAX_BYTES));
  }

  private static @Nullable URI address(String text, Issuer issuer) {
    try {
      URI address = URI.create(text);
      boolean secure = "https".equals(address.getScheme());
      // An issuer on loopback may have its keys there too, at the same place only.
      boolean local =
          issuer.url().startsWith("http:")
              && "http".equals(address.getScheme())
              && URI.create(issuer.url()).getRawAuthority().equals(address.getRawAuthority());
      return secure || local ? address : null;
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  private static byte[] get(URI address, int limit) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .header("Accept", "application/json")
            .build();
    HttpResponse<InputStream> response =
        Http.CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException(address + " answered " + response.statusCode());
      }
      byte[] bytes = body.readNBytes(limit);
      if (body.read() >= 0) {
        throw new IOException(address + " answered with more than " + limit + " bytes");
      }
      return bytes;
    }
  }

  private static String shown(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
