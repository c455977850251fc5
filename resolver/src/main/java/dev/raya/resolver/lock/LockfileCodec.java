package dev.raya.resolver.lock;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.UtcTimes;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.lock.LockedPackage.LogEntry;
import dev.raya.resolver.lock.Lockfile.LockedToolchain;
import dev.raya.resolver.name.Capability;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads {@code raya.lock} (packages.md section 4). The written form is canonical: fixed
 * order of keys, sorted packages, LF; equal lockfiles give equal bytes on every platform. The
 * reader takes that form and no other (CRLF line ends apart, which version control makes on
 * Windows), so what it accepts writes back to the same text.
 */
public final class LockfileCodec {
  /** Longest lockfile, in bytes. */
  public static final int MAX_BYTES = 64 << 20;

  /** The first line. */
  static final String HEADER = "# Written by raya-pm. Do not edit.";

  /** Version of the format. */
  static final int VERSION = 1;

  private LockfileCodec() {}

  /**
   * Reads a lockfile.
   *
   * @param file its name as messages shall show it
   * @param document its bytes
   * @throws LockfileException RAYA-PKG-005 with the line, if it is not the canonical text
   */
  public static Lockfile read(String file, byte[] document) throws LockfileException {
    return new LockfileReader(file, document).lockfile();
  }

  /** The canonical bytes. */
  public static byte[] write(Lockfile lockfile) {
    return text(lockfile).getBytes(StandardCharsets.UTF_8);
  }

  /** The canonical text. */
  public static String text(Lockfile lockfile) {
    StringBuilder out = new StringBuilder(256 + lockfile.packages().size() * 512);
    out.append(HEADER).append('\n');
    out.append("version = ").append(VERSION).append('\n');
    line(out, "manifest", quote(lockfile.manifest().toString()));
    LockedToolchain toolchain = lockfile.toolchain();
    if (toolchain != null) {
      out.append("\n[toolchain]\n");
      line(out, "version", quote(toolchain.version().text()));
      if (!toolchain.bundles().isEmpty()) {
        line(out, "bundles", digests(toolchain.bundles()));
      }
    }
    for (LockedPackage locked : lockfile.packages()) {
      block(out, locked);
    }
    return out.toString();
  }

  private static void block(StringBuilder out, LockedPackage p) {
    out.append("\n[[package]]\nname = \"").append(p.name().text());
    out.append("\"\nversion = \"").append(p.version().text()).append("\"\n");
    line(out, "source", quote(p.source().text()));
    digest(out, "checksum", p.checksum());
    digest(out, "tree", p.tree());
    if (p.size() > 0) {
      out.append("size = ").append(p.size()).append('\n');
    }
    dependencies(out, p.dependencies());
    list(out, "features", p.features());
    capabilities(out, "capabilities", p.capabilities());
    capabilities(out, "granted", p.granted());
    if (!p.natives().isEmpty()) {
      List<String> modules = new ArrayList<>();
      p.natives().forEach((module, targets) -> modules.add(key(module) + " = " + digests(targets)));
      line(out, "native", "{ " + String.join(", ", modules) + " }");
    }
    LogEntry log = p.log();
    if (log != null) {
      out.append("log = { index = ").append(log.index()).append(", time = \"");
      out.append(time(log.time())).append("\" }\n");
    }
    String stage = p.stage();
    if (stage != null) {
      line(out, "stage", quote(stage));
    }
  }

  /** Names, versions, digests and times hold nothing that a string must escape. */
  private static void digest(StringBuilder out, String key, @Nullable Digest digest) {
    if (digest != null) {
      out.append(key).append(" = \"sha256:").append(digest.hex()).append("\"\n");
    }
  }

  private static void dependencies(StringBuilder out, List<LockedDependency> edges) {
    String before = "dependencies = [\"";
    for (LockedDependency edge : edges) {
      out.append(before).append(edge.text());
      before = "\", \"";
    }
    out.append(edges.isEmpty() ? "" : "\"]\n");
  }

  private static void capabilities(StringBuilder out, String key, List<Capability> values) {
    List<String> texts = new ArrayList<>(values.size());
    for (Capability value : values) {
      texts.add(value.text());
    }
    list(out, key, texts);
  }

