package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Builtin;
import dev.raya.vm.value.LinkedType;
import org.jspecify.annotations.Nullable;

/**
 * A CALL_BUILTIN: the row, the static types of the operands, the type of the result, and of a
 * member of a class that may be extended how a derived class's method is called in its place.
 */
final class BuiltinSite {
  final int id;
  final Builtin row;
  final LinkedType[] arguments;
  final LinkedType result;
  final @Nullable CallSite method;

  BuiltinSite(Builtin row, LinkedType[] arguments, LinkedType result, @Nullable CallSite method) {
    this.id = row.operation();
    this.row = row;
    this.arguments = arguments;
    this.result = result;
    this.method = method;
  }
}
