package dev.raya.registry.publish;

import dev.raya.cache.json.Json;

/**
 * The answer to a publish (spec: registry.md 1.3, Answer).
 *
 * @param body the {@code raya/published/1} document
 * @param location path of the version
 * @param fresh whether it was stored by this request
 */
record Published(Json.Obj body, String location, boolean fresh) {
  static final String SCHEMA = "raya/published/1";
}
