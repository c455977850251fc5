package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RNative;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into json (JSON_FROM, stdlib.md 4): the properties that the static type declares, in
 * its order, or all public ones in the value's own order.
 */
final class JsonFrom {
  private final JsonSink sink;

  /** Whether NaN and infinities are null instead of an error, as {@code JSON.stringify} has it. */
  private final boolean lenient;

  private final JsonShapes shapes;

  /** The arrays, Maps and objects that are being written, the outermost first. */
  private @Nullable Object[] open = new @Nullable Object[8];

  private int depth;

  private JsonFrom(JsonSink sink, boolean lenient, JsonShapes shapes) {
    this.sink = sink;
    this.lenient = lenient;
    this.shapes = shapes;
  }

  /** A place in the code that encodes values of a static type. */
  record Site(LinkedType type, JsonShapes shapes) {
    Site(LinkedType type) {
      this(type, new JsonShapes(false));
    }
  }

  /**
   * The json value of what {@code JSON.toJson} takes.
   *
   * @throws TrapException TypeError for NaN, infinities, cycles and what json cannot hold
   */
  static Object strict(Site site, long word, @Nullable Object ref) {
    JsonTree tree = new JsonTree();
    new JsonFrom(tree, false, site.shapes).value(site.type, word, Values.tagged(site.type, ref));
    return tree.result();
  }

  /**
   * The text of that json value, which is not made on the way.
   *
   * @throws TrapException as {@link #strict}, and LengthLimit
   */
  static String encode(Site site, long word, @Nullable Object ref) {
    JsonWriter writer = new JsonWriter(0);
    new JsonFrom(writer, false, site.shapes).value(site.type, word, Values.tagged(site.type, ref));
    return writer.text();
  }

  /**
   * The text of what {@code JSON.stringify} takes.
   *
   * @param indent spaces of each level, 0 for one line
   * @throws TrapException TypeError for cycles and what json cannot hold, and LengthLimit
   */
  static String stringify(LinkedType type, long word, @Nullable Object ref, int indent) {
    JsonWriter writer = new JsonWriter(indent);
    new JsonFrom(writer, true, new JsonShapes(true)).value(type, word, Values.tagged(type, ref));
    return writer.text();
  }

  private void value(LinkedType type, long word, @Nullable Object tag) {
    switch (tag) {
      case null -> sink.json(JsonAbsent.NULL);
      case Tag t -> primitive(word, t);
      case RArray array -> array(type, array);
      case RError e -> throw refused(e.cls.name);
      case RNative n -> throw refused(n.cls.name);
      case RMap map -> map(map);
      case RObj object -> object(type, object);
      default -> {
        if (!isJson(tag)) {
          throw refused(tag.getClass().getSimpleName());
        }
        sink.json(Text.isString(tag) ? Text.flat(tag) : tag);
      }
    }
  }

  private static boolean isJson(Object value) {
    return Text.isString(value)
        || value instanceof JsonAbsent
        || value instanceof Boolean
        || value instanceof Double
        || value instanceof JsonArray
        || value instanceof JsonObject;
  }

  private static TrapException refused(String what) {
    return new TrapException(Trap.TYPE_ERROR, "json cannot hold a " + what);
  }

  private void enter(Object object) {
    for (int i = 0; i < depth; i++) {
      if (open[i] == object) {
        throw new TrapException(Trap.TYPE_ERROR, "json cannot hold a value that contains itself");
      }
    }
    if (depth >= JsonText.MAX_DEPTH) {
      throw JsonText.tooDeep();
    }
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
    }
    open[depth++] = object;
  }

  private void primitive(long word, Tag tag) {
    if (tag == Tag.NULL) {
      sink.json(JsonAbsent.NULL);
      return;
    }
    if (tag == Tag.BOOL) {
      sink.json(word != 0);
      return;
    }
    double number = Values.number(word, tag);
    if (!Double.isFinite(number)) {
      if (!lenient) {
        throw new TrapException(Trap.TYPE_ERROR, "json cannot hold " + Numbers.text(number));
      }
      sink.json(JsonAbsent.NULL);
      return;
    }
    sink.number(number);
  }

  /** An element of an array, tuple or Set: what is absent becomes null. */
  private void item(LinkedType type, LinkedType declared, long word, @Nullable Object ref) {
    Object tag = Values.tagged(type, ref);
    value(declared, word, tag == JsonAbsent.UNDEFINED ? JsonAbsent.NULL : tag);
  }

  private void array(LinkedType type, RArray array) {
    enter(array);
    sink.beginArray();
    LinkedType element = array.type.element();
    LinkedType declared =
        JsonShapes.narrower(type.form == Form.ARRAY ? type.element() : element, element);
    for (int i = 0; i < array.length; i++) {
      item(element, declared, array.word(i), array.ref(i));
    }
    sink.endArray();
    depth--;
  }

  private void map(RMap map) {
    enter(map);
    RClass cls = map.cls.root();
    LinkedType key = cls.typeArguments[0];
    if (cls.typeArguments.length > 1) {
      sink.beginObject();
      LinkedType type = cls.typeArguments[1];
      for (int i = 0; i < map.bound(); i++) {
        if (map.live(i)) {
          Object name = map.keyRef(i);
          if (name == null || !Text.isString(name)) {
            throw refused("Map with keys that are not strings");
          }
          Object tag = Values.tagged(type, map.valueRef(i));
          if (tag != JsonAbsent.UNDEFINED) {
            sink.name(Text.flat(name));
            value(type, map.valueWord(i), tag);
          }
        }
      }
      sink.endObject();
    } else {
      sink.beginArray();
      LinkedType declared = JsonShapes.narrower(key, key);
      for (int i = 0; i < map.bound(); i++) {
        if (map.live(i)) {
          item(key, declared, map.keyWord(i), map.keyRef(i));
        }
      }
      sink.endArray();
    }
    depth--;
  }

  private void object(LinkedType type, RObj object) {
    enter(object);
    RClass cls = object.cls;
    if (cls.sort == RClass.Sort.TUPLE) {
      sink.beginArray();
      for (int i = 0; i < cls.fieldNames.length; i++) {
        LinkedType stored = cls.fieldTypes[i];
        LinkedType declared = type.form == Form.TUPLE ? type.parts[i] : stored;
        item(stored, JsonShapes.narrower(declared, stored), object.word(i), object.ref(i));
      }
      sink.endArray();
    } else {
      sink.beginObject();
      for (JsonShapes.Member member : shapes.of(type, cls)) {
        member(object, member);
      }
      sink.endObject();
    }
    depth--;
  }

  private void member(RObj object, JsonShapes.Member member) {
    Object tag = Values.tagged(member.stored(), object.ref(member.field()));
    boolean absent = tag == null || tag == Tag.NULL;
    if (absent && member.mayBeLeftOut()) {
      return;
    }
    if (tag == null && !member.stored().hasNull()) {
      throw Traps.unsetMember();
    }
    if (tag != JsonAbsent.UNDEFINED) {
      sink.name(member.name());
      value(member.declared(), object.word(member.field()), tag);
    }
  }
}
