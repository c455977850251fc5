package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.Assignable;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import dev.raya.vm.value.TypeLinker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON_CAST (language.md 13.3): checks a json value against a type and builds the typed value. The
 * first failure in the order of the type counts.
 */
final class JsonCast {
  private final Polls polls;
  private final LinkedType target;

  /** A value in the two cells of a slot, in the form of some type. */
  private record Cells(long word, @Nullable Object ref) {}

  private static final Cells NULL = new Cells(0, Tag.NULL);

  private JsonCast(Polls polls, LinkedType target) {
    this.polls = polls;
    this.target = target;
  }

  /**
   * Casts a value and stores it in a cell in the form of the type.
   *
   * @throws TrapException TypeError that names the path
   */
  static void cast(Polls polls, Object json, LinkedType to, long[] w, @Nullable Object[] r, int d) {
    Cells made = new JsonCast(polls, to).value(json, to, "$", 0);
    store(made, to, w, r, d);
  }

  /** Stores a value in tagged form in the form of a type. */
  private static void store(Cells v, LinkedType to, long[] w, @Nullable Object[] r, int d) {
    w[d] = v.word;
    switch (to.kind) {
      case Kind.R -> r[d] = v.ref == Tag.NULL ? null : v.ref;
      case Kind.V -> r[d] = v.ref;
      default -> r[d] = null;
    }
  }

  private TrapException failed(String path, LinkedType expected, Object found) {
    return new TrapException(
        Trap.TYPE_ERROR,
        "cannot cast json to "
            + Assignable.describe(target)
            + ": "
            + path
            + " expected "
            + expected(expected)
            + ", got "
            + found(expected, found));
  }

  private static String expected(LinkedType type) {
    return switch (type.form) {
      case UNION -> {
        List<String> members = new ArrayList<>();
        for (LinkedType part : type.parts) {
          String one = expected(part);
          if (!members.contains(one)) {
            members.add(one);
          }
        }
        yield String.join(" or ", members);
      }
      case STRING_LITERAL -> Display.quote(type.text);
      case TUPLE -> "array of " + type.parts.length;
      case ARRAY -> "array";
      case INT, NUMBER, STRING, NULL -> Assignable.describe(type);
      case BOOL -> "boolean";
      case INT_LITERAL, BOOL_LITERAL -> Assignable.describe(type);
      case CLASS -> type.shape().storage == RClass.Storage.SET ? "array" : "object";
      default -> "object";
    };
  }

  private static String found(LinkedType expected, Object json) {
    return switch (json) {
      case JsonAbsent absent -> absent == JsonAbsent.NULL ? "null" : "absent";
      case Boolean b -> isExact(expected, Form.BOOL_LITERAL) ? b.toString() : "boolean";
      case Double d ->
          isExact(expected, Form.INT_LITERAL) || expected.withoutNull().form == Form.INT
              ? Numbers.text(d)
              : "number";
      case JsonArray a -> expected.form == Form.TUPLE ? "array of " + a.items().size() : "array";
      case JsonObject o -> "object";
      default -> isExact(expected, Form.STRING_LITERAL) ? Display.quote(Text.flat(json)) : "string";
    };
  }

  /** Whether a literal of that kind, or a union of them, is expected. */
  private static boolean isExact(LinkedType expected, Form literal) {
    if (expected.form != Form.UNION) {
      return expected.form == literal;
    }
    for (LinkedType part : expected.parts) {
      if (part.form != literal && part.form != Form.NULL) {
        return false;
      }
    }
    return true;
  }

