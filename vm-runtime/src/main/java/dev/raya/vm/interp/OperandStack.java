package dev.raya.vm.interp;

import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The operand stack during predecoding: what each operand is and where its value lies. Loads of
 * locals and constants are put off until their consumer, which then names the local or holds the
 * constant; they are carried out ("materialised") before the local changes, at block ends, and
 * before whatever may leave the interpreter, so that a frame seen from outside is always in the
 * form of the original code.
 */
final class OperandStack {
  /** The value lies in the operand's own cell. */
  static final int HOME = 0;

  /** The value is that of a local. */
  static final int LOCAL = 1;

  /** An int or boolean constant. */
  static final int INT = 2;

  /** A number constant: index into the words. */
  static final int WORD = 3;

  /** A reference constant: index into the references. */
  static final int REF = 4;

  private final QuickWriter out;
  private final int base;
  private final int[] form;
  private final int[] value;
  private final LinkedType[] type;
  private int depth;
  private int highestRef;

  OperandStack(QuickWriter out, int base, int maxStack) {
    this.out = out;
    this.base = base;
    this.form = new int[maxStack];
    this.value = new int[maxStack];
    this.type = new LinkedType[maxStack];
  }

  int depth() {
    return depth;
  }

  /** Cells that {@link #permute} needs above the operand stack. */
  static final int SCRATCH = 3;

  /** Returns one more than the greatest cell that ever held a reference operand. */
  int highestRef() {
    return highestRef;
  }

  /** Returns the cell of the operand at a depth counted from the bottom. */
  int cell(int index) {
    return base + index;
  }

  /** Returns the cell that the next pushed operand will have. */
  int nextCell() {
    return base + depth;
  }

  LinkedType type(int fromTop) {
    return type[depth - 1 - fromTop];
  }

  int form(int fromTop) {
    return form[depth - 1 - fromTop];
  }

  int value(int fromTop) {
    return value[depth - 1 - fromTop];
  }

  void retype(int fromTop, LinkedType to) {
    type[depth - 1 - fromTop] = to;
    note(depth - 1 - fromTop, to);
  }

  /** Pushes an operand whose value is in its own cell, and returns the cell. */
  int push(LinkedType t) {
    push(HOME, 0, t);
    return base + depth - 1;
  }

  void push(int f, int v, LinkedType t) {
    form[depth] = f;
    value[depth] = v;
    type[depth] = t;
    note(depth, t);
    depth++;
  }

  private void note(int index, LinkedType t) {
    if (t.kind == Kind.R || t.kind == Kind.V) {
      highestRef = Math.max(highestRef, base + index + 1);
    }
  }

  void pop(int count) {
    depth -= count;
  }

  /** Empties the stack and fills it with operands in their cells. */
  void reset(LinkedType... types) {
    depth = 0;
    for (LinkedType t : types) {
      push(t);
    }
  }

  /** Returns the cell from which the operand can be read, materialising a constant. */
  int read(int fromTop) {
    int i = depth - 1 - fromTop;
    if (form[i] == LOCAL) {
      return value[i];
    }
    materialise(i);
    return base + i;
  }

  /** Returns the int constant that an operand is, or null. */
  @Nullable Integer constant(int fromTop) {
    int i = depth - 1 - fromTop;
    return form[i] == INT ? value[i] : null;
  }

  /** Puts all operands from a depth (counted from the bottom) up into their cells. */
  void materialiseFrom(int from) {
    for (int i = from; i < depth; i++) {
      materialise(i);
    }
  }

  void materialiseAll() {
    materialiseFrom(0);
  }

  /** Puts the operands that still refer to a local into their cells, before the local changes. */
  void materialiseLocal(int local) {
    for (int i = 0; i < depth; i++) {
      if (form[i] == LOCAL && value[i] == local) {
        materialise(i);
      }
    }
  }

  private void materialise(int i) {
    int cell = base + i;
    switch (form[i]) {
      case LOCAL -> out.op(move(type[i].kind)).put(cell).put(value[i]);
      case INT -> out.op(Quick.K_I).put(cell).put(value[i]);
      case WORD -> out.op(Quick.K_W).put(cell).put(value[i]);
      case REF -> out.op(Quick.K_R).put(cell).put(value[i]);
      default -> {
        return;
      }
    }
    form[i] = HOME;
  }

  static int move(byte kind) {
    return kind == Kind.R ? Quick.MOV_R : kind == Kind.V ? Quick.MOV_V : Quick.MOV_W;
  }

  /** Copies an operand's description to the top. */
  void copyToTop(int fromTop) {
    int i = depth - 1 - fromTop;
    if (form[i] == HOME) {
      out.op(move(type[i].kind)).put(base + depth).put(base + i);
      push(HOME, 0, type[i]);
    } else {
      push(form[i], value[i], type[i]);
    }
  }

  LinkedType[] types() {
    return Arrays.copyOf(type, depth);
  }

  /**
   * Reorders the top operands: new position i (from the deepest) takes the operand {@code
   * order[i]}. The values go through the scratch cells above the deepest possible stack.
   */
  void permute(int... order) {
    int n = order.length;
    int from = depth - n;
    materialiseFrom(from);
    LinkedType[] t = Arrays.copyOfRange(type, from, depth);
    int scratch = base + type.length;
    for (int i = 0; i < n; i++) {
      out.op(Quick.MOV_V).put(scratch + i).put(base + from + i);
    }
    for (int i = 0; i < n; i++) {
      out.op(Quick.MOV_V).put(base + from + i).put(scratch + order[i]);
      type[from + i] = t[order[i]];
      note(from + i, type[from + i]);
      note(type.length + i, t[i]);
    }
  }
}
