package dev.raya.registry.http;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import java.util.Map;

/**
 * JSON from outside whose texts can go into the database: PostgreSQL's text holds every character
 * but U+0000, which JSON allows as an escape.
 */
public final class StorableJson {
  private StorableJson() {}

  /**
   * Reads a document.
   *
   * @throws JsonException if it is not strict JSON, or a text or member name of it holds U+0000
   */
  public static Json read(byte[] document) throws JsonException {
    Json json = JsonReader.read(document);
    check(json);
    return json;
  }

  /**
   * Checks a document that was read.
   *
   * @throws JsonException if a text or member name of it holds U+0000
   */
  public static void check(Json json) throws JsonException {
    // Recursion is bounded by the reader's depth.
    switch (json) {
      case Json.Str(String text) -> check(text);
      case Json.Array array -> {
        for (Json item : array.items()) {
          check(item);
        }
      }
      case Json.Obj object -> {
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
          check(member.getKey());
          check(member.getValue());
        }
      }
      case Json.Null _, Json.Bool _, Json.Int _, Json.Real _ -> {}
    }
  }

  private static void check(String text) throws JsonException {
    if (text.indexOf('\0') >= 0) {
      throw new JsonException("expected texts without U+0000, found one", -1);
    }
  }
}
