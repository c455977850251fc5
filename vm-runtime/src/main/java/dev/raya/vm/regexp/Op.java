package dev.raya.vm.regexp;

/** The instructions of {@link Matcher}, with their operands. */
final class Op {
  static final int CHAR = 0; // c
  static final int CHAR_BACK = 1; // c
  static final int ANY = 2;
  static final int ANY_BACK = 3;
  static final int SET = 4; // set
  static final int SET_BACK = 5; // set
  static final int SAVE = 6; // slot
  static final int SPLIT = 7; // first second number
  static final int JUMP = 8; // target
  static final int RESET = 9; // from to: groups
  static final int MARK = 10; // mark
  static final int MOVED = 11; // mark: fails at the place of the mark
  static final int REFERENCE = 12; // group
  static final int START = 13;
  static final int END = 14;
  static final int BOUNDARY = 15;
  static final int NO_BOUNDARY = 16;
  static final int LOOK = 17; // after
  static final int LOOK_NOT = 18; // after
  static final int MATCH = 19;

  private Op() {}
}
