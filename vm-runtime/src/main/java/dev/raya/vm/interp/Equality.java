package dev.raya.vm.interp;

import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import org.jspecify.annotations.Nullable;

/** STRICT_EQ, EQ and their negations on two operands of any types (language.md 5.4). */
final class Equality {
  private final LinkedType left;
  private final LinkedType right;
  private final boolean negated;
  private final boolean json;

  Equality(LinkedType left, LinkedType right, boolean negated, boolean json) {
    this.left = left;
    this.right = right;
    this.negated = negated;
    this.json = json;
  }

  boolean test(long wa, @Nullable Object ra, long wb, @Nullable Object rb) {
    return equal(wa, Values.tagged(left, ra), wb, Values.tagged(right, rb)) != negated;
  }

  private boolean equal(long wa, @Nullable Object a, long wb, @Nullable Object b) {
    if (a instanceof Tag ta && b instanceof Tag tb) {
      if (ta == Tag.NULL || tb == Tag.NULL) {
        return ta == tb;
      }
      if (ta == Tag.BOOL || tb == Tag.BOOL) {
        return ta == tb && wa == wb;
      }
      return Values.number(wa, ta) == Values.number(wb, tb);
    }
    if (a == b) {
      return true;
    }
    if (isJson(a) || isJson(b)) {
      return jsonPrimitives(wa, a, wb, b);
    }
    if (isNullLike(a) && isNullLike(b)) {
      return true;
    }
    return a != null && b != null && Text.isString(a) && Text.isString(b) && Text.equal(a, b);
  }

  private static boolean isJson(@Nullable Object value) {
    return value instanceof Double || value instanceof Boolean;
  }

  /** A number or boolean in json beside one that is, or is not, in json. */
  private static boolean jsonPrimitives(long wa, @Nullable Object a, long wb, @Nullable Object b) {
    Object left = boxed(wa, a);
    Object right = boxed(wb, b);
    return left instanceof Double x && right instanceof Double y
        ? (double) x == (double) y
        : left != null && left.equals(right);
  }

  private static @Nullable Object boxed(long word, @Nullable Object value) {
    if (value == Tag.BOOL) {
      return word != 0;
    }
    return value instanceof Tag tag && tag != Tag.NULL ? (Object) Values.number(word, tag) : value;
  }

  /** Null, and in {@code ==} the absent json value too. */
  private boolean isNullLike(@Nullable Object value) {
    return value == Tag.NULL || value == JsonAbsent.NULL || (json && value == JsonAbsent.UNDEFINED);
  }

  /** Returns the kind of cell that both operands use, or −1 if they differ. */
  int commonKind() {
    return left.kind == right.kind ? left.kind : -Kind.R;
  }
}
