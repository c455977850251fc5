package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.vm.bytecode.Opcode;
import org.jspecify.annotations.Nullable;

/** Constants as values and as Java objects: Integer, Double, String, Boolean or {@link #NULL}. */
final class Constants {
  /** The constant null. */
  static final Object NULL = new Object();

  private Constants() {}

  /** What a value is if it is a constant, else null; json's Undefined is none. */
  static @Nullable Object of(Value value) {
    if (value.op == null) {
      return null;
    }
    return switch (value.op.code) {
      case Instruction.IntConstant i -> i.value();
      case Instruction.NumberConstant n -> n.value();
      case Instruction.StringConstant s -> s.value();
      case Instruction.Plain p ->
          switch (p.opcode()) {
            case CONST_TRUE -> Boolean.TRUE;
            case CONST_FALSE -> Boolean.FALSE;
            case CONST_NULL -> NULL;
            default -> null;
          };
      default -> null;
    };
  }

  /** The int that a value is, or null. */
  static @Nullable Integer integer(Value value) {
    return of(value) instanceof Integer i ? i : null;
  }

  /** The instruction that pushes a constant. */
  static Instruction instruction(Object constant) {
    return switch (constant) {
      case Integer i -> new Instruction.IntConstant(i);
      case Double d -> new Instruction.NumberConstant(d);
      case String s -> new Instruction.StringConstant(s);
      case Boolean b -> new Instruction.Plain(b ? Opcode.CONST_TRUE : Opcode.CONST_FALSE);
      default -> {
        if (constant != NULL) {
          throw new IllegalArgumentException("no constant: " + constant);
        }
        yield new Instruction.Plain(Opcode.CONST_NULL);
      }
    };
  }
}
