package dev.raya.vm.interp;

import dev.raya.vm.bytecode.RbinModule.FieldDef;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies values to json (JSON_FROM, stdlib.md 4): the properties that the static type declares, in
 * its order, or all public ones in the value's own order.
 */
final class JsonFrom {
  /** Whether NaN and infinities are null instead of an error, as {@code JSON.stringify} has it. */
  private final boolean lenient;

  /** Whether properties follow the value instead of the static type. */
  private final boolean own;

  private final List<Object> open = new ArrayList<>();

  private JsonFrom(boolean lenient, boolean own) {
    this.lenient = lenient;
    this.own = own;
  }

  /**
   * The json value of what {@code JSON.encode} and {@code JSON.toJson} take.
   *
   * @throws TrapException TypeError for NaN, infinities, cycles and what json cannot hold
   */
  static Object strict(LinkedType type, long word, @Nullable Object ref) {
    return new JsonFrom(false, false).value(type, word, Values.tagged(type, ref));
  }

  /** The json value of what {@code JSON.stringify} takes. */
  static Object lenient(LinkedType type, long word, @Nullable Object ref) {
    return new JsonFrom(true, true).value(type, word, Values.tagged(type, ref));
  }

  private Object value(LinkedType type, long word, @Nullable Object tag) {
    return switch (tag) {
      case null -> JsonAbsent.NULL;
      case Tag t -> primitive(word, t);
      case JsonAbsent absent -> absent;
      case Boolean b -> b;
      case Double d -> d;
      case JsonArray array -> array;
      case JsonObject object -> object;
      case RArray array -> {
        enter(array);
        List<Object> items = new ArrayList<>(array.length);
        LinkedType element = array.type.element();
        LinkedType declared = type.form == Form.ARRAY ? type.element() : element;
        for (int i = 0; i < array.length; i++) {
          items.add(item(element, declared, array.word(i), array.ref(i)));
        }
        open.removeLast();
        yield new JsonArray(items);
      }
      case RError e -> throw refused(e.cls.name);
      case RNative n -> throw refused(n.cls.name);
      case RMap map -> map(map);
      case RObj object -> object(type, object);
      default -> {
        if (Text.isString(tag)) {
          yield Text.flat(tag);
        }
        throw refused(tag.getClass().getSimpleName());
      }
    };
  }

  private static TrapException refused(String what) {
    return new TrapException(Trap.TYPE_ERROR, "json cannot hold a " + what);
  }

  private void enter(Object object) {
    for (Object o : open) {
      if (o == object) {
        throw new TrapException(Trap.TYPE_ERROR, "json cannot hold a value that contains itself");
      }
    }
    if (open.size() >= JsonText.MAX_DEPTH) {
      throw JsonText.tooDeep();
    }
    open.add(object);
  }

  private Object primitive(long word, Tag tag) {
    if (tag == Tag.NULL) {
      return JsonAbsent.NULL;
    }
    if (tag == Tag.BOOL) {
      return word != 0;
    }
    double number = Values.number(word, tag);
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      if (lenient) {
        return JsonAbsent.NULL;
      }
      throw new TrapException(Trap.TYPE_ERROR, "json cannot hold " + Numbers.text(number));
    }
    return number;
  }

  /** An element of an array or tuple: what is absent becomes null. */
  private Object item(LinkedType type, LinkedType declared, long word, @Nullable Object ref) {
    Object value = value(member(declared, type), word, Values.tagged(type, ref));
    return value == JsonAbsent.UNDEFINED ? JsonAbsent.NULL : value;
  }

  /** The declared type where it says more than the stored one. */
  private static LinkedType member(LinkedType declared, LinkedType stored) {
    LinkedType plain = declared.withoutNull();
    return plain.form == Form.UNION || plain.form == Form.ANY ? stored : plain;
  }

  private Object map(RMap map) {
    enter(map);
    RClass cls = map.cls;
    while (cls.typeArguments.length == 0 && cls.parent != null) {
      cls = cls.parent;
    }
    LinkedType key = cls.typeArguments[0];
    boolean pairs = cls.typeArguments.length > 1;
    LinkedHashMap<String, Object> members = new LinkedHashMap<>();
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < map.bound(); i++) {
      if (!map.live(i)) {
        continue;
      }
      if (pairs) {
        Object name = map.keyRef(i);
        if (name == null || !Text.isString(name)) {
          throw refused("Map with keys that are not strings");
        }
        LinkedType type = cls.typeArguments[1];
        members.put(
            Text.flat(name), value(type, map.valueWord(i), Values.tagged(type, map.valueRef(i))));
      } else {
        items.add(item(key, key, map.keyWord(i), map.keyRef(i)));
      }
    }
    open.removeLast();
    return pairs ? new JsonObject(members) : new JsonArray(items);
  }

  private Object object(LinkedType type, RObj object) {
    enter(object);
    RClass cls = object.cls;
    Object result;
    if (cls.sort == RClass.Sort.TUPLE) {
      List<Object> items = new ArrayList<>(cls.fieldNames.length);
      for (int i = 0; i < cls.fieldNames.length; i++) {
        LinkedType t = cls.fieldTypes[i];
        LinkedType declared = type.form == Form.TUPLE ? type.parts[i] : t;
        items.add(item(t, declared, object.word(i), object.ref(i)));
      }
      result = new JsonArray(items);
    } else {
      LinkedHashMap<String, Object> members = new LinkedHashMap<>();
      if (!own && (type.form == Form.INTERFACE || type.form == Form.OBJECT)) {
        for (LinkedType.Property p : type.properties) {
          int field = p.method() ? -1 : cls.field(p.name());
          if (field >= 0) {
            put(members, object, field, p.type(), p.optional());
          }
        }
      } else {
        for (int i = 0; i < cls.fieldNames.length; i++) {
          boolean hidden =
              cls.sort == RClass.Sort.CLASS && (cls.fieldFlags[i] & FieldDef.PRIVATE) != 0;
          if (!hidden) {
            boolean optional = (cls.fieldFlags[i] & RClass.OPTIONAL) != 0;
            put(members, object, i, cls.fieldTypes[i], optional);
          }
        }
      }
      result = new JsonObject(members);
    }
    open.removeLast();
    return result;
  }

  private void put(
      LinkedHashMap<String, Object> members,
      RObj object,
      int field,
      LinkedType declared,
      boolean optional) {
    LinkedType stored = object.cls.fieldTypes[field];
    Object tag = Values.tagged(stored, object.ref(field));
    boolean absent = tag == null || tag == Tag.NULL;
    boolean mayBeLeftOut = optional || (object.cls.fieldFlags[field] & RClass.OPTIONAL) != 0;
    if (absent && mayBeLeftOut) {
      return;
    }
    if (tag == null && !stored.hasNull()) {
      throw Traps.unsetMember();
    }
    Object value = value(member(declared, stored), object.word(field), tag);
    if (value != JsonAbsent.UNDEFINED) {
      members.put(object.cls.fieldNames[field], value);
    }
  }
}
