package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.Assignable;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Text;
import dev.raya.vm.value.TypeLinker;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final JsonTarget made;

  /** The steps from the value that is cast to the one looked at: a name or an index at each. */
  private @Nullable String[] names = new @Nullable String[8];

  private int[] indices = new int[8];

  private JsonCast(Polls polls, LinkedType target, JsonTarget made) {
    this.polls = polls;
    this.target = target;
    this.made = made;
  }

  /**
   * Casts a value and stores it in a cell in the form of the type.
   *
   * @throws TrapException TypeError that names the path
   */
  static void cast(Polls polls, Object json, JsonPlan to, long[] w, @Nullable Object[] r, int d) {
    JsonTarget made = new JsonTarget();
    new JsonCast(polls, to.type, made).value(json, to, 0);
    made.store(to.type, w, r, d);
  }

  /**
   * Casts a value that lies in others whose steps are not known, so that a failure is no message
   * for anybody.
   *
   * @param depth how many arrays and objects it lies in
   * @throws TrapException TypeError
   */
  static void cast(Polls polls, Object json, JsonPlan to, int depth, JsonTarget made) {
    new JsonCast(polls, to.type, made).value(json, to, depth);
  }

  private void step(int depth, @Nullable String name, int index) {
    if (depth >= indices.length) {
      names = Arrays.copyOf(names, 2 * depth);
      indices = Arrays.copyOf(indices, 2 * depth);
    }
    names[depth] = name;
    indices[depth] = index;
  }

  private String path(int depth) {
    StringBuilder out = new StringBuilder("$");
    for (int i = 0; i < depth; i++) {
      String name = names[i];
      if (name == null) {
        out.append('[').append(indices[i]).append(']');
      } else {
        out.append(step(name));
      }
    }
    return out.toString();
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
    // Of literals the value is told, not its kind.
    boolean exact = isLiteral(expected.withoutNull());
    return switch (json) {
      case JsonAbsent absent -> absent == JsonAbsent.NULL ? "null" : "absent";
      case Boolean b -> exact ? b.toString() : "boolean";
      case Double d ->
          exact || expected.withoutNull().form == Form.INT ? Numbers.text(d) : "number";
      case JsonArray a -> expected.form == Form.TUPLE ? "array of " + a.items().size() : "array";
      case JsonObject o -> "object";
      default -> exact ? Display.quote(Text.flat(json)) : "string";
    };
  }

  private void value(Object json, JsonPlan to, int depth) {
    if (depth > JsonText.MAX_DEPTH) {
      throw JsonText.tooDeep();
    }
    LinkedType type = to.type;
    switch (type.form) {
      case JSON, ANY -> {
        made.reference(json);
        return;
      }
      case NULL -> {
        if (json instanceof JsonAbsent) {
          made.absent();
          return;
        }
      }
      case INT -> {
        if (json instanceof Double d && (int) (double) d == d) {
          made.integer((int) (double) d);
          return;
        }
      }
      case NUMBER -> {
        if (json instanceof Double d) {
          made.number(d);
          return;
        }
      }
      case BOOL -> {
        if (json instanceof Boolean b) {
          made.bool(b);
          return;
        }
      }
      case STRING -> {
        if (Text.isString(json)) {
          made.reference(json);
          return;
        }
      }
      case STRING_LITERAL -> {
        if (Text.isString(json) && Text.flat(json).equals(type.text)) {
          made.reference(json);
          return;
        }
      }
      case INT_LITERAL -> {
        if (json instanceof Double d && d == (double) type.zeroWord) {
          made.integer((int) type.zeroWord);
          return;
        }
      }
      case BOOL_LITERAL -> {
        if (json instanceof Boolean b && b == (type.zeroWord != 0)) {
          made.bool(b);
          return;
        }
      }
      case ARRAY -> {
        if (json instanceof JsonArray array) {
          array(array, to, depth);
          return;
        }
      }
      case TUPLE -> {
        if (json instanceof JsonArray array && array.items().size() == type.parts.length) {
          tuple(array, to, depth);
          return;
        }
      }
      case OBJECT, INTERFACE -> {
        if (json instanceof JsonObject object) {
          object(object, to, depth);
          return;
        }
      }
      case CLASS -> {
        RClass cls = to.cls();
        if (cls.storage == RClass.Storage.MAP && json instanceof JsonObject object) {
          map(object, to, depth);
          return;
        }
        if (cls.storage == RClass.Storage.SET && json instanceof JsonArray array) {
          set(array, to, depth);
          return;
        }
      }
      case UNION -> {
        union(json, to, depth);
        return;
      }
      default -> {}
    }
    throw failed(path(depth), type, json);
  }

  private void array(JsonArray array, JsonPlan to, int depth) {
    int n = array.items().size();
    polls.allocate(24 + 8L * n);
    RArray elements = RArray.make(to.type, n);
    JsonPlan element = to.element();
    for (int i = 0; i < n; i++) {
      step(depth, null, i);
      value(array.items().get(i), element, depth + 1);
      made.store(element.type, elements, i);
    }
    made.reference(elements);
  }

  private void tuple(JsonArray array, JsonPlan to, int depth) {
    RClass cls = to.cls();
    polls.allocate(cls.size);
    RObj tuple = new RObj(cls);
    for (int i = 0; i < to.parts.length; i++) {
      step(depth, null, i);
      value(array.items().get(i), to.parts[i], depth + 1);
      made.store(to.parts[i].type, tuple, i);
    }
    made.reference(tuple);
  }

  private void object(JsonObject json, JsonPlan to, int depth) {
    RClass cls = to.cls();
    polls.allocate(cls.size);
    RObj object = new RObj(cls);
    for (int i = 0; i < to.fields.length; i++) {
      String name = cls.fieldNames[i];
      Object member = json.members().getOrDefault(name, JsonAbsent.UNDEFINED);
      if (to.leftOut[i] && member instanceof JsonAbsent) {
        continue;
      }
      step(depth, name, 0);
      value(member, to.fields[i], depth + 1);
      made.store(cls.fieldTypes[i], object, i);
    }
    made.reference(object);
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

  private void map(JsonObject object, JsonPlan to, int depth) {
    RClass cls = to.cls();
    if (cls.typeArguments[0].form != Form.STRING) {
      throw failed(path(depth), cls.typeArguments[0], object);
    }
    RMap map = new RMap(cls);
    JsonPlan element = to.element();
    for (Map.Entry<String, Object> member : object.members().entrySet()) {
      polls.allocate(40);
      step(depth, member.getKey(), 0);
      value(member.getValue(), element, depth + 1);
      made.put(element.type, map, member.getKey());
    }
    made.reference(map);
  }

  private void set(JsonArray array, JsonPlan to, int depth) {
    RMap set = new RMap(to.cls());
    JsonPlan element = to.element();
    for (int i = 0; i < array.items().size(); i++) {
      polls.allocate(40);
      step(depth, null, i);
      value(array.items().get(i), element, depth + 1);
      made.add(element.type, set);
    }
    made.reference(set);
  }

  /** The member of the value's kind; of objects the one whose discriminating literals agree. */
  private void union(Object json, JsonPlan to, int depth) {
    if (json instanceof JsonAbsent && to.type.hasNull()) {
      made.absent();
      return;
    }
    JsonPlan only = null;
    for (JsonPlan member : to.members) {
      if (only == null && fits(json, member.type)) {
        only = member;
      }
    }
    if (only == null) {
      // Of several objects none has the discriminant found: the first tells what was expected.
      if (to.nonNull != null) {
        value(json, to.nonNull, depth);
        return;
      }
      LinkedType plain = to.type.withoutNull();
      if (json instanceof JsonObject object) {
        throw discriminant(object, plain, path(depth));
      }
      throw failed(path(depth), to.type, json);
    }
    value(json, only, depth);
    if (to.type.has(Form.NUMBER) && !to.type.has(Form.INT)) {
      made.widen();
    }
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
