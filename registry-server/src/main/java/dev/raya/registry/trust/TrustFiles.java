package dev.raya.registry.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.resolver.index.IndexException;
import dev.raya.resolver.index.RegistryConfigCodec;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.oidc.CiService;
import dev.raya.signing.oidc.IdTokenException;
import dev.raya.signing.oidc.TrustedIssuers;
import dev.raya.signing.oidc.TrustedIssuers.Issuer;
import dev.raya.signing.sigstore.TrustedRoot;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** The target that holds Sigstore's trusted root. */
  static final String SIGSTORE = FOLDER + "sigstore.json";

  private static final String OIDC = FOLDER + "oidc.json";

  /** The issuers of a registry whose operator named none. */
  public static final TrustedIssuers ISSUERS =
      new TrustedIssuers(
          List.of(
              new Issuer("https://token.actions.githubusercontent.com", CiService.GITHUB),
              new Issuer("https://gitlab.com", CiService.GITLAB)));

  private TrustFiles() {}

  /**
   * The files by target path.
   *
   * @param origin the registry's own name
   * @throws StorageException.OperatorFile if a file that the operator wrote cannot be read back;
   *     the message names it
   * @throws StorageException if keys are damaged
   * @throws IOException if files cannot be read
   */
  public static Map<String, byte[]> of(DataDirectory directory, TrustKeys keys, String origin)
      throws StorageException, IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    List<String> witnesses;
    try {
      witnesses =
          OtherWitnesses.notOwn(directory, origin).stream()
              .map(OtherWitnesses.Other::line)
              .toList();
    } catch (IOException e) {
      throw new StorageException.OperatorFile(String.valueOf(e.getMessage()), e);
    }
    files.put(REGISTRY, ConfigDocument.bytes(origin));
    files.put(
        POLICY,
        LogNames.policy(origin, keys.logPublic(), keys.witnessPublic(), witnesses)
            .getBytes(StandardCharsets.UTF_8));
    files.put(
        SIGSTORE,
        CanonicalJson.bytes(
            Json.object().put("mediaType", TrustedRoot.MEDIA_TYPE + "+json;version=0.1").build()));
    files.put(OIDC, ISSUERS.bytes());
    for (String path : List.copyOf(files.keySet())) {
      Path own = directory.root().resolve(path);
      if (Files.isRegularFile(own)) {
        try {
          files.put(path, Files.readAllBytes(own));
        } catch (IOException e) {
          throw new StorageException.OperatorFile(own + " cannot be read: " + e.getMessage(), e);
        }
      }
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path own = directory.root().resolve(file.getKey());
      boolean made = file.getKey().equals(POLICY) && !Files.isRegularFile(own);
      Path from = made ? directory.root().resolve(OtherWitnesses.FILE) : own;
      try {
        check(file.getKey(), file.getValue());
      } catch (SigningException | IdTokenException | IndexException | RuntimeException e) {
        throw new StorageException.OperatorFile(
            from + " would make no " + file.getKey() + " that clients can read: " + e.getMessage(),
            e);
      }
    }
    return files;
  }

  /** Reads a file as its readers will, before it is signed. */
  private static void check(String path, byte[] content)
      throws SigningException, IdTokenException, IndexException {
    switch (path) {
      case REGISTRY -> RegistryConfigCodec.read(content);
      case POLICY -> LogPolicy.parse(new String(content, StandardCharsets.UTF_8));
      case OIDC -> TrustedIssuers.read(content);
      case SIGSTORE -> TrustedRoot.read(content);
      default -> throw new IllegalStateException("there is no reader of " + path);
    }
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
