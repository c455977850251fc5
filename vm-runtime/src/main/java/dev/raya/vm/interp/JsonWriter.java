package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.Text;
import java.util.Map;

/** Writes the text of json values (RFC 8259, stdlib.md 4). */
final class JsonWriter implements JsonSink {
  private final StringBuilder out = new StringBuilder();
  private final int indent;
  private int depth;

  /** Whether nothing stands yet in the array or object that is written. */
  private boolean empty = true;

  /** Whether a name was written, and its value follows on the same line. */
  private boolean named;

  /**
   * Makes a writer.
   *
   * @param indent spaces of each level, 0 for one line
   */
  JsonWriter(int indent) {
    this.indent = indent;
  }

  String text() {
    requireShort();
    return out.toString();
  }

  /** Separates what follows from what stands before it. */
  private void next() {
    requireShort();
    if (named) {
      named = false;
      return;
    }
    if (depth > 0) {
      if (!empty) {
        out.append(',');
      }
      line();
    }
    empty = false;
  }

  private void requireShort() {
    if (out.length() > Text.MAX_LENGTH) {
      throw new TrapException(Trap.LENGTH_LIMIT, "the json text is too long");
    }
  }

  private void line() {
    if (indent > 0) {
      out.append('\n').repeat(' ', indent * depth);
    }
  }

  private void begin(char bracket) {
    next();
    out.append(bracket);
    depth++;
    empty = true;
  }

  private void end(char bracket) {
    depth--;
    if (!empty) {
      line();
    }
    out.append(bracket);
    empty = false;
  }

  @Override
  public void json(Object value) {
    switch (value) {
      case Double d -> number(d);
      case JsonArray array -> {
        beginArray();
        array.items().forEach(this::json);
        endArray();
      }
      case JsonObject object -> {
        beginObject();
        for (Map.Entry<String, Object> member : object.members().entrySet()) {
          if (member.getValue() != JsonAbsent.UNDEFINED) {
            name(member.getKey());
            json(member.getValue());
          }
        }
        endObject();
      }
      case Boolean b -> {
        next();
        out.append(b.booleanValue());
      }
      case JsonAbsent absent -> {
        next();
        out.append("null");
      }
      default -> {
        next();
        Display.quote(out, Text.flat(value));
      }
    }
  }

  @Override
  public void number(double value) {
    next();
    int whole = (int) value;
    if (whole == value) {
      out.append(whole);
    } else {
      out.append(JsonText.number(value));
    }
  }

  @Override
  public void beginArray() {
    begin('[');
  }

  @Override
  public void endArray() {
    end(']');
  }

  @Override
  public void beginObject() {
    begin('{');
  }

  @Override
  public void name(String name) {
    next();
    Display.quote(out, name);
    out.append(indent > 0 ? ": " : ":");
    named = true;
  }

  @Override
  public void endObject() {
    end('}');
  }
}
