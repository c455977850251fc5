package dev.raya.cli.pm.settings;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.ByteSize;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommonOptions;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.UsageException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one command: flag, then environment, then the user's file, then default. What
 * lowers a check is never read from a project.
 *
 * @param environment the surroundings
 * @param home the user's home of Raya
 * @param user the user's file
 * @param registry the default registry, or null if nothing names one
 * @param network how the network is used
 * @param offline no socket may be opened
 * @param frozen the lockfile may not change
 * @param trustLevel what is asked of a version
 * @param minReleaseAge the age the user asks of a version, or null to follow the registry's policy
 * @param key the signing key's id or file, or null
 * @param token the token of the environment for the default registry, or null
 * @param cacheMaxSize bytes above which the cache gives up its least recently used entries
 */
public record Settings(
    Environment environment,
    RayaHome home,
    UserConfig user,
    @Nullable RegistryAddress registry,
    Network network,
    boolean offline,
    boolean frozen,
    TrustLevel trustLevel,
    @Nullable Duration minReleaseAge,
    @Nullable String key,
    @Nullable String token,
    long cacheMaxSize) {
  /** Commands that work where the named settings file is not there yet. */
  private static final Set<String> WITHOUT_CONFIG = Set.of("config", "registry", "trust", "doctor");

  /**
   * How the network is used.
   *
   * @param timeout patience with a connection that gives less than 1 KiB a second
   * @param retries how often a read is repeated
   * @param connections most transfers at once
   * @param jobs most units of work at once
   */
  public record Network(Duration timeout, int retries, int connections, int jobs) {}

  /** Transfers at once unless {@code --jobs} says otherwise. */
  private static final int CONNECTIONS = 32;

  private static final int MAX_JOBS = 256;
  private static final String DEFAULT_CACHE_SIZE = "10GB";

  private static final String REGISTRIES = "registries.";
  private static final String URL = ".url";

  /**
   * Decides all settings.
   *
   * @throws CommandException if one of them has a value it cannot have
   */
  public static Settings of(Arguments arguments) throws CommandException {
    Environment environment = arguments.environment();
    RayaHome home = new RayaHome(environment.rayaHome());
    requireConfig(arguments, home);
    UserConfig user = UserConfig.read(configFile(arguments, home));
    boolean offline = flag(arguments, CommonOptions.OFFLINE, user, "network.offline");
    boolean frozen = flag(arguments, CommonOptions.FROZEN, user, "install.frozen");
    String named = or(environment.get("RAYA_TRUST_LEVEL"), user.get("trust.level"));
    String level = named == null ? "normal" : named;
    Optional<TrustLevel> trustLevel = TrustLevel.parse(level);
    if (trustLevel.isEmpty()) {
      throw new UsageException(
          "the trust level is \"" + level + "\"", "it takes permissive, normal or strict");
    }
    String age = or(environment.get("RAYA_MIN_RELEASE_AGE"), user.get("trust.min-release-age"));
    String given = arguments.value("--min-release-age");
    String chosenAge = given == null ? age : given;
    return new Settings(
        environment,
        home,
        user,
        registry(arguments, user),
        network(arguments, user),
        offline,
        frozen,
        trustLevel.get(),
        chosenAge == null ? null : duration("the minimum release age", chosenAge),
        or(environment.get("RAYA_KEY"), user.get("keys.default")),
        environment.get("RAYA_TOKEN"),
        ByteSize.parse(
            "the cache's max-size",
            orElse(
                or(environment.get("RAYA_CACHE_MAX_SIZE"), user.get("cache.max-size")),
                DEFAULT_CACHE_SIZE)));
  }

  /** The same settings at another trust level. */
  public Settings at(TrustLevel level) {
    return new Settings(
        environment,
        home,
        user,
        registry,
        network,
        offline,
        frozen,
        level,
        minReleaseAge,
        key,
        token,
        cacheMaxSize);
  }

  /** The same settings with a lockfile that may not change. */
  public Settings whenFrozen() {
    return new Settings(
        environment,
        home,
        user,
        registry,
        network,
        offline,
        true,
        trustLevel,
        minReleaseAge,
        key,
        token,
        cacheMaxSize);
  }

  /**
   * The mirrors of the user's file, by the registry's URL.
   *
   * @throws CommandException if one has no address
   */
  public Map<URI, List<URI>> mirrors() throws CommandException {
    Map<URI, List<URI>> mirrors = new LinkedHashMap<>();
    for (String key : user.values().keySet()) {
      List<String> list = user.list(key);
      if (key.startsWith("registries.") && key.endsWith(".mirrors") && list != null) {
        String url = user.get(key.substring(0, key.length() - "mirrors".length()) + "url");
        if (url != null) {
          List<URI> places = new ArrayList<>();
          for (String place : list) {
            places.add(base(place));
          }
          mirrors.put(base(url), places);
        }
      }
    }
    return mirrors;
  }

  /** The file that {@code --config} or {@code RAYA_CONFIG} names, else the home's. */
  public static Path configFile(Arguments arguments, RayaHome home) {
    String other = arguments.value(CommonOptions.CONFIG.name());
    return other == null ? home.config() : arguments.environment().directory().resolve(other);
  }

  /** A file that is named must be there, but for commands that may write it or look for faults. */
  private static void requireConfig(Arguments arguments, RayaHome home) throws UsageException {
    boolean named = arguments.value(CommonOptions.CONFIG.name()) != null;
    Path file = configFile(arguments, home);
    if (named && Collections.disjoint(arguments.path(), WITHOUT_CONFIG) && !Files.exists(file)) {
      throw new UsageException(
          arguments.origin(CommonOptions.CONFIG.name()) + ": there is no file " + file,
          "`raya-pm config set` writes one");
    }
  }

  /**
   * The default registry.
   *
   * @throws CommandException if nothing names one
   */
  public RegistryAddress requireRegistry() throws CommandException {
    if (registry == null) {
      throw new UsageException(
          "no registry is set",
          "name one with --registry URL or RAYA_REGISTRY, or write registry = \"URL\" into "
              + user.file());
    }
    return registry;
  }

  private static boolean flag(Arguments arguments, OptionSpec option, UserConfig user, String key)
      throws UsageException {
    Boolean set = arguments.flagOrUnset(option.name());
    return set != null ? set : "true".equals(user.get(key));
  }

  private static Network network(Arguments arguments, UserConfig user) throws UsageException {
    String timeout = or(arguments.value(CommonOptions.TIMEOUT.name()), user.get("network.timeout"));
    long cores = Runtime.getRuntime().availableProcessors();
    long jobs =
        arguments.number(
            CommonOptions.JOBS.name(), 1, MAX_JOBS, number(user, "network.jobs", 1, MAX_JOBS, 0));
    return new Network(
        timeout == null ? Duration.ofSeconds(30) : duration(timeoutFrom(arguments), timeout),
        (int) number(user, "network.retries", 0, 20, 3),
        jobs > 0 ? (int) jobs : CONNECTIONS,
        jobs > 0 ? (int) jobs : (int) cores);
  }

  private static String timeoutFrom(Arguments arguments) {
    String option = CommonOptions.TIMEOUT.name();
    return arguments.value(option) == null ? "network.timeout" : arguments.origin(option);
  }

  private static long number(UserConfig user, String key, long low, long high, long fallback)
      throws UsageException {
    String value = user.get(key);
    if (value == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw new UsageException(key + " of " + user.file() + " is \"" + value + "\"");
    }
    throw new UsageException(
        key + " of " + user.file() + " is " + value, "it takes " + low + " to " + high);
  }

  private static Duration duration(String what, String value) throws UsageException {
    return Durations.parse(value)
        .orElseThrow(
            () ->
                new UsageException(
                    what + " is \"" + value + "\"",
                    "it takes a number and s, m, h, d or w, for example 30s"));
  }

  private static @Nullable RegistryAddress registry(Arguments arguments, UserConfig user)
      throws UsageException {
    String named = or(arguments.value(CommonOptions.REGISTRY.name()), user.get("registry"));
    if (named == null) {
      return null;
    }
    String url = named.contains("://") ? named : user.get("registries." + named + ".url");
    if (named.isBlank()) {
      throw new UsageException(
          "--registry is empty", "name a registry by its URL, or by its name in " + user.file());
    }
    if (url == null) {
      throw new UsageException(
          "\"" + named + "\" is neither a URL nor a registry of " + user.file(),
          "write [registries." + named + "] with url = \"https://…\" into it");
    }
    String pinned = arguments.value(CommonOptions.TRUST_ROOT.name());
    if (pinned == null) {
      pinned =
          named.contains("://") ? rootOf(user, url) : user.get("registries." + named + ".root");
    }
    return new RegistryAddress(base(url), pinned == null ? null : pin(pinned), true);
  }

  /**
   * The registries of the user's file, by name.
   *
   * @throws CommandException if one of them is malformed
   */
  public Map<String, RegistryAddress> registries() throws CommandException {
    Map<String, RegistryAddress> registries = new TreeMap<>();
    for (String key : user.values().keySet()) {
      if (key.startsWith(REGISTRIES) && key.endsWith(URL)) {
        String name = key.substring(REGISTRIES.length(), key.length() - URL.length());
        String root = user.get(REGISTRIES + name + ".root");
        registries.put(
            name,
            new RegistryAddress(
                base(String.valueOf(user.get(key))), root == null ? null : pin(root), true));
      }
    }
    return Collections.unmodifiableMap(registries);
  }

  /**
   * The address of a registry that a manifest names. The user's own word on it counts for more than
   * the project's: a pin of both must agree, and only the user can name a registry without one.
   *
   * @param url its address
   * @param root the manifest's pin, {@code sha256:HEX}, or null
   * @throws CommandException if one of them is malformed, or the pins differ
   */
  public RegistryAddress named(String url, @Nullable String root) throws CommandException {
    URI base = base(url);
    Digest pinned = root == null ? null : pin(root);
    List<RegistryAddress> own = new ArrayList<>(registries().values());
    if (registry != null) {
      own.add(registry);
    }
    for (RegistryAddress address : own) {
      if (address.base().equals(base)) {
        Digest mine = address.root();
        if (mine != null && pinned != null && !mine.equals(pinned)) {
          throw new CommandException(
              "RAYA-SEC-002",
              "the project pins another root of " + base + " than you do",
              "yours: " + mine,
              "the project's: " + pinned);
        }
        return new RegistryAddress(base, mine == null ? pinned : mine, true);
      }
    }
    return new RegistryAddress(base, pinned, false);
  }

  private static @Nullable String rootOf(UserConfig user, String url) throws UsageException {
    for (String key : user.values().keySet()) {
      if (key.startsWith(REGISTRIES)
          && key.endsWith(URL)
          && base(url).equals(base(String.valueOf(user.get(key))))) {
        return user.get(key.substring(0, key.length() - "url".length()) + "root");
      }
    }
    return null;
  }

  /**
   * Reads a root's digest.
   *
   * @throws UsageException if it is not {@code sha256:} and 64 lower-case hex digits
   */
  public static Digest pin(String text) throws UsageException {
    String hex = text.startsWith("sha256:") ? text.substring("sha256:".length()) : "";
    if (!Digest.isHex(hex)) {
      throw new UsageException(
          "the pinned root is \"" + text + "\"", "write sha256: and 64 lower-case hex digits");
    }
    return new Digest(hex);
  }

  /**
   * A registry's URL, with a slash at its end.
   *
   * @throws UsageException if it is none, or plain HTTP to another machine
   */
  public static URI base(String url) throws UsageException {
    URI uri;
    try {
      uri = new URI(url.endsWith("/") ? url : url + "/").normalize();
    } catch (URISyntaxException malformed) {
      throw new UsageException("not a registry's URL: " + url);
    }
    boolean https = "https".equals(uri.getScheme());
    if (uri.getHost() == null
        || uri.getUserInfo() != null
        || uri.getQuery() != null
        || uri.getFragment() != null
        || (!https && !"http".equals(uri.getScheme()))) {
      throw new UsageException(
          "not a registry's URL: " + url, "it looks like https://raya.example");
    }
    if (!https && !RegistryAddress.isLoopback(uri)) {
      throw new UsageException(
          "plain http is for this machine's own addresses only: " + url, "use https");
    }
    return uri;
  }

  private static String orElse(@Nullable String first, String second) {
    return first != null ? first : second;
  }

  private static @Nullable String or(@Nullable String first, @Nullable String second) {
    return first != null ? first : second;
  }
}
