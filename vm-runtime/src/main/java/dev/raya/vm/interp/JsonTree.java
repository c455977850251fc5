package dev.raya.vm.interp;

import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** Collects json values. */
final class JsonTree implements JsonSink {
  /** The arrays and objects whose content is still coming, the innermost first. */
  private final ArrayDeque<Object> open = new ArrayDeque<>();

  private final ArrayDeque<String> names = new ArrayDeque<>();
  private Object result = JsonAbsent.UNDEFINED;

  /** The value, once all of it has come. */
  Object result() {
    return result;
  }

  @Override
  public void json(Object value) {
    switch (open.peek()) {
      case null -> result = value;
      case JsonArray array -> array.items().add(value);
      case JsonObject object -> object.members().put(names.pop(), value);
      default -> throw new IllegalStateException("neither array nor object is open");
    }
  }

  @Override
  public void number(double value) {
    json(value);
  }

  @Override
  public void beginArray() {
    open.push(new JsonArray(new ArrayList<>()));
  }

  @Override
  public void endArray() {
    json(open.pop());
  }

  @Override
  public void beginObject() {
    open.push(new JsonObject(new LinkedHashMap<>()));
  }

  @Override
  public void name(String name) {
    names.push(name);
  }

  @Override
  public void endObject() {
    json(open.pop());
  }
}
