package dev.raya.vm.bytecode;

/** An entry of the constant pool ({@code rbin.md} 3.2). */
public sealed interface Constant {
  /** A string of UTF-16 code units; lone surrogates are allowed. */
  record Str(String value) implements Constant {}

  /** An int. */
  record I32(int value) implements Constant {}

  /** A number; equality is by bit pattern, so +0 and −0 differ. */
  record F64(double value) implements Constant {}
}
