package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Builtin;
import dev.raya.vm.value.LinkedType;

/** A CALL_BUILTIN: the row, the static types of the operands, the type of the result. */
final class BuiltinSite {
  final int id;
  final Builtin row;
  final LinkedType[] arguments;
  final LinkedType result;

  BuiltinSite(int id, Builtin row, LinkedType[] arguments, LinkedType result) {
    this.id = id;
    this.row = row;
    this.arguments = arguments;
    this.result = result;
  }
}
