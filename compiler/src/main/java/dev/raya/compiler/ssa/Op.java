package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.vm.bytecode.Opcode;
import org.jspecify.annotations.Nullable;

/**
 * An operation inside a block: an instruction with its operands named. Literals are one operation
 * (ARRAY_LITERAL … INIT_ARRAY), as is a closure with all its captures, so that no half-made value
 * exists. Instructions that only move values (DUP, SWAP, loads and stores of locals) are none,
 * except for locals that stay in memory; see {@link SsaBuilder}.
 */
final class Op {
  /** What is done; of a literal the instruction that fills it, of a closure MAKE_CLOSURE. */
  final Instruction code;

  /** Of a literal the instruction that begins it, before the operands; else null. */
  final @Nullable Instruction begin;

  /** The operands, bottom first. */
  Value[] args;

  /** What it gives; null if nothing. */
  @Nullable Value result;

  /** Whether it only pushes a constant; asked for more often than anything else. */
  final boolean constant;

  /** Its effect as far as the instruction alone decides it; null until somebody asks. */
  @Nullable Effects effects;

  private Op(Instruction code, @Nullable Instruction begin, Value[] args) {
    this.code = code;
    this.begin = begin;
    this.args = args;
    this.constant = Effects.isConstant(code);
  }

  static Op of(Instruction code, Value... args) {
    return new Op(code, null, args);
  }

  static Op literal(Instruction begin, Instruction fill, Value[] args) {
    return new Op(fill, begin, args);
  }

  /** The same value, seen as another type that it is assignable to: a store to a typed local. */
  static Op copy(IrType type, Value value) {
    return new Op(new Instruction.Typed(Opcode.NOP, type), null, new Value[] {value});
  }

  /** The same operation on other operands. */
  Op with(Value[] others) {
    return new Op(code, begin, others);
  }

  boolean isCopy() {
    return code instanceof Instruction.Typed typed && typed.opcode() == Opcode.NOP;
  }

  boolean isClosure() {
    return code instanceof Instruction.MakeClosure;
  }

  boolean isStatement() {
    return code instanceof Instruction.Statement;
  }

  /** The opcode of an instruction without further operands, else null. */
  @Nullable Opcode plain() {
    return code instanceof Instruction.Plain p ? p.opcode() : null;
  }
}
