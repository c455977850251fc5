package dev.raya.cli.pm.fetch;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.settings.Durations;
import dev.raya.cli.pm.settings.RegistryAddress;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A registry's {@code /index/config.json} (registry.md 1.1).
 *
 * @param origin its own name for itself
 * @param api where the API is
 * @param blobs where blobs are
 * @param index where index documents are
 * @param tuf where its metadata is
 * @param minReleaseAge the age its policy asks of a version
 */
public record RegistryConfig(
    String origin, URI api, URI blobs, URI index, URI tuf, Duration minReleaseAge) {
  /** Path of the document below the base. */
  static final String PATH = "index/config.json";

  /** Largest document that is read. */
  static final int MAX_BYTES = 256 << 10;

  private static final String SCHEMA = "raya/registry/1";

  /**
   * Reads the document.
   *
   * @param base the registry's URL, which relative addresses are relative to
   * @throws CommandException RAYA-NET-004 if it is none, or sends elsewhere by plain HTTP
   */
  public static RegistryConfig read(URI base, byte[] document) throws CommandException {
    URI source = base.resolve(PATH);
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      if (!root.string("schema").equals(SCHEMA)) {
        throw root.fault("schema", "expected " + SCHEMA);
      }
      JsonFields policy = root.optionalFields("policy");
      String age = policy == null ? null : policy.optionalString("minReleaseAge");
      return new RegistryConfig(
          origin(root),
          address(base, root, "api", ""),
          address(base, root, "blobs", "blobs/"),
          address(base, root, "index", "index/"),
          address(base, root, "tuf", "tuf/"),
          age == null ? Duration.ZERO : age(root, age));
    } catch (JsonException malformed) {
      throw Failures.notARegistry(source, String.valueOf(malformed.getMessage()));
    }
  }

  private static String origin(JsonFields root) throws JsonException {
    String origin = root.string("origin");
    URI uri;
    try {
      uri = URI.create(origin);
    } catch (IllegalArgumentException malformed) {
      throw root.fault("origin", "expected a URL");
    }
    boolean good =
        uri.getHost() != null
            && ("https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme()) && RegistryAddress.isLoopback(uri)));
    if (!good) {
      throw root.fault("origin", "expected an https or loopback URL");
    }
    return origin;
  }

  private static Duration age(JsonFields root, String text) throws JsonException {
    Duration age = Durations.parse(text).orElse(null);
    if (age == null) {
      throw root.fault("policy", "minReleaseAge: expected a duration such as 1d");
    }
    return age;
  }

  private static URI address(URI base, JsonFields root, String member, String fallback)
      throws JsonException {
    @Nullable String given = root.optionalString(member);
    URI uri;
    try {
      uri = base.resolve(given == null ? fallback : given.endsWith("/") ? given : given + "/");
    } catch (IllegalArgumentException malformed) {
      throw root.fault(member, "expected a URL");
    }
    boolean good =
        uri.getHost() != null
            && ("https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme()) && RegistryAddress.isLoopback(uri)));
    if (!good) {
      throw root.fault(member, "expected an https or loopback URL");
    }
    return uri;
  }
}
