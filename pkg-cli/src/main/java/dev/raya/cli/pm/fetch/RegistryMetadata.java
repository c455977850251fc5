package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.splice.Splice;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.cli.pm.trust.SignedMetadata;
import dev.raya.resolver.index.IndexException;
import dev.raya.resolver.index.RegistryConfig;
import dev.raya.resolver.index.RegistryConfigCodec;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.LogPolicy;
import dev.raya.tuf.TufException;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.client.TufSource;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.TrustedRoot;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the TUF metadata of a registry says, asked for once a command: the digests of index
 * documents, the registry's configuration, the policy of its log (security.md, Roots). Metadata
 * that a batch brought is treated as if it had been fetched from its own path. Thread-safe.
 */
public final class RegistryMetadata implements SignedMetadata {
  private static final String REFUSED = "RAYA-SEC-003";
  private static final String CONFIG = "trust/registry.json";
  private static final String LISTS = "advisories/";
  private static final String TUF = "tuf/";
  private static final String TIMESTAMP = "tuf/timestamp.json";
  private static final String SNAPSHOT = ".snapshot.json";
  private static final int MAX_SNAPSHOT_BYTES = 16 << 20;

  private final Registry registry;
  private final Path folder;
  private final Instant now;
  private final Runnable renewed;
  private final Map<String, byte[]> brought = new ConcurrentHashMap<>();
  private @Nullable TufClient client;
  private @Nullable LogPolicy policy;

  /**
   * Metadata of a registry.
   *
   * @param folder what this home holds of the registry
   * @param now what is past this time has expired
   * @param renewed told each time that what this home holds was brought up to date
   */
  public RegistryMetadata(Registry registry, Path folder, Instant now, Runnable renewed) {
    this.registry = registry;
    this.folder = folder;
    this.now = now;
    this.renewed = renewed;
  }

  /** What is held, for a batch to leave out; null if this command has read the metadata. */
  synchronized @Nullable Json have() {
    if (client != null) {
      return null;
    }
    Json.ObjectBuilder have = Json.object();
    Map<String, Long> held = HeldMetadata.versions(folder);
    held.forEach(have::put);
    if (held.isEmpty()) {
      return have.put("root", 1).build();
    }
    byte[] snapshot = heldSnapshot();
    return snapshot.length == 0
        ? have.build()
        : have.put("snapshot", Digest.of(snapshot).hex()).build();
  }

  /** The snapshot as it was received; empty if none is held. Unverified: only a base of splices. */
  private byte[] heldSnapshot() {
    try {
      return Files.readAllBytes(HeldMetadata.tufFolder(folder).resolve("snapshot.json"));
    } catch (IOException none) {
      return new byte[0];
    }
  }

  /** A file of the repository that a batch brought. */
  void bring(String path, byte[] bytes) {
    brought.put(path, bytes);
  }

  /**
   * A snapshot that a batch brought as a splice of the one held. One that does not fit is of no
   * use, and the file is asked for; what comes of one that fits is verified like any other.
   */
  void bringSplice(String path, String base, byte[] splice) {
    byte[] held = heldSnapshot();
    if (path.endsWith(SNAPSHOT) && Digest.of(held).hex().equals(base)) {
      Splice.apply(held, splice, MAX_SNAPSHOT_BYTES).ifPresent(whole -> bring(path, whole));
    }
  }

  @Override
  public synchronized Optional<Role.TargetFile> index(PackageName name)
      throws CommandException, InterruptedException {
    return of(() -> client().find("index/" + name.indexPath()));
  }

  @Override
  public synchronized TufClient.TrustedSet roles() throws CommandException, InterruptedException {
    return of(() -> client().trusted());
  }

  @Override
  public synchronized Optional<byte[]> claim(PackageName name)
      throws CommandException, InterruptedException {
    String path = SignedMetadata.claimPath(name);
    return of(
        () -> {
          TufClient current = client();
          return SignedMetadata.hasClaims(current.trusted()) && current.find(path).isPresent()
              ? Optional.of(target(current, path, HeldMetadata.MAX_TRUST_BYTES))
              : Optional.empty();
        });
  }

  /**
   * Brings the metadata up to date, and the registry's configuration with it, unless this command
   * did so before.
   *
   * @throws CommandException RAYA-SEC-003 or 004 if metadata is refused, or it cannot be had
   * @throws InterruptedException if the thread was interrupted
   */
  public synchronized void refresh() throws CommandException, InterruptedException {
    of(this::client);
  }

  /** Asks anew at the next question: something was published meanwhile. */
  public synchronized void forget() {
    brought.clear();
    client = null;
  }

  @Override
  public synchronized LogPolicy logPolicy() throws CommandException, InterruptedException {
    LogPolicy known = policy;
    if (known == null) {
      String text = new String(trusted(HeldMetadata.LOG_POLICY), StandardCharsets.UTF_8);
      try {
        known = LogPolicy.parse(text);
      } catch (SigningException malformed) {
        throw Failure.of(malformed);
      }
      policy = known;
    }
    return known;
  }

  @Override
  public Optional<byte[]> sigstore() throws CommandException, InterruptedException {
    return optional(HeldMetadata.SIGSTORE, HeldMetadata.MAX_TRUST_BYTES);
  }

  /**
   * A small target of the top-level targets role, from this home or the registry.
   *
   * @throws CommandException as {@link #refresh}
   * @throws InterruptedException if the thread was interrupted
   */
  public synchronized byte[] trusted(String targetPath)
      throws CommandException, InterruptedException {
    return of(() -> target(client(), targetPath, HeldMetadata.MAX_TRUST_BYTES));
  }