  private Cells value(Object json, LinkedType to, String path, int depth) {
    if (depth > JsonText.MAX_DEPTH) {
      throw JsonText.tooDeep();
    }
    switch (to.form) {
      case JSON, ANY -> {
        return new Cells(0, json);
      }
      case NULL -> {
        if (json instanceof JsonAbsent) {
          return NULL;
        }
      }
      case INT -> {
        if (json instanceof Double d && (int) (double) d == d) {
          return new Cells((int) (double) d, Tag.INT);
        }
      }
      case NUMBER -> {
        if (json instanceof Double d) {
          return new Cells(Double.doubleToRawLongBits(d), Tag.NUM);
        }
      }
      case BOOL -> {
        if (json instanceof Boolean b) {
          return new Cells(b ? 1 : 0, Tag.BOOL);
        }
      }
      case STRING -> {
        if (Text.isString(json)) {
          return new Cells(0, json);
        }
      }
      case STRING_LITERAL -> {
        if (Text.isString(json) && Text.flat(json).equals(to.text)) {
          return new Cells(0, json);
        }
      }
      case INT_LITERAL -> {
        if (json instanceof Double d && d == (double) to.zeroWord) {
          return new Cells(to.zeroWord, Tag.INT);
        }
      }
      case BOOL_LITERAL -> {
        if (json instanceof Boolean b && b == (to.zeroWord != 0)) {
          return new Cells(to.zeroWord, Tag.BOOL);
        }
      }
      case ARRAY -> {
        if (json instanceof JsonArray array) {
          return array(array, to, path, depth);
        }
      }
      case TUPLE -> {
        if (json instanceof JsonArray array && array.items().size() == to.parts.length) {
          return tuple(array, to, path, depth);
        }
      }
      case OBJECT, INTERFACE -> {
        if (json instanceof JsonObject object) {
          return object(object, to, path, depth);
        }
      }
      case CLASS -> {
        RClass cls = to.shape();
        if (cls.storage == RClass.Storage.MAP && json instanceof JsonObject object) {
          return map(object, cls, path, depth);
        }
        if (cls.storage == RClass.Storage.SET && json instanceof JsonArray array) {
          return set(array, cls, path, depth);
        }
      }
      case UNION -> {
        return union(json, to, path, depth);
      }
      default -> {}
    }
    throw failed(path, to, json);
  }

  private Cells array(JsonArray array, LinkedType to, String path, int depth) {
    int n = array.items().size();
    polls.allocate(24 + 8L * n);
    RArray made = RArray.make(to, n);
    long[] w = new long[1];
    @Nullable Object[] r = new Object[1];
    for (int i = 0; i < n; i++) {
      Cells item = value(array.items().get(i), to.element(), path + "[" + i + "]", depth + 1);
      store(item, to.element(), w, r, 0);
      made.set(i, w[0], r[0]);
    }
    return new Cells(0, made);
  }

  private Cells tuple(JsonArray array, LinkedType to, String path, int depth) {
    RClass cls = to.shape();
    polls.allocate(cls.size);
    RObj made = new RObj(cls);
    for (int i = 0; i < to.parts.length; i++) {
      Cells item = value(array.items().get(i), to.parts[i], path + "[" + i + "]", depth + 1);
      set(made, i, item, to.parts[i]);
    }
    return new Cells(0, made);
  }

  private static void set(RObj made, int field, Cells v, LinkedType type) {
    long[] w = new long[1];
    @Nullable Object[] r = new Object[1];
    store(v, type, w, r, 0);
    made.set(field, w[0], r[0]);
  }

  private Cells object(JsonObject object, LinkedType to, String path, int depth) {
    RClass cls = TypeLinker.objectOf(to).shape();
    polls.allocate(cls.size);
    RObj made = new RObj(cls);
    for (int i = 0; i < cls.fieldNames.length; i++) {
      String name = cls.fieldNames[i];
      LinkedType type = cls.fieldTypes[i];
      Object member = object.members().getOrDefault(name, JsonAbsent.UNDEFINED);
      boolean optional = (cls.fieldFlags[i] & RClass.OPTIONAL) != 0;
      if (optional && member instanceof JsonAbsent && type.form != Form.JSON) {
        continue;
      }
      set(made, i, value(member, type, path + step(name), depth + 1), type);
    }
    return new Cells(0, made);
  }

