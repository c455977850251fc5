package dev.raya.cli.pm.trust;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.LogPolicy;
import dev.raya.tuf.TufException;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The TUF metadata that this home holds of one registry, verified again without asking anybody:
 * signatures and versions count, expiry is only told (security.md, Offline). Thread-safe.
 */
public final class HeldMetadata implements SignedMetadata {
  /** The target that holds the policy of the log. */
  public static final String LOG_POLICY = "trust/log.policy";

  /** The target that holds Sigstore's trusted root. */
  public static final String SIGSTORE = "trust/sigstore.json";

  /** Largest small target: the configuration, the policy of the log, a trusted root. */
  public static final int MAX_TRUST_BYTES = 1 << 20;

  private final KnownRegistries.Known registry;
  private final Path folder;
  private @Nullable TufClient client;
  private @Nullable LogPolicy policy;

  /**
   * What is held of a registry.
   *
   * @param folder {@code registry/ID}
   */
  public HeldMetadata(KnownRegistries.Known registry, Path folder) {
    this.registry = registry;
    this.folder = folder;
  }

  /** Where metadata lies below the folder of a registry. */
  public static Path tufFolder(Path registryFolder) {
    return registryFolder.resolve("tuf");
  }

  /** Where targets of the top-level role lie below the folder of a registry. */
  public static Path trustFolder(Path registryFolder) {
    return registryFolder.resolve("trust");
  }

  /** The versions of held roles, for a question to leave out what is held; unverified. */
  public static Map<String, Long> versions(Path registryFolder) {
    Map<String, Long> versions = new LinkedHashMap<>();
    try {
      Path folder = tufFolder(registryFolder);
      versions.put(
          "root",
          RoleReader.root(Files.readAllBytes(folder.resolve("root.json"))).role().version());
      versions.put(
          "targets",
          RoleReader.targets(Files.readAllBytes(folder.resolve("targets.json"))).role().version());
      for (String role : List.of("packages", "advisories")) {
        Path held = folder.resolve(role + ".json");
        if (Files.exists(held)) {
          versions.put(role, RoleReader.targets(Files.readAllBytes(held)).role().version());
        }
      }
    } catch (TufException | IOException nothingHeld) {
      return Map.of();
    }
    return versions;
  }

  @Override
  public synchronized TufClient.TrustedSet roles() throws CommandException {
    return of(() -> client().trusted());
  }

  @Override
  public synchronized Optional<Role.TargetFile> index(PackageName name) throws CommandException {
    return of(() -> client().find("index/" + name.indexPath()));
  }

  @Override
  public synchronized LogPolicy logPolicy() throws CommandException {
    LogPolicy known = policy;
    if (known == null) {
      byte[] text = of(() -> target(LOG_POLICY));
      try {
        known = LogPolicy.parse(new String(text, StandardCharsets.UTF_8));
      } catch (SigningException malformed) {
        throw Failure.of(malformed);
      }
      policy = known;
    }
    return known;
  }

  @Override
  public synchronized Optional<byte[]> claim(PackageName name) throws CommandException {
    String path = SignedMetadata.claimPath(name);
    return of(
        () ->
            SignedMetadata.hasClaims(client().trusted()) && client().find(path).isPresent()
                ? Optional.of(target(path))
                : Optional.empty());
  }

  /**
   * A list that this home verified once, by the word of those who sign such lists.
   *
   * @param bytes the list; not copied
   * @param expires when the role that names it is to be renewed
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Listed(byte[] bytes, Instant expires) {}

  /** The targets that are lists, of which each home has one that it saw last. */
  public static final List<String> LISTS =
      List.of("advisories/osv.json", "advisories/quarantine.json");

  /**
   * The files of a list as this home saw it last: the list, and the role that names it.
   *
   * @return empty if none was ever seen
   * @throws CommandException as {@link #lastSeen}
   */
  public synchronized Optional<TufClient.LastSeen> seenFiles(String path) throws CommandException {
    return of(() -> client().lastSeen(path, trustFolder(folder)));
  }

