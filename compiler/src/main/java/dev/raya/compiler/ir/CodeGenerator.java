package dev.raya.compiler.ir;

import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;

/**
 * The boundary between the intermediate representation and what is made of it. Everything before it
 * knows the language, everything behind it the file format. An implementation is a function: equal
 * packages give equal modules.
 */
public interface CodeGenerator {
  /**
   * Makes the module of a package.
   *
   * @param debug whether lines and names of locals are written
   * @throws RbinException if a limit of the format is passed ({@code rbin.md} 7)
   */
  RbinModule generate(IrPackage program, boolean debug) throws RbinException;
}
