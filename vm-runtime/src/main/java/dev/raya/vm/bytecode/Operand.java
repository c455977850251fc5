package dev.raya.vm.bytecode;

/**
 * One operand of an instruction: how many bytes it takes and what the number means ({@code rbin.md}
 * 4). Encoder, decoder, verifier, linker and disassembler treat operands by this kind only.
 */
public enum Operand {
  /** A signed 8-bit literal. */
  I8("i8", 1),
  /** A signed 16-bit literal. */
  I16("i16", 2),
  /** A signed 32-bit literal. */
  I32("i32", 4),
  /** A binary64 literal, as its bit pattern. */
  F64("f64", 8),
  /** A STRING constant with an index below 65 536. */
  CONST16("u16 const", 2),
  /** Any constant. */
  CONST32("u32 const", 4),
  /** A STRING constant that names a member. */
  NAME("u32 name const", 4),
  /** A local of the function. */
  LOCAL("u16 local", 2),
  /** A parameter, the receiver not counted. */
  PARAM("u8 param", 1),
  /** A capture of the function, or of the closure being filled. */
  CAPTURE("u8 capture", 1),
  /** A field number of the static class. */
  FIELD16("u16 field", 2),
  /** A field number of the static class, below 256. */
  FIELD8("u8 field", 1),
  /** A vtable slot of the static class. */
  SLOT("u16 slot", 2),
  /** A function, imports first. */
  FUNC("u32 func", 4),
  /** A member of NATV, counted over the section. */
  NATIVE("u16 native", 2),
  /** A row of {@link Builtins}. */
  BUILTIN("u16 id", 2),
  /** A global, imports first. */
  GLOBAL("u32 global", 4),
  /** A global that carries the static flag. */
  STATIC("u32 static", 4),
  /** A type. */
  TYPE("u32 type", 4),
  /** The number of arguments written. */
  ARGC("u8 argc", 1),
  /** A count below 256. */
  COUNT8("u8 n", 1),
  /** A count below 65 536. */
  COUNT16("u16 n", 2),
  /** A length. */
  COUNT32("u32 len", 4),
  /** An index into a tuple. */
  INDEX("u8 index", 1),
  /** A {@link Trap} code. */
  TRAP("u8 code", 1),
  /** Flag bits. */
  FLAGS("u8 flags", 1),
  /** A coverage counter. */
  COUNTER("u32 counter", 4),
  /** A jump, relative to the byte after the instruction; its value here is the absolute target. */
  JUMP("i32 off", 4),
  /** The number of an opcode of the (empty) extended table. */
  EXTENSION("u8", 1),
  /** The table of SWITCH: values are default target, then key and target of each case. */
  SWITCH("i32 dflt, u16 n, n×(i32 key, i32 off)", -1),
  /** The table of TABLE_SWITCH: values are default target, lowest key, then the targets. */
  TABLE_SWITCH("i32 dflt, i32 low, u16 n, n×i32 off", -1),
  /** The table of SWITCH_STR: values are default target, then constant and target of each case. */
  SWITCH_STR("i32 dflt, u16 n, n×(u32 const, i32 off)", -1);

  private final String text;
  private final int width;

  Operand(String text, int width) {
    this.text = text;
    this.width = width;
  }

  /** The operand as the instruction table of {@code rbin.md} writes it. */
  public String text() {
    return text;
  }

  /** Bytes in the file, or -1 for the three tables, whose length depends on their count. */
  public int width() {
    return width;
  }
}
