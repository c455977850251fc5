package dev.raya.compiler.emit;

import dev.raya.compiler.ir.CodeGenerator;

/** The contract on the one implementation. */
final class RbinEmitterTest extends CodeGeneratorContract {
  @Override
  CodeGenerator generator() {
    return new RbinEmitter();
  }
}
