package dev.raya.vm.interp;

import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.Tag;
import org.jspecify.annotations.Nullable;

/**
 * How a value of one type is turned into the form of a type it is assignable to (vm.md 3.6, WIDEN):
 * a change of physical kind, and int to number.
 */
enum Adaptation {
  /** The cells are right as they are. */
  NONE,
  /** int in the word to binary64 in the word. */
  INT_TO_NUMBER,
  /** int to V. */
  INT_TO_ANY,
  /** int to number in V. */
  INT_TO_ANY_NUMBER,
  /** boolean to V. */
  BOOL_TO_ANY,
  /** number to V. */
  NUMBER_TO_ANY,
  /** Reference to V: null gets its tag. */
  REF_TO_ANY,
  /** In V, an int becomes a number. */
  ANY_INT_TO_NUMBER,
  /** V to the int or boolean in it. */
  ANY_TO_WORD,
  /** V to the number in it, an int being converted. */
  ANY_TO_NUMBER,
  /** V to the reference in it, null to Java null. */
  ANY_TO_REF;

  /** Returns the adaptation of values of {@code from} to the form of {@code to}. */
  static Adaptation of(LinkedType from, LinkedType to) {
    if (from == to) {
      return NONE;
    }
    return switch (to.kind) {
      case Kind.F ->
          from.kind == Kind.I ? INT_TO_NUMBER : from.kind == Kind.V ? ANY_TO_NUMBER : NONE;
      case Kind.I -> from.kind == Kind.V ? ANY_TO_WORD : NONE;
      case Kind.R -> from.kind == Kind.V ? ANY_TO_REF : NONE;
      case Kind.V ->
          switch (from.kind) {
            case Kind.I ->
                from.isBool() ? BOOL_TO_ANY : wantsNumber(to) ? INT_TO_ANY_NUMBER : INT_TO_ANY;
            case Kind.F -> NUMBER_TO_ANY;
            case Kind.R -> REF_TO_ANY;
            case Kind.V ->
                wantsNumber(to) && from.form != LinkedType.Form.ANY ? ANY_INT_TO_NUMBER : NONE;
            default -> NONE;
          };
      default -> NONE;
    };
  }

  private static boolean wantsNumber(LinkedType union) {
    return union.has(LinkedType.Form.NUMBER) && !union.has(LinkedType.Form.INT);
  }

  /** Adapts the value in cell {@code from} and puts it into cell {@code to}. */
  void move(long[] w, @Nullable Object[] r, int from, long[] tw, @Nullable Object[] tr, int to) {
    store(w[from], r[from], tw, tr, to);
  }

  /** Adapts a value and puts it into a cell. */
  void store(long word, @Nullable Object ref, long[] tw, @Nullable Object[] tr, int to) {
    switch (this) {
      case NONE, ANY_TO_WORD -> {
        tw[to] = word;
        tr[to] = this == NONE ? ref : null;
      }
      case INT_TO_NUMBER -> tw[to] = Double.doubleToRawLongBits((int) word);
      case INT_TO_ANY -> {
        tw[to] = word;
        tr[to] = Tag.INT;
      }
      case INT_TO_ANY_NUMBER -> {
        tw[to] = Double.doubleToRawLongBits((int) word);
        tr[to] = Tag.NUM;
      }
      case BOOL_TO_ANY -> {
        tw[to] = word;
        tr[to] = Tag.BOOL;
      }
      case NUMBER_TO_ANY -> {
        tw[to] = word;
        tr[to] = Tag.NUM;
      }
      case REF_TO_ANY -> {
        tw[to] = 0;
        tr[to] = ref == null ? Tag.NULL : ref;
      }
      case ANY_INT_TO_NUMBER -> {
        boolean isInt = ref == Tag.INT;
        tw[to] = isInt ? Double.doubleToRawLongBits((int) word) : word;
        tr[to] = isInt ? Tag.NUM : ref;
      }
      case ANY_TO_NUMBER -> tw[to] = ref == Tag.INT ? Double.doubleToRawLongBits((int) word) : word;
      case ANY_TO_REF -> tr[to] = ref == Tag.NULL ? null : ref;
    }
  }
}
