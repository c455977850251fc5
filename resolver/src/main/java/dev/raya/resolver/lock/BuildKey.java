package dev.raya.resolver.lock;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The name of a git package's compiled output, {@code build/KEY/} of the home (packages.md sections
 * 6 and 7): the digest of its files, of everything it imports, and of the compiler's version. One
 * rule for whoever writes the output and for whoever reads it. For one lockfile; not thread-safe.
 */
public final class BuildKey {
  private static final String SCHEMA = "raya/build/1";

  private final Map<String, LockedPackage> byId = new HashMap<>();
  private final Map<String, String> known = new HashMap<>();

  /** The keys of a lockfile's packages. */
  public BuildKey(Lockfile lockfile) {
    for (LockedPackage pkg : lockfile.packages()) {
      byId.put(pkg.id(), pkg);
    }
  }

  /**
   * What a git package is compiled from, whatever the compiler; null for a package that is not
   * compiled here, or that imports a folder, whose content no lockfile names.
   */
  public @Nullable String sources(LockedPackage pkg) {
    if (!(pkg.source() instanceof LockSource.Git)) {
      return null;
    }
    return content(pkg);
  }

  /**
   * The folder's name for a compiler.
   *
   * @param sources what {@link #sources} gives
   * @param compiler version of the compiler
   */
  public static String folder(String sources, String compiler) {
    return hex(
        Json.object()
            .put("schema", SCHEMA)
            .put("compiler", compiler)
            .put("sources", sources)
            .build());
  }

  /** Recursion ends: a lockfile with a cycle is refused when it is resolved and when checked. */
  private @Nullable String content(LockedPackage pkg) {
    Digest checksum = pkg.checksum();
    if (checksum != null) {
      return checksum.hex();
    }
    Digest tree = pkg.tree();
    if (tree == null) {
      return null;
    }
    String present = known.get(pkg.id());
    if (present != null) {
      return present.isEmpty() ? null : present;
    }
    known.put(pkg.id(), "");
    Map<String, Json> imports = new TreeMap<>();
    for (LockedPackage.LockedDependency edge : pkg.dependencies()) {
      LockedPackage to = byId.get(edge.name().text() + ' ' + edge.version().precedence());
      String content = to == null ? null : content(to);
      if (content == null) {
        return null;
      }
      imports.put(edge.alias().text(), Json.of(content));
    }
    String key =
        hex(
            Json.object()
                .put("name", pkg.name().text())
                .put("tree", tree.hex())
                .put("imports", new Json.Obj(imports))
                .build());
    known.put(pkg.id(), key);
    return key;
  }

  private static String hex(Json document) {
    return Digest.of(CanonicalJson.bytes(document)).hex();
  }
}
