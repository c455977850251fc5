package dev.raya.cli.pm;

import dev.raya.cache.store.EntryHold;
import dev.raya.cache.store.PackageCache;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.fetch.HeldIndexSource;
import dev.raya.cli.pm.fetch.HttpIndexSource;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.cli.pm.fetch.IndexStore;
import dev.raya.cli.pm.fetch.Mirrors;
import dev.raya.cli.pm.fetch.ProxySettings;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.RegistryMetadata;
import dev.raya.cli.pm.fetch.Transport;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.cli.pm.settings.SignedIn;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.cli.pm.trust.HeldProofs;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.RegistryLog;
import dev.raya.cli.pm.trust.RegistryTrust;
import dev.raya.cli.pm.trust.TrustPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one command works with: settings, home, cache, trust policy, and the registry, which is
 * reached when it is first asked for and never under {@code --offline}. For one thread.
 */
public final class Session implements AutoCloseable {
  /** Leftovers in {@code tmp/} older than this belong to nobody. */
  private static final Duration ABANDONED = Duration.ofHours(24);

  private Settings settings;
  private final Console console;
  private final TrustPolicy trust;
  private final KnownRegistries known;
  private final PackageCache cache;
  private final EntryHold hold;
  private @Nullable Transport transport;
  private @Nullable Registry registry;
  private @Nullable String offered;
  private boolean prepared;
  private final Map<URI, Registry> reached = new LinkedHashMap<>();
  private final Map<URI, FutureTask<Registry>> ahead = new LinkedHashMap<>();
  private final Map<String, RegistryAddress> named = new LinkedHashMap<>();
  private final Map<Registry, HttpIndexSource> indexes = new LinkedHashMap<>();
  private final Map<Registry, RegistryMetadata> metadata = new LinkedHashMap<>();
  private final Map<KnownRegistries.Known, RegistryLog> logs = new LinkedHashMap<>();
  private final Map<String, String> heardLists = new ConcurrentHashMap<>();
  private final Map<String, HeldMetadata> heldMetadata = new LinkedHashMap<>();
  private final Map<KnownRegistries.Known, RegistryLog> heldLogs = new LinkedHashMap<>();
  private final Map<String, KnownRegistries.Known> ofOrigin = new LinkedHashMap<>();
  private @Nullable ExecutorService threads;

  private Session(Settings settings, Console console) {
    this.settings = settings;
    this.console = console;
    this.trust =
        new RegistryTrust(settings.home(), new Level(), console, settings.environment().clock());
    this.known = new KnownRegistries(settings.home());
    this.cache = new PackageCache(settings.home());
    this.hold = new EntryHold(settings.home());
  }

  /** The level as it is when it is asked for; a class, since a lambda's is made at each start. */
  private final class Level implements Supplier<TrustLevel> {
    @Override
    public TrustLevel get() {
      return settings.trustLevel();
    }
  }

  /**
   * Reads the settings and opens nothing.
   *
   * @throws CommandException if a setting is malformed
   */
  public static Session of(Arguments arguments, Console console) throws CommandException {
    Settings settings = Settings.of(arguments);
    for (Finding warning : settings.user().warnings()) {
      console.report(warning);
    }
    return new Session(settings, console);
  }

  /**
   * As {@link #of}, with a lockfile that may not change whatever the settings say.
   *
   * @throws CommandException if a setting is malformed
   */
  public static Session frozen(Arguments arguments, Console console) throws CommandException {
    return new Session(Settings.of(arguments).whenFrozen(), console);
  }

  /** The settings. */
  public Settings settings() {
    return settings;
  }

  /** A project may ask for more than its user does, never for less (security.md, trust levels). */
  public void raise(@Nullable String projectLevel) {
    Optional<TrustLevel> asked =
        projectLevel == null ? Optional.empty() : TrustLevel.parse(projectLevel);
    if (asked.isPresent() && asked.get().compareTo(settings.trustLevel()) > 0) {
      settings = settings.at(asked.get());
    }
  }

  /** The user's home of Raya. */
  public RayaHome home() {
    return settings.home();
  }

  /** The package cache. */
  public PackageCache cache() {
    return cache;
  }

  /** What this command uses of the cache; held until the session is closed. */
  public EntryHold hold() {
    return hold;
  }

  /** The trust policy. */
  public TrustPolicy trust() {
    return trust;
  }

  /** The registries this home knows. */
  public KnownRegistries known() {
    return known;
  }

  /**
   * Which quarantine list of each registry this command has looked at, or was told of before it
   * began; by the registry's id.
   */
  public Map<String, String> heardLists() {
    return heardLists;
  }

  /** Output. */
  public Console console() {
    return console;
  }

