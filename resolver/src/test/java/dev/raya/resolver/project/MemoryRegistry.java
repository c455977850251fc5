package dev.raya.resolver.project;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.metadata.BytecodeLevel;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PublishedConstraint;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A registry in memory, filled by a few words for each version: {@code "aa 1.0.0 bb^1!net ?cc^2
 * extra=dep:cc needs:net raya:>=1"} needs bb with a grant, cc by the feature extra, and the
 * capability net.
 */
final class MemoryRegistry implements IndexSource {
  private static final Instant RELEASED = Instant.parse("2026-01-01T00:00:00Z");
  private static final BytecodeLevel LEVEL = new BytecodeLevel(1, 0, 1, 1);

  private final Map<String, List<IndexLine>> lines = new HashMap<>();
  private long log = 1;

  MemoryRegistry with(String text) throws Exception {
    return with(text, RELEASED);
  }

  MemoryRegistry with(String text, Instant time) throws Exception {
    String[] words = text.split(" ");
    List<PublishedDependency> dependencies = new ArrayList<>();
    List<Capability> capabilities = new ArrayList<>();
    Map<String, List<String>> features = new TreeMap<>();
    VersionRange raya = VersionRange.ANY;
    String license = "";
    for (int i = 2; i < words.length; i++) {
      String word = words[i];
      if (word.startsWith("needs:")) {
        capabilities.add(new Capability(word.substring(6)));
      } else if (word.startsWith("license:")) {
        license = word.substring(8).replace('_', ' ');
      } else if (word.startsWith("raya:")) {
        raya = VersionRange.parse(word.substring(5));
      } else if (word.contains("=")) {
        features
            .computeIfAbsent(word.substring(0, word.indexOf('=')), f -> new ArrayList<>())
            .add(word.substring(word.indexOf('=') + 1));
      } else {
        dependencies.add(dependency(word));
      }
    }
    Digest digest = Digest.of(text.getBytes(StandardCharsets.UTF_8));
    return add(
        words[0],
        new VersionLine(
            log++,
            time,
            Version.parse(words[1]),
            license,
            raya,
            LEVEL,
            dependencies,
            List.of(),
            features,
            capabilities,
            digest,
            100,
            digest,
            List.of()));
  }

  /** A version with what words cannot say. */
  MemoryRegistry with(
      String name,
      Version version,
      List<PublishedDependency> dependencies,
      List<PublishedConstraint> constraints,
      Map<String, List<String>> features) {
    Digest digest = Digest.of((name + ' ' + version).getBytes(StandardCharsets.UTF_8));
    return add(
        name,
        new VersionLine(
            log++,
            RELEASED,
            version,
            "",
            VersionRange.ANY,
            LEVEL,
            dependencies,
            constraints,
            features,
            List.of(),
            digest,
            100,
            digest,
            List.of()));
  }

  private MemoryRegistry add(String name, VersionLine line) {
    lines.computeIfAbsent(name, n -> new ArrayList<>()).add(line);
    return this;
  }

  /** {@code [?]name^range[!grant][@registry]}. */
  private static PublishedDependency dependency(String word) throws Exception {
    boolean optional = word.startsWith("?");
    int at = word.indexOf('@');
    String rest = word.substring(optional ? 1 : 0, at < 0 ? word.length() : at);
    String[] parts = rest.split("!");
    PackageName name = PackageName.parse(parts[0].substring(0, parts[0].indexOf('^')));
    return new PublishedDependency(
        name,
        name,
        VersionRange.parse(parts[0].substring(parts[0].indexOf('^'))),
        at < 0 ? null : word.substring(at + 1),
        optional,
        List.of(),
        true,
        List.of(),
        parts.length > 1 ? List.of(new Capability(parts[1])) : List.of());
  }

  MemoryRegistry yank(String name, String version) throws Exception {
    lines
        .computeIfAbsent(name, n -> new ArrayList<>())
        .add(
            new IndexLine.StatusLine(
                log++,
                Instant.parse("2026-05-01T00:00:00Z"),
                Version.parse(version),
                true,
                false,
                false,
                null,
                null));
    return this;
  }

  @Override
  public CompletionStage<IndexAnswer> document(PackageName name) {
    List<IndexLine> found = lines.get(name.text());
    return CompletableFuture.completedFuture(
        found == null
            ? new IndexAnswer.Absent(List.of())
            : new IndexAnswer.Found(new IndexDocument(name, found)));
  }

  /** The {@code metadata.json} that a locked package's archive would hold. */
  @Nullable PackageMetadata metadata(LockedPackage locked) {
    for (IndexLine line : lines.getOrDefault(locked.name().text(), List.of())) {
      if (line instanceof VersionLine published && published.version().equals(locked.version())) {
        return new PackageMetadata(
            locked.name(),
            published.version(),
            "",
            List.of(),
            published.license(),
            "",
            List.of(),
            published.raya(),
            null,
            published.dependencies(),
            published.constraints(),
            published.features(),
            Map.of(),
            Map.of(),
            published.natives(),
            published.capabilities(),
            published.bytecode(),
            null,
            null);
      }
    }
    return null;
  }
}
