package dev.raya.vm.bytecode;

/**
 * The u32 by which a file names a class: an index in CLAS, or bit 31 plus the number of a class
 * member of IMPT, members of kind class (internal ones included) being counted over the section.
 */
public final class ClassRef {
  /** No class: no parent, no owner, or a handler that catches everything. */
  public static final int NONE = -1;

  private static final int IMPORTED = 0x8000_0000;

  private ClassRef() {}

  /** The reference to an imported class. */
  public static int imported(int number) {
    return IMPORTED | number;
  }

  /** Whether the class is imported. {@link #NONE} is not. */
  public static boolean isImported(int ref) {
    return ref < 0 && ref != NONE;
  }

  /** The index in CLAS or the number of the import. */
  public static int index(int ref) {
    return ref & ~IMPORTED;
  }
}
