package dev.raya.compiler.ir;

import dev.raya.vm.bytecode.Opcode;

/**
 * An instruction inside a block. Each stands for one instruction of {@code rbin.md} 4 with its
 * operands resolved to numbers of the {@link IrPackage}; which short form is used is the
 * generator's choice.
 */
public sealed interface Instruction {
  /** An instruction without operands. */
  record Plain(Opcode opcode) implements Instruction {}

  /** Pushes an int. */
  record IntConstant(int value) implements Instruction {}

  /** Pushes a number. */
  record NumberConstant(double value) implements Instruction {}

  /** Pushes a string. */
  record StringConstant(String value) implements Instruction {}

  /** Pushes a local. */
  record LoadLocal(int local) implements Instruction {}

  /** Pops into a local. */
  record StoreLocal(int local) implements Instruction {}

  /** Adds a constant to an int local. */
  record Increment(int local, int by) implements Instruction {}

  /** CLOSE_VAR, LOAD_CAPTURED or STORE_CAPTURED. */
  record Capture(Opcode opcode, int capture) implements Instruction {}

  /** LOAD_GLOBAL, STORE_GLOBAL, LOAD_STATIC or STORE_STATIC. */
  record Global(Opcode opcode, int global) implements Instruction {}

  /** CALL, CALL_STATIC, CALL_CONSTRUCTOR, CALL_SUPER or SPAWN of a known function. */
  record Call(Opcode opcode, int function, int argc) implements Instruction {}

  /** CALL_METHOD. */
  record CallMethod(int slot, IrType.Function type, int argc) implements Instruction {}

  /** CALL_IFACE. */
  record CallInterface(String name, IrType.Function type, int argc) implements Instruction {}

  /** CALL_CLOSURE or SPAWN_CLOSURE. */
  record CallValue(Opcode opcode, IrType.Function type, int argc) implements Instruction {}

  /** CALL_BUILTIN. */
  record CallBuiltin(String name, int argc) implements Instruction {}

  /**
   * CALL_NATIVE of a function of a capability.
   *
   * @param module the capability's name
   */
  record CallNative(String module, String name, IrType.Function type, int argc)
      implements Instruction {}

  /**
   * NEW, NEW_ARRAY, NEW_CELL, WIDEN, CHECK_CAST, INSTANCEOF, JSON_CAST, JSON_FROM, CHAN_NEW or
   * TUPLE_LITERAL.
   */
  record Typed(Opcode opcode, IrType type) implements Instruction {}

  /** ARRAY_LITERAL or OBJECT_LITERAL. */
  record Literal(Opcode opcode, IrType type, int count) implements Instruction {}

  /** INIT_ARRAY, INIT_TUPLE, INIT_OBJECT, SCONCAT_N or TUPLE_GET. */
  record Counted(Opcode opcode, int count) implements Instruction {}

  /** LOAD_FIELD, STORE_FIELD or OPTIONAL_FIELD. */
  record Field(Opcode opcode, int field) implements Instruction {}

  /** LOAD_FIELD_NAMED, STORE_FIELD_NAMED, OPTIONAL_FIELD_NAMED or JSON_GET. */
  record Named(Opcode opcode, String name) implements Instruction {}

  /** MAKE_CLOSURE; the captures are filled by CLOSE_VAR. */
  record MakeClosure(int function) implements Instruction {}

  /** AWAIT, AWAIT_TIMEOUT or TASK_RACE; {@code empty} if the Task gives no value. */
  record Await(Opcode opcode, boolean empty) implements Instruction {}

  /** No code: a statement starts here; line and column from 1. */
  record Statement(int file, int line, int column) implements Instruction {}
}
