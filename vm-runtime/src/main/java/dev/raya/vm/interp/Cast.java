package dev.raya.vm.interp;

import dev.raya.vm.task.RChannel;
import dev.raya.vm.task.RMutex;
import dev.raya.vm.value.Assignable;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import org.jspecify.annotations.Nullable;

/** CHECK_CAST and INSTANCEOF: whether the own type of a value is assignable to a type. */
final class Cast {
  final LinkedType from;
  final LinkedType to;
  final Adaptation adaptation;
  private @Nullable LinkedType lastType;

  Cast(LinkedType from, LinkedType to) {
    this.from = from;
    this.to = to;
    this.adaptation = Adaptation.of(from, to);
  }

  /**
   * Says whether the value in two cells, whose static type is {@link #from}, is one of {@link #to}.
   */
  boolean test(long word, @Nullable Object ref) {
    Object tag = Values.tagged(from, ref);
    if (tag != null && !(tag instanceof Tag)) {
      LinkedType own = Values.ownType(tag);
      if (own != null && own == lastType) {
        return true;
      }
      boolean ok = holds(to, word, tag, own);
      if (ok && own != null && to.form != Form.STRING_LITERAL) {
        lastType = own;
      }
      return ok;
    }
    return holds(to, word, tag, null);
  }

  private static boolean holds(
      LinkedType to, long word, @Nullable Object tag, @Nullable LinkedType own) {
    return switch (to.form) {
      case UNION -> {
        boolean any = false;
        for (LinkedType part : to.parts) {
          any = any || holds(part, word, tag, own);
        }
        yield any;
      }
      case ANY -> tag != null;
      case NULL -> tag == Tag.NULL;
      case INT -> tag == Tag.INT;
      case NUMBER -> tag == Tag.NUM || tag == Tag.INT;
      case BOOL -> tag == Tag.BOOL;
      case BOOL_LITERAL -> tag == Tag.BOOL && word == to.zeroWord;
      case INT_LITERAL -> tag == Tag.INT && (int) word == (int) to.zeroWord;
      case STRING -> tag != null && Text.isString(tag);
      case STRING_LITERAL -> tag != null && Text.isString(tag) && Text.flat(tag).equals(to.text);
      case ERROR -> tag instanceof RError;
      case CLASS -> tag instanceof RObj o && o.cls.isA(to.shape());
      case ARRAY, TUPLE, FUNCTION, INTERFACE, OBJECT ->
          own != null
              && (tag instanceof RObj || tag instanceof RArray || own.form == Form.FUNCTION)
              && Assignable.test(own, to);
      case MUTEX -> Synchronizers.itself(tag) instanceof RMutex;
      case CHANNEL -> Synchronizers.itself(tag) instanceof RChannel;
      case JSON, TYPE_INFO, PROPERTY_INFO, BYTES, FOREIGN, TASK, CELL ->
          tag != null && !(tag instanceof Tag);
      case NEVER, VOID -> false;
    };
  }

  /** Returns what a failed cast says. Compilers cast where a test before told what the value is. */
  String complaint(long word, @Nullable Object ref) {
    Object tag = Values.tagged(from, ref);
    String found =
        tag instanceof RObj o && !o.cls.name.isEmpty() ? o.cls.name : Values.typeName(from, ref);
    String wanted = Assignable.describe(to);
    if (to.kind == Kind.NONE) {
      return "value is not " + wanted + " but " + found + " (no value fits)";
    }
    return (wanted.equals(found)
            ? "the value is another " + found + " than a test before found"
            : "value is not "
                + wanted
                + " but "
                + found
                + ", though a test before found that it is")
        + ": it was set in between";
  }
}
