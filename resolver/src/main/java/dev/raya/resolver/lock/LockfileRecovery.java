package dev.raya.resolver.lock;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can still be read of a lockfile that is malformed, for example by a failed merge: which
 * versions it names, those of both sides of a conflict. Enough for a resolution to start from; the
 * rest (edges, digests) it makes anew. Line by line, so that one bad block costs that block only.
 */
public final class LockfileRecovery {
  private static final int MAX_PACKAGES = 200_000;

  private final Map<String, LockedPackage> found = new LinkedHashMap<>();
  private @Nullable PackageName name;
  private @Nullable LockSource source;
  private final List<Version> versions = new ArrayList<>();
  private final List<Capability> capabilities = new ArrayList<>();
  private boolean inPackage;

  private LockfileRecovery() {}

  /**
   * Reads what it can.
   *
   * @param document the bytes
   * @return the versions named, without edges; of no manifest, so that it always counts as outdated
   */
  public static Lockfile read(byte[] document) {
    LockfileRecovery recovery = new LockfileRecovery();
    if (document.length <= LockfileCodec.MAX_BYTES) {
      new String(document, StandardCharsets.UTF_8).lines().forEach(recovery::line);
      recovery.end();
    }
    return new Lockfile(Digest.of(new byte[0]), null, List.copyOf(recovery.found.values()));
  }

  private void line(String line) {
    String text = line.strip();
    if (text.startsWith("[")) {
      end();
      inPackage = text.equals("[[package]]");
    } else if (inPackage && text.startsWith("name = ")) {
      // A second name in one block: the other side of a conflict.
      end();
      inPackage = true;
      name = PackageName.tryParse(unquoted(text));
    } else if (inPackage && text.startsWith("version = ")) {
      Version version = Version.tryParse(unquoted(text));
      if (version != null) {
        versions.add(version);
      }
    } else if (inPackage && text.startsWith("source = ")) {
      source = LockSource.tryParse(unquoted(text));
    } else if (inPackage && text.startsWith("capabilities = ")) {
      for (String word : text.split("\"", -1)) {
        Capability capability = Capability.tryParse(word);
        if (capability != null) {
          capabilities.add(capability);
        }
      }
    }
  }

  private void end() {
    PackageName known = name;
    LockSource from = source;
    for (Version version : versions) {
      if (known != null && from != null && found.size() < MAX_PACKAGES) {
        LockedPackage locked =
            new LockedPackage(
                known,
                version,
                from,
                null,
                null,
                0,
                List.of(),
                List.of(),
                capabilities,
                List.of(),
                Map.of(),
                null,
                null);
        found.putIfAbsent(locked.id(), locked);
      }
    }
    name = null;
    source = null;
    versions.clear();
    capabilities.clear();
    inPackage = false;
  }

  private static String unquoted(String line) {
    int open = line.indexOf('"');
    int close = line.lastIndexOf('"');
    return open >= 0 && close > open ? line.substring(open + 1, close) : "";
  }
}
