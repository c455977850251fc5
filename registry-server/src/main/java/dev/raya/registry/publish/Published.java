package dev.raya.registry.publish;

import dev.raya.cache.json.Json;

/**
 * The answer to a publish (spec: registry.md 1.3, Answer).
 *
 * @param body the {@code raya/published/1} document, or that of a staged release
 * @param location path of the version, or of the staged release
 * @param status of the answer: 201 if this request stored it, 202 if it is staged, else 200
 */
record Published(Json.Obj body, String location, int status) {
  static final String SCHEMA = "raya/published/1";
}
