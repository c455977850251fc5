package dev.raya.vm.bytecode;

/** Numbers of the format and its limits ({@code rbin.md} 2 and 7). */
public final class RbinFormat {
  /** Version this package reads and writes: major × 65 536 + minor. */
  public static final int VERSION = 0x0001_0000;

  /** Feature level of a VM built from this package. */
  public static final int FEATURE_LEVEL = 1;

  static final int MAGIC = 0x4159_4152;
  static final int HEADER_SIZE = 64;
  static final int DIGEST_OFFSET = 32;
  static final int SECTION_ENTRY_SIZE = 24;
  static final int FUNCTION_SIZE = 48;
  static final int REQUIRED = 1;
  static final long CANONICAL_NAN = 0x7FF8_0000_0000_0000L;

  static final int MAX_FILE = 256 << 20;
  static final int MAX_SECTIONS = 32;
  static final int MAX_CONSTANTS = 1_000_000;
  static final int MAX_STRING = 16 << 20;
  static final int MAX_ALL_STRINGS = 128 << 20;
  static final int MAX_TYPES = 262_144;
  static final int MAX_TYPE_DEPTH = 64;
  static final int MAX_FUNCTIONS = 262_144;
  static final int MAX_CODE = 1 << 20;
  static final int MAX_LOCALS = 4_096;
  static final int MAX_PARAMS = 255;
  static final int MAX_CAPTURES = 255;
  static final int MAX_STACK = 4_096;
  static final int MAX_HANDLERS = 65_535;
  static final int MAX_HANDLER_NESTING = 256;
  static final int MAX_CLASSES = 65_535;
  static final int MAX_FIELDS = 65_535;
  static final int MAX_SLOTS = 65_535;
  static final int MAX_INHERITANCE = 256;
  static final int MAX_IMPORTS = 65_535;
  static final int MAX_MEMBERS = 262_144;
  static final int MAX_MODULES = 65_535;
  static final int MAX_DECLS = 262_144;

  private RbinFormat() {}
}
