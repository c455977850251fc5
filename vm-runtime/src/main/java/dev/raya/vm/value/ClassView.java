package dev.raya.vm.value;

import java.util.Arrays;

/**
 * A class as a file sees it that was compiled against another version of the class's package: which
 * field or vtable slot a number in the file's code means. Immutable.
 */
public final class ClassView {
  private final int[] fields;
  private final int[] slots;

  /**
   * Makes a view.
   *
   * @param fields per number in code the field; −1 for a private one, which code never names
   * @param slots per number in code the vtable slot
   */
  public ClassView(int[] fields, int[] slots) {
    this.fields = fields.clone();
    this.slots = slots.clone();
  }

  /** The field that a number means. */
  public int field(int number) {
    return fields[number];
  }

  /** The vtable slot that a number means. */
  public int slot(int number) {
    return slots[number];
  }

  /** Whether every number means itself. */
  public boolean isIdentity() {
    return isIdentity(fields) && isIdentity(slots);
  }

  private static boolean isIdentity(int[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] != i) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "fields " + Arrays.toString(fields) + ", slots " + Arrays.toString(slots);
  }
}