  /**
   * Makes the home ready to be written, and sweeps what killed processes left there; once.
   *
   * @throws CommandException RAYA-PKG-017 if it cannot be
   */
  public void prepareHome() throws CommandException {
    if (prepared) {
      return;
    }
    try {
      home().prepare();
      int swept = cache.sweep(settings.environment().clock(), ABANDONED);
      if (swept > 0) {
        console.detail("swept " + swept + " leftovers of killed processes");
      }
      prepared = true;
    } catch (IOException unusable) {
      throw Failure.of(unusable);
    }
  }

  /** The registry, if this command has already reached it. */
  public Optional<Registry> reached() {
    return Optional.ofNullable(registry);
  }

  /**
   * The default registry, reached and admitted.
   *
   * @throws CommandException if none is set, it cannot be reached or is not admitted
   * @throws InterruptedException if the thread was interrupted
   */
  public Registry registry() throws CommandException, InterruptedException {
    Registry present = registry;
    if (present != null) {
      return present;
    }
    if (settings.offline()) {
      throw new IllegalStateException("an offline command asked for the registry");
    }
    Registry reached = reach(settings.requireRegistry());
    registry = reached;
    return reached;
  }

  /**
   * The default registry, reached with a token that is not kept yet.
   *
   * @throws CommandException as {@link #registry}
   * @throws InterruptedException if the thread was interrupted
   */
  public Registry registryWith(String token) throws CommandException, InterruptedException {
    offered = token;
    return registry();
  }

  /** The index documents of a registry, each asked for once in a command. */
  public HttpIndexSource index(Registry from) {
    HttpIndexSource present = indexes.get(from);
    if (present == null) {
      ExecutorService running = threads;
      if (running == null) {
        running = Executors.newVirtualThreadPerTaskExecutor();
        threads = running;
      }
      present =
          new HttpIndexSource(
              from,
              metadata(from),
              trust,
              new IndexStore(known.folder(from.known())),
              running,
              console::status);
      indexes.put(from, present);
    }
    return present;
  }

  /** The signed metadata of a registry, asked for once in a command. */
  public synchronized RegistryMetadata metadata(Registry from) {
    RegistryMetadata asked = metadata.get(from);
    if (asked == null) {
      asked =
          new RegistryMetadata(
              from, known.folder(from.known()), now(), () -> forgetHeld(from.known()));
      metadata.put(from, asked);
    }
    return asked;
  }

  /** The log of a registry, with tiles from the registry where they are not held. */
  public synchronized RegistryLog log(Registry from) {
    return logs.computeIfAbsent(
        from.known(),
        registry ->
            RegistryLog.served(
                registry,
                known.folder(registry),
                metadata(from),
                from.tiles(),
                new HeldProofs(cache)));
  }

  /** The log of a registry as this home holds it; nothing is asked for. */
  public synchronized RegistryLog heldLog(KnownRegistries.Known of) {
    return heldLogs.computeIfAbsent(
        of,
        registry ->
            RegistryLog.held(
                registry,
                known.folder(registry),
                heldMetadata(registry),
                null,
                new HeldProofs(cache)));
  }

  /** The metadata of a registry as this home holds it, verified once; nothing is asked for. */
  public synchronized HeldMetadata heldMetadata(KnownRegistries.Known of) {
    return heldMetadata.computeIfAbsent(of.id(), id -> new HeldMetadata(of, known.folder(of)));
  }

  /** The index documents that this home holds of a registry, compared with its held metadata. */
  public HeldIndexSource heldIndex(KnownRegistries.Known of) {
    return new HeldIndexSource(new IndexStore(known.folder(of)), heldMetadata(of));
  }

  /**
   * Begins to verify what this home holds of the default registry, while the command still reads
   * its project. Whatever is wrong with it is told by the command, in its own place.
   */
  public void verifyHeldAhead() {
    RegistryAddress address = settings.registry();
    if (address == null) {
      return;
    }
    Thread ahead =
        new Thread(
            () -> {
              try {
                Optional<KnownRegistries.Known> of = known.byUrl(address.base());
                if (of.isPresent()) {
                  heldMetadata(of.get()).roles();
                }
              } catch (CommandException | UncheckedIOException refused) {
                return; // the command asks again, and fails in its own place
              }
            },
            "held");
    ahead.setDaemon(true);
    ahead.start();
  }

  /** What this home holds of a registry has changed: it is read and verified anew. */
  public synchronized void forgetHeld(KnownRegistries.Known of) {
    heldMetadata.remove(of.id());
    heldLogs.keySet().removeIf(each -> each.id().equals(of.id()));
  }

  /**
   * The log of the registry of an origin as this home holds it.
   *
   * @throws CommandException RAYA-SEC-001 if no registry of that origin is known
   */
  public synchronized RegistryLog heldLog(String origin) throws CommandException {
    KnownRegistries.Known of = ofOrigin.get(origin);
    if (of == null) {
      of =
          known
              .byOrigin(origin)
              .orElseThrow(
                  () ->
                      new CommandException(
                          "RAYA-SEC-001",
                          "the registry " + origin + " is unknown here",
                          "pin it: `raya-pm registry add NAME URL --trust-root sha256:HEX`"));
      ofOrigin.put(origin, of); // an origin keeps its root (RAYA-SEC-002)
    }
    return heldLog(of);
  }

