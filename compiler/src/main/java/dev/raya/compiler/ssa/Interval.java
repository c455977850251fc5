package dev.raya.compiler.ssa;

import dev.raya.vm.bytecode.Opcode;
import org.jspecify.annotations.Nullable;

/** The ints from a least to a greatest one, which are what a value can be. */
record Interval(int low, int high) {
  static final Interval ALL = new Interval(Integer.MIN_VALUE, Integer.MAX_VALUE);

  /** Lengths. */
  static final Interval NATURAL = new Interval(0, Integer.MAX_VALUE);

  static Interval of(int value) {
    return new Interval(value, value);
  }

  /** What both allow; of contradictions the first. */
  Interval and(Interval other) {
    int from = Math.max(low, other.low);
    int to = Math.min(high, other.high);
    return from <= to ? new Interval(from, to) : this;
  }

  /** What one of both allows. */
  Interval or(Interval other) {
    return new Interval(Math.min(low, other.low), Math.max(high, other.high));
  }

  /** The sums; all ints if one of them would wrap. */
  Interval plus(Interval other) {
    long from = (long) low + other.low;
    long to = (long) high + other.high;
    return from == (int) from && to == (int) to ? new Interval((int) from, (int) to) : ALL;
  }

  /** What a comparison gives for all pairs; null if that differs. */
  @Nullable Boolean compare(Opcode opcode, Interval other) {
    return switch (opcode) {
      case ILT -> high < other.low ? Boolean.TRUE : low >= other.high ? Boolean.FALSE : null;
      case ILE -> high <= other.low ? Boolean.TRUE : low > other.high ? Boolean.FALSE : null;
      case IGT -> other.compare(Opcode.ILT, this);
      case IGE -> other.compare(Opcode.ILE, this);
      case IEQ -> high < other.low || low > other.high ? Boolean.FALSE : null;
      case INE -> high < other.low || low > other.high ? Boolean.TRUE : null;
      default -> null;
    };
  }

  /** What a value is of which a comparison with a value of another interval holds. */
  static Interval where(Opcode comparison, Interval other) {
    return switch (comparison) {
      case ILT ->
          new Interval(
              Integer.MIN_VALUE,
              other.high == Integer.MIN_VALUE ? Integer.MIN_VALUE : other.high - 1);
      case ILE -> new Interval(Integer.MIN_VALUE, other.high);
      case IGT ->
          new Interval(
              other.low == Integer.MAX_VALUE ? Integer.MAX_VALUE : other.low + 1,
              Integer.MAX_VALUE);
      case IGE -> new Interval(other.low, Integer.MAX_VALUE);
      case IEQ -> other;
      default -> ALL;
    };
  }
}
