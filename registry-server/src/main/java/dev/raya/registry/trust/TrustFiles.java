package dev.raya.registry.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.oidc.IssuerDirectory;
import dev.raya.registry.packages.ConfigDocument;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.signing.sigstore.TrustedRoot;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The targets below {@code trust/}: what the registry says of itself, its log and whom it believes.
 * A file of the same name in the data directory's {@code trust} folder takes the place of the
 * default.
 */
public final class TrustFiles {
  private static final String FOLDER = "trust/";
  private static final String REGISTRY = FOLDER + "registry.json";
  private static final String POLICY = FOLDER + "log.policy";
  private static final String SIGSTORE = FOLDER + "sigstore.json";
  private static final String OIDC = FOLDER + "oidc.json";

  private TrustFiles() {}

  /**
   * The files by target path.
   *
   * @param origin the registry's own name
   * @throws StorageException if keys are damaged
   * @throws IOException if files cannot be read
   */
  public static Map<String, byte[]> of(DataDirectory directory, TrustKeys keys, String origin)
      throws StorageException, IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(REGISTRY, ConfigDocument.bytes(origin));
    files.put(
        POLICY,
        LogNames.policy(
                origin,
                keys.logPublic(),
                keys.witnessPublic(),
                OtherWitnesses.read(directory).stream().map(OtherWitnesses.Other::line).toList())
            .getBytes(StandardCharsets.UTF_8));
    files.put(
        SIGSTORE,
        CanonicalJson.bytes(
            Json.object().put("mediaType", TrustedRoot.MEDIA_TYPE + "+json;version=0.1").build()));
    files.put(OIDC, IssuerDirectory.STANDARD.bytes());
    for (String path : files.keySet()) {
      Path own = directory.root().resolve(path);
      if (Files.isRegularFile(own)) {
        files.put(path, Files.readAllBytes(own));
      }
    }
    return files;
  }

  /** What TUF says of a file. */
  public static Role.TargetFile target(byte[] content) {
    return new Role.TargetFile(content.length, Map.of("sha256", Digest.of(content).hex()));
  }

  /** Where a target is served with consistent snapshots: {@code a/b/HEX.c}. */
  public static String digestPath(String path, Digest digest) {
    int file = path.lastIndexOf('/') + 1;
    return path.substring(0, file) + digest.hex() + '.' + path.substring(file);
  }

  /**
   * Writes a target: by digest first, then the copy for people and tools.
   *
   * @throws IOException if one cannot be written
   */
  public static void write(StaticTree tree, String path, byte[] content) throws IOException {
    tree.put(digestPath(path, Digest.of(content)), content);
    Optional<byte[]> copy = tree.read(path);
    if (copy.isEmpty() || !java.util.Arrays.equals(copy.get(), content)) {
      tree.put(path, content);
    }
  }
}
