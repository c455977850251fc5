package dev.raya.vm.interp;

import dev.raya.vm.value.RError;

/** A Raya error on its way to a handler; without a Java trace. */
final class Thrown extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final transient RError error;

  Thrown(RError error) {
    super(null, null, false, false);
    this.error = error;
  }
}