  /**
   * A target that a registry need not have; asked for only if this home does not hold what metadata
   * names.
   *
   * @param limit most bytes that it can have
   * @return empty if no role names it
   * @throws CommandException as {@link #refresh}
   * @throws InterruptedException if the thread was interrupted
   */
  public synchronized Optional<byte[]> optional(String targetPath, int limit)
      throws CommandException, InterruptedException {
    return of(
        () -> {
          TufClient current = client();
          return current.find(targetPath).isPresent()
              ? Optional.of(target(current, targetPath, limit))
              : Optional.empty();
        });
  }

  private byte[] target(TufClient of, String targetPath, int limit)
      throws TufException, IOException, InterruptedException {
    Optional<Role.TargetFile> target = of.find(targetPath);
    if (target.isPresent() && target.get().length() > limit) {
      throw new TufException(
          TufException.Code.METADATA_REFUSED,
          targetPath + " has " + target.get().length() + " bytes, more than it can have");
    }
    Path kept = HeldMetadata.trustFolder(folder);
    // Lists are looked at offline too, when newer metadata names others (HeldMetadata.lastSeen).
    return Files.readAllBytes(
        targetPath.startsWith(LISTS)
            ? of.downloadWithRole(targetPath, kept)
            : of.download(targetPath, kept));
  }

  private TufClient client() throws TufException, IOException, InterruptedException {
    TufClient present = client;
    if (present == null) {
      Path metadata = HeldMetadata.tufFolder(folder);
      if (!Files.exists(metadata.resolve("root.json"))) {
        TufClient.init(metadata, firstRoot(metadata));
      }
      present = new TufClient(metadata, new Source(), now);
      try {
        refresh(present, metadata);
      } finally {
        // Also of one that fails half-way: what came before is kept.
        renewed.run();
      }
      confirm(present);
      client = present;
    }
    return present;
  }

  private void refresh(TufClient fresh, Path metadata)
      throws TufException, IOException, InterruptedException {
    try {
      fresh.refresh();
    } catch (TufException refused) {
      if (!TufClient.mendRoot(metadata, firstRoot(metadata))) {
        throw refused;
      }
      fresh.refresh();
    }
  }

  /** The root by which this registry is known, from this home or, where it is damaged, anew. */
  private byte[] firstRoot(Path metadata) throws TufException, IOException, InterruptedException {
    Path held = metadata.resolve("1.root.json");
    byte[] first = Files.exists(held) ? Files.readAllBytes(held) : new byte[0];
    if (!Digest.of(first).equals(registry.known().root())) {
      first =
          registry
              .tufSource()
              .metadata("1.root.json", HeldMetadata.MAX_TRUST_BYTES)
              .orElse(new byte[0]);
      TrustedRoot.first(first, registry.known().root());
      AtomicFiles.write(held, first);
    }
    return first;
  }

  /** The configuration is a copy of a target, and believed only as that (registry.md 1.1). */
  private void confirm(TufClient of) throws TufException, IOException, InterruptedException {
    Role.TargetFile target =
        of.find(CONFIG)
            .orElseThrow(
                () ->
                    new TufException(
                        TufException.Code.METADATA_REFUSED, "no role names " + CONFIG));
    try {
      TufClient.requireTarget(CONFIG, registry.configBytes(), target);
    } catch (TufException copyIsOlder) {
      try {
        RegistryConfig signed =
            RegistryConfigCodec.read(target(of, CONFIG, RegistryConfig.MAX_BYTES));
        if (!signed.origin().equals(registry.config().origin())) {
          throw new TufException(
              TufException.Code.METADATA_REFUSED,
              "the registry calls itself "
                  + registry.config().origin()
                  + ", and its signed configuration says "
                  + signed.origin());
        }
        registry.configure(signed);
      } catch (IndexException malformed) {
        throw new TufException(
            TufException.Code.METADATA_REFUSED, CONFIG + ": " + malformed.getMessage(), malformed);
      }
    }
  }

  private interface Question<T> {
    T ask() throws TufException, IOException, InterruptedException;
  }

  private <T> T of(Question<T> question) throws CommandException, InterruptedException {
    try {
      return question.ask();
    } catch (TufException refused) {
      throw new CommandException(
          refused.code(),
          "the metadata of " + registry.config().origin() + " is refused: " + refused.getMessage(),
          "tell the registry's operator; --offline works with what was verified before");
    } catch (InterruptedIOException interrupted) {
      throw new InterruptedException(interrupted.getMessage());
    } catch (IOException unanswered) {
      if (unanswered.getCause() instanceof CommandException failure) {
        throw failure;
      }
      throw Failure.of(unanswered);
    }
  }

  /** What a batch brought, else the registry's own files. */
  private final class Source implements TufSource {
    private final HttpTufSource files = registry.tufSource();

    @Override
    public Optional<byte[]> metadata(String path, long limit)
        throws IOException, InterruptedException {
      byte[] here = brought.get(TUF + path);
      if (here != null && here.length <= limit) {
        return Optional.of(here);
      }
      if (here == null && path.endsWith(".root.json") && brought.containsKey(TIMESTAMP)) {
        // A batch that brings metadata brings newer roots with it; without one there is none.
        return Optional.empty();
      }
      return files.metadata(path, limit);
    }

    @Override
    public boolean target(String path, Path file, long limit)
        throws IOException, InterruptedException {
      byte[] here = brought.get(path);
      if (here != null && here.length <= limit) {
        Files.write(file, here);
        return true;
      }
      return files.target(path, file, limit);
    }
  }

  /** A finding about an index document that is not what metadata names. */
  static CommandException mixed(PackageName name, String expected, String found) {
    return new CommandException(
        REFUSED,
        "the index document of " + name + " is not the one that signed metadata names",
        "expected: " + expected,
        "found: " + found,
        "nothing was taken from it; tell the registry's operator");
  }
}
