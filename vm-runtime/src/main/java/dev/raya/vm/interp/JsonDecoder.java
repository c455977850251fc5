package dev.raya.vm.interp;

import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RObj;
import org.jspecify.annotations.Nullable;

/**
 * Makes typed values of json text without making json values first: {@code JSON.parse} with a cast
 * right after it, as {@code JSON.decode} and {@code JSON.parse(text) as T} are compiled. What is
 * made, charged and reported is what the two instructions do one after the other; text that is not
 * simply what the type says is given to them, since only they know the first fault of the text or,
 * if it has none, of the value, and which of two members of the same name counts.
 */
final class JsonDecoder {
  /** More fields than this are not remembered in one word. */
  private static final int MAX_FIELDS = 64;

  /** In the place of a field's number: the type has none of the name. */
  private static final int NO_FIELD = -1;

  /** In the place of a field's number: no name stands there. */
  private static final int NO_NAME = -2;

  private final Polls polls;
  private final JsonText text;
  private final JsonTarget made = new JsonTarget();

  private JsonDecoder(Polls polls, String text) {
    this.polls = polls;
    this.text = new JsonText(text);
  }

  /**
   * Reads a text as one value of a type and stores it in a cell in the form of the type.
   *
   * @throws TrapException SyntaxError with the position, RangeError for text nested too deep,
   *     TypeError that names the path
   */
  static void decode(Polls polls, String text, JsonPlan to, long[] w, @Nullable Object[] r, int d) {
    polls.allocate(32 + 2L * text.length());
    JsonDecoder decoder = new JsonDecoder(polls, text);
    if (decoder.whole(to)) {
      decoder.made.store(to.type, w, r, d);
    } else {
      JsonCast.cast(polls, JsonText.parse(text), to, w, r, d);
    }
  }

  private boolean whole(JsonPlan to) {
    try {
      if (value(to, 0)) {
        text.end();
        return true;
      }
    } catch (TrapException e) {
      // A fault of some kind: which one is reported is decided by reading all of the text first.
      return false;
    }
    return false;
  }

  /** Reads a value; false if the plain way does not lead on. */
  private boolean value(JsonPlan to, int depth) {
    char first = text.peek();
    switch (to.type.form) {
      case INT -> {
        double number = text.number();
        if ((int) number != number) {
          return false;
        }
        made.integer((int) number);
      }
      case NUMBER -> made.number(text.number());
      case BOOL -> {
        if (first != 't' && first != 'f') {
          return false;
        }
        made.bool(text.value(depth) == Boolean.TRUE);
      }
      case STRING -> {
        if (first != '"') {
          return false;
        }
        made.reference(text.string());
      }
      case ARRAY -> {
        return first == '[' && depth < JsonText.MAX_DEPTH && array(to, depth);
      }
      case TUPLE -> {
        return first == '[' && depth < JsonText.MAX_DEPTH && tuple(to, depth);
      }
      case OBJECT, INTERFACE -> {
        return first == '{'
            && depth < JsonText.MAX_DEPTH
            && to.fields.length <= MAX_FIELDS
            && object(to, depth);
      }
      case CLASS -> {
        boolean map = to.cls().storage == RClass.Storage.MAP;
        if (map && first == '{' && to.cls().typeArguments[0].form == Form.STRING) {
          return depth < JsonText.MAX_DEPTH && map(to, depth);
        }
        tree(to, depth);
      }
      case UNION -> {
        JsonPlan nonNull = to.nonNull;
        if (nonNull != null && first != 'n') {
          return value(nonNull, depth);
        }
        tree(to, depth);
      }
      default -> tree(to, depth);
    }
    return true;
  }

  /** Through json values, where a choice has to look at the whole first. */
  private void tree(JsonPlan to, int depth) {
    JsonCast.cast(polls, text.value(depth), to, depth, made);
  }

  private boolean array(JsonPlan to, int depth) {
    RArray elements = RArray.make(to.type, 0);
    JsonPlan element = to.element();
    LinkedType type = element.type;
    text.next('[');
    if (text.peek() != ']') {
      do {
        if (!value(element, depth + 1) || elements.length == RArray.MAX_LENGTH) {
          return false;
        }
        made.push(type, elements);
        text.space();
      } while (text.next(','));
    }
    polls.allocate(24 + 8L * elements.length);
    made.reference(elements);
    return text.next(']');
  }

  private boolean tuple(JsonPlan to, int depth) {
    RClass cls = to.cls();
    polls.allocate(cls.size);
    RObj tuple = new RObj(cls);
    text.next('[');
    for (int i = 0; i < to.parts.length; i++) {
      if (i > 0 && !comma()) {
        return false;
      }
      if (!value(to.parts[i], depth + 1)) {
        return false;
      }
      made.store(to.parts[i].type, tuple, i);
    }
    text.space();
    made.reference(tuple);
    return text.next(']');
  }

  private boolean comma() {
    text.space();
    return text.next(',');
  }

  private boolean object(JsonPlan to, int depth) {
    RClass cls = to.cls();
    polls.allocate(cls.size);
    RObj object = new RObj(cls);
    long seen = 0;
    int expected = 0;
    text.next('{');
    if (text.peek() != '}') {
      do {
        text.space();
        int field = field(to, expected);
        expected = field + 1;
        text.space();
        if (field == NO_NAME || !text.next(':')) {
          return false;
        }
        if (field == NO_FIELD) {
          text.value(depth + 1);
        } else {
          long bit = 1L << field;
          if ((seen & bit) != 0) {
            return false;
          }
          seen |= bit;
          if (!to.leftOut[field] || text.peek() != 'n') {
            if (!value(to.fields[field], depth + 1)) {
              return false;
            }
            made.store(cls.fieldTypes[field], object, field);
          } else {
            text.value(depth + 1);
          }
        }
        text.space();
      } while (text.next(','));
    }
    for (int i = 0; i < to.fields.length; i++) {
      if ((seen & 1L << i) == 0 && !to.leftOut[i]) {
        return false;
      }
    }
    made.reference(object);
    return text.next('}');
  }

  /** Passes a property's name; the number of its field, {@link #NO_FIELD} or {@link #NO_NAME}. */
  private int field(JsonPlan to, int expected) {
    if (expected < to.fields.length && text.nextName(to.cls().fieldNames[expected])) {
      return expected;
    }
    return text.peek() == '"' ? to.fieldByName.getOrDefault(text.string(), NO_FIELD) : NO_NAME;
  }

  private boolean map(JsonPlan to, int depth) {
    RMap map = new RMap(to.cls());
    JsonPlan element = to.element();
    text.next('{');
    if (text.peek() != '}') {
      do {
        if (text.peek() != '"') {
          return false;
        }
        String key = text.string();
        text.space();
        if (!text.next(':') || !value(element, depth + 1)) {
          return false;
        }
        polls.allocate(40);
        made.put(element.type, map, key);
        text.space();
      } while (text.next(','));
    }
    made.reference(map);
    return text.next('}');
  }
}
