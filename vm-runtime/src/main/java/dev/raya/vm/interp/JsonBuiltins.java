package dev.raya.vm.interp;

import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.Text;
import java.util.List;

/** The members of JSON that are not made per type (stdlib.md 4), and looking into json values. */
final class JsonBuiltins {
  private final Polls polls;

  JsonBuiltins(Polls polls) {
    this.polls = polls;
  }

  void call(int id, Args a) {
    switch (id) {
      case 300 -> {
        String text = a.text(0);
        polls.allocate(32 + 2L * text.length());
        a.returnRef(JsonText.parse(text));
      }
      case 301 -> {
        int indent = Math.clamp(a.position(1, 0), 0, 10);
        text(a, JsonFrom.stringify(a.type(0), a.word(0), a.ref(0), indent));
      }
      case 302 -> text(a, JsonFrom.encode(new JsonFrom.Site(a.type(0)), a.word(0), a.ref(0)));
      case 303 -> a.returnRef(JsonFrom.strict(new JsonFrom.Site(a.type(0)), a.word(0), a.ref(0)));
      case 304 -> a.returnRef(kind(a.ref(0)));
      case 305 -> {
        List<String> keys =
            a.ref(0) instanceof JsonObject object
                ? object.members().entrySet().stream()
                    .filter(m -> m.getValue() != JsonAbsent.UNDEFINED)
                    .map(java.util.Map.Entry::getKey)
                    .toList()
                : List.of();
        a.returnRef(array(a, keys));
      }
      case 306 ->
          a.returnRef(array(a, a.ref(0) instanceof JsonArray json ? json.items() : List.of()));
      case 307 -> a.returnRef(pointer(a.ref(0), a.text(1)));
      case 308 -> a.returnRef(member(a.ref(0), a.text(1)));
      case 309 -> a.returnNumber(a.ref(0) instanceof Double d ? d : Double.NaN);
      case 310 -> a.returnBool(Boolean.TRUE.equals(a.ref(0)));
      case 311 -> {
        Object json = a.ref(0);
        a.returnRef(json != null && Text.isString(json) ? json : "");
      }
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private void text(Args a, String text) {
    polls.allocate(32 + 2L * text.length());
    a.returnRef(text);
  }

  private RArray array(Args a, List<?> items) {
    polls.allocate(24 + 8L * items.size());
    RArray array = RArray.make(a.site.result, items.size());
    for (int i = 0; i < items.size(); i++) {
      array.set(i, 0, items.get(i));
    }
    return array;
  }

  private static String kind(@org.jspecify.annotations.Nullable Object json) {
    return switch (json) {
      case null -> "null";
      case JsonAbsent absent -> absent.toString();
      case Boolean b -> "boolean";
      case Double d -> "number";
      case JsonArray array -> "array";
      case JsonObject object -> "object";
      default -> "string";
    };
  }

  /** JSON_GET: a property; of arrays and strings {@code length} too; else absent. */
  static Object member(@org.jspecify.annotations.Nullable Object json, String name) {
    if (json instanceof JsonObject object) {
      return object.members().getOrDefault(name, JsonAbsent.UNDEFINED);
    }
    if (name.equals("length") && json != null) {
      if (json instanceof JsonArray array) {
        return (double) array.items().size();
      }
      if (Text.isString(json)) {
        return (double) Text.length(json);
      }
    }
    return JsonAbsent.UNDEFINED;
  }

  /** JSON_INDEX: an element, else absent. */
  static Object element(@org.jspecify.annotations.Nullable Object json, int index) {
    return json instanceof JsonArray array && index >= 0 && index < array.items().size()
        ? array.items().get(index)
        : JsonAbsent.UNDEFINED;
  }

  /** A JSON Pointer (RFC 6901). */
  private static Object pointer(@org.jspecify.annotations.Nullable Object json, String path) {
    if (path.isEmpty()) {
      return json == null ? JsonAbsent.NULL : json;
    }
    if (path.charAt(0) != '/') {
      return JsonAbsent.UNDEFINED;
    }
    Object at = json;
    for (String raw : path.substring(1).split("/", -1)) {
      String step = raw.replace("~1", "/").replace("~0", "~");
      if (at instanceof JsonArray) {
        boolean index = step.matches("0|[1-9][0-9]{0,8}");
        at = index ? element(at, Integer.parseInt(step)) : JsonAbsent.UNDEFINED;
      } else {
        at = at instanceof JsonObject ? member(at, step) : JsonAbsent.UNDEFINED;
      }
    }
    return at == null ? JsonAbsent.UNDEFINED : at;
  }
}