  /** A step of a path: {@code .name} or {@code ["other key"]}. */
  static String step(String name) {
    boolean plain = !name.isEmpty() && !Character.isDigit(name.charAt(0));
    for (int i = 0; i < name.length() && plain; i++) {
      char c = name.charAt(i);
      plain = Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
    return plain ? "." + name : "[" + Display.quote(name) + "]";
  }

  private Cells map(JsonObject object, RClass cls, String path, int depth) {
    RMap made = new RMap(cls);
    LinkedType type = cls.typeArguments[1];
    if (cls.typeArguments[0].form != Form.STRING) {
      throw failed(path, cls.typeArguments[0], object);
    }
    long[] w = new long[1];
    @Nullable Object[] r = new Object[1];
    for (Map.Entry<String, Object> member : object.members().entrySet()) {
      polls.allocate(40);
      Cells v = value(member.getValue(), type, path + step(member.getKey()), depth + 1);
      store(v, type, w, r, 0);
      made.put(0, member.getKey(), w[0], r[0]);
    }
    return new Cells(0, made);
  }

  private Cells set(JsonArray array, RClass cls, String path, int depth) {
    RMap made = new RMap(cls);
    LinkedType type = cls.typeArguments[0];
    long[] w = new long[1];
    @Nullable Object[] r = new Object[1];
    for (int i = 0; i < array.items().size(); i++) {
      polls.allocate(40);
      Cells v = value(array.items().get(i), type, path + "[" + i + "]", depth + 1);
      store(v, type, w, r, 0);
      made.put(w[0], r[0], 0, null);
    }
    return new Cells(0, made);
  }

  /** The member of the value's kind; of objects the one whose discriminating literals agree. */
  private Cells union(Object json, LinkedType to, String path, int depth) {
    if (json instanceof JsonAbsent && to.hasNull()) {
      return NULL;
    }
    LinkedType only = null;
    boolean ambiguous = false;
    for (LinkedType part : to.parts) {
      if (fits(json, part)) {
        ambiguous |= only != null;
        only = only == null ? part : only;
      }
    }
    if (only == null) {
      // Of several objects none has the discriminant found: the first tells what was expected.
      LinkedType plain = to.withoutNull();
      if (plain.form != Form.UNION) {
        return value(json, plain, path, depth);
      }
      if (json instanceof JsonObject object) {
        throw discriminant(object, plain, path);
      }
      throw failed(path, to, json);
    }
    Cells made = value(json, only, path, depth);
    boolean number = made.ref == Tag.INT && to.has(Form.NUMBER) && !to.has(Form.INT);
    return number ? new Cells(Double.doubleToRawLongBits((int) made.word), Tag.NUM) : made;
  }

  private TrapException discriminant(JsonObject object, LinkedType union, String path) {
    for (LinkedType part : union.parts) {
      for (LinkedType.Property p : part.properties) {
        Object found = object.members().getOrDefault(p.name(), JsonAbsent.UNDEFINED);
        if (isLiteral(p.type()) && !fits(found, p.type())) {
          LinkedType all = p.type();
          for (LinkedType other : union.parts) {
            LinkedType.Property q = other.property(p.name());
            all = q == null ? all : TypeLinker.unionOf(all, q.type());
          }
          return failed(path + step(p.name()), all, found);
        }
      }
    }
    return failed(path, union, object);
  }

  private static boolean isLiteral(LinkedType type) {
    return switch (type.form) {
      case STRING_LITERAL, INT_LITERAL, BOOL_LITERAL -> true;
      case UNION -> {
        boolean all = true;
        for (LinkedType part : type.parts) {
          all &= isLiteral(part);
        }
        yield all;
      }
      default -> false;
    };
  }

  /** Whether a value is of the kind of a member of a union; of literals, exactly it. */
  private static boolean fits(Object json, LinkedType part) {
    return switch (part.form) {
      case JSON, ANY -> true;
      case NULL -> json instanceof JsonAbsent;
      case INT -> json instanceof Double d && (int) (double) d == d;
      case NUMBER -> json instanceof Double;
      case BOOL -> json instanceof Boolean;
      case STRING -> Text.isString(json);
      case STRING_LITERAL -> Text.isString(json) && Text.flat(json).equals(part.text);
      case INT_LITERAL -> json instanceof Double d && d == (double) part.zeroWord;
      case BOOL_LITERAL -> json instanceof Boolean b && b == (part.zeroWord != 0);
      case ARRAY -> json instanceof JsonArray;
      case TUPLE -> json instanceof JsonArray a && a.items().size() == part.parts.length;
      case CLASS ->
          part.shape().storage == RClass.Storage.SET
              ? json instanceof JsonArray
              : json instanceof JsonObject;
      case OBJECT, INTERFACE -> {
        boolean all = json instanceof JsonObject;
        if (json instanceof JsonObject object) {
          for (LinkedType.Property p : part.properties) {
            all &=
                !isLiteral(p.type())
                    || fits(
                        object.members().getOrDefault(p.name(), JsonAbsent.UNDEFINED), p.type());
          }
        }
        yield all;
      }
      case UNION -> {
        boolean any = false;
        for (LinkedType member : part.parts) {
          any |= fits(json, member);
        }
        yield any;
      }
      default -> false;
    };
  }
}
