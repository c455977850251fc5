package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RMap;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import org.jspecify.annotations.Nullable;

/** The operands of a CALL_BUILTIN and the cell of its result; one object per worker, reused. */
@SuppressWarnings("NullAway") // The verifier vouches for what the cells hold.
final class Args {
  BuiltinSite site;
  long[] w;
  @Nullable Object[] r;
  int base;
  int count;
  int d;

  int integer(int i) {
    return (int) w[base + i];
  }

  double number(int i) {
    return Double.longBitsToDouble(w[base + i]);
  }

  /** A number as a position: truncated, NaN as 0, held within int. */
  int position(int i) {
    return (int) number(i);
  }

  /** An optional number as a position. */
  int position(int i, int otherwise) {
    return i < count ? position(i) : otherwise;
  }

  String text(int i) {
    return Text.flat(r[base + i]);
  }

  @Nullable Object ref(int i) {
    return r[base + i];
  }

  long word(int i) {
    return w[base + i];
  }

  RArray array(int i) {
    RArray array = (RArray) r[base + i];
    if (array == null) {
      throw Traps.nullAccess(member());
    }
    return array;
  }

  RMap map(int i) {
    RMap map = (RMap) r[base + i];
    if (map == null) {
      throw Traps.nullAccess(member());
    }
    return map;
  }

  private String member() {
    String name = site.row.name();
    return name.substring(name.indexOf('.') + 1);
  }

  LinkedType type(int i) {
    return site.arguments[i];
  }

  void returnInt(int value) {
    w[d] = value;
  }

  void returnBool(boolean value) {
    w[d] = value ? 1 : 0;
  }

  void returnNumber(double value) {
    w[d] = Double.doubleToRawLongBits(value);
  }

  /** Returns a reference of a type of kind R. */
  void returnRef(@Nullable Object value) {
    r[d] = value;
  }

  /** Returns null in the form of the result's type. */
  void returnNull() {
    w[d] = 0;
    r[d] = site.result.kind == Kind.V ? Tag.NULL : null;
  }

  /** Returns a value of some type in the form of the result's type. */
  void returnValue(LinkedType own, long word, @Nullable Object ref) {
    Adaptation.of(own, site.result).store(word, ref, w, r, d);
  }

  /** Returns an element; an unset one traps. */
  void returnElement(RArray array, int i) {
    ColdInstructions.element(array, i, site.result, w, r, d);
  }

  static TrapException rangeError(String message) {
    return new TrapException(Trap.RANGE_ERROR, message);
  }
}
