package dev.raya.vm.value;

import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.LinkedType.Property;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Assignability of linked types (rbin.md 5.3), for casts at run time. Structural types may be
 * recursive: a pair already being compared is taken to hold, which is the greatest solution.
 */
public final class Assignable {
  private final List<LinkedType> assumed = new ArrayList<>();

  private Assignable() {}

  /** Says whether values of {@code from} are values of {@code to}. */
  public static boolean test(LinkedType from, LinkedType to) {
    return new Assignable().to(from, to);
  }

  private boolean to(LinkedType a, LinkedType b) {
    if (a == b || a.form == Form.NEVER || b.form == Form.ANY) {
      return true;
    }
    if (a.form == Form.UNION) {
      for (LinkedType part : a.parts) {
        if (!to(part, b)) {
          return false;
        }
      }
      return true;
    }
    if (b.form == Form.UNION) {
      for (LinkedType part : b.parts) {
        if (to(a, part)) {
          return true;
        }
      }
      return false;
    }
    return switch (a.form) {
      case BOOL_LITERAL ->
          b.form == Form.BOOL || (b.form == Form.BOOL_LITERAL && a.zeroWord == b.zeroWord);
      case INT_LITERAL ->
          b.form == Form.INT || (b.form == Form.INT_LITERAL && a.zeroWord == b.zeroWord);
      case STRING_LITERAL ->
          b.form == Form.STRING || (b.form == Form.STRING_LITERAL && a.text.equals(b.text));
      case CLASS -> fromClass(a, b);
      case ERROR ->
          b.form == Form.ERROR
              || (b.form == Form.CLASS
                  && b.shape().parent == null
                  && b.shape().storage == RClass.Storage.ERROR);
      case INTERFACE, OBJECT ->
          (b.form == Form.INTERFACE || b.form == Form.OBJECT) && structural(a, b);
      case ARRAY ->
          b.form == Form.ARRAY
              && (b.readOnly
                  ? to(a.element(), b.element())
                  : !a.readOnly && same(a.element(), b.element()));
      case TUPLE -> b.form == Form.TUPLE && tuple(a, b);
      case FUNCTION -> b.form == Form.FUNCTION && function(a, b);
      case TASK ->
          b.form == Form.TASK && (b.element().form == Form.VOID || to(a.element(), b.element()));
      case CHANNEL, CELL -> b.form == a.form && same(a.element(), b.element());
      default -> a.form == b.form;
    };
  }

  private boolean same(LinkedType a, LinkedType b) {
    return a == b || (to(a, b) && to(b, a));
  }

  private boolean fromClass(LinkedType a, LinkedType b) {
    RClass cls = a.shape();
    if (b.form == Form.CLASS) {
      return cls.isA(b.shape());
    }
    if (b.form == Form.ERROR) {
      return cls.storage == RClass.Storage.ERROR;
    }
    if (b.form == Form.MUTEX) {
      return cls.isSynchronizer("Mutex");
    }
    if (b.form == Form.CHANNEL) {
      return cls.isSynchronizer("Channel") && same(cls.root().typeArguments[0], b.element());
    }
    return (b.form == Form.INTERFACE || b.form == Form.OBJECT) && structural(a, b);
  }

  private boolean structural(LinkedType a, LinkedType b) {
    for (int i = 0; i < assumed.size(); i += 2) {
      if (assumed.get(i) == a && assumed.get(i + 1) == b) {
        return true;
      }
    }
    assumed.add(a);
    assumed.add(b);
    for (Property wanted : b.properties) {
      LinkedType found = memberType(a, wanted.name());
      if (found == null) {
        // An exact object type without an optional property was made by a literal that left it out.
        if (!wanted.optional() || a.form == Form.CLASS) {
          return false;
        }
      } else if (wanted.readOnly() || wanted.method()
          ? !to(found, wanted.type())
          : !same(found, wanted.type())) {
        return false;
      }
    }
    return true;
  }

  /** Returns the type of a class's or structural type's member of that name, or null. */
  public static @Nullable LinkedType memberType(LinkedType owner, String name) {
    if (owner.form == Form.CLASS) {
      RClass cls = owner.shape();
      int field = cls.field(name);
      if (field >= 0) {
        return cls.fieldTypes[field];
      }
      RFunction method = cls.method(name);
      if (method != null) {
        return method.type;
      }
      RFunction getter = cls.method("get " + name);
      return getter != null ? getter.type.resultType() : null;
    }
    Property p = owner.property(name);
    return p == null ? null : p.type();
  }

  private boolean tuple(LinkedType a, LinkedType b) {
    if (a.parts.length != b.parts.length || (a.readOnly && !b.readOnly)) {
      return false;
    }
    for (int i = 0; i < a.parts.length; i++) {
      if (b.readOnly ? !to(a.parts[i], b.parts[i]) : !same(a.parts[i], b.parts[i])) {
        return false;
      }
    }
    return true;
  }

  private boolean function(LinkedType a, LinkedType b) {
    if (a.parts.length - a.optional > b.parts.length || (a.rest && !b.rest)) {
      return false;
    }
    for (int i = 0; i < Math.min(a.parts.length, b.parts.length); i++) {
      if (!converts(b.parts[i], a.parts[i])) {
        return false;
      }
    }
    return b.resultType().form == Form.VOID || converts(a.resultType(), b.resultType());
  }

  private boolean converts(LinkedType a, LinkedType b) {
    return to(a, b) || (a.kind == Kind.I && !a.isBool() && b.has(Form.NUMBER));
  }

  /** Returns the text of a type for messages. */
  public static String describe(LinkedType type) {
    return switch (type.form) {
      case CLASS -> type.shape().name;
      case INTERFACE, OBJECT -> type.text.isEmpty() ? "object" : type.text;
      case ARRAY ->
          type.element().form == LinkedType.Form.UNION
              ? "(" + describe(type.element()) + ")[]"
              : describe(type.element()) + "[]";
      case STRING_LITERAL -> '"' + type.text + '"';
      case INT_LITERAL -> Long.toString(type.zeroWord);
      case BOOL_LITERAL -> type.zeroWord != 0 ? "true" : "false";
      case BOOL -> "boolean";
      case ERROR -> "Error";
      case UNION -> {
        StringBuilder out = new StringBuilder();
        for (LinkedType part : type.parts) {
          out.append(out.isEmpty() ? "" : " | ").append(describe(part));
        }
        yield out.toString();
      }
      default -> type.form.name().toLowerCase(java.util.Locale.ROOT);
    };
  }
}