  /**
   * The network, opened when it is first asked for.
   *
   * @throws CommandException if a setting of the proxy is malformed
   */
  public Transport transport() throws CommandException {
    if (settings.offline()) {
      throw new IllegalStateException("an offline command asked for the network");
    }
    Transport opened = transport;
    if (opened == null) {
      opened =
          new Transport(
              settings.network(),
              ProxySettings.of(settings.environment(), settings.user()),
              new Mirrors(settings.mirrors()),
              console::waiting,
              new Random());
      transport = opened;
    }
    return opened;
  }

  /**
   * Begins to reach the default registry, for a command that will ask it: what else it does first
   * goes on meanwhile. A registry that this home does not know is reached in its turn, since the
   * user may be asked about it.
   *
   * @throws CommandException if a setting of the proxy is malformed
   */
  public void reachAhead() throws CommandException {
    RegistryAddress address = settings.registry();
    if (settings.offline() || address == null || !isKnown(address)) {
      return;
    }
    Transport over = transport();
    FutureTask<Registry> begun =
        new FutureTask<>(() -> Registry.reach(over, address, trust, () -> token(address)));
    ahead.put(address.base(), begun);
    Thread thread = new Thread(begun, "registry");
    thread.setDaemon(true);
    thread.start();
  }

  private boolean isKnown(RegistryAddress address) {
    try {
      return known.byUrl(address.base()).isPresent();
    } catch (CommandException damaged) {
      return false; // whoever needs the registry is told
    }
  }

  /**
   * The registry at an address, reached and admitted; each is reached once.
   *
   * @throws CommandException if it cannot be reached or is not admitted
   * @throws InterruptedException if the thread was interrupted
   */
  public Registry reach(RegistryAddress address) throws CommandException, InterruptedException {
    Registry present = reached.get(address.base());
    if (present == null) {
      FutureTask<Registry> begun = ahead.get(address.base());
      try {
        present =
            begun == null
                ? Registry.reach(transport(), address, trust, () -> token(address))
                : begun.get();
      } catch (ExecutionException failed) {
        throw IndexAnswers.cause(failed);
      }
      reached.put(address.base(), present);
      named.put(present.config().origin(), address);
    }
    return present;
  }

  /** Remembers under which address the registry of an origin is to be reached. */
  public void name(String origin, RegistryAddress address) {
    named.putIfAbsent(origin, address);
  }

  /**
   * The registry of an origin: the default one, or one that the user's file or a manifest names.
   *
   * @throws CommandException RAYA-SEC-001 if none is, or as it is not reached or admitted
   * @throws InterruptedException if the thread was interrupted
   */
  public Registry registryOf(String origin) throws CommandException, InterruptedException {
    RegistryAddress address = named.get(origin);
    if (address != null) {
      return reach(address);
    }
    for (RegistryAddress configured : settings.registries().values()) {
      Optional<KnownRegistries.Known> before = known.byUrl(configured.base());
      if (before.isPresent() && before.get().origin().equals(origin)) {
        return reach(configured);
      }
    }
    if (settings.registry() != null && registry().config().origin().equals(origin)) {
      return registry();
    }
    throw new CommandException(
        "RAYA-SEC-001",
        "raya.lock takes packages from the registry " + origin + ", which nothing names",
        "add it to [registries] of raya.toml, or with `raya-pm registry add NAME URL`");
  }

  private @Nullable String token(RegistryAddress address)
      throws CommandException, InterruptedException {
    String given = settings.token();
    RegistryAddress first = settings.registry();
    // The environment's token is for the default registry alone.
    boolean isDefault = first != null && first.base().equals(address.base());
    if (offered != null && isDefault) {
      return offered;
    }
    return given != null && isDefault
        ? given
        : signedIn().token(RegistryAddress.originOf(address.base()), now());
  }

  /**
   * Whether there is a token for the default registry.
   *
   * @throws CommandException if none is set, or the token cannot be read
   * @throws InterruptedException if the thread was interrupted
   */
  public boolean hasToken() throws CommandException, InterruptedException {
    return token(settings.requireRegistry()) != null;
  }

  /** The registries the user is signed in to. */
  public SignedIn signedIn() {
    return new SignedIn(home().credentials(), settings.environment());
  }

  /** The current time. */
  public Instant now() {
    return settings.environment().clock().instant();
  }

  @Override
  public void close() {
    ExecutorService running = threads;
    if (running != null) {
      running.shutdownNow();
    }
    Transport opened = transport;
    if (opened != null) {
      opened.close();
    }
    try {
      hold.close();
    } catch (IOException endsWithTheProcess) {
      console.detail("a hold stays until this process ends: " + endsWithTheProcess.getMessage());
    }
  }
}
