package dev.raya.cli.console;

import dev.raya.cache.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON document of a finished command, schema {@code raya/1} (cli.md 1).
 *
 * @param command the words of the command, without the program's name
 * @param ok whether it succeeded
 * @param result its result; null in JSON if there is none
 * @param diagnostics what it found
 * @param elapsedMillis how long it took
 */
record Envelope(
    String command, boolean ok, Json result, List<Finding> diagnostics, long elapsedMillis) {

  /** Name of the schema. */
  static final String SCHEMA = "raya/1";

  Envelope {
    diagnostics = List.copyOf(diagnostics);
  }

  Json.Obj json() {
    List<Json> findings = new ArrayList<>();
    for (Finding finding : diagnostics) {
      findings.add(finding.json());
    }
    return Json.object()
        .put("schema", SCHEMA)
        .put("command", command)
        .put("ok", ok)
        .put("result", result)
        .put("diagnostics", new Json.Array(findings))
        .put("timing", Json.object().put("elapsedMs", elapsedMillis).build())
        .build();
  }
}