  private static void list(StringBuilder out, String key, List<String> values) {
    String before = key + " = [";
    for (String value : values) {
      out.append(before).append(quote(value));
      before = ", ";
    }
    out.append(values.isEmpty() ? "" : "]\n");
  }

  private static void line(StringBuilder out, String key, String value) {
    out.append(key).append(" = ").append(value).append('\n');
  }

  private static String digests(Map<String, Digest> digests) {
    List<String> entries = new ArrayList<>();
    digests.forEach((name, digest) -> entries.add(key(name) + " = " + quote(digest.toString())));
    return "{ " + String.join(", ", entries) + " }";
  }

  /** RFC 3339, UTC, whole seconds. */
  static String time(Instant time) {
    return UtcTimes.text(time.truncatedTo(ChronoUnit.SECONDS));
  }

  /** A bare key of TOML. Module and target names are nothing else. */
  private static String key(String name) {
    if (!isBareKey(name)) {
      throw new IllegalArgumentException("not a key of a lockfile: " + name);
    }
    return name;
  }

  static boolean isBareKey(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!word && c != '-' && c != '_') {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= 64;
  }

  /** A basic string of TOML. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        default -> {
          if (c < 0x20 || c == 0x7f) {
            out.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /** The line, from 1, at which the block of a package starts in the canonical text. */
  public static int lineOf(Lockfile lockfile, LockedPackage locked) {
    int index = lockfile.packages().indexOf(locked);
    if (index < 0) {
      throw new IllegalArgumentException(locked.id() + " is not in the lockfile");
    }
    Lockfile before =
        new Lockfile(
            lockfile.manifest(), lockfile.toolchain(), lockfile.packages().subList(0, index));
    return (int) text(before).lines().count() + 2;
  }

  /** The lockfile as JSON, for {@code raya-pm lock --format json}: the same keys and values. */
  public static Json.Obj toJson(Lockfile lockfile) {
    LockedToolchain toolchain = lockfile.toolchain();
    return Json.object()
        .put("version", VERSION)
        .put("manifest", lockfile.manifest().toString())
        .putIfPresent("toolchain", toolchain == null ? null : toJson(toolchain))
        .putIfPresent(
            "package",
            lockfile.packages().isEmpty()
                ? null
                : Json.array(lockfile.packages().stream().map(LockfileCodec::toJson).toList()))
        .build();
  }

  private static Json toJson(LockedToolchain toolchain) {
    return Json.object()
        .put("version", toolchain.version().text())
        .putIfPresent(
            "bundles", toolchain.bundles().isEmpty() ? null : digestsJson(toolchain.bundles()))
        .build();
  }

  private static Json toJson(LockedPackage p) {
    Json.ObjectBuilder natives = Json.object();
    p.natives().forEach((module, targets) -> natives.put(module, digestsJson(targets)));
    LogEntry log = p.log();
    return Json.object()
        .put("name", p.name().text())
        .put("version", p.version().text())
        .put("source", p.source().text())
        .putUnlessEmpty("checksum", text(p.checksum()))
        .putUnlessEmpty("tree", text(p.tree()))
        .putIfPresent("size", p.size() > 0 ? Json.of(p.size()) : null)
        .putUnlessEmpty(
            "dependencies", p.dependencies().stream().map(LockedDependency::text).toList())
        .putUnlessEmpty("features", p.features())
        .putUnlessEmpty("capabilities", p.capabilities().stream().map(Capability::text).toList())
        .putUnlessEmpty("granted", p.granted().stream().map(Capability::text).toList())
        .putIfPresent("native", p.natives().isEmpty() ? null : natives.build())
        .putIfPresent(
            "log",
            log == null
                ? null
                : Json.object().put("index", log.index()).put("time", time(log.time())).build())
        .putUnlessEmpty("stage", p.stage())
        .build();
  }

  private static @Nullable String text(@Nullable Digest digest) {
    return digest == null ? null : digest.toString();
  }

  private static Json digestsJson(Map<String, Digest> digests) {
    Json.ObjectBuilder object = Json.object();
    digests.forEach((name, digest) -> object.put(name, digest.toString()));
    return object.build();
  }
}
