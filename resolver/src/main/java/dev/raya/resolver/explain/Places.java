package dev.raya.resolver.explain;

import dev.raya.cache.json.Json;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.SourcePosition;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where requirements and overrides are written, for programs: the texts by which the solver and
 * people know these places have no offset (cli.md section 1).
 *
 * @param byText the places by {@link SourcePosition#toString}
 */
public record Places(Map<String, SourcePosition> byText) {
  /** None is known. */
  public static final Places NONE = new Places(Map.of());

  /** Copies the map in. */
  public Places {
    byText = Collections.unmodifiableMap(new TreeMap<>(byText));
  }

  /** The places of manifests' dependencies and overrides. */
  public static Places of(Collection<Manifest> manifests) {
    Map<String, SourcePosition> places = new TreeMap<>();
    for (Manifest manifest : manifests) {
      for (Map<?, Dependency> table :
          List.of(manifest.dependencies(), manifest.devDependencies())) {
        table.values().forEach(each -> places.put(each.position().toString(), each.position()));
      }
      for (Manifest.Override each : manifest.resolution().overrides()) {
        places.put(each.position().toString(), each.position());
      }
    }
    return new Places(places);
  }

  /** The place that an origin names; null where it names none that is known. */
  @Nullable SourcePosition find(String origin) {
    return byText.get(origin);
  }

  /** The span of what stands there; null where the origin names no place that is known. */
  @Nullable Json span(String origin) {
    SourcePosition position = find(origin);
    if (position == null) {
      return null;
    }
    SourcePosition.End end = position.end();
    return Json.object()
        .put("file", position.file())
        .put("start", point(position.line(), position.column(), position.offset()))
        .put("end", point(end.line(), end.column(), end.offset()))
        .build();
  }

  private static Json point(int line, int column, int offset) {
    return Json.object().put("line", line).put("column", column).put("offset", offset).build();
  }
}
