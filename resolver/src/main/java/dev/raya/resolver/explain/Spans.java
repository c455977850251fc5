package dev.raya.resolver.explain;

import dev.raya.cache.json.Json;
import dev.raya.resolver.manifest.SourcePosition;
import org.jspecify.annotations.Nullable;

/** Where a requirement or an override is written, for programs (cli.md section 1). */
final class Spans {
  private Spans() {}

  /**
   * The span of no length at a place; null where an origin names none.
   *
   * @param origin as needs and overrides carry it
   */
  static @Nullable Json of(String origin) {
    SourcePosition position = SourcePosition.tryParse(origin);
    if (position == null) {
      return null;
    }
    // The reader of manifests knows lines and columns only, so the offset is 0 as in all spans
    // of manifests.
    Json at =
        Json.object()
            .put("line", position.line())
            .put("column", position.column())
            .put("offset", 0)
            .build();
    return Json.object().put("file", position.file()).put("start", at).put("end", at).build();
  }
}
