package dev.raya.vm.bytecode;

import org.jspecify.annotations.Nullable;

/** The sections in file order ({@code rbin.md} 2.3). */
enum Section {
  META(true),
  CONS(true),
  TYPE(true),
  IMPT(true),
  NATV(true),
  CLAS(true),
  GLOB(true),
  FUNC(true),
  CODE(true),
  EXPT(true),
  DECL(false),
  DOCS(false),
  DBGI(false);

  private final boolean required;

  Section(boolean required) {
    this.required = required;
  }

  /** Whether a reader that does not know the section must refuse the file. */
  boolean required() {
    return required;
  }

  /** Whether every file has it. */
  boolean mandatory() {
    return required && this != NATV;
  }

  int tag() {
    String text = name();
    return text.charAt(0) | text.charAt(1) << 8 | text.charAt(2) << 16 | text.charAt(3) << 24;
  }

  static @Nullable Section of(int tag) {
    for (Section section : values()) {
      if (section.tag() == tag) {
        return section;
      }
    }
    return null;
  }
}
