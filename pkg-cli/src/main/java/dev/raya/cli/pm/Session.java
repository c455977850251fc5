package dev.raya.cli.pm;

import dev.raya.cache.store.EntryHold;
import dev.raya.cache.store.PackageCache;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.fetch.Mirrors;
import dev.raya.cli.pm.fetch.ProxySettings;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.fetch.Transport;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.cli.pm.settings.SignedIn;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.RegistryTrust;
import dev.raya.cli.pm.trust.TrustPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What one command works with: settings, home, cache, trust policy, and the registry, which is
 * reached when it is first asked for and never under {@code --offline}. For one thread.
 */
public final class Session implements AutoCloseable {
  /** Leftovers in {@code tmp/} older than this belong to nobody. */
  private static final Duration ABANDONED = Duration.ofHours(24);

  private final Settings settings;
  private final Console console;
  private final TrustPolicy trust;
  private final KnownRegistries known;
  private final PackageCache cache;
  private final EntryHold hold;
  private @Nullable Transport transport;
  private @Nullable Registry registry;
  private @Nullable String offered;

  private Session(Settings settings, Console console) {
    this.settings = settings;
    this.console = console;
    this.trust = new RegistryTrust(settings.home(), settings.trustLevel(), console);
    this.known = new KnownRegistries(settings.home());
    this.cache = new PackageCache(settings.home());
    this.hold = new EntryHold(settings.home());
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

  /** Output. */
  public Console console() {
    return console;
  }

  /**
   * Makes the home ready to be written, and sweeps what killed processes left there.
   *
   * @throws CommandException RAYA-PKG-017 if it cannot be
   */
  public void prepareHome() throws CommandException {
    try {
      home().prepare();
      int swept = cache.sweep(settings.environment().clock(), ABANDONED);
      if (swept > 0) {
        console.detail("swept " + swept + " leftovers of killed processes");
      }
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
    RegistryAddress address = settings.requireRegistry();
    Transport opened =
        new Transport(
            settings.network(),
            ProxySettings.of(settings.environment(), settings.user()),
            new Mirrors(settings.mirrors()),
            console::status,
            new Random());
    transport = opened;
    Registry reached = Registry.reach(opened, address, trust, () -> token(address));
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

  private @Nullable String token(RegistryAddress address)
      throws CommandException, InterruptedException {
    if (offered != null) {
      return offered;
    }
    String given = settings.token();
    return given != null
        ? given
        : signedIn().token(RegistryAddress.originOf(address.base()), now());
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
