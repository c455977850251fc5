package dev.raya.resolver.index;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code /index/config.json} (registry.md section 1.1), schema {@code raya/registry/1}. Addresses
 * may be relative to the registry's base.
 *
 * @param origin the registry's own name for itself, a URL
 * @param api base of the API
 * @param blobs base of the blobs
 * @param index base of the index
 * @param log base of the log
 * @param tuf base of the TUF metadata
 * @param features what the registry offers
 * @param limits name to number
 * @param minReleaseAge least age of a version it asks clients to keep to
 * @param freshLogin age of a login that writes need; null for none
 */
public record RegistryConfig(
    String origin,
    String api,
    String blobs,
    String index,
    String log,
    String tuf,
    List<String> features,
    Map<String, Long> limits,
    Duration minReleaseAge,
    @Nullable Duration freshLogin) {

  /** The value of {@code schema}. */
  public static final String SCHEMA = "raya/registry/1";

  /** Longest document, in bytes. */
  public static final int MAX_BYTES = 64 << 10;

  /** Copies the collections in. */
  public RegistryConfig {
    features = List.copyOf(features);
    limits = Collections.unmodifiableMap(new TreeMap<>(limits));
  }
}
