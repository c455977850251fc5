package dev.raya.vm.interp;

import dev.raya.vm.value.Cell;
import dev.raya.vm.value.Closure;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import org.jspecify.annotations.Nullable;

/** What can be asked of a value through its cells and static type: tag, truth, text, type name. */
final class Values {
  private Values() {}

  /** Returns the reference cell of the value in form V: a tag for words and null. */
  static @Nullable Object tagged(LinkedType type, @Nullable Object ref) {
    return switch (type.kind) {
      case Kind.I -> type.isBool() ? Tag.BOOL : Tag.INT;
      case Kind.F -> Tag.NUM;
      case Kind.R -> ref == null ? Tag.NULL : ref;
      default -> ref;
    };
  }

  /** Returns the number that a word tagged INT or NUM stands for. */
  static double number(long word, Object tag) {
    return tag == Tag.INT ? (double) (int) word : Double.longBitsToDouble(word);
  }

  /** Truthiness (language.md 5.3). */
  static boolean truthy(LinkedType type, long word, @Nullable Object ref) {
    Object tag = tagged(type, ref);
    if (tag == Tag.INT || tag == Tag.BOOL) {
      return (int) word != 0;
    }
    if (tag == Tag.NUM) {
      double d = Double.longBitsToDouble(word);
      return d != 0 && !Double.isNaN(d);
    }
    if (tag == null || tag == Tag.NULL || tag instanceof JsonAbsent) {
      return false;
    }
    if (tag instanceof Boolean b) {
      return b;
    }
    if (tag instanceof Double d) {
      return d != 0 && !Double.isNaN(d);
    }
    return !Text.isString(tag) || Text.length(tag) > 0;
  }

  /** TYPEOF (rbin.md 6.3). */
  static String typeName(LinkedType type, @Nullable Object ref) {
    Object tag = tagged(type, ref);
    if (tag == Tag.NULL || tag == JsonAbsent.NULL) {
      return "null";
    }
    if (tag instanceof Tag || tag == JsonAbsent.UNDEFINED) {
      return tag.toString();
    }
    if (tag instanceof Boolean) {
      return "boolean";
    }
    if (tag instanceof Double) {
      return "number";
    }
    return tag != null && Text.isString(tag) ? "string" : "object";
  }

  /** TO_STRING of primitives, bare unions and json. */
  static Object text(LinkedType type, long word, @Nullable Object ref) {
    Object tag = tagged(type, ref);
    if (tag == Tag.INT) {
      return Integer.toString((int) word);
    }
    if (tag == Tag.NUM) {
      return Numbers.text(Double.longBitsToDouble(word));
    }
    if (tag == Tag.BOOL) {
      return word != 0 ? "true" : "false";
    }
    if (tag != null && Text.isString(tag)) {
      return tag;
    }
    if (tag == null) {
      return "null";
    }
    StringBuilder out = new StringBuilder();
    Display.append(out, type, word, ref);
    return out.toString();
  }

  /** Returns the own type of an object, or null for strings, json and the VM's own objects. */
  static @Nullable LinkedType ownType(Object object) {
    return switch (object) {
      case RObj o -> o.cls.type;
      case RArray a -> a.type;
      case Closure c -> c.function.type;
      case Cell c -> null;
      default -> null;
    };
  }

  /** Says whether a value is of a form that IS_… asks for, 0 null … 6 array. */
  static boolean is(int what, LinkedType type, @Nullable Object ref) {
    Object tag = tagged(type, ref);
    return switch (what) {
      case 0 -> tag == Tag.NULL || tag == JsonAbsent.NULL;
      case 1 -> tag == Tag.INT;
      case 2 -> tag == Tag.NUM || tag == Tag.INT;
      case 3 -> tag != null && Text.isString(tag);
      case 4 -> tag == Tag.BOOL;
      case 5 -> tag instanceof RObj o && o.cls.sort != dev.raya.vm.value.RClass.Sort.TUPLE;
      default ->
          tag instanceof RArray
              || (tag instanceof RObj o && o.cls.sort == dev.raya.vm.value.RClass.Sort.TUPLE);
    };
  }

  /** Returns the predefined form that a tag stands for. */
  static @Nullable Form formOf(@Nullable Object tag) {
    if (tag == Tag.INT) {
      return Form.INT;
    }
    if (tag == Tag.NUM) {
      return Form.NUMBER;
    }
    if (tag == Tag.BOOL) {
      return Form.BOOL;
    }
    return tag == Tag.NULL ? Form.NULL : null;
  }
}
