package dev.raya.cache.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The members of one object, read by name and expected type. Every refusal names the path of the
 * member from the document's root, what was expected and what was found.
 */
public final class JsonFields {
  private final Json.Obj object;
  private final String path;

  private JsonFields(Json.Obj object, String path) {
    this.object = object;
    this.path = path;
  }

  /**
   * Takes the root of a document.
   *
   * @throws JsonException if it is no object
   */
  public static JsonFields root(Json value) throws JsonException {
    return of(value, "");
  }

  private static JsonFields of(Json value, String path) throws JsonException {
    if (value instanceof Json.Obj object) {
      return new JsonFields(object, path);
    }
    throw new JsonException(
        (path.isEmpty() ? "the document" : path) + ": expected an object, found " + kind(value),
        -1);
  }

  /** The object itself. */
  public Json.Obj object() {
    return object;
  }

  /** Whether there is a member of that name. */
  public boolean has(String name) {
    return object.members().containsKey(name);
  }

  /** The members' names, in the order written. */
  public Set<String> names() {
    return object.members().keySet();
  }

  /**
   * Refuses members other than those named, for closed formats.
   *
   * @throws JsonException naming the first other member
   */
  public void only(Set<String> names) throws JsonException {
    for (String name : object.members().keySet()) {
      if (!names.contains(name)) {
        throw new JsonException(at(name) + ": unknown member", -1);
      }
    }
  }

  /**
   * A required member of any type.
   *
   * @throws JsonException if it is absent
   */
  public Json value(String name) throws JsonException {
    Json value = object.get(name);
    if (value == null) {
      throw new JsonException(at(name) + ": missing", -1);
    }
    return value;
  }

  /**
   * A required string.
   *
   * @throws JsonException if it is absent or of another type
   */
  public String string(String name) throws JsonException {
    if (value(name) instanceof Json.Str(String text)) {
      return text;
    }
    throw unexpected(name, "a string");
  }

  /**
   * A string, or null where it is absent or {@code null}.
   *
   * @throws JsonException if it is of another type
   */
  public @Nullable String optionalString(String name) throws JsonException {
    return absent(name) ? null : string(name);
  }

  /**
   * A required integer.
   *
   * @throws JsonException if it is absent or of another type
   */
  public long integer(String name) throws JsonException {
    if (value(name) instanceof Json.Int(long number)) {
      return number;
    }
    throw unexpected(name, "an integer");
  }

  /**
   * A required integer of a range, both ends included.
   *
   * @throws JsonException if it is absent, of another type or outside
   */
  public int integer(String name, int low, int high) throws JsonException {
    long number = integer(name);
    if (number < low || number > high) {
      throw new JsonException(
          at(name) + ": expected " + low + " to " + high + ", found " + number, -1);
    }
    return (int) number;
  }

  /**
   * A boolean, or {@code fallback} where it is absent.
   *
   * @throws JsonException if it is of another type
   */
  public boolean bool(String name, boolean fallback) throws JsonException {
    if (absent(name)) {
      return fallback;
    }
    if (value(name) instanceof Json.Bool(boolean b)) {
      return b;
    }
    throw unexpected(name, "true or false");
  }

  /**
   * A required object.
   *
   * @throws JsonException if it is absent or of another type
   */
  public JsonFields fields(String name) throws JsonException {
    return of(value(name), at(name));
  }

  /**
   * An object, or null where it is absent or {@code null}.
   *
   * @throws JsonException if it is of another type
   */
  public @Nullable JsonFields optionalFields(String name) throws JsonException {
    return absent(name) ? null : fields(name);
  }

  /**
   * The elements of an array; none where it is absent.
   *
   * @throws JsonException if it is of another type
   */
  public List<Json> items(String name) throws JsonException {
    if (absent(name)) {
      return List.of();
    }
    if (value(name) instanceof Json.Array(List<Json> items)) {
      return items;
    }
    throw unexpected(name, "an array");
  }

  /**
   * The objects of an array; none where it is absent.
   *
   * @throws JsonException if it or an element is of another type
   */
  public List<JsonFields> list(String name) throws JsonException {
    List<Json> items = items(name);
    List<JsonFields> list = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      list.add(of(items.get(i), at(name) + '/' + i));
    }
    return list;
  }

  /**
   * The strings of an array; none where it is absent.
   *
   * @throws JsonException if it or an element is of another type
   */
  public List<String> strings(String name) throws JsonException {
    List<Json> items = items(name);
    List<String> strings = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof Json.Str(String text))) {
        throw new JsonException(
            at(name) + '/' + i + ": expected a string, found " + kind(items.get(i)), -1);
      }
      strings.add(text);
    }
    return strings;
  }

  /** A fault of the member of that name, for callers that check what a type cannot. */
  public JsonException fault(String name, String message) {
    return new JsonException(at(name) + ": " + message, -1);
  }

  private boolean absent(String name) {
    Json value = object.get(name);
    return value == null || value instanceof Json.Null;
  }

  private JsonException unexpected(String name, String expected) throws JsonException {
    return fault(name, "expected " + expected + ", found " + kind(value(name)));
  }

  /** The JSON pointer (RFC 6901) of a member. */
  private String at(String name) {
    return path + '/' + name.replace("~", "~0").replace("/", "~1");
  }

  private static String kind(Json value) {
    return switch (value) {
      case Json.Null() -> "null";
      case Json.Bool(boolean b) -> String.valueOf(b);
      case Json.Int(long n) -> "the integer " + n;
      case Json.Real(double d) -> "the number " + d;
      case Json.Str(String s) -> "a string";
      case Json.Array(List<Json> items) -> "an array";
      case Json.Obj(Map<String, Json> members) -> "an object";
    };
  }
}
