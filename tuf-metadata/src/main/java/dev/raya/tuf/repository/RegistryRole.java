package dev.raya.tuf.repository;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The roles of a registry's repository, in the order in which delegations are asked (security.md,
 * "Roots").
 */
public enum RegistryRole {
  /** Which keys sign the top-level roles. */
  ROOT(false, 3, 5, Duration.ofDays(365)),
  /** What the registry says of itself, and all delegations. */
  TARGETS(false, 2, 3, Duration.ofDays(365)),
  /** Packages that opted in: whose online keys alone publish nothing. */
  CLAIMED(false, 2, 3, Duration.ofDays(7), "claimed/*/*/*"),
  /** Releases of the toolchain. */
  TOOLCHAINS(false, 2, 3, Duration.ofDays(90), "toolchains/release/*", "toolchains/release/*/*"),
  /** Nightly builds, signed by the build. */
  NIGHTLY(false, 1, 1, Duration.ofDays(7), "toolchains/nightly/*", "toolchains/nightly/*/*"),
  /** Hands index documents on to hash bins. */
  PACKAGES(false, 2, 3, Duration.ofDays(365), "index/*/*/*"),
  /** One of the hash bins with index documents. */
  BIN(true, 1, 1, Duration.ofDays(7)),
  /** Advisories and quarantine. */
  ADVISORIES(true, 1, 1, Duration.ofDays(1), "advisories/*"),
  /** Which versions belong together. */
  SNAPSHOT(true, 1, 1, Duration.ofDays(7)),
  /** Which snapshot is current. */
  TIMESTAMP(true, 1, 1, Duration.ofDays(1));

  private final boolean online;
  private final int threshold;
  private final int keys;
  private final Duration life;
  private final List<String> paths;

  RegistryRole(boolean online, int threshold, int keys, Duration life, String... paths) {
    this.online = online;
    this.threshold = threshold;
    this.keys = keys;
    this.life = life;
    this.paths = List.of(paths);
  }

  /** The role's name in metadata, and the name of its keys' folder. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Name of its metadata file without version. */
  public String file() {
    return id() + ".json";
  }

  /** Whether its key is used by the running registry's signer. */
  public boolean online() {
    return online;
  }

  /** How many keys must sign. */
  public int threshold() {
    return threshold;
  }

  /** How many keys a ceremony makes. */
  public int keys() {
    return keys;
  }

  /** From signature to expiry. */
  public Duration life() {
    return life;
  }

  /** Patterns of the targets that the top-level role hands on to it; empty for other roles. */
  public List<String> paths() {
    return paths;
  }

  /** Whether the top-level targets role delegates to it. */
  public boolean delegated() {
    return !paths.isEmpty();
  }
}
