package dev.raya.vm.bytecode;

import java.util.List;

/**
 * A row of {@link Builtins}.
 *
 * @param id the operand of CALL_BUILTIN, never reused
 * @param name what the compiler and the disassembler call it
 * @param signatureText see {@link BuiltinSignature}
 * @param since VM feature level that has it
 * @param traps what it may raise besides HeapLimitExceeded
 * @param mayBlock whether the task may be suspended in it
 * @param grants bits of {@link Capabilities} it is guarded by
 */
public record Builtin(
    int id,
    String name,
    String signatureText,
    int since,
    List<Trap> traps,
    boolean mayBlock,
    int grants) {
  public Builtin {
    traps = List.copyOf(traps);
  }

  /** The signature, parsed anew at each call; callers that need it often keep it. */
  public BuiltinSignature signature() {
    return BuiltinSignature.parse(signatureText);
  }
}