  /**
   * Takes over a list that another home saw, unless this one has seen a newer one.
   *
   * @param list the list
   * @param role the file of the role that names it
   * @return whether it was taken
   * @throws CommandException RAYA-SEC-003 if the role is not signed as it must be, or names another
   */
  public synchronized boolean takeSeen(String path, byte[] list, byte[] role)
      throws CommandException {
    return of(() -> client().takeSeen(path, trustFolder(folder), list, role));
  }

  /**
   * Keeps a target that came another way; it is checked before anything is written.
   *
   * @throws CommandException RAYA-SEC-003 if it is not the one that what is held names
   */
  public synchronized void keep(String path, byte[] content) throws CommandException {
    of(
        () -> {
          Role.TargetFile target =
              client()
                  .find(path)
                  .orElseThrow(
                      () ->
                          new TufException(
                              TufException.Code.METADATA_REFUSED, "no role names " + path));
          TufClient.requireTarget(path, content, target);
          AtomicFiles.writeIfChanged(
              trustFolder(folder).resolve(TufClient.fileName(path)), content);
          return path;
        });
  }

  /**
   * A list as this home saw it last, its signatures verified again; the snapshot may name a newer
   * one that no command asked for (security.md, Offline 5).
   *
   * @return empty if none was ever seen
   * @throws CommandException RAYA-SEC-003 or 013 if what is held of the registry is refused or
   *     missing
   */
  public synchronized Optional<Listed> lastSeen(String path) throws CommandException {
    return of(
        () -> {
          Optional<TufClient.LastSeen> seen = client().lastSeen(path, trustFolder(folder));
          return seen.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new Listed(Files.readAllBytes(seen.get().file()), seen.get().role().expires()));
        });
  }

  /**
   * A target as it lies in the folder of a registry, verified when it came; nothing is verified
   * again.
   *
   * @return empty if it is not there
   * @throws IOException if it cannot be read
   */
  public static Optional<byte[]> kept(Path registryFolder, String path) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(keptFile(registryFolder, path)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /** Where a target lies below the folder of a registry. */
  public static Path keptFile(Path registryFolder, String path) {
    return trustFolder(registryFolder).resolve(TufClient.fileName(path));
  }

  @Override
  public synchronized Optional<byte[]> sigstore() throws CommandException {
    return of(
        () ->
            client().find(SIGSTORE).isPresent() ? Optional.of(target(SIGSTORE)) : Optional.empty());
  }

  private byte[] target(String path) throws TufException, IOException, InterruptedException {
    Optional<Role.TargetFile> target = client().find(path);
    if (target.isPresent() && target.get().length() > MAX_TRUST_BYTES) {
      throw new TufException(TufException.Code.METADATA_REFUSED, path + " is too large");
    }
    return Files.readAllBytes(client().download(path, trustFolder(folder)));
  }

  private TufClient client() throws TufException, IOException {
    TufClient present = client;
    if (present == null) {
      Path metadata = tufFolder(folder);
      if (!Files.exists(metadata.resolve("timestamp.json"))) {
        throw new IOException("no metadata of " + registry.origin() + " was ever verified here");
      }
      present = TufClient.held(metadata);
      client = present;
    }
    return present;
  }

  private interface Question<T> {
    T ask() throws TufException, IOException, InterruptedException;
  }

  private <T> T of(Question<T> question) throws CommandException {
    try {
      return question.ask();
    } catch (TufException refused) {
      throw new CommandException(
          refused.code(),
          "the metadata held of " + registry.origin() + " is refused: " + refused.getMessage(),
          "`raya-pm install --verify` with a network brings it again");
    } catch (IOException missing) {
      throw new CommandException(
          "RAYA-SEC-013",
          "the metadata of " + registry.origin() + " is not held: " + missing.getMessage(),
          "run `raya-pm install --verify` once with a network");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandException("RAYA-CLI-003", "interrupted");
    }
  }
}
