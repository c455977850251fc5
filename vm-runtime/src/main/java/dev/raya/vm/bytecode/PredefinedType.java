package dev.raya.vm.bytecode;

/** Indices of the types every module has without storing them ({@code rbin.md} 3.3). */
public final class PredefinedType {
  public static final int NEVER = 0;
  public static final int NULL = 1;
  public static final int BOOL = 2;
  public static final int INT = 3;
  public static final int NUMBER = 4;
  public static final int STRING = 6;
  public static final int JSON = 7;
  public static final int MUTEX = 8;
  public static final int ANY = 9;
  public static final int VOID = 10;
  public static final int ERROR = 11;
  public static final int TYPE_INFO = 12;
  public static final int PROPERTY_INFO = 13;
  public static final int BYTES = 14;
  public static final int FOREIGN = 15;

  /** Index of the first stored type. */
  public static final int FIRST_STORED = 16;

  private static final String[] NAMES = {
    "never",
    "null",
    "bool",
    "int",
    "number",
    "",
    "string",
    "json",
    "mutex",
    "any",
    "void",
    "Error",
    "TypeInfo",
    "PropertyInfo",
    "bytes",
    "foreign"
  };

  private PredefinedType() {}

  /** The name of a predefined type; empty for the unused index 5. */
  public static String name(int index) {
    return NAMES[index];
  }

  /** The index of a predefined type, or -1. */
  public static int indexOf(String name) {
    for (int i = 0; i < NAMES.length; i++) {
      if (i != 5 && NAMES[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
