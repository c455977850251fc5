package dev.raya.integration.arch;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which package may use which, as data. A key is a user: the longest key that is a prefix of a
 * class's package decides. Every value lists the prefixes that it may use besides its own module.
 */
final class DependencyTable {
  static final String ROOT = "dev.raya";

  private static final List<String> DIGEST_AND_JSON = List.of("cache.digest", "cache.json");

  /** The rows of the table; {@code integration} sees everything and has no row. */
  static final Map<String, List<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("cache", List.of()),
          Map.entry("vm", List.of()),
          Map.entry("resolver", DIGEST_AND_JSON),
          Map.entry("signing", DIGEST_AND_JSON),
          Map.entry("tuf", List.of("cache.digest", "cache.disk", "cache.json", "signing")),
          Map.entry(
              "compiler",
              List.of(
                  "cache.digest",
                  "cache.json",
                  "resolver.manifest",
                  "resolver.lock",
                  "resolver.name",
                  "resolver.version",
                  "vm")),
          Map.entry("toolchain", List.of("cache", "resolver.version", "signing", "tuf")),
          Map.entry("cli.console", List.of("cache.digest", "cache.json", "cache.error")),
          Map.entry("cli.training", List.of("cache", "cli", "resolver", "signing", "tuf")),
          Map.entry(
              "cli.pm",
              List.of(
                  "cache",
                  "resolver",
                  "signing",
                  "tuf",
                  "vm.bytecode",
                  "toolchain",
                  "cli.console")),
          Map.entry(
              "cli.rayac",
              List.of(
                  "cache.digest",
                  "cache.json",
                  "resolver.manifest",
                  "resolver.lock",
                  "resolver.name",
                  "resolver.version",
                  "vm",
                  "compiler",
                  "toolchain.bundle",
                  "cli.console",
                  "cli.raya")),
          Map.entry("cli.raya", List.of("resolver.lock", "vm", "cli.console")),
          Map.entry("registry", List.of("cache", "resolver", "signing", "tuf", "vm.bytecode")));

  /** Third-party packages and the only packages of ours that may touch them. */
  static final Map<String, List<String>> WRAPPED =
      Map.ofEntries(
          Map.entry("org.semver4j", List.of("resolver.version")),
          Map.entry("org.tomlj", List.of("resolver.manifest", "resolver.lock", "cli.pm.settings")),
          Map.entry("org.bouncycastle", List.of("signing")),
          Map.entry("dev.sigstore", List.of("signing")),
          Map.entry("com.github.luben", List.of("cache.archive")),
          Map.entry("org.apache.commons.compress", List.of("registry.storage")),
          Map.entry("org.eclipse.jgit", List.of("cli.pm.fetch")),
          Map.entry("org.apache.sshd", List.of("cli.pm.fetch")),
          Map.entry("org.eclipse.lsp4j", List.of("compiler.lsp")),
          Map.entry("org.jline", List.of("compiler.repl")),
          Map.entry("picocli", List.of("cli", "registry")),
          Map.entry("io.quarkus", List.of("registry")),
          Map.entry("jakarta", List.of("registry")),
          Map.entry("io.vertx", List.of("registry")),
          Map.entry("org.hibernate", List.of("registry")),
          Map.entry("org.flywaydb", List.of("registry")),
          Map.entry("org.commonmark", List.of("registry.markdown")),
          Map.entry("org.owasp", List.of("registry.markdown")));

  /** The modules' base packages below {@link #ROOT}. */
  static final Set<String> MODULES =
      Set.of(
          "cache", "vm", "resolver", "signing", "tuf", "compiler", "toolchain", "cli", "registry");

  private DependencyTable() {}

  /** Whether {@code user} may use {@code used}; both relative to {@link #ROOT}. */
  static boolean allows(String user, String used) {
    String row = rowOf(user);
    if (within(used, row)
        || (moduleOf(user).equals(moduleOf(used)) && !moduleOf(user).equals("cli"))) {
      return true;
    }
    return ALLOWED.getOrDefault(row, List.of()).stream().anyMatch(prefix -> within(used, prefix));
  }

  /** The first segment: the module a package belongs to. */
  static String moduleOf(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** Whether {@code name} is {@code prefix} or a package below it. */
  static boolean within(String name, String prefix) {
    return name.equals(prefix) || name.startsWith(prefix + ".");
  }

  private static String rowOf(String user) {
    return ALLOWED.keySet().stream()
        .filter(row -> within(user, row))
        .max(java.util.Comparator.comparingInt(String::length))
        .orElse(user);
  }
}
