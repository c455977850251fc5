package dev.raya.vm.interp;

import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.task.RChannel;
import dev.raya.vm.task.RMutex;
import dev.raya.vm.task.RTask;
import dev.raya.vm.value.Closure;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RBytes;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RNative;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import dev.raya.vm.value.TypeLinker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The display form of values (language.md 7.3). It cannot call {@code toString}: Raya code asks for
 * the objects that have one, calls it, and gives the texts back.
 */
final class Display {
  private static final int MAX_DEPTH = 6;
  private static final int MAX_ELEMENTS = 100;
  private static final LinkedType JSON = TypeLinker.predefined(PredefinedType.JSON);

  private final StringBuilder out;
  private final List<Object> open = new ArrayList<>();

  /** Objects with a toString met so far, if that is what is asked for. */
  private final @Nullable List<RObj> found;

  /** What the toString of objects gave. */
  private final Map<Object, String> texts;

  private Display(StringBuilder out, @Nullable List<RObj> found, Map<Object, String> texts) {
    this.out = out;
    this.found = found;
    this.texts = texts;
  }

  /** Appends the display form of a value at top level. */
  static void append(StringBuilder out, LinkedType type, long word, @Nullable Object ref) {
    append(out, type, word, ref, Map.of());
  }

  /**
   * Appends the display form of a value at top level.
   *
   * @param texts what stands for objects with a toString, by identity
   */
  static void append(
      StringBuilder out,
      LinkedType type,
      long word,
      @Nullable Object ref,
      Map<Object, String> texts) {
    new Display(out, null, texts).value(word, Values.tagged(type, ref), type, true);
  }

  /** Returns the objects in a value that have a toString, each once, in display order. */
  static List<RObj> objects(LinkedType type, long word, @Nullable Object ref) {
    List<RObj> found = new ArrayList<>();
    new Display(new StringBuilder(), found, Map.of())
        .value(word, Values.tagged(type, ref), type, true);
    return found;
  }

  /** Returns a string in double quotes with JSON escapes. */
  static String quote(String s) {
    StringBuilder out = new StringBuilder(s.length() + 2);
    quote(out, s);
    return out.toString();
  }

