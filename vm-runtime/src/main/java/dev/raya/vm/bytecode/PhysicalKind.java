package dev.raya.vm.bytecode;

/** How frames, fields and arrays hold a value of a type ({@code rbin.md} 3.3). */
public enum PhysicalKind {
  /** 32 bits: int, bool, their literals and unions of literals of one base. */
  I,
  /** 64 bits: number. */
  F,
  /** One reference, null allowed or not. */
  R,
  /** A reference plus a word: any, and every other union with a member of kind I or F. */
  V,
  /** No value: void, never. */
  NONE
}
