package dev.raya.registry.trust;

import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.storage.StaticTree;
import dev.raya.resolver.index.RegistryConfig;
import dev.raya.resolver.index.RegistryConfigCodec;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /index/config.json}: what a client has to know of this registry; the copy of the target
 * {@code trust/registry.json}. Written at each start.
 */
@ApplicationScoped
public class ConfigDocument {
  /** Path in the static tree. */
  public static final String PATH = "index/config.json";

  private static final long MIB = 1L << 20;

  private final RegistrySettings settings;
  private final StaticTree tree;

  @Inject
  ConfigDocument(RegistrySettings settings, StaticTree tree) {
    this.settings = settings;
    this.tree = tree;
  }

  void write(@Observes StartupEvent event) throws IOException {
    byte[] document = bytes(settings.origin());
    Optional<byte[]> former = tree.read(PATH);
    if (former.isEmpty() || !Arrays.equals(former.get(), document)) {
      tree.put(PATH, document);
    }
  }

  /** The document of a registry of that name. */
  public static byte[] bytes(String origin) {
    return RegistryConfigCodec.write(
        new RegistryConfig(
            origin,
            "./",
            "blobs/",
            "index/",
            "log/",
            "tuf/",
            List.of("batch", "publish", "search"),
            Map.of(
                "archive",
                64 * MIB,
                "native",
                64 * MIB,
                "natives",
                64L,
                "request",
                512 * MIB,
                "attestation",
                256L << 10,
                "batch",
                MIB),
            Duration.ZERO,
            null));
  }
}