  /** Appends a string likewise. */
  static void quote(StringBuilder out, String s) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          boolean lone =
              Character.isSurrogate(c)
                  && !(Character.isHighSurrogate(c)
                      && i + 1 < s.length()
                      && Character.isLowSurrogate(s.charAt(i + 1)))
                  && !(Character.isLowSurrogate(c)
                      && i > 0
                      && Character.isHighSurrogate(s.charAt(i - 1)));
          if (c < 0x20 || lone) {
            out.append("\\u");
            String hex = Integer.toHexString(c);
            out.repeat('0', 4 - hex.length()).append(hex);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private void value(long word, @Nullable Object tag, LinkedType type, boolean top) {
    switch (tag) {
      case null -> out.append("null");
      case Tag t when t == Tag.NULL -> out.append("null");
      case Tag t -> out.append(Values.text(type, word, tagRef(type, t)));
      case RObj object -> object(object);
      case RArray array -> array(array);
      case Double d -> out.append(Numbers.text(d));
      case JsonArray json -> jsonArray(json);
      case JsonObject json -> jsonObject(json);
      case RBytes bytes -> bytes(bytes);
      case Closure closure -> out.append("[Function ").append(closure.function.name).append(']');
      case RTask task -> out.append("Task#").append(task.id);
      case RChannel channel -> out.append("Channel");
      case RMutex mutex -> out.append("Mutex");
      default -> {
        if (Text.isString(tag)) {
          out.append(top ? Text.flat(tag) : quote(Text.flat(tag)));
        } else {
          out.append(tag);
        }
      }
    }
  }

  private static @Nullable Object tagRef(LinkedType type, Tag tag) {
    return type.kind == Kind.V ? tag : null;
  }

  private boolean enter(Object object, String tooDeep) {
    for (Object o : open) {
      if (o == object) {
        out.append("[Circular]");
        return false;
      }
    }
    if (open.size() >= MAX_DEPTH) {
      out.append(tooDeep);
      return false;
    }
    open.add(object);
    return true;
  }

  private void leave() {
    open.removeLast();
  }

  private void array(RArray array) {
    if (!enter(array, "[Array]")) {
      return;
    }
    LinkedType element = array.type.element();
    out.append('[');
    for (int i = 0; i < array.length; i++) {
      if (i > 0) {
        out.append(", ");
      }
      if (more(i, array.length)) {
        break;
      }
      value(array.word(i), Values.tagged(element, array.ref(i)), element, false);
    }
    out.append(']');
    leave();
  }

  private void jsonArray(JsonArray json) {
    if (!enter(json, "[Array]")) {
      return;
    }
    out.append('[');
    for (int i = 0; i < json.items().size(); i++) {
      out.append(i > 0 ? ", " : "");
      if (more(i, json.items().size())) {
        break;
      }
      value(0, json.items().get(i), JSON, false);
    }
    out.append(']');
    leave();
  }

  private void jsonObject(JsonObject json) {
    if (!enter(json, "[Object]")) {
      return;
    }
    out.append('{');
    boolean first = true;
    for (Map.Entry<String, Object> member : json.members().entrySet()) {
      if (member.getValue() != JsonAbsent.UNDEFINED) {
        out.append(first ? " " : ", ").append(member.getKey()).append(": ");
        value(0, member.getValue(), JSON, false);
        first = false;
      }
    }
    out.append(first ? "}" : " }");
    leave();
  }

  private void bytes(RBytes bytes) {
    out.append("Uint8Array(").append(bytes.length).append(") [");
    for (int i = 0; i < bytes.length; i++) {
      out.append(i > 0 ? ", " : "");
      if (more(i, bytes.length)) {
        break;
      }
      out.append(bytes.at(i));
    }
    out.append(']');
  }

  private boolean more(int i, int count) {
    if (i == MAX_ELEMENTS) {
      out.append("... ").append(count - i).append(" more");
      return true;
    }
    return false;
  }

  private void object(RObj object) {
    RClass cls = object.cls;
    if (object instanceof RError error) {
      if (!(overridesToString(cls) && shownByItself(object))) {
        out.append(headline(error));
      }
      return;
    }
    if (object instanceof RNative known
        && !(known.held instanceof RMutex)
        && !(known.held instanceof RChannel)) {
      if (overridesToString(cls) && shownByItself(object)) {
        return;
      }
      out.append(Natives.text(known));
      return;
    }
    if (hasToString(cls) && shownByItself(object)) {
      return;
    }
    boolean tuple = cls.sort == RClass.Sort.TUPLE;
    if (!enter(object, tuple ? "[Array]" : "[Object]")) {
      return;
    }
    if (object instanceof RMap map) {
      map(map);
    } else {
      if (cls.sort == RClass.Sort.CLASS) {
        out.append(cls.sourceName()).append(' ');
      }
      fields(object, tuple);
    }
    leave();
  }

  private static boolean hasToString(RClass cls) {
    int slot = cls.sort == RClass.Sort.CLASS ? cls.slot("toString") : -1;
    return slot >= 0
        && cls.vtable[slot].paramCount == 1
        && cls.vtable[slot].type.resultType().kind == Kind.R;
  }

  /** Whether a class of errors or of the VM's own kind has a toString of the program. */
  private static boolean overridesToString(RClass cls) {
    return cls.parent != null && hasToString(cls) && cls.overrides(cls.slot("toString"));
  }

  private boolean shownByItself(RObj object) {
    if (found != null) {
      for (RObj known : found) {
        if (known == object) {
          return true;
        }
      }
      found.add(object);
      return true;
    }
    String text = texts.get(object);
    if (text != null) {
      out.append(text);
    }
    return text != null;
  }

  private void fields(RObj object, boolean tuple) {
    out.append(tuple ? '[' : '{');
    boolean none = members(object, tuple, true);
    out.append(tuple ? "]" : none ? "}" : " }");
  }

  /**
   * Writes the fields that are seen.
   *
   * @param none whether nothing was written before them
   * @return whether still nothing is written
   */
  private boolean members(RObj object, boolean tuple, boolean none) {
    RClass cls = object.cls;
    boolean first = none;
    for (int i = 0; i < cls.fieldNames.length; i++) {
      LinkedType type = cls.fieldTypes[i];
      Object tag = Values.tagged(type, object.ref(i));
      boolean optional = (cls.fieldFlags[i] & RClass.OPTIONAL) != 0;
      boolean hidden = cls.sort == RClass.Sort.CLASS && FieldDef.isHidden(cls.fieldFlags[i]);
      if (hidden || (optional && (tag == Tag.NULL || tag == null))) {
        continue;
      }
      out.append(first ? (tuple ? "" : " ") : ", ");
      first = false;
      if (!tuple) {
        out.append(cls.fieldNames[i]).append(": ");
      }
      value(object.word(i), tag, type, false);
    }
    return first;
  }

  private void map(RMap map) {
    RClass cls = map.cls.root();
    boolean pairs = cls.typeArguments.length > 1;
    out.append(map.cls.sourceName()).append('(').append(map.size()).append(") {");
    int shown = 0;
    for (int i = 0; i < map.bound(); i++) {
      if (!map.live(i)) {
        continue;
      }
      out.append(shown == 0 ? " " : ", ");
      if (more(shown, map.size())) {
        break;
      }
      shown++;
      LinkedType key = cls.typeArguments[0];
      value(map.keyWord(i), Values.tagged(key, map.keyRef(i)), key, false);
      if (pairs) {
        out.append(" => ");
        LinkedType value = cls.typeArguments[1];
        value(map.valueWord(i), Values.tagged(value, map.valueRef(i)), value, false);
      }
    }
    out.append(members(map, false, shown == 0) ? "}" : " }");
  }

  /** Returns {@code Name: message}, or the name alone if the message is empty. */
  static String headline(RError error) {
    String name = field(error, "name");
    String message = field(error, "message");
    String shown = name.isEmpty() ? error.cls.sourceName() : name;
    return message.isEmpty() ? shown : shown + ": " + message;
  }

  /** Returns a string field of an error; empty if it is not set. */
  static String field(RError error, String name) {
    int field = error.cls.field(name);
    Object value = field < 0 ? null : error.ref(field);
    return value != null && Text.isString(value) ? Text.flat(value) : "";
  }
}
